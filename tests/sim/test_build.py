"""A city file becomes a state: by arithmetic that can be checked by hand, and keyed draws for who is whose peer."""

import numpy as np
import pytest
from city_columns import differing

from sim.build import FEWEST_ROWS, SLOTS_TO_SPARE, _pair_up, build, city_parameters, youth_rows
from sim.enumerations import FLOWS
from sim.parameters import PARAMETERS
from sim.run import begin_city
from sim.scenario import Corridor, Service
from sim.state import INTEGRATED, LOOSE, SPAN, WEAK


def logistic(x):
    return 1.0 / (1.0 + np.exp(-x))


def logit(p):
    return np.log(p / (1.0 - p))


@pytest.fixture(scope="module")
def param(sandbox):
    return city_parameters(sandbox).initialise[0]


@pytest.fixture(scope="module")
def new(sandbox):
    return build(sandbox, city_parameters(sandbox), 7, 0.05, -24)


@pytest.fixture(scope="module")
def people(sandbox):
    return np.array([each.population for each in sandbox.neighbourhoods], dtype=float)


def changed(city, number, **fields):
    """The city with fields of one neighbourhood changed."""
    places = list(city.neighbourhoods)
    places[number] = places[number].model_copy(update=fields)
    return city.model_copy(update={"neighbourhoods": tuple(places)})


def test_the_same_file_scale_and_seed_give_the_same_bytes(sandbox, new):
    assert differing(new, build(sandbox, city_parameters(sandbox), 7, 0.05, -24)) == {}


def test_the_seed_decides_who_is_whose_peer_and_nothing_else(sandbox, new):
    assert set(differing(new, build(sandbox, city_parameters(sandbox), 8, 0.05, -24))) == {"city.youth.peers"}


def test_a_row_stands_for_the_youths_its_scale_says(sandbox, new, people):
    np.testing.assert_array_equal(youth_rows(sandbox, 1.0), np.rint(people * sandbox.youth_share))
    np.testing.assert_array_equal(new.neighbourhood["last"] - new.neighbourhood["first"], youth_rows(sandbox, 0.05))
    np.testing.assert_allclose(new.neighbourhood["weight"] * youth_rows(sandbox, 0.05), people * sandbox.youth_share)
    assert new.neighbourhood[0].first == 0
    np.testing.assert_array_equal(new.neighbourhood["first"][1:], new.neighbourhood["last"][:-1])
    np.testing.assert_array_equal(new.youth.home, np.repeat(np.arange(9), youth_rows(sandbox, 0.05)))


def test_no_neighbourhood_is_too_small_to_have_rows(sandbox):
    assert (youth_rows(sandbox, 1e-6) == FEWEST_ROWS).all()


def test_rows_stand_in_the_order_of_their_month_of_birth_and_fill_all_ages_evenly(new):
    for neighbourhood in new.neighbourhood:
        phase = new.youth.phase[neighbourhood.first : neighbourhood.last]
        assert (np.diff(phase) >= 0).all()
        cohorts = np.bincount(phase, minlength=SPAN)
        assert cohorts.size == SPAN
        assert cohorts.max() - cohorts.min() <= 1


def test_deprivation_of_one_neighbourhood_by_hand(sandbox, new, param):
    aldoo = sandbox.neighbourhoods[0]
    expected = (
        param.weight_poverty * aldoo.poverty / param.poverty_at_full_deprivation
        + param.weight_unemployment * aldoo.unemployment / param.unemployment_at_full_deprivation
        + param.weight_schooling * aldoo.no_high_school / param.low_schooling_at_full_deprivation
    ) / (param.weight_poverty + param.weight_unemployment + param.weight_schooling)
    assert new.neighbourhood[0].deprivation == pytest.approx(expected, rel=1e-12)


def test_deprivation_is_complete_at_the_ceilings_and_no_more_above(sandbox):
    worst = changed(sandbox, 4, poverty=1.0, unemployment=1.0, no_high_school=1.0)
    best = changed(sandbox, 4, poverty=0.0, unemployment=0.0, no_high_school=0.0)
    assert build(worst, city_parameters(worst), 1, 0.01, -1).neighbourhood[4].deprivation == pytest.approx(1.0)
    assert build(best, city_parameters(best), 1, 0.01, -1).neighbourhood[4].deprivation == 0.0


ANCHORS = [
    ("efficacy_anchor", "collective_efficacy", "deprivation_on_efficacy", "tenure_on_efficacy", None),
    ("bridging_anchor", "bridging", "deprivation_on_efficacy", None, "groups_on_bridging"),
    ("state_anchor", "state_legitimacy", "deprivation_on_state_legitimacy", "tenure_on_state_legitimacy", None),
    ("police_anchor", "police_legitimacy", "deprivation_on_police_legitimacy", None, None),
    ("criminal_anchor", "criminal_legitimacy", "deprivation_on_criminal_legitimacy", None, None),
    ("fear_anchor", "fear", "deprivation_on_fear", None, None),
    ("testimony_anchor", "testimony", "deprivation_on_testimony", None, None),
    ("reporting_anchor", "reporting", "deprivation_on_reporting", None, None),
]


def test_the_poorest_and_the_best_off_fifth_are_a_fifth_of_residents_each(new, people):
    """A place across which the line falls belongs to the fifth in part."""
    neighbourhood = new.neighbourhood
    for share, sign in ((neighbourhood["poorest"], 1.0), (neighbourhood["best_off"], -1.0)):
        assert np.sum(share * people) == pytest.approx(people.sum() / 5)
        whole, rest = neighbourhood["deprivation"][share == 1.0], neighbourhood["deprivation"][share == 0.0]
        assert (sign * whole).min(initial=9.0) > (sign * rest).max()
        assert ((share > 0.0) & (share < 1.0)).sum() <= 1
    assert not (neighbourhood["poorest"] * neighbourhood["best_off"]).any()


@pytest.mark.parametrize(("anchor", "level", "slope", "by_tenure", "by_groups"), ANCHORS)
def test_an_anchor_is_the_city_level_moved_by_deprivation_tenure_and_where_groups_meet(
    sandbox, people, param, anchor, level, slope, by_tenure, by_groups
):
    """E28, E33."""
    mixed = changed(changed(sandbox, 0, minority=0.4), 8, minority=0.9, tenure=0.2)
    neighbourhood = build(mixed, city_parameters(mixed), 7, 0.05, -24).neighbourhood
    moved = np.zeros(9)
    for field, weight in (("deprivation", slope), ("tenure", by_tenure), ("edge", by_groups)):
        if weight is not None:
            moved += param[weight] * (neighbourhood[field] - np.average(neighbourhood[field], weights=people))
    served = {"state_anchor": param.services_on_state_legitimacy, "criminal_anchor": -param.services_on_criminal_legitimacy}
    moved += served.get(anchor, 0.0) * neighbourhood["services_gap"]
    city = getattr(sandbox.levels, level)
    np.testing.assert_allclose(neighbourhood[anchor], logistic(logit(city) + moved), rtol=1e-12)
    assert np.average(neighbourhood[anchor], weights=people) == pytest.approx(city, abs=0.02)


def test_groups_meet_within_a_neighbourhood_or_across_its_borders(sandbox):
    """E33: four m (1 - m) within, and the mean difference to the neighbours; at most one."""
    mixed = changed(changed(sandbox, 0, minority=0.5), 8, minority=0.9)
    edge = build(mixed, city_parameters(mixed), 7, 0.01, -1).neighbourhood["edge"]
    np.testing.assert_allclose(edge, [1.0, 0.5 / 3, 0.0, 0.5 / 3, 0.0, 0.3, 0.0, 0.3, 1.0], atol=1e-12)


def test_segregation_is_the_index_of_dissimilarity(sandbox, new, people):
    assert new.city_state[0].segregation == 0.0, "a city of one group"
    mixed = changed(changed(sandbox, 0, minority=0.5), 8, minority=0.9)
    few = np.array([0.5, 0, 0, 0, 0, 0, 0, 0, 0.9]) * people
    many = people - few
    by_hand = 0.5 * np.abs(few / few.sum() - many / many.sum()).sum()
    assert build(mixed, city_parameters(mixed), 7, 0.01, -1).city_state[0].segregation == pytest.approx(by_hand)
    even = sandbox
    for i in range(9):
        even = changed(even, i, minority=0.3)
    assert build(even, city_parameters(even), 7, 0.01, -1).city_state[0].segregation == pytest.approx(0.0, abs=1e-12)
    apart = changed(changed(sandbox, 0, minority=1.0), 5, minority=1.0)
    assert build(apart, city_parameters(apart), 7, 0.01, -1).city_state[0].segregation == pytest.approx(1.0)


def test_secure_tenure_is_given_or_follows_informality(sandbox, new):
    np.testing.assert_allclose(new.neighbourhood["tenure"], 1.0 - 0.8 * new.neighbourhood["informality"])
    given = changed(sandbox, 2, tenure=0.15)
    assert build(given, city_parameters(given), 7, 0.01, -1).neighbourhood[2].tenure == 0.15


def test_levels_of_the_file_are_the_citys_anchors(sandbox):
    levels = {"linkage": 0.3, "grievance": 0.6, "fit": 0.7, "phones": 0.8, "care": 0.65, "elderly": 0.12}
    city = sandbox.model_copy(update={"levels": sandbox.levels.model_copy(update=levels)})
    built = build(city, city_parameters(city), 7, 0.01, -1)
    city_state = built.city_state[0]
    for name in ("linkage", "grievance"):
        assert city_state[name] == city_state[f"{name}_anchor"] == levels[name]
    assert (city_state.fit, city_state.phones, city_state.elderly, city_state.care_anchor) == (0.7, 0.8, 0.12, 0.65)
    np.testing.assert_array_equal(built.neighbourhood["care"], 0.65)


@pytest.mark.parametrize(("command", "number"), [("city", 0), ("joint", 1), ("national", 2)])
def test_who_commands_the_police_and_how_far_they_follow_is_the_files(sandbox, command, number):
    police = sandbox.police.model_copy(update={"command": command, "follows": 0.35})
    city = sandbox.model_copy(update={"police": police})
    city_state = build(city, city_parameters(city), 7, 0.01, -1).city_state[0]
    assert city_state.command == number
    assert city_state.follows == city_state.alignment == 0.35


def test_who_lives_behind_a_gate_is_counted_by_residents(new, people):
    assert new.city_state[0].bubbles == new.city_state[0].bubbles_anchor == pytest.approx(people[0] / people.sum())


def test_the_displaced_of_the_file_are_its_ordinary_state(sandbox):
    city = changed(sandbox, 3, displaced=0.14)
    neighbourhood = build(city, city_parameters(city), 7, 0.01, -1).neighbourhood
    assert neighbourhood[3].displaced == neighbourhood[3].displaced_anchor == 0.14
    assert not neighbourhood["displaced"][:3].any()


def test_markets_start_as_organised_as_the_file_says_and_off_both_ends(sandbox, new):
    np.testing.assert_array_equal(new.organised, 0.5)
    city = sandbox.model_copy(update={"markets": {"drugs": 0.9, "transport": 0.2, "goods": 0.0, "firearms": 1.0}})
    organised = build(city, city_parameters(city), 7, 0.01, -1)
    for table in (organised.organised, organised.organised_anchor):
        np.testing.assert_array_equal(table, np.tile([0.9, 0.2, 0.01, 0.99, 0.5], (9, 1)))


def test_an_ideological_group_has_no_pact_with_the_state_and_any_gang_may(sandbox):
    """E13."""
    gangs = tuple(
        gang.model_copy(update={"kind": kind, "pact": 0.6})
        for gang, kind in zip(sandbox.gangs, ("gang", "gang", "ideological", "gang"), strict=True)
    )
    gang = build(city := sandbox.model_copy(update={"gangs": gangs}), city_parameters(city), 7, 0.01, -1).gang
    assert gang["ideological"][:4].tolist() == [0, 0, 1, 0]
    np.testing.assert_array_equal(gang["pact"][:4], [0.6, 0.6, 0.0, 0.6])
    np.testing.assert_array_equal(gang["pact_anchor"][:4], gang["pact"][:4])


def test_a_corridor_draws_its_flow_through_every_place_on_the_way_beside_the_hubs(sandbox, people):
    """E04."""
    way = Corridor(flow="goods", through=("Aldoo", "Bimbry", "Elmuth"), weight=0.5)
    city = sandbox.model_copy(update={"corridors": (way,)})
    hub = build(city, city_parameters(city), 7, 0.01, -1).flows.hub[:, FLOWS.index("goods")]
    named = np.array([0.5, 0.5, 0, 0, 0.5, 0, 0, 0, 1.0])
    np.testing.assert_allclose(hub, 0.5 + 0.5 * named / (named * people).sum() * people.sum())
    assert np.average(hub, weights=people) == pytest.approx(1.0, rel=1e-3)


def test_every_slow_state_starts_at_its_anchor(new):
    neighbourhood = new.neighbourhood
    np.testing.assert_array_equal(neighbourhood["collective_efficacy"], neighbourhood["efficacy_anchor"])
    np.testing.assert_array_equal(neighbourhood["police_legitimacy"], neighbourhood["police_anchor"])
    np.testing.assert_array_equal(neighbourhood["fear"], neighbourhood["fear_anchor"])
    np.testing.assert_array_equal(new.police["abuse"], new.police["abuse_anchor"])
    assert (neighbourhood["business"] == 1).all()
    assert (neighbourhood["jobs"] == 1).all()


def test_what_a_file_gives_is_taken_and_what_it_leaves_out_follows_deprivation(sandbox, new):
    assert new.neighbourhood[8].services == 0.30
    assert new.neighbourhood[8].informality == 0.50
    rest = new.neighbourhood[[0, 1, 2, 3, 4, 5, 6, 7]]
    np.testing.assert_allclose(rest["services"], 0.95 - 0.4 * rest["deprivation"])
    np.testing.assert_allclose(new.neighbourhood["school_quality"], 0.8 - 0.5 * new.neighbourhood["deprivation"])
    given = changed(sandbox, 2, in_migration=0.31, school_quality=0.0)
    neighbourhood = build(given, city_parameters(given), 7, 0.01, -1).neighbourhood[2]
    assert neighbourhood.in_migration == 0.31
    assert neighbourhood.school_quality == 0.0


LEFT_OUT = ("inequality", "in_migration", "informality", "services", "school_quality", "family_disruption", "tenure")


@pytest.mark.parametrize(
    "each", [each for each in PARAMETERS if each.process == "initialise"], ids=lambda each: each.name.split(".")[1]
)
def test_each_parameter_of_the_beginning_is_felt(sandbox, each):
    """In a city whose file says little but of one place, draws its flows through hubs and whose gangs share homes."""
    places = [neighbourhood.model_copy(update=dict.fromkeys(LEFT_OUT)) for neighbourhood in sandbox.neighbourhoods]
    places[0] = places[0].model_copy(update={"hubs": {"drugs": 2.0}, "minority": 0.4})
    places[1] = places[1].model_copy(update={"public_services": {"water": Service(supplier="armed group")}})
    said = {"inequality": 0.6, "family_disruption": 0.6, "services": 0.5, "rentals": 0.7}
    places[2] = places[2].model_copy(update=said)
    homes = (places[0].name, places[4].name)
    gangs = tuple(gang.model_copy(update={"homes": homes}) for gang in sandbox.gangs)
    police = sandbox.police.model_copy(update={"officers": None})
    city = sandbox.model_copy(update={"neighbourhoods": tuple(places), "gangs": gangs, "police": police})

    def begun(value):
        state, _ = begin_city(city, seed=1, scale=0.02, settings={each.name: value}, burn_in=2)
        return state

    assert differing(begun(each.low), begun(each.high)) != {}


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


@pytest.mark.parametrize("tiny", [5e-324, 1e-300, 1e-9])
def test_a_hub_in_which_nobody_lives_draws_nothing_however_small_the_others(sandbox, tiny):
    park, beside, *others = sandbox.neighbourhoods
    park = park.model_copy(update={"population": 0, "hubs": {"firearms": 1.9}})
    beside = beside.model_copy(update={"hubs": {"firearms": tiny}})
    others = [each.model_copy(update={"hubs": {}}) for each in others]
    city = sandbox.model_copy(update={"neighbourhoods": (park, beside, *others)})
    built = build(city, city_parameters(city), 1, 0.01, -1)
    hub, people = built.flows.hub[:, FLOWS.index("firearms")], built.neighbourhood["population"]
    assert hub[0] == pytest.approx(0.5)
    assert np.average(hub, weights=people) == pytest.approx(1.0, rel=1e-3)


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
    pair = _pair_up(new.neighbourhood["last"] - new.neighbourhood["first"], new.neighbour_start, new.neighbour_list)
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
    pair = _pair_up(new.neighbourhood["last"] - new.neighbourhood["first"], new.neighbour_start, new.neighbour_list)
    assert np.bincount(pair, minlength=9).max() <= 2
    for i, j in enumerate(pair):
        assert i == j or j in new.neighbour_list[new.neighbour_start[i] : new.neighbour_start[i + 1]]


def test_a_city_keeps_its_neighbourhoods_own_luck_when_another_grows(sandbox, new):
    """Only first rows shift: anchors and gangs of the others depend on the city's mean deprivation alone."""
    grown = changed(sandbox, 8, population=2 * sandbox.neighbourhoods[8].population)
    other = build(grown, city_parameters(grown), 7, 0.05, -24)
    np.testing.assert_array_equal(other.neighbourhood["deprivation"], new.neighbourhood["deprivation"])
    np.testing.assert_array_equal(
        other.youth.phase[: new.neighbourhood[8].first], new.youth.phase[: new.neighbourhood[8].first]
    )
