"""A comparison on disk: the scenario as run, every result, summaries, and a manifest that says where they come from.

    scenario.yaml                  city, policies (the reference first), shocks, months, replications, seed, scale,
                                   parameters changed, mechanisms switched off, and the windows asked for
    city_monthly.parquet           policy, replication, seed, month (from 1), its date where the city says when it begins,
                                   then one column for each outcome
    in_force.parquet               policy, replication, seed, row (from 1: the policy's measures, then the shocks), name,
                                   began (first month, from 1; empty if never), ended_by_election, the neighbourhoods
                                   that were chosen when it began, as the worst or within bounds, and the levels asked
                                   for with the months from which on they were
    neighbourhood_yearly.parquet   policy, replication, seed, year (from 1), neighbourhood, then the outcomes
    summary.csv, summary.json      levels and paired differences over the whole horizon
    neighbourhoods.csv             the same by neighbourhood, for the outcomes that are kept by neighbourhood
    phases.csv                     the same by phase and for the last year (`experiments.comparison.phases`)
    report.html, figures/          the same as pages and pictures, drawn again by `citysafety report`
    manifest.json                  versions, hash of the model, seeds, command, and the hash of each file above

How a folder is written whole, and what may be replaced: see `outputs.py`. A folder that is read is as hostile as
any file of a user: everything in it is checked against everything else before a number is used. Numbers are stored as
the model wrote them, float32.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from experiments.comparison.in_force import read_in_force, write_in_force
from experiments.comparison.result_tables import AGAIN, month_keys, read_values, write_values, year_keys
from experiments.comparison.windows import check_windows
from experiments.store.manifests import FORMAT, MANIFEST, file_hash, listed, read_json, write_manifest
from experiments.store.scenario_files import NAME, read_scenario_file, scenario_text
from sim.errors import SLUG, InputError

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison.compare import Comparison
    from sim.scenario import Scenario

__all__ = ["Manifest", "load_comparison", "redrawn", "write_results"]

MONTHLY, YEARLY, IN_FORCE = "city_monthly.parquet", "neighbourhood_yearly.parquet", "in_force.parquet"
DATA = (NAME, MONTHLY, YEARLY, IN_FORCE, "summary.csv", "summary.json", "neighbourhoods.csv", "phases.csv")
"""The files that hold results; all others of ours are drawn from them."""

Name = Annotated[str, Field(pattern=SLUG)]
Count = Annotated[int, Field(ge=0, lt=2**63)]
Text = Annotated[str, Field(max_length=1000)]
Month = Annotated[int, Field(ge=1, le=1200)]
Window = Annotated[list[Month], Field(min_length=2, max_length=2)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class Manifest(BaseModel):
    """What a manifest of a comparison says; see `_manifest` for what each field holds."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)

    format: Literal[2]
    made_with: dict[Text, Text]
    date: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$")]
    command: list[str]
    city: Name
    against: Name
    policies: list[Name]
    months: int = Field(ge=1, le=1200)
    replications: int = Field(ge=1, le=100_000)
    seed: Count
    seeds: list[Count]
    scale: float = Field(gt=0, le=1)
    scale_chosen: Literal["given", "auto"]
    parameters: dict[Text, float]
    without: list[Name]
    windows: list[Window]
    outcomes: list[Name]
    events: dict[Name, dict[Text, Count]]
    own: dict[Name, list[list[float]]] = {}
    files: dict[Text, Hash]


def write_results(comparison: Comparison, folder: Path, *, command: Sequence[str] = (), scale_chosen: str = "given") -> None:
    """Write a comparison into a folder that nobody else reads or writes, such as `outputs.written` gives.

    Parameters
    ----------
    comparison
        What to write.
    folder
        An existing folder.
    command
        The arguments that asked for it, kept as they are.
    scale_chosen
        Whether the scale was "given" or "auto".
    """
    from experiments.comparison.summaries import levels_object, summary_object
    from experiments.store.spreadsheets import csv_bytes

    summary = summary_object(comparison) if comparison.policies else levels_object(comparison)
    (folder / NAME).write_bytes(_scenario_text(comparison).encode())
    arms, seeds = [policy.name for policy in comparison.arms], comparison.seeds
    write_values(
        folder / MONTHLY, comparison.city_monthly, arms, seeds, month_keys(comparison.months, comparison.city.begins)
    )
    places = [place.name for place in comparison.city.neighbourhoods]
    years = comparison.place_yearly.shape[2]
    write_values(folder / YEARLY, comparison.place_yearly, arms, seeds, year_keys(years, places))
    write_in_force(folder / IN_FORCE, comparison)
    (folder / "summary.csv").write_bytes(csv_bytes(comparison.table()))
    (folder / "summary.json").write_bytes(_json_text(summary).encode())
    (folder / "neighbourhoods.csv").write_bytes(csv_bytes(_neighbourhoods(comparison)))
    (folder / "phases.csv").write_bytes(csv_bytes(_phases(comparison)))
    write_manifest(folder, _manifest(comparison, command, scale_chosen))


@contextmanager
def redrawn(folder: Path, *, force: bool) -> Iterator[Path]:
    """Give a private folder that holds the results of another, to draw into; it takes the place of the other at the end.

    Parameters
    ----------
    folder
        A folder of results, which stays as it is where the block does not end well.
    force
        Whether pages and figures may be replaced that were changed since they were written.

    Raises
    ------
    InputError
        When a page or figure was changed, or anything in the way is not ours, or the folder cannot be written.
    """
    from experiments.store.outputs import checked, written

    place = checked(folder, str(folder), force=True)
    manifest = read_json(place.path / MANIFEST)
    for name in sorted(place.ours - {MANIFEST, *DATA}):
        drawing = place.path / name
        if not force and drawing.is_file() and file_hash(drawing) != manifest["files"].get(name):
            raise InputError(
                f"{folder / name}: was changed since it was drawn; --force replaces it, or keep a copy elsewhere"
            )
    if "report.html" not in place.ours and os.path.lexists(place.path / "report.html"):
        raise InputError(f"{folder / 'report.html'}: is not ours; remove it first, or keep it elsewhere")
    with written(place) as private:
        for name in DATA:
            _bring(place.path / name, private / name)
        write_manifest(private, {key: value for key, value in manifest.items() if key not in ("format", "files")})
        yield private


def _bring(file: Path, to: Path) -> None:
    """Put the same file at another place, without copying its bytes where the system can do so."""
    try:
        os.link(file, to)
    except OSError:
        shutil.copyfile(file, to)


# Reading --------------------------------------------------------------------------------------------------------------


def load_comparison(folder: Path) -> Comparison:
    """Return the comparison that a folder holds, byte for byte as it was written.

    Raises
    ------
    InputError
        When the folder holds no results, or they are incomplete, changed, at odds with one another, or of another format
        or list of outcomes.
    """
    from experiments.comparison.compare import Comparison
    from sim.outcomes import OUTCOMES

    manifest = _read_manifest(folder)
    for name in DATA:
        _check_bytes(folder / name, manifest.files.get(name))
    if manifest.outcomes != [outcome.name for outcome in OUTCOMES]:
        raise InputError(f"{folder}: has the outcomes of another version of the model; {AGAIN}")
    scenario = read_scenario_file(folder / NAME).scenario
    _check_agreement(manifest, scenario, folder)
    places = [place.name for place in scenario.city.neighbourhoods]
    arms = [policy.name for policy in scenario.policies]
    monthly = read_values(folder / MONTHLY, arms, manifest.seeds, month_keys(scenario.months, scenario.city.begins))
    yearly = read_values(folder / YEARLY, arms, manifest.seeds, year_keys(-(-scenario.months // 12), places))
    if not np.isfinite(monthly).all() or np.isinf(yearly).any():
        raise InputError(f"{folder}: holds a result that is no finite number; {AGAIN}")
    return Comparison(
        city=scenario.city,
        policies=scenario.policies[1:],
        against=scenario.policies[0],
        months=scenario.months,
        replications=scenario.replications,
        seed=scenario.seed,
        scale=manifest.scale,
        seeds=tuple(manifest.seeds),
        city_monthly=monthly,
        place_yearly=yearly.reshape(*yearly.shape[:2], -1, len(places), len(OUTCOMES)),
        parameters=scenario.parameters,
        shocks=scenario.shocks,
        without=scenario.without,
        made_with=manifest.made_with,
        events=tuple(manifest.events[policy.name] for policy in scenario.policies),
        windows=tuple((first, last) for first, last in manifest.windows),
        in_force=read_in_force(folder / IN_FORCE, scenario, manifest.seeds),
        own={name: np.array(values, dtype=np.float64) for name, values in manifest.own.items()},
    )


def _read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a folder of results."""
    from sim.files import check

    path = folder / MANIFEST
    if not os.path.lexists(path):
        remedy = "give a folder that citysafety run or compare wrote with --out"
        raise InputError(f"{folder}: holds no results (no {MANIFEST}); {remedy}")
    found = read_json(path)
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise InputError(f"{path}: has another format than {FORMAT}; {AGAIN}")
    if isinstance(found.get("made_with"), dict) and "city" not in found and listed(found, folder) is not None:
        raise InputError(f"{folder}: holds a study, which draws its figures when it runs; give a folder of run or compare")
    manifest = check(Manifest, found, str(path))
    if listed(found, folder) is None:
        raise InputError(f"{path}: files or made_with name what no command wrote; {AGAIN}")
    return manifest


def _check_bytes(path: Path, digest: str | None) -> None:
    """Refuse a file that is not listed, not there, or not the one that was written."""
    try:
        if path.is_symlink() or not path.is_file() or file_hash(path) != digest:
            raise InputError(f"{path}: is missing or was changed since it was written; {AGAIN}")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error}); check its permissions") from None


def _check_agreement(manifest: Manifest, scenario: Scenario, folder: Path) -> None:
    """Refuse a manifest that says anything else than the scenario beside it, or counts that do not fit."""
    names = [policy.name for policy in scenario.policies]
    shape = (len(names), scenario.replications)
    said: dict[str, tuple[object, object]] = {
        "city": (manifest.city, scenario.city.name),
        "against": (manifest.against, names[0]),
        "policies": (manifest.policies, names[1:]),
        "months": (manifest.months, scenario.months),
        "replications": (manifest.replications, scenario.replications),
        "seed": (manifest.seed, scenario.seed),
        "scale": (manifest.scale, scenario.scale),
        "parameters": (manifest.parameters, dict(scenario.parameters)),
        "without": (manifest.without, list(scenario.without)),
        "seeds": (len(set(manifest.seeds)), scenario.replications),
        "number of seeds": (len(manifest.seeds), scenario.replications),
        "events": (sorted(manifest.events), sorted(names)),
        "own": ({np.shape(values) for values in manifest.own.values()} or {shape}, {shape}),
    }
    for field, (here, there) in said.items():
        if here != there:
            raise InputError(f"{folder / MANIFEST}: {field} does not agree with scenario.yaml beside it; {AGAIN}")
    try:
        check_windows([(first, last) for first, last in manifest.windows], scenario.months)
    except InputError as error:
        raise InputError(f"{folder / MANIFEST}: windows hold what is none: {error}") from None


# Writing --------------------------------------------------------------------------------------------------------------


def _manifest(comparison: Comparison, command: Sequence[str], scale_chosen: str) -> dict[str, Any]:
    """Return what the results come from; nothing of the machine or its user but the command's own arguments."""
    from sim.outcomes import OUTCOMES

    events = comparison.events or tuple({} for _ in comparison.arms)
    return {
        "made_with": dict(comparison.made_with),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": ["citysafety", *command] if command else [],
        "city": comparison.city.name,
        "against": comparison.against.name,
        "policies": [policy.name for policy in comparison.policies],
        "months": comparison.months,
        "replications": comparison.replications,
        "seed": comparison.seed,
        "seeds": list(comparison.seeds),
        "scale": comparison.scale,
        "scale_chosen": scale_chosen,
        "parameters": dict(comparison.parameters),
        "without": list(comparison.without),
        "windows": [list(window) for window in comparison.windows],
        "outcomes": [outcome.name for outcome in OUTCOMES],
        "events": {policy.name: dict(counts) for policy, counts in zip(comparison.arms, events, strict=True)},
        **({"own": {name: values.tolist() for name, values in comparison.own.items()}} if comparison.own else {}),
    }


def _scenario_text(comparison: Comparison) -> str:
    """Return the scenario as run, the reference first, and the windows that were asked for."""
    from sim.scenario import assemble

    scenario = assemble(
        comparison.city,
        comparison.arms,
        shocks=comparison.shocks,
        months=comparison.months,
        replications=comparison.replications,
        seed=comparison.seed,
        scale=comparison.scale,
        parameters=comparison.parameters,
        without=comparison.without,
    )
    command = "compare" if comparison.policies else "run"
    study = {"command": command, "windows": [list(window) for window in comparison.windows]}
    return scenario_text(scenario, study, comparison.extensions)


def _phases(comparison: Comparison) -> pd.DataFrame:
    """Return every outcome of every policy in every phase; nothing where there is no policy."""
    import pandas as pd

    from experiments.comparison.phase_text import phases_table

    return pd.DataFrame(phases_table(comparison))


def _neighbourhoods(comparison: Comparison) -> pd.DataFrame:
    """Return the summary by neighbourhood, with residents only, for every outcome kept there."""
    import pandas as pd

    from sim.outcomes import OUTCOMES

    frames, deserted = [], [place.name for place in comparison.city.neighbourhoods if not place.population]
    for column, outcome in enumerate(OUTCOMES):
        if not np.isnan(comparison.place_yearly[..., column]).all():
            frame = comparison.by_neighbourhood(outcome.name)
            frame.insert(0, "outcome", outcome.name)
            frames.append(frame[~frame["neighbourhood"].isin(deserted)])
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _json_text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
