"""The manifest of a folder that a command wrote with --out: which files are ours, the hash of each, where they come from."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.errors import InputError

__all__ = ["FORMAT", "MANIFEST", "file_hash", "files_in", "listed", "read_json", "write_manifest"]

FORMAT = 2
"""Number of the layout of folders; it rises when the layout changes."""

MANIFEST = "manifest.json"
MANIFEST_LIMIT = 50_000_000
"""Largest manifest that is read, bytes."""

_NAME = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]*/){0,3}[A-Za-z0-9_][A-Za-z0-9_.-]*", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{32}", re.ASCII)
_FIRST_DRAWINGS = re.compile(r"report\.html|figures/[A-Za-z0-9_-]+\.(?:png|svg)", re.ASCII)
"""What version 0.1.0 drew without listing it."""


def write_manifest(folder: Path, about: Mapping[str, Any]) -> None:
    """Write the manifest of a folder: what it is about, and the hash of every file in it.

    Parameters
    ----------
    folder
        A folder that nobody else writes to.
    about
        What the manifest says besides the format and the hashes: versions, command, seeds.
    """
    files = {name: file_hash(folder / name) for name in sorted(files_in(folder)) if name != MANIFEST}
    manifest = {"format": FORMAT, **about, "files": files}
    text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    (folder / MANIFEST).write_bytes(text.encode())


def read_json(path: Path) -> Any:
    """Return what a JSON file holds; a key twice, NaN and infinities are refused, as in every file of a user.

    Raises
    ------
    InputError
        When the file is missing, no ordinary file, too large, or not such JSON in UTF-8.
    """
    remedy = "run the command that wrote it again"

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) < len(items):
            raise ValueError("a key is given twice")
        return found

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no number")

    try:
        if path.is_symlink() or not path.is_file():
            raise InputError(f"{path}: is not an ordinary file; {remedy}")
        with path.open("rb") as file:
            raw = file.read(MANIFEST_LIMIT + 1)
        if len(raw) > MANIFEST_LIMIT:
            raise InputError(f"{path}: is larger than {MANIFEST_LIMIT // 10**6} MB; {remedy}")
        return json.loads(raw.decode("utf-8"), object_pairs_hook=pairs, parse_constant=refuse)
    except InputError:
        raise
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error}); check its permissions") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: is not JSON ({str(error)[:80]}); {remedy}") from None


def listed(manifest: object, folder: Path) -> frozenset[str] | None:
    """Return the files that a manifest of ours lists, by path within the folder; None where it is not one of ours.

    Parameters
    ----------
    manifest
        What `manifest.json` holds.
    folder
        The folder it lies in: what version 0.1.0 drew there without listing it counts as listed.
    """
    if not isinstance(manifest, dict) or manifest.get("format") not in (1, FORMAT):
        return None
    files, made_with = manifest.get("files"), manifest.get("made_with")
    if not isinstance(files, dict) or not isinstance(made_with, dict) or "model" not in made_with:
        return None
    fits = (_NAME.fullmatch(name) and isinstance(digest, str) and _HASH.fullmatch(digest) for name, digest in files.items())
    if not all(fits) or MANIFEST in files:
        return None
    drawn = {name for name in files_in(folder) if _FIRST_DRAWINGS.fullmatch(name)} if manifest["format"] == 1 else set()
    return frozenset(files) | drawn


def file_hash(path: Path) -> str:
    """Return the hash of a file's bytes, 32 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def files_in(folder: Path) -> set[str]:
    """Return everything in a folder that is no folder itself, by path within it; links are not followed.

    Parameters
    ----------
    folder
        An existing folder.
    """
    return {
        (Path(where) / name).relative_to(folder).as_posix()
        for where, folders, files in os.walk(folder)
        for name in (*files, *(each for each in folders if (Path(where) / each).is_symlink()))
    }
