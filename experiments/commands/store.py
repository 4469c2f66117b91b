"""`citysafety store`: check, compact and query a run store."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.commands import options
from experiments.commands.streams import print_json

if TYPE_CHECKING:
    from experiments.store.store import Store

app = typer.Typer(help="Check, compact and query a run store.", rich_markup_mode=None)

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the store.")]
Question = Annotated[str, typer.Argument(metavar="SQL", help="One statement over the views runs, city, places and log.")]
Timeout = Annotated[
    int,
    typer.Option(
        "--timeout",
        metavar="SECONDS",
        parser=options.whole_number("--timeout", 1, 86_400, 60),
        help="Longest time for an answer.",
    ),
]


MOST_ROWS = 60
MOST_COLUMNS = 12
WIDEST = 60
"""Characters of a cell that are printed."""


@app.command()
def check(folder: Folder, as_json: options.Json = False) -> None:
    """Show what a store holds and whether any of its files is damaged."""
    from experiments.store.seals import DamagedError
    from experiments.store.settings import UNSEALED
    from experiments.store.soundness import look_at
    from experiments.store.store import existing

    try:
        store = existing(folder)
    except DamagedError as error:
        _print_faults([str(error)], as_json=as_json)
        raise typer.Exit(1) from None
    found = look_at(store)
    faults = [*found.faults, *found.otherwise]
    statuses = [status for status, _ in found.runs.values()]
    hashes = store.format != UNSEALED
    shards = len(set(store.committed()) - found.damaged)
    said: dict[str, Any] = {"runs": len(statuses), "failed": statuses.count("failed"), "shards": shards, "hashes": hashes}
    said |= {"models": dict(found.models)}
    if as_json:
        print_json(said | {"leavings": len(found.left), "faults": faults})
    else:
        whole = "; all of it can be read" if not faults else " can be read; the rest:"
        print(f"{len(statuses)} runs, {said['failed']} of them failed, in {shards_text(shards)}{whole}")
        for fault in faults:
            print(fault)
        _print_models(found.models)
        _print_notes(store, len(found.left), len(found.unrecorded))
    if faults:
        raise typer.Exit(1)


def _print_models(models: Mapping[str, int]) -> None:
    """Print which models the runs are of, unless all are of this version's."""
    from sim.identity import model_hash

    if others := {model: count for model, count in models.items() if model != model_hash()}:
        each = ", ".join(f"{count} of {model[:8]}" for model, count in sorted(others.items()))
        ours = f"{models.get(model_hash(), 0)} runs are of this version's model ({model_hash()[:8]})"
        print(f"{sum(others.values())} runs are of another model ({each}); {ours}; no study mixes them")


def _print_notes(store: Store, left: int, unrecorded: int) -> None:
    """Print what is worth knowing of a store and is no fault."""
    from experiments.store.parts import lost_parts
    from experiments.store.settings import SEALED, UNSEALED

    remedy = f"citysafety store compact {store.path}"
    if store.format == SEALED:
        print("written by version 0.2.0: its runs are read and queried, and a study of this version needs another folder")
    if store.format == UNSEALED:
        print(f"written by version 0.1.0, without hashes: damage in it may go unseen ({remedy} gives it hashes)")
    if left:
        print(f"left behind by a crash, and not read: {left} ({remedy} removes them)")
    if unrecorded:
        print(f"whole, but without a record of the hashes (a crash, or a lost file): {unrecorded} ({remedy} writes it)")
    if lost := len(lost_parts(store.path)):
        says = "their runs are whole, and the same study writes them again"
        print(f"descriptions of cities, policies, shocks or outcomes noted as lost: {lost} ({says})")


def _print_faults(faults: list[str], *, as_json: bool) -> None:
    if as_json:
        print_json({"faults": faults})
        return
    for fault in faults:
        print(fault)


@app.command()
def compact(folder: Folder) -> None:
    """Merge the many small files of a store into a few large ones; nothing damaged is removed."""
    from experiments.store.maintenance import compact as compact_store
    from experiments.store.store import existing

    print(shards_text(compact_store(existing(folder))))


@app.command()
def repair(folder: Folder) -> None:
    """Remove damaged files and restore what can be restored; the same study then repeats the runs that were lost."""
    from experiments.store.repair import repair as repair_store

    done = repair_store(folder)
    for line in done or ["nothing is damaged"]:
        print(line)


def shards_text(count: int) -> str:
    """Return a number of shards in words."""
    return "1 shard" if count == 1 else f"{count} shards"


@app.command()
def query(folder: Folder, sql: Question, timeout: Timeout = 60, as_json: options.Json = False) -> None:
    """Query a store in SQL.

    Views: runs (one row for each run, outcomes averaged over all months), city (one row for each run and month), places
    (by neighbourhood, if kept) and log (who ran what, when). Only these can be read, and nothing can be written.
    """
    from experiments.store.query import ask, at_work
    from experiments.store.store import existing
    from sim.errors import InputError
    from sim.texts import escaped

    store = existing(folder)
    try:
        found = ask(store, sql, timeout=timeout)
    except (InputError, KeyboardInterrupt) as stopped:
        if at_work():
            # It would end the process with a fault of its own later on.
            print(f"citysafety: {stopped or 'stopped; nothing was written'}", file=sys.stderr, flush=True)
            os._exit(2 if isinstance(stopped, InputError) else 130)
        raise
    if len(models := found.attrs.get("models", [])) > 1:
        says = "compare within one: WHERE model = '...', or GROUP BY model"
        print(f"citysafety: runs of {len(models)} models were read ({', '.join(models)}); {says}", file=sys.stderr)
    if as_json:
        # In ASCII: what acts on a terminal stays written out.
        print(json.dumps(_as_json(found.to_dict("records"))))
        return
    shown = found.rename(columns=escaped)
    for place in range(shown.shape[1]):
        shown.isetitem(place, [_as_text(each) for each in shown.iloc[:, place]])
    print(shown.to_string(index=False, max_rows=MOST_ROWS, max_cols=MOST_COLUMNS))


def _as_json(value: Any) -> Any:
    """Return a value of an answer as JSON can hold it: what is no finite number, or missing, is null."""
    if isinstance(value, dict):
        return {str(key): _as_json(each) for key, each in value.items()}
    if isinstance(value, bool | int | str):
        return value
    if hasattr(value, "tolist"):
        return _as_json(value.tolist())
    if isinstance(value, list | tuple):
        return [_as_json(each) for each in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if value is None or value != value:
        return None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _as_text(value: Any) -> Any:
    """Return a value of an answer as a cell can show it: on one line, without what acts on a terminal, and not too long."""
    from sim.texts import escaped

    if value is None or isinstance(value, bool | int | float):
        return value
    if not isinstance(value, str) and not hasattr(value, "__len__"):
        return value
    text = escaped(str(value))
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 3]}..."
