"""The report: one file that asks nothing of a network, says what happened and how sure, and promises nothing."""

import dataclasses
import html
import inspect
import itertools
import json
import math
import re
import time
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plausible import plausible, retitled

from experiments.comparison import figures
from experiments.comparison import findings as told
from experiments.comparison.costs import costs
from experiments.comparison.findings import findings, signed, span
from experiments.comparison.paired import (
    FEWEST,
    SMALL,
    Interval,
    futures_needed,
    interval_of,
    ratio_of_means,
    t_quantile,
    verdict,
    verdict_words,
)
from experiments.comparison.report import page as report
from experiments.comparison.report.page import report_html, significant, write_report
from experiments.comparison.sentences import sentence, why_sentences
from sim.outcomes import DETAIL_GROUPS, HEADLINES, MAIN_GROUPS, OUTCOMES, in_group, outcome_index, parts_of
from sim.parameters import PARAMETERS
from sim.processes.policy_delivery import killings_expected
from sim.run import run_arms
from sim.scenario import MeasureUse, Policy, load_city, load_policy, load_shock

VOID = {"meta", "img", "br", "link", "input", "hr"}


class Page(HTMLParser):
    """What a reader, a screen reader and a browser each take from a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.stack, self.words, self.headings, self.unclosed = [], [], [], [], []
        self.feed(text)
        self.text = " ".join(" ".join(self.words).replace("\xa0", " ").split())

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag:
            self.unclosed.append(tag)

    def handle_data(self, data):
        if "style" not in self.stack:
            self.words.append(data)
            if self.stack and re.fullmatch("h[1-6]", self.stack[-1]):
                self.headings.append((int(self.stack[-1][1]), data))

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def alternatives(self):
        return [image["alt"] for image in self.all("img")]


@pytest.fixture(scope="module")
def comparison():
    return plausible()


@pytest.fixture(scope="module")
def text(comparison):
    return report_html(comparison)


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


# Numbers in words -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (8.021, "8.0"), (0.0347, "0.035"), (-5.14, "−5.1"), (9840, "9\u202f800"), (99.6, "100"), (0, "0"), (1e-9, "0"),
        (61_234_567, "61 million"), (999_999, "1.0 million"), (-2.34e9, "−2.3 billion"), (math.nan, "–"), (17, "17"),
    ],
)  # fmt: skip
def test_numbers_have_two_significant_figures(value, says):
    assert significant(value) == says


def test_a_change_carries_its_sign():
    assert (signed(3.14), signed(-3.14), signed(0.0)) == ("+3.1", "−3.1", "0")


def test_an_interval_says_its_unit_once_and_gets_a_figure_more_where_two_do_not_tell():
    assert span(Interval(0, -6.41, -3.88)) == "−6.4 to −3.9"
    assert span(Interval(0, -6.41, -3.88), sign=False) == "3.9 to 6.4"
    assert span(Interval(0, 11.84e6, 12.13e6)) == "11.8 to 12.1 million"
    assert span(Interval(0, 0.9e6, 1.2e6)) == "900\u202f000 to 1.2 million"
    assert span(Interval(0, 14.3, 14.3)) == "14 to 14"
    assert span(Interval(0, math.nan, math.nan)) == "no interval"


def test_a_clear_finding_leads_with_the_difference(comparison):
    said = sentence(findings(comparison)["all_four", "homicide_rate"])
    number = r"[\d.]+"
    assert re.fullmatch(
        rf"In this model, “All four pillars” would lower homicide by {number} % \(95 % interval {number} to {number}\), "
        rf"from {number} to {number} per 100 000 residents a year; lower in 20 of 20 futures\.",
        said,
    ), said


def finding(low, high, *, least=1.0, futures=20):
    """A finding of homicide with this interval."""
    said = str(verdict(low, high, least))
    mean = Interval((low + high) / 2, low, high)
    clear, below = said == "clear", mean.mean < 0
    lower, higher = (futures, 0) if below else (0, futures)
    return told.Finding(
        told.BY_NAME["homicide_rate"], "x", "X", 20.0, 20.0 + mean.mean, mean, clear, said, least, lower, higher, futures
    )


@pytest.mark.parametrize(
    ("low", "high", "said", "cell"),
    [
        (-3.0, -2.0, "“X” would lower homicide by 12 %", "lower in 20 of 20 futures"),
        (1.5, 2.5, "“X” would raise homicide by 10 %", "higher in 20 of 20 futures"),
        (-0.5, 0.7, "make a small change to homicide, less than matters", "small, less than matters"),
        (-0.9, -0.7, "make a small change to homicide, less than matters", "small, less than matters"),
        (-2.0, -0.5, "would lower homicide, but whether by as much as matters cannot be told", "lower, may be small"),
        (0.5, 2.0, "would raise homicide, but whether by as much as matters cannot be told", "higher, may be small"),
        (-2.0, 0.5, "whether “X” would lower or raise homicide cannot be told", "cannot be told"),
    ],
)
def test_clear_small_and_untold_have_words_of_their_own(low, high, said, cell):
    found = finding(low, high)
    assert said in sentence(found)
    assert found.words == cell
    assert "no clear difference" not in sentence(found)


@given(st.floats(-5, 5), st.floats(0, 5), st.floats(0, 3))
def test_a_verdict_never_contradicts_its_interval(mean, half, least):
    low, high = mean - half, mean + half
    found = str(verdict(low, high, least))
    assert (found == "clear") == (low > least or high < -least)
    assert (found == "small") == (-least <= low and high <= least)
    words = verdict_words(found, low, high)
    assert not ("lower" in words and high >= 0)
    assert not ("higher" in words and low <= 0)


@given(st.floats(-5, 5), st.floats(0.01, 5), st.integers(2, 500), st.floats(0, 3))
def test_as_many_futures_as_are_named_would_settle_it(mean, deviation, futures, least):
    margin = t_quantile(futures - 1) * deviation / math.sqrt(futures)
    needed = futures_needed(mean, mean - margin, mean + margin, futures, least)
    if needed is not None:
        half = t_quantile(needed - 1) * deviation / math.sqrt(needed)
        assert needed >= futures
        assert str(verdict(mean - half, mean + half, least)) != "cannot be told"
        assert needed >= FEWEST
        if needed > max(futures, FEWEST):
            half = t_quantile(needed - 2) * deviation / math.sqrt(needed - 1)
            assert str(verdict(mean - half, mean + half, least)) == "cannot be told"


def test_an_unclear_finding_says_what_cannot_be_told_and_how_many_futures_would_tell(comparison, blank_figures):
    found = finding(-2.0, 0.5)
    assert (found.verdict, found.needed) == ("cannot be told", futures_needed(-0.75, -2.0, 0.5, 20, 1.0))
    assert finding(-0.5, 0.5).needed is None
    page = Page(report_html(plausible(arms=1, replications=12, effects=(-0.07,))))
    assert "futures would be needed to tell" in page.text or "would lower homicide by" in page.text


def test_a_report_of_few_futures_says_that_they_are_too_few(blank_figures):
    page = Page(report_html(plausible(arms=1, replications=4)))
    assert "too few futures to say" in page.text
    assert "would lower homicide by" not in page.text


def test_a_policy_that_changes_nothing_makes_no_difference_in_any_future(comparison):
    same = plausible(arms=1)
    same.city_monthly[1] = same.city_monthly[0]
    assert "no difference to homicide in any future" in sentence(findings(same)["regulation", "homicide_rate"])


def test_shares_are_told_in_points_and_rates_in_per_cent(comparison):
    found = findings(comparison)
    assert "percentage points" in sentence(found["all_four", "extortion_share"])
    assert "points" in sentence(found["all_four", "criminal_governance_index"])
    assert re.search(r"by [\d.]+ % ", sentence(found["all_four", "recruits"]))


@pytest.mark.parametrize(
    ("title", "inside"),
    [("All four pillars", "all four pillars"), ("Boston Ceasefire", "Boston Ceasefire"), ("NGO fund", "NGO fund")],
)
def test_titles_fit_into_a_sentence(title, inside):
    assert told.within(title) == inside


@pytest.mark.validate
def test_the_ratio_of_means_covers_the_truth_in_nineteen_of_twenty_samples():
    random = np.random.default_rng(3)
    hits = 0
    for _ in range(600):
        averted = random.normal(40, 25, 12)
        interval = ratio_of_means(random.normal(80, 10, 12) + 0.2 * (averted - 40), averted)
        hits += interval is None or interval.low <= 2.0 <= interval.high
    assert hits / 600 == pytest.approx(0.95, abs=0.025)


def test_a_ratio_with_nothing_below_the_line_has_no_interval():
    assert ratio_of_means(np.array([1.0, 2, 3]), np.array([-1.0, 0, 1])) is None
    assert ratio_of_means(np.array([1.0]), np.array([1.0])) is None


def test_the_fifths_are_the_poorest_and_the_least_poor_by_residents(comparison):
    places = comparison.city.neighbourhoods
    poorest = sorted(range(len(places)), key=lambda i: -places[i].poverty)[:2]
    params = comparison.place_means[0, :, poorest, outcome_index("homicide_rate")].mean(axis=1)
    weights = [places[i].population for i in poorest]
    poor, least_poor = told.fifths(comparison, 1)
    assert poor.reference == pytest.approx(np.average(params, weights=weights))
    assert poor.reference > least_poor.reference


# The page -------------------------------------------------------------------------------------------------------------


def test_the_page_loads_nothing_and_runs_nothing(text, page):
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    assert {"http-equiv": "Content-Security-Policy", "content": policy} in page.all("meta")
    assert not [tag for tag, _ in page.tags if tag in ("script", "link", "iframe", "object", "embed", "base", "form")]
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert all(image["src"].startswith("data:image/") for image in page.all("img"))
    assert all(anchor["href"].startswith("#") for anchor in page.all("a"))
    assert "http://" not in text
    assert "https://" not in text
    assert "url(" not in text
    assert "@import" not in text


def test_nothing_is_promised(page):
    assert not re.search(r"\b(will|optimal|optimum|prove[sdn]?|proof)\b", page.text, re.IGNORECASE)
    assert not [alt for alt in page.alternatives if re.search(r"\b(will|optimal|proves)\b", alt)]


def test_the_title_is_the_question_and_the_lead_is_the_answer(page):
    assert page.headings[0] == (
        1, "What would “Regulation”, “Enforcement”, “Engagement”, “Resilience” and “All four pillars” change in the sandbox?"
    )  # fmt: skip
    assert "In this model, “All four pillars” would lower homicide by" in page.text
    assert "The same policy would lower criminal governance by" in page.text


def test_headings_descend_one_step_at_a_time(page):
    levels = [level for level, _ in page.headings]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_a_screen_reader_finds_its_way(page):
    assert page.all("html") == [{"lang": "en"}]
    assert not page.unclosed
    assert not page.stack
    assert all("scope" in header for header in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(len(alt) > 60 for alt in page.alternatives)
    assert all(region.get("aria-label") for region in page.all("div") if region.get("role") == "region")
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {anchor["href"].removeprefix("#") for anchor in page.all("a")} <= set(ids)


def test_alternative_texts_say_the_finding(page):
    maps = [alt for alt in page.alternatives if alt.startswith("Map")]
    assert len(maps) == 5
    assert all(re.search(r"clearly lower in \d+ of 9 neighbourhoods", alt) for alt in maps)


def test_colours_of_text_are_dark_enough(text):
    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", text))
    for ink in ("ink", "muted", "lower", "higher", "link"):
        for paper in ("paper", "soft", "warm"):
            contrast = (luminance(colours[paper]) + 0.05) / (luminance(colours[ink]) + 0.05)
            assert contrast >= 4.5, (ink, paper)


def test_unclear_cells_say_so_and_clear_ones_do_not(page, comparison):
    unclear = [found.words for found in findings(comparison).values() if not found.clear and not found.is_money]
    for words in set(unclear):
        assert page.text.count(words) >= unclear.count(words)
    assert "no clear difference" not in page.text


def test_every_outcome_has_its_row(page):
    rows = [words.strip() for words in page.words]
    for outcome in {f.outcome for f in findings(plausible(arms=1)).values()}:
        assert outcome.title in rows


def test_the_city_is_an_illustration_and_youths_stand_for_several(page, comparison):
    assert " ".join(comparison.city.illustration.split()) in page.text
    assert "One simulated youth stands for 10 residents aged 10 to 29" in page.text


def test_what_is_left_out_is_said(page):
    for word in ("Siege", "networks", "borders", "online fraud", "large events", "social media", "city's boundary"):
        assert word in page.text


def test_judgement_is_counted_and_named(page):
    judged = sum(parameter.status == "judgement" for parameter in PARAMETERS)
    assert f"{judged} are judgement" in page.text
    assert "reg.alcohol_dry_law_metro" in page.text


def test_provenance_is_enough_to_run_it_again(page):
    command = (
        "citysafety compare sandbox --policy regulation --policy enforcement --policy engagement --policy resilience "
        "--policy all_four --months 120 --replications 20 --seed 1 --scale 0.1"
    )
    assert command in page.text
    for word in ("Hash of the model", "Hash of the results", "numpy", "Replications", "11, 12, 13"):
        assert word in page.text
    assert "switched off, in all arms" not in page.text


def test_what_was_switched_off_stands_in_provenance_command_and_footer(comparison, blank_figures):
    text = report_html(dataclasses.replace(comparison, without=("rents", "peers")))
    assert "Mechanisms switched off, in all arms: rents and peers." in text[text.index("<footer>") :]
    assert "rents, peers" in text
    assert "--without rents --without peers" in text


def test_cost_per_homicide_averted_is_left_out_only_where_homicide_may_not_fall(page, comparison):
    answers = costs(comparison)
    for each in answers:
        assert (each.per_averted is None) == (each.averted.low <= 0)
    # On the first screen and in the section on cost.
    assert page.text.count("not stated") == 2 * sum(each.per_averted is None for each in answers) > 0
    assert "In US dollars, against no policy" in page.text


def test_false_comfort_is_flagged_when_governance_worsens_behind_a_fall_in_homicide(blank_figures):
    hidden = Page(report_html(plausible(arms=5, worsens=("criminal_governance_index", "police_legitimacy"))))
    assert "False comfort: “All four pillars”" in hidden.text
    note = hidden.text.split("False comfort: “All four pillars”")[1][:600]
    assert "raise criminal governance" in note
    assert "lower trust in the police" in note


def test_an_honest_improvement_is_not_flagged(page):
    assert "False comfort" not in page.text


def test_fewer_killings_on_paper_alone_are_flagged(blank_figures):
    paper = plausible(arms=1, effects=(0.0,))
    paper.city_monthly[1, ..., outcome_index("homicides_recorded")] *= 0.5
    assert "Fewer on paper" in report_html(paper)


def test_nothing_clear_is_said_plainly(blank_figures):
    nothing = Page(report_html(plausible(arms=2, effects=(0.0, 0.0))))
    assert "no policy compared here would clearly lower homicide over the whole run: “Regulation” (" in nothing.text
    assert re.search(r"futures would be needed to tell|More futures would", nothing.text)


def test_a_single_future_claims_nothing(blank_figures):
    one = Page(report_html(plausible(arms=1, replications=1, months=5)))
    assert "a single future" in one.text
    assert "95 % interval nan" not in one.text
    assert " nan" not in one.text
    assert "would lower" not in one.text


def test_texts_from_a_file_cannot_become_markup(blank_figures):
    hostile = retitled(plausible(arms=1, replications=2, months=12), title='<script>alert(1)</script> & "x"')
    text = report_html(hostile)
    assert "<script" not in text
    assert html.escape("<script>alert(1)</script>") in text


def test_the_report_is_one_file_and_quotes_the_command_of_the_manifest(tmp_path, blank_figures):
    command = ["citysafety", "compare", "my city.yaml", "--policy", "regulation"]
    (tmp_path / "manifest.json").write_text(json.dumps({"command": command}))
    path = write_report(plausible(arms=1, replications=2, months=12), tmp_path)
    assert path == tmp_path / "report.html"
    assert {each.name for each in tmp_path.iterdir()} == {"manifest.json", "report.html"}
    assert "citysafety compare 'my city.yaml' --policy regulation" in Page(path.read_text("utf-8")).text


def test_the_same_comparison_gives_the_same_page():
    def write():
        return report_html(plausible(arms=1, replications=3, months=24))

    assert write() == write()


@pytest.mark.validate
def test_six_policies_in_seventy_seven_places_take_less_than_twenty_seconds():
    large = plausible(city="chicago", arms=6)
    start = time.process_time()
    text = report_html(large)
    assert time.process_time() - start < 20
    assert len(text) < 6_000_000


# Phase by phase ---------------------------------------------------------------------------------------------------------


def turning():
    """A policy under which homicide falls by a fifth for 14 months and is a tenth higher afterwards."""
    turn = plausible(arms=1, replications=10, months=36, effects=(0.0,))
    column = outcome_index("homicide_rate")
    turn.city_monthly[1, :, :14, column] *= 0.8
    turn.city_monthly[1, :, 14:, column] *= 1.1
    truce = Policy(name="truce14", title="A truce", about="", measures=(MeasureUse(measure="P-G4", stop=14),))
    return dataclasses.replace(turn, policies=(truce,))


def test_a_turn_stands_in_the_lead_and_in_the_table_of_phases(blank_figures):
    text = report_html(turning())
    lead = text[text.index('class="lead"') : text.index("<table")]
    assert "would lower homicide by" in lead
    assert "in months 1 to 14" in lead
    assert "raise it by" in lead
    assert "in months 15 to 36" in lead
    table = Page(text[text.index('id="phases"') : text.index('id="table"')]).text
    for words in ("months 1 to 14", "months 15 to 36", "last year, months 25 to 36", "better", "worse", "hold together"):
        assert words in table
    assert "Negotiated truce (P-G4) has ended" in table


def test_windows_that_were_asked_for_take_the_place_of_phases(blank_figures):
    asked = dataclasses.replace(turning(), windows=((3, 9),))
    table = Page(report_html(asked)).text
    assert "windows that were asked for" in table
    assert "months 3 to 9" in table


def test_a_run_in_which_nothing_changes_is_one_phase(blank_figures):
    page = Page(report_html(plausible(arms=1, replications=2, months=6)))
    assert "the whole run is one phase" in page.text


# The first screen, and what stands behind it ---------------------------------------------------------------------------


def test_the_first_screen_has_the_answer_a_picture_and_the_money(text, comparison):
    first = text[text.index("<h1>") : text.index('id="asked"')]
    assert first.count("<img") == 2
    assert "Expected homicides averted a year" in first
    for each in costs(comparison):
        assert significant(each.averted.mean) in first
        assert each.title in first
    assert "Rights, harms and other gains are not in that price" in first
    assert first.index("<h1>") < first.index('class="lead"') < first.index("<table")


def test_many_policies_are_counted_in_the_title():
    few = plausible(arms=1, replications=2, months=2)
    more = tuple(few.policies[0].model_copy(update={"name": f"other_{i}"}) for i in range(7))
    assert report._question(dataclasses.replace(few, policies=more)) == "What would seven policies change in the sandbox?"


def test_long_titles_are_broken_in_figures_and_nothing_is_cut_off():
    title = "Summer jobs in the three worst areas, and patrols once homicide is high"
    long = retitled(plausible(arms=1, replications=3, months=12), title=title)
    for figure in (figures.differences(long, ("homicide_rate",)), figures.fairness(long)):
        figure.draw_without_rendering()
        (label,) = figure.axes[0].get_yticklabels()
        assert " ".join(label.get_text().split("\n")) == title
        boxes = [text.get_window_extent() for text in (label, figure.axes[0].xaxis.label)]
        assert all(box.x0 >= 0 and box.x1 <= figure.bbox.x1 for box in boxes)


def test_expected_and_drawn_deaths_stand_together(page):
    assert "Deaths, expected and as drawn" in page.text
    for title in ("Killings expected", "Homicides", "Homicides recorded", "Homicides counted independently"):
        assert title in [words.strip() for words in page.words]


def test_the_command_names_the_shocks(comparison, blank_figures):
    shocked = dataclasses.replace(plausible(arms=1, replications=2, months=12), shocks=(load_shock("disaster"),))
    assert "--shock disaster" in Page(report_html(shocked)).text


# A run that is compared with nothing -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run_alone():
    whole = plausible(arms=1, replications=5, months=24)
    return dataclasses.replace(
        whole, policies=(), city_monthly=whole.city_monthly[:1].copy(), place_yearly=whole.place_yearly[:1].copy()
    )


def test_a_run_has_a_page_of_levels_with_intervals(run_alone):
    text = report_html(run_alone)
    page = Page(text)
    assert page.headings[0] == (1, "Where would the sandbox stand without a new policy?")
    assert "citysafety run sandbox --months 24 --replications 5 --seed 1 --scale 0.1" in page.text
    rate = interval_of(run_alone.horizon_means[0, :, outcome_index("homicide_rate")])
    assert f"homicide would average {significant(rate.mean)} per 100 000 residents a year over 24 months" in page.text
    assert f"95 % interval {span(rate)}" in page.text
    rows = [words.strip() for words in page.words]
    for outcome in OUTCOMES:
        assert outcome.title in rows
    for place in run_alone.city.neighbourhoods:
        assert place.name in rows
    assert not page.unclosed
    assert not page.stack
    assert all("scope" in header for header in page.all("th"))
    assert all(len(alt) > 60 for alt in page.alternatives)
    assert text == report_html(run_alone)


def test_the_page_of_a_run_says_what_its_policy_does(run_alone, blank_figures):
    page = Page(report_html(dataclasses.replace(run_alone, against=load_policy("truce"))))
    assert page.headings[0] == (1, "Where would the sandbox stand under “A truce for two years”?")
    assert "Negotiated truce (P-G4): level 1, everywhere, from month 1 to month 24" in page.text
    assert "citysafety run sandbox --policy truce" in page.text


def test_a_run_of_a_single_future_claims_no_interval(blank_figures):
    one = plausible(arms=1, replications=1, months=5)
    alone = dataclasses.replace(one, policies=(), city_monthly=one.city_monthly[:1], place_yearly=one.place_yearly[:1])
    page = Page(report_html(alone))
    assert "a single future, which says little" in page.text
    assert " nan" not in page.text


def test_places_where_nobody_lives_have_no_rate(run_alone):
    city = run_alone.city
    park = city.neighbourhoods[3].model_copy(update={"population": 0})
    empty = city.model_copy(update={"neighbourhoods": (*city.neighbourhoods[:3], park, *city.neighbourhoods[4:])})
    pages = [Page(report_html(dataclasses.replace(run_alone, city=empty)))]
    whole = plausible(arms=1, replications=3, months=12)
    whole.place_yearly[:, :, :, 3] = np.nan
    pages.append(Page(report_html(dataclasses.replace(whole, city=empty))))
    for page in pages:
        assert "no residents" in page.text
        assert "nan" not in page.text.split()
    assert "of 8 neighbourhoods" in pages[1].text


# The outcomes that are told ---------------------------------------------------------------------------------------------


def test_the_tables_of_a_report_show_every_outcome_once():
    shown = [outcome.name for group in (*MAIN_GROUPS, *DETAIL_GROUPS) for outcome in in_group(group)]
    assert sorted(shown) == sorted(outcome.name for outcome in OUTCOMES)
    assert set(HEADLINES) <= {outcome.name for group in MAIN_GROUPS for outcome in in_group(group)}


def test_the_kinds_of_killing_that_are_named_are_all_that_there_are():
    # The model adds up the hazards part by part; each part has a name in the report.
    parts = re.findall(r"p\.deaths_\w+", inspect.getsource(killings_expected))
    assert len(parts) > 5
    assert len(parts_of("homicide_rate")) == len(parts)


def test_the_parts_of_homicide_add_up_in_a_run():
    (result,) = run_arms(load_city("sandbox"), [load_policy("baseline")], seed=5, months=6, scale=0.02)
    told_of = sum(result.city_monthly[:, outcome_index(part.name)].astype(float) for part in parts_of("homicide_rate"))
    np.testing.assert_allclose(told_of, result.city_monthly[:, outcome_index("homicide_rate")], rtol=1e-4)


def test_the_interval_of_a_level_ends_where_the_outcome_can_go_no_further():
    skewed = np.array([0.0] * 11 + [0.9])
    for name, most in (("splits", np.inf), ("fear", 1.0), ("criminal_governance_index", 100.0)):
        free = interval_of(skewed * min(most, 100.0))
        found = told.level_interval(told.BY_NAME[name], skewed * min(most, 100.0))
        assert free.low < 0.0
        assert (found.low, found.mean, found.high) == (0.0, free.mean, min(free.high, most))
    alone = told.level_interval(told.BY_NAME["fear"], np.array([0.4]))
    assert np.isnan(alone.low)
    assert alone.mean == 0.4


def test_what_is_not_clear_is_told_together_by_what_it_amounts_to(comparison):
    policy, found = comparison.policies[0].name, findings(comparison)
    lines = why_sentences(found, policy)
    assert all(line[0].isupper() and line.endswith(".") for line in lines)
    unclear = [found[policy, part.name] for part in parts_of("homicide_rate")]
    unclear = [part for part in unclear if part.moves and not part.clear]
    assert unclear
    for part in unclear:
        (line,) = [line for line in lines if part.outcome.title.lower() in line.lower()]
        assert line.endswith(f": {'small, less than matters' if part.verdict == SMALL else part.verdict}.")
