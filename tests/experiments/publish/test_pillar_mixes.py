"""Mixes of pillars for the same money: every mix once, no more than the budget, and what is redundant is said."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plausible import plausible

from experiments.comparison.findings import findings
from experiments.comparison.paired import Interval
from experiments.publish.pillar_mixes import HARSH, MIXES, Mix, bought, core, measure, page
from sim.enumerations import PILLARS
from sim.measures import MEASURES, find_measure
from sim.scenario import load_policy

PRICES = dict(zip(PILLARS, (33.0, 40.0, 35.0, 250.0), strict=True))
BY_ROW = {each.row: 1.0 + number for number, each in enumerate(MEASURES) if each.row not in HARSH}


def test_every_pillar_pair_triple_and_all_four_is_a_mix():
    assert [sum(len(mix) == number for mix in MIXES) for number in (1, 2, 3, 4)] == [4, 6, 4, 1]


@pytest.mark.parametrize("budget", [20.0, 150.0])
@pytest.mark.parametrize("mix", MIXES, ids="-".join)
def test_the_core_spends_the_budget_evenly_as_far_as_each_pillar_can(mix, budget):
    policy = core(mix, budget, PRICES)
    spent = {}
    for pillar in mix:
        full = {use.measure: use.level for use in load_policy(pillar).measures}
        levels = [use.level / full[use.measure] for use in policy.measures if use.measure in full]
        assert max(levels) == pytest.approx(min(levels), rel=0.01)
        spent[pillar] = levels[0] * PRICES[pillar]
    assert sum(spent.values()) == pytest.approx(min(budget, sum(PRICES[pillar] for pillar in mix)), rel=0.01)
    for pillar in mix:
        assert spent[pillar] == pytest.approx(min(PRICES[pillar], max(spent.values())), rel=0.01)


@settings(max_examples=30, deadline=None)
@given(mix=st.sampled_from(MIXES), budget=st.floats(2.0, 400.0))
def test_what_is_bought_is_of_the_mix_whole_but_the_last_and_for_the_budget_at_most(mix, budget):
    uses = bought(mix, budget, BY_ROW).measures
    assert {find_measure(use.measure).pillar for use in uses} <= set(mix)
    assert all(use.level == 1.0 for use in uses[:-1])
    assert sum(BY_ROW[use.measure] * use.level for use in uses) <= budget * 1.001
    assert not {use.measure for use in uses} & set(HARSH)


@pytest.mark.parametrize(
    ("change", "said"),
    [((6.0, 5.5, 7.0), "not redundant"), ((1.0, 0.2, 2.0), "| redundant"), ((5.0, 3.0, 7.0), "cannot be told")],
)
def test_the_page_says_which_pillar_is_redundant_beside_three_others(change, said):
    whole = plausible(arms=1, replications=5, months=24)
    found = findings(whole)[whole.policies[0].name, "homicide_rate"]
    mixes = [Mix(mix, core(mix, 30.0, PRICES), 30.0, found, found) for mix in MIXES]
    mean, low, high = (part * found.reference / 100.0 for part in change)
    moved = dataclasses.replace(found, difference=Interval(mean, low, high))
    threes = [Mix(mix, core(mix, 30.0, PRICES), 30.0, moved, found) for mix in MIXES if len(mix) == 3]
    text = page(30.0, mixes, mixes, threes)
    assert text.count(said) == 4
    for mix in MIXES:
        assert text.count(f"\n| {', '.join(mix)} | P-") == 2


@pytest.mark.validate
@pytest.mark.shows("E36.1", "E36.2")
def test_e36_mixes_cost_alike_and_what_each_pillar_adds_to_three_others_is_told():
    budget, of_core, of_all, fewer = measure()
    for mix in (*of_core, *of_all):
        print(f"{', '.join(mix.pillars)}: {mix.cost:.1f} of {budget:.1f} million")
        assert mix.cost == pytest.approx(budget, rel=0.1)
    text = page(budget, of_core, of_all, fewer)
    print(text[text.index("## Without one") :])
    assert text.count("redundant |") + text.count("cannot be told |") == len(PILLARS)
