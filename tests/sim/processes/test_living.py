"""Nobody dies twice: killings of a month, expected and drawn, never exceed the people who are there."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.processes.calendar import killings_expected
from sim.processes.living import adults, count_free, limit_killings
from sim.processes.rivalry import discipline_hazard
from sim.processes.violence import strike
from sim.state import DEAD, FREE, PRISON, copy_city

CAUSES = ("bystander", "dispute", "police", "domestic", "market", "vigilante", "communal")
amounts = st.one_of(st.just(0.0), st.floats(1e-9, 1e12))


def test_the_living_are_adults_and_free_youths(city):
    place, status = city.place[3], city.youth.status
    status[place.first : place.last] = np.resize([FREE, DEAD, PRISON, FREE], place.last - place.first)
    assert count_free(city, 3) == pytest.approx((status[place.first : place.last] == FREE).sum() * place.weight)
    youths = (place.last - place.first) * place.weight
    assert adults(place) + youths == pytest.approx(place.population)


@settings(
    max_examples=60,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(killed=st.lists(amounts, min_size=len(CAUSES), max_size=len(CAUSES)), gangs=st.floats(0.0, 1.0), empty=st.booleans())
def test_expected_killings_never_exceed_the_living_and_are_cut_alike(settled, killed, gangs, empty):
    city = copy_city(settled[0])
    place = city.place[2]
    if empty:
        city.youth.status[place.first : place.last] = DEAD
    free = count_free(city, 2)
    place.deaths_rivalry, place.deaths_discipline, place.deaths_inside = gangs * free, 0.0, 0.0
    for cause, number in zip(CAUSES, killed, strict=True):
        place[f"deaths_{cause}"] = number
    limit_killings(city, 2, free)
    living = adults(place) + free
    assert killings_expected(place) <= living * (1 + 1e-9)
    left = np.array([place[f"deaths_{cause}"] for cause in CAUSES])
    if sum(killed) + gangs * free <= living:
        np.testing.assert_array_equal(left, killed)
    else:
        np.testing.assert_allclose(left, np.array(killed) * (left.sum() / sum(killed)), rtol=1e-9)


def test_the_killings_of_markets_are_cut_with_their_sum(city):
    place = city.place[2]
    city.hits[2], city.entry_violence[2] = 4.0e6, 1.0e6
    place.deaths_market = city.hits[2].sum() + city.entry_violence[2].sum()
    limit_killings(city, 2, count_free(city, 2))
    assert place.deaths_market == pytest.approx(city.hits[2].sum() + city.entry_violence[2].sum())


def test_where_everyone_would_be_killed_ten_times_over_everyone_is_killed_once(city, rates, seed):
    rates.violence[0].disputes = 1e6
    before = [adults(place) + count_free(city, i) for i, place in enumerate(city.place)]
    strike(city, rates, seed, 0)
    for living, place in zip(before, city.place, strict=True):
        assert killings_expected(place) == pytest.approx(living)
        assert living * 0.5 < place.killed <= living * (1 + 1e-9)
        assert place.deaths_youth <= living - adults(place) + 1e-9


def test_a_member_is_killed_at_most_once_by_rivals_and_its_own_gang(city, rates):
    gang, rate = city.gang[0], rates.violence[0]
    gang.cohesion, gang.succession, gang.money, gang.money_reference = 0.02, 1.0, 1e12, 1e-12
    assert discipline_hazard(rate, gang, ordinary=rate.hazard_cap) <= 1.0 - rate.hazard_cap
    assert discipline_hazard(rate, gang, ordinary=1e-9) < 1.0 - rate.hazard_cap
