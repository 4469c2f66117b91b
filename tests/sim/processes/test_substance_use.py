"""Drug use: who starts, comes to depend, stops and recovers; what is bought and robbed; nothing where nobody uses (E38)."""

import numpy as np
import pytest
from city_columns import differing

from sim.mechanisms import switched_off
from sim.parameters import make_parameters
from sim.processes.flows import update as update_flows
from sim.processes.homicide.disputes import set_street_violence
from sim.processes.substance_use import in_treatment, start_chance, treated, update
from sim.state import DEPENDENT, FREE, NO_GANG, NO_USE, PRISON, USE, copy_city

PLACE = 3
OFF = switched_off(["substance-use"])


@pytest.fixture
def lived(city, params, seed):
    """A copy of the settled city after some months of drug use under levers that are pulled everywhere."""

    def after(months=12, change=lambda city: None, params=params, **levers):
        here = copy_city(city)
        here.city_state["anchoring"] = 0.0
        change(here)
        for name, dose in levers.items():
            here.levers[name] = dose
        for t in range(months):
            update(here, params, seed, t)
        return here

    return after


def users(city, level=USE):
    return int(((city.youth.uses >= level) & (city.youth.status == FREE)).sum())


def test_the_city_settles_at_the_level_of_its_file(city):
    youth = city.youth
    old = ((-youth.phase.astype(int)) % 240 >= 60) & (youth.status == FREE)
    assert (youth.uses[old] != NO_USE).mean() == pytest.approx(0.1, rel=0.25)


def test_whoever_is_counted_is_free(lived):
    here = lived(1)
    free = here.youth.status == FREE
    home = here.youth.home
    for i, place in enumerate(here.neighbourhood):
        those = free & (home == i)
        assert place.users == pytest.approx(place.weight * (here.youth.uses[those] != NO_USE).sum())
        assert place.dependent == pytest.approx(place.weight * (here.youth.uses[those] == DEPENDENT).sum())
        assert place.dependent <= place.users


def test_each_youth_is_looked_at_once_a_year(city, params, seed):
    here = copy_city(city)
    here.youth.uses[:] = USE
    here.place_pace[:] = 1.0
    sure = make_parameters({"substance_use.stopping_rate": 1e9, "substance_use.dependence_rate": 0.0})
    left = []
    for t in range(12):
        update(here, sure, seed, t)
        left.append(users(here))
    assert left[-1] == 0
    assert np.ptp(np.diff([len(here.youth.uses), *left])) < 0.1 * len(here.youth.uses)


def test_who_is_in_prison_neither_starts_nor_stops(lived):
    def jail(city):
        city.youth.status[:] = PRISON
        city.youth.uses[::2] = USE

    here = lived(12, jail)
    assert (here.youth.uses[::2] == USE).all()


def test_a_chance_to_start_by_hand(params):
    param = params.substance_use[0]
    at_peak = start_chance(param, 0.05, param.starting_age_peak, 0, 0.0, 0, 0, False)
    assert at_peak == pytest.approx(1.0 - np.exp(-0.05))
    for more in ((0, 1.0, 0, 0, False), (0, 0.0, 1, 0, False), (0, 0.0, 0, 4, False), (0, 0.0, 0, 0, True)):
        assert start_chance(param, 0.05, param.starting_age_peak, *more) > at_peak
    assert start_chance(param, 0.05, param.starting_age_peak, 1, 0.0, 0, 0, False) < at_peak
    assert start_chance(param, 0.05, 12.0, 0, 0.0, 0, 0, False) < at_peak
    assert start_chance(param, 1e6, 18.0, 0, 5.0, 1, 8, True) == pytest.approx(0.4)


def test_prevention_averts_starting_of_children_and_treatment_lets_dependent_users_recover(lived):
    def nobody(city):
        city.youth.uses[:] = NO_USE

        city.city_state["use_pace"] *= 4.0

    def everyone(city):
        city.youth.uses[:] = DEPENDENT

    assert users(lived(24, nobody, drug_prevention=1.0)) < users(lived(24, nobody))
    assert users(lived(24, everyone, drug_treatment=1.0)) < users(lived(24, everyone))


def test_a_youth_who_starts_before_sixteen_is_known_for_it(lived):
    def nobody(city):
        city.youth.uses[:] = NO_USE
        city.youth.used_early[:] = 0

    here = lived(12, nobody)
    months = 120 + (11 - here.youth.phase.astype(int)) % 240
    began = here.youth.uses != NO_USE
    early = here.youth.used_early == 1
    assert early.any()
    assert not (early & ~began).any()
    assert (months[early] < 12 * 17).all()
    assert not early[months >= 12 * 17].any()


def test_treatment_reaches_a_share_of_those_without(city, params):
    lever = city.levers[PLACE]
    lever.drug_treatment = 0.0
    param = params.substance_use[0]
    assert treated(params, lever) == 0.0
    assert in_treatment(params, lever) == pytest.approx(param.ordinary_treatment)
    lever.drug_treatment = 1.0
    assert treated(params, lever) == pytest.approx(param.treatment_reach)
    assert in_treatment(params, lever) == pytest.approx(0.2 + 0.8 * 0.4)


def test_more_users_raise_price_and_rent_and_more_dependent_users_rob(city, params, seed, lived):
    def fewer(city):
        city.youth.uses[:] = NO_USE

    def more(city):
        city.youth.uses[:] = DEPENDENT

    dry, wet = lived(1, fewer), lived(1, more)
    for here in (dry, wet):
        update_flows(here, params, seed, 1)
        for i in range(here.neighbourhood.size):
            set_street_violence(here, params, i, 1.0)
    drugs = 1
    assert (dry.neighbourhood["drug_demand"] < 1.0).all()
    assert (wet.neighbourhood["drug_demand"] > 1.0).all()
    assert (dry.flows.price[:, drugs] < wet.flows.price[:, drugs]).all()
    assert (dry.neighbourhood["rent"] < wet.neighbourhood["rent"]).all()
    assert (dry.neighbourhood["robberies"] < wet.neighbourhood["robberies"]).all()
    assert (dry.neighbourhood["robbing"] >= 1.0 - params.substance_use[0].dependence_on_robberies - 1e-12).all()


def test_where_nobody_uses_no_lever_does_anything(lived):
    def nobody(city):
        city.youth.uses[:] = NO_USE
        city.youth.used_early[:] = 0
        city.city_state["use_pace"] = 0.0
        city.neighbourhood["bought_reference"] = city.neighbourhood["need_reference"] = 0.0

    off = make_parameters(OFF)
    plain = lived(24, nobody, off)
    treated_too = lived(24, nobody, off, drug_treatment=1.0, drug_prevention=1.0)
    assert all("lever" in name for name in differing(plain, treated_too))
    assert not plain.youth.uses.any()
    assert (plain.neighbourhood["robbing"] == 1.0).all()
    assert (plain.neighbourhood["drug_demand"] == 1.0).all()


def test_members_start_and_depend_more(lived):
    def nobody(city):
        city.youth.uses[:] = NO_USE

    here = lived(36, nobody)
    member = (here.youth.gang != NO_GANG) & (here.youth.status == FREE)
    assert (here.youth.uses[member] != NO_USE).mean() > 1.5 * (here.youth.uses[~member] != NO_USE).mean()


def test_who_stops_in_one_place_is_known_in_others_a_month_later(lived):
    def stop(city):
        city.youth.uses[city.youth.home == PLACE] = NO_USE

    others = np.arange(9) != PLACE
    for month, same in ((1, True), (2, False)):
        plain, stopped = lived(month), lived(month, stop)
        for name in ("drug_demand", "robbing"):
            values = [each.neighbourhood[name] for each in (plain, stopped)]
            assert values[0][PLACE] > values[1][PLACE]
            assert np.array_equal(values[0][others], values[1][others]) == same
