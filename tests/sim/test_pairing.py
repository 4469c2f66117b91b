"""The same seed is the same city with the same luck: what differs between two arms was caused, not drawn."""

import numpy as np
import pytest
from city_columns import columns, differing

from sim.levers import enforce
from sim.month import months
from sim.outcomes import OUTCOMES, outcome_index
from sim.run import Cancelled, begin_city, run, run_arms
from sim.scenario import MeasureUse, Policy, Scenario, Shock, Target, Trigger, load_policy
from sim.state import copy_city

SCALE = 0.02
PILLARS = ("regulation", "enforcement", "engagement", "resilience", "all_four", "mass_arrest", "truce")
# Levers that act within one neighbourhood, by the measure that pulls them.
LOCAL = {
    "patrol": "P-E1",
    "closing": "P-R3",
    "mass_arrest": "P-E6",
    "interruption": "P-S3",
    "investigation": "P-E2",
    "focused": "P-E3",
    "district": "P-G3",
    "community_policing": "P-G1",
    "after_school": "P-S1",
    "training": "P-S4",
}


def policy(*uses, name="trial"):
    return Policy(name=name, title="Trial", about="A trial.", measures=uses)


def arms(city, *policies, months=24, seed=3, **more):
    return run_arms(city, policies, seed=seed, months=months, scale=SCALE, **more)


def assert_same_bytes(one, two):
    assert one.city_monthly.tobytes() == two.city_monthly.tobytes()
    assert one.place_yearly.tobytes() == two.place_yearly.tobytes()
    assert one.events == two.events


def weakened(listed, level=0.0, **fields):
    return listed.model_copy(
        update={"measures": tuple(use.model_copy(update={"level": level, **fields}) for use in listed.measures)}
    )


@pytest.fixture(scope="module")
def baseline(sandbox):
    (result,) = arms(sandbox, load_policy("baseline"))
    return result


@pytest.mark.parametrize("name", PILLARS)
def test_a_policy_whose_every_level_is_0_is_no_policy(sandbox, baseline, name):
    (off,) = arms(sandbox, weakened(load_policy(name)))
    assert_same_bytes(off, baseline)


def test_a_measure_whose_trigger_never_comes_is_no_measure(sandbox, baseline):
    never = MeasureUse(measure="P-E6", trigger=Trigger(outcome="homicide_rate", above=1e6))
    (waiting,) = arms(sandbox, policy(never))
    assert_same_bytes(waiting, baseline)


def test_a_measure_that_starts_after_the_end_is_no_measure(sandbox, baseline):
    (late,) = arms(sandbox, policy(MeasureUse(measure="P-E6", start=24)))
    assert_same_bytes(late, baseline)


@pytest.mark.parametrize("name", PILLARS)
def test_months_before_the_start_are_the_months_without_it(sandbox, baseline, name):
    later = load_policy(name)
    uses = tuple(use.model_copy(update={"start": 13, "stop": None}) for use in later.measures)
    (result,) = arms(sandbox, later.model_copy(update={"measures": uses}))
    assert result.city_monthly[:13].tobytes() == baseline.city_monthly[:13].tobytes()
    assert result.place_yearly[0].tobytes() == baseline.place_yearly[0].tobytes()
    assert result.city_monthly[13:].tobytes() != baseline.city_monthly[13:].tobytes()


def test_months_before_a_shock_are_the_months_without_it(sandbox, baseline):
    flood = Shock(name="flood", title="Flood", about="Guns.", kind="flow", flow="firearms", size=4.0, start=12, stop=18)
    (result,) = arms(sandbox, load_policy("baseline"), shocks=[flood])
    assert result.city_monthly[:12].tobytes() == baseline.city_monthly[:12].tobytes()
    assert result.city_monthly[12:].tobytes() != baseline.city_monthly[12:].tobytes()


def test_a_trigger_acts_in_the_month_after_it_is_seen(sandbox, baseline):
    seen = baseline.city_monthly[:, outcome_index("gang_members")]
    above = 1.0001 * float(seen[:12].max())
    waiting = MeasureUse(measure="P-E6", trigger=Trigger(outcome="gang_members", above=above))
    (result,) = arms(sandbox, policy(waiting))
    first = int(np.argmax(seen > above)) if (seen > above).any() else 24
    assert result.city_monthly[: first + 1].tobytes() == baseline.city_monthly[: first + 1].tobytes()


def test_the_order_of_the_arms_does_not_matter(sandbox):
    listed = [load_policy(name) for name in ("all_four", "baseline", "mass_arrest")]
    forwards = arms(sandbox, *listed)
    backwards = arms(sandbox, *reversed(listed))
    for one, two in zip(forwards, reversed(backwards), strict=True):
        assert one.policy == two.policy
        assert_same_bytes(one, two)


def test_the_same_seed_is_the_same_future(sandbox):
    (one,), (two,) = (arms(sandbox, load_policy("all_four")) for _ in range(2))
    assert_same_bytes(one, two)


def test_another_seed_is_another_future(sandbox, baseline):
    for seed in (4, 3 + 2**32, 2**63 - 1):
        (other,) = arms(sandbox, load_policy("baseline"), seed=seed)
        assert np.isfinite(other.city_monthly).all()
        assert other.city_monthly.tobytes() != baseline.city_monthly.tobytes()


def test_a_run_is_its_arm(sandbox):
    listed = load_policy("resilience")
    scenario = Scenario(city=sandbox, policies=(listed,), months=24, scale=SCALE)
    (arm,) = arms(sandbox, listed)
    assert_same_bytes(run(scenario, 3, listed), arm)


def test_a_run_without_a_policy_is_the_baseline(sandbox, baseline):
    assert_same_bytes(run(Scenario(city=sandbox, policies=(), months=24, scale=SCALE), 3), baseline)


def test_being_told_how_far_it_is_changes_nothing(sandbox, baseline):
    told = []
    (watched,) = arms(sandbox, load_policy("baseline"), progress=lambda done: told.append(done) is None)
    assert_same_bytes(watched, baseline)
    assert told == sorted(told)
    assert told[0] == 0
    assert told[-2:] == [12, 24]


def test_a_run_can_be_cancelled_between_years(sandbox):
    with pytest.raises(Cancelled):
        arms(sandbox, load_policy("baseline"), months=120, progress=lambda done: done < 24)


def test_a_longer_run_begins_with_the_shorter_one(sandbox, baseline):
    (longer,) = arms(sandbox, load_policy("baseline"), months=40)
    assert longer.city_monthly[:24].tobytes() == baseline.city_monthly.tobytes()
    assert longer.place_yearly[:2].tobytes() == baseline.place_yearly.tobytes()


def test_an_inert_parameter_is_no_parameter(sandbox, baseline):
    """A setting at its own value, and one that only weighs the ledger, leave the luck alone."""
    (same,) = arms(sandbox, load_policy("baseline"), parameters={"violence.rivalry": sandbox.calibration.rivalry})
    assert_same_bytes(same, baseline)
    (weighed,) = arms(sandbox, load_policy("baseline"), parameters={"ledger.weight_order": 3.0})
    column = outcome_index("criminal_governance_index")
    np.testing.assert_array_equal(
        np.delete(weighed.city_monthly, column, axis=1), np.delete(baseline.city_monthly, column, axis=1)
    )
    assert (weighed.city_monthly[:, column] != baseline.city_monthly[:, column]).all()


# What happens in one neighbourhood reaches only the next within a month -------------------


@pytest.fixture(scope="module")
def lakeside(chicago):
    return begin_city(chicago, seed=11, scale=0.01, burn_in=60)


def month_zero(settled, chicago, *uses):
    state, rates = settled
    lived = enforce(copy_city(state), chicago, policy(*uses))
    nothing = np.zeros((0, len(OUTCOMES)), np.float32), np.zeros((0, 77, len(OUTCOMES)), np.float32)
    months(lived, rates, np.uint64(11), 0, 1, *nothing)
    return lived


def far_from(chicago, name):
    near = {name, *next(each.adjacent for each in chicago.neighbourhoods if each.name == name)}
    return np.array([each.name not in near for each in chicago.neighbourhoods])


def seen_from(city, places):
    """Everything that belongs to some neighbourhoods: their records, police, gangs and youths."""
    youths = places[city.youth.home]
    for name, column in columns(city.youth, "youth"):
        yield name, column[youths]
    for part in ("place", "police"):
        for name, column in columns(getattr(city, part), part):
            yield name, column[places]
    for part in ("control", "members", "inmates", "residents", "near", "presence", "hazard", "homes"):
        yield part, getattr(city, part)[places]
    for part in ("supply", "price", "rent", "seized", "recorded"):
        yield part, getattr(city.flows, part)[places]


@pytest.mark.parametrize("lever", LOCAL)
@pytest.mark.parametrize("name", ["Austin", "Englewood", "North Lawndale"])
def test_one_month_after_a_change_only_the_next_neighbourhoods_know(chicago, lakeside, lever, name):
    use = MeasureUse(measure=LOCAL[lever], where=Target(places=(name,)), ramp=0)
    without, within = month_zero(lakeside, chicago), month_zero(lakeside, chicago, use)
    assert within.lever_values.any()
    assert differing(without.place, within.place) or differing(without.police, within.police)
    places = far_from(chicago, name)
    assert places.sum() > 60
    changed = [
        column
        for (column, one), (_, two) in zip(seen_from(without, places), seen_from(within, places), strict=True)
        if one.tobytes() != two.tobytes()
    ]
    assert changed == []


def test_a_change_spreads_in_the_end(chicago, lakeside):
    """The claim above is about one month: later, gangs, prisons and news carry it everywhere."""
    state, rates = lakeside
    use = MeasureUse(measure="P-E6", where=Target(places=("Austin",)), ramp=0)
    ends = []
    for uses in ((), (use,)):
        lived = enforce(copy_city(state), chicago, policy(*uses))
        nothing = np.zeros((0, len(OUTCOMES)), np.float32), np.zeros((0, 77, len(OUTCOMES)), np.float32)
        months(lived, rates, np.uint64(11), 0, 24, *nothing)
        ends.append(lived)
    far = far_from(chicago, "Austin")
    assert (ends[0].place["fear"][far] != ends[1].place["fear"][far]).mean() > 0.5


def test_newcomers_are_the_same_people_in_every_arm(chicago, lakeside):
    """Whatever a policy did before, who turns ten this month has the same sex, risk and luck."""
    use = MeasureUse(measure="P-E6", ramp=0)
    without, within = month_zero(lakeside, chicago), month_zero(lakeside, chicago, use)
    newborn = without.youth.phase == 0
    assert newborn.sum() > 20
    assert differing(without.youth, within.youth)
    for column in ("female", "person", "family", "friends", "school", "isolation", "proneness"):
        np.testing.assert_array_equal(
            getattr(without.youth, column)[newborn], getattr(within.youth, column)[newborn], err_msg=column
        )
