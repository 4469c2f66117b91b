"""The month opens: doses ramp and fade, levers add up, lists of worst places are drawn once, neighbours are seen."""

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.enumerations import FLOWS
from sim.levers import LEVERS, SHOCK_LEVERS, enforce
from sim.measures import MEASURES, find_measure
from sim.outcomes import outcome_index
from sim.processes import policy_delivery
from sim.processes.justice import gate
from sim.processes.policy_delivery import _vote, killings_expected, look_around, set_levers
from sim.processes.policy_delivery import update as update_policy_delivery
from sim.scenario import AT_ONCE, MeasureUse, Partner, Policy, Shock, Target, Trigger
from sim.state import copy_city

CAUSES = 10


@pytest.fixture
def lossless(params):
    """Parameters with which what is asked for arrives: what is lost on the way, or added, is tested apart."""
    for part in ("leakage_share", "redistribution_erosion", "cooperation_on_funding"):
        params.policy_delivery[0][part] = 0.0
    return params


@pytest.fixture
def with_policy(city, sandbox, params):
    def forced(*uses, shocks=(), schema=sandbox):
        return enforce(city, schema, Policy(name="trial", title="Trial", about="A trial.", measures=uses), shocks, params)

    return forced


@pytest.fixture
def enforced(with_policy, lossless):
    """A city under measures of which nothing is lost on the way."""
    return with_policy


@pytest.fixture
def pull(params, seed):
    """Set the levers of a month, and return one of them in one place."""

    def of(city, t, lever="hot_spot_patrol", i=0):
        set_levers(city, params, seed, t)
        return float(city.levers[i][lever])

    return of


@pytest.fixture
def doses(pull):
    return lambda city, lever, months, i=0: np.array([pull(city, t, lever, i) for t in months])


def shock(kind, **fields):
    return Shock(
        **{"name": "shock", "title": "Shock", "about": "It happens.", "kind": kind, "size": 0.5, "start": 0, **fields}
    )


# Doses ------------------------------------------------------------------------------


def test_a_dose_ramps_to_its_level_and_fades_after_its_stop(enforced, doses):
    city = enforced(MeasureUse(measure="P-S3", level=0.8, start=4, stop=10, ramp=4))
    fades = city.programme[0].fades
    reached = doses(city, "violence_interruption", range(22))
    np.testing.assert_allclose(reached[:3], 0.0)
    np.testing.assert_allclose(reached[3:7], 0.8 * np.array([0.25, 0.5, 0.75, 1.0]))
    np.testing.assert_allclose(reached[7:10], 0.8)
    gone = np.maximum(0.0, 1.0 - np.arange(1, 13) / fades)
    np.testing.assert_allclose(reached[10:], 0.8 * gone, atol=1e-15)


def test_a_measure_stopped_on_its_way_up_fades_from_where_it_was(enforced, doses):
    city = enforced(MeasureUse(measure="P-S3", start=0, stop=2, ramp=8))
    fades = city.programme[0].fades
    np.testing.assert_allclose(
        doses(city, "violence_interruption", range(4)), [1 / 8, 2 / 8, 2 / 8 * (1 - 1 / fades), 2 / 8 * (1 - 2 / fades)]
    )


def test_a_measure_that_does_not_fade_ends_at_once(enforced, doses):
    city = enforced(MeasureUse(measure="P-G4", start=0, stop=6, ramp=0))
    np.testing.assert_array_equal(doses(city, "truce", range(9)), [1, 1, 1, 1, 1, 1, 0, 0, 0])


def test_a_measure_at_level_0_pulls_nothing(enforced, doses):
    city = enforced(MeasureUse(measure="P-E1", level=0.0))
    assert not doses(city, "hot_spot_patrol", range(6)).any()
    assert not city.lever_values.any()


def test_levers_are_made_anew_each_month_and_never_exceed_one(enforced, doses):
    city = enforced(
        MeasureUse(measure="P-R3", level=0.7, ramp=0),
        MeasureUse(measure="P-R3", level=0.2, ramp=0, start=3),
        MeasureUse(measure="P-R3", level=0.6, ramp=0, start=5),
    )
    np.testing.assert_allclose(doses(city, "liquor_hours", range(6)), [0.7, 0.7, 0.9, 0.9, 1.0, 1.0])


def test_what_a_lever_was_before_does_not_matter(enforced, pull):
    city = enforced(MeasureUse(measure="P-R3", ramp=0))
    city.lever_values[:] = 9.0
    pull(city, 0)
    assert city.lever_values.sum() == 9.0
    np.testing.assert_array_equal(city.lever_values[:, LEVERS.index("liquor_hours")], 1.0)


def test_shocks_to_a_flow_have_no_cap(enforced, doses):
    flood = {"title": "Flood", "about": "More.", "kind": "flow", "flow": "drugs", "size": 10.0, "start": 0}
    city = enforced(shocks=[Shock(name="one", **flood), Shock(name="two", **flood)])
    np.testing.assert_allclose(doses(city, "flow_drugs", [0]), 2 * np.log(10.0))


def test_no_flow_is_more_than_a_thousand_times_the_ordinary_however_many_shocks_come_together(enforced, doses):
    for size, most in ((1000.0, 1000.0), (0.0, 0.001)):
        flood = {"title": "Flood", "about": "More.", "kind": "flow", "flow": "firearms", "size": size, "start": 1}
        city = enforced(shocks=[Shock(name=f"shock_{n}", **flood) for n in range(20)])
        np.testing.assert_allclose(doses(city, "flow_firearms", [0]), np.log(most))


def test_the_worst_places_are_among_those_where_people_live(enforced, pull):
    city = enforced(MeasureUse(measure="P-E1", where=Target(worst=9, by="deprivation")))
    city.neighbourhood["population"][[0, 8]] = 0.0
    pull(city, 0)
    np.testing.assert_array_equal(city.where[0], [0, 1, 1, 1, 1, 1, 1, 1, 0])


def test_what_is_next_door_is_where_people_live_and_nothing_for_an_island(city):
    beside = city.neighbour_list[city.neighbour_start[4] : city.neighbour_start[5]]
    city.neighbourhood["deaths_dispute"] = 1.0
    look_around(city)
    plain = city.neighbourhood[4]["near_violence"]
    city.neighbourhood["population"][beside[0]] = 0.0
    city.members[beside[0]] = 0
    look_around(city)
    expected = [killings_expected(city.neighbourhood[j]) / city.neighbourhood[j].population for j in beside[1:]]
    assert city.neighbourhood[4]["near_violence"] == pytest.approx(np.mean(expected))
    np.testing.assert_allclose(city.near[4], city.residents[beside[1:]].mean(axis=0))
    city.neighbourhood["population"][beside] = 0.0
    city.members[beside] = 0
    look_around(city)
    assert city.neighbourhood[4]["near_violence"] == city.neighbourhood[4]["near_patrol"] == city.near[4].sum() == 0.0
    assert plain > 0


def test_a_pact_binds_its_gang_while_it_lasts(enforced, pull):
    pact = Shock(name="pact", title="Pact", about="A pact.", kind="pact", gang="Corner Nine", size=0.7, start=2, stop=3)
    city = enforced(shocks=[pact])
    held = []
    for t in range(5):
        pull(city, t)
        held.append(city.gang["pact"][:3].tolist())
    np.testing.assert_allclose(held, [[0, 0, 0], [0, 0.7, 0], [0, 0.7, 0], [0, 0, 0], [0, 0, 0]])


def test_a_pact_of_the_city_file_is_not_weakened_by_a_weaker_one(enforced, pull):
    pact = Shock(name="pact", title="Pact", about="A pact.", kind="pact", gang="Corner Nine", size=0.2, start=0)
    city = enforced(shocks=[pact])
    city.gang[1].pact_anchor = 0.6
    pull(city, 0)
    assert city.gang[1].pact == 0.6


def test_a_triggered_measure_begins_when_the_outcome_is_above_and_then_stays(enforced, pull):
    city = enforced(MeasureUse(measure="P-R3", ramp=0, start=3, trigger=Trigger(outcome="fear", above=0.5)))
    column = outcome_index("fear")
    seen = [0.9, 0.1, 0.4, 0.5, 0.6, 0.1, 0.1]
    pulled = []
    for t, fear in enumerate(seen):
        city.city_outcome[column] = fear
        pulled.append(pull(city, t, "liquor_hours"))
    np.testing.assert_array_equal(pulled, [0, 0, 0, 0, 1, 1, 1])


@pytest.mark.parametrize(
    ("by", "field"), [("homicide_rate", "violence"), ("extortion_share", "extortion"), ("deprivation", "deprivation")]
)
def test_the_worst_places_are_those_with_the_highest_indicator_when_the_measure_begins(enforced, pull, by, field):
    city = enforced(MeasureUse(measure="P-E1", start=2, where=Target(worst=3, by=by)))
    pull(city, 0)
    values = city.neighbourhood[field].copy()
    pull(city, 1)
    assert set(np.flatnonzero(city.where[0])) == set(np.argsort(-values)[:3])
    city.neighbourhood["violence"] = city.neighbourhood["violence"][::-1]
    city.neighbourhood["extortion"] = city.neighbourhood["extortion"][::-1]
    chosen = city.where[0].copy()
    pull(city, 2)
    np.testing.assert_array_equal(city.where[0], chosen)


def test_the_worst_by_gang_members_are_worst_by_resident(enforced, pull):
    city = enforced(MeasureUse(measure="P-E1", where=Target(worst=1, by="gang_members")))
    look_around(city)
    pull(city, 0)
    assert np.argmax(city.where[0]) == np.argmax(city.residents.sum(axis=1) / city.neighbourhood["population"])


def test_between_equals_the_first_listed_is_worst(enforced, pull):
    city = enforced(MeasureUse(measure="P-E1", where=Target(worst=2, by="extortion_share")))
    city.neighbourhood["extortion"] = 0.3
    pull(city, 0)
    np.testing.assert_array_equal(city.where[0], [1, 1, 0, 0, 0, 0, 0, 0, 0])


# What arrives of what is asked ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "lever"),
    [("P-E1", "hot_spot_patrol"), ("P-G1", "community_policing"), ("P-E4", "witness_protection"), ("P-E2", "investigation")],
)
@pytest.mark.parametrize(("command", "sure"), [("city", 0.5), ("joint", 0.25), ("national", 0.0)])
def test_a_force_does_what_the_city_asks_as_far_as_it_follows_and_surely_what_its_command_makes_it(
    enforced, doses, measure, lever, command, sure
):
    """E34: a nation's force does what it follows; the city's own does half of what is asked in any case."""
    city = enforced(MeasureUse(measure=measure, level=0.8, ramp=0))
    city.city_state[0].command = ("city", "joint", "national").index(command)
    for follows in (0.0, 0.3, 1.0):
        city.city_state[0].alignment = follows
        np.testing.assert_allclose(doses(city, lever, [0]), 0.8 * (sure + (1.0 - sure) * follows))


@pytest.mark.parametrize(
    ("measure", "lever"),
    [
        ("P-R3", "liquor_hours"),
        ("P-R7", "firearms_control"),
        ("P-E5", "community_watch"),
        ("P-E7", "military_deployment"),
        ("P-S10", "basic_services"),
    ],
)
def test_what_no_force_delivers_does_not_hang_on_the_police(enforced, doses, measure, lever):
    city = enforced(MeasureUse(measure=measure, level=0.8, ramp=0))
    city.city_state[0].command = 2
    city.city_state[0].alignment = 0.0
    np.testing.assert_allclose(doses(city, lever, [0]), 0.8)


@pytest.mark.parametrize("integrity", [0.2, 0.9])
def test_soldiers_stay_on_where_the_police_stay_weak(enforced, params, doses, integrity):
    """P-E7: after the order to leave, a share goes each month; most of them where an honest force relieves them."""
    param = params.policy_delivery[0]
    city = enforced(MeasureUse(measure="P-E7", ramp=0, stop=3))
    city.city_state[0].alignment = 1.0
    city.city_state[0].integrity = integrity
    held = doses(city, "military_deployment", range(9))
    np.testing.assert_allclose(held[:3], 1.0)
    fades = find_measure("P-E7").fades_months
    assert fades <= 1
    leaving = param.soldier_withdrawal_rate + param.soldier_withdrawal_after_reform * gate(params, integrity)
    np.testing.assert_allclose(held[3:], (1.0 - leaving) ** np.arange(1, 7))
    np.testing.assert_allclose(doses(city, "military_deployment", range(9, 400))[-1], 0.0)


def test_where_no_soldier_came_none_stays(enforced, doses):
    city = enforced(MeasureUse(measure="P-E7", ramp=0, stop=3, where=Target(places=("Ixley",))))
    city.city_state[0].alignment = 1.0
    assert not doses(city, "military_deployment", range(9), i=7).any()


def test_a_patrol_is_what_the_lever_asks_for_less_what_a_shock_binds(enforced, params, seed):
    city = enforced(MeasureUse(measure="P-E1", level=0.5, ramp=0, where=Target(places=("Ixley",))))
    city.city_state[0].alignment = 1.0
    update_policy_delivery(city, params, seed, 0)
    assert city.police["patrol"][8] == pytest.approx(0.5)
    assert not city.police["patrol"][:8].any()
    city.city_state[0].diverted = 0.3
    update_policy_delivery(city, params, seed, 1)
    assert city.police["patrol"][8] == pytest.approx(0.5 * 0.7)


def test_patrols_asked_for_everywhere_are_spread_thinner(enforced, params, seed):
    """P-E1: the force that doubles its patrols in a quarter of the city does not double them in all of it."""
    reach = params.policy_delivery[0].patrol_reach
    for level in (0.5 * reach, 2.0 * reach):
        city = enforced(MeasureUse(measure="P-E1", level=level, ramp=0))
        city.city_state[0].alignment = 1.0
        update_policy_delivery(city, params, seed, 0)
        people = city.neighbourhood["population"]
        assert (city.police["patrol"] * people).sum() / people.sum() == pytest.approx(min(level, reach))


@pytest.mark.parametrize("integrity", [0.1, 0.45, 1.0])
def test_what_is_bought_leaks_where_officials_can_be_bought(with_policy, params, doses, integrity):
    """E11."""
    city = with_policy(MeasureUse(measure="P-R3", ramp=0), MeasureUse(measure="P-G7", ramp=0))
    assert find_measure("P-R3").leaks
    assert not find_measure("P-G7").leaks
    city.city_state[0].integrity = integrity
    kept = 1.0 - params.policy_delivery[0].leakage_share * (1.0 - integrity) ** 2
    np.testing.assert_allclose(doses(city, "liquor_hours", [0]), kept)
    np.testing.assert_allclose(doses(city, "business_cooperation", [0]), 1.0)
    assert city.programme[0].asked == 1.0, "what is paid for is what was asked"


@pytest.mark.parametrize("linkage", [0.1, 0.6, 1.0])
def test_redistribution_erodes_over_three_years_where_business_does_not_stand_with_it(with_policy, params, doses, linkage):
    """E27."""
    params.policy_delivery[0].leakage_share = 0.0
    params.policy_delivery[0].cooperation_on_funding = 0.0
    city = with_policy(MeasureUse(measure="P-S10", ramp=0, start=3), MeasureUse(measure="P-S9", ramp=0, start=3))
    assert find_measure("P-S10").contested
    assert not find_measure("P-S9").contested
    city.city_state[0].linkage = linkage
    lost = params.policy_delivery[0].redistribution_erosion * (1.0 - linkage) ** 2
    eroded = int(params.policy_delivery[0].redistribution_erosion_months)
    months = [2, 3, 2 + eroded // 2, 2 + eroded, 200]
    held = np.array([0.0, 1.0 / eroded, 0.5, 1.0, 1.0])
    np.testing.assert_allclose(doses(city, "basic_services", months), 1.0 - lost * held)
    np.testing.assert_allclose(doses(city, "care_after_shock", months), 1.0)


def test_business_that_stands_with_the_city_adds_to_what_it_asks_for_and_not_to_what_befalls_it(with_policy, params, doses):
    """E27, P-G7: against the ordinary city; no lever goes beyond its full dose."""
    params.policy_delivery[0].leakage_share = 0.0
    shocks = [shock("slump", size=0.5)]
    city = with_policy(MeasureUse(measure="P-R3", level=0.6, ramp=0), MeasureUse(measure="P-S9", ramp=0), shocks=shocks)
    city_state = city.city_state[0]
    for more in (0.0, 0.3, -0.2):
        city_state.linkage = city_state.linkage_anchor + more
        added = 1.0 + params.policy_delivery[0].cooperation_on_funding * more
        np.testing.assert_allclose(doses(city, "liquor_hours", [0]), 0.6 * added)
        np.testing.assert_allclose(doses(city, "care_after_shock", [0]), min(added, 1.0))
        np.testing.assert_allclose(doses(city, "slump", [0]), 0.5)


def test_a_gain_that_nobody_keeps_up_is_halved_in_its_half_life(enforced, doses):
    months = find_measure("P-R9").conditions["upkeep"].wears
    kept = enforced(MeasureUse(measure="P-R9", ramp=0))
    np.testing.assert_allclose(doses(kept, "public_space", [0, months, 50]), 1.0)
    left = enforced(MeasureUse(measure="P-R9", ramp=0, conditions={"upkeep": 0.0}))
    np.testing.assert_allclose(doses(left, "public_space", [0, months, 2 * months]), [1.0, 0.5, 0.25])
    half = enforced(MeasureUse(measure="P-R9", ramp=0, conditions={"upkeep": 0.5}))
    np.testing.assert_allclose(doses(half, "public_space", [0, 2 * months]), [1.0, 0.5])


def test_what_is_lost_on_the_way_is_lost_of_what_the_others_left(with_policy, params, doses):
    """One measure that wears, leaks, and is half a force's: the losses multiply."""
    param = params.policy_delivery[0]
    use = MeasureUse(measure="P-G2", ramp=0, level=0.5, conditions={"equal_seats": 0.0})
    city = with_policy(use)
    city.city_state[0].integrity = 0.4
    city.city_state[0].linkage = 0.2
    part = 1.0 - find_measure("P-G2").conditions["equal_seats"].weight
    funds = 1 + param.cooperation_on_funding * (0.2 - city.city_state[0].linkage_anchor)
    expected = 0.5 * part * funds * (1 - 0.36 * param.leakage_share) * (1 - 0.64 * param.redistribution_erosion)
    np.testing.assert_allclose(doses(city, "participation", [0, 36])[1], expected)


# Elections ------------------------------------------------------------------------------


@pytest.fixture
def sure(lossless):
    """An election that ends whatever it may."""
    lossless.policy_delivery[0].election_cancellation_chance = 1.0
    return lossless


def voted(sandbox, *months):
    return sandbox.model_copy(update={"elections": months})


def test_an_election_ends_for_good_what_cannot_show_results_yet(enforced, sure, doses, sandbox):
    """E26: services show after two years, patrols after three months."""
    slow, quick = find_measure("P-S10"), find_measure("P-E1")
    assert quick.shows_after < 12 < slow.shows_after
    city = enforced(MeasureUse(measure="P-S10", ramp=0), MeasureUse(measure="P-E1", ramp=0), schema=voted(sandbox, 13))
    city.city_state[0].linkage = 0.0
    city.city_state[0].alignment = 1.0
    months = [0, 11, 12, 13, 60]
    np.testing.assert_allclose(doses(city, "basic_services", months), [1, 1, 0, 0, 0])
    city.programme["began"] = policy_delivery.NOT_BEGUN
    city.programme["cut"] = 0
    np.testing.assert_allclose(doses(city, "hot_spot_patrol", months), 1.0)


@pytest.mark.parametrize(("election", "stays"), [(1, False), (6, False), (29, False), (30, True), (91, True)])
def test_what_has_shown_results_by_the_vote_stays(enforced, sure, doses, sandbox, election, stays):
    start, shows = 6, find_measure("P-S10").shows_after
    city = enforced(MeasureUse(measure="P-S10", ramp=0, start=start), schema=voted(sandbox, election))
    city.city_state[0].linkage = 0.0
    assert shows == 24
    after = doses(city, "basic_services", range(100))[-1]
    assert after == (1.0 if stays or election < start else 0.0)


def test_what_has_stopped_already_is_not_cut_but_fades(enforced, sure, doses, sandbox):
    city = enforced(MeasureUse(measure="P-S10", ramp=0, stop=6), schema=voted(sandbox, 7))
    city.city_state[0].linkage = 0.0
    assert 0.9 < doses(city, "basic_services", range(7))[-1] < 1.0


def test_an_election_leaves_shocks_alone(enforced, sure, doses):
    city = enforced(shocks=[shock("slump"), shock("election", name="vote", size=1.0, start=4)])
    city.city_state[0].linkage = 0.0
    np.testing.assert_allclose(doses(city, "slump", range(6)), 0.5)


def test_business_that_stands_with_the_city_keeps_its_programmes(enforced, sure, doses, sandbox):
    city = enforced(MeasureUse(measure="P-S10", ramp=0), schema=voted(sandbox, 4))
    city.city_state[0].linkage = 1.0
    np.testing.assert_allclose(doses(city, "basic_services", range(6)), 1.0)


def test_the_chance_to_be_cut_is_size_times_cut_times_missing_linkage(enforced, lossless, params, seed):
    param = params.policy_delivery[0]
    slow = [MeasureUse(measure=each.row, ramp=0) for each in MEASURES if each.shows_after > 20]
    assert len(slow) > 8
    city = enforced(*slow)
    city.city_state[0].linkage = 0.4
    cut = []
    for month in range(200):
        city.programme["began"] = month
        city.programme["cut"] = 0
        _vote(city, params, seed, month, 0.9)
        cut.append(city.programme["cut"].copy())
    assert np.mean(cut) == pytest.approx(0.9 * 0.6 * param.election_cancellation_chance, abs=0.04)
    assert (np.abs(np.mean(cut, axis=0) - np.mean(cut)) < 0.15).all()


@pytest.mark.parametrize("before", [(), ("P-R3",), ("P-R3", "P-E1")])
def test_an_election_cuts_the_same_measure_in_every_arm(enforced, lossless, params, seed, before):
    """Luck is the measure's own: what else a policy holds changes nothing."""
    params.policy_delivery[0].election_cancellation_chance = 0.8
    slow = [MeasureUse(measure=each, ramp=0) for each in ("P-S10", "P-S7", "P-E11", "P-S8", "P-G1", "P-G7")]
    others = [MeasureUse(measure=each, level=0.0) for each in before]
    cut = []
    for uses in (slow, [*others, *slow], [*slow, *others]):
        city = enforced(*uses, shocks=[shock("election", size=1.0, start=2)])
        city.city_state[0].linkage = 0.4
        for t in range(2):
            set_levers(city, params, seed, t)
        ended = dict(zip([use.measure for use in uses], city.programme["cut"][: len(uses)], strict=True))
        cut.append({use.measure: int(ended[use.measure]) for use in slow})
    assert cut[0] == cut[1] == cut[2]


# Shocks ------------------------------------------------------------------------------


LASTS = {kind: 1 if kind in AT_ONCE else None for kind in SHOCK_LEVERS}


@pytest.mark.parametrize("kind", SHOCK_LEVERS)
def test_a_shock_pulls_its_own_lever_at_its_size_where_and_when_it_happens(enforced, params, seed, kind):
    here = Target(places=("Hobbix", "Ixley"))
    city = enforced(shocks=[shock(kind, size=0.4, start=4, where=here)])
    column = LEVERS.index(SHOCK_LEVERS[kind])
    for t in range(6):
        set_levers(city, params, seed, t)
        pulled = np.zeros_like(city.lever_values)
        if t == 3 or (t > 3 and LASTS[kind] is None):
            pulled[[7, 8], column] = 0.4
        np.testing.assert_allclose(city.lever_values, pulled, err_msg=f"month {t}")


@pytest.mark.parametrize("kind", SHOCK_LEVERS)
def test_a_shock_with_an_end_lasts_until_it(enforced, doses, kind):
    city = enforced(shocks=[shock(kind, size=0.6, start=2, stop=4)])
    each = 0.2 if kind == "influx" else 0.6
    np.testing.assert_allclose(doses(city, SHOCK_LEVERS[kind], range(6)), [0, each, each, each, 0, 0])


@pytest.mark.parametrize("stop", [None, 2, 13])
def test_an_influx_brings_its_share_of_residents_over_all_its_months(enforced, doses, stop):
    city = enforced(shocks=[shock("influx", size=0.3, start=2, stop=stop)])
    assert doses(city, "influx", range(20)).sum() == pytest.approx(0.3)


def test_a_shock_strikes_the_worst_places_when_it_begins(enforced, pull):
    city = enforced(shocks=[shock("disaster", where=Target(worst=2, by="deprivation"))])
    pull(city, 0)
    struck = np.flatnonzero(city.levers["disaster_damage"])
    assert set(struck) == set(np.argsort(-city.neighbourhood["deprivation"])[:2])


def test_a_contested_election_is_a_vote_and_a_spark(enforced, sure, doses):
    city = enforced(MeasureUse(measure="P-S10", ramp=0), shocks=[shock("contested election", size=0.3, start=3)])
    city.city_state[0].linkage = 0.0
    np.testing.assert_allclose(doses(city, "basic_services", range(4)), [1, 1, 0, 0])
    plain = enforced(MeasureUse(measure="P-S10", ramp=0), shocks=[shock("election", size=1.0, start=3)])
    plain.city_state[0].linkage = 0.0
    np.testing.assert_allclose(doses(plain, "contested_election", range(4)), 0.0)
    assert plain.programme[0].cut == 1


def test_a_broken_pact_frees_its_gang_and_lets_out_what_was_stored(enforced, pull):
    """E09."""
    city = enforced(shocks=[shock("pact broken", gang="Corner Nine", size=0.75, start=3)])
    city.gang["grievance"] = 0.1
    city.gang[1].pact_anchor = 0.8
    held, stored = [], []
    for t in range(4):
        pull(city, t)
        held.append(float(city.gang[1].pact))
        stored.append(float(city.gang[1].grievance))
        city.gang[1].grievance = min(city.gang[1].grievance, 0.5)
    np.testing.assert_allclose(held, [0.8, 0.8, 0.2, 0.2])
    np.testing.assert_allclose(stored, [0.1, 0.1, 0.75, 0.5])
    assert city.gang[0].grievance == 0.1


def test_a_killed_leader_is_lost_once(enforced, params, pull):
    city = enforced(shocks=[shock("leader killed", gang="The Lanterns", size=0.9, start=2)])
    city.gang["leader"][:4] = 1
    city.gang["succession"] = 0.0
    pull(city, 0)
    assert city.gang[0].leader == 1
    cohesion = city.gang["cohesion"][:4].copy()
    pull(city, 1)
    assert city.gang["leader"][:4].tolist() == [0, 1, 1, 1]
    lost = 0.9 * params.gangs[0].leader_loss_on_cohesion
    np.testing.assert_allclose(city.gang["cohesion"][:4], [max(0.02, cohesion[0] - lost), *cohesion[1:]])
    np.testing.assert_allclose(city.gang["succession"][:4], [0.9, 0, 0, 0])
    city.gang[0].leader = 1
    city.gang[0].succession = 0.0
    pull(city, 2)
    assert city.gang[0].leader == 1
    assert city.gang[0].succession == 0.0


@pytest.mark.parametrize("gone", ["ended", "another in its place"])
def test_where_a_gang_of_the_file_is_gone_a_shock_befalls_who_holds_its_home(enforced, pull, gone):
    """And stays with them, whoever holds it later."""
    city = enforced(shocks=[shock("pact", gang="Corner Nine", size=0.7, start=2)])
    hobbix = 7
    city.control[hobbix] = 0.0
    city.control[hobbix, :4] = 0.1, 0.05, 0.3, 0.0
    if gone == "ended":
        city.gang[1].alive = 0
    else:
        city.gang[1].founded = city.city_state[0].start + 5
    held = []
    for t in range(3):
        pull(city, t)
        held.append(city.gang["pact"][:4].tolist())
        city.control[hobbix, 0] = 0.1 + 0.3 * t
    np.testing.assert_allclose(held, [[0, 0, 0, 0], [0, 0, 0.7, 0], [0, 0, 0.7, 0]])


def test_where_nobody_holds_the_home_of_a_gang_that_is_gone_nothing_befalls_the_others(enforced, pull):
    city = enforced(shocks=[shock("leader killed", gang="Corner Nine", size=1.0)])
    city.gang["leader"][:4] = 1
    city.gang[1].alive = 0
    city.control[7] = 0.0
    pull(city, 0)
    assert city.gang["leader"][[0, 2, 3]].tolist() == [1, 1, 1]


def test_an_ideological_group_makes_no_pact(enforced, pull):
    """E13."""
    city = enforced(shocks=[shock("pact", gang="Corner Nine", size=0.7)])
    city.gang[1].ideological = 1
    pull(city, 0)
    assert city.gang[1].pact == 0.0


@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize(("size", "places"), [(2.0, ("Bimbry",)), (0.3, ("Ixley", "Hobbix")), (3.0, ("Aldoo", "Bimbry"))])
def test_a_route_moves_a_flow_and_leaves_the_citys_total(enforced, params, seed, flow, size, places):
    """What passes is what hubs draw, by residents: more of it here is as much less of it elsewhere."""
    from sim.processes.flows import update as update_flows

    ordinary = enforced()
    update_flows(ordinary, params, seed, 0)
    city = enforced(shocks=[shock("route", flow=flow, size=size, where=Target(places=places))])
    set_levers(city, params, seed, 0)
    shifted = copy_city(city)
    update_flows(shifted, params, seed, 0)
    f, people = FLOWS.index(flow), city.neighbourhood["population"]
    here = np.array(
        [name in places for name in ("Aldoo", "Bimbry", "Cozzle", "Dorvin", "Elmuth", "Fennop", "Grundo", "Hobbix", "Ixley")]
    )
    multiple = shifted.flows.supply[:, f] / ordinary.flows.supply[:, f]
    np.testing.assert_allclose(multiple[here], size)
    assert np.ptp(multiple[~here]) < 1e-12
    assert (multiple[~here] < 1).all() == (size > 1)
    assert (shifted.flows.supply[:, f] * people).sum() == pytest.approx((ordinary.flows.supply[:, f] * people).sum())
    for other in set(range(len(FLOWS))) - {f}:
        np.testing.assert_array_equal(shifted.flows.supply[:, other], ordinary.flows.supply[:, other])


def test_a_route_leaves_a_twentieth_elsewhere_however_much_it_takes(enforced, pull):
    city = enforced(shocks=[shock("route", flow="ideas", size=15.0, where=Target(places=("Ixley", "Hobbix", "Fennop")))])
    assert pull(city, 0, "flow_ideas") == pytest.approx(math.log(0.05))
    assert pull(city, 0, "flow_ideas", 8) == pytest.approx(math.log(15.0))


@settings(max_examples=60, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    level=st.floats(0.0, 1.0),
    start=st.integers(0, 30),
    length=st.integers(1, 40),
    ramp=st.integers(0, 30),
    measure=st.sampled_from(MEASURES),
    integrity=st.floats(0.05, 0.95),
    linkage=st.floats(0.0, 1.0),
    alignment=st.floats(0.0, 1.0),
    met=st.floats(0.0, 1.0),
    sound=st.floats(0.0, 1.0),
)
def test_no_measure_ever_does_more_than_was_asked_and_paid_for(
    with_policy, params, seed, level, start, length, ramp, measure, integrity, linkage, alignment, met, sound
):
    params.policy_delivery[0].cooperation_on_funding = 0.0
    partner = Partner(clean=sound, trusted=sound) if measure.partner else Partner()
    conditions = dict.fromkeys(measure.conditions, met)
    use = MeasureUse(
        measure=measure.row,
        level=level,
        start=start + 1,
        stop=start + length,
        ramp=ramp,
        conditions=conditions,
        partner=partner,
    )
    city = with_policy(use)
    city.neighbourhood["garrison"] = 0.0
    city_state = city.city_state[0]
    city_state.integrity, city_state.linkage, city_state.alignment = integrity, linkage, alignment
    for t in sorted({0, max(start - 1, 0), start, start + 1, start + length - 1, start + length, start + length + 7, 400}):
        set_levers(city, params, seed, t)
        row = city.programme[0]
        assert 0.0 <= row.dose <= row.asked <= level
        assert (city.lever_values >= 0.0).all()
        # Soldiers may stay on when nobody asks for them any more.
        others = [lever != "military_deployment" for lever in LEVERS]
        assert (city.lever_values[:, others] <= row.dose + 1e-12).all()
        assert (city.levers["military_deployment"] <= level).all()
        if t < start:
            assert row.asked == 0.0


# Neighbours, fifths and references ------------------------------------------------------------------------------


def test_neighbours_are_seen_as_last_month_left_them(city, sandbox):
    city.police["patrol"] = np.linspace(0.0, 0.8, 9)
    city.levers["improvement_district"] = np.linspace(0.9, 0.1, 9)
    look_around(city)
    names = [each.name for each in sandbox.neighbourhoods]
    killings = np.array([killings_expected(neighbourhood) for neighbourhood in city.neighbourhood])
    for i, each in enumerate(sandbox.neighbourhoods):
        beside = [names.index(name) for name in each.adjacent]
        np.testing.assert_allclose(city.near[i], city.residents[beside].mean(axis=0))
        assert city.neighbourhood[i].near_patrol == pytest.approx(city.police["patrol"][beside].mean())
        assert city.neighbourhood[i].near_district == pytest.approx(city.levers["improvement_district"][beside].mean())
        assert city.neighbourhood[i].near_violence == pytest.approx(
            (killings / city.neighbourhood["population"])[beside].mean()
        )


def test_everyone_is_counted_as_residents(city, recount):
    look_around(city)
    counted = recount(city)
    np.testing.assert_allclose(city.residents, counted.members * city.neighbourhood["weight"][:, None])
    np.testing.assert_allclose(city.gang["members"], city.residents.sum(axis=0))
    np.testing.assert_allclose(city.gang["inmates"], (counted.inmates * city.neighbourhood["weight"][:, None]).sum(axis=0))


def test_expected_killings_are_the_sum_of_all_causes(city):
    neighbourhood = city.neighbourhood[8]
    causes = [
        name for name in neighbourhood.dtype.names if name.startswith("deaths_") and name[7:] not in ("youth", "female")
    ]
    assert len(causes) == CAUSES
    assert killings_expected(neighbourhood) == pytest.approx(sum(neighbourhood[cause] for cause in causes), rel=1e-12)


def test_the_most_and_the_least_violent_fifth_are_fixed_at_month_0(city, params, seed):
    violence = city.neighbourhood["violence"].copy()
    update_policy_delivery(city, params, seed, 0)
    assert city.neighbourhood["fifth"][np.argmax(violence)] == 1
    assert city.neighbourhood["fifth"][np.argmin(violence)] == -1
    assert sorted(city.neighbourhood["fifth"]) == [-1, 0, 0, 0, 0, 0, 0, 0, 1]
    city.neighbourhood["violence"] = violence[::-1]
    fifths = city.neighbourhood["fifth"].copy()
    update_policy_delivery(city, params, seed, 1)
    np.testing.assert_array_equal(city.neighbourhood["fifth"], fifths)


def test_references_follow_at_once_at_first_then_over_years_then_not_at_all(city, params, seed, monkeypatch):
    monkeypatch.setattr(policy_delivery, "initialise", lambda *_: None)
    city.city_state[0].start = -360
    speeds = []
    for t in (-360, -359, -1, 0, 7):
        update_policy_delivery(city, params, seed, t)
        speeds.append(city.city_state[0].anchoring)
    np.testing.assert_allclose(speeds, [1.0, 0.5, params.policy_delivery[0].burn_in_reference_speed, 0.0, 0.0])
