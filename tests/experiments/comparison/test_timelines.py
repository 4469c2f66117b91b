"""Lines over time show a turn in the month in which it comes: no average reaches across a mark."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plausible import plausible

from experiments.comparison import figures
from experiments.comparison.timelines import marks, running_average, set_months, spans
from sim.outcomes import outcome_index
from sim.scenario import MeasureUse, Policy, Shock

COLUMN = outcome_index("homicide_rate")


def plan(*uses, name="plan"):
    return Policy(name=name, title="A plan", about="A test.", measures=tuple(MeasureUse(**use) for use in uses))


def turned(*uses, months=36, begins=None, shocks=(), policies=1):
    """A made-up comparison in which homicide is 5 lower in months 1 to 14 and 1 higher from month 15 on."""
    base = plausible(arms=policies, replications=4, months=months)
    monthly = base.city_monthly.copy()
    monthly[1:, :, :14, COLUMN] = monthly[0, :, :14, COLUMN] - 5
    monthly[1:, :, 14:, COLUMN] = monthly[0, :, 14:, COLUMN] + 1
    arms = tuple(plan(*uses, name=f"plan{n}") for n in range(policies))
    city = base.city.model_copy(update={"begins": begins})
    return dataclasses.replace(base, city=city, policies=arms, city_monthly=monthly, shocks=tuple(shocks))


TRUCE = {"measure": "P-G4", "stop": 14}


def written(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def test_the_chart_of_a_truce_turns_in_the_month_after_its_last():
    figure = figures.policy_lines(turned(TRUCE), "homicide_rate")
    below = figure.axes[1]
    drawn = {}
    for line in below.get_lines():
        if len(line.get_xdata()) > 2:
            drawn |= dict(zip(line.get_xdata(), line.get_ydata(), strict=True))
    assert [drawn[month] for month in (1, 13, 14)] == pytest.approx([-5, -5, -5], abs=1e-3)
    assert [drawn[month] for month in (15, 16, 36)] == pytest.approx([1, 1, 1], abs=1e-3)
    assert any(line.get_xdata()[0] == 14.5 == line.get_xdata()[-1] for line in below.get_lines())
    assert "month 15: without Negotiated truce" in written(figure)


def test_no_line_joins_what_lies_on_both_sides_of_a_mark():
    comparison = turned(TRUCE, shocks=[Shock(name="s", title="S", about="", kind="raid", size=0.5, start=24)])
    marked = [mark.month for mark in marks(comparison)]
    assert marked == [15, 24]
    for axes in figures.policy_lines(comparison, "homicide_rate").axes:
        for line in axes.get_lines():
            months = np.asarray(line.get_xdata())
            if len(months) > 2:
                assert not any(months[0] < month <= months[-1] for month in marked)


@settings(max_examples=60, database=None, derandomize=True)
@given(values=st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=60), breaks=st.sets(st.integers(2, 60), max_size=5))
def test_an_average_takes_up_to_twelve_months_since_the_last_break(values, breaks):
    months = np.array(values)
    inside = tuple(sorted(each for each in breaks if each <= len(values)))
    found = running_average(months[None], inside)[0]
    for at in range(len(values)):
        begin = max([1, *(each for each in inside if each <= at + 1)]) - 1
        assert found[at] == pytest.approx(months[max(begin, at - 11) : at + 1].mean(), abs=1e-6)


def test_stretches_cover_every_month_once():
    comparison = turned(TRUCE)
    parts = spans(36, marks(comparison))
    assert [month for part in parts for month in range(part.start, part.stop)] == list(range(36))


@pytest.mark.parametrize(
    ("months", "begins", "label", "first"),
    [
        (36, None, "month", "1"),
        (120, None, "year", "1"),
        (36, "2027-03", "year and month", "2027-03"),
        (1, None, "month", "1"),
    ],
)
def test_the_axis_counts_from_one_or_tells_dates(months, begins, label, first):
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    assert set_months(axes, turned(months=months, begins=begins)) == label
    ticks = [text.get_text() for text in axes.get_xticklabels()]
    assert axes.get_xticks()[0] == 1
    assert ticks[0] in (first, "1")
    assert len(ticks) <= 6


def test_dates_stand_at_marks_where_the_city_begins():
    assert "2028-03: without Negotiated truce" in written(
        figures.policy_lines(turned(TRUCE, begins="2027-01"), "homicide_rate")
    )


def test_many_marks_are_numbered_and_told_below():
    uses = [{"measure": row, "ramp": 1, "start": 8 + 7 * n} for n, row in enumerate(("P-E1", "P-E2", "P-S1", "P-R3"))]
    figure = figures.policy_lines(turned(*uses), "homicide_rate")
    assert {"1", "2", "3", "4"} <= set(written(figure))
    assert "4  month 29:" in figure._supxlabel.get_text()


def test_labels_of_marks_do_not_collide():
    uses = [{"measure": row, "ramp": 1, "start": 13 + n} for n, row in enumerate(("P-E1", "P-E2", "P-S1"))]
    figure = figures.policy_lines(turned(*uses), "homicide_rate")
    figures.rendered(figure, "png")
    boxes = [text.get_window_extent() for text in figure.axes[0].texts if text.get_text().startswith("month ")]
    assert len(boxes) == 3
    assert not any(one.overlaps(other) for place, one in enumerate(boxes) for other in boxes[:place])


@pytest.mark.parametrize("policies", [3, 4, 5])
def test_of_many_policies_the_reference_is_named_in_the_note_and_not_across_a_line(policies):
    figure = figures.policy_lines(turned(TRUCE, policies=policies), "homicide_rate")
    panels = figure.axes[:policies]
    assert {text.get_text() for axes in panels for text in axes.texts} <= {"1"}
    note = "\n".join([*written(figure), figure._supxlabel.get_text() if figure._supxlabel else ""])
    assert "dashed: No policy" in note or "dashed: no policy" in note
