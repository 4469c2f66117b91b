"""What results show of themselves: a short line, a table, their figures, and their values in other forms."""

import sys

import matplotlib.figure
import numpy as np
import pytest
import xarray
from planted import drawn, factorial_study, tradeoff_study

import citysafety as cs
from experiments.comparison.compare import compare
from experiments.evidence.schema import list_cases, load_case
from experiments.evidence.verdicts import Interval, Judgement, Verdict
from sim.errors import InputError
from sim.notebook import LONGEST, clipped, html_table
from sim.outcomes import OUTCOMES, outcome_index
from sim.scenario import Policy


@pytest.fixture
def comparison(core, sandbox, calm, idle):
    return compare(sandbox, [calm, idle], months=15, replications=3)


@pytest.fixture
def level(core, sandbox):
    return compare(sandbox, [], months=15, replications=3)


@pytest.fixture
def factorial():
    return factorial_study([0, 2, 3, 5], noise=0.05)


@pytest.fixture
def tradeoffs():
    own = 0.2 * np.random.default_rng(4).normal(size=(60, 4)) * (np.arange(4) > 0)
    return tradeoff_study(np.array([0, 1, 2, 3.0]) + own, np.array([0, 2, 1, 3.0]) + own, [0, 1, 2, 3], draws=drawn(2, 60))


def judgement(case):
    verdicts = tuple(Verdict(claim, ()) for claim in case.expected)
    return Judgement(case=case, city=cs.load_city("sandbox"), months=24, replications=30, seed=1, verdicts=verdicts)


# One line


@pytest.mark.parametrize("name", ["comparison", "level", "factorial", "tradeoffs"])
def test_a_result_shows_itself_in_one_short_line_and_one_table(name, request):
    result = request.getfixturevalue(name)
    assert repr(result).startswith(f"<{type(result).__name__}: ")
    assert len(repr(result)) <= LONGEST
    assert "sandbox" in repr(result)
    html = result._repr_html_()
    assert html.count("<table>") == 1
    assert len(html) < 40_000


def test_a_comparison_says_what_it_compared(comparison, level):
    assert repr(comparison) == "<Comparison: sandbox, 15 months, 3 futures, seed 1, scale 0.5; calm, idle against baseline>"
    assert repr(level).endswith("; baseline alone>")
    assert "<td>calm</td><td>Homicide" in comparison._repr_html_()
    assert "<td>baseline</td>" not in comparison._repr_html_()
    assert "<td>baseline</td><td>Homicide" in level._repr_html_()


def test_a_long_list_of_policies_is_cut_and_stays_one_line(core, sandbox):
    many = [Policy(name=f"a_policy_with_a_long_name_{i}", title="Many", about="", measures=()) for i in range(40)]
    said = repr(compare(sandbox, many, months=1, replications=1))
    assert len(said) == LONGEST
    assert said.endswith("...>")
    assert "\n" not in said


@pytest.mark.parametrize("load", [cs.load_city, cs.load_policy, cs.load_shock, load_case], ids=lambda each: each.__name__)
def test_every_file_shows_itself_in_one_short_line_and_one_table(load):
    lists = {cs.load_city: cs.list_cities, cs.load_policy: cs.list_policies, cs.load_shock: cs.list_shocks}
    for name in lists.get(load, list_cases)():
        part = load(name)
        assert len(repr(part)) <= LONGEST
        assert repr(part) == str(part)
        assert part.title in repr(part)
        assert part._repr_html_().count("<tr>") >= 2 or name == "baseline"


def test_a_scenario_says_what_is_run():
    scenario = cs.Scenario(city=cs.load_city("sandbox"), policies=[cs.load_policy("truce")], months=24, seed=3)
    assert repr(scenario) == "<Scenario of sandbox, 24 months, 20 replications, seed 3, scale auto: truce>"
    assert "<td>A truce for two years</td>" in scenario._repr_html_()


def test_a_judgement_says_how_many_claims_hold_and_lists_them():
    case = load_case("C09")
    found = judgement(case)
    assert f"{len(case.expected)} of {len(case.expected)} claims hold (D 4 of 4, X 2 of 2); " in repr(found)
    assert "24 months, 30 futures, seed 1" in repr(found)
    assert repr(found.verdicts[0]) == f"<Verdict on {case.expected[0].id}: holds (0 comparisons)>"
    assert found._repr_html_().count("<td>holds</td>") == len(case.expected)
    assert len(repr(Interval(1.0, 0.5, 1.5))) < LONGEST


def test_a_table_escapes_its_texts_and_says_what_it_leaves_out():
    html = html_table("a < b", ["<x>"], [("<script>", 1.23456, 1234567, float("nan"), None, True)] * 50)
    assert "a &lt; b" in html
    assert "<script>" not in html
    assert ">1.235</td>" in html
    assert ">1,234,567</td>" in html
    assert "nan" not in html
    assert html.endswith("<p>and 10 more rows</p>")
    assert clipped("a" * LONGEST) == "a" * LONGEST


# Figures


@pytest.mark.parametrize(
    ("name", "first", "asked"),
    [
        ("comparison", "lines_homicide_rate", ("map_calm", "recruits", "differences_recruits", "fairness")),
        ("level", "level_homicide_rate", ("map_homicide_rate", "recruits")),
        ("factorial", "shapley_homicide_rate", ("interactions_homicide_rate", "homicide_rate")),
        ("tradeoffs", "front_homicide_rate_criminal_governance_index", ("regret_homicide_rate", "facts_homicide_rate")),
    ],
)
def test_a_result_draws_the_figures_it_names(name, first, asked, request):
    result = request.getfixturevalue(name)
    assert result.figures()[0] == first
    for figure in (None, first, *asked):
        drawn_figure = result.plot(figure)
        assert isinstance(drawn_figure, matplotlib.figure.Figure)
        assert drawn_figure.axes


def test_an_unknown_figure_is_refused_with_the_nearest(comparison):
    with pytest.raises(InputError, match="figure fairnes is not one of this result; did you mean fairness"):
        comparison.plot("fairnes")


# Other forms


def test_months_come_as_a_long_table(comparison):
    table = comparison.monthly("recruits", "homicide_rate")
    assert list(table.columns) == ["arm", "future", "month", "outcome", "value"]
    assert len(table) == 3 * 3 * 15 * 2
    row = table[(table.arm == "calm") & (table.future == 2) & (table.month == 15) & (table.outcome == "homicide_rate")]
    assert row["value"].item() == comparison.city_monthly[1, 1, 14, outcome_index("homicide_rate")]
    assert list(table["arm"].cat.categories) == ["baseline", "calm", "idle"]
    assert len(comparison.monthly()) == 3 * 3 * 15 * len(OUTCOMES)
    with pytest.raises(InputError, match="outcome recruit is unknown; did you mean recruits"):
        comparison.monthly("recruit")


def test_months_and_years_come_as_labelled_arrays(comparison):
    data = comparison.to_xarray()
    assert isinstance(data, xarray.Dataset)
    assert (
        data["monthly"].sel(arm="calm", future=2, month=15, outcome="homicide_rate").item()
        == (comparison.city_monthly[1, 1, 14, outcome_index("homicide_rate")])
    )
    place = data["yearly"].sel(arm="idle", future=3, year=2, neighbourhood="Ixley", outcome="fear").item()
    assert place == comparison.place_yearly[2, 2, 1, 8, outcome_index("fear")]
    assert data.attrs == {"city": "sandbox", "seed": 1, "scale": 0.5}


def test_without_xarray_one_line_says_what_to_install(comparison, monkeypatch):
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(InputError, match=r"to_xarray needs one more package; install citysafety\[xarray\]"):
        comparison.to_xarray()
