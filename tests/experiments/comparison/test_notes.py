"""What a reader should know before the numbers: what did nothing, what is the same, what has no residents."""

import dataclasses
import math
import re
import warnings

from plausible import plausible, retitled

from experiments.comparison import figures
from experiments.comparison.notes import notes
from experiments.comparison.report.page import report_html
from experiments.comparison.results import write_results
from experiments.comparison.summaries import levels_object, neighbourhoods_object, summary_object
from experiments.comparison.text import neighbourhood_text
from sim.in_force import InForce
from sim.scenario import Policy


def with_policy(comparison, policy, began):
    acted = tuple(tuple((InForce(month, False, ()),) for month in began) if arm else ((),) * len(began) for arm in (0, 1))
    return dataclasses.replace(comparison, policies=(policy,), in_force=acted)


def policy(**use):
    values = {"name": "waits", "title": "Waits", "about": "A test.", "measures": [{"measure": "P-R3"} | use]}
    return Policy.model_validate(values)


def test_a_trigger_that_never_fired_is_told_after_the_run():
    few = plausible(arms=1, replications=2, months=12)
    waits = policy(trigger={"outcome": "fear", "above": 0.9})
    assert notes(with_policy(few, waits, (None, None))) == [
        "Policy waits: P-R3 never began in any of 2 futures; it waited for fear above 0.9."
    ]
    assert notes(with_policy(few, waits, (None, 7))) == []


def test_bounds_that_no_neighbourhood_met_are_told_after_the_run():
    few = plausible(arms=1, replications=2, months=12)
    feared = policy(where={"of": "fear", "above": 0.9})
    assert notes(with_policy(few, feared, (None, 7))) == [
        "Policy waits: P-R3 acted nowhere in any of the 1 futures in which it began; "
        "fear lay within its bounds in no neighbourhood."
    ]
    assert notes(with_policy(few, policy(), (None, 7))) == []


def test_months_further_ahead_than_anybody_has_measured_are_told():
    ten, eleven = (plausible(arms=1, replications=2, months=months) for months in (120, 132))
    assert notes(ten) == []
    (note,) = notes(eleven)
    assert note.startswith("Months beyond 120 are further ahead than anybody has measured")


def test_notes_are_part_of_every_summary():
    few = plausible(arms=2, replications=2, months=12)
    assert summary_object(few)["notes"] == levels_object(few)["notes"] == []
    same = dataclasses.replace(few, policies=(few.policies[0], few.policies[0].model_copy(update={"name": "again"})))
    (note,) = summary_object(same)["notes"]
    assert note.startswith("Policies again and regulation, do the same")


def test_areas_without_residents_and_titles_without_letters_are_told(monkeypatch):
    monkeypatch.setattr("experiments.comparison.lettering._installed", lambda: ())
    few = retitled(plausible(arms=1, replications=2, months=12), title="停战与就业")
    places = [place.model_copy(update={"population": 0}) for place in few.city.neighbourhoods[:1]]
    city = few.city.model_copy(update={"neighbourhoods": (*places, *few.city.neighbourhoods[1:])})
    said = notes(dataclasses.replace(few, city=city))
    assert said[0] == "Nobody lives in Aldoo: rates, fifths and lists of worst places leave it out."
    assert "regulation for 停战与就业" in said[1]


def with_a_park(comparison):
    """The comparison with nobody in its first neighbourhood, whose rates the model then leaves at 0."""
    first, *others = comparison.city.neighbourhoods
    city = comparison.city.model_copy(update={"neighbourhoods": (first.model_copy(update={"population": 0}), *others)})
    yearly = comparison.place_yearly.copy()
    yearly[..., 0, :] *= 0.0
    return dataclasses.replace(comparison, city=city, place_yearly=yearly)


def test_a_park_has_no_rate_in_any_table(tmp_path):
    parked = with_a_park(plausible(arms=1, replications=3, months=12))
    (bare,) = [line for line in neighbourhood_text(parked, "homicide_rate").splitlines() if "no residents" in line]
    assert bare.split() == ["Aldoo", "no", "residents"]
    assert neighbourhoods_object(parked)["homicide_rate"]["Aldoo"] == {"residents": 0}
    write_results(parked, tmp_path, command=["compare"])
    table = (tmp_path / "neighbourhoods.csv").read_text("utf-8-sig")
    assert "Bimbry" in table
    assert "Aldoo" not in table
    page = report_html(parked)
    assert page.count("no residents") >= 2
    assert not re.search(r"\bnan\b", page, re.IGNORECASE)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figures.rendered(figures.change_map(parked, "regulation", "homicide_rate"), "png")
        figures.rendered(figures.fairness(parked), "png")


def test_fifths_are_drawn_from_neighbourhoods_with_residents():
    from experiments.comparison.findings import fifths

    whole = plausible(arms=1, replications=3, months=24)
    for number in range(9):
        places = [
            place.model_copy(update={"population": 0 if row == number else place.population})
            for row, place in enumerate(whole.city.neighbourhoods)
        ]
        city = whole.city.model_copy(update={"neighbourhoods": tuple(places)})
        for fifth in fifths(dataclasses.replace(whole, city=city), 1):
            assert math.isfinite(fifth.reference)
            assert math.isfinite(fifth.difference.low)
