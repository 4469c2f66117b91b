"""The settings of a store: the number of its format, and what it keeps over time, with a hash over themselves."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from experiments.store.seals import NO_SEAL, DamagedError, seal, seal_holds
from experiments.store.whole_files import write_whole
from sim.outcomes import HEADLINES, OUTCOMES
from sim.renamed import new_names

__all__ = [
    "FORMAT",
    "SEALED",
    "SETTINGS",
    "UNSEALED",
    "Keep",
    "Places",
    "keep_text",
    "kept_under_old_names",
    "read_settings",
    "without_settings",
    "write_settings",
]

FORMAT = 3
"""Number of the layout of a store; it rises when the layout changes."""
SEALED = 2
"""The format of version 0.2.0, whose runs have other ids and do not say what was run: it is read, and never added to."""
UNSEALED = 1
"""The format of version 0.1.0, whose files carry no hashes either."""

SETTINGS = "store.json"

Places = Literal["none", "yearly", "monthly"]


@dataclass(frozen=True)
class Keep:
    """What a store keeps over time, besides every outcome averaged over all months.

    Parameters
    ----------
    monthly
        Names of the outcomes that are kept by month for the city, and by neighbourhood where those are kept.
    places
        Whether they are kept by neighbourhood too: "none", "yearly" (means over the months of a year) or "monthly".
    """

    monthly: tuple[str, ...] = HEADLINES
    places: Places = "none"

    def __post_init__(self) -> None:
        """Refuse what cannot be kept."""
        from sim.errors import InputError, did_you_mean, show

        object.__setattr__(self, "monthly", tuple(self.monthly))
        known = [outcome.name for outcome in OUTCOMES]
        for place, name in enumerate(self.monthly):
            if name not in known:
                raise InputError(f"keep.monthly[{place}] is {show(name)}, which is no outcome; {did_you_mean(name, known)}")
            if name in self.monthly[:place]:
                raise InputError(f"keep.monthly[{place}] is {show(name)} a second time; name it once")
        if self.places not in get_args(Places):
            raise InputError(f"keep.places is {show(self.places)}; give {' or '.join(get_args(Places))}")
        if self.places != "none" and not self.monthly:
            raise InputError("keep.monthly is empty, so nothing can be kept by neighbourhood; name an outcome")


def write_settings(path: Path, keep: Keep, number: int = FORMAT) -> None:
    """Write the settings of a store, with a hash over themselves where its format has one.

    Raises
    ------
    OSError
        If they cannot be written.
    """
    if number == UNSEALED:
        write_whole(path / SETTINGS, _settings_without_hash(asdict(keep)))
        return
    text = json.dumps({"format": number, "keep": asdict(keep), "hash": NO_SEAL}, indent=2) + "\n"
    write_whole(path / SETTINGS, seal(text.encode()))


def read_settings(path: Path) -> tuple[int, Keep]:
    """Return the format of a store and what it keeps, after making sure that this version can read it."""
    from sim.errors import InputError, show

    remedy = f"citysafety store repair {path.parent} writes it again from the runs"
    try:
        content = path.read_bytes()
        said = json.loads(content)
        number, kept = said["format"], said["keep"]
        known = number in (FORMAT, SEALED, UNSEALED)
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise DamagedError(f"{path}: is damaged, or no description of a store ({error}); {remedy}") from None
    holds = isinstance(said.get("hash"), str) and seal_holds([content], said["hash"])
    if not known and (holds or "hash" not in said):
        says = f"format is {show(number)}; this version reads {UNSEALED} to {FORMAT}; use the version that wrote it"
        raise InputError(f"{path}: {says}")
    if not holds and not (number == UNSEALED and content == _settings_without_hash(kept)):
        raise DamagedError(f"{path}: is damaged (it is not what was written); {remedy}")
    try:
        # Earlier versions kept outcomes under other names; whoever reads a shard is given the new ones too.
        return number, Keep(monthly=tuple(dict.fromkeys(new_names(kept["monthly"]))), places=kept["places"])
    except (TypeError, KeyError, ValueError) as error:
        raise InputError(f"{path}: keep is not as this version writes it ({error}); name the folder of a store") from None


def kept_under_old_names(path: Path) -> bool:
    """Return whether the settings of a store name outcomes as an earlier version did."""
    monthly: list[str] = json.loads(path.read_bytes())["keep"]["monthly"]
    return new_names(monthly) != monthly


def _settings_without_hash(keep: Any) -> bytes:
    """Return the settings as version 0.1.0 wrote them."""
    return (json.dumps({"format": UNSEALED, "keep": keep}, indent=2) + "\n").encode()


def without_settings(path: Path) -> str:
    """Return what to say of a store whose settings are gone."""
    return f"{path / SETTINGS}: is missing, but there are runs; citysafety store repair {path} writes it again from them"


def keep_text(keep: Keep) -> str:
    """Return what is kept, in words."""
    places = "" if keep.places == "none" else f", by neighbourhood {keep.places}"
    return f"{', '.join(keep.monthly) or 'nothing'} by month{places}"
