"""Nobody dies twice: killings of a month, expected and drawn, never exceed the people who are there."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.processes.homicide import update as update_homicide
from sim.processes.homicide.living import adults, count_free, limit_killings
from sim.processes.homicide.rivalry import discipline_hazard
from sim.processes.policy_delivery import killings_expected
from sim.state import DEAD, FREE, PRISON, copy_city

CAUSES = ("bystander", "dispute", "police", "domestic", "market", "vigilante", "communal")
amounts = st.one_of(st.just(0.0), st.floats(1e-9, 1e12))


def test_the_living_are_adults_and_free_youths(city):
    neighbourhood, status = city.neighbourhood[3], city.youth.status
    status[neighbourhood.first : neighbourhood.last] = np.resize(
        [FREE, DEAD, PRISON, FREE], neighbourhood.last - neighbourhood.first
    )
    assert count_free(city, 3) == pytest.approx(
        (status[neighbourhood.first : neighbourhood.last] == FREE).sum() * neighbourhood.weight
    )
    youths = (neighbourhood.last - neighbourhood.first) * neighbourhood.weight
    assert adults(neighbourhood) + youths == pytest.approx(neighbourhood.population)


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
    free = count_free(city, 2)
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


def test_the_killings_of_markets_are_cut_with_their_sum(city):
    neighbourhood = city.neighbourhood[2]
    city.hits[2], city.entry_violence[2] = 4.0e6, 1.0e6
    neighbourhood.deaths_market = city.hits[2].sum() + city.entry_violence[2].sum()
    limit_killings(city, 2, count_free(city, 2))
    assert neighbourhood.deaths_market == pytest.approx(city.hits[2].sum() + city.entry_violence[2].sum())


def test_where_everyone_would_be_killed_ten_times_over_everyone_is_killed_once(city, params, seed):
    params.homicide[0].dispute_killing_rate = 1e6
    before = [adults(neighbourhood) + count_free(city, i) for i, neighbourhood in enumerate(city.neighbourhood)]
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
