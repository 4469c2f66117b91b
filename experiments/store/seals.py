"""Hashes that tell whether a file of a store is what was written: of shards, of lines of a log, of plans and settings.

A shard is one file in each folder of data, and has a record in commits/: a line of JSON with the hash of each of these
files and the number of runs. The shard's name is the hash of its record, so a record proves itself, and one that is lost
can be written again from files that are whole. A line of a log carries a hash over itself and the line before; a plan and
the settings carry one over all their other bytes. One changed bit in any of these files is therefore seen.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.errors import InputError

__all__ = ["NO_SEAL", "DamagedError", "Lines", "Record", "hash_of", "read_lines", "seal", "seal_holds", "sealed_line"]

NO_SEAL = "0" * 32
"""Stands where a file will carry its own hash, while that hash is taken."""

_TAIL = re.compile(rb', "seal": "([0-9a-f]{16})"\}$')


class DamagedError(InputError):
    """A file of a store is not what was written, or is gone; the message says what is lost and what to do."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """What was committed as one shard."""

    runs: int
    """How many runs it holds."""
    hashes: Mapping[str, str]
    """Folder to the hash of its file."""

    @classmethod
    def of(cls, runs: int, files: Mapping[str, bytes]) -> Record:
        """Return the record of some files, by folder."""
        return cls(runs=runs, hashes={folder: hash_of(content) for folder, content in files.items()})

    @property
    def text(self) -> bytes:
        """The record's file."""
        return (json.dumps({"hashes": self.hashes, "runs": self.runs}, sort_keys=True) + "\n").encode()

    @property
    def name(self) -> str:
        """Name of the shard: the hash of the record."""
        return hash_of(self.text)

    @classmethod
    def read(cls, name: str, content: bytes) -> Record | None:
        """Return the record that a file holds, or None where the file is not what the shard's name says."""
        if hash_of(content) != name:
            return None
        said = json.loads(content)
        return cls(runs=said["runs"], hashes=said["hashes"])


@dataclass(frozen=True, kw_only=True)
class Lines:
    """What a log says."""

    said: list[dict[str, Any]]
    """What its whole lines say."""
    damaged: list[int]
    """Numbers, from 1, of the lines that are not what was written."""
    cut: bool
    """Whether a crash cut the last line short: that is no damage, and it says nothing."""


def hash_of(content: bytes) -> str:
    """Return the hash of some bytes: blake2b, 32 hexadecimal digits."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def seal(content: bytes) -> bytes:
    """Return the bytes of a file with its own hash in the place that `NO_SEAL` holds, which must be one place.

    Raises
    ------
    ValueError
        When there is no such place, or more than one.
    """
    if content.count(NO_SEAL.encode()) != 1:
        raise ValueError("the file must have one place for its hash")
    return content.replace(NO_SEAL.encode(), hash_of(content).encode())


def seal_holds(pieces: Iterable[bytes], said: str) -> bool:
    """Return whether the hash that a file says of itself is its own.

    Parameters
    ----------
    pieces
        All bytes of the file, in order, in pieces of any size: a large file is never in memory as a whole.
    said
        The hash that is in the file.
    """
    found = said.encode()
    if len(found) != len(NO_SEAL):
        return False
    digest = hashlib.blake2b(digest_size=16)
    places, rest = 0, b""
    for piece in pieces:
        rest += piece
        while (place := rest.find(found)) >= 0:
            digest.update(rest[:place] + NO_SEAL.encode())
            places, rest = places + 1, rest[place + len(found) :]
        # The hash may begin in this piece and end in the next.
        whole = max(0, len(rest) - len(found) + 1)
        digest.update(rest[:whole])
        rest = rest[whole:]
    digest.update(rest)
    return places == 1 and digest.hexdigest() == said


def sealed_line(facts: Mapping[str, Any], before: str) -> tuple[bytes, str]:
    """Return a line of a log with its hash, and the hash, which goes into the next line's.

    Parameters
    ----------
    facts
        What the line says.
    before
        The hash of the line before; the name of the session for the first.
    """
    body = json.dumps(facts, ensure_ascii=False).encode()
    found = _line_hash(body, before)
    return body[:-1] + f', "seal": "{found}"}}\n'.encode(), found


def read_lines(content: bytes, session: str, *, must_be_sealed: bool) -> Lines:
    """Return what the lines of a log say, and which of them are damaged.

    Parameters
    ----------
    content
        The file.
    session
        Whose log it is.
    must_be_sealed
        Whether a line without a hash is damaged; version 0.1.0 wrote such lines.
    """
    said: list[dict[str, Any]] = []
    damaged: list[int] = []
    before = session
    lines = content.split(b"\n")
    if rest := lines.pop():
        # A whole line whose end is another character was not cut short.
        whole_but_for_its_end = _TAIL.search(rest) or _TAIL.search(rest[:-1])
        if whole_but_for_its_end:
            lines.append(rest)
            rest = b""
    for number, line in enumerate(lines, 1):
        tail = _TAIL.search(line)
        body = line if tail is None else line[: tail.start()] + b"}"
        whole = not must_be_sealed if tail is None else _line_hash(body, before) == tail[1].decode()
        facts = _facts(body) if whole else None
        if facts is None:
            damaged.append(number)
        else:
            said.append(facts)
        before = before if tail is None else tail[1].decode()
    return Lines(said=said, damaged=damaged, cut=bool(rest))


def _line_hash(body: bytes, before: str) -> str:
    return hashlib.blake2b(before.encode() + b"\n" + body, digest_size=8).hexdigest()


def _facts(body: bytes) -> dict[str, Any] | None:
    try:
        facts = json.loads(body)
    except ValueError:
        return None
    return facts if isinstance(facts, dict) and isinstance(facts.get("ids", []), list) else None
