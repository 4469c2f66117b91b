"""What the commands of studies share: options, and a folder of tables, figures and text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

Factors = Annotated[
    list[str] | None,
    typer.Option(
        "--factor",
        metavar="POLICY",
        help="A policy (name or path) or a measure (row or name) to combine; many times.  [default: the four pillars]",
    ),
]
Outcomes = Annotated[
    list[str] | None,
    typer.Option(
        "--outcome",
        metavar="KEY",
        help="An outcome to ask about; may be given many times.  [default: homicide and criminal governance]",
    ),
]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for tables, figures and the text.")]


def check_folder(out: Path | None) -> None:
    """Refuse a folder that cannot be written, before anything runs.

    Raises
    ------
    InputError
        When the path is a file, or the folder cannot be made.
    """
    from sim.faults import InputError

    if out is None:
        return
    if out.exists() and not out.is_dir():
        raise InputError(f"--out {out}: this is a file; name a folder")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"--out {out}: cannot be written ({error.strerror}); name another folder") from None


def write_folder(
    out: Path,
    tables: Mapping[str, pd.DataFrame],
    figures: Mapping[str, Figure],
    *,
    text: str | None = None,
    found: Mapping[str, Any] | None = None,
    command: Sequence[str] = (),
) -> list[Path]:
    """Write tables as CSV, figures as PNG and SVG, and, where given, text and JSON; return the paths.

    Parameters
    ----------
    out
        The folder, made if missing, see `check_folder`.
    tables, figures
        What to write, by name.
    text
        What the study says, for `summary.txt`.
    found
        The same as plain values, for `summary.json`, with the versions that made it.
    command
        The arguments that asked for it, kept in `summary.json`.
    """
    from experiments.figures import rendered
    from experiments.provenance import made_with
    from experiments.spreadsheets import csv_bytes

    (out / "figures").mkdir(parents=True, exist_ok=True)
    contents: dict[str, bytes] = {}
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
