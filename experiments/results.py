"""A comparison on disk: the scenario as run, every result, summaries, and a manifest that says where they come from.

    scenario.yaml                  city, policies (the reference first), shocks, months, replications, seed, scale,
                                   parameters changed, mechanisms switched off
    city_monthly.parquet           policy, replication, seed, month (from 1), then one column for each outcome
    in_force.parquet               policy, replication, seed, row (from 1: the policy's measures, then the shocks), name,
                                   began (first month, from 1; empty if never), ended_by_election, and the
                                   neighbourhoods that were the worst when it began, where it aims at the worst
    neighbourhood_yearly.parquet   policy, replication, seed, year (from 1), neighbourhood, then the outcomes
    summary.csv, summary.json      levels and paired differences over the whole horizon
    neighbourhoods.csv             the same by neighbourhood, for the outcomes that are kept by neighbourhood
    manifest.json                  versions, hash of the model, seeds, command, and the hash of each file above

Every file is written under a temporary name and then renamed, the manifest last: a folder whose manifest fits its files
is complete. Numbers are stored as the model wrote them, float32.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

    from experiments.compare import Comparison
    from sim.levers import InForce
    from sim.scenario import Policy, Scenario, Shock

__all__ = ["load_comparison", "results_folder", "write_results"]

FORMAT = 2
"""Number of the layout above; it rises when the layout changes."""

MANIFEST = "manifest.json"


@contextmanager
def results_folder(path: Path) -> Iterator[Path]:
    """Make sure, before anything runs, that results can be written to a folder; leave no trace if they are not.

    Parameters
    ----------
    path
        A folder that does not exist yet, an empty one, or one that already holds results (they are replaced).

    Raises
    ------
    InputError
        When the path is a file, holds anything but results, or cannot be written.
    """
    from sim.faults import InputError

    if path.exists() and not path.is_dir():
        raise InputError(f"--out {path}: this is a file; name a folder")
    missing = [each for each in (path, *path.parents) if not each.exists()]
    try:
        path.mkdir(parents=True, exist_ok=True)
        if any(path.iterdir()) and not (path / MANIFEST).is_file():
            raise InputError(f"--out {path}: the folder holds other files; name a new or an empty folder")
        probe = path / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        _remove_empty(missing)
        raise InputError(f"--out {path}: cannot be written ({error.strerror}); name another folder") from None
    try:
        yield path
    except BaseException:
        _remove_empty(missing)
        raise


def write_results(comparison: Comparison, folder: Path, *, command: Sequence[str] = (), scale_chosen: str = "given") -> None:
    """Write a comparison into an existing folder, replacing the results that are there.

    Parameters
    ----------
    comparison
        What to write.
    folder
        An existing folder, see `results_folder`.
    command
        The arguments that asked for it, kept as they are.
    scale_chosen
        Whether the scale was "given" or "auto".
    """
    from experiments.spreadsheets import csv_bytes
    from experiments.summaries import levels_object, summary_object

    summary = summary_object(comparison) if comparison.policies else levels_object(comparison)
    _remove_drawings(folder)
    writers: dict[str, Callable[[Path], object]] = {
        "scenario.yaml": lambda path: path.write_text(_scenario_text(comparison), "utf-8"),
        "city_monthly.parquet": lambda path: _write_parquet(_city_table(comparison), path),
        "neighbourhood_yearly.parquet": lambda path: _write_parquet(_place_table(comparison), path),
        "in_force.parquet": lambda path: _write_parquet(_in_force_table(comparison), path),
        "summary.csv": lambda path: path.write_bytes(csv_bytes(comparison.table())),
        "summary.json": lambda path: path.write_text(_json_text(summary), "utf-8"),
        "neighbourhoods.csv": lambda path: _write_neighbourhoods(comparison, path),
    }
    hashes = {name: _write_whole(folder / name, write) for name, write in writers.items()}
    manifest = _manifest(comparison, command, scale_chosen) | {"files": hashes}
    _write_whole(folder / MANIFEST, lambda path: path.write_text(_json_text(manifest), "utf-8"))


def load_comparison(folder: Path) -> Comparison:
    """Return the comparison that a folder holds, byte for byte as it was written.

    Raises
    ------
    InputError
        When the folder holds no results, or they are incomplete, changed, or of another format or list of outcomes.
    """
    from experiments.compare import Comparison
    from experiments.parquet import read_parquet
    from sim.faults import InputError
    from sim.files import load
    from sim.outcomes import OUTCOMES
    from sim.scenario import Scenario

    manifest = _read_manifest(folder)
    for name in ("scenario.yaml", "city_monthly.parquet", "neighbourhood_yearly.parquet", "in_force.parquet"):
        path = folder / name
        if not path.is_file() or _file_hash(path) != manifest["files"].get(name):
            raise InputError(f"{path}: is missing or was changed since it was written; run the comparison again")
    names = [outcome.name for outcome in OUTCOMES]
    if manifest["outcomes"] != names:
        raise InputError(f"{folder}: has the outcomes of another version of the model; run it again")
    scenario = load(Scenario, folder / "scenario.yaml", str(folder / "scenario.yaml"))
    arms, futures, months = len(scenario.policies), scenario.replications, scenario.months
    places = len(scenario.city.neighbourhoods)
    years = -(-months // 12)

    def values(name: str, *axes: int) -> np.ndarray[Any, np.dtype[np.float32]]:
        table = read_parquet(folder / name, names)
        return np.stack([table.column(each).to_numpy() for each in names], axis=-1).reshape(*axes, len(names))

    return Comparison(
        city=scenario.city,
        policies=scenario.policies[1:],
        against=scenario.policies[0],
        months=months,
        replications=futures,
        seed=scenario.seed,
        scale=manifest["scale"],
        seeds=tuple(manifest["seeds"]),
        city_monthly=values("city_monthly.parquet", arms, futures, months),
        place_yearly=values("neighbourhood_yearly.parquet", arms, futures, years, places),
        parameters=scenario.parameters,
        shocks=scenario.shocks,
        without=scenario.without,
        made_with=manifest["made_with"],
        events=tuple(manifest["events"][policy.name] for policy in scenario.policies),
        in_force=_read_in_force(scenario, folder),
    )


def _manifest(comparison: Comparison, command: Sequence[str], scale_chosen: str) -> dict[str, Any]:
    """Return what the results come from; nothing of the machine or its user but the command's own arguments."""
    from sim.outcomes import OUTCOMES

    events = comparison.events or tuple({} for _ in comparison.arms)
    return {
        "format": FORMAT,
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
        "outcomes": [outcome.name for outcome in OUTCOMES],
        "events": {policy.name: dict(counts) for policy, counts in zip(comparison.arms, events, strict=True)},
    }


def _read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder of results."""
    from sim.faults import InputError

    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_bytes())
    except OSError:
        remedy = "give a folder that citysafety compare wrote with --out"
        raise InputError(f"{folder}: holds no results (no {MANIFEST}); {remedy}") from None
    except ValueError:
        raise InputError(f"{path}: is not JSON; run the comparison again") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise InputError(f"{path}: has another format than {FORMAT}; run the comparison again")
    return manifest


def _scenario_text(comparison: Comparison) -> str:
    """Return the scenario as run, as YAML that `sim.files` reads."""
    import yaml

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

    class Dumper(yaml.SafeDumper):
        """Writes texts that begin with anything but a letter in quotes, and no aliases."""

        def ignore_aliases(self, data: object) -> bool:
            return True

    def quote(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
        style = None if text[:1].isalpha() else '"'
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    Dumper.add_representer(str, quote)
    values = scenario.model_dump(mode="json", exclude_none=True)
    return yaml.dump(values, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=120)


def _city_table(comparison: Comparison) -> pa.Table:
    """Return the monthly results of the city, one row for each arm, future and month."""
    months = np.arange(1, comparison.months + 1, dtype=np.int16)
    return _table(comparison, comparison.city_monthly, {"month": months})


def _place_table(comparison: Comparison) -> pa.Table:
    """Return the yearly results of the neighbourhoods, one row for each arm, future, year and neighbourhood."""
    names = np.array([place.name for place in comparison.city.neighbourhoods], dtype=object)
    years = comparison.place_yearly.shape[2]
    keys = {
        "year": np.repeat(np.arange(1, years + 1, dtype=np.int16), len(names)),
        "neighbourhood": np.tile(names, years),
    }
    return _table(comparison, comparison.place_yearly, keys)


def _table(comparison: Comparison, values: Any, keys: Mapping[str, Any]) -> pa.Table:
    """Return values [arm, replication, ..., outcome] as a table; keys: each [rows within one future]."""
    import pyarrow as pa

    from sim.outcomes import OUTCOMES

    arms, futures = len(comparison.arms), comparison.replications
    rows = len(next(iter(keys.values())))
    columns = {
        "policy": np.repeat(np.array([policy.name for policy in comparison.arms], dtype=object), futures * rows),
        "replication": np.tile(np.repeat(np.arange(futures, dtype=np.int32), rows), arms),
        "seed": np.tile(np.repeat(np.array(comparison.seeds, dtype=np.int64), rows), arms),
    }
    columns |= {name: np.tile(key, arms * futures) for name, key in keys.items()}
    flat = values.reshape(-1, len(OUTCOMES))
    columns |= {outcome.name: np.ascontiguousarray(flat[:, column]) for column, outcome in enumerate(OUTCOMES)}
    return pa.table(columns)


def _in_force_table(comparison: Comparison) -> pa.Table:
    """Return what became of measures and shocks, one row for each arm, future, and measure or shock."""
    import pyarrow as pa

    names = [place.name for place in comparison.city.neighbourhoods]
    rows = [
        {
            "policy": arm.name,
            "replication": replication,
            "seed": comparison.seeds[replication],
            "row": row,
            "name": name,
            "began": each.began,
            "ended_by_election": each.cut,
            "neighbourhoods": [names[i] for i in each.places],
        }
        for arm, futures in zip(comparison.arms, comparison.in_force, strict=False)
        for replication, acted in enumerate(futures)
        for row, (name, each) in enumerate(zip(_acting(arm, comparison.shocks), acted, strict=False), start=1)
    ]
    kinds = {"policy": pa.string(), "replication": pa.int32(), "seed": pa.int64(), "row": pa.int16(), "name": pa.string()}
    kinds |= {"began": pa.int16(), "ended_by_election": pa.bool_(), "neighbourhoods": pa.list_(pa.string())}
    return pa.Table.from_pylist(rows, schema=pa.schema(list(kinds.items())))


def _read_in_force(scenario: Scenario, folder: Path) -> tuple[tuple[tuple[InForce, ...], ...], ...]:
    """Return what became of measures and shocks, as `_in_force_table` wrote it."""
    from experiments.parquet import read_parquet
    from sim.levers import InForce

    places = {place.name: i for i, place in enumerate(scenario.city.neighbourhoods)}
    rows = read_parquet(folder / "in_force.parquet").to_pylist()
    if not rows:
        return ()
    read = (
        InForce(row["began"], row["ended_by_election"], tuple(places[name] for name in row["neighbourhoods"]))
        for row in rows
    )
    return tuple(
        tuple(tuple(next(read) for _ in _acting(arm, scenario.shocks)) for _ in range(scenario.replications))
        for arm in scenario.policies
    )


def _acting(arm: Policy, shocks: Sequence[Shock]) -> list[str]:
    """Name the measures of a policy and the shocks, in the order in which what became of them is kept."""
    return [*(use.measure for use in arm.measures), *(shock.name for shock in shocks)]


def _write_parquet(table: pa.Table, path: Path) -> None:
    import pyarrow.parquet as pq

    pq.write_table(table, path, compression="zstd")


def _write_neighbourhoods(comparison: Comparison, path: Path) -> None:
    """Write the summary by neighbourhood, for every outcome that is kept there."""
    import pandas as pd

    from experiments.spreadsheets import csv_bytes
    from sim.outcomes import OUTCOMES

    frames = []
    for column, outcome in enumerate(OUTCOMES):
        if not np.isnan(comparison.place_yearly[..., column]).all():
            frame = comparison.by_neighbourhood(outcome.name)
            frame.insert(0, "outcome", outcome.name)
            frames.append(frame)
    table = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    path.write_bytes(csv_bytes(table))


def _json_text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _write_whole(path: Path, write: Callable[[Path], object]) -> str:
    """Write a file under a temporary name, rename it into place, and return the hash of its bytes."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        digest = _file_hash(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return digest


def _file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _remove_drawings(folder: Path) -> None:
    """Remove the report and figures of earlier results, which would not belong to the new ones."""
    if (folder / MANIFEST).is_file():
        for path in (folder / "report.html", *sorted((folder / "figures").glob("*.*"))):
            if path.suffix in (".html", ".png", ".svg", ".pdf"):
                path.unlink(missing_ok=True)


def _remove_empty(folders: Sequence[Path]) -> None:
    """Remove the folders, innermost first, that exist and are empty."""
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:
            return
