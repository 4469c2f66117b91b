"""The forms that keep feedbacks bounded: every process that answers to a driver uses one of these.

target   = logistic(logit(anchor) + sum of effects)       effects are zero when nothing differs from the anchor
contrast = log((x + reference) / (2 reference))           log ratio that falls no lower than log(1/2)
bounded  = limit tanh(x / limit)                            what grows without end when two states raise each other
state   += speed * (target - state)                       trust is lost fast and regained slowly: two speeds
per head = x / residents                                  0 where nobody lives
row      E20
"""

from __future__ import annotations

import math

from sim.compiled import compiled

__all__ = ["adjust", "bounded", "equilibrium", "log_ratio", "logistic", "logit", "per_head", "track"]


@compiled
def logistic(x: float) -> float:
    """Map a real number to a share between 0 and 1."""
    return 1.0 / (1.0 + math.exp(-x))


@compiled
def logit(p: float) -> float:
    """Map a share, kept between .002 and .998, to a real number."""
    p = min(max(p, 0.002), 0.998)
    return math.log(p / (1.0 - p))


@compiled
def equilibrium(anchor: float, effects: float) -> float:
    """Return the share that a state tends to: its anchor, moved by the effects on the logit scale (kept within 4)."""
    if effects == 0.0:
        return anchor
    return logistic(logit(anchor) + min(max(effects, -4.0), 4.0))


@compiled
def adjust(state: float, goal: float, up: float, down: float) -> float:
    """Move a state towards its goal, at one monthly speed upwards and another downwards."""
    return state + (up if goal > state else down) * (goal - state)


@compiled
def log_ratio(value: float, reference: float) -> float:
    """Return log((value + reference) / (2 reference)); zero where the reference is zero."""
    if reference <= 0.0:
        return 0.0
    return math.log((value + reference) / (2.0 * reference))


@compiled
def bounded(x: float, limit: float) -> float:
    """Return x while it is small, and never beyond the limit on either side.

    Where two states raise each other (trust brings witnesses, witnesses solve cases), they would else go on for decades.
    """
    return limit * math.tanh(x / limit)


@compiled
def track(reference: float, driver: float, speed: float) -> float:
    """Let a reference follow its driver while the city settles; at speed 0 it stays, bit for bit."""
    if speed == 0.0:
        return reference
    if reference == 0.0:
        return driver
    return reference + speed * (driver - reference)


@compiled
def per_head(amount: float, residents: float) -> float:
    """Return an amount a resident; 0 where nobody lives."""
    if residents <= 0.0:
        return 0.0
    return amount / residents
