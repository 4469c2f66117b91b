"""Policies made of pillars: the shipped policies of the four pillars, alone or together, each at a level of its own.

    pillar_policy("regulation=0.5,engagement")      regulation at half level, engagement in full
    pillar_policy("all=0.5")                        all four at half level

A level multiplies that of each measure, also where it changes by month or by rules. What comes out is a policy like any
other: written into a file and read again it is the same, and so are its runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Real

from sim.enumerations import PILLARS
from sim.errors import InputError, did_you_mean, show
from sim.files import joined_slug
from sim.numerals import Wanted, meanings, plain, read_plain
from sim.scenario.packaged import load_policy
from sim.scenario.policy import Policy

__all__ = ["PillarsLike", "pillar_policy"]

type PillarsLike = str | Mapping[str, float]

ALL = "all"
"""Stands for all pillars."""
TOGETHER = "all_four"
"""The shipped policy of all pillars."""

EXAMPLE = "regulation=0.5,engagement"
LEVEL = Wanted(False, 0, 1, open_low=True)
DIGITS = 12
"""Digits of a level, so that .1 of .7 is .07, as a name and a file say it."""
LONGEST_TITLE = 80


def pillar_policy(pillars: PillarsLike, *, source: str = "pillars") -> Policy:
    """Return the policy of one pillar or of several, each at a level of its own.

    Parameters
    ----------
    pillars
        A text such as "regulation=0.5,engagement", or a mapping of pillars to levels such as {"regulation": 0.5,
        "engagement": 1}. A level is above 0 and up to 1, in a text 1 where it is left out; "all" stands for all four.
    source
        What to call the origin of the pillars in a message.

    Returns
    -------
    Policy
        The measures of the policies `regulation`, `enforcement`, `engagement` and `resilience` that are named, in this
        order. One of them in full is that policy itself, all four in full are `all_four`.

    Raises
    ------
    InputError
        When nothing is named, a pillar is unknown or named twice, or a level is not above 0 and up to 1.
    """
    parts = _parts(pillars, source)
    levels = _levels(parts, f"{source} {show(pillars, longest=80)}" if isinstance(pillars, str) else source)
    if set(levels.values()) == {1.0} and len(levels) in (1, len(PILLARS)):
        return load_policy(TOGETHER if len(levels) > 1 else next(iter(levels)))
    uses = [use.at(level, DIGITS) for name, level in levels.items() for use in load_policy(name).measures]
    said = [f"of {name}{'' if level == 1.0 else f' at {plain(level)} times their level'}" for name, level in levels.items()]
    return Policy(
        name=_name(levels),
        title=_title(levels),
        pillar=next(pillar for pillar in PILLARS if pillar in levels) if len(levels) == 1 else None,
        about=f"The measures {_listed(said)}, else each as in the policy of its pillar.",
        measures=tuple(uses),
    )


def _parts(given: object, source: str) -> list[tuple[object, object]]:
    """Return the pillars that are named, each with its level, neither of them checked yet."""
    if isinstance(given, str):
        pairs = [part.partition("=") for part in given.split(",")] if given.strip() else []
        parts: list[tuple[object, object]] = [(name.strip(), level.strip() if eq else 1.0) for name, eq, level in pairs]
    elif isinstance(given, Mapping):
        parts = list(given.items())
    else:
        says = f'give a text such as "{EXAMPLE}", or a mapping of pillars to levels'
        raise InputError(f"{source} is {show(given)}; {says}")
    if not parts:
        raise InputError(f"{source} is empty; name pillars, each with a level or in full, such as {EXAMPLE}")
    return parts


def _levels(parts: Sequence[tuple[object, object]], source: str) -> dict[str, float]:
    """Return the level of each pillar that is named, in the order of the pillars."""
    levels: dict[str, float] = {}
    for place, (name, given) in enumerate(parts, start=1):
        if name == "":
            raise InputError(f"{source}: part {place} names no pillar; give {', '.join(PILLARS)} or {ALL}")
        if not isinstance(name, str) or name not in (*PILLARS, ALL):
            raise InputError(f"{source}: {show(name)} is no pillar; {did_you_mean(str(name), [*PILLARS, ALL])}")
        level = _level(name, given, source)
        for pillar in PILLARS if name == ALL else (name,):
            if pillar in levels:
                others = f", since {ALL} stands for the four of them" if ALL in {each for each, _ in parts} else ""
                raise InputError(f"{source}: {pillar} is named twice{others}; keep one")
            levels[pillar] = level
    return {pillar: levels[pillar] for pillar in PILLARS if pillar in levels}


def _level(name: str, given: object, source: str) -> float:
    """Return a level as a text or a mapping gives it."""
    number = read_plain(given) if isinstance(given, str) else given
    # A number of numpy is a Real of its own; a truth value is one of Python's.
    if not isinstance(number, bool) and isinstance(number, Real) and LEVEL.takes(level := round(float(number), DIGITS)):
        return level
    meant = next((each for each in meanings(str(given)) if LEVEL.takes(round(each, DIGITS))), 0.5)
    remedy = f"give {LEVEL.words()}, such as {name}={plain(meant)}{', or leave it out' if number == 0 else ''}"
    raise InputError(f"{source}: the level of {name} is {show(given)}; {remedy}")


def _alike(levels: Mapping[str, float]) -> float | None:
    """Return the level that all four pillars have; None where they differ, or some are left out."""
    return next(iter(levels.values())) if len(levels) == len(PILLARS) and len(set(levels.values())) == 1 else None


def _name(levels: Mapping[str, float]) -> str:
    """Return the name of a policy, such as regulation_0_5_engagement."""
    whole = levels if (level := _alike(levels)) is None else {TOGETHER: level}
    words = [name if level == 1.0 else f"{name}_{plain(level).replace('.', '_')}" for name, level in whole.items()]
    return joined_slug(words, "_")


def _title(levels: Mapping[str, float]) -> str:
    """Return the title of a policy, such as "Regulation at half level with engagement in full"."""
    if (level := _alike(levels)) is not None:
        return f"All four pillars {_at(level)}"
    is_full = set(levels.values()) == {1.0}
    words = [name if is_full else f"{name} {_at(level)}" for name, level in levels.items()]
    whole = words[0] + (f" with {_listed(words[1:])}" if words[1:] else "")
    # Three levels of many digits are too long a sentence; two digits of each always fit.
    shorts = (", ".join(f"{name} {level:.{digits}g}" for name, level in levels.items()) for digits in (DIGITS, 3, 2))
    return next(title for title in (whole, *shorts) if len(title) <= LONGEST_TITLE).capitalize()


def _at(level: float) -> str:
    return "in full" if level == 1.0 else "at half level" if level == 0.5 else f"at level {plain(level)}"


def _listed(words: list[str]) -> str:
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)
