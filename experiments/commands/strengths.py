"""The size of a parameter in words that need no logarithm: "16% (8 to 30%)", whatever unit the model keeps it in."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.parameters import Parameter

__all__ = ["how_strong", "number_text", "size_words"]

SLIGHT, STRONG = 5.0, 20.0
"""Effects under the first, in per cent or points, are called slight, those from the second on strong."""

LOGARITHMS = ("logit", "log", "log hazard", "elasticity")
"""Units in which the model adds up effects."""
PLAIN = (
    "share",
    "share a year",
    "share of the gap to 1",
    "per month",
    "per month and share",
    "months",
    "ratio",
    "SD",
    "killings per killing",
    "soldiers per 1000",
    "US dollars of 2019 a year",
    "per dose",
)
"""Units that need no more than a percentage or a noun."""

ELASTICITIES = ("log per log", "log hazard per log")
"""Units that are told as an elasticity is: what answers to the logarithm of something, for each 10% more of it."""

EFFECTS = ("Fall", "Rise", "Gain", "Reduction", "Effect")
FALLS = ("Fall", "Reduction")
"""How the text of a parameter begins that tells an effect, and one that lowers something."""
SIGNED = ("Fall", "Rise", "Gain", "Reduction")
"""How it begins where it says which way the effect goes, so that below zero is the other way."""


def size_words(parameter: Parameter) -> str:
    """Return the size of an effect with its range, such as "moderate, 16% (8 to 30%)".

    Parameters
    ----------
    parameter
        A parameter; its range is that of the declaration, which a sensitivity study explores.

    Returns
    -------
    str
        Empty where its unit is best left as it is.
    """
    if not _is_told(parameter):
        return ""
    ends = [_amount(parameter, each) for each in (parameter.default, parameter.low, parameter.high)]
    middle, low, high = (_rounded(each) for each in ends)
    unit = _unit(parameter)
    text = f"{middle}{unit} ({low} to {high}{'%' if unit == '%' else ''}){_per(parameter)}"
    if not _is_graded(parameter):
        return text
    other_way = f"; below 0 a {'rise' if parameter.says.startswith(FALLS) else 'fall'}" if parameter.low < 0.0 else ""
    return f"{how_strong(ends[0])}, {text}{other_way}"


def _is_told(parameter: Parameter) -> bool:
    """Return whether a size can be told in words: effects whose direction is known, and plain shares and times."""
    unit = _per_share(parameter.unit)
    if unit in LOGARITHMS:
        return parameter.low >= 0.0 or parameter.says.startswith(SIGNED)
    return unit in PLAIN or (unit.startswith("share of") and not parameter.unit.endswith("per share"))


def how_strong(amount: float) -> str:
    """Return a word for an effect in per cent or percentage points: slight, moderate or strong."""
    return "slight" if abs(amount) < SLIGHT else "strong" if abs(amount) >= STRONG else "moderate"


def number_text(value: float) -> str:
    """Return a number with at most three significant digits, and no exponent where people read none."""
    text = f"{value:.3g}"
    return f"{float(text):,.0f}" if "e+" in text else text


def _is_graded(parameter: Parameter) -> bool:
    """Return whether the size is an effect whose strength can be named."""
    unit = _per_share(parameter.unit)
    return parameter.says.startswith(EFFECTS) and (unit in LOGARITHMS or unit.startswith("share"))


def _per_share(unit: str) -> str:
    """Return a unit without its "per share", which tells that it answers to another share; "elasticity" for its like."""
    if unit in ELASTICITIES:
        return "elasticity"
    return unit.removesuffix(" per share").removesuffix("per share") or "share"


def _amount(parameter: Parameter, value: float) -> float:
    """Return a value in the measure in which it is told: per cent, points, or its own unit."""
    if parameter.unit.endswith("per share"):
        value /= 10.0
    unit = _per_share(parameter.unit)
    falls = parameter.says.startswith(FALLS)
    told: dict[str, Callable[[float], float]] = {
        "logit": lambda x: 100.0 * (1.0 / (1.0 + math.exp(-x)) - 0.5),
        "log": lambda x: 100.0 * ((1.0 - math.exp(-x)) if falls else (math.exp(x) - 1.0)),
        "log hazard": lambda x: 100.0 * ((1.0 - math.exp(-x)) if falls else (math.exp(x) - 1.0)),
        "elasticity": lambda x: 100.0 * ((1.0 - 1.1**-x) if falls else (1.1**x - 1.0)),
        # (1 - exp(-x/2)) / (1 - exp(-x)), what half the dose reaches of what a full one does.
        "per dose": lambda x: 100.0 / (1.0 + math.exp(-x / 2.0)),
        "per month": lambda x: 100.0 * x,
        "per month and share": lambda x: 100.0 * x,
    }
    if unit in told:
        return told[unit](value)
    return 100.0 * value if unit.startswith("share") else value


def _rounded(amount: float) -> str:
    """Return an amount as whole from 2 on, and with two significant digits below."""
    return f"{amount:,.0f}" if abs(amount) >= 2.0 else f"{amount:.2g}"


def _unit(parameter: Parameter) -> str:
    """Return what follows the number."""
    unit = _per_share(parameter.unit)
    if unit == "logit":
        return " percentage points"
    if unit in LOGARITHMS or unit.startswith(("share", "per month", "per dose")):
        return "%"
    return {"ratio": " times", "SD": " standard deviations"}.get(unit, f" {unit}")


def _per(parameter: Parameter) -> str:
    """Return what a size is relative to, where its unit says so."""
    unit = _per_share(parameter.unit)
    tail = {
        "logit": " where it was 50%",
        "share of the gap to 1": " of what was missing",
        "elasticity": " for each 10% more",
        "share a year": " a year",
        "per dose": " of the full reach at half the dose",
        "per month": " a month",
        "per month and share": " a month",
    }.get(unit, f" {unit.removeprefix('share ')}" if unit.startswith("share of") else "")
    return f"{tail}, for each 10 points more" if parameter.unit.endswith("per share") else tail
