"""Whether a city stands where its file says: what was fitted, whether it changed since, and what a run shows.

The block `calibration` of a city file carries a fingerprint of all that moves the city without policy. A run or a report
says in one line when the city is no longer the one that was fitted, was never fitted, or stands off its file's levels by
more than chance allows.
"""

from __future__ import annotations

import datetime
import hashlib
import importlib.metadata
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from experiments.comparison.paired import interval_of
from experiments.own_city.city_levels import MONTHS, Reached, by_level, levels_of, reached
from experiments.own_city.splicing import splice_values
from sim.errors import InputError

if TYPE_CHECKING:
    from experiments.comparison.compare import Comparison
    from experiments.own_city.fit import Fit
    from sim.scenario import City

__all__ = [
    "NAMES",
    "Standing",
    "block",
    "check_writable",
    "fingerprint",
    "fit_object",
    "fit_text",
    "off_levels",
    "read_text",
    "standing",
    "write_block",
]

Standing = Literal["fitted", "changed", "never fitted"]

ALLOWANCE = 0.05
"""How far a level may lie beyond the interval of a run before it is told, as a share of the file's level."""
CONFIDENCE_FUTURES = 2
"""Futures from which on there is an interval."""

# What a city file says that moves nothing without policy: names and texts, money's name, and the block itself.
SAID_ONLY = frozenset(
    (
        "name",
        "title",
        "country",
        "currency",
        "money_per_dollar",
        "price_level",
        "police_year",
        "prison_year",
        "temperature_range",
        "warmest_month",
        "begins",
        "capital",
        "calibration",
        "sources",
        "assumptions",
        "about",
        "illustration",
    )
)
PLACE_SAID_ONLY = frozenset(("name", "tile", "homicides_observed"))

NAMES = {"homicide_rate": "homicide rate", "gang_share": "gangs' share of killings", "membership": "membership"}


def fingerprint(city: City) -> str:
    """Return 32 hexadecimal digits that stand for all of a city that moves its levels without policy.

    Names of neighbourhoods, gangs and groups, texts and sources do not count, nor does what is written out though it is the
    default; levels, neighbourhoods and who borders on whom, gangs, groups, police, flows, markets and elections do.

    Parameters
    ----------
    city
        The city.
    """
    values = city.model_dump(mode="json", exclude_defaults=True, exclude=set(SAID_ONLY))
    places = {place.name: number for number, place in enumerate(city.neighbourhoods)}
    for part, field in (("neighbourhoods", "adjacent"), ("gangs", "homes"), ("corridors", "through")):
        for each in values.get(part, ()):
            each[field] = [places[name] for name in each.get(field, ())]
    for group in values.get("groups", ()):
        group["home"] = places[group["home"]]
    for place in values["neighbourhoods"]:
        for field in PLACE_SAID_ONLY:
            place.pop(field, None)
    for each in (*values["gangs"], *values.get("groups", ())):
        del each["name"]
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def standing(city: City) -> Standing:
    """Return whether the city is the one that its three numbers were fitted to."""
    given = city.calibration.fingerprint
    if given is None:
        return "never fitted"
    return "fitted" if given == fingerprint(city) else "changed"


def off_levels(comparison: Comparison) -> dict[str, Reached]:
    """Return the levels that a run without policy holds off the file by more than chance allows.

    Told only where the reference has no measure, no shock happens, and no parameter or mechanism is set otherwise;
    over the first ten years, for levels are fitted to these. A level is off where it lies outside the 95 % interval of the
    mean over futures, widened on both sides by 5 % of the level.

    Parameters
    ----------
    comparison
        Any; with fewer than two futures there is no interval, and nothing is told.
    """
    changed = comparison.against.measures or comparison.shocks or comparison.parameters or comparison.without
    if changed or comparison.replications < CONFIDENCE_FUTURES:
        return {}
    means = comparison.city_monthly[0, :, :MONTHS].mean(axis=1, dtype=float)
    levels = levels_of(comparison.city, means)
    found, figures = reached(comparison.city, levels), by_level(levels)

    def fits(name: str, target: float) -> bool:
        allowed = ALLOWANCE * target
        # An interval holds its mean; its ends need a library that takes a quarter of a second to load.
        if abs(float(figures[name].mean()) - target) <= allowed:
            return True
        seen = interval_of(figures[name])
        return seen.low - allowed <= target <= seen.high + allowed

    return {name: each for name, each in found.items() if not fits(name, each.target)}


def fit_text(city: City, off: dict[str, Reached] | None = None) -> str | None:
    """Return one line on how the city stands to its file's levels, naming the command that mends it; None where all is well.

    Parameters
    ----------
    city
        The city.
    off
        What `off_levels` found, where there is a run.
    """
    words = {
        "fitted": "",
        "changed": "Levels, neighbourhoods, gangs or other figures of this city changed since its file was fitted",
        "never fitted": "This city was never fitted to the levels of its file",
    }
    parts = [text] if (text := words[standing(city)]) else []
    if off:
        parts.append("without policy " + " and ".join(_off(name, each) for name, each in off.items()))
    if not parts:
        return None
    said = "; ".join(parts)
    return f"{said[0].upper()}{said[1:]}. To fit it: citysafety fit {city.name}.yaml"


def _off(name: str, found: Reached) -> str:
    article, unit = ("the ", " per 100 000") if name == "homicide_rate" else ("", "")
    return f"{article}{NAMES[name]} stands at {found.mean:.3g}{unit} where the file says {found.target:.4g}"


def fit_object(city: City, off: dict[str, Reached]) -> dict[str, Any]:
    """Return what --json says of the fit: how the city stands, which levels a run is off, and the line for people."""
    return {
        "standing": standing(city),
        "off": {name: {"file": each.target, "mean": each.mean} for name, each in off.items()},
        "says": fit_text(city, off),
    }


# Writing --------------------------------------------------------------------------------------------------------------


def check_writable(path: Path, shown: str) -> Path:
    """Return the file that a path leads to, links followed, when a new text can take its place.

    Parameters
    ----------
    path, shown
        The file, and what to call it in a message.

    Raises
    ------
    InputError
        When the file is marked read-only, or its folder cannot be written.
    """
    real = Path(os.path.realpath(path))
    try:
        mode = real.stat().st_mode
    except OSError as error:
        raise InputError(f"{shown}: cannot be read ({error.strerror}); check the path") from None
    if not mode & 0o222 or not os.access(real, os.W_OK):
        raise InputError(f"{shown}: the file is read-only; make it writable, or fit a copy of it")
    if not os.access(real.parent, os.W_OK | os.X_OK):
        raise InputError(f"{shown}: its folder cannot be written; fit a copy of the file in a folder of your own")
    return real


def read_text(path: Path) -> str:
    """Return the text of a file with its line ends and byte order mark as they are."""
    return path.read_bytes().decode("utf-8")


def block(city: City, fit: Fit) -> dict[str, str | int | float]:
    """Return the values of the block `calibration` that a fit gives."""
    version = importlib.metadata.version("citysafety")
    levels = ", ".join(
        f"{NAMES[name]} {each.mean:.3g} (standard error {each.standard_error:.1g}) of {each.target:g}"
        for name, each in fit.reached.items()
    )
    how = f"in {fit.futures} futures that the numbers were not fitted to, {fit.months} months each without policy"
    prefix = "" if fit.converged else f"Not converged: {fit.reason}. "
    return {
        **fit.numbers,
        "method": f"citysafety fit {version}: Newton's method, {fit.rounds} rounds and {fit.runs} futures",
        "date": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        "fit": f"{prefix}{levels[0].upper()}{levels[1:]}, {how}.",
        "seed": fit.seed,
        "scale": fit.scale,
        "fingerprint": fingerprint(city),
    }


def write_block(path: Path, before: str, values: dict[str, str | int | float], shown: str) -> None:
    """Put values into the block `calibration` of a city file; every other byte stays as it is.

    The new text is written beside the file and takes its place at once; permissions stay.

    Parameters
    ----------
    path
        The file itself, as `check_writable` returned it.
    before
        Its text when the fit began.
    values
        From `block`.
    shown
        What to call it in a message.

    Raises
    ------
    InputError
        When the file has changed since, cannot be written, or is written so that nothing can be put into it safely.
    """
    after = splice_values(before, "calibration", values, shown)
    aside: str | None = None
    try:
        if read_text(path) != before:
            raise InputError(f"{shown}: the file changed while it was fitted; it is left as it is, fit it again")
        handle, aside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(after.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, aside)
        Path(aside).replace(path)
        aside = None
    except OSError as error:
        raise InputError(f"{shown}: cannot be written ({error.strerror}); check the disk and the folder") from None
    finally:
        if aside is not None:
            Path(aside).unlink(missing_ok=True)
