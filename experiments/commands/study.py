"""What the commands of studies share: options, and a folder of tables, figures and text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.commands.options import read_folder

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from experiments.store.outputs import Place

Factors = Annotated[
    list[str] | None,
    typer.Option(
        "--factor",
        metavar="POLICY",
        help="Policy (name or path) or measure (row or name) to combine; repeatable.  [default: the four pillars]",
    ),
]
Outcomes = Annotated[
    list[str] | None,
    typer.Option(
        "--outcome",
        metavar="KEY",
        help="Outcome to analyse; repeatable.  [default: homicide and criminal governance]",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", parser=read_folder, help="Folder for tables, figures and the text."),
]


@contextmanager
def folder_of(place: Place, command: Sequence[str]) -> Iterator[Path]:
    """Give a private folder for a study, which takes its place, with a manifest, when the block ends well.

    Parameters
    ----------
    place
        What `options.check_out` returned.
    command
        The arguments that asked for the study.
    """
    from experiments.store.manifests import write_manifest
    from experiments.store.outputs import written
    from experiments.store.provenance import made_with

    with written(place) as folder:
        yield folder
        write_manifest(folder, {"made_with": made_with(), "command": ["citysafety", *command]})


def by_window(found: Sequence[dict[str, Any]], windows: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """Return the results of a study as one object: with several windows, the object of each with its months."""
    told = [each | {"window": list(window)} for each, window in zip(found, windows, strict=True)] if windows else list(found)
    return told[0] if len(told) == 1 else {"windows": told}


def folders(folder: Path, windows: Sequence[tuple[int, int]]) -> list[Path]:
    """Return where the tables of each window go: the folder itself, or with several windows a folder for each within."""
    if len(windows) < 2:
        return [folder]
    return [folder / f"months_{first}-{last}" for first, last in windows]


def write_folder(
    out: Path,
    tables: Mapping[str, pd.DataFrame],
    figures: Mapping[str, Figure],
    *,
    text: str | None = None,
    found: Mapping[str, Any] | None = None,
    command: Sequence[str] = (),
    scenario: str | None = None,
) -> list[Path]:
    """Write tables as CSV, figures as PNG and SVG, and, where given, text, JSON and scenario; return the paths.

    Parameters
    ----------
    out
        The folder, made if missing.
    tables, figures
        What to write, by name.
    text
        What the study says, for `summary.txt`.
    found
        The same as plain values, for `summary.json`, with the versions that made it.
    command
        The arguments that asked for it, kept in `summary.json`.
    scenario
        What was run, as `experiments.store.scenario_files.scenario_text` tells it.
    """
    from experiments.comparison.figures import rendered
    from experiments.store.provenance import made_with
    from experiments.store.scenario_files import NAME
    from experiments.store.spreadsheets import csv_bytes

    (out / "figures" if figures else out).mkdir(parents=True, exist_ok=True)
    contents: dict[str, bytes] = {}
    if scenario is not None:
        contents[NAME] = scenario.encode()
    if text is not None:
        contents["summary.txt"] = f"{text}\n".encode()
    if found is not None:
        whole = {**found, "made_with": made_with(), "command": ["citysafety", *command]}
        contents["summary.json"] = (json.dumps(whole, indent=2) + "\n").encode()
    for name, table in tables.items():
        contents[f"{name}.csv"] = csv_bytes(table)
    for name, figure in figures.items():
        contents |= {f"figures/{name}.{form}": rendered(figure, form) for form in ("png", "svg")}
    for name, content in contents.items():
        (out / name).write_bytes(content)
    return [out / name for name in contents]
