"""Shocks made for tests."""

from sim.scenario import Shock


def shock(kind, **fields):
    return Shock(
        **{"name": "shock", "title": "Shock", "about": "It happens.", "kind": kind, "size": 0.5, "start": 0, **fields}
    )
