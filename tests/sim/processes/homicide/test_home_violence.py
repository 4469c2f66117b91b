"""Violence at home: by hand, and what strains and shelters homes."""

import math

import pytest

from tests.sim.processes.homicide.changes import field, lever


def test_killings_at_home_follow_deprivation_and_jobs(struck, params):
    param, neighbourhood = params.homicide[0], struck().neighbourhood[6]
    expected = param.home_killing_rate * neighbourhood.population * math.exp(1.5 * (neighbourhood.deprivation - 0.5))
    assert neighbourhood.deaths_domestic == pytest.approx(
        expected * math.exp(-param.poor_services_on_home_violence * neighbourhood.services_gap)
    )
    poorer = struck(lambda city: city.neighbourhood["jobs"].__setitem__(6, 0.64))
    assert poorer.neighbourhood[6].deaths_domestic / neighbourhood.deaths_domestic == pytest.approx(0.64**-0.5)


@pytest.mark.parametrize(
    ("change", "factor"),
    [
        (
            lambda city: city.neighbourhood["services_now"].__setitem__(8, city.neighbourhood[8].services - 0.1),
            lambda r: math.exp(0.1 * r.services_on_home_violence),
        ),
        (field("trauma", 0.3), lambda r: math.exp(0.3 * r.trauma_on_home_violence)),
        (lever("mothers_groups", 0.5), lambda r: 1 - 0.5 * r.mothers_groups_on_home_violence),
        (lever("safe_spaces", 0.5), lambda r: 1 - 0.5 * r.safe_spaces_on_home_violence),
    ],
    ids=["scarce services", "trauma", "mothers' groups", "safe spaces"],
)
def test_homes_answer_what_strains_and_what_shelters_them(struck, params, change, factor):
    """E17: violence at home and the killings in it alike."""
    plain, changed = struck().neighbourhood[8], struck(change).neighbourhood[8]
    assert changed.domestic / plain.domestic == pytest.approx(factor(params.homicide[0]))
    assert changed.deaths_domestic / plain.deaths_domestic == pytest.approx(factor(params.homicide[0]))


def test_fear_strains_homes(struck, params):
    change = struck(
        lambda city: city.neighbourhood["fear"].__setitem__(8, city.neighbourhood[8].fear_anchor + 0.2)
    ).neighbourhood[8]
    assert change.domestic / struck().neighbourhood[8].domestic == pytest.approx(
        math.exp(0.2 * params.homicide[0].fear_on_home_violence)
    )
