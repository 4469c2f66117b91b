"""Plugins add measures over existing levers as data; what is wrong with one is told in one line."""

import pickle
import textwrap
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import yaml

from sim import plugins
from sim.added_measures import added, alone, restored
from sim.errors import InputError
from sim.identity import own_measure_hash
from sim.levers import LEVERS, enforce
from sim.measures import MEASURES, every_measure, find_measure
from sim.measures.own import OwnMeasure, as_data, from_data
from sim.plugins import load_plugin
from sim.scenario import MeasureUse, Policy

WARDENS = {
    "row": "X-Q1",
    "name": "night-wardens",
    "title": "Night wardens",
    "pillar": "engagement",
    "says": "Paid wardens walk at night.",
    "levers": {"hot_spot_patrol": 0.5, "community_policing": 1.0},
    "onset_months": 3,
    "fades_months": 6,
    "units": "100 000 residents",
    "unit_cost": 250_000.0,
    "officers": 1.5,
    "cost_evidence": "judgement",
    "commands": "city",
    "pays": "city works and police",
    "capacity": "Twelve wardens for each neighbourhood.",
    "grade": "judgement",
    "conditions": {"paid": {"says": "Wages are paid on time.", "weight": 0.5, "wears": 12}},
}


@pytest.fixture(autouse=True)
def forgotten():
    """What a test adds, the others do not find."""
    with restored():
        yield


def write(tmp_path, file="wardens.yaml", **changed):
    path = tmp_path / file
    values = {key: value for key, value in (WARDENS | changed).items() if value is not None}
    path.write_text(yaml.safe_dump({"measures": [values]}, sort_keys=False), "utf-8")
    return path


def write_python(tmp_path, text, name="wardens.py"):
    path = tmp_path / name
    path.write_text(textwrap.dedent(text), "utf-8")
    return path


def test_a_measure_of_a_file_is_a_measure_like_any_other(tmp_path):
    (measure,) = load_plugin(write(tmp_path)).measures
    assert find_measure("X-Q1") is find_measure("night-wardens") is measure
    assert every_measure() == (*MEASURES, measure)
    patrol = [each for each in find_measure("P-E1").changes if each.lever == "hot_spot_patrol"]
    assert [each for each in measure.changes if each.lever == "hot_spot_patrol"] == patrol
    assert measure.payers == ("city", "police")


def test_yaml_mappings_and_objects_declare_the_same(tmp_path):
    (first,) = load_plugin(write(tmp_path)).measures
    (second,) = load_plugin(write_python(tmp_path, f"MEASURES = [{WARDENS!r}]")).measures
    assert first == second
    text = f"from sim.measures.own import from_data\nMEASURES = from_data({WARDENS!r}, 'here')"
    assert load_plugin(write_python(tmp_path, text, "third.py")).measures == (first,)
    assert from_data(as_data(first), "here") == first


def test_every_field_of_a_measure_can_be_said():
    said = {*OwnMeasure.model_fields} - {"levers"}
    assert said == {*MEASURES[0].__dataclass_fields__} - {"changes", "doses", "cost_parameters"}
    for measure in MEASURES:
        data = as_data(replace(measure, row="X-1", name="x"))
        assert as_data(from_data(data, "here")) == data


def test_at_full_level_a_lever_is_pulled_as_far_as_the_file_says(tmp_path, city, sandbox):
    load_plugin(write(tmp_path))
    use = MeasureUse(measure="X-Q1", conditions={"paid": 0.0})
    policy = Policy(name="wardens", title="Wardens", about="Wardens.", measures=(use,))
    change = enforce(city, sandbox, policy).change[0]
    expected = np.zeros(len(LEVERS))
    # Half of the effect is lost where wages are not paid.
    expected[LEVERS.index("hot_spot_patrol")], expected[LEVERS.index("community_policing")] = 0.25, 0.5
    np.testing.assert_allclose(change, expected)


def test_a_use_holds_what_its_measure_declares_wherever_it_goes(tmp_path):
    load_plugin(write(tmp_path))
    use = MeasureUse(measure="night-wardens", level=0.5)
    with alone([], "nowhere"):
        assert pickle.loads(pickle.dumps(use)).declared == use.declared
        assert use.model_copy(update={"level": 0.1}).declared == use.declared
        with pytest.raises(KeyError):
            find_measure("X-Q1")
    load_plugin(write(tmp_path, levers={"hot_spot_patrol": 0.1}))
    assert use.declared.doses["hot_spot_patrol"] == 0.5
    assert MeasureUse(measure="X-Q1").declared.doses["hot_spot_patrol"] == 0.1
    assert MeasureUse(measure="P-E1").own is None


@pytest.mark.parametrize(
    ("changed", "differs"),
    [
        ({"levers": {"hot_spot_patrol": 0.6, "community_policing": 1.0}}, True),
        ({"onset_months": 4}, True),
        ({"pays": "police"}, True),
        ({"conditions": {}}, True),
        ({"says": "Others walk."}, False),
        ({"cost_evidence": "a ledger"}, False),
        ({"officers": 2.0}, True),
    ],
)
def test_the_hash_of_a_measure_is_that_of_what_it_does(tmp_path, changed, differs):
    (first,) = load_plugin(write(tmp_path)).measures
    (second,) = load_plugin(write(tmp_path, **changed)).measures
    assert (own_measure_hash(first) != own_measure_hash(second)) is differs


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"row": "P-E1"}, r"line 2, .*measures\[0\].row is 'P-E1', which is Patrol at hot spots of the framework"),
        ({"name": "hot-spot-patrol"}, r"measures\[0\].name is 'hot-spot-patrol'"),
        ({"row": "wardens"}, r"measures\[0\].row is 'wardens'; write capitals, a hyphen"),
        (
            {"levers": {"hot_spot_patrols": 1.0}},
            r"levers.hot_spot_patrols is no lever that measures pull; did you mean hot_spot_patrol\?",
        ),
        ({"levers": {"patrol": 1.0}}, "levers.patrol is the old name of hot_spot_patrol; write that"),
        ({"levers": {"slump": 1.0}}, "levers.slump is no lever that measures pull"),
        ({"levers": {"hot_spot_patrol": 1.5}}, "levers.hot_spot_patrol is 1.5; it"),
        ({"levers": {"hot_spot_patrol": 0.0}}, "levers.hot_spot_patrol is 0"),
        ({"levers": {}}, "levers is"),
        ({"pays": "city and mars"}, "pays is 'city and mars'; 'mars' is no agency or office"),
        ({"units": "street"}, "units is 'street'; it must be city, 100 000 residents"),
        ({"units": "neighbourhood"}, "units is 'neighbourhood', and those differ in size; give the cost for 100 000"),
        ({"officers": -1.0}, "officers is -1.0; it cannot be negative$"),
        ({"unit_cost": -1.0}, "unit_cost is -1.0; it cannot be negative$"),
        ({"onset_months": 1.5}, "onset_months is 1.5"),
        ({"grade": "E"}, "grade is 'E'; it must be A, B, C, D or judgement"),
        ({"title": None}, "title is missing"),
        ({"strength": 1}, "strength is not a known key"),
        ({"conditions": {"paid": {"says": "x", "harms": "nil"}}}, "conditions.paid.harms is 'nil', which is no lever"),
        ({"conditions": {"paid": {"says": "x", "weight": 2.0}}}, "conditions.paid.weight is 2"),
    ],
)
def test_what_is_wrong_with_a_measure_is_one_line(tmp_path, changed, says):
    path = write(tmp_path, **changed)
    with pytest.raises(InputError, match=says) as error:
        load_plugin(path)
    assert str(error.value).startswith(str(path))
    assert "\n" not in str(error.value)
    assert added() == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x = 1", "defines none of MEASURES, OUTPUTS, MODEL"),
        ("MEASURES = 3", "MEASURES is 3; give a list of mappings"),
        ("MEASURES = ['P-E1']", r"MEASURES\[0\] is 'P-E1'; give a mapping"),
        ("MEASURES = [{'row': 'X-1'}]", r"measures\[0\]\.\w+ is missing"),
        ("OUTPUTS = [len]", "OUTPUTS is"),
        ("MODEL = 3", "MODEL is 3"),
        ("a = 1\nraise ValueError('broken')", "line 2: ValueError: broken"),
        ("a = 1\n\nimport nosuchmodule", "line 3: ModuleNotFoundError"),
        ("def f(:\n", "line 1: SyntaxError"),
        ("import sys\nsys.exit(3)", "line 2: SystemExit: 3"),
    ],
)
def test_what_is_wrong_with_a_python_file_is_one_line(tmp_path, text, says):
    path = write_python(tmp_path, text)
    with pytest.raises(InputError, match=says) as error:
        load_plugin(path)
    assert str(error.value).startswith(str(path))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["wardens.txt", "wardens", "missing.py", "missing.yaml"])
def test_a_file_that_is_no_plugin_is_refused(tmp_path, name):
    if not name.startswith("missing"):
        (tmp_path / name).write_text("x", "utf-8")
    with pytest.raises(InputError, match=name):
        load_plugin(tmp_path / name)


def test_a_file_loaded_again_replaces_and_another_may_not_take_its_rows(tmp_path):
    path = write(tmp_path)
    load_plugin(path)
    load_plugin(write(tmp_path, title="Wardens at night"))
    assert [each.title for each in added()] == ["Wardens at night"]
    other = write(tmp_path, "other.yaml", row="X-Q2")
    says = rf"other.yaml: measure X-Q2 \(night-wardens\) has the row or the name .*{path.name}"
    with pytest.raises(InputError, match=says):
        load_plugin(other)
    assert [each.row for each in added()] == ["X-Q1"]
    load_plugin(write(tmp_path, "other.yaml", row="X-Q2", name="wardens-too"))
    assert [each.row for each in added()] == ["X-Q1", "X-Q2"]
    load_plugin(write(tmp_path, row="X-Q3", name="third"))
    assert [each.row for each in added()] == ["X-Q2", "X-Q3"]


def offer(monkeypatch, load):
    package = SimpleNamespace(name="wardens")
    entry = SimpleNamespace(name="wardens", value="wardens_package:MEASURES", dist=package, load=load)
    monkeypatch.setattr(plugins, "entry_points", lambda group: [entry] if group == "citysafety.measures" else [])
    plugins.load_installed.cache_clear()


@pytest.fixture
def looked_again():
    yield
    plugins.load_installed.cache_clear()


def test_an_installed_package_offers_measures(monkeypatch, looked_again):
    offer(monkeypatch, lambda: [WARDENS])
    assert MeasureUse(measure="night-wardens").declared.row == "X-Q1"


def test_a_package_that_offers_what_cannot_be_used_is_named(monkeypatch, looked_again):
    offer(monkeypatch, lambda: [WARDENS | {"row": "P-E1"}])
    says = r"^package wardens, entry point wardens of citysafety\.measures: .*measures\[0\]\.row is 'P-E1'"
    with pytest.raises(InputError, match=says):
        find_measure("X-Q1")
    offer(monkeypatch, lambda: 1 / 0)
    with pytest.raises(InputError, match=r"package wardens.*cannot be loaded \(ZeroDivisionError"):
        every_measure()
    # What the framework has is found all the same.
    assert find_measure("P-E1").row == "P-E1"


def test_a_file_may_say_the_number_of_its_form(tmp_path):
    path = write(tmp_path)
    path.write_text(f"schema: 2\n{path.read_text('utf-8')}", "utf-8")
    assert [each.row for each in load_plugin(path).measures] == ["X-Q1"]
    path.write_text(path.read_text("utf-8").replace("schema: 2", "schema: 3"), "utf-8")
    with pytest.raises(InputError, match="schema is 3, the form of a later version"):
        load_plugin(path)
