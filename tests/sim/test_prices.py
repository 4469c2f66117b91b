"""What things cost in a city: from its file, or by a rule that gives what is known of two parts of the world."""

import math
import re

import pytest

from sim.build import build, city_parameters
from sim.errors import InputError
from sim.files import check
from sim.measures import MEASURES
from sim.parameters import PARAMETERS, make_parameters, parameter
from sim.prices import prices
from sim.scenario import City, list_cities, load_city

PRICES = [f"costs.{name}" for name in ("police_year", "police_year_on_price_level", "prison_year",
                                         "prison_year_on_price_level", "programmes_on_price_level")]  # fmt: skip


def city_with(**changed):
    """The sandbox with other values, checked as a file is."""
    assumed = {name: "Assumed for a test." for name in ("price_level", "police_year", "prison_year") if name in changed}
    values = load_city("sandbox").model_dump(mode="json")
    return check(City, values | {"assumptions": values["assumptions"] | assumed} | changed, "here.yaml")


def test_at_us_prices_things_cost_what_the_parameters_say():
    found = prices(load_city("sandbox"), make_parameters())
    assert (found.programmes, found.police_year, found.prison_year) == (1.0, 140_000.0, 45_000.0)


def test_the_rule_gives_what_an_officer_and_a_prison_place_cost_in_latin_america():
    """cost.police_officer_year 15 (8-40) and cost.inmate_year_lac 3.5 (1.8-6) thousand dollars, at a price level of .45."""
    found = prices(city_with(price_level=0.45), make_parameters())
    assert found.programmes == pytest.approx(0.45)
    assert found.police_year == pytest.approx(15_000, rel=0.02)
    assert found.prison_year == pytest.approx(3_500, rel=0.02)
    for name, value, low, high in (("police", "police_year", 8_000, 40_000), ("prison", "prison_year", 1_800, 6_000)):
        elasticity = f"costs.{name}_year_on_price_level"
        ends = [getattr(prices(city_with(price_level=0.45), make_parameters({elasticity: each})), value)
                for each in (parameter(elasticity).high, parameter(elasticity).low)]  # fmt: skip
        assert ends == [pytest.approx(low, rel=0.05), pytest.approx(high, rel=0.05)]


def test_the_files_own_figures_count_and_are_in_its_currency():
    own = city_with(currency="KES", money_per_dollar=100.0, price_level=0.4, police_year=600_000.0, prison_year=200_000.0)
    found = prices(own, make_parameters({"costs.prison_year": 90_000.0}))
    assert (found.police_year, found.prison_year, found.assumed) == (6_000.0, 2_000.0, ())


def test_what_a_file_leaves_out_is_told():
    plain = load_city("sandbox").model_copy(update={"price_level": None})
    assert prices(plain, make_parameters()).assumed == ("price_level", "police_year", "prison_year")


@pytest.mark.parametrize("name", PRICES)
def test_every_price_moves_what_things_cost(name):
    here, each = city_with(price_level=0.45), parameter(name)
    assert prices(here, make_parameters({name: each.high}))[:3] != prices(here, make_parameters({name: each.low}))[:3]


def test_every_parameter_of_costs_is_a_price_or_some_measures():
    """What the measures' do is tested with them (`test_levers.py`)."""
    used = {name for measure in MEASURES for name in measure.cost_parameters if name}
    assert {each.name for each in PARAMETERS if each.process == "costs"} == {*PRICES, *used}


def test_a_city_is_built_at_its_prices():
    cheap = city_with(price_level=0.45)
    state = build(cheap, city_parameters(cheap), 1, 0.01, -2).city_state[0]
    assert state.prison_year == pytest.approx(3_500, rel=0.02)
    assert state.programme_prices == pytest.approx(0.45)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"price_level": 41.0}, "price_level is 41.0"),
        ({"price_level": 0.0}, "price_level is 0.0; it must be above 0"),
        ({"prison_year": 40.0}, "prison_year is 40.0, which is 40 US dollars; give it a year and in US dollars"),
        ({"police_year": 5_000_000.0}, "police_year is 5000000.0, which is 5e+06 US dollars"),
    ],
)
def test_a_price_that_no_country_knows_is_refused(changed, says):
    with pytest.raises(InputError, match=re.escape(says)):
        city_with(**changed)


def test_a_price_says_where_it_is_from():
    values = load_city("sandbox").model_dump(mode="json") | {"prison_year": 3_000.0}
    with pytest.raises(InputError, match=r"prison_year is 3000\.0 and nothing says where from; add prison_year"):
        check(City, values, "here.yaml")


def test_a_prison_place_costs_what_the_country_pays():
    """Not what the United States pay: 1 800 to 6 000 dollars where that was looked up."""
    for name in list_cities():
        city = load_city(name)
        found = prices(city, city_parameters(city))
        assert "price_level" not in found.assumed, name
        assert city.price_level is not None
        if city.country in ("United States", "fictional"):
            assert found.prison_year == 45_000, name
        else:
            assert 500 < found.prison_year < 15_000, name
            assert 3_000 < found.police_year < 50_000, name
            assert 0.2 < city.price_level < 0.8, name


def test_what_a_file_says_of_a_rule_is_what_the_rule_gives():
    for name in list_cities():
        city = load_city(name)
        found = prices(city, city_parameters(city))._asdict()
        for price in ("police_year", "prison_year"):
            told = re.search(r"([\d ]+\d) US dollars", city.assumptions.get(price, ""))
            assert (told is not None) == (price in found["assumed"] and name != "sandbox"), (name, price)
            if told:
                assert math.isclose(float(told[1].replace(" ", "")), found[price], rel_tol=0.02), (name, price)
