"""Doses by month and shares of places: one plan gives one dose however it is said; treated streets are not the whole."""

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.levers import enforce
from sim.measures import find_measure
from sim.outcomes import outcome_index
from sim.processes.doses import dose_asked, over_parts
from sim.processes.homicide.rivalry import calm_of
from sim.processes.policy_delivery import look_around, set_levers
from sim.processes.policy_delivery import update as update_policy_delivery
from sim.scenario import MeasureUse, Policy, Target, Trigger
from sim.scenario.rule import Rule

ANY = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
SHARES = st.floats(0.05, 1.0)
FADES = find_measure("P-S3").fades_months
PLANS = st.dictionaries(st.integers(1, 30), st.sampled_from([0.0, 0.25, 0.5, 0.8, 1.0]), max_size=6).flatmap(
    lambda later: st.sampled_from([0.0, 0.5, 1.0]).map(lambda first: {0: first} | later)
)


@pytest.fixture
def with_policy(city, sandbox, params):
    def forced(*uses, schema=sandbox):
        return enforce(city, schema, Policy(name="trial", title="Trial", about="", measures=uses), (), params)

    return forced


@pytest.fixture
def asked(with_policy):
    """The doses of one measure by month, from month 0 on, where it begins in the month it starts."""

    def of(months=60, schema=None, began=None, **use):
        city = with_policy(MeasureUse(measure="P-S3", **use), **({} if schema is None else {"schema": schema}))
        city.programme[0].began = city.programme[0].start if began is None else began
        return np.array([dose_asked(city, 0, t) for t in range(months)])

    return of


@ANY
@given(level=SHARES, start=st.integers(0, 9), stop=st.none() | st.integers(10, 40), ramp=st.integers(0, 20))
def test_one_level_as_a_mapping_is_the_number(asked, level, start, stop, ramp):
    when = {"start": start, "stop": stop, "ramp": ramp}
    np.testing.assert_array_equal(asked(level={0: level}, **when), asked(level=level, **when))


@ANY
@given(level=PLANS, month=st.integers(1, 40), ramp=st.integers(0, 20), stop=st.none() | st.integers(5, 40))
def test_a_level_said_again_at_any_month_changes_nothing(asked, level, month, ramp, stop):
    there = level[max(known for known in level if known <= month)]
    split = dict(sorted({**level, month: there}.items()))
    np.testing.assert_array_equal(asked(level=split, ramp=ramp, stop=stop), asked(level=level, ramp=ramp, stop=stop))


@ANY
@given(level=PLANS, ramp=st.integers(0, 20), months=st.integers(0, 11))
def test_dates_and_months_since_the_start_are_the_same_plan(asked, sandbox, level, ramp, months):
    dated = sandbox.model_copy(update={"begins": "2027-01"})
    dates = {f"{2027 + (months + m) // 12}-{(months + m) % 12 + 1:02d}": each for m, each in level.items()}
    by_dates = asked(level=dates, start=months + 1, ramp=ramp, schema=dated)
    np.testing.assert_array_equal(by_dates, asked(level=level, start=months + 1, ramp=ramp))


@ANY
@given(level=PLANS, ramp=st.integers(0, 20), stop=st.none() | st.integers(5, 40))
def test_a_dose_stays_between_nothing_and_the_highest_level_and_moves_no_faster_than_ramp_and_fading(
    asked, level, ramp, stop
):
    doses = asked(level=level, ramp=ramp, stop=stop)
    assert doses.min() >= 0.0
    assert doses.max() <= max(level.values()) + 1e-12
    steps = np.diff(np.concatenate([[0.0], doses]))
    assert steps.max() <= 1.0 / max(ramp, 1) + 1e-12
    assert steps.min() >= -1.0 / FADES - 1e-12


@ANY
@given(first=SHARES, second=SHARES, ramp=st.integers(0, 20))
def test_after_ramp_and_fading_only_the_last_level_counts(asked, first, second, ramp):
    np.testing.assert_allclose(asked(level={0: first, 20: second}, ramp=ramp)[46:], second, rtol=1e-12)


def test_a_level_that_rises_takes_the_ramp_for_the_part_that_is_added(asked):
    doses = asked(level={0: 0.4, 6: 1.0}, ramp=3)
    np.testing.assert_allclose(doses[:9], [0.4 / 3, 0.8 / 3, 0.4, 0.4, 0.4, 0.4, 0.6, 0.8, 1.0])
    np.testing.assert_allclose(doses[9:], 1.0)


def test_a_cut_fades_as_a_stop_does_and_only_the_part_that_is_cut(asked):
    doses = asked(level={0: 1.0, 10: 0.4}, ramp=0)
    np.testing.assert_allclose(doses[9:21], [*(1.0 - 0.6 * np.arange(10) / FADES), 0.4, 0.4])


def test_what_is_switched_on_again_before_it_has_faded_goes_on_from_there(asked):
    doses = asked(level={0: 1.0, 4: 0.0, 7: 1.0}, ramp=4)
    np.testing.assert_allclose(doses[:10], [0.25, 0.5, 0.75, 1.0, 8 / 9, 7 / 9, 6 / 9, 11 / 12, 1.0, 1.0])


def test_a_season_ends_with_the_stop_of_the_measure(asked):
    doses = asked(level={0: 0, 3: 1, 6: 0, 15: 1, 18: 0}, ramp=0, stop=12)
    np.testing.assert_allclose(doses[:9], [0, 0, 0, 1, 1, 1, 8 / 9, 7 / 9, 6 / 9])
    np.testing.assert_allclose(doses[15:], 0.0)


def test_months_count_from_where_a_trigger_began_it_and_dates_do_not(asked, sandbox):
    waiting = {"trigger": Trigger(outcome="fear", above=2.0), "ramp": 0, "began": 14}
    doses = asked(level={0: 0.2, 6: 1.0}, **waiting)
    np.testing.assert_allclose(doses, [0.0] * 14 + [0.2] * 6 + [1.0] * 40)
    dated = sandbox.model_copy(update={"begins": "2027-01"})
    doses = asked(level={"2027-01": 1.0, "2028-01": 0.2, "2028-07": 0.6}, schema=dated, **waiting)
    np.testing.assert_allclose(doses, [0.0] * 14 + [0.2] * 4 + [0.6] * 42)


# Shares of places ------------------------------------------------------------------------------------------------------


def lever_of(city, params, seed, lever, t=0):
    set_levers(city, params, seed, t)
    return city.levers[lever].copy()


def test_a_lever_is_the_mean_over_treated_and_untreated(with_policy, params, seed):
    two = {"places": ("Ixley", "Hobbix")}
    whole, tenth = (
        lever_of(with_policy(MeasureUse(measure="P-R9", where=Target(**two, **cover), ramp=0)), params, seed, "public_space")
        for cover in ({}, {"cover": 0.1})
    )
    np.testing.assert_allclose(tenth, 0.1 * whole)
    assert (whole > 0.0).sum() == 2


@ANY
@given(cover=SHARES, number=st.integers(1, 9))
def test_the_worst_places_are_the_same_whatever_share_of_each_is_treated(with_policy, params, seed, cover, number):
    worst = {"worst": number, "by": "homicide_rate"}
    cities = [
        with_policy(MeasureUse(measure="P-E2", where=Target(**worst, **share)))
        for share in ({"cover": cover}, {"cover": 1.0})
    ]
    for city in cities:
        set_levers(city, params, seed, 0)
    np.testing.assert_array_equal(cities[0].where[0], cover * cities[1].where[0])


def test_how_those_reached_are_treated_does_not_depend_on_how_many_they_are(with_policy, params, seed):
    use = MeasureUse(measure="P-S7", where=Target(all=True, cover=0.2), ramp=0)
    city = with_policy(use)
    set_levers(city, params, seed, 0)
    assert city.levers[0].housing_upgrading / city.levers[0].secure_tenure == pytest.approx(0.2)


@pytest.mark.parametrize("patrols", [0.05, 0.2])
def test_patrols_in_some_streets_lower_killing_by_what_the_treated_streets_do(with_policy, params, seed, patrols):
    """By hand: a share c falls by g, the others take what is displaced less what is diffused; next door only c is felt."""
    param = params.homicide[0]
    city = with_policy(MeasureUse(measure="P-E1", where=Target(places=("Ixley",), cover=patrols), ramp=0))
    params.policy_delivery[0].leakage_share = params.policy_delivery[0].cooperation_on_funding = 0.0
    city.city_state[0].alignment = 1.0
    city.police["patrol"] = 0.0
    city.neighbourhood["near_patrol"] = 0.0
    before = [calm_of(city, params, i) for i in range(city.neighbourhood.size)]
    update_policy_delivery(city, params, seed, 1)
    city.neighbourhood["near_patrol"] = 0.0
    here = 8
    assert city.police[here].patrol == pytest.approx(patrols)
    assert city.police[here].unpatrolled == pytest.approx(1.0 - patrols)
    displaced = param.patrol_on_violence * param.patrol_displacement_share - param.patrol_on_adjacent_violence
    treated, others = math.exp(-param.patrol_on_violence), math.exp(displaced * patrols)
    after = [calm_of(city, params, i) for i in range(city.neighbourhood.size)]
    assert after[here] / before[here] == pytest.approx(patrols * treated + (1.0 - patrols) * others)
    np.testing.assert_allclose(np.delete(after, here), np.delete(before, here))
    look_around(city)
    beside = np.flatnonzero(city.neighbourhood["near_patrol"])
    links = np.diff(city.neighbour_start)[beside]
    np.testing.assert_allclose(city.neighbourhood["near_patrol"][beside], patrols * patrols / links)


def test_soldiers_who_stay_on_stay_where_they_were(with_policy, params, seed):
    city = with_policy(MeasureUse(measure="P-E7", where=Target(all=True, cover=0.3), ramp=0, start=1, stop=2))
    for t in range(4):
        set_levers(city, params, seed, t)
        np.testing.assert_allclose(city.neighbourhood["unoccupied"], 0.7)
    assert (city.neighbourhood["lingering"] > 0.0).all()


@given(effect=st.floats(-2.0, 2.0), beside=st.floats(-0.5, 0.5))
def test_where_all_is_treated_nothing_is_left_out(effect, beside):
    assert over_parts(effect, 0.0, beside) == effect


@given(effect=st.floats(-1.0, 0.0), untreated=st.floats(0.05, 0.95))
def test_treating_a_share_prevents_no_more_than_spreading_the_dose_would(effect, untreated):
    """The treated share is bounded by what it holds: exp is convex, so concentrating a log effect does less on the whole."""
    assert over_parts(effect, untreated, 0.0) >= effect - 1e-12
    assert over_parts(effect, untreated, 0.0) >= math.log(untreated) - 1e-12


# Rules -----------------------------------------------------------------------------------------------------------------


def by_hand(fears, rules, every, start, first):
    """The level of each month by reading the rules as they are written, from the outcomes of the months before."""
    level, levels = first, []
    for t in range(len(fears)):
        if t >= start and (t - start) % every == 0:
            for above, value, months, then in rules:
                past = fears[max(start, t - months + 1) : t + 1]
                if len(past) == months and all((fear > value) if above else (fear < value) for fear in past):
                    level = then
                    break
        levels.append(level if t >= start else 0.0)
    return levels


@ANY
@given(
    fears=st.lists(st.sampled_from([0.1, 0.3, 0.5, 0.7]), min_size=24, max_size=24),
    rules=st.lists(
        st.tuples(st.booleans(), st.sampled_from([0.2, 0.4, 0.6]), st.integers(1, 4), st.sampled_from([0.0, 0.4, 1.0])),
        min_size=1,
        max_size=4,
    ),
    read=st.sampled_from(["monthly", "quarterly"]),
    start=st.integers(0, 5),
)
def test_rules_do_what_is_written(with_policy, params, seed, fears, rules, read, start):
    written = [
        Rule(when=f"fear {'>' if above else '<'} {value} for {months} months", level=then)
        for above, value, months, then in rules
    ]
    use = MeasureUse(measure="P-E9", level=0.2, ramp=0, start=start + 1, rules=tuple(written), read=read)
    city = with_policy(use)
    city.programme[0].fades = 0.0
    asked = []
    for t, fear in enumerate(fears):
        city.city_outcome[outcome_index("fear")] = fear
        set_levers(city, params, seed, t)
        asked.append(float(city.programme[0].asked))
    np.testing.assert_array_equal(asked, by_hand(fears, rules, {"monthly": 1, "quarterly": 3}[read], start, 0.2))


def test_rules_make_no_more_changes_than_there_is_room_for(with_policy, params, seed):
    rules = (Rule(when="fear > 0.5", level=1.0), Rule(when="fear < 0.5", level=0.5))
    city = with_policy(MeasureUse(measure="P-E9", ramp=0, rules=rules), MeasureUse(measure="P-E2", level={0: 0.3, 9: 0.6}))
    city.programme[0].last_change = city.programme[0].end_of_changes - 1
    before = city.level_changes[city.programme[1].first_change].copy()
    for t in range(4):
        city.city_outcome[outcome_index("fear")] = t % 2
        set_levers(city, params, seed, t)
    assert city.programme[0].last_change == city.programme[0].end_of_changes
    assert city.level_changes[city.programme[1].first_change] == before
