"""What arrives of what is asked: who delivers it, what leaks, and what business adds."""

import numpy as np
import pytest

from sim.measures import find_measure
from sim.processes.justice import gate
from sim.processes.policy_delivery import update as update_policy_delivery
from sim.scenario import MeasureUse, Target
from tests.sim.processes.policy_delivery.made import shock


@pytest.mark.parametrize(
    ("measure", "lever"),
    [("P-E1", "hot_spot_patrol"), ("P-G1", "community_policing"), ("P-E2", "investigation")],
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
        ("P-E4", "witness_protection"),
        ("P-E5", "community_watch"),
        ("P-E6", "mass_arrests"),
        ("P-E7", "military_deployment"),
        ("P-E8", "leader_removal"),
        ("P-S10", "basic_services"),
    ],
)
def test_what_no_force_delivers_or_the_nation_commands_does_not_hang_on_how_far_the_police_follow_the_city(
    enforced, doses, measure, lever
):
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
    city.city_state[0].force_integrity = integrity
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
