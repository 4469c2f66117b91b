"""The report: one file that asks nothing of a network, says what happened and how sure, and promises nothing."""

import dataclasses
import html
import itertools
import json
import re
import time

import pytest
from pages import Page
from plausible import plausible, retitled

from experiments.comparison import figures
from experiments.comparison.costs import costs
from experiments.comparison.findings import findings
from experiments.comparison.report import page as report
from experiments.comparison.report.page import report_html, significant, write_report
from sim.outcomes import outcome_index
from sim.parameters import PARAMETERS
from sim.scenario import MeasureUse, Policy, load_shock


@pytest.fixture(scope="module")
def comparison():
    return plausible()


@pytest.fixture(scope="module")
def text(comparison):
    return report_html(comparison)


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


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
