"""Combinations hold what their factors hold, each measure once, and refuse what cannot be joined."""

import pytest

from experiments.tradeoffs.portfolios import MOST_FACTORS, combine, load_factor, load_factors, portfolios
from sim.enumerations import PILLARS
from sim.errors import InputError
from sim.scenario import MeasureUse, Policy, Target, load_policy


def policy(name, *uses):
    return Policy(name=name, title=name.capitalize(), about="Made up.", measures=uses)


def use(measure="P-E2", **fields):
    return MeasureUse(measure=measure, **fields)


def test_the_pillars_give_sixteen_portfolios_from_nothing_to_all_four():
    cells = portfolios(load_factors([]))
    assert len(cells) == len({cell.name for cell in cells}) == 16
    assert cells[0] == load_policy("baseline")
    assert [cells[1 << place] for place in range(4)] == [load_policy(name) for name in PILLARS]
    assert cells[-1].measures == load_policy("all_four").measures


def test_a_portfolio_holds_the_factors_whose_bits_are_set():
    a, b, c = (policy(name, use(measure)) for name, measure in zip("abc", ("P-E1", "P-E2", "P-E3"), strict=True))
    cells = portfolios([a, b, c])
    assert [cell.name for cell in cells] == ["baseline", "a", "b", "a-b", "c", "a-c", "b-c", "a-b-c"]
    assert [each.measure for each in cells[5].measures] == ["P-E1", "P-E3"]


def test_a_measure_that_two_factors_share_is_held_once():
    both = combine([policy("a", use(), use("P-E1")), policy("b", use())])
    assert [each.measure for each in both.measures] == ["P-E2", "P-E1"]


def test_of_two_levels_of_a_shared_measure_the_higher_counts():
    both = combine([policy("a", use(level=0.3)), policy("b", use(level=0.8))])
    assert [each.level for each in both.measures] == [0.8]


def test_a_measure_at_two_places_or_from_two_months_is_held_twice():
    both = combine([policy("a", use(start=0)), policy("b", use(start=13), use(where=Target(worst=2, by="homicide_rate")))])
    assert len(both.measures) == 3


def test_a_shared_measure_that_differs_in_anything_else_is_refused():
    with pytest.raises(InputError, match=r"policies a and b both use P-E2 .* not alike"):
        combine([policy("a", use(stop=24)), policy("b", use())])


def test_a_factor_is_a_policy_a_file_or_a_single_measure(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("name: mine\ntitle: Mine\nabout: Mine.\nmeasures: [{measure: P-E3}]\n", "utf-8")
    assert load_factor("resilience") == load_policy("resilience")
    assert load_factor(str(path)).name == "mine"
    assert load_factor("P-E3").measures == load_factor("focused-deterrence").measures == (use("P-E3"),)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["regulation", "regulation"], "--factor regulation is given twice"),
        (["baseline", "regulation"], "changes nothing and is part of every design"),
        (["regulaton"], "is no policy and no measure; did you mean"),
        ([f"P-E{number}" for number in range(1, 10)], f"give 1 to {MOST_FACTORS}"),
    ],
)
def test_what_cannot_be_combined_is_refused(names, said):
    with pytest.raises(InputError, match=said):
        portfolios(load_factors(names))


def test_names_and_titles_fit_whatever_is_combined():
    long = [policy(f"a-policy-with-quite-a-long-name-{number}", use("P-E1")) for number in range(5)]
    cells = portfolios(long)
    assert len({cell.name for cell in cells}) == 32
    assert all(len(cell.name) <= 60 and len(cell.title) <= 80 for cell in cells)
