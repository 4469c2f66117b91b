"""`citysafety upgrade`: rewrite files and stores of earlier versions in today's names."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sim.upgrade import Upgraded

OLD = ".old"
"""What is added to the name of the copy of a file as it was."""

Paths = Annotated[
    list[Path],
    typer.Argument(metavar="PATH...", help="A city, policy, shock, case or scenario file, a folder of them, or a store."),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Write the one file that was given here, and leave that file as it is."),
]


def upgrade(paths: Paths, out: Out = None) -> None:
    """Rewrite files and stores of earlier versions in the names of this version.

    A file is changed in place: old names are replaced and the line `schema: 2` is added; all else stays, comments too. The
    file as it was is kept beside it as FILE.old. A folder is searched for such files, with the folders in it. A store keeps
    its runs and their ids. Files that are up to date are left alone, so the command can be repeated at any time.
    """
    from experiments.store.settings import SETTINGS
    from sim.errors import InputError

    if out is not None and (len(paths) != 1 or not paths[0].is_file()):
        raise InputError(
            f"--out {out}: is for one file; leave it out to rewrite several files, a folder or a store in place"
        )
    for path in paths:
        if (path / SETTINGS).is_file():
            _upgrade_store(path)
        elif path.is_dir():
            _upgrade_folder(path)
        else:
            _upgrade_file(path, out)


def _upgrade_store(path: Path) -> None:
    """Rewrite the shards of a store that hold outcomes under old names, and say how many there were."""
    from experiments.store.maintenance import compact, outdated
    from experiments.store.store import existing

    store = existing(path)
    count = len(outdated(store))
    if not count:
        print(f"{path}: is up to date")
        return
    compact(store)
    print(f"{path}: {count} shard{'' if count == 1 else 's'} rewritten; every run keeps its id")


def _upgrade_folder(folder: Path) -> None:
    """Rewrite the files of a folder, and say how many were looked at."""
    from sim.files import read_mapping
    from sim.upgrade import is_ours

    ours = [path for path in _yaml_files(folder) if is_ours(read_mapping(path, str(path)))]
    if not ours:
        print(f"{folder}: holds no city, policy, shock, case or scenario file")
    for path in ours:
        _upgrade_file(path, None)


def _yaml_files(folder: Path) -> Iterator[Path]:
    """Yield the YAML files of a folder and those in it, sorted; hidden ones, links and folders of results are left out."""
    from experiments.store.manifests import MANIFEST

    if (folder / MANIFEST).exists():
        print(f"{folder}: holds results, which are kept as they are; {_again(folder)}")
        return
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            yield from _yaml_files(path)
        elif path.suffix.lower() in (".yaml", ".yml"):
            yield path


def _again(folder: Path) -> str:
    return f"`citysafety upgrade {folder / 'scenario.yaml'} --out NEW.yaml` gives a scenario to run again"


def _upgrade_file(path: Path, out: Path | None) -> None:
    """Rewrite one file, or write what it would be to another place, and say what changed."""
    from experiments.store.manifests import MANIFEST
    from sim.errors import InputError
    from sim.files import read_text
    from sim.upgrade import upgraded_text

    text = _as_it_is(path, read_text(path, str(path)))
    found = upgraded_text(text, str(path))
    if out is not None:
        _write_new(out, found.text)
        print(f"{out}: {_words(found)}")
    elif found.text == text:
        print(f"{path}: is up to date")
    elif (path.parent / MANIFEST).exists():
        raise InputError(f"{path}: belongs to results, which are kept as they are; {_again(path.parent)}")
    else:
        kept = _replace(path, found.text)
        print(f"{path}: {_words(found)}; the file as it was is {kept}")
    for change in found.changes if found.text != text else ():
        print(f"  line {change.line}: {change.old} is now {change.new}")


def _words(found: Upgraded) -> str:
    names = "1 name" if len(found.changes) == 1 else f"{len(found.changes)} names"
    return f"{names} replaced, schema: 2" if found.changes else "schema: 2 added"


def _as_it_is(path: Path, text: str) -> str:
    """Return the text of a file with its byte order mark, which reading takes away."""
    with path.open("rb") as file:
        return "\ufeff" + text if file.read(3) == b"\xef\xbb\xbf" else text


def _replace(path: Path, text: str) -> Path:
    """Keep a copy of a file and put a new text in its place, each whole or not at all; return the copy."""
    from experiments.store.whole_files import told_clearly, write_whole

    target = path.resolve()
    kept = next(each for each in _copies(path) if not each.exists())
    with told_clearly(path):
        mode = target.stat().st_mode
        write_whole(kept, target.read_bytes())
        shutil.copymode(target, kept)
        write_whole(target, text.encode())
        target.chmod(mode)
    return kept


def _copies(path: Path) -> Iterator[Path]:
    """Yield names for a copy of a file: FILE.old, FILE.old2, and so on."""
    yield path.with_name(path.name + OLD)
    number = 2
    while True:
        yield path.with_name(f"{path.name}{OLD}{number}")
        number += 1


def _write_new(out: Path, text: str) -> None:
    """Write a file that must not exist yet."""
    from experiments.store.whole_files import write_whole
    from sim.errors import InputError

    if out.exists():
        raise InputError(f"--out {out}: there is a file of that name; choose another name or remove it first")
    try:
        write_whole(out, text.encode())
    except OSError as error:
        raise InputError(f"--out {out}: cannot be written ({error.strerror or error}); check the folder") from None
