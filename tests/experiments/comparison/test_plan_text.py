"""What a comparison says of its plans: two that differ read differently, and what the worst places were is told."""

import dataclasses
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plausible import plausible

from experiments.comparison.plan_text import chosen_places, plan_object, plans_text, shock_words, use_words, what_became
from experiments.comparison.report.page import report_html
from experiments.comparison.results import load_comparison, write_results
from experiments.comparison.summaries import summary_object
from experiments.comparison.text import comparison_text
from experiments.store.provenance import made_with
from sim.in_force import InForce
from sim.measures import MEASURES, find_measure
from sim.outcomes import OUTCOMES
from sim.scenario import MeasureUse, Partner, Policy, Target, Trigger, load_city, load_shock
from sim.scenario.rule import Rule

SHARES = st.floats(0, 1).map(lambda share: round(share, 3))
PLACES = tuple(place.name for place in load_city("sandbox").neighbourhoods)
INDICATORS = st.sampled_from(["homicide_rate", "gang_members", "extortion_share", "deprivation"])
TARGETS = st.one_of(
    st.just(Target(all=True)),
    st.builds(Target, worst=st.integers(1, 9), by=INDICATORS),
    st.builds(Target, worst_share=SHARES.filter(bool), by=INDICATORS),
    st.builds(Target, places=st.permutations(PLACES).flatmap(lambda names: st.integers(1, 9).map(lambda n: names[:n]))),
)
FIGURES = st.sampled_from(["poverty", "tenure", "homicide_rate", "fear"])
TARGETS = st.one_of(
    TARGETS,
    st.builds(Target, of=FIGURES, above=SHARES),
    st.builds(Target, of=FIGURES, above=SHARES, below=SHARES.map(lambda share: share + 1.5)),
)
LEVELS = st.one_of(
    SHARES,
    st.tuples(SHARES, st.integers(1, 60), SHARES)
    .filter(lambda each: each[0] != each[2])
    .map(lambda each: {0: each[0], each[1]: each[2]}),
)
RULES = st.lists(
    st.builds(Rule, when=st.sampled_from(["fear > 0.5", "fear < 0.4 for 3 months"]), level=SHARES), max_size=2
).map(tuple)
TRIGGERS = st.builds(
    Trigger, outcome=st.sampled_from([each.name for each in OUTCOMES]), above=st.floats(-1e6, 1e6).map(lambda x: round(x, 2))
)


@st.composite
def uses(draw):
    measure = draw(st.sampled_from(MEASURES))
    start = draw(st.integers(1, 60))
    partner = Partner()
    if measure.partner:
        partner = Partner(
            kind=draw(st.sampled_from(["agency", "local"])),
            **{name: draw(SHARES) for name in draw(st.sets(st.sampled_from(["leadership", "clean", "no_violence"])))},
        )
    level = draw(LEVELS)
    return MeasureUse(
        measure=measure.row,
        level=level,
        rules=() if isinstance(level, dict) else draw(RULES),
        where=draw(TARGETS),
        start=start,
        stop=draw(st.none() | st.integers(start + 1, 90)),
        ramp=draw(st.none() | st.integers(0, 40)),
        trigger=draw(st.none() | TRIGGERS),
        conditions={name: draw(SHARES) for name in measure.conditions if draw(st.booleans())},
        partner=partner,
    )


def meant(use):
    """What the model reads of a use: what is left out stands for the same as its default."""
    measure = find_measure(use.measure)
    ramp = max(1, measure.onset_months if use.ramp is None else use.ramp)
    conditions = {name: met for name, met in use.conditions.items() if met < 1}
    return (
        use.level,
        use.rules,
        use.where,
        use.trigger,
        use.start,
        use.stop,
        ramp,
        tuple(sorted(conditions.items())),
        use.partner,
    )


CHANGES = st.sampled_from(["level", "where", "start", "stop", "ramp", "trigger", "conditions", "partner"])


@settings(max_examples=150)
@given(uses(), uses(), CHANGES)
def test_two_versions_of_a_measure_never_read_the_same(use, other, field):
    # One field of the first is changed to the second's: the words change if, and only if, what the model reads does.
    find = find_measure(use.measure)
    values = {name: getattr(use, name) for name in MeasureUse.model_fields} | {field: getattr(other, field)}
    values["conditions"] = {name: met for name, met in values["conditions"].items() if name in find.conditions}
    values["partner"] = values["partner"] if find.partner else Partner()
    if isinstance(values["level"], dict):
        values["rules"] = ()
    if values["stop"] is not None and values["stop"] <= values["start"]:
        values["stop"] = values["start"] + 1
    changed = MeasureUse(**values)
    assert (use_words(use) == use_words(changed)) == (meant(use) == meant(changed))


def plan(name, *measures, title="A plan"):
    return Policy(name=name, title=title, about="", measures=measures)


def planned(policies, in_force=()):
    """A made-up comparison of these policies, as they went."""
    return dataclasses.replace(
        plausible(arms=len(policies), replications=4, months=36), policies=tuple(policies), in_force=in_force
    )


WORST = Target(worst=2, by="homicide_rate")
LATE = plan("late", MeasureUse(measure="P-E1", where=Target(worst=1, by="homicide_rate"), start=25, stop=30))
SOON = plan("soon", MeasureUse(measure="P-E1"))
TWICE = plan(
    "twice",
    MeasureUse(measure="P-E1", where=WORST, stop=12),
    MeasureUse(measure="P-E1", where=WORST, start=13),
    MeasureUse(measure="P-E2", trigger=Trigger(outcome="homicide_rate", above=15.0)),
    MeasureUse(measure="P-E2", start=600),
)
WENT = (
    ((),) * 4,
    (
        (InForce(1, False, (0, 2)), InForce(13, True, (0, 3)), InForce(5, False, ()), InForce(None, False, ())),
        (InForce(1, False, (0, 2)), InForce(13, False, (0, 3)), InForce(9, False, ()), InForce(None, False, ())),
        (InForce(1, False, (0, 1)), InForce(13, False, (0, 3)), InForce(None, False, ()), InForce(None, False, ())),
        (InForce(1, False, (0, 2)), InForce(13, False, (0, 3)), InForce(20, False, ()), InForce(None, False, ())),
    ),
)


def every_form(comparison):
    """The same comparison as page, as text and as JSON."""
    return report_html(comparison), comparison_text(comparison), json.dumps(summary_object(comparison), ensure_ascii=False)


def test_two_versions_of_a_plan_read_differently_in_page_text_and_json(blank_figures):
    for form in every_form(planned([LATE, SOON])):
        assert "in the worst neighbourhood by homicide rate when it begins, from month 25 to month 30" in form
        assert "level 1, everywhere, from month 1 on" in form


def test_where_a_measure_acted_and_when_it_began_is_told_use_by_use(blank_figures):
    comparison = planned([TWICE], WENT)
    a, b, c, d = PLACES[:4]
    assert what_became(comparison, 1, 0) == f"acted in {a} in all 4 futures; in some futures: {c} (3), {b} (1)"
    assert what_became(comparison, 1, 1) == f"acted in {a} and {d} in all 4 futures; ended by an election in 1 of 4 futures"
    triggered = "began in 3 of 4 futures, between month 5 and month 20, in the middle of them month 9"
    assert what_became(comparison, 1, 2) == triggered
    assert what_became(comparison, 1, 3) == "never began"
    page, text, found = every_form(comparison)
    for form in (page, text):
        assert f"acted in {a} and {d} in all 4 futures" in form
        assert triggered in form
        assert "never began" in form
    uses = json.loads(found)["plans"]["twice"]
    assert uses[0]["chosen"] == {a: 4, c: 3, b: 1}
    assert uses[2]["began_in_month"] == {"5": 1, "9": 1, "20": 1}
    assert [use["began_in_futures"] for use in uses] == [4, 4, 3, 0]


def test_months_are_dates_as_well_where_the_city_says_when_it_begins():
    comparison = planned([TWICE], WENT)
    dated = dataclasses.replace(comparison, city=comparison.city.model_copy(update={"begins": "2027-01"}))
    assert "between month 5 (2027-05) and month 20 (2028-08)" in what_became(dated, 1, 2)


def test_nothing_is_said_of_what_was_not_kept():
    comparison = planned([TWICE])
    assert what_became(comparison, 1, 0) == ""
    assert all("began_in_futures" not in use for use in plan_object(comparison, 1))
    assert len(plans_text(comparison, 1)) == 4


def test_policies_of_one_title_are_told_apart_by_name(blank_figures):
    for form in every_form(planned([LATE, SOON]))[:2]:
        assert "A plan (late)" in form
        assert "A plan (soon)" in form


def test_what_rules_did_is_told_and_the_end_of_a_measure_is_none_of_it():
    ruled = MeasureUse(measure="P-E1", level=0.0, stop=20, rules=(Rule(when="fear > 0.5", level=1.0),))
    went = (
        (InForce(1, False, (), ((1, 0.0), (5, 1.0), (21, 0.0))),),
        (InForce(1, True, (), ((1, 0.0), (5, 1.0), (9, 0.0))),),
        (InForce(1, False, (), ((1, 0.0), (21, 0.0))),),
    )
    told = "its rules changed its level in 2 of 3 futures, 1 time; ended by an election in 1 of 3 futures"
    assert what_became(planned([plan("ruled", ruled)], (((),) * 3, went)), 1, 0) == told
    never = "its rules never changed its level"
    assert what_became(planned([plan("ruled", ruled)], (((),), went[2:])), 1, 0) == never


def test_what_became_of_measures_survives_the_disk(tmp_path, blank_figures):
    shocked = dataclasses.replace(planned([TWICE], WENT), shocks=(load_shock("disaster"),))
    storm = InForce(13, False, ())
    went = tuple(tuple((*future, storm) for future in arm) for arm in WENT)
    comparison = dataclasses.replace(shocked, in_force=went, made_with=made_with())
    write_results(comparison, tmp_path)
    assert load_comparison(tmp_path).in_force == comparison.in_force
    assert report_html(load_comparison(tmp_path)) == report_html(comparison)


def test_the_places_chosen_most_come_first():
    city = load_city("sandbox")
    acted = [InForce(1, False, (4, 2)), InForce(1, False, (2,)), InForce(None, False, ())]
    assert chosen_places(acted, city) == [(PLACES[2], 2), (PLACES[4], 1)]


@pytest.mark.parametrize("name", ["disaster", "election", "raid"])
def test_what_happens_at_once_is_said_to_last_a_month(name):
    shock = load_shock(name)
    words = shock_words(shock)
    assert shock.kind in words
    assert f"in month {shock.start} only" in words or f"to month {shock.stop}" in words
