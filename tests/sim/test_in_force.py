"""What became of a measure in a run: when it began, where the worst places were, whether an election ended it."""

import pytest

from sim.in_force import InForce
from sim.run import run_arms
from sim.scenario import MeasureUse, Policy, Target, Trigger, load_city, load_shock
from sim.scenario.rule import Rule

RULES = (Rule(when="homicide_rate > -1 for 4 months", level=0.6), Rule(when="fear < -1", level=1.0))
WORST = Target(worst=2, by="homicide_rate")


@pytest.fixture(scope="module")
def went():
    """Watch the city month by month, and take what the run says of its measures and shocks at its end."""
    city = load_city("sandbox").model_copy(update={"elections": (9,)})
    uses = (
        MeasureUse(measure="P-E1", where=WORST),
        MeasureUse(measure="P-E1", where=WORST, start=7),
        MeasureUse(measure="P-E1", where=Target(worst=1, by="homicide_rate"), start=600),
        MeasureUse(measure="P-E2", trigger=Trigger(outcome="homicide_rate", above=-1.0), start=4),
        MeasureUse(measure="P-E2", trigger=Trigger(outcome="homicide_rate", above=1e9)),
        MeasureUse(measure="P-R3", level={0: 1.0, 3: 0.5, 40: 0.2}, start=2, stop=8),
        MeasureUse(measure="P-E1", level={0: 0.4, 6: 1.0}, trigger=Trigger(outcome="homicide_rate", above=-1.0), start=4),
        MeasureUse(measure="P-E1", level=0.1, start=3, rules=RULES, read="quarterly", ramp=0),
        MeasureUse(measure="P-E4", where=Target(of="homicide_rate", above=0.0, cover=0.3)),
    )
    policies = [Policy(name=name, title=name, about="", measures=each) for name, each in (("uses", uses), ("none", ()))]
    seen = {}

    def watch(arm, month, state):
        seen[arm, month] = state.where.copy()

    results = run_arms(
        city, policies, seed=3, months=12, scale=0.02, shocks=[load_shock("disaster")],
        shocks_by_arm=[[], [load_shock("raid")]], watch=watch,
    )  # fmt: skip
    return results, seen


def test_each_measure_says_when_it_began_counted_from_one(went):
    results, _ = went
    assert [each.began for each in results[0].in_force[:5]] == [1, 7, None, 4, None]


def test_the_places_are_those_that_were_aimed_at_when_it_began(went):
    results, seen = went
    for row, month in ((0, 0), (1, 6)):
        places = results[0].in_force[row].places
        assert len(places) == 2
        assert places == tuple(seen[0, month][row].nonzero()[0])
    assert all(each.places == () for each in results[0].in_force[2:5])


def test_levels_are_told_by_the_month_in_which_each_began_to_be_asked_for(went):
    results, _ = went
    assert results[0].in_force[0].levels[0] == (1, 1.0)
    assert results[0].in_force[2].levels == ()
    assert results[0].in_force[5].levels == ((2, 1.0), (5, 0.5), (9, 0.0))
    assert results[0].in_force[6].levels == ((4, 0.4), (10, 1.0))


def test_levels_that_rules_brought_about_are_told_by_month(went):
    """Four months count from month 3; rules are read in months 3, 6 and 9."""
    results, _ = went
    assert results[0].in_force[7].levels == ((3, 0.1), (6, 0.6))


def test_a_measure_that_an_election_ended_was_asked_for_until_then(went):
    results, _ = went
    cut = [each for each in results[0].in_force if each.cut]
    assert all(each.levels[-1] == (9, 0.0) for each in cut)


def test_places_within_bounds_are_told_as_the_worst_are(went):
    results, seen = went
    assert results[0].in_force[8].places == tuple(range(9))
    assert seen[0, 3][8].tolist() == [0.3] * 9


def test_shocks_come_after_the_measures_and_elections_are_left_out(went):
    results, _ = went
    disaster, raid = load_shock("disaster"), load_shock("raid")
    assert [len(each.in_force) for each in results] == [10, 2]
    begins = [shock.start if shock.start <= 12 else None for shock in (disaster, raid)]
    assert results[0].in_force[9] == InForce(begins[0], False, ())
    assert [each.began for each in results[1].in_force] == begins
