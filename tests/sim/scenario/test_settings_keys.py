"""The settings that every study takes by keyword are the fields of a scenario, with their types."""

import pytest

from sim.errors import InputError
from sim.run import RunSettings
from sim.scenario import Scenario, ScenarioSettings, assemble, load_shock


def test_settings_are_the_fields_of_a_scenario_besides_city_and_policies():
    assert set(ScenarioSettings.__optional_keys__) == set(Scenario.model_fields) - {"city", "policies"}
    assert not ScenarioSettings.__required_keys__


def test_settings_of_a_run_are_among_them():
    assert set(RunSettings.__optional_keys__) < set(ScenarioSettings.__optional_keys__)


def test_what_is_left_out_has_the_default_of_the_scenario():
    plain = assemble("sandbox", ["baseline"])
    for name, field in Scenario.model_fields.items():
        if name not in ("city", "policies"):
            assert getattr(plain, name) == field.default


def test_names_and_objects_make_the_same_scenario():
    by_name = assemble("sandbox", "all_four", shocks="attack", months=24)
    by_object = assemble(by_name.city, by_name.policies, shocks=[load_shock("attack")], months=24)
    assert by_name == by_object


def test_what_is_wrong_is_told_with_its_source():
    with pytest.raises(InputError, match=r"^a study: months is 0"):
        assemble("sandbox", [], source="a study", months=0)
