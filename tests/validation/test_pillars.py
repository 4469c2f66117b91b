"""The policies of the demo on Chicago: what the four pillars do, alone and together."""

from __future__ import annotations

import numpy as np
import pytest

from sim.outcomes import outcome_index
from sim.scenario import load_city, load_policy
from tests.validation.futures import Futures, interval

PILLARS = ("regulation", "enforcement", "engagement", "resilience")


@pytest.fixture(scope="module")
def chicago() -> Futures:
    policies = [load_policy(name) for name in (*PILLARS, "all_four", "mass_arrest", "truce")]
    return Futures(load_city("chicago"), policies, seeds=30, months=120, scale=0.03)


def test_all_four_lower_homicide_and_criminal_governance_clearly(chicago):
    assert chicago.change("all_four", "homicide_rate").falls
    assert chicago.change("all_four", "criminal_governance_index").falls


def test_the_size_of_all_four_lies_where_the_issue_expects_it(chicago):
    # Outside 15-60 % would have to be explained in docs/validation.md, not tuned away.
    assert 0.15 < -chicago.change("all_four", "homicide_rate").mean < 0.60


def test_no_pillar_alone_beats_all_four(chicago):
    together = chicago.series("all_four", "homicide_rate")
    for pillar in PILLARS:
        gap = interval(together - chicago.series(pillar, "homicide_rate"), chicago.series("baseline", "homicide_rate"))
        assert gap.falls, f"{pillar}: {gap}"


def test_mass_arrest_alone_refills_and_leaves_prison_abuse_and_distrust(chicago):
    assert chicago.change("mass_arrest", "gang_members", 6, 12).falls
    assert chicago.change("mass_arrest", "gang_members", 36).mean > -0.02
    assert chicago.change("mass_arrest", "prisoners").rises
    assert chicago.change("mass_arrest", "abuse", 0, 12).rises
    assert chicago.change("mass_arrest", "police_legitimacy").falls
    assert not chicago.change("mass_arrest", "homicide_rate").falls


def test_a_truce_halts_killing_not_extortion_and_the_sum_is_about_nothing(chicago):
    assert chicago.change("truce", "homicide_rate", 2, 24).falls
    assert chicago.change("truce", "extortion_share", 6, 24).low > 0.0
    assert chicago.change("truce", "homicide_rate", 24, 60).low > 0.0
    assert abs(chicago.change("truce", "homicide_rate", 0, 72).mean) < 0.08


def test_the_baseline_concentrates_killing_as_the_real_city_does(chicago):
    people = np.array([each.population for each in chicago.city.neighbourhoods], dtype=float)
    poverty = np.array([each.poverty for each in chicago.city.neighbourhoods])
    expected = chicago.yearly[:, 0, :, :, outcome_index("killings_expected")].sum(axis=1)
    shares = np.sort(expected, axis=1)[:, -15:].sum(axis=1) / expected.sum(axis=1)
    correlations = [np.corrcoef(row / people, poverty)[0, 1] for row in expected]
    print(f"15 areas with most killings: {shares.mean():.3f}; correlation with poverty {np.mean(correlations):.2f}")
    assert 0.55 <= shares.mean() <= 0.65
    assert 0.6 < np.mean(correlations) < 0.9
