"""Chicago: the figures are the sources', the geography is whole, the gangs are synthetic, the maps can be read."""

import itertools
import math

import numpy as np
import pytest

from experiments.comparison.maps import draw_map, polygons
from sim.scenario import load_city


@pytest.fixture(scope="module")
def chicago():
    return load_city("chicago")


@pytest.fixture(scope="module")
def column(chicago):
    return lambda name: np.array([getattr(place, name) for place in chicago.neighbourhoods], dtype=float)


def test_there_are_77_areas_with_proper_names(chicago):
    names = [place.name for place in chicago.neighbourhoods]
    assert len(names) == len(set(names)) == 77
    assert {"O'Hare", "McKinley Park", "Humboldt Park", "Washington Heights", "Montclare"} <= set(names)
    assert all(word[0].isupper() for name in names for word in name.split())


def test_residents_add_to_the_census_count(column):
    assert column("population").sum() == 2_695_598


def test_recorded_homicides_add_to_those_of_the_five_years(column):
    counts = column("homicides_observed") * column("population") * 5 / 1e5
    np.testing.assert_allclose(counts, np.round(counts), atol=0.03)
    assert np.round(counts).sum() == 2304


def test_the_starting_rate_is_the_mean_of_the_published_series(chicago, column):
    killings = [431, 500, 416, 415, 478]
    assert chicago.levels.homicide_rate == round(np.mean(killings) / column("population").sum() * 1e5, 2)


def test_killing_is_concentrated_and_follows_deprivation(column):
    rate, population = column("homicides_observed"), column("population")
    assert np.corrcoef(rate, column("poverty"))[0, 1] == pytest.approx(0.80, abs=0.02)
    assert np.corrcoef(rate, column("unemployment"))[0, 1] == pytest.approx(0.82, abs=0.02)
    counts = np.sort(rate * population)[::-1]
    assert 0.55 <= counts[:15].sum() / counts.sum() <= 0.65


def test_neighbours_are_mutual_and_reach_the_whole_city(chicago):
    adjacent = {place.name: set(place.adjacent) for place in chicago.neighbourhoods}
    assert all(name in adjacent[other] for name, others in adjacent.items() for other in others)
    assert all(name not in others for name, others in adjacent.items())
    reached, edge = set(), {"O'Hare"}
    while edge:
        reached |= edge
        edge = set().union(*(adjacent[name] for name in edge)) - reached
    assert reached == set(adjacent)
    degree = sum(map(len, adjacent.values())) / len(adjacent)
    assert 4 <= degree <= 6, "planar graphs of areas have about five neighbours each"


@pytest.mark.parametrize(
    ("name", "neighbours"),
    [
        ("O'Hare", {"Norwood Park", "Dunning"}),
        ("Loop", {"Near North Side", "Near West Side", "Near South Side"}),
        ("Edison Park", {"Norwood Park"}),
        ("Hegewisch", {"East Side", "South Deering", "Riverdale"}),
        ("Hyde Park", {"Kenwood", "Washington Park", "Woodlawn"}),
    ],
)
def test_neighbours_known_from_any_map(chicago, name, neighbours):
    assert set(next(place.adjacent for place in chicago.neighbourhoods if place.name == name)) == neighbours


def test_tiles_are_one_area_each_and_keep_neighbours_close(chicago):
    tile = {place.name: np.array(place.tile) for place in chicago.neighbourhoods}
    assert len({tuple(at) for at in tile.values()}) == 77
    steps = [np.abs(tile[p.name] - tile[other]).max() for p in chicago.neighbourhoods for other in p.adjacent]
    assert max(steps) <= 2
    assert np.mean(np.array(steps) == 1) > 0.95
    assert tile["Rogers Park"][1] < tile["Loop"][1] < tile["Hegewisch"][1], "north is at the top"
    assert tile["Loop"][0] > tile["Austin"][0], "the lake is on the right"


def test_gangs_are_synthetic_and_live_where_hardship_is_greatest(chicago, column):
    assert [gang.name for gang in chicago.gangs] == [f"Gang {letter}" for letter in "ABCDEFGHIJKLMN"]
    assert sorted(gang.organisation for gang in chicago.gangs) == ["integrated"] * 2 + ["loose"] * 10 + ["weak"] * 2
    standard = [(column(name) - column(name).mean()) / column(name).std() for name in ("poverty", "unemployment")]
    order = np.argsort(-np.sum(standard, axis=0))
    poorest = {chicago.neighbourhoods[i].name for i in order[:27]}
    homes = [home for gang in chicago.gangs for home in gang.homes]
    assert len(homes) == len(set(homes))
    assert set(homes) <= poorest


def test_every_figure_has_a_source_and_every_guess_is_named(chicago):
    measured = {"population", "poverty", "unemployment", "no_high_school", "income", "homicides_observed", "adjacent"}
    assert measured <= set(chicago.sources)
    assert {"gangs", "groups", "youth_share", "membership", "levels", "flows", "unmeasured"} <= set(chicago.assumptions)
    assert "no forecast" in chicago.illustration


def test_listed_neighbours_are_those_of_the_outlines(chicago):
    outlines = polygons(chicago)
    if outlines is None:
        pytest.skip("the extra `maps` is not installed")
    owners, border = {}, {}
    for name, rings in outlines.items():
        for start, end in (pair for ring in rings for pair in itertools.pairwise(np.round(ring, 4).tolist())):
            if start == end:
                continue
            other = owners.setdefault(frozenset((tuple(start), tuple(end))), name)
            if other != name:
                border[frozenset((name, other))] = border.get(frozenset((name, other)), 0.0) + math.dist(start, end)
    listed = {frozenset((place.name, other)) for place in chicago.neighbourhoods for other in place.adjacent}
    assert {pair for pair, kilometres in border.items() if kilometres > 0.1} == listed


@pytest.mark.parametrize("outlines", [None, {}], ids=["outlines if at hand", "tiles"])
def test_a_map_shows_every_area_and_says_what_is_unclear(chicago, column, outlines):
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure()
    canvas = FigureCanvasAgg(figure)
    axes = figure.subplots()
    change = -0.2 * column("homicides_observed")
    change[0] = np.nan
    draw_map(axes, chicago, change, clear=change < -5, label="change in homicides per 100 000 a year", outlines=outlines)
    canvas.draw()
    assert len(axes.patches) == 77
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["small, less than matters", "cannot be told"]
    words = [text.get_text() for text in axes.texts]
    assert "West Garfield Park\n\N{MINUS SIGN}17" in words
    boxes = [super(type(text), text).get_window_extent() for text in axes.texts]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i]), "labels overlap"


def test_a_map_refuses_values_of_another_city(chicago):
    from matplotlib.figure import Figure

    with pytest.raises(ValueError, match="77 values"):
        draw_map(Figure().subplots(), chicago, np.zeros(9), label="change")
