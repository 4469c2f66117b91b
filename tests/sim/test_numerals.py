"""What tables and spreadsheets write for numbers is never guessed, and always answered with the number to write."""

import copy
import math
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from sim.errors import InputError, describe
from sim.files import parse_mapping, write_city_template
from sim.numerals import Wanted, advice, is_missing, meanings, plain, read_plain
from sim.scenario import City, MeasureUse, Partner, Policy, Scenario, Shock, Target, Trigger, load_city, load_policy
from sim.sources import Source

PEOPLE = Wanted(True, 0, 50_000_000)
SHARE = Wanted(False, 0, 1)
OPTIONAL = Wanted(False, 0, 1, optional=True)
MONEY = Wanted(False, 0, 1e12, open_low=True)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *((text, 14000) for text in ("14_000", "14,000", "14 000", "14\u2009000", "14\u202f000", "14\u00a0000", "14'000")),
        *((text, 14000) for text in ("14.000", "$14,000", "USD 14000", "14000 USD", "14k", "١٤٠٠٠", "１４０００")),
        *((text, 0.1) for text in ("10%", "10 %", "10 percent", "0,10", "0,1", "1/10", "100‰", "٠٫١", "10\u00a0%")),
        *((text, 1234.56) for text in ("1.234,56", "1,234.56", "1 234,56", "R$ 1.234,56", "1'234.56")),
        *((text, 0.5) for text in ("½", ".5", "0.5*", "50%", "ca. 0.5", "0,5 [2]", "<0.5")),
        *((text, 15000) for text in ("1.5e4", "1,5e4", "1.5×10^4", "15 thousand")),
        ("1½", 1.5),
        ("\N{MINUS SIGN}5", -5),
        ("0x10", 16),
        ("1.234.567", 1234567),
        ("1,40,000", 140000),
        ("1.2 million", 1200000),
    ],
)
def test_a_number_from_a_table_is_understood(text, number):
    assert meanings(text)[0] == pytest.approx(number)


@pytest.mark.parametrize("text", ["low", "", "1 2", "--5", "10 20 30", "1:30", "10-20", "n/a", "1/0", "a1b2", "14.000.0"])
def test_what_means_no_number_gets_none(text):
    assert meanings(text) == ()


@pytest.mark.parametrize(
    ("text", "wanted", "says"),
    [
        ("14_000", PEOPLE, "it must be a whole number: write 14000"),
        ("14.000", PEOPLE, "it must be a whole number: write 14000 or 14, whichever is meant"),
        ("14,500", PEOPLE, "it must be a whole number: write 14500"),
        ("12.5", PEOPLE, "it must be a whole number: round it to 12 or 13"),
        ("10%", PEOPLE, "it must be a whole number from 0 to 50000000"),
        ("10%", SHARE, "it must be a number: write 0.1"),
        ("120%", SHARE, "it must be a number from 0 to 1"),
        ("$1,5", MONEY, "it must be a number: write 1.5"),
        ("low", MONEY, "it must be a number above 0 and up to 1000000000000"),
        ("n/a", SHARE, "it must be a number from 0 to 1; where there is no figure, give your best estimate"),
        (".. ", OPTIONAL, "it must be a number from 0 to 1; where there is no figure, leave the key out"),
        ("1:30", PEOPLE, "it must be a whole number from 0 to 50000000; write one plain number, not a time or a ratio"),
        ("10–20", PEOPLE, "it must be a whole number from 0 to 50000000; write one number, not a range, such as 15"),
    ],
)
def test_the_advice_names_the_number_to_write(text, wanted, says):
    assert advice(text, wanted) == says


def test_quotes_are_taken_away_only_where_there_are_any():
    assert advice("0.1", SHARE, quoted=True) == "it must be a number (take away the quotes)"
    assert advice("14,500", PEOPLE, quoted=True) == "it must be a whole number: write 14500 without quotes"
    assert "quotes" not in advice("0.1", SHARE)


@pytest.mark.parametrize(("text", "number"), [("14000.0", 14000), ("1e3", 1000), ("5.", 5), ("+5", 5), ("1.5e4", 15000)])
def test_a_whole_number_may_be_written_as_pandas_writes_it(text, number):
    assert read_plain(text) == number
    assert type(read_plain(text)) is int


@pytest.mark.parametrize("text", ["14.000", "1.000", "-0.0", "1e400", "0.5", "1e20"])
def test_what_may_mean_thousands_or_is_not_whole_stays_a_float(text):
    assert type(read_plain(text)) is float


@settings(max_examples=300, derandomize=True, database=None)
@given(text=st.text(alphabet="0123456789.,'_ -+eE%x/$k½٣\u00a0:()[]*abn", max_size=24) | st.text(max_size=30))
def test_any_text_gets_advice_in_one_line_and_what_it_says_to_write_is_read(text):
    for wanted in (PEOPLE, SHARE, MONEY):
        says = advice(text, wanted)
        assert says.startswith("it must be a")
        assert len(says) < 160
        if ": write " in says:
            for number in says.split(": write ")[1].split(",")[0].split(" or "):
                read = read_plain(number)
                assert read is not None
                assert wanted.takes(read)
    assert not (is_missing(text) and meanings(text))


@settings(max_examples=200, derandomize=True, database=None)
@given(number=st.floats(1e-9, 1e12), mark=st.sampled_from(["", " ", "_", "'", "\u00a0", "\u2009"]))
def test_a_grouped_number_means_itself(number, mark):
    text = plain(float(f"{number:.6g}"))
    whole, point, rest = text.partition(".")
    if "e" not in text:
        grouped = f"{int(whole):,}".replace(",", mark) + point + rest
        # Three digits after a point are thousands first: 1.875 may be either.
        assert any(found == pytest.approx(float(text)) for found in meanings(grouped))


# In a file: what is wrong, where, and in whose words ------------------------------------------------------------------


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return write_city_template("harbour_town", tmp_path_factory.mktemp("city")).read_text(encoding="utf-8")


def refusal(template, old, new, tmp_path):
    assert old in template
    file = tmp_path / "my.yaml"
    file.write_text(template.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_city(file)
    return str(caught.value).removeprefix(f"{file}: ")


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("14_000", "is '14_000'; it must be a whole number: write 14000"),
        ("14.000", "is 14.000; it must be a whole number: write 14000 or 14, whichever is meant"),
        ("'14000'", "is '14000'; it must be a whole number (take away the quotes)"),
        ("null", "is empty; it must be a whole number from 0 to 50000000; where there is no figure, give your best"),
    ],
)
def test_a_city_file_is_told_line_name_field_and_what_to_write(template, tmp_path, written, says):
    line = template[: template.index("population: 14000")].count("\n") + 1
    found = refusal(template, "population: 14000", f"population: {written}", tmp_path)
    assert found.startswith(f"line {line}, 'North': neighbourhoods[0].population {says}")


def test_an_empty_optional_figure_may_be_left_out(template, tmp_path):
    found = refusal(template, "tenure: 0.92", "tenure: n/a", tmp_path)
    assert found.endswith("; where there is no figure, leave the key out")
    found = refusal(template, "population: 14000", "population: -", tmp_path)
    assert "leave the key out where there is none" in found


def test_a_float_with_nothing_behind_the_point_is_the_same_city(template, tmp_path):
    (tmp_path / "a.yaml").write_text(template, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(template.replace("14000", "14000.0", 1).replace("12000", "1.2e4", 1), encoding="utf-8")
    assert load_city(tmp_path / "a.yaml") == load_city(tmp_path / "b.yaml")


def test_a_level_at_the_end_of_the_scale_is_told_the_true_bound(template, tmp_path):
    old = next(line for line in template.splitlines() if line.strip().startswith("clearance:"))
    assert "is 1.0; it must be at most 0.999; " in refusal(template, old, "  clearance: 1.0", tmp_path)
    assert "is 0; it must be at least 0.001" in refusal(template, old, "  clearance: 0", tmp_path)


def test_a_place_that_a_city_lacks_is_told_with_the_file_and_line_of_the_policy(tmp_path):
    from sim.scenario import assemble, check_fit

    file = tmp_path / "mine.yaml"
    file.write_text("name: mine\ntitle: Mine\nabout: x\nmeasures:\n- measure: P-R3\n  where: {places: [Aldo]}\n")
    policy = load_policy(file)
    says = f"{file}: line 6, policy mine, 'P-R3': measures[0].where.places[0] is 'Aldo', which is no neighbourhood of"
    for refuse in (check_fit, assemble):
        with pytest.raises(InputError) as caught:
            refuse(load_city("sandbox"), [policy])
        assert str(caught.value).startswith(says)
    assert policy == Policy.model_validate(policy.model_dump())


def numeric_fields(model, path=()):
    """Every field of a model that takes a number, with a path to it, and what it takes."""
    from sim.errors import _wanted_at

    for name, field in model.model_fields.items():
        for way in ((name,), (name, 0), (name, 1), (name, "drugs")):
            if (wanted := _wanted_at(model, way)) is not None:
                yield way, wanted
        for inner in nested(field.annotation):
            holds_many = typing_origin_is_tuple(field.annotation)
            for way, wanted in numeric_fields(inner):
                yield (name, *((0,) if holds_many else ()), *way), wanted


def nested(annotation):
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in getattr(annotation, "__args__", ()) for found in nested(part)]


def typing_origin_is_tuple(annotation):
    return getattr(annotation, "__origin__", None) is tuple or any(
        typing_origin_is_tuple(part) for part in getattr(annotation, "__args__", ())
    )


SCENARIOS = Path(str(files("scenarios")))
CITY = parse_mapping((SCENARIOS / "cities" / "sandbox.yaml").read_text(encoding="utf-8"), "sandbox")
CITY.pop("schema")
CITY["corridors"] = [{"flow": "drugs", "through": ["Aldoo", "Bimbry"], "weight": 1.0}]
CITY["elections"] = [12, 24]
USE = {
    "measure": "P-S1",
    "where": {"worst": 1, "by": "deprivation"},
    "rules": [{"when": "fear > 0.5", "level": 1}],
}
WHOLE = {
    City: CITY,
    Policy: {"name": "x", "title": "X", "about": "x", "measures": [USE]},
    Shock: {"name": "x", "title": "X", "about": "x", "kind": "flow", "flow": "drugs", "size": 1.0, "start": 3},
    Target: {"worst": 1, "by": "deprivation"},
    Trigger: {"outcome": "fear", "above": 0.5},
    Partner: {},
    MeasureUse: USE,
}
BOUNDS = [
    pytest.param(model, way, wanted, side, id=f"{model.__name__}-{'.'.join(map(str, way))}-{side}")
    for model in (City, Policy, Shock)
    for way, wanted in numeric_fields(model)
    for side in ("low", "high")
    if math.isfinite(getattr(wanted, side))
]


def test_there_are_bounds_to_try():
    assert len(BOUNDS) > 100


@pytest.mark.parametrize(("model", "way", "wanted", "side"), BOUNDS)
def test_the_message_names_the_bound_that_a_value_breaks(model, way, wanted, side):
    bound, opened = getattr(wanted, side), getattr(wanted, f"open_{side}")
    step = 0 if opened else 1 if wanted.whole else max(1e-6, abs(bound) * 1e-9)
    value = bound - step if side == "low" else bound + step
    tree = copy.deepcopy(WHOLE[model])
    holder = tree
    for at in way[:-1]:
        if isinstance(holder, dict) and at not in holder:
            holder[at] = {}
        holder = holder[at]
    holder[way[-1]] = value
    with pytest.raises(ValidationError) as caught:
        model.model_validate(tree)
    says = describe(caught.value, model, tree, Source("my.yaml")).split(";", 1)[1]
    named = [read_plain(word.strip(".,;()")) for word in says.replace("cannot be negative", "0").split()]
    broken = [n for n in named if n is not None and (value <= n if opened else value < n if side == "low" else value > n)]
    if side == "high" and opened:
        broken = [n for n in named if n is not None and value >= n]
    assert broken, says


def test_settings_and_scenarios_know_their_bounds():
    from sim.errors import _wanted_at

    assert _wanted_at(Scenario, ("months",)) == Wanted(True, 1, 1200, optional=True)
    assert _wanted_at(City, ("neighbourhoods", 3, "tenure")) == Wanted(False, 0, 1, optional=True)
    assert _wanted_at(City, ("neighbourhoods", 3, "name")) is None
