"""Figures: few ticks, units on axes, dash as well as colour, nothing made of noise, the same bytes every time."""

import base64
import hashlib
import warnings

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from plausible import plausible

from experiments.comparison import figures
from experiments.comparison.findings import findings, place_changes
from experiments.comparison.paired import Interval
from experiments.comparison.pictures import Pictures
from experiments.comparison.report.page import report_html
from experiments.comparison.timelines import marks
from sim.outcomes import CHARTED


@pytest.fixture(scope="module")
def comparison():
    return plausible(worsens=("exits",))


@pytest.fixture(scope="module")
def every_figure(comparison):
    return figures.draw_all(comparison)


@pytest.fixture(scope="module")
def every_picture(every_figure):
    """Every figure as PNG, drawn where a warning is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return {name: figures.rendered(figure, "png") for name, figure in every_figure.items()}


def texts(figure):
    return [text.get_text() for text in figure.findobj(mpl.text.Text) if text.get_text() and text.get_visible()]


def test_every_figure_has_its_name_and_draws_without_a_warning(every_picture, comparison):
    expected = {f"{kind}_{name}" for kind in ("lines", "differences") for name in CHARTED}
    expected |= {f"{kind}_{policy.name}" for kind in ("map", "why") for policy in comparison.policies} | {"fairness"}
    assert set(every_picture) == expected
    assert all(picture.startswith(b"\x89PNG") for picture in every_picture.values())


def test_no_axis_has_more_than_five_ticks_and_every_value_axis_names_its_unit(every_figure, every_picture):
    # The ticks are those of the figures as they were drawn.
    assert set(every_figure) == set(every_picture)
    for name, figure in every_figure.items():
        for axes in figure.axes:
            if not axes.axison or name.startswith("map"):
                continue
            low, high = sorted(axes.get_xlim())
            assert sum(low <= tick <= high for tick in axes.get_xticks()) <= 5, name
            if name.startswith("lines"):
                low, high = axes.get_ylim()
                assert sum(low <= tick <= high for tick in axes.get_yticks()) <= 5, name
            else:
                assert axes.get_xlabel(), name


@pytest.mark.parametrize("form", ["png", "svg"])
def test_the_same_comparison_gives_the_same_bytes(comparison, form):
    def draw():
        return figures.rendered(figures.policy_lines(comparison, "homicide_rate"), form)

    assert hashlib.sha256(draw()).digest() == hashlib.sha256(draw()).digest()


def test_a_figure_is_the_same_whatever_it_was_rendered_as_before(comparison):
    drawn = figures.differences(comparison, ("homicide_rate",))
    both = [figures.rendered(drawn, form) for form in ("png", "svg", "png")]
    assert both[0] == both[2]
    assert both[1] == figures.rendered(figures.differences(comparison, ("homicide_rate",)), "svg")


def test_files_and_page_share_what_is_drawn(monkeypatch, tmp_path):
    times = []
    for name in ("policy_lines", "differences", "change_map", "why", "fairness"):
        monkeypatch.setattr(figures, name, lambda *asked: times.append(asked[1:]) or Figure(figsize=(1, 1)))
    compared = plausible(arms=2, replications=2, months=12)
    pictures = Pictures(compared)
    pictures.save(tmp_path)
    drawn = len(times)
    assert drawn == len(list(tmp_path.glob("*.svg")))
    page = report_html(compared, pictures=pictures)
    assert len(times) == drawn
    assert base64.b64encode((tmp_path / "fairness.svg").read_bytes()).decode() in page


def test_drawing_leaves_the_settings_of_matplotlib_alone(comparison):
    before = dict(mpl.rcParams)
    figures.fairness(comparison)
    assert dict(mpl.rcParams) == before


def test_the_reference_is_dashed_and_a_policy_solid(comparison):
    axes = figures.policy_lines(comparison, "homicide_rate").axes[0]
    thick = [line for line in axes.get_lines() if line.get_linewidth() > 1]
    stretches = len(marks(comparison)) + 1
    assert [line.get_linestyle() for line in thick] == ["--"] * stretches + ["-"] * stretches


def test_two_policies_share_a_panel_and_are_told_apart_by_dash_and_by_name():
    figure = figures.policy_lines(plausible(arms=2), "homicide_rate")
    lines = [line for line in figure.axes[0].get_lines() if line.get_linewidth() > 1]
    assert len({str(line._dash_pattern) for line in lines}) == 3
    assert {"Regulation", "Enforcement", "no policy"} <= set(texts(figure))


def test_more_policies_get_a_panel_each_on_one_scale(comparison):
    figure = figures.policy_lines(comparison, "criminal_governance_index")
    drawn = [axes for axes in figure.axes if axes.axison]
    assert [axes.get_title(loc="left") for axes in drawn] == [policy.title for policy in comparison.policies]
    assert len({axes.get_ylim() for axes in drawn}) == 1


def test_the_band_holds_eight_in_ten_futures(comparison):
    series = comparison.city_monthly[0, :, :, 0].astype(float)
    bands = figures.policy_lines(comparison, "homicide_rate").axes[0].collections
    band = next(each for each in (band.get_paths()[0].vertices for band in bands) if each[:, 0].max() == 120)
    trailing = np.stack([row[-12:] for row in series]).mean(axis=1)
    last = band[np.isclose(band[:, 0], 120), 1]
    assert last.min() == pytest.approx(np.quantile(trailing, 0.1))
    assert last.max() == pytest.approx(np.quantile(trailing, 0.9))


def test_what_is_not_clear_is_grey_filled_where_it_is_small_and_hollow_where_it_cannot_be_told(comparison):
    figure = figures.differences(comparison, ("homicide_rate",))
    dots = [line for line in figure.axes[0].get_lines() if line.get_marker() == "o"]
    colours = {policy.name: dot for policy, dot in zip(comparison.policies, dots, strict=True)}
    assert to_hex(colours["all_four"].get_color()) == figures.LOWER
    assert to_hex(colours["all_four"].get_markerfacecolor()) == figures.LOWER
    assert to_hex(colours["engagement"].get_color()) == figures.UNCLEAR
    said = findings(comparison)["engagement", "homicide_rate"].verdict
    assert to_hex(colours["engagement"].get_markerfacecolor()) == (figures.UNCLEAR if said == "small" else "#ffffff")
    assert said in texts(figure)


def test_each_verdict_is_drawn_in_a_way_of_its_own():
    axes = Figure().subplots()
    for row, said in enumerate(("clear", "small", "cannot be told")):
        figures._draw_interval(axes, row, Interval(1, 0, 2), said, "o")
    dots = [line for line in axes.get_lines() if line.get_marker() == "o"]
    faces = [to_hex(dot.get_markerfacecolor()) for dot in dots]
    assert faces == [figures.HIGHER, figures.UNCLEAR, "#ffffff"]


def test_a_rise_is_orange():
    assert figures._colour(Interval(2, 1, 3), "clear") == figures.HIGHER


def test_the_least_effect_that_matters_is_shaded(comparison):
    axes = figures.differences(comparison, ("homicide_rate",)).axes[0]
    strip = axes.patches[0].get_extents().transformed(axes.transData.inverted())
    least = 0.05 * comparison.level("baseline", "homicide_rate").mean
    assert (strip.x0, strip.x1) == pytest.approx((-least, least))


def test_maps_of_one_comparison_share_one_scale(comparison):
    limits = set()
    for policy in comparison.policies:
        bar = figures.change_map(comparison, policy.name, "homicide_rate").axes[-1]
        limits.add(tuple(text.get_text() for text in bar.get_xticklabels()))
    assert len(limits) == 1


def test_neighbourhoods_that_cannot_be_told_are_hatched_and_small_changes_are_plain_grey():
    noisy = plausible(arms=1, replications=10, months=36, effects=(-0.03,))
    change = place_changes(noisy, "homicide_rate")["regulation"]
    figure = figures.change_map(noisy, "regulation", "homicide_rate")
    patches = figure.axes[0].patches
    untold = ~change.clear & ~change.small
    assert untold.any()
    assert change.small.any()
    assert [bool(patch.get_hatch()) for patch in patches] == list(untold)
    assert [to_hex(patch.get_facecolor()) == "#dcdcdc" for patch in patches] == list(change.small)
    assert {"small, less than matters", "cannot be told"} <= set(texts(figure))


def test_the_processes_add_up_to_homicide(comparison):
    axes = figures.why(comparison, "all_four").axes[0]
    means = [line.get_xdata()[0] for line in axes.get_lines() if line.get_marker() == "o"]
    assert sum(means[1:]) == pytest.approx(means[0], rel=1e-4)


def test_fairness_tells_the_fifths_apart_by_shape(comparison):
    markers = [line.get_marker() for line in figures.fairness(comparison).axes[0].get_lines()]
    assert markers.count("o") == markers.count("s") == len(comparison.policies)


@pytest.mark.parametrize("arms", [1, 2, 3, 4, 6])
def test_any_number_of_policies_can_be_drawn(arms):
    few = plausible(arms=arms, replications=3, months=18)
    for name in ("homicide_rate", "extortion_share"):
        assert figures.rendered(figures.policy_lines(few, name), "svg")


def test_a_single_future_and_a_single_month_are_drawn_without_intervals():
    one = plausible(arms=1, replications=1, months=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for figure in figures.draw_all(one).values():
            figures.rendered(figure, "svg")


def test_figures_are_saved_as_png_and_svg(tmp_path, few_figures):
    paths = Pictures(plausible(arms=1, replications=2, months=12)).save(tmp_path / "figures")
    assert {path.suffix for path in paths} == {".png", ".svg"}
    assert all(path.stat().st_size > 1000 for path in paths)


@pytest.mark.parametrize(("value", "limit"), [(0.0, 1.0), (8.1, 10.0), (1.2, 1.5), (0.021, 0.03), (100.0, 100.0)])
def test_a_scale_ends_on_a_number_one_can_say(value, limit):
    assert figures._round_up(value) == pytest.approx(limit)
