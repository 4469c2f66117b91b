"""Titles and names of users are drawn, printed and stored as they stand: nothing in them is a formula, a tag or a mark."""

import ast
import dataclasses
import html
import json
import re
from pathlib import Path

import matplotlib as mpl
import planted
import pytest
from planted import factorial_study, tradeoff_study
from plausible import plausible

from experiments.comparison import figures, level_figures
from experiments.comparison.results import load_comparison, write_results
from experiments.comparison.text import comparison_text
from experiments.store.spreadsheets import read_csv
from experiments.tradeoffs import factorial_figures
from experiments.tradeoffs import figures as tradeoffs_figures
from sim.scenario import Policy

COMPARISON = Path(figures.__file__).parent
TITLES = (
    "Spend $1m_{x or $2m",
    r"50% of \alpha^2 and $\frac{1}{2}$",
    "a_b^c {d} #e & ~f",
    "<b>&amp;</b> 'one' \"two\"",
    "=HYPERLINK(1); --> $$ ]]> <!--",
    "$x$",
)


@pytest.fixture(scope="module")
def comparison():
    whole = plausible(arms=2, replications=3, months=12)
    policies = [
        Policy(name=each.name, title=title, about=title, measures=each.measures)
        for each, title in zip(whole.policies, (TITLES[0], TITLES[3]), strict=True)
    ]
    against = Policy(name="baseline", title=TITLES[-1], about=TITLES[-1], measures=())
    renamed = dict(zip((place.name for place in whole.city.neighbourhoods), TITLES, strict=False))
    values = json.loads(whole.city.model_dump_json())
    values["title"] = TITLES[0]
    text = json.dumps(values)
    for before, after in renamed.items():
        text = text.replace(json.dumps(before), json.dumps(after))
    city = type(whole.city).model_validate_json(text)
    return dataclasses.replace(whole, city=city, policies=tuple(policies), against=against, made_with={"model": "made up"})


def texts_of(figure):
    return [text for text in figure.findobj(mpl.text.Text) if text.get_text()]


def drawn_as_they_stand(drawn, titles):
    """Check every text of every figure, and return the figures by name that hold one of the titles."""
    found = set()
    for name, figure in drawn.items():
        figure.draw_without_rendering()  # outside of the style, as whoever was given the figure may do
        for text in (each for each in texts_of(figure) if re.search(r"[A-Za-z$]", each.get_text())):
            assert text.get_parse_math() is False, name
            assert text.get_usetex() is False, name
            found |= {name for title in titles if title in " ".join(text.get_text().split())}
    return found


def test_every_figure_of_a_comparison(comparison, monkeypatch):
    monkeypatch.setattr("sim.outcomes.CHARTED", ("homicide_rate",))
    found = drawn_as_they_stand(figures.draw_all(comparison), TITLES)
    assert {"fairness", "map_regulation", "differences_homicide_rate", "lines_homicide_rate"} <= found


def test_every_figure_of_a_run(comparison):
    alone = dataclasses.replace(comparison, policies=(), city_monthly=comparison.city_monthly[:1],
                                place_yearly=comparison.place_yearly[:1])  # fmt: skip
    drawn_as_they_stand(level_figures.draw_standing(alone), TITLES)


def test_every_figure_of_a_factorial_and_of_trade_offs(monkeypatch):
    def factors(number):
        return tuple(Policy(name=f"f{at}", title=TITLES[at], about="x", measures=()) for at in range(number))

    monkeypatch.setattr(planted, "factors", factors)
    assert drawn_as_they_stand(factorial_figures.draw_all(factorial_study([0.0, 4.0, 3.0, 7.0], noise=0.1)), TITLES[:2])
    study = tradeoff_study([0, 2, 3, 5], [0, 3, 1, 4], [0, 10, 12, 22])
    assert drawn_as_they_stand(tradeoffs_figures.draw_all(study, None), TITLES[:2])


LAYS_OUT = "stacked_panels"
"""Makes an empty figure for functions that draw in the style."""


def test_every_function_that_makes_a_figure_draws_in_the_style_that_says_so():
    assert mpl.rc_params_from_file(COMPARISON / "style.mplstyle", use_default_template=False)["text.parse_math"] is False
    makers = {
        f"{path.name}:{node.name}": {each.id for each in node.decorator_list if isinstance(each, ast.Name)}
        for path in COMPARISON.parent.rglob("*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and node.name != LAYS_OUT
        and any(
            isinstance(call, ast.Call) and ast.unparse(call.func).endswith(("Figure", LAYS_OUT)) for call in ast.walk(node)
        )
    }
    assert len(makers) > 15
    assert {name for name, decorators in makers.items() if "styled" not in decorators} == set()


def test_a_drawing_as_text_holds_each_title(comparison):
    page = figures.rendered(figures.fairness(comparison), "svg").decode()
    words = " ".join(html.unescape(" ".join(re.findall(r"<!-- (.*?) -->", page, re.DOTALL))).split())
    for title in (TITLES[0], TITLES[3]):
        assert " ".join(figures.fitted(title).split()) in words


def test_text_tables_and_files_hold_each_title(comparison, tmp_path):
    write_results(comparison, tmp_path)
    again = load_comparison(tmp_path)
    assert (again.city, again.policies, again.against) == (comparison.city, comparison.policies, comparison.against)
    places = set(read_csv(tmp_path / "neighbourhoods.csv")["neighbourhood"])
    assert set(TITLES) <= places
    raw = (tmp_path / "neighbourhoods.csv").read_text("utf-8-sig")
    assert "'=HYPERLINK(1)" in raw
    assert not re.search(r"(^|,)\"?=", raw, re.MULTILINE)
    text = comparison_text(comparison)
    for title in (TITLES[0], TITLES[3]):
        assert title.lower() in text.lower()
