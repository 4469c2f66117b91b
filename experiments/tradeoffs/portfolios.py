"""Portfolios: every combination of a few factors, each factor a policy or a single measure.

With k factors there are 2^k portfolios. Portfolio number s holds factor i where bit i of s is set; number 0 is the policy
`baseline`, a single factor is that policy itself, and the rest hold the measures of their factors in the order of the
factors. A measure that two factors share (same measure, same place, same first month) is held once, at the higher of the
two levels: a city cannot open the same programme twice. Where the two differ in anything else, they are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.enumerations import PILLARS
from sim.files import joined_slug

if TYPE_CHECKING:
    from sim.scenario import MeasureUse, Policy

__all__ = ["MOST_FACTORS", "combine", "holds", "load_factor", "load_factors", "portfolios"]

MOST_FACTORS = 7
"""Factors whose combinations are all lived through, at most: 128 portfolios."""

LONGEST_TITLE = 80


def load_factor(text: str) -> Policy:
    """Return a policy by its name or the path of its file, or a single measure at full level as a policy.

    Parameters
    ----------
    text
        "enforcement", "my_policy.yaml", "P-E3" or "focused-deterrence".

    Raises
    ------
    InputError
        Where it is none of these.
    """
    from sim.errors import InputError, did_you_mean
    from sim.measures import every_measure, find_measure
    from sim.scenario import MeasureUse, Policy, list_policies, load_policy

    if text in list_policies() or Path(text).suffix or "/" in text:
        return load_policy(text)
    try:
        measure = find_measure(text)
    except KeyError:
        known = [*list_policies(), *(name for each in every_measure() for name in (each.name, each.row))]
        raise InputError(f"--factor {text}: is no policy and no measure; {did_you_mean(text, known)}") from None
    use = MeasureUse(measure=measure.row)
    return Policy(name=measure.name, title=measure.title, pillar=measure.pillar, about=measure.says, measures=(use,))


def load_factors(texts: Sequence[str]) -> tuple[Policy, ...]:
    """Return the factors of these names; the four pillars where none is named."""
    return tuple(load_factor(text) for text in texts or PILLARS)


def portfolios(factors: Sequence[Policy], *, fewest: int = 1) -> tuple[Policy, ...]:
    """Return all 2^k portfolios of k factors, in the order of the binary numbers that say which factors they hold.

    Parameters
    ----------
    factors
        Policies of different names, none of them `baseline`.
    fewest
        How many factors are needed at least.

    Raises
    ------
    InputError
        When there are too few or too many, two share a name, or two use one measure in ways that cannot be joined.
    """
    from sim.errors import InputError
    from sim.scenario import load_policy

    names = [factor.name for factor in factors]
    for place, name in enumerate(names):
        if name in names[:place]:
            raise InputError(f"--factor {name} is given twice; keep one")
        if name == "baseline":
            raise InputError("--factor baseline: changes nothing and is part of every design; leave it out")
    if not fewest <= len(factors) <= MOST_FACTORS:
        remedy = f"give {fewest} to {MOST_FACTORS}, since all their combinations are run"
        raise InputError(f"--factor is given {len(factors)} times; {remedy}")
    baseline = load_policy("baseline")
    found = []
    for number in range(2 ** len(factors)):
        held = [factor for place, factor in enumerate(factors) if holds(number, place)]
        found.append(combine(held) if len(held) > 1 else (held or [baseline])[0])
    return tuple(found)


def holds(number: int, factor: int) -> bool:
    """Say whether the portfolio of that number holds the factor at that place."""
    return bool(number >> factor & 1)


def combine(policies: Sequence[Policy]) -> Policy:
    """Return one policy with the measures of several.

    Parameters
    ----------
    policies
        At least two.

    Raises
    ------
    InputError
        When two use the same measure at the same place from the same month, but not alike.
    """
    from sim.scenario import Policy

    uses: dict[object, tuple[MeasureUse, str]] = {}
    for policy in policies:
        for use in policy.measures:
            key = (use.measure, use.where, use.start)
            uses[key] = (_joined(uses[key], use, policy.name), uses[key][1]) if key in uses else (use, policy.name)
    titles = [policy.title for policy in policies]
    return Policy(
        name=joined_slug([policy.name for policy in policies], "-"),
        title=_title(titles),
        about=f"The measures of {', '.join(policy.name for policy in policies)}, each as in its own policy.",
        measures=tuple(use for use, _ in uses.values()),
    )


def _joined(known: tuple[MeasureUse, str], use: MeasureUse, policy: str) -> MeasureUse:
    """Return the stronger of two uses of one measure that are alike in everything else."""
    from sim.dates import month_words
    from sim.errors import InputError

    first, owner = known
    stronger = max(first, use, key=lambda each: each.highest_level)
    if first.model_copy(update={"level": stronger.level}) != use.model_copy(update={"level": stronger.level}):
        raise InputError(
            f"policies {owner} and {policy} both use {use.measure} in the same place from {month_words(use.start)}, "
            "but not alike; make the two alike but for the level, or give them different places or months"
        )
    return stronger


def _title(titles: Sequence[str]) -> str:
    """Return the title of a combination, cut to the number of what does not fit."""
    from experiments.comparison.findings import list_words, within

    for kept in range(len(titles), 0, -1):
        rest = len(titles) - kept
        words = [titles[0], *(within(title) for title in titles[1:kept]), *([f"{rest} more"] if rest else [])]
        if len(list_words(words)) <= LONGEST_TITLE:
            return list_words(words)
    return f"{len(titles)} factors"
