"""The page of a run that is compared with nothing: levels, and how far futures lie apart."""

import dataclasses

import numpy as np
import pytest
from pages import Page
from plausible import plausible

from experiments.comparison.findings import span
from experiments.comparison.paired import (
    interval_of,
)
from experiments.comparison.report.page import report_html, significant
from sim.outcomes import OUTCOMES, outcome_index
from sim.scenario import load_policy


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
