"""`citysafety store`: look after a store of runs, and ask it questions."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from experiments.commands import options
from experiments.streams import print_json

app = typer.Typer(help="Look after a store of runs, and ask it questions.", rich_markup_mode=None)

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the store.")]
Question = Annotated[str, typer.Argument(metavar="SQL", help="One statement over the views runs, city, places and log.")]

MOST_ROWS = 60
MOST_COLUMNS = 12


@app.command()
def check(folder: Folder, as_json: options.Json = False) -> None:
    """Say what a store holds, and whether all of it can be read and is whole."""
    from experiments.store import existing
    from experiments.upkeep import check as check_store
    from experiments.upkeep import leavings

    store = existing(folder)
    faults = check_store(store)
    statuses = list(store.statuses().values()) if not faults else []
    left = len(leavings(store))
    found = {"runs": len(statuses), "failed": statuses.count("failed"), "shards": len(store.committed())}
    if as_json:
        print_json(found | {"leavings": left, "faults": faults})
    else:
        if not faults:
            shards = shards_text(found["shards"])
            print(f"{found['runs']} runs, {found['failed']} of them failed, in {shards}; all of it can be read")
        if left:
            print(f"left behind by a crash, and not read: {left} (citysafety store compact {folder} removes them)")
        for fault in faults:
            print(fault)
    if faults:
        raise typer.Exit(1)


@app.command()
def compact(folder: Folder) -> None:
    """Merge a store's shards into few large ones, which depend on the runs alone."""
    from experiments.store import existing
    from experiments.upkeep import compact as compact_store

    print(shards_text(compact_store(existing(folder))))


@app.command()
def query(folder: Folder, sql: Question, as_json: options.Json = False) -> None:
    """Answer a question in SQL.

    Views: runs (a row a run, every outcome averaged over all months), city (a row a run and month), places (by
    neighbourhood, where kept) and log (who ran what, when).
    """
    from experiments.questions import ask
    from experiments.store import existing

    found = ask(existing(folder), sql)
    if as_json:
        sys.stdout.write((found.to_json(orient="records", date_format="iso") or "[]") + "\n")
        return
    print(found.to_string(index=False, max_rows=MOST_ROWS, max_cols=MOST_COLUMNS))


def shards_text(count: int) -> str:
    """Return a number of shards in words."""
    return "1 shard" if count == 1 else f"{count} shards"
