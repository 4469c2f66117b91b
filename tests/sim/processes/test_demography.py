"""People age, arrive, move and leave; a newcomer is the same person whatever happened before."""

import numpy as np
import pytest

from sim.enumerations import PEOPLE
from sim.processes.demography import age_in_years, arrive_as_newcomer, first_of, risk
from sim.processes.demography import update as update_demography
from sim.processes.membership import enlist, imprison, kill
from sim.processes.policy_delivery import look_around
from sim.state import DEAD, FREE, NO_GANG, PRISON, SCHOOL, SPAN, copy_city


@pytest.mark.parametrize("t", [-360, -1, 0, 77, 241])
def test_everyone_is_between_ten_and_thirty(t):
    ages = [age_in_years(phase, t) for phase in range(SPAN)]
    assert min(ages) == 10.0
    assert max(ages) == pytest.approx(30.0 - 1 / 12)
    assert len(set(ages)) == SPAN


def test_a_row_grows_a_month_older_each_month_and_is_ten_again_after_twenty_years():
    assert age_in_years(5, 5) == 10.0
    assert age_in_years(5, 6) == pytest.approx(10 + 1 / 12)
    assert age_in_years(5, 4) == pytest.approx(30 - 1 / 12)
    assert age_in_years(5, 5 + SPAN) == 10.0
    assert age_in_years(5, 5 - 2 * SPAN) == 10.0


@pytest.mark.parametrize("number", [12, 56, 240, 241, 3_000])
def test_rows_of_a_month_of_birth_are_found_by_arithmetic(number):
    phase = np.arange(number) * SPAN // number
    for month in range(SPAN + 1):
        assert first_of(month, number) == np.searchsorted(phase, month)


def test_risk_over_four_levels_has_the_spread_of_one():
    assert risk(1.0, 1.0, 1.0, 1.0) == 2.0
    assert risk(np.float32(0.5), np.float32(-0.5), np.float32(1.0), np.float32(0.0)) == 0.5


@pytest.fixture
def due(city):
    """A month of the first year in which several turn thirty, and their rows."""
    t = 1 + int(np.argmax(np.bincount(city.youth.phase, minlength=SPAN)[1:12]))
    return t, np.flatnonzero(city.youth.phase == t)


def test_whoever_turns_thirty_makes_room_for_a_ten_year_old(city, params, seed, recount, due):
    youth = city.youth
    t, rows = due
    free, member, inmate, dead = rows[:4]
    look_around(city)
    for row in rows:
        youth.status[row] = FREE if youth.status[row] == DEAD else youth.status[row]
    if youth.status[member] == FREE and youth.gang[member] == NO_GANG:
        enlist(city, member, 1, 0)
    if youth.status[inmate] == FREE:
        imprison(city, inmate, 400)
    kill(city, dead)
    youth.record[free] = 1
    youth.training_effect[free] = 0.6
    update_demography(city, params, seed, t)
    for row in rows:
        assert youth.status[row] == FREE
        assert youth.gang[row] == NO_GANG
        assert youth.activity[row] == SCHOOL
        assert youth.record[row] == youth.training[row] == youth.training_effect[row] == youth.school_place[row] == 0
    counted = recount(city)
    np.testing.assert_array_equal(city.members, counted.members)
    np.testing.assert_array_equal(city.inmates, counted.inmates)
    np.testing.assert_array_equal(youth.gang_peers, counted.gang_peers)


def test_a_newcomer_is_the_same_person_whoever_was_there_before(city, params, seed, due):
    other = copy_city(city)
    t, rows = due
    for row in rows:
        if other.youth.status[row] == FREE:
            kill(other, row)
    other.youth.record[:] = 1
    for each in (city, other):
        update_demography(each, params, seed, t)
    for column in ("female", "person", "family", "friends", "school", "isolation", "exposed_at_home", "proneness"):
        np.testing.assert_array_equal(getattr(city.youth, column)[rows], getattr(other.youth, column)[rows])


def test_the_dead_stay_dead_until_their_cohort_turns_thirty(city, params, seed):
    row = int(np.flatnonzero((city.youth.phase > 24) & (city.youth.phase < 36) & (city.youth.status == FREE))[0])
    kill(city, row)
    for t in range(city.youth.phase[row]):
        update_demography(city, params, seed, t)
        assert city.youth.status[row] == DEAD
    update_demography(city, params, seed, int(city.youth.phase[row]))
    assert city.youth.status[row] == FREE


@pytest.fixture
def born(city, params, seed):
    """Everyone born anew in ten different months: 5 760 people of 576 rows."""
    people = {name: [] for name in ("female", "person", "isolation", "exposed_at_home", "proneness", "family")}
    for t in range(10):
        for row in range(city.youth.home.size):
            arrive_as_newcomer(city, params, seed, 1_000 + t, row, False)
        for name, found in people.items():
            found.append(getattr(city.youth, name).copy())
    return {name: np.concatenate(found) for name, found in people.items()}


def test_newcomers_are_as_varied_as_people_are(born, city, params):
    param = params.demography[0]
    assert born["female"].mean() == pytest.approx(0.5, abs=0.03)
    assert born["person"].mean() == pytest.approx(0.0, abs=0.05)
    assert born["person"].std() == pytest.approx(1.0, abs=0.05)
    assert abs(np.corrcoef(born["person"], born["family"])[0, 1]) < 0.06
    exposed = param.share_exposed_at_home * (0.5 + city.neighbourhood["deprivation"]) * city.neighbourhood["domestic"]
    assert born["exposed_at_home"].mean() == pytest.approx(exposed[city.youth.home].mean(), abs=0.02)
    women = born["female"] == 1
    assert born["proneness"][women].mean() / born["proneness"][~women].mean() == pytest.approx(
        param.female_proneness_ratio, rel=0.1
    )
    assert born["proneness"].max() <= np.exp(2.5)


def test_cohesion_within_makes_newcomers_less_isolated(city, params, seed):
    """E21: isolation falls with collective efficacy, and one who moved in is more alone than one who grew up here."""
    row = 100
    isolation = []
    for efficacy, moved in ((0.3, False), (0.7, False), (0.7, True)):
        city.neighbourhood["collective_efficacy"] = efficacy
        arrive_as_newcomer(city, params, seed, 9, row, moved)
        isolation.append(float(city.youth.isolation[row]))
    raised, lowered, alone = isolation
    assert lowered < raised < alone
    assert raised == pytest.approx(alone ** (1 + 2 * 0.3), rel=1e-6)


def a_year_of_moving(city, params, seed):
    moved = np.zeros(city.youth.home.size, dtype=int)
    for t in range(12):
        before = city.youth.isolation.copy()
        update_demography(city, params, seed, t)
        moved += (city.youth.isolation != before) & (city.youth.phase != t)
    return moved


def test_in_a_year_the_yearly_share_of_residents_moves_and_nobody_twice(city, params, seed):
    city.youth.status[:] = FREE
    city.neighbourhood["in_migration"] = 0.3
    city.flows.supply[:] = city.flows.hub
    moved = a_year_of_moving(city, params, seed)
    assert moved.max() == 1
    assert moved.mean() == pytest.approx(0.3, abs=0.06)


def test_more_people_arriving_move_more_and_the_same_ones_first(city, params, seed):
    city.neighbourhood["in_migration"] = 0.2
    city.flows.supply[:] = city.flows.hub
    busy = copy_city(city)
    busy.flows.supply[:, PEOPLE] = 2.0 * busy.flows.hub[:, PEOPLE]
    # Who of the members moves is decided in turn, and not by each one's number.
    outside = city.youth.gang == NO_GANG
    few, many = (a_year_of_moving(each, params, seed) for each in (city, busy))
    assert many[(few == 1) & outside].all()
    assert many.sum() > 1.5 * few.sum()


def test_who_moves_leaves_the_gang_and_who_is_inside_stays(city, params, seed, recount, find):
    look_around(city)
    for row in find(city, gang=None, status=FREE)[::2]:
        enlist(city, row, 0, 0)
    for row in find(city, status=FREE)[::5]:
        imprison(city, row, 100)
    inside = find(city, status=PRISON)
    inside = inside[city.youth.phase[inside] >= 12]
    city.neighbourhood["in_migration"] = 0.5
    members = (city.youth.gang >= 0).sum()
    a_year_of_moving(city, params, seed)
    assert (city.youth.status[inside] == PRISON).all()
    assert (city.youth.gang >= 0).sum() < members
    counted = recount(city)
    np.testing.assert_array_equal(city.members, counted.members)
    np.testing.assert_array_equal(city.youth.gang_peers, counted.gang_peers)


# Care in early childhood, and who is driven from home ------------------------------------------------------------------


def test_care_for_those_under_six_is_felt_when_they_turn_ten_five_years_later(city, params, seed):
    """P-S8: the doses of a month are kept for sixty months, and no other month's children feel them."""
    cover = params.demography[0].early_childhood_coverage
    city.childhood[:] = 0.0
    treated = []
    for t in range(130):
        city.levers["early_childhood_support"] = 0.8 if 10 <= t < 13 else 0.0
        update_demography(city, params, seed, t)
        treated.append(float(city.neighbourhood[4].treated))
    expected = np.zeros(130)
    expected[70:73] = 0.8 * cover
    np.testing.assert_allclose(treated, expected)


def test_treated_children_are_the_same_children_at_less_risk(city, params, seed):
    """The same luck, less risk of person, family and school; friends, sex and isolation are nobody's to treat."""
    param = params.demography[0]
    life = copy_city(city)
    city.neighbourhood["treated"] = 0.0
    life.neighbourhood["treated"] = 1.0
    rows = range(0, city.youth.home.size, 3)
    for each in (city, life):
        for row in rows:
            arrive_as_newcomer(each, params, seed, 1_000, row, False)
    rows = np.array(rows)
    for level, relief in (("person", 1.0), ("family", 0.5), ("school", 1.0)):
        before, after = (getattr(each.youth, level)[rows].astype(float) for each in (city, life))
        np.testing.assert_allclose(after, np.maximum(-2.5, before - relief * param.early_childhood_on_risk), atol=1e-6)
    for column in ("friends", "female", "isolation"):
        np.testing.assert_array_equal(getattr(city.youth, column)[rows], getattr(life.youth, column)[rows])
    # A family at less risk is less often violent, and never more often.
    assert (life.youth.exposed_at_home[rows] <= city.youth.exposed_at_home[rows]).all()
    assert (life.youth.proneness[rows] < city.youth.proneness[rows]).mean() > 0.99


def test_as_many_children_are_treated_as_there_were_places_and_none_who_moved_in(city, params, seed):
    life = copy_city(city)
    life.neighbourhood["treated"] = 0.4
    city.neighbourhood["treated"] = 0.0
    rows = range(city.youth.home.size)
    share = []
    for moved in (False, True):
        for each in (city, life):
            for row in rows:
                arrive_as_newcomer(each, params, seed, 1_000, row, moved)
        share.append((city.youth.school != life.youth.school).mean())
    assert share[0] == pytest.approx(0.4, abs=0.06)
    assert share[1] == 0.0


def test_clearance_and_group_lines_drive_families_out(city, params, seed):
    """P-R9, E33."""
    param = params.demography[0]
    city.levers["slum_clearance"] = 0.0
    city.neighbourhood["divided"] = 0.0
    update_demography(city, params, seed, 0)
    assert not city.neighbourhood["evicted"].any()
    city.levers["slum_clearance"][8] = 0.6
    city.neighbourhood["divided"][7] = 0.5
    update_demography(city, params, seed, 1)
    people = city.neighbourhood["population"]
    assert city.neighbourhood[8].evicted == pytest.approx(0.6 * param.clearance_displacement * people[8])
    assert city.neighbourhood[7].evicted == pytest.approx(0.5 * param.division_displacement * people[7])
    assert not city.neighbourhood["evicted"][:7].any()


def test_youths_of_families_driven_out_are_among_those_who_move(city, params, seed):
    params.demography[0].clearance_displacement = 0.15
    city.youth.status[:] = FREE
    city.neighbourhood["in_migration"] = 0.1
    city.flows.supply[:] = city.flows.hub
    cleared = copy_city(city)
    cleared.levers["slum_clearance"] = 1.0
    few, many = (a_year_of_moving(each, params, seed) for each in (city, cleared))
    assert many[few == 1].all()
    assert many.mean() == pytest.approx(0.25, abs=0.06)
