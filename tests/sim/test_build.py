"""A city file becomes a state: by arithmetic that can be checked by hand, and keyed draws for who is whose peer."""

import numpy as np
import pytest
from city_columns import differing

from sim.build import FEWEST_ROWS, SLOTS_TO_SPARE, _pair_up, build, city_rates, youth_rows
from sim.state import FLOWS, INTEGRATED, LOOSE, SPAN, WEAK


def logistic(x):
    return 1.0 / (1.0 + np.exp(-x))


def logit(p):
    return np.log(p / (1.0 - p))


@pytest.fixture(scope="module")
def rate(sandbox):
    return city_rates(sandbox).beginning[0]


@pytest.fixture(scope="module")
def new(sandbox):
    return build(sandbox, city_rates(sandbox), 7, 0.05, -24)


@pytest.fixture(scope="module")
def people(sandbox):
    return np.array([each.population for each in sandbox.neighbourhoods], dtype=float)


def changed(city, number, **fields):
    """The city with fields of one neighbourhood changed."""
    places = list(city.neighbourhoods)
    places[number] = places[number].model_copy(update=fields)
    return city.model_copy(update={"neighbourhoods": tuple(places)})


def test_the_same_file_scale_and_seed_give_the_same_bytes(sandbox, new):
    assert differing(new, build(sandbox, city_rates(sandbox), 7, 0.05, -24)) == {}


def test_the_seed_decides_who_is_whose_peer_and_nothing_else(sandbox, new):
    assert set(differing(new, build(sandbox, city_rates(sandbox), 8, 0.05, -24))) == {"city.youth.peers"}


def test_a_row_stands_for_the_youths_its_scale_says(sandbox, new, people):
    np.testing.assert_array_equal(youth_rows(sandbox, 1.0), np.rint(people * sandbox.youth_share))
    np.testing.assert_array_equal(new.place["last"] - new.place["first"], youth_rows(sandbox, 0.05))
    np.testing.assert_allclose(new.place["weight"] * youth_rows(sandbox, 0.05), people * sandbox.youth_share)
    assert new.place[0].first == 0
    np.testing.assert_array_equal(new.place["first"][1:], new.place["last"][:-1])
    np.testing.assert_array_equal(new.youth.home, np.repeat(np.arange(9), youth_rows(sandbox, 0.05)))


def test_no_neighbourhood_is_too_small_to_have_rows(sandbox):
    assert (youth_rows(sandbox, 1e-6) == FEWEST_ROWS).all()


def test_rows_stand_in_the_order_of_their_month_of_birth_and_fill_all_ages_evenly(new):
    for place in new.place:
        phase = new.youth.phase[place.first : place.last]
        assert (np.diff(phase) >= 0).all()
        cohorts = np.bincount(phase, minlength=SPAN)
        assert cohorts.size == SPAN
        assert cohorts.max() - cohorts.min() <= 1


def test_deprivation_of_one_neighbourhood_by_hand(sandbox, new, rate):
    aldoo = sandbox.neighbourhoods[0]
    expected = (
        rate.weight_poverty * aldoo.poverty / rate.poverty_ceiling
        + rate.weight_unemployment * aldoo.unemployment / rate.unemployment_ceiling
        + rate.weight_schooling * aldoo.no_high_school / rate.schooling_ceiling
    ) / (rate.weight_poverty + rate.weight_unemployment + rate.weight_schooling)
    assert new.place[0].deprivation == pytest.approx(expected, rel=1e-12)


def test_deprivation_is_complete_at_the_ceilings_and_no_more_above(sandbox):
    worst = changed(sandbox, 4, poverty=1.0, unemployment=1.0, no_high_school=1.0)
    best = changed(sandbox, 4, poverty=0.0, unemployment=0.0, no_high_school=0.0)
    assert build(worst, city_rates(worst), 1, 0.01, -1).place[4].deprivation == pytest.approx(1.0)
    assert build(best, city_rates(best), 1, 0.01, -1).place[4].deprivation == 0.0


@pytest.mark.parametrize(
    ("anchor", "level", "slope"),
    [
        ("efficacy_anchor", "collective_efficacy", "slope_efficacy"),
        ("bridging_anchor", "bridging", "slope_efficacy"),
        ("state_anchor", "state_legitimacy", "slope_state"),
        ("police_anchor", "police_legitimacy", "slope_police"),
        ("criminal_anchor", "criminal_legitimacy", "slope_criminal"),
        ("fear_anchor", "fear", "slope_fear"),
        ("testimony_anchor", "testimony", "slope_testimony"),
        ("reporting_anchor", "reporting", "slope_reporting"),
    ],
)
def test_an_anchor_is_the_city_level_moved_by_deprivation(sandbox, new, people, rate, anchor, level, slope):
    away = new.place["deprivation"] - np.average(new.place["deprivation"], weights=people)
    city = getattr(sandbox.levels, level)
    np.testing.assert_allclose(new.place[anchor], logistic(logit(city) + rate[slope] * away), rtol=1e-12)
    assert np.average(new.place[anchor], weights=people) == pytest.approx(city, abs=0.02)


def test_every_slow_state_starts_at_its_anchor(new):
    place = new.place
    np.testing.assert_array_equal(place["collective_efficacy"], place["efficacy_anchor"])
    np.testing.assert_array_equal(place["police_legitimacy"], place["police_anchor"])
    np.testing.assert_array_equal(place["fear"], place["fear_anchor"])
    np.testing.assert_array_equal(new.police["abuse"], new.police["abuse_anchor"])
    assert (place["business"] == 1).all()
    assert (place["jobs"] == 1).all()


def test_what_a_file_gives_is_taken_and_what_it_leaves_out_follows_deprivation(sandbox, new):
    assert new.place[8].services == 0.30
    assert new.place[8].informality == 0.50
    rest = new.place[[0, 1, 2, 3, 4, 5, 6, 7]]
    np.testing.assert_allclose(rest["services"], 0.95 - 0.4 * rest["deprivation"])
    np.testing.assert_allclose(new.place["school_quality"], 0.8 - 0.5 * new.place["deprivation"])
    given = changed(sandbox, 2, in_migration=0.31, school_quality=0.0)
    place = build(given, city_rates(given), 7, 0.01, -1).place[2]
    assert place.in_migration == 0.31
    assert place.school_quality == 0.0


def test_gangs_start_from_their_homes_and_reach_next_door(sandbox, new):
    lanterns = 0
    assert new.gang.size == len(sandbox.gangs) + SLOTS_TO_SPARE
    assert new.gang["alive"].sum() == len(sandbox.gangs)
    np.testing.assert_array_equal(new.gang["organisation"][:4], [INTEGRATED, LOOSE, LOOSE, WEAK])
    assert new.homes[8, lanterns] == 1
    assert new.homes[:, lanterns].sum() == 1
    assert new.control[8, lanterns] == pytest.approx(0.2)
    np.testing.assert_allclose(new.control[[5, 7], lanterns], 0.05)
    assert new.control[[0, 1, 2, 3, 4, 6], lanterns].sum() == 0.0
    assert (new.control.sum(axis=1) <= 0.6 + 1e-12).all()


def test_every_pair_of_gangs_are_rivals_and_no_gang_is_its_own(new):
    assert (np.diag(new.rivalry) == 0).all()
    assert (new.rivalry[~np.eye(new.gang.size, dtype=bool)] == 1).all()


def test_adjacency_reads_as_the_file_has_it(sandbox, new):
    names = [each.name for each in sandbox.neighbourhoods]
    for i, each in enumerate(sandbox.neighbourhoods):
        listed = new.neighbour_list[new.neighbour_start[i] : new.neighbour_start[i + 1]]
        assert {names[j] for j in listed} == set(each.adjacent)


def test_half_of_a_flow_follows_its_hubs_and_a_residents_mean_stays_one(sandbox, new, people):
    for f in range(len(FLOWS)):
        assert np.average(new.flows.hub[:, f], weights=people) == pytest.approx(1.0)
    drugs, ideas = FLOWS.index("drugs"), FLOWS.index("ideas")
    np.testing.assert_allclose(new.flows.hub[:8, drugs], 0.5)
    assert new.flows.hub[8, drugs] == pytest.approx(0.5 + 0.5 * people.sum() / people[8])
    np.testing.assert_array_equal(new.flows.hub[:, ideas], 1.0)


def test_a_tie_between_peers_is_mutual(new):
    peers = new.youth.peers
    assert peers.shape[1] == 8
    assert (peers >= 0).all()
    assert (peers < len(peers)).all()
    for row in range(0, len(peers), 37):
        for peer in peers[row]:
            assert (peers[row] == peer).sum() == (peers[peer] == row).sum()


def test_six_of_eight_peers_live_in_the_same_neighbourhood_and_the_others_across_one_border(sandbox, new):
    home, peers = new.youth.home, new.youth.peers
    assert (home[peers[:, :6]] == home[:, None]).all()
    pair = _pair_up(new.neighbour_start, new.neighbour_list)
    across = home[peers[:, 6:]]
    assert (pair[across] == pair[home][:, None]).all()
    assert (across != home[:, None]).mean() > 0.3
    names = [each.name for each in sandbox.neighbourhoods]
    for here, there in zip(np.repeat(home, 2), across.ravel(), strict=True):
        assert here == there or names[there] in sandbox.neighbourhoods[here].adjacent


def test_peers_are_of_about_the_same_age(new):
    apart = np.abs(new.youth.phase[new.youth.peers[:, :6]] - new.youth.phase[:, None].astype(int))
    around = np.minimum(apart, SPAN - apart)
    assert np.median(around) <= 24
    assert (apart <= 42).mean() > 0.9


def test_nobody_is_paired_with_two_neighbourhoods(new):
    pair = _pair_up(new.neighbour_start, new.neighbour_list)
    assert np.bincount(pair, minlength=9).max() <= 2
    for i, j in enumerate(pair):
        assert i == j or j in new.neighbour_list[new.neighbour_start[i] : new.neighbour_start[i + 1]]


def test_a_city_keeps_its_neighbourhoods_own_luck_when_another_grows(sandbox, new):
    """Only first rows shift: anchors and gangs of the others depend on the city's mean deprivation alone."""
    grown = changed(sandbox, 8, population=2 * sandbox.neighbourhoods[8].population)
    other = build(grown, city_rates(grown), 7, 0.05, -24)
    np.testing.assert_array_equal(other.place["deprivation"], new.place["deprivation"])
    np.testing.assert_array_equal(other.youth.phase[: new.place[8].first], new.youth.phase[: new.place[8].first])
