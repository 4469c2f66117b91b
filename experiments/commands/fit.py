"""`citysafety fit`: bring a city file to its own homicide rate, gang share and membership."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from experiments.commands import options
from experiments.commands.progress import progress_bar
from experiments.commands.streams import print_json

if TYPE_CHECKING:
    from experiments.own_city.fit import Fit

NOT_CONVERGED = 3
"""Exit code of a fit that has not converged."""

Futures = Annotated[
    int | None,
    typer.Option(
        "--seeds",
        metavar="N",
        parser=options.whole_number("--seeds", 16, 10_000, 40),
        help="Replications of each check.  [default: 16 to 40, as many as their spread needs]",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Write the nearest values even if the fit has not converged.")]


def fit(
    city: Annotated[str, typer.Argument(metavar="CITY.yaml", help="Path of a city file; it is changed in place.")],
    seed: options.Seed = 1,
    seeds: Futures = None,
    scale: options.ScaleOption = "auto",
    workers: options.Workers = None,
    force: Force = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Fit the model to the homicide rate, gang share and gang membership that a city file gives.

    Only the three numbers of the block `calibration` change in the file. Exit code 3: the fit has not converged.
    """
    from sim.errors import InputError
    from sim.files import find
    from sim.scenario import Calibration, load_city

    path, shown = find("cities", city)
    if not _is_path(city):
        remedy = f"copy {path} into a folder of your own, and give the path of the copy"
        raise InputError(f"{shown}: fit changes the file, and this one belongs to the package; {remedy}")
    loaded = load_city(city)

    from experiments.comparison.fitted import block, check_writable, read_text, write_block
    from experiments.own_city.fit import ROUNDS, fit_city
    from experiments.own_city.splicing import splice_values

    real = check_writable(path, shown)
    before = read_text(real)
    # Whether the block can be changed in place is seen before any time is spent.
    splice_values(before, "calibration", dict.fromkeys(Calibration.model_fields, "to be written"), shown)
    with progress_bar(ROUNDS, wanted=not (quiet or as_json), unit="rounds at most") as progress:
        found = fit_city(
            loaded,
            seed=seed,
            seeds=seeds,
            scale=cast("options.Scale", scale),
            workers=workers,
            progress=progress,
        )
    written = found.converged or force
    if written:
        write_block(real, before, block(loaded, found), shown)
    if as_json:
        print_json(_object(loaded.name, found, written))
    else:
        _print_levels(shown, found)
    if not found.converged:
        done = "written all the same, as --force asks" if force else "the file is unchanged"
        sys.stdout.flush()
        print(f"citysafety: {shown}: not fitted, {found.reason}; {done}", file=sys.stderr)
        raise typer.Exit(NOT_CONVERGED)


def _is_path(text: str) -> bool:
    return text.lower().endswith((".yaml", ".yml"))


def _object(city: str, found: Fit, written: bool) -> dict[str, Any]:
    """Return what --json prints."""
    levels = {
        name: {"file": each.target, "reached": each.mean, "standard_error": each.standard_error}
        for name, each in found.reached.items()
    }
    how = {name: getattr(found, name) for name in ("rounds", "runs", "futures", "months", "seed", "scale")}
    result = {"city": city, "converged": found.converged, "written": written, "reason": found.reason or None}
    return result | {"numbers": found.numbers, "levels": levels} | how


def _print_levels(shown: str, found: Fit) -> None:
    """Print what was asked for and reached, and the three numbers."""
    from experiments.comparison.fitted import NAMES
    from experiments.comparison.text import aligned

    said = "fitted" if found.converged else "the nearest that was reached"
    print(f"{shown}: {said}, {found.rounds} rounds")
    rows = [
        (f"  {NAMES[name]}", "file", f"{each.target:.4g}", "reached", f"{each.mean:.4g}", f"+- {each.standard_error:.2g}")
        for name, each in found.reached.items()
    ]
    print("\n".join(aligned(rows)))
    print(f"  {', '.join(f'{name} {value:g}' for name, value in found.numbers.items())}")
    print(
        f"Reached: mean of {found.futures} futures of {found.months} months without policy that the numbers were not fitted "
        f"to, with its standard error, at a scale of {found.scale:g}."
    )
