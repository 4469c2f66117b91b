"""What became of a measure in a run: when it began, where the worst places were, whether an election ended it."""

import pytest

from sim.in_force import InForce
from sim.run import run_arms
from sim.scenario import MeasureUse, Policy, Target, Trigger, load_city, load_shock

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


def test_shocks_come_after_the_measures_and_elections_are_left_out(went):
    results, _ = went
    disaster, raid = load_shock("disaster"), load_shock("raid")
    assert [len(each.in_force) for each in results] == [6, 2]
    begins = [shock.start if shock.start <= 12 else None for shock in (disaster, raid)]
    assert results[0].in_force[5] == InForce(begins[0], False, ())
    assert [each.began for each in results[1].in_force] == begins
