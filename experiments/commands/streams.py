"""The streams of the command: every text can be written in any encoding, and output that is lost is told, not raised.

`open_streams` is called once, before anything is printed. Characters that an encoding lacks are replaced by plain ones;
a stream that is closed, full or no longer read takes what it is given and remembers that it was lost, so that results
are still stored; `close_streams` then says so and gives the exit code.
"""

from __future__ import annotations

import codecs
import errno
import io
import json
import os
import sys
import time
import unicodedata
from typing import Any, TextIO

__all__ = ["close_streams", "open_streams", "print_json"]

PLAIN = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("‘’‚‛“”„‟«»‹›", "'"),
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""),
    "×": "x",
    "÷": "/",
    "\u2044": "/",
    "±": "+-",
    "≤": "<=",
    "≥": ">=",
    "≈": "~",
    "→": "->",
    "←": "<-",
    "▸": ">",
    "◂": "<",
    "▲": "^",
    "•": "*",
    "·": ".",
    "°": " degrees",
    "μ": "mu",
    "σ": "sigma",
    "ß": "ss",
    "æ": "ae",
    "Æ": "Ae",
    "œ": "oe",
    "Œ": "Oe",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ð": "d",
    "þ": "th",
    "ı": "i",
}
"""What is written for a character that an encoding lacks; letters with marks lose them, all others are escaped."""

_HANDLER = "citysafety"
_BROKEN_PIPE = 141


class _Outlet(io.RawIOBase):
    """The way out to a stream of this process, which takes everything and remembers the first error.

    Parameters
    ----------
    raw
        The stream below; None if it was closed before the start.
    """

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self.error: OSError | None = None

    def write(self, data: Any) -> int:
        """Write all of the bytes, or none once something failed; return how many there were."""
        left = memoryview(data).cast("B")
        total = len(left)
        while left and self.error is None:
            try:
                if self._raw is None:
                    raise OSError(errno.EBADF, "it is closed")
                done = self._raw.write(left)
            except OSError as error:
                self.error = error
                break
            if done is None:
                # A stream that never blocks has no room yet.
                time.sleep(0.01)
            else:
                left = left[done:]
        return total

    def writable(self) -> bool:
        """Say yes."""
        return True

    def isatty(self) -> bool:
        """Return whether a person may be looking."""
        return self._raw is not None and bool(self._raw.isatty())

    def fileno(self) -> int:
        """Return the number that the system knows the stream by."""
        if self._raw is None:
            raise io.UnsupportedOperation("fileno")
        return int(self._raw.fileno())


def open_streams() -> None:
    """Make the output and the error stream of this process take every text."""
    # A file that is opened later must not get the number of a closed stream: what is printed would end up in it.
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    codecs.register_error(_HANDLER, _replace)
    sys.stdout = _opened(sys.stdout)
    sys.stderr = _opened(sys.stderr)


def close_streams(code: int) -> int:
    """Flush the output; return the code, or another one where output was lost, which is said in one line.

    Parameters
    ----------
    code
        With which the command ended.

    Returns
    -------
    int
        141 when whoever read the output has seen enough; 1 when output was lost and nothing else went wrong.
    """
    sys.stdout.flush()
    outlet = getattr(sys.stdout.buffer, "raw", sys.stdout.buffer) if hasattr(sys.stdout, "buffer") else None
    error = outlet.error if isinstance(outlet, _Outlet) else None
    if error is None:
        return code
    if error.errno == errno.EPIPE:
        return code or _BROKEN_PIPE
    print(f"citysafety: the output could not be written: {(error.strerror or str(error)).lower()}", file=sys.stderr)
    return code or 1


def print_json(value: object) -> None:
    """Print a value as one line of JSON, with every character as it is where the encoding has them all, else escaped.

    Parameters
    ----------
    value
        Numbers in it are finite.
    """
    whole = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().startswith("utf")
    print(json.dumps(value, ensure_ascii=not whole, allow_nan=False))


def _opened(stream: Any) -> TextIO:
    """Return the stream that stands for another: it writes to the same place, in the same encoding, at the same times."""
    if stream is None:
        return io.TextIOWrapper(io.BufferedWriter(_Outlet(None)), encoding="utf-8", errors=_HANDLER)
    if not isinstance(stream, io.TextIOWrapper):
        taken: TextIO = stream
        return taken
    stream.flush()
    outlet: Any = _Outlet(getattr(stream.buffer, "raw", stream.buffer))
    at_once = stream.write_through
    return io.TextIOWrapper(
        outlet if at_once else io.BufferedWriter(outlet),
        encoding=stream.encoding,
        errors=_HANDLER,
        line_buffering=stream.line_buffering,
        write_through=at_once,
    )


def _replace(error: UnicodeError) -> tuple[str, int]:
    """Give what stands for characters that an encoding lacks, as Python asks for it."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def _plain(character: str) -> str:
    """Return plain characters that stand for another: a likeness where there is one, its number where there is none."""
    if character in PLAIN:
        return PLAIN[character]
    if unicodedata.category(character) == "Zs":
        return " "
    likeness = unicodedata.normalize("NFKD", character)
    bare = "".join(PLAIN.get(each, each) for each in likeness if not unicodedata.combining(each))
    if bare.isascii() and bare.isprintable() and bare:
        return bare
    return character.encode("ascii", "backslashreplace").decode("ascii")
