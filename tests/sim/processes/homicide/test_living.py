"""Disputes are between free people, and nobody dies twice: killings of a month never exceed the people who are there."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.processes.demography import age_in_years
from sim.processes.demography import update as update_demography
from sim.processes.homicide import update as update_homicide
from sim.processes.homicide.hazards import set_street_risks
from sim.processes.homicide.living import adults, aggressors_left, count_youths, limit_killings, victims_left
from sim.processes.homicide.rivalry import discipline_hazard
from sim.processes.homicide.victims import DISPUTE, youth_share
from sim.processes.membership import quit_gang
from sim.processes.policy_delivery import killings_expected
from sim.state import DEAD, FORMAL, FREE, NO_GANG, PRISON, copy_city

CAUSES = ("bystander", "dispute", "police", "domestic", "market", "vigilante", "communal")
amounts = st.one_of(st.just(0.0), st.floats(1e-9, 1e12))


def test_the_living_are_adults_and_free_youths(city):
    neighbourhood, status = city.neighbourhood[3], city.youth.status
    status[neighbourhood.first : neighbourhood.last] = np.resize(
        [FREE, DEAD, PRISON, FREE], neighbourhood.last - neighbourhood.first
    )
    assert count_youths(city, 3, FREE) == pytest.approx(
        (status[neighbourhood.first : neighbourhood.last] == FREE).sum() * neighbourhood.weight
    )
    youths = (neighbourhood.last - neighbourhood.first) * neighbourhood.weight
    assert adults(neighbourhood) + youths == pytest.approx(neighbourhood.population)


@pytest.fixture
def street(city):
    """Place 3 with no youths but ten who are free, grown and in no gang; four of them are twice as prone as the others."""
    neighbourhood, youth = city.neighbourhood[3], city.youth
    rows = np.arange(neighbourhood.first, neighbourhood.last)
    youth.status[rows] = DEAD
    grown = rows[[20 <= age_in_years(youth.phase[row], 0) < 26 for row in rows]][:10]
    youth.status[grown], youth.gang[grown], youth.activity[grown], youth.proneness[grown] = FREE, NO_GANG, FORMAL, 1.0
    youth.proneness[grown[:4]] = 2.0
    assert grown.size == 10
    return grown


def at_large(city, params):
    set_street_risks(city, params, 0, 3)
    return city.neighbourhood[3].at_large


def test_the_share_at_large_weighs_who_is_inside_by_age_risk_and_standing(city, params, street):
    param = params.homicide[0]
    assert at_large(city, params) == 1.0
    city.youth.status[street[0]] = PRISON
    assert at_large(city, params) == pytest.approx(12 / 14)
    city.youth.gang[street[0]] = 1
    assert at_large(city, params) == pytest.approx(12 / (12 + 2 * param.member_risk_ratio))
    city.youth.status[street] = DEAD
    assert at_large(city, params) == 1.0


def test_disputes_and_robberies_fall_with_those_who_are_not_free(city, params, seed, street):
    """Four of ten youths, with eight of fourteen parts of the risk, go to prison: by hand."""
    param, at_large = params.homicide[0], 6 / 14

    def after(*inside):
        life = copy_city(city)
        life.youth.status[list(inside)] = PRISON
        life.city_state["anchoring"] = 0.0
        life.neighbourhood["at_large_reference"] = 1.0
        life.neighbourhood["street"] = 0.0
        update_homicide(life, params, seed, 0)
        return life.neighbourhood[3]

    free, held = after(), after(*street[:4])
    begun = 1 - param.youth_share_aggressors * (1 - at_large)
    there = 1 - param.youth_share_disputes * (1 - at_large)
    assert held.deaths_dispute / free.deaths_dispute == pytest.approx(begun * there)
    assert held.robberies / free.robberies == pytest.approx(begun)
    assert held.deaths_domestic == free.deaths_domestic
    youths = param.youth_share_disputes * at_large / there
    assert youth_share(params, held, DISPUTE) == pytest.approx(youths)
    assert youth_share(params, free, DISPUTE) == pytest.approx(param.youth_share_disputes)


def test_at_the_share_of_prisoners_with_which_the_city_settled_nothing_changes(city, params):
    neighbourhood = city.neighbourhood[3]
    for share in (0.5, 0.9, 1.0):
        neighbourhood.at_large = neighbourhood.at_large_reference = share
        assert aggressors_left(params, neighbourhood) == 1.0
        assert victims_left(params, neighbourhood) == (1.0, params.homicide[0].youth_share_disputes)


def test_who_turns_thirty_in_prison_leaves_the_youths_and_holds_nobody_back(city, params, seed):
    """A term without end ends the youth of a prisoner all the same: the row passes to a free child of ten."""
    row = city.neighbourhood[3].first
    quit_gang(city, row)
    city.youth.status[row], city.youth.release[row] = PRISON, 32_000
    update_demography(city, params, seed, int(city.youth.phase[row]))
    assert city.youth.status[row] == FREE
    assert city.youth.record[row] == 0


@settings(
    max_examples=60,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(killed=st.lists(amounts, min_size=len(CAUSES), max_size=len(CAUSES)), gangs=st.floats(0.0, 1.0), empty=st.booleans())
def test_expected_killings_never_exceed_the_living_and_are_cut_alike(settled, killed, gangs, empty):
    city = copy_city(settled[0])
    neighbourhood = city.neighbourhood[2]
    if empty:
        city.youth.status[neighbourhood.first : neighbourhood.last] = DEAD
    free = count_youths(city, 2, FREE)
    neighbourhood.deaths_rivalry, neighbourhood.deaths_discipline, neighbourhood.deaths_inside = gangs * free, 0.0, 0.0
    for cause, number in zip(CAUSES, killed, strict=True):
        neighbourhood[f"deaths_{cause}"] = number
    limit_killings(city, 2, free)
    living = adults(neighbourhood) + free
    assert killings_expected(neighbourhood) <= living * (1 + 1e-9)
    left = np.array([neighbourhood[f"deaths_{cause}"] for cause in CAUSES])
    if sum(killed) + gangs * free <= living:
        np.testing.assert_array_equal(left, killed)
    else:
        np.testing.assert_allclose(left, np.array(killed) * (left.sum() / sum(killed)), rtol=1e-9)


@pytest.mark.parametrize("disputes", [0.0, 1e7])
def test_on_average_over_luck_no_more_are_killed_than_there_are(city, disputes):
    neighbourhood = city.neighbourhood[2]
    neighbourhood.deaths_dispute = disputes
    neighbourhood.deaths_police_on_average, neighbourhood.deaths_officers_on_average = 3e6, 1e6
    free = count_youths(city, 2, FREE)
    limit_killings(city, 2, free)
    average = neighbourhood.deaths_police_on_average + neighbourhood.deaths_officers_on_average
    actual = neighbourhood.deaths_police + neighbourhood.deaths_officers
    assert killings_expected(neighbourhood) - actual + average <= (adults(neighbourhood) + free) * (1 + 1e-9)
    assert neighbourhood.deaths_police_on_average == pytest.approx(0.75 * average)


def test_the_killings_of_markets_are_cut_with_their_sum(city):
    neighbourhood = city.neighbourhood[2]
    city.hits[2], city.entry_violence[2] = 4.0e6, 1.0e6
    neighbourhood.deaths_market = city.hits[2].sum() + city.entry_violence[2].sum()
    limit_killings(city, 2, count_youths(city, 2, FREE))
    assert neighbourhood.deaths_market == pytest.approx(city.hits[2].sum() + city.entry_violence[2].sum())


def test_where_everyone_would_be_killed_ten_times_over_everyone_is_killed_once(city, params, seed):
    params.homicide[0].dispute_killing_rate = 1e6
    before = [adults(neighbourhood) + count_youths(city, i, FREE) for i, neighbourhood in enumerate(city.neighbourhood)]
    update_homicide(city, params, seed, 0)
    for living, neighbourhood in zip(before, city.neighbourhood, strict=True):
        assert killings_expected(neighbourhood) == pytest.approx(living)
        assert living * 0.5 < neighbourhood.killed <= living * (1 + 1e-9)
        assert neighbourhood.deaths_youth <= living - adults(neighbourhood) + 1e-9


def test_a_member_is_killed_at_most_once_by_rivals_and_its_own_gang(city, params):
    gang, param = city.gang[0], params.homicide[0]
    gang.cohesion, gang.succession, gang.money, gang.money_reference = 0.02, 1.0, 1e12, 1e-12
    assert discipline_hazard(param, gang, ordinary=param.member_hazard_limit) <= 1.0 - param.member_hazard_limit
    assert discipline_hazard(param, gang, ordinary=1e-9) < 1.0 - param.member_hazard_limit
