"""The documentation as pages to read in a browser, built from `docs/`, `scenarios/README.md` and the docstrings.

    python -m experiments.publish.pages

builds them into `site/`, as `zensical.toml` says. A warning is a failure: a link or an anchor that leads nowhere, a
docstring that names a parameter which is not there, a page that would ask another host for something.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

__all__ = ["PagesError", "build", "foreign_requests"]

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = "zensical.toml"
SITE = "site"

_FETCHED = {"script": ("src",), "img": ("src", "srcset"), "iframe": ("src",), "source": ("src", "srcset"), "video": ("src",)}
"""What a browser fetches when it shows a page, by element; a `link` it fetches unless it only names another page."""

_ONLY_NAMED = frozenset({"canonical", "next", "prev", "alternate"})
_ELSEWHERE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_OF_STYLES = re.compile(r"""(?:url\(\s*|@import\s+)["']?((?:https?:)?//[^"')\s]+)""", re.IGNORECASE)
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class PagesError(Exception):
    """The pages do not build without a warning, or would need another host."""


def build(folder: Path = ROOT) -> Path:
    """Build the pages of a copy of this repository, and return the folder that holds them.

    Parameters
    ----------
    folder
        Holds `zensical.toml`, `docs/` and the sources that its reference pages describe.

    Raises
    ------
    PagesError
        With every warning of the build, or every request to another host that a built page would make.
    """
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean", "--config-file", str(folder / SETTINGS)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    said = _COLOURS.sub("", done.stdout + done.stderr)
    warnings = [line for line in said.splitlines() if line.startswith(("griffe:", "Warning", "Error"))]
    if done.returncode or warnings:
        raise PagesError(f"{folder / SETTINGS}: the pages do not build without a warning:\n{said.strip()}")
    site = folder / SITE
    if requests := list(foreign_requests(site)):
        raise PagesError(f"{site}: pages would ask other hosts, and nothing else may be needed:\n" + "\n".join(requests))
    return site


def foreign_requests(site: Path) -> Iterator[str]:
    """Yield "page: address" for everything that a browser would fetch from another host to show the pages of a folder."""
    for page in sorted(site.rglob("*.html")):
        seen = _Fetched()
        seen.feed(page.read_text("utf-8"))
        yield from (f"{page.relative_to(site)}: {address}" for address in seen.addresses if _ELSEWHERE.match(address))
    for style in sorted(site.rglob("*.css")):
        yield from (f"{style.relative_to(site)}: {address}" for address in _OF_STYLES.findall(style.read_text("utf-8")))


class _Fetched(HTMLParser):
    """Collects the addresses that a browser fetches to show a page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._in_style = tag == "style"
        for name in _FETCHED.get(tag, ()):
            self.addresses += [part.split()[0] for part in given.get(name, "").split(",") if part.strip()]
        if tag == "link" and not _ONLY_NAMED & set(given.get("rel", "").split()):
            self.addresses.append(given.get("href", ""))
        self.addresses += _OF_STYLES.findall(given.get("style", ""))

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.addresses += _OF_STYLES.findall(data)


def main() -> int:
    """Build the pages; return the exit code."""
    try:
        site = build()
    except PagesError as fault:
        print(fault, file=sys.stderr)
        return 2
    print(f"{len(list(site.rglob('*.html')))} pages; open {site / 'index.html'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
