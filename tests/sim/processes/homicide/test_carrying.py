"""Carrying guns apart from owning them: checks act while they last, in public and nowhere else."""

import numpy as np
import pytest

from sim.outcomes import outcome_index
from sim.processes.homicide.carrying import deadly_in_public
from sim.processes.homicide.rivalry import calm_of, lethality
from sim.processes.policy_delivery import killings_expected
from sim.run import run_arms
from sim.scenario import MeasureUse, Policy, load_city, load_policy
from tests.sim.processes.homicide.changes import field, lever

PUBLIC = ("deaths_rivalry", "deaths_bystander", "deaths_dispute", "deaths_vigilante", "deaths_market")
ELSEWHERE = ("deaths_discipline", "deaths_domestic", "deaths_police", "deaths_communal")
MONTHS = 36


def test_carrying_follows_checks_within_a_month_or_two_and_comes_back_as_fast(quiet, struck, params):
    param = params.homicide[0]
    checked = struck(lever("carry_checks"))
    gone = param.checks_on_carrying
    assert checked.neighbourhood[8].carrying == pytest.approx(1 - gone * param.carrying_speed)
    back = struck(field("carrying", 1 - gone))
    assert back.neighbourhood[8].carrying == pytest.approx(1 - gone * (1 - param.carrying_speed))
    # The slowest that the range allows has three quarters back within two months.
    assert (1 - 0.5) ** 2 <= 0.25


def test_less_is_carried_only_where_it_is_checked(struck):
    checked = struck(lever("carry_checks"))
    assert (checked.neighbourhood["carrying"][:8] == 1.0).all()
    assert checked.neighbourhood[8].carrying < 1.0


def test_killings_in_public_fall_by_what_a_carried_gun_adds_and_no_others(quiet, struck, params):
    params.homicide[0].carrying_speed = 0.0
    plain, less = struck(), struck(field("carrying", 0.8))
    left = 1 - 0.2 * params.homicide[0].carried_guns_on_lethality
    assert deadly_in_public(params, less.neighbourhood[8]) == pytest.approx(left)
    assert calm_of(less, params, 8) == pytest.approx(left * calm_of(plain, params, 8))
    assert lethality(less, params, 8) == lethality(plain, params, 8)
    assert less.neighbourhood[8].deaths_dispute == pytest.approx(left * plain.neighbourhood[8].deaths_dispute)
    assert less.neighbourhood[8].deaths_vigilante == pytest.approx(left * plain.neighbourhood[8].deaths_vigilante)
    assert less.neighbourhood[8].deaths_rivalry < plain.neighbourhood[8].deaths_rivalry
    for cause in ELSEWHERE:
        assert less.neighbourhood[8][cause] == plain.neighbourhood[8][cause], cause
    np.testing.assert_array_equal(
        [killings_expected(each) for each in less.neighbourhood[:8]],
        [killings_expected(each) for each in plain.neighbourhood[:8]],
    )


@pytest.fixture(scope="module")
def phases():
    """The sandbox under P-R7 for a year, without it for a year, and with it again, against the same years without it."""
    city, without = load_city("sandbox"), load_policy("baseline")
    switched = MeasureUse(measure="P-R7", level={0: 1.0, 12: 0.0, 24: 1.0})
    found = {}
    for name, more in (("on", {}), ("off", {"homicide.checks_on_carrying": 0.0})):
        ratios = {outcome: [] for outcome in ("killings_expected", "carrying", "serious_assaults")}
        for seed in range(16):
            policy = Policy(name="ban", title="Ban", about="On and off.", measures=(switched,))
            plain, banned = run_arms(city, [without, policy], seed=seed, months=MONTHS, scale=0.5, parameters=more)
            for outcome, each in ratios.items():
                column = outcome_index(outcome)
                each.append(banned.city_monthly[:, column] / plain.city_monthly[:, column])
        found[name] = {outcome: np.mean(each, axis=0) for outcome, each in ratios.items()}
    return found


def test_a_ban_switched_on_and_off_moves_deaths_between_periods(phases):
    """Section 13: what differs between years with the ban and the year without it, beyond the slow stock of guns."""
    for name, least, most in (("on", 0.03, 0.2), ("off", -0.02, 0.02)):
        deaths = phases[name]["killings_expected"]
        first, without, again = deaths[3:12].mean(), deaths[15:24].mean(), deaths[27:].mean()
        assert least < without - (first + again) / 2 < most, name


def test_what_is_carried_comes_back_within_two_months_of_a_stop(phases):
    carrying = phases["on"]["carrying"]
    fall = 1 - carrying[11]
    assert fall > 0.1
    assert 1 - carrying[14] < fall / 4
    assert (phases["off"]["carrying"] == 1.0).all()


def test_as_many_are_hit_and_fewer_of_them_die(phases):
    # Who would have died of a shot and is hit otherwise lives, and counts as assaulted.
    assert 0.0 < phases["on"]["serious_assaults"][3:12].mean() - 1 < 0.03
