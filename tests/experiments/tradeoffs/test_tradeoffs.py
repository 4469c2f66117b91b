"""Trade-offs: the planted front, the planted fact, the budget, and a search whose promises are checked on fresh futures."""

import json
from dataclasses import replace

import numpy as np
import pytest
from planted import drawn, tradeoff_study

from experiments.commands.tradeoffs import tradeoffs_object
from experiments.comparison.figures import rendered
from experiments.execution.execution import Execution
from experiments.execution.runner import Cancelled
from experiments.tradeoffs import policy_search as intensities
from experiments.tradeoffs.figures import draw_all
from experiments.tradeoffs.policy_search import at_levels, search, set_apart
from experiments.tradeoffs.portfolios import combine, load_factors
from experiments.tradeoffs.study import join, plan, tradeoffs
from experiments.tradeoffs.text import tradeoffs_text
from sim.errors import InputError
from sim.measures import MEASURES
from sim.scenario import MeasureUse, Policy

SMALL = {"months": 12, "replications": 3, "scale": 0.05}
SEARCH = {"generations": 4, "population": 8, "futures": 2}


def noise(options, futures=120, size=0.2, seed=4):
    return size * np.random.default_rng(seed).normal(size=(futures, options))


# Planted --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def study():
    """Eight portfolios: 5 gains most killing, 2 most governance, 6 is between and cheap, the rest are beaten or too dear."""
    homicide = np.array([0, 1, 1, 1, 0.5, 4, 2.5, 9.0]) + noise(8) * (np.arange(8) > 0)
    governance = np.array([0, 0.2, 4, 0.1, 0, 1, 2.5, 9.0]) + noise(8, seed=5) * (np.arange(8) > 0)
    return tradeoff_study(homicide, governance, [0, 1, 5, 5, 2, 6, 3, 20], budget=10.0)


def test_the_planted_front_is_found_with_certainty(study):
    table = study.table()
    assert np.flatnonzero(table["standing"] == "on the front").tolist() == [2, 5, 6]
    assert table["standing"][7] == "too dear"
    assert table["standing"][0] == "beaten"
    assert table["gain_homicide_rate"][5] == pytest.approx(4, abs=0.1)
    assert table["cost"][6] == pytest.approx(3)


def test_a_smaller_budget_gives_another_front(study):
    values = {name: getattr(study, name) for name in study.__dataclass_fields__}
    poor = type(study)(**values | {"budget": 4.0})
    assert np.flatnonzero(poor.table()["standing"] == "on the front").tolist() == [6]
    assert poor.best("homicide_rate") == study.names[6]


def test_two_portfolios_that_cannot_be_told_apart_are_not_claimed():
    homicide = np.array([0, 3.0, 3.02, 1]) + noise(4, size=1.0) * (np.arange(4) > 0)
    near = tradeoff_study(homicide, np.array([0, 2, 2, 1.0]), [0, 1, 1, 1]).table()
    assert set(near["standing"][1:3]) <= {"may be on the front", "on the front"}
    assert near["chance_on_front"][1:3].sum() == pytest.approx(1, abs=0.05)


def test_robustness_tells_the_bold_from_the_steady():
    bad = np.arange(120) % 5 == 0
    bold = np.where(bad, -4.0, 4.0)
    homicide = np.column_stack([np.zeros(120), bold, np.full(120, 2.0), np.full(120, 0.4)])
    table = tradeoff_study(homicide, np.zeros(4), np.zeros(4)).robustness("homicide_rate")
    assert table["mean"].tolist() == pytest.approx([0, 2.4, 2, 0.4])
    assert table["worst_tenth"].tolist() == pytest.approx([0, -4, 2, 0.4])
    assert table["largest_regret"].tolist() == pytest.approx([4, 6, 2, 3.6])
    assert table["least_regret"].tolist() == [False, False, True, False]
    assert table["satisfied"].tolist() == [0, 0.8, 1, 0]


def test_the_fact_that_decides_between_two_is_named_with_what_it_would_change():
    draws = drawn(5, 600)
    gain = 2.0 + 4.0 * (draws.units[:, 2] - 0.5)
    homicide = np.column_stack([np.zeros(600), gain, np.full(600, 2.0), np.full(600, 0.5)])
    found = tradeoff_study(homicide + noise(4, 600, 0.3) * (np.arange(4) > 0), np.zeros(4), np.zeros(4), draws=draws)
    facts = found.facts("homicide_rate")
    assert facts["parameter"][0] == "made.p2"
    assert facts["value"][0] == pytest.approx(0.5, abs=0.06)  # E max(0, 4 (u - .5)) = .5
    assert facts["told"].tolist() == [True, False, False, False, False]
    assert (facts["low_choice"][0], facts["high_choice"][0]) == ("f1", "f0")
    text = tradeoffs_text(found)
    assert "worth knowing beforehand: made.p2" in text
    assert "factor 1 where it is low, factor 0 where it is high" in text


def test_the_share_of_the_space_in_which_one_beats_another():
    homicide = np.column_stack([np.zeros(100), np.where(np.arange(100) < 70, 3.0, 1.0), np.full(100, 2.0), np.zeros(100)])
    found = tradeoff_study(homicide, np.zeros(4), np.zeros(4)).beats("f0", "f1", "homicide_rate")
    assert found.mean == pytest.approx(0.7)
    assert 0.6 < found.low < 0.7 < found.high < 0.8


def test_the_text_and_the_json_agree(study):
    text, found = tradeoffs_text(study), json.loads(json.dumps(tradeoffs_object(study), allow_nan=False))
    assert "8 portfolios, a budget of 10 million" in text
    assert text.count("on the front\n") >= 3
    assert "Too dear: factor 0, factor 1 and factor 2." in text
    assert found["best"] == {"homicide_rate": "f0-f2", "criminal_governance_index": "f1"}
    assert [row["standing"] for row in found["portfolios"]].count("on the front") == 3
    assert not {"will", "optimal", "proves"} & set(text.lower().split())


def test_every_figure_is_drawn(study):
    draws = drawn(3, 200)
    fails = draws.units[:, 1] > 0.7
    homicide = np.column_stack([np.zeros(200), np.where(fails, 0.0, 3.0)])
    failing = tradeoff_study(homicide, np.zeros(2), np.zeros(2), draws=draws)
    drawn_of = draw_all(failing, ("f0", failing.failures("f0", "homicide_rate"))) | draw_all(study)
    assert {"fails_f0", "facts_homicide_rate", "regret_homicide_rate"} <= set(drawn_of)
    assert "front_homicide_rate_criminal_governance_index" in drawn_of
    assert all(rendered(figure, "png").startswith(b"\x89PNG") for figure in drawn_of.values())


# Through the store, and the search ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    pytest.importorskip("pymoo")
    from sim.scenario import load_city

    store = tmp_path_factory.mktemp("tradeoffs") / "store"
    execution = Execution(store=store)
    factors = load_factors(["enforcement", "resilience"])
    found = tradeoffs(load_city("sandbox"), factors, budget=6.0, execution=execution, **SMALL)
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    proposals = search(found, **SEARCH, execution=execution)
    assert (np.random.get_state()[1] == state).all()  # noqa: NPY002
    return store, found, proposals


def test_a_search_resumed_from_the_store_runs_nothing_and_proposes_the_same(real, monkeypatch):
    store, found, proposals = real

    def refuse(*_, **__):
        raise AssertionError("a run that the store holds was run again")

    monkeypatch.setattr("sim.run.run_arms", refuse)
    again = search(found, **SEARCH, execution=Execution(store=store))
    assert again.candidates == proposals.candidates
    assert (again.promised == proposals.promised).all()


def test_a_search_tells_how_far_it_is_and_stops_when_asked(real):
    _, found, _ = real
    told = []
    execution = Execution(progress=lambda share: told.append(share) or True)
    search(found, generations=2, population=4, futures=1, execution=execution)
    assert told == sorted(told)
    assert told[0] <= 0.5 < told[-1] <= 1
    with pytest.raises(Cancelled):
        search(found, generations=2, population=4, futures=1, execution=Execution(progress=lambda share: False))


def test_proposals_keep_to_the_budget_and_are_judged_on_futures_the_search_has_not_seen(real):
    store, found, proposals = real
    assert proposals.candidates
    apart = set_apart(found.futures, 2)
    assert not set(apart.seeds) & set(found.futures.seeds)
    assert not (apart.draws.values[0] == found.futures.draws.values[0]).any()
    joined = join(found, proposals.candidates, Execution(store=store))
    assert joined.names[:4] == found.names
    assert joined.table()["found_by"].tolist()[4:] == ["search"] * len(proposals.candidates)
    assert proposals.optimism(joined).shape == (len(proposals.candidates), 2)
    assert join(joined, proposals.candidates) is joined


def test_levels_scale_measures_and_drop_those_at_nothing(real):
    _, found, _ = real
    whole = combine(found.factors)
    levels = np.array([0.5, 0.0, *[1.0] * (len(whole.measures) - 2)])
    mix = at_levels(whole, levels)
    assert [use.level for use in mix.measures] == [0.5, *[1.0] * (len(whole.measures) - 2)]
    assert whole.measures[1].measure not in [use.measure for use in mix.measures]
    assert at_levels(whole, levels) == mix
    assert at_levels(whole, np.ones(len(whole.measures))).name != mix.name


@pytest.mark.shows("A04.1")
def test_the_search_finds_the_planted_best_mix(monkeypatch, real):
    """Gains that peak where every measure stands at .6: a few generations come near."""
    _, found, _ = real

    def judge(self, tenths):
        off = np.abs(tenths / 10 - 0.6).mean(axis=1)
        for row, each in zip(tenths, off, strict=True):
            self.known[tuple(int(x) for x in row)] = (np.array([1 - each, 2 - 2 * each]), 1.0)
        return np.column_stack([1 - off, 2 - 2 * off]), np.ones(len(tenths))

    monkeypatch.setattr(intensities._Evaluation, "__call__", judge)
    proposals = search(found, generations=25, population=20)
    assert proposals.promised[:, 0].max() > 0.93


# What is refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"objectives": []}, "--objectives is empty"),
        ({"objectives": ["fear", "fear"]}, "names fear twice"),
        ({"objectives": ["protest"]}, "no better side"),
        ({"budget": -1.0}, "--budget is -1"),
        ({"thresholds": {"fear": 1.0}}, "--threshold fear: is no objective"),
        ({"thresholds": {"homicide_rate": float("nan")}}, "finite"),
    ],
)
def test_what_cannot_be_weighed_is_refused(core, sandbox, asked, said):
    with pytest.raises(InputError, match=said):
        plan(sandbox, load_factors([]), **SMALL | asked)


def test_an_unknown_portfolio_is_refused_with_a_remedy(study):
    with pytest.raises(InputError, match="portfolio f9 is not part of this study"):
        study.failures("f9", "homicide_rate")


def test_a_search_proposes_no_measure_that_sets_rights_aside_unless_asked(monkeypatch, study):
    """Mass arrests are left out beside another measure, refused alone, and searched where they are allowed."""
    patrol, sweep = (
        Policy(name=n, title=n, about=n, measures=(MeasureUse(measure=m),)) for n, m in (("a", "P-E1"), ("b", "P-E6"))
    )
    seen = []

    def stop(study, whole, *_):
        seen.append([use.measure for use in whole.measures])
        raise KeyboardInterrupt

    monkeypatch.setattr(intensities, "_Evaluation", stop)
    for derogating in (False, True):
        with pytest.raises(KeyboardInterrupt):
            search(replace(study, factors=(patrol, sweep)), derogating=derogating)
    assert seen == [["P-E1"], ["P-E1", "P-E6"]]
    with pytest.raises(InputError, match="--derogating"):
        search(replace(study, factors=(sweep,)))
    assert [measure.row for measure in MEASURES if measure.derogates] == ["P-E6"]


def test_a_search_without_measures_is_refused(study):
    with pytest.raises(InputError, match="no measure whose intensity"):
        search(study)
