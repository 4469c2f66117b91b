"""`citysafety doctor`: whether everything a run needs is in place."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import typer

PARTS = ("citysafety", "sim", "scenarios", "experiments")
OLDEST, TOO_NEW = (3, 12), (3, 15)


class Finding(NamedTuple):
    """One thing that was looked at; a remedy only where something is wrong."""

    what: str
    found: str
    remedy: str = ""


def doctor() -> None:
    """Check that this installation has all that a run needs.

    Exit code 1: something is missing or wrong.
    """
    findings = [*_python(), *_packages(), *_folders(), *_machine()]
    width = max(len(finding.what) for finding in findings)
    for finding in findings:
        mark = "WRONG" if finding.remedy else "ok"
        print(f"{mark:<5}  {finding.what:<{width}}  {finding.found}")
    wrong = [finding for finding in findings if finding.remedy]
    if wrong:
        sys.stdout.flush()
        first = wrong[0]
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        print(f"citysafety: {first.what} is wrong: {first.found}; {first.remedy}{more}", file=sys.stderr)
        raise typer.Exit(1)


def _python() -> Iterator[Finding]:
    fits = OLDEST <= sys.version_info[:2] < TOO_NEW
    remedy = "" if fits else f"use Python {'.'.join(map(str, OLDEST))} or newer, below {'.'.join(map(str, TOO_NEW))}"
    yield Finding("Python", platform.python_version(), remedy)


def _packages() -> Iterator[Finding]:
    """Look at citysafety and at everything it requires without an extra."""
    try:
        yield Finding("citysafety", importlib.metadata.version("citysafety"))
        required = importlib.metadata.requires("citysafety") or []
    except importlib.metadata.PackageNotFoundError:
        yield Finding("citysafety", "is not installed", "run make setup")
        return
    for line in required:
        if "extra ==" in line:
            continue
        name = "".join(character if character.isalnum() or character in "-_." else " " for character in line).split()[0]
        try:
            yield Finding(name, importlib.metadata.version(name))
        except importlib.metadata.PackageNotFoundError:
            yield Finding(name, "is not installed", "run make setup")


def _folders() -> Iterator[Finding]:
    """See whether the four packages stand side by side, so that none is somebody else's."""
    parents = {}
    for part in PARTS:
        spec = importlib.util.find_spec(part)
        if spec is None or spec.origin is None:
            yield Finding("folders", f"{part} cannot be found", "run make setup")
            return
        parents[part] = Path(spec.origin).resolve().parents[1]
    if len(set(parents.values())) > 1:
        where = ", ".join(f"{part} in {parent}" for part, parent in parents.items())
        remedy = "start from another folder, or rename a folder of yours that is called like one of ours"
        yield Finding("folders", where, remedy)
    else:
        yield Finding("folders", f"{', '.join(PARTS)} in {parents['sim']}")


def _machine() -> Iterator[Finding]:
    """Look at the cores, the cache of the compiled month, and whether it is compiled."""
    from experiments.execution.batches import available_workers

    yield Finding("cores", str(available_workers()))
    try:
        from sim.compiled import cache_folders, kept
        from sim.month import months
    except ImportError as error:
        yield Finding("cache", f"numba cannot be loaded ({error})", "run make setup")
        return
    yield _cache(cache_folders())
    place = kept(months)
    if place is None:
        yield Finding("month", "not compiled yet; the first run does it, in about twenty seconds of computing or more")
    else:
        yield Finding("month", f"compiled, in {place.parent}")


def _cache(folders: Sequence[Path]) -> Finding:
    """Say where what is compiled can be kept, which is wrong only if that is not where it was asked to be."""
    writable = [folder for folder in folders if _can_be_written(folder)]
    remedy = "set CITYSAFETY_CACHE to a folder that can be written"
    if not writable:
        where = f"{folders[0]} cannot be written" if folders else "there is neither a home nor a folder for temporary files"
        return Finding("cache", where, remedy)
    if writable[0] == folders[0]:
        return Finding("cache", str(folders[0]))
    found = f"{folders[0]} cannot be written; {writable[0]} is used"
    return Finding("cache", found, remedy if os.environ.get("CITYSAFETY_CACHE") else "")


def _can_be_written(folder: Path) -> bool:
    """Whether a folder, or the nearest one above it that exists, can be written."""
    try:
        standing = next(each for each in (folder, *folder.parents) if each.exists())
    except OSError:
        return False
    return standing.is_dir() and os.access(standing, os.W_OK | os.X_OK)
