"""An election ends what cannot show results yet, by the same draw in every arm."""

import numpy as np
import pytest

from sim.measures import MEASURES, find_measure
from sim.processes import policy_delivery
from sim.processes.policy_delivery import _vote, set_levers
from sim.scenario import MeasureUse
from tests.sim.processes.policy_delivery.made import shock


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
