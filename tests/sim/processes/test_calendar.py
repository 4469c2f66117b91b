"""The month opens: doses ramp and fade, levers add up, lists of worst places are drawn once, neighbours are seen."""

import numpy as np
import pytest

from sim.levers import LEVERS, enforce
from sim.outcomes import outcome_index
from sim.processes import calendar
from sim.processes.calendar import killings_expected, look_around, open_month, set_levers
from sim.scenario import MeasureUse, Policy, Shock, Target, Trigger


@pytest.fixture
def enforced(city, sandbox):
    def with_policy(*uses, shocks=()):
        return enforce(city, sandbox, Policy(name="trial", title="Trial", about="A trial.", measures=uses), shocks)

    return with_policy


def doses(city, lever, months):
    values = []
    for t in months:
        set_levers(city, t)
        values.append(city.levers[0][lever])
    return np.array(values)


def test_a_dose_ramps_to_its_level_and_fades_after_its_stop(enforced):
    city = enforced(MeasureUse(measure="P-S3", level=0.8, start=3, stop=10, ramp=4))
    fades = city.programme[0].fades
    reached = doses(city, "interruption", range(22))
    np.testing.assert_allclose(reached[:3], 0.0)
    np.testing.assert_allclose(reached[3:7], 0.8 * np.array([0.25, 0.5, 0.75, 1.0]))
    np.testing.assert_allclose(reached[7:10], 0.8)
    gone = np.maximum(0.0, 1.0 - np.arange(1, 13) / fades)
    np.testing.assert_allclose(reached[10:], 0.8 * gone, atol=1e-15)


def test_a_measure_stopped_on_its_way_up_fades_from_where_it_was(enforced):
    city = enforced(MeasureUse(measure="P-S3", start=0, stop=2, ramp=8))
    fades = city.programme[0].fades
    np.testing.assert_allclose(
        doses(city, "interruption", range(4)), [1 / 8, 2 / 8, 2 / 8 * (1 - 1 / fades), 2 / 8 * (1 - 2 / fades)]
    )


def test_a_measure_that_does_not_fade_ends_at_once(enforced):
    city = enforced(MeasureUse(measure="P-G4", start=0, stop=6, ramp=0))
    np.testing.assert_array_equal(doses(city, "truce", range(9)), [1, 1, 1, 1, 1, 1, 0, 0, 0])


def test_a_measure_at_level_0_pulls_nothing(enforced):
    city = enforced(MeasureUse(measure="P-E1", level=0.0))
    assert not doses(city, "patrol", range(6)).any()
    assert not city.lever_values.any()


def test_levers_are_made_anew_each_month_and_never_exceed_one(enforced):
    city = enforced(
        MeasureUse(measure="P-R3", level=0.7, ramp=0),
        MeasureUse(measure="P-R3", level=0.2, ramp=0, start=2),
        MeasureUse(measure="P-R3", level=0.6, ramp=0, start=4),
    )
    np.testing.assert_allclose(doses(city, "closing", range(6)), [0.7, 0.7, 0.9, 0.9, 1.0, 1.0])


def test_what_a_lever_was_before_does_not_matter(enforced):
    city = enforced(MeasureUse(measure="P-R3", ramp=0))
    city.lever_values[:] = 9.0
    set_levers(city, 0)
    assert city.lever_values.sum() == 9.0
    np.testing.assert_array_equal(city.lever_values[:, LEVERS.index("closing")], 1.0)


def test_shocks_to_a_flow_have_no_cap(enforced):
    flood = {"title": "Flood", "about": "More.", "kind": "flow", "flow": "drugs", "size": 10.0, "start": 0}
    city = enforced(shocks=[Shock(name="one", **flood), Shock(name="two", **flood)])
    np.testing.assert_allclose(doses(city, "flow_drugs", [0]), 2 * np.log(10.0))


def test_a_pact_binds_its_gang_while_it_lasts(enforced):
    pact = Shock(name="pact", title="Pact", about="A pact.", kind="pact", gang="Corner Nine", size=0.7, start=1, stop=3)
    city = enforced(shocks=[pact])
    held = []
    for t in range(5):
        set_levers(city, t)
        held.append(city.gang["pact"][:3].tolist())
    np.testing.assert_allclose(held, [[0, 0, 0], [0, 0.7, 0], [0, 0.7, 0], [0, 0, 0], [0, 0, 0]])


def test_a_pact_of_the_city_file_is_not_weakened_by_a_weaker_one(enforced):
    pact = Shock(name="pact", title="Pact", about="A pact.", kind="pact", gang="Corner Nine", size=0.2, start=0)
    city = enforced(shocks=[pact])
    city.gang[1].pact_anchor = 0.6
    set_levers(city, 0)
    assert city.gang[1].pact == 0.6


def test_a_triggered_measure_begins_when_the_outcome_is_above_and_then_stays(enforced):
    city = enforced(MeasureUse(measure="P-E1", ramp=0, start=2, trigger=Trigger(outcome="fear", above=0.5)))
    column = outcome_index("fear")
    seen = [0.9, 0.1, 0.4, 0.5, 0.6, 0.1, 0.1]
    pulled = []
    for t, fear in enumerate(seen):
        city.city_outcome[column] = fear
        set_levers(city, t)
        pulled.append(city.levers[0].patrol)
    np.testing.assert_array_equal(pulled, [0, 0, 0, 0, 1, 1, 1])


@pytest.mark.parametrize(
    ("by", "field"), [("homicide_rate", "violence"), ("extortion_share", "extortion"), ("deprivation", "deprivation")]
)
def test_the_worst_places_are_those_with_the_highest_indicator_when_the_measure_begins(enforced, by, field):
    city = enforced(MeasureUse(measure="P-E1", start=1, where=Target(worst=3, by=by)))
    set_levers(city, 0)
    values = city.place[field].copy()
    set_levers(city, 1)
    assert set(np.flatnonzero(city.where[0])) == set(np.argsort(-values)[:3])
    city.place["violence"] = city.place["violence"][::-1]
    city.place["extortion"] = city.place["extortion"][::-1]
    chosen = city.where[0].copy()
    set_levers(city, 2)
    np.testing.assert_array_equal(city.where[0], chosen)


def test_the_worst_by_gang_members_are_worst_by_resident(enforced):
    city = enforced(MeasureUse(measure="P-E1", where=Target(worst=1, by="gang_members")))
    look_around(city)
    set_levers(city, 0)
    assert np.argmax(city.where[0]) == np.argmax(city.residents.sum(axis=1) / city.place["population"])


def test_between_equals_the_first_listed_is_worst(enforced):
    city = enforced(MeasureUse(measure="P-E1", where=Target(worst=2, by="extortion_share")))
    city.place["extortion"] = 0.3
    set_levers(city, 0)
    np.testing.assert_array_equal(city.where[0], [1, 1, 0, 0, 0, 0, 0, 0, 0])


def test_the_police_follow_the_city_as_far_as_they_do(enforced, rates, seed):
    city = enforced(MeasureUse(measure="P-E1", level=0.5, ramp=0))
    open_month(city, rates, seed, 0)
    np.testing.assert_allclose(city.police["patrol"], 0.5 * city.town[0].follows)
    city.town[0].follows = 0.0
    open_month(city, rates, seed, 1)
    assert not city.police["patrol"].any()


def test_neighbours_are_seen_as_last_month_left_them(city, sandbox):
    look_around(city)
    names = [each.name for each in sandbox.neighbourhoods]
    killings = np.array([killings_expected(place) for place in city.place])
    for i, each in enumerate(sandbox.neighbourhoods):
        beside = [names.index(name) for name in each.adjacent]
        np.testing.assert_allclose(city.near[i], city.residents[beside].mean(axis=0))
        assert city.place[i].near_violence == pytest.approx((killings / city.place["population"])[beside].mean())


def test_everyone_is_counted_as_residents(city, recount):
    look_around(city)
    counted = recount(city)
    np.testing.assert_allclose(city.residents, counted.members * city.place["weight"][:, None])
    np.testing.assert_allclose(city.gang["members"], city.residents.sum(axis=0))
    np.testing.assert_allclose(city.gang["inmates"], (counted.inmates * city.place["weight"][:, None]).sum(axis=0))


def test_expected_killings_are_the_sum_of_all_causes(city):
    place = city.place[8]
    causes = [name for name in place.dtype.names if name.startswith("deaths_") and name[7:] not in ("youth", "female")]
    assert len(causes) == 7
    assert killings_expected(place) == pytest.approx(sum(place[cause] for cause in causes), rel=1e-12)


def test_the_most_and_the_least_violent_fifth_are_fixed_at_month_0(city, rates, seed):
    violence = city.place["violence"].copy()
    open_month(city, rates, seed, 0)
    assert city.place["fifth"][np.argmax(violence)] == 1
    assert city.place["fifth"][np.argmin(violence)] == -1
    assert sorted(city.place["fifth"]) == [-1, 0, 0, 0, 0, 0, 0, 0, 1]
    city.place["violence"] = violence[::-1]
    fifths = city.place["fifth"].copy()
    open_month(city, rates, seed, 1)
    np.testing.assert_array_equal(city.place["fifth"], fifths)


def test_references_follow_at_once_at_first_then_over_years_then_not_at_all(city, rates, seed, monkeypatch):
    monkeypatch.setattr(calendar, "begin", lambda *_: None)
    city.town[0].start = -360
    speeds = []
    for t in (-360, -359, -1, 0, 7):
        open_month(city, rates, seed, t)
        speeds.append(city.town[0].anchoring)
    np.testing.assert_allclose(speeds, [1.0, 0.5, calendar.SETTLING, 0.0, 0.0])
