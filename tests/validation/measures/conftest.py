"""Futures that tests of more than one pillar read."""

from __future__ import annotations

import pytest

from sim.measures import find_measure
from tests.validation.futures import city_with, policy_of
from tests.validation.measures.claims import SANDBOX, Lived, use


@pytest.fixture(scope="package")
def decades() -> Lived:
    """The sandbox over sixteen years, for what takes so long."""
    arms = [policy_of(find_measure(row).name, use(row)) for row in ("P-E11", "P-S8")]
    return Lived(SANDBOX, arms, months=192)


@pytest.fixture(scope="package")
def bought() -> Lived:
    """A city whose officials are mostly bought, over ten years."""
    arms = [
        policy_of("walk", use("P-G1")),
        policy_of("reform", use("P-E11")),
        policy_of("reform-and-walk", use("P-E11"), use("P-G1")),
        policy_of("lawfulness", use("P-G8")),
        policy_of("soldiers-leave", use("P-E7", stop=24)),
        policy_of("reform-and-soldiers-leave", use("P-E11"), use("P-E7", stop=24)),
    ]
    return Lived(city_with(SANDBOX, levels={"integrity": 0.25}), arms, months=120)
