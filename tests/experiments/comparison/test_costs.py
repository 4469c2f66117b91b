"""Money as the amount it is, and deaths as expected: one set of numbers for text, page and JSON."""

import dataclasses
import json
import re

import numpy as np
import pytest
from plausible import plausible

from experiments.commands.cli import run_command
from experiments.comparison.costs import cheapest, cheapest_sentence, cost_sentence, costs, costs_object, unstudied
from experiments.comparison.findings import findings, significant
from experiments.comparison.notes import notes
from experiments.comparison.paired import mean_interval
from experiments.comparison.report.page import report_html
from experiments.comparison.text import comparison_text
from sim.errors import InputError
from sim.files import write_city_template
from sim.measures import find_measure
from sim.outcomes import OUTCOMES, outcome_index
from sim.scenario import MeasureUse, Policy, load_city

MONEY = [outcome.name for outcome in OUTCOMES if outcome.unit == "million a year"]


def policy_of(*rows):
    return Policy(name="made-up", title="Made up", about="Made up.", measures=[MeasureUse(measure=row) for row in rows])


@pytest.fixture(scope="module")
def comparison():
    return plausible(arms=2, replications=6, months=24)


def paired(comparison, name, arm=1):
    means = comparison.horizon_means[..., outcome_index(name)]
    return means[arm] - means[0]


def test_deaths_drawn_by_luck_change_nothing_that_is_said_of_costs(comparison, blank_figures):
    lucky = dataclasses.replace(comparison, city_monthly=comparison.city_monthly.copy())
    drawn = outcome_index("homicides")
    lucky.city_monthly[1:, ..., drawn] *= np.linspace(0.2, 3.0, 6, dtype=np.float32)[None, :, None]
    assert costs_object(lucky) == costs_object(comparison)
    assert comparison_text(lucky) == comparison_text(comparison)
    start = 'id="cost"'
    pages = [report_html(each).split(start)[1].split("</section>")[0] for each in (lucky, comparison)]
    assert pages[0] == pages[1]


def test_the_deaths_of_the_table_are_those_of_the_text(comparison, blank_figures):
    averted = costs(comparison)[0].averted
    expected = -paired(comparison, "killings_expected")
    assert averted == pytest.approx((expected.mean(), *mean_interval(expected)))
    for form in (report_html(comparison), comparison_text(comparison)):
        assert significant(averted.mean) in form
        assert significant(averted.low) in form


def test_a_total_is_the_horizon_and_the_parts_add_up(comparison):
    each = costs(comparison)[0]
    assert each.total.mean == pytest.approx(each.extra.mean * 2)
    assert each.measures.mean + each.prisons.mean == pytest.approx(each.extra.mean)
    assert each.per_resident.mean * each.residents == pytest.approx(each.extra.mean)
    assert each.extra.mean == pytest.approx(1e6 * paired(comparison, "cost").mean())


def test_a_discounted_total_counts_later_money_less():
    even = plausible(arms=1, replications=4, months=24)
    money = outcome_index("cost")
    even.city_monthly[1, ..., money] = even.city_monthly[0, ..., money]
    late = dataclasses.replace(even, city_monthly=even.city_monthly.copy())
    even.city_monthly[1, :, 0, money] += 12.0
    late.city_monthly[1, :, 23, money] += 12.0
    for each, month in ((even, 1), (late, 24)):
        found = costs(each)[0]
        assert found.total.mean == pytest.approx(1e6, rel=1e-3)
        assert found.discounted.mean == pytest.approx(1e6 * 1.03 ** (-month / 12), rel=1e-3)


def test_costs_say_at_which_prices_they_are_told(comparison, blank_figures):
    cheap = comparison.city.model_copy(update={"price_level": 0.45, "prison_year": 9_000.0, "money_per_dollar": 3.0})
    other = dataclasses.replace(comparison, city=cheap)
    assert costs_object(other)["regulation"]["prices"] == pytest.approx(
        {"programmes": 0.45, "police_year": 140_000 * 0.45**2.8, "prison_year": 3_000.0}
    )
    page = " ".join(report_html(other).split('id="cost"')[1].split("</section>")[0].split())
    assert re.search(r"a programme costs 0.45 of that, an officer 15.000 and a prison place 3.000 US dollars a year", page)
    assert "(the cost of an officer by a rule from the price level, for want of a figure)" in page
    bare = dataclasses.replace(comparison, city=comparison.city.model_copy(update={"price_level": None}))
    assert "The city file gives no price level" in report_html(bare)
    assert any("gives no price_level" in note for note in notes(bare))
    assert not any("price_level" in note for note in notes(comparison))


@pytest.mark.parametrize("name", MONEY)
def test_money_is_told_as_the_amount_it_is_however_small(name):
    small = plausible(arms=1, replications=10, months=12)
    column = outcome_index(name)
    small.city_monthly[0, ..., column] = 220.0
    small.city_monthly[1, ..., column] = 220.5 + np.arange(10, dtype=np.float32)[:, None] / 100
    found = findings(small)["regulation", name]
    assert found.clear
    assert found.words == "higher in 10 of 10 futures"
    assert small.difference("regulation", name).verdict == "clear"


def test_money_that_may_be_more_or_less_is_still_the_amount(comparison):
    straddling = plausible(arms=1, replications=4, months=12)
    straddling.city_monthly[1, ..., outcome_index("cost")] = (
        straddling.city_monthly[0, ..., outcome_index("cost")] + (np.array([-1, 1, 2, -1.5], np.float32)[:, None])
    )
    line = next(line for line in comparison_text(straddling).splitlines() if line.strip().startswith("Public cost"))
    assert "higher in 2 of 4" in line
    assert not re.search("no clear difference|cannot be told|small", line)


def test_the_cheapest_is_sought_among_those_that_clearly_lower_homicide():
    answers = costs(plausible(arms=5))
    best = cheapest(answers)
    assert best.lowers
    assert best.per_averted.mean == min(each.per_averted.mean for each in answers if each.lowers)
    assert f"“{best.title}” would cost least" in cheapest_sentence(answers, "US dollars")
    assert "Rights, harms and other gains are not in that price" in cheapest_sentence(answers, "US dollars")
    assert cheapest_sentence(costs(plausible(arms=2, effects=(0.0, 0.0))), "US dollars") == ""


def test_that_the_cheapest_rests_on_judgement_is_said_before_its_price():
    answers = costs(plausible(arms=5))
    best = cheapest(answers)
    known = [dataclasses.replace(each, unstudied=()) for each in answers]
    guessed = [dataclasses.replace(each, unstudied=("A truce of the parish",)) for each in answers]
    assert cheapest_sentence(known, "US dollars").startswith("Of those that clearly lower homicide")
    told = cheapest_sentence(guessed, "US dollars")
    assert told.startswith("No study has measured what these do, and their size here is judgement: “A truce of the parish”.")
    assert told.index("parish") < told.index(f"“{best.title}” would cost least")


def test_the_measures_of_a_policy_that_no_study_has_measured_are_those_graded_as_judgement():
    titles = unstudied(policy_of("P-E5", "P-E1", "P-G6"))
    assert titles == tuple(find_measure(row).title for row in ("P-E5", "P-G6"))


def test_a_single_future_gives_amounts_without_intervals():
    one = plausible(arms=1, replications=1, months=12)
    found = json.loads(json.dumps(costs_object(one), allow_nan=False))["regulation"]
    assert found["extra_a_year"]["low"] is None
    assert found["per_expected_homicide_averted"] is None
    assert "no interval" in cost_sentence(costs(one)[0], "US dollars")


# The city's money ---------------------------------------------------------------------------------------------------


def city_file(folder, **lines):
    path = folder / write_city_template("coin", folder)
    text = path.read_text("utf-8")
    for key, line in lines.items():
        text, n = re.subn(rf"(?m)^{key}:.*\n", line, text)
        assert n == 1
    path.write_text(text, "utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("currency", "rate", "says"),
    [
        ("South African rand", "", "money_per_dollar is missing, but the currency is 'South African rand'"),
        ("South African rand", "money_per_dollar: 1\n", "money_per_dollar is 1.0, but the currency"),
        ("EUR", "money_per_dollar: 1.0\n", "give how many of it one US dollar buys"),
        ("$", "", "money_per_dollar is missing"),
        ("Namibian dollars", "", "money_per_dollar is missing"),
        ("USD", "money_per_dollar: 18.5\n", "give 1, or name the currency"),
    ],
)
def test_a_currency_without_its_rate_is_refused_in_one_line(tmp_path, currency, rate, says):
    path = city_file(tmp_path, currency=f"currency: {currency!r}\n", money_per_dollar=rate)
    with pytest.raises(InputError, match=re.escape(says)) as told:
        load_city(path)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("currency", "rate"),
    [
        ("US dollars", ""), ("USD", ""), ("US$", "money_per_dollar: 1\n"), ("U.S. dollars", ""),
        ("US dollars of 2019", ""), ("South African rand", "money_per_dollar: 18.5\n"), ("EUR", "money_per_dollar: .92\n"),
    ],
)  # fmt: skip
def test_a_currency_with_its_rate_is_taken(tmp_path, currency, rate):
    assert load_city(city_file(tmp_path, currency=f"currency: {currency}\n", money_per_dollar=rate)).currency == currency


def test_a_currency_at_par_is_taken_with_the_reason(tmp_path):
    reason = "assumptions:\n  money_per_dollar: The balboa is at par with the US dollar by law.\n"
    given = {"currency": "currency: Panamanian balboa\n", "money_per_dollar": "money_per_dollar: 1\n"}
    assert load_city(city_file(tmp_path, assumptions=reason, **given)).money_per_dollar == 1


def test_a_measure_says_what_its_unit_cost_is_in_and_for(capsys):
    assert run_command(["show", "P-S3"]) == 0
    assert "500,000 US dollars of 2019 a year for each 100,000 residents" in " ".join(capsys.readouterr().out.split())
    assert run_command(["show", "P-R3"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "120,000 US dollars of 2019 a year and the time of 1 police officer for each 100,000 residents" in told
    assert "Paid by city licensing office, officers by the police." in told
    assert run_command(["show", "P-E7"]) == 0
    assert "The time of 1,500 soldiers for each 100,000 residents" in " ".join(capsys.readouterr().out.split())
