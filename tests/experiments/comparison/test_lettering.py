"""A figure draws a title as it stands where a font has its letters, else a plain name, and never a box or a warning."""

import warnings

import matplotlib as mpl
import pytest
from plausible import plausible, retitled

from experiments.comparison import figures
from experiments.comparison.lettering import families, is_drawable, legible, undrawn

HINDI, CHINESE, ARABIC = "रात का कर्फ़्यू", "夜间停战与就业", "هدنة ليلية"
FAMILY = "Safe \U0001f468\u200d\U0001f469\u200d\U0001f467"
PLACES = ("城东", "हार्बर", "ميناء", "Łódź", "Αθήνα", "\U0001f3f4", "港区", "São João", "Bimbry")


@pytest.fixture
def only_first_font(monkeypatch):
    """No other font than the one that comes with matplotlib, whatever this computer has."""
    monkeypatch.setattr("experiments.comparison.lettering._installed", lambda: ())
    clear_caches()
    yield
    clear_caches()


def clear_caches():
    from experiments.comparison import lettering

    lettering._family.cache_clear()
    lettering._FOUND.clear()


def texts(figure):
    return {text.get_text() for text in figure.findobj(mpl.text.Text) if text.get_text() and text.get_visible()}


def everything(figure):
    return " ".join(texts(figure))


def renamed(comparison, title):
    comparison = retitled(comparison, title=title)
    places = [
        place.model_copy(update={"name": name}) for place, name in zip(comparison.city.neighbourhoods, PLACES, strict=True)
    ]
    values = {name: getattr(comparison, name) for name in comparison.__dataclass_fields__}
    return type(comparison)(**values | {"city": comparison.city.model_copy(update={"neighbourhoods": tuple(places)})})


@pytest.mark.parametrize(
    ("title", "form"),
    [(HINDI, "png"), (CHINESE, "svg"), (ARABIC, "png"), (ARABIC, "svg"), (FAMILY, "png"), ("ไทย \U0001f600 ❤️", "svg")],
)
def test_no_title_gives_a_box_or_a_warning(only_first_font, title, form):
    comparison = renamed(plausible(arms=2, replications=3, months=24), title)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for figure in (
            figures.policy_lines(comparison, "homicide_rate"),
            figures.change_map(comparison, "regulation", "homicide_rate"),
        ):
            figures.rendered(figure, form)


def test_what_cannot_be_drawn_is_called_by_its_plain_name(only_first_font):
    comparison = renamed(plausible(arms=2, replications=3, months=24), CHINESE)
    drawn = everything(figures.policy_lines(comparison, "homicide_rate"))
    assert "regulation" in drawn
    assert CHINESE not in drawn
    places = [place.name for place in legible(comparison).city.neighbourhoods]
    assert places[0] == "area 1"
    assert places[6] == "area 7"
    assert places[7:] == ["São João", "Bimbry"]
    assert comparison.policies[0].title == CHINESE


def test_what_can_be_drawn_stays_as_it_is(only_first_font):
    comparison = plausible(arms=2, replications=3, months=24)
    assert legible(comparison) is comparison
    accented = retitled(comparison, title="Мир и работа für Łódź")
    assert legible(accented) is accented
    assert "Мир и работа für Łódź" in everything(figures.policy_lines(accented, "homicide_rate")).replace("\n", " ")


def test_scripts_that_run_from_the_right_are_drawn_only_where_matplotlib_can_set_them(only_first_font, monkeypatch):
    assert is_drawable(ARABIC) == (mpl.__version_info__[:2] >= (3, 11))
    clear_caches()
    monkeypatch.setattr(mpl, "__version_info__", (3, 10, 1, "final", 0))
    assert not is_drawable(ARABIC)
    assert is_drawable("Łódź")


def test_another_font_is_used_where_it_has_the_letters(monkeypatch):
    from experiments.comparison import lettering

    clear_caches()
    monkeypatch.setattr(lettering, "_installed", lambda: ("Poor", "STIXGeneral"))
    monkeypatch.setattr(lettering, "_letters", lambda family: frozenset({ord("城")} if family == "STIXGeneral" else ()))
    assert not is_drawable("夜")
    assert is_drawable("城")
    assert families() == ("STIXGeneral",)
    clear_caches()


def test_the_reader_is_told_once_which_names_stand_for_which_titles(only_first_font):
    comparison = renamed(plausible(arms=2, replications=3, months=24), CHINESE)
    says = undrawn(comparison)
    assert len(says) == 2
    assert f"regulation for {CHINESE}" in says[0]
    assert "area 1 for the first" in says[1]
    assert undrawn(plausible(arms=2, replications=3, months=24)) == []


def test_a_currency_without_letters_is_not_drawn(only_first_font):
    comparison = plausible(arms=1, replications=3, months=24)
    city = comparison.city.model_copy(update={"currency": "人民币", "title": "沙盒"})
    assert legible(city).currency == "units of currency"
    assert legible(city).title == "sandbox"
