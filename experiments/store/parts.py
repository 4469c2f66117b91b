"""What many runs of a store share, kept once: cities, policies, shocks, measures of plugins, and the hashes of outcomes.

One file a part, parts/HASH.json: its canonical JSON, whose hash is its name, so each file proves itself. A row of runs/
names the parts by their hashes, and says at which levels the measures of its policy were used; together they give back
what was run (`ran`). A part that is lost is noted by an empty file parts/HASH.lost: the runs that name it are whole, and the
next study that asks for one of them writes it again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.store.run_id import part_hash
from experiments.store.seals import DamagedError, hash_of
from experiments.store.whole_files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa
    from pydantic import BaseModel

    from experiments.execution.runner import Job
    from sim.measures import Measure
    from sim.scenario import Policy

__all__ = [
    "NAMING",
    "PARTS",
    "Parts",
    "broken",
    "lost_parts",
    "named_in",
    "note_lost",
    "own_measures",
    "parts_of",
    "ran",
    "read_part",
    "recorded_in",
    "recorder",
    "restore_parts",
    "staleness",
    "write_part",
]

PARTS = "parts"
"""The folder that they are kept in."""
LOST = ".lost"
"""How the name of a file ends that notes a lost part."""

NAMING = ("city_hash", "policy_part", "recorder", "shock_hashes", "measure_parts")
"""The columns of runs/ that name parts; the last two hold lists."""


class Parts(NamedTuple):
    """What one run is made of, as its row says it."""

    city: str
    policy: str
    """Hash of the policy at full strength: each measure at level 1."""
    levels: Mapping[str, float | dict[str, float]]
    """Level of each measure; the second use of a measure is called "P-E1#2"."""
    shocks: tuple[str, ...]
    measures: tuple[str, ...]
    """The measures of plugins that the policy uses, as they were declared."""
    texts: Mapping[str, bytes]
    """The content of each part by its hash, that of the outcomes' hashes (`recorder`) too."""


_known: dict[int, tuple[BaseModel, tuple[str, bytes]]] = {}
LARGEST_MEMORY = 256


def parts_of(job: Job, arm: int) -> Parts:
    """Return what one arm of a job is made of."""
    policy = job.policies[arm]
    city, whole = _named(job.city), _named(_at_full_strength(policy))
    shocks = [_named(shock) for shock in job.shocks_of(arm)]
    own = [_declared(measure) for _, measure in sorted(own_measures([policy]).items())]
    texts = dict([city, whole, *shocks, *own, recorder()])
    shock_names, own_names = (tuple(name for name, _ in each) for each in (shocks, own))
    return Parts(city[0], whole[0], levels_of(policy), shock_names, own_names, texts)


def own_measures(policies: Iterable[Policy]) -> dict[str, Measure]:
    """Return what the measures of plugins declare that policies use, by row."""
    return {use.measure: use.own for policy in policies for use in policy.measures if use.own is not None}


def _declared(measure: Measure) -> tuple[str, bytes]:
    """Return the hash and the content of the part that holds what a measure declares."""
    from sim.measures.own import as_data

    text = _text(as_data(measure))
    return hash_of(text), text


def recorder() -> tuple[str, bytes]:
    """Return the hash and the content of the part that holds today's hash of each outcome."""
    from sim.identity import outcome_hashes

    text = _text(dict(outcome_hashes()))
    return hash_of(text), text


def _text(value: Any) -> bytes:
    """Return the canonical JSON of a part."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def recorded_in(folder: Path, name: str) -> Mapping[str, str]:
    """Return the hash of each outcome that a part of a store holds: nothing where it is lost, unless it is today's."""
    today, text = recorder()
    if name == today:
        return dict(json.loads(text))
    try:
        return dict(read_part(folder, name))
    except DamagedError:
        return {}


def write_part(folder: Path, name: str, content: bytes) -> None:
    """Write a part into a store, unless its file is whole; it is not lost then.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    path = _file(folder, name)
    if not _is_whole(path):
        path.parent.mkdir(exist_ok=True)
        write_whole(path, content)
    path.with_suffix(LOST).unlink(missing_ok=True)


def note_lost(folder: Path, name: str) -> None:
    """Clear a damaged part away, and note that it is lost.

    Raises
    ------
    OSError
        If that cannot be written.
    """
    path = _file(folder, name)
    path.parent.mkdir(exist_ok=True)
    write_whole(path.with_suffix(LOST), b"")
    path.unlink(missing_ok=True)


def lost_parts(folder: Path) -> set[str]:
    """Return the parts of a store that were noted as lost."""
    return {path.stem for path in (folder / PARTS).glob(f"[!.]*{LOST}")}


def restore_parts(folder: Path, jobs: Iterable[Job]) -> None:
    """Write again the parts of a store that were noted as lost, as far as the jobs have them.

    Raises
    ------
    OSError
        If one cannot be written.
    """
    lost = lost_parts(folder)
    for job in jobs:
        for arm in range(len(job.policies)):
            for name, content in parts_of(job, arm).texts.items():
                if name in lost:
                    write_part(folder, name, content)
                    lost.discard(name)
        if not lost:
            return


def _file(folder: Path, name: str) -> Path:
    return folder / PARTS / f"{name}.json"


def _is_whole(path: Path) -> bool:
    """Return whether the file of a part is what its name says."""
    try:
        return hash_of(path.read_bytes()) == path.stem
    except OSError:
        return False


def read_part(folder: Path, name: str) -> Any:
    """Return what a part of a store says.

    Parameters
    ----------
    folder
        The folder of the store.
    name
        Its hash.

    Raises
    ------
    DamagedError
        When it is damaged or lost.
    """
    path = _file(folder, name)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DamagedError(f"{path}: cannot be read ({error.strerror or error}); {_remedy(folder, name)}") from None
    if hash_of(content) != name:
        raise DamagedError(f"{path}: is damaged (it is not what was written); {_remedy(folder, name)}")
    return json.loads(content)


def named_in(table: pa.Table) -> set[str]:
    """Return the hashes of the parts that rows of runs/ name, given the columns `NAMING`."""
    lists = (text for name in NAMING[-2:] if name in table.column_names for text in table[name].unique().to_pylist())
    several = (each for text in lists for each in json.loads(text or "[]"))
    return {*several, *(each for name in NAMING[:-2] for each in table[name].unique().to_pylist())}


def broken(folder: Path, wanted: set[str]) -> Iterator[tuple[Path, str]]:
    """Yield the file of each part that is damaged, or that is wanted and gone unnoted, and what is wrong with it."""
    here = {path.stem for path in (folder / PARTS).glob("[!.]*.json")}
    for name in sorted((wanted - lost_parts(folder)) | here):
        try:
            read_part(folder, name)
        except DamagedError as error:
            yield _file(folder, name), str(error)


def staleness(recorded: Mapping[str, str], outcomes: Any = None) -> int:
    """Return how many outcomes were recorded otherwise than today, or not at all.

    Parameters
    ----------
    recorded
        Hash of each outcome as it was recorded.
    outcomes
        Names of those that count; all of today when left out.
    """
    from sim.identity import outcome_hashes

    today = outcome_hashes()
    return sum(recorded.get(name) != today.get(name) for name in (today if outcomes is None else outcomes))


def ran(folder: Path, row: Mapping[str, Any]) -> Job:
    """Return the job of one arm that a row of runs/ stands for; its id is the row's, if the model is the same.

    Parameters
    ----------
    folder
        The folder of the store.
    row
        The row, by column.

    Raises
    ------
    DamagedError
        When one of its parts is damaged or lost.
    InputError
        When this version cannot read a part.
    """
    from experiments.execution.runner import Job
    from sim.added_measures import alone
    from sim.files import check
    from sim.measures.own import from_data
    from sim.renamed import with_new_names
    from sim.scenario import City, Policy, Shock
    from sim.scenario.level import read_level

    def part(model: type[BaseModel], name: str) -> Any:
        return check(model, with_new_names(read_part(folder, name)), str(_file(folder, name)))

    levels = json.loads(row["levels"])
    declared = {name: read_part(folder, name) for name in json.loads(row.get("measure_parts") or "[]")}
    own = [from_data(data, str(_file(folder, name))) for name, data in declared.items()]
    with alone(own, str(folder)):
        policy: Policy = part(Policy, row["policy_part"])
    uses = tuple(
        use.model_copy(update={"level": read_level(level)})
        for use, level in zip(policy.measures, levels.values(), strict=True)
    )
    return Job(
        city=part(City, row["city_hash"]),
        policies=(policy.model_copy(update={"measures": uses}),),
        seed=row["seed"],
        months=row["months"],
        scale=row["scale"],
        parameters=with_new_names(json.loads(row["parameters"]), "parameters"),
        shocks=tuple(part(Shock, name) for name in json.loads(row["shock_hashes"])),
        without=tuple(json.loads(row["without"])),
        study=row["study"],
    )


def levels_of(policy: Policy) -> dict[str, float | dict[str, float]]:
    """Return the level of each measure of a policy, in its order; the second use of a measure is called "P-E1#2".

    One that changes is a mapping from the text of a month to the level from then on.
    """
    from sim.scenario.level import as_json

    levels: dict[str, float | dict[str, float]] = {}
    for use in policy.measures:
        number = 1 + sum(name.partition("#")[0] == use.measure for name in levels)
        levels[use.measure if number == 1 else f"{use.measure}#{number}"] = as_json(use.level)
    return levels


def _at_full_strength(policy: Policy) -> Policy:
    if all(use.level == 1.0 for use in policy.measures):
        return policy
    uses = tuple(use.model_copy(update={"level": 1.0}) for use in policy.measures)
    return policy.model_copy(update={"measures": uses})


def _named(part: BaseModel) -> tuple[str, bytes]:
    """Return the hash and the content of a part; those of a part that was seen are remembered."""
    known = _known.get(id(part))
    if known is not None and known[0] is part:
        return known[1]
    found = part_hash(part), _text(part.model_dump(mode="json"))
    if len(_known) >= LARGEST_MEMORY:
        _known.clear()
    _known[id(part)] = (part, found)
    return found


def _remedy(folder: Path, name: str) -> str:
    again = "the next study that asks for a run with it writes it again"
    return again if name in lost_parts(folder) else f"citysafety store repair {folder} mends the store, and {again}"
