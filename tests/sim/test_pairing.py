"""The same seed is the same city with the same luck: what differs between two arms was caused, not drawn."""

import numpy as np
import pytest
from city_columns import columns, differing
from lively import KINDS, all_shocks, everything, lively_city, policy_of, pulling, shock_of, use_of

from sim.levers import LEVERS, enforce
from sim.measures import MEASURES
from sim.month import months
from sim.outcomes import OUTCOMES, outcome_index
from sim.run import Cancelled, begin_city, run, run_arms
from sim.scenario import MeasureUse, Policy, Scenario, Shock, Target, Trigger, load_policy
from sim.state import DEAD, copy_city

SCALE = 0.02
PILLARS = ("regulation", "enforcement", "engagement", "resilience", "all_four", "mass_arrest", "truce")
# Levers of what belongs to the city as a whole, which moves last of all in a month.
OF_THE_CITY = {
    "building_rules",
    "firearms_control",
    "permit_integrity",
    "joint_forum",
    "business_cooperation",
    "police_reform",
    "inquiry_follow_through",
    "fee_transparency",
    "lobbying",
    "safety_fund",
    "closed_board",
}
# Levers that act on a gang at home there, and through it wherever it has members.
OF_A_GANG = {"misidentification", "leader_removal"}
# What only the books of the place know: complaints that are heard.
OF_THE_BOOKS = {"police_oversight"}
COSTS = [column for column, each in enumerate(OUTCOMES) if each.name.startswith("cost")]


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
    (late,) = arms(sandbox, policy(MeasureUse(measure="P-E6", start=25)))
    assert_same_bytes(late, baseline)


@pytest.mark.parametrize("name", PILLARS)
def test_months_before_the_start_are_the_months_without_it(sandbox, baseline, name):
    later = load_policy(name)
    uses = tuple(use.model_copy(update={"start": 14, "stop": None}) for use in later.measures)
    (result,) = arms(sandbox, later.model_copy(update={"measures": uses}))
    assert result.city_monthly[:13].tobytes() == baseline.city_monthly[:13].tobytes()
    assert result.place_yearly[0].tobytes() == baseline.place_yearly[0].tobytes()
    assert result.city_monthly[13:].tobytes() != baseline.city_monthly[13:].tobytes()


# Each measure, each shock ------------------------------------------------------------------------------


START, MONTHS = 13, 37


@pytest.fixture(scope="module")
def lively():
    return lively_city()


@pytest.fixture(scope="module")
def one_by_one(lively):
    """The lively city without anything, with each measure alone from month 14 on, and with each kind of shock."""
    ramp = {"start": START + 1, "ramp": 1}
    policies = [policy_of(use_of(measure, **ramp), name=measure.name) for measure in MEASURES]
    shocks = [shock_of(kind, start=START + 1, stop=None) for kind in KINDS]
    arms = [policy_of(), *policies, *(policy_of(name=f"shock_{n}") for n in range(len(shocks)))]
    befalls = [(), *(() for _ in policies), *((shock,) for shock in shocks)]
    results = run_arms(lively, arms, seed=3, months=MONTHS, scale=0.05, shocks_by_arm=befalls)
    names = ["nothing", *(measure.row for measure in MEASURES), *KINDS]
    return dict(zip(names, results, strict=True))


@pytest.mark.parametrize("name", [*(measure.row for measure in MEASURES), *KINDS])
def test_each_measure_and_each_shock_changes_nothing_before_it_begins_and_something_after(one_by_one, name):
    """To the bit before; after, more than the bill."""
    nothing, something = one_by_one["nothing"], one_by_one[name]
    assert something.city_monthly[:START].tobytes() == nothing.city_monthly[:START].tobytes()
    assert something.place_yearly[0].tobytes() == nothing.place_yearly[0].tobytes()
    without_bill = (np.delete(each.city_monthly[START:], COSTS, axis=1) for each in (nothing, something))
    assert np.array_equal(*without_bill) == (name == "election"), "where nothing is done an election ends nothing"


def test_all_measures_at_level_0_without_any_condition_and_with_an_unsound_partner_are_no_measure(lively):
    """In a city with elections, under all shocks."""
    off = policy_of(*(use_of(measure, met=0.0, level=0.0) for measure in MEASURES), name="off")
    absent, zero = run_arms(lively, [policy_of(), off], seed=3, months=24, scale=SCALE, shocks=all_shocks())
    assert_same_bytes(absent, zero)


@pytest.mark.parametrize("first", [True, False], ids=["before", "after"])
def test_a_measure_at_level_0_beside_others_is_no_measure(lively, first):
    """Also for the luck of elections, wherever in the list it stands."""
    slow = tuple(use_of(measure) for measure in MEASURES if measure.shows_after > 12)
    idle = MeasureUse(measure="P-R3", level=0.0)
    beside = policy_of(idle, *slow) if first else policy_of(*slow, idle)
    for seed in (1, 2, 3):
        alone, together = run_arms(lively, [policy_of(*slow), beside], seed=seed, months=12, scale=SCALE)
        assert_same_bytes(alone, together)


def test_a_measure_shares_its_luck_in_elections_with_itself_in_every_arm(lively):
    """The order of measures changes sums by an ulp and no draw of an election."""
    slow = tuple(use_of(measure) for measure in MEASURES if measure.shows_after > 12)
    for seed in (1, 2, 3):
        one, two = run_arms(lively, [policy_of(*slow), policy_of(*reversed(slow))], seed=seed, months=6, scale=SCALE)
        np.testing.assert_allclose(one.city_monthly[:, COSTS], two.city_monthly[:, COSTS], rtol=1e-4)


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"flow", "route", "contested election", "leader killed"}))
def test_a_shock_of_size_0_is_no_shock(lively, kind):
    struck = (shock_of(kind, size=0.0),)
    arms = [policy_of(), policy_of()]
    assert_same_bytes(*run_arms(lively, arms, seed=3, months=12, scale=SCALE, shocks_by_arm=[(), struck]))


def test_a_flow_at_its_ordinary_level_is_no_shock(lively):
    ordinary = [shock_of("flow", size=1.0), shock_of("route", size=1.0)]
    calm, struck = run_arms(lively, [policy_of(), policy_of()], seed=3, months=12, scale=SCALE, shocks_by_arm=[(), ordinary])
    np.testing.assert_allclose(calm.city_monthly, struck.city_monthly, rtol=1e-5, atol=1e-6)


def test_what_befalls_one_arm_is_what_befalls_a_run_of_its_own(lively):
    ours, theirs = (shock_of("disaster"),), (shock_of("influx"), shock_of("raid"))
    both = shock_of("slump")
    arms = run_arms(
        lively, [policy_of(), everything()], seed=4, months=12, scale=SCALE, shocks=[both], shocks_by_arm=[ours, theirs]
    )
    for arm, shocks, listed in zip(arms, (ours, theirs), (policy_of(), everything()), strict=True):
        (alone,) = run_arms(lively, [listed], seed=4, months=12, scale=SCALE, shocks=[both, *shocks])
        assert_same_bytes(arm, alone)


def test_months_before_a_shock_are_the_months_without_it(sandbox, baseline):
    flood = Shock(name="flood", title="Flood", about="Guns.", kind="flow", flow="firearms", size=4.0, start=13, stop=18)
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
    (same,) = arms(
        sandbox, load_policy("baseline"), parameters={"homicide.rivalry_attack_rate": sandbox.calibration.rivalry}
    )
    assert_same_bytes(same, baseline)
    (weighed,) = arms(sandbox, load_policy("baseline"), parameters={"outcome_recorder.weight_order": 3.0})
    column = outcome_index("criminal_governance_index")
    np.testing.assert_array_equal(
        np.delete(weighed.city_monthly, column, axis=1), np.delete(baseline.city_monthly, column, axis=1)
    )
    assert (weighed.city_monthly[:, column] != baseline.city_monthly[:, column]).all()


# What happens in one neighbourhood reaches only the next within a month -------------------


@pytest.fixture(scope="module")
def lakeside(chicago):
    return begin_city(chicago, seed=11, scale=0.01, burn_in=60)


NOTHING = np.zeros((0, len(OUTCOMES)), np.float32), np.zeros((0, 77, len(OUTCOMES)), np.float32)


def month_zero(settled, chicago, *uses):
    state, params = settled
    lived = enforce(copy_city(state), chicago, policy(*uses), (), params)
    months(lived, params, np.uint64(11), 0, 1, *NOTHING)
    return lived


def far_from(chicago, name):
    near = {name, *next(each.adjacent for each in chicago.neighbourhoods if each.name == name)}
    return np.array([each.name not in near for each in chicago.neighbourhoods])


# The killed are counted for the city as a whole and then placed: what is not expected here may fall there.
COUNTED = ("killed", "killed_youths", "killed_children", "disputes_lost", "street")


def seen_from(city, places):
    """Everything that belongs to some neighbourhoods, but for counts of the killed: records, police, gangs and youths."""
    youths = places[city.youth.home]
    for name, column in columns(city.youth, "youth"):
        yield name, column[youths]
    for part in ("neighbourhood", "police"):
        for name, column in columns(getattr(city, part), part):
            if name.rpartition(".")[2] not in COUNTED:
                yield name, column[places]
    tables = ("control", "members", "inmates", "residents", "near", "presence", "hazard", "homes", "childhood")
    markets = ("organised", "market_rent", "levied", "closure", "hits", "entry_violence")
    for part in (*tables, *markets):
        yield part, getattr(city, part)[places]
    for part in ("supply", "price", "rent", "seized", "recorded"):
        yield part, getattr(city.flows, part)[places]


@pytest.fixture(scope="module")
def shaken(lakeside):
    """Chicago after years that no file tells of: shaken, divided, with newcomers, so that every lever has a hold."""
    state, params = lakeside
    city = copy_city(state)
    for name, value in {"trauma": 0.2, "damage": 0.1, "displaced": 0.1, "edge": 0.4, "minority": 0.3}.items():
        city.neighbourhood[name] = value
    city.neighbourhood["enclave"][0] = 1.0
    city.neighbourhood["prisoners"] = np.maximum(city.neighbourhood["prisoners"], 30.0)
    city.city_state["segregation"] = 0.5
    city.city_state["bubbles"] = 0.1
    city.gang["ideological"][2] = 1
    params = type(params)(*(table.copy() for table in params))
    params.justice[0].arrest_rate_others = 0.05
    params.community[0].training_coverage = 1.0
    return city, params


# Some levers act on what others brought, or only with them: these are pulled a little everywhere, with and without.
BESIDE = [
    ("housing_upgrading", 0.3, slice(None)),
    ("job_training", 0.3, slice(None)),
    ("improvement_district", 0.3, slice(None)),
    ("mass_arrests", 0.3, slice(None)),
    ("safety_fund", 0.3, slice(None)),
]


MARKS = ("city.youth.killings_done", "city.gang.killer_balance", "city.city_state.killer_balance")
"""Who killed is marked for the city as a whole, once a row's worth of killings has gathered; nothing reads it."""


def other_rows_die(one, two):
    """Say whether other rows went: the dead of the street are the whole city's, and any row may go for them."""
    return bool(((one.youth.status == DEAD) != (two.youth.status == DEAD)).any())


def lives_of(shaken, chicago, lever, name, months_tried=240):
    """The first month, of some tried, in which a lever pulled in one place makes a difference: without it, and with it."""
    state, params = shaken
    at = [each.name for each in chicago.neighbourhoods].index(name)
    for t in range(months_tried):
        lives = []
        for pulls in (BESIDE, [*BESIDE, (lever, 1.0, [at])]):
            life = pulling(copy_city(state), *pulls)
            months(life, params, np.uint64(11), t, t + 1, *NOTHING)
            lives.append(life)
        one, two = lives
        if other_rows_die(one, two):
            continue
        # What is due, and how readily members of a gang leave, is kept for the city as a whole and read next month.
        books = ("city.due", "city.expected_draws", "city.place_due", "city.place_expected", "city.gang.leaving")
        ignored = ("city.programme", "city.change", "city.where", "city.able", "city.delivered", "city.lever", *books)
        if any(not column.startswith((*ignored, *MARKS)) for column in differing(one, two)):
            return one, two
    raise AssertionError(f"{lever} makes no difference")


def changed_in(one, two, places):
    seen = zip(seen_from(one, places), seen_from(two, places), strict=True)
    changed = [column for (column, left), (_, right) in seen if left.tobytes() != right.tobytes()]
    return [column for column in changed if f"city.{column}" not in MARKS]


@pytest.mark.parametrize("lever", LEVERS)
def test_one_month_after_a_lever_is_pulled_in_one_place_only_the_next_places_know(chicago, shaken, lever):
    """And the place itself knows; what belongs to the whole city moves last and is known nowhere yet."""
    name = "Austin"
    one, two = lives_of(shaken, chicago, lever, name)
    here = np.array([each.name == name for each in chicago.neighbourhoods])
    far = far_from(chicago, name)
    assert far.sum() > 60
    if lever in OF_A_GANG:
        gangs = np.flatnonzero(one.gang["home"] == int(np.argmax(here)))
        far &= one.members[:, gangs].sum(axis=1) + one.control[:, gangs].sum(axis=1) == 0.0
        assert far.any()
    assert changed_in(one, two, far) == []
    if lever in OF_THE_CITY:
        assert changed_in(one, two, here) == []
        assert differing(one.city_state, two.city_state)
    elif lever in OF_THE_BOOKS:
        assert differing(one.outcome, two.outcome)
    else:
        assert changed_in(one, two, here)


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_pulled_by_nothing_is_a_lever_not_pulled(shaken, lever):
    state, params = shaken
    lives = []
    for pulls in ([], [(lever, 0.0, slice(None))]):
        life = pulling(copy_city(state), *pulls)
        months(life, params, np.uint64(11), 0, 6, *NOTHING)
        same = ("programme", "change", "where", "able", "delivered")
        lives.append(life._replace(**{name: getattr(state, name) for name in same}))
    assert differing(*lives) == {}


@pytest.mark.parametrize("kind", [kind for kind, fields in KINDS.items() if "gang" not in fields and kind != "route"])
@pytest.mark.parametrize("name", ["Englewood", "North Lawndale"])
def test_one_month_after_a_shock_in_one_place_only_the_next_places_know(chicago, shaken, kind, name):
    state, params = shaken
    struck = shock_of(kind, start=0, stop=None, where=Target(places=(name,)))
    for luck in range(11, 20):
        lives = []
        for shocks in ((), (struck,)):
            life = enforce(copy_city(state), chicago, policy(), shocks, params)
            months(life, params, np.uint64(luck), 0, 1, *NOTHING)
            lives.append(life)
        if not other_rows_die(*lives):
            break
    assert changed_in(*lives, far_from(chicago, name)) == []
    here = np.array([each.name == name for each in chicago.neighbourhoods])
    assert bool(changed_in(*lives, here)) == (kind != "election"), "an election without measures ends none"


def test_a_change_spreads_in_the_end(chicago, lakeside):
    """The claim above is about one month: later, gangs, prisons and news carry it everywhere."""
    state, params = lakeside
    use = MeasureUse(measure="P-E6", where=Target(places=("Austin",)), ramp=0)
    ends = []
    for uses in ((), (use,)):
        lived = enforce(copy_city(state), chicago, policy(*uses))
        months(lived, params, np.uint64(11), 0, 24, *NOTHING)
        ends.append(lived)
    far = far_from(chicago, "Austin")
    assert (ends[0].neighbourhood["fear"][far] != ends[1].neighbourhood["fear"][far]).mean() > 0.5


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


def test_whoever_turns_ten_is_the_same_child_in_every_arm_for_years(lively):
    """Sex, friends and risk by the key of row and month: whatever is done and whatever befalls, before and meanwhile."""
    state, params = begin_city(lively, seed=9, scale=0.1, burn_in=36)
    nothing = np.zeros((0, len(OUTCOMES)), np.float32), np.zeros((0, 9, len(OUTCOMES)), np.float32)
    listed = ((policy_of(), ()), (everything(), ()), (policy_of(), all_shocks()), (everything(), all_shocks()))
    arms = [enforce(copy_city(state), lively, each, shocks, params) for each, shocks in listed]
    children = 0
    for t in range(48):
        for arm in arms:
            months(arm, params, np.uint64(9), t, t + 1, *nothing)
        newborn = state.youth.phase == t
        children += newborn.sum()
        for column in ("female", "person", "family", "friends", "school", "proneness"):
            first, *others = (getattr(arm.youth, column)[newborn] for arm in arms)
            for other in others:
                np.testing.assert_array_equal(first, other, err_msg=column)
    assert children > 200
    assert differing(arms[0].youth, arms[3].youth)


def test_care_in_early_childhood_makes_the_same_child_less_at_risk_when_it_is_due(lively):
    """P-S8: five years later, the same sex and friends; some with less risk of person and school, none with more."""
    state, params = begin_city(lively, seed=9, scale=0.1, burn_in=36)
    nothing = np.zeros((0, len(OUTCOMES)), np.float32), np.zeros((0, 9, len(OUTCOMES)), np.float32)
    params.policy_delivery[0].election_cancellation_chance = 0.0
    use = MeasureUse(measure="P-S8", ramp=1)
    arms = [enforce(copy_city(state), lively, policy_of(*uses), (), params) for uses in ((), (use,))]
    treated = 0
    for t in range(90):
        for arm in arms:
            months(arm, params, np.uint64(9), t, t + 1, *nothing)
        newborn = state.youth.phase == t
        plain, cared = (arm.youth for arm in arms)
        for column in ("female", "friends"):
            np.testing.assert_array_equal(getattr(plain, column)[newborn], getattr(cared, column)[newborn])
        for column in ("person", "family", "school"):
            before, after = getattr(plain, column)[newborn], getattr(cared, column)[newborn]
            assert (after <= before).all()
            assert t >= 60 or (after == before).all()
        treated += (cared.person[newborn] < plain.person[newborn]).sum()
    assert treated > 5


def test_without_a_mechanism_is_with_its_parameters_off_from_the_burn_in_on(sandbox):
    listed = [load_policy("all_four")]
    named = run_arms(sandbox, listed, seed=3, months=12, scale=SCALE, without=["peers", "contagion"])
    off = {"recruitment.peers_on_joining": 0.0, "homicide.retaliation_ratio": 0.0, "homicide.street_retaliation_ratio": 0.0}
    assert_same_bytes(*named, *run_arms(sandbox, listed, seed=3, months=12, scale=SCALE, parameters=off))
    scenario = Scenario(city=sandbox, policies=(), months=12, scale=SCALE, without=("peers", "contagion"))
    assert_same_bytes(*named, run(scenario, 3, listed[0]))


def test_a_setting_does_not_bring_back_a_mechanism_that_is_off(sandbox):
    listed = [load_policy("baseline")]
    off, both = (
        run_arms(sandbox, listed, seed=3, months=6, scale=SCALE, without=["peers"], parameters=parameters)[0]
        for parameters in ({}, {"recruitment.peers_on_joining": 3.0})
    )
    assert_same_bytes(off, both)
