"""A scenario fits its city, has one canonical text and hash, and is told by a schema that is fresh."""

import json
import math
import string

import pytest
import yaml

from sim.parameters import PARAMETERS
from sim.scenario import (
    InputError,
    Policy,
    Scenario,
    assemble,
    canonical,
    check_fit,
    list_cities,
    list_policies,
    load_city,
    load_policy,
    load_shock,
    scenario_hash,
    schema_text,
    write_schema,
)
from tests.sim.scenario.trees import SANDBOX, SCENARIOS, policy_with


def test_the_schema_file_is_fresh(tmp_path):
    kept = SCENARIOS / "scenario.schema.json"
    assert kept.read_text(encoding="utf-8") == schema_text(), "write it anew: sim.scenario.write_schema('scenarios')"
    assert write_schema(tmp_path).read_text(encoding="utf-8") == schema_text()


def test_the_schema_knows_every_model_and_refuses_unknown_keys():
    models = json.loads(schema_text())["$defs"]
    assert {"City", "Neighbourhood", "Policy", "MeasureUse", "Shock", "Scenario"} <= set(models)
    assert all(model["additionalProperties"] is False for model in models.values())
    assert all(field.get("description") for model in models.values() for field in model["properties"].values())


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"months": -1}, "command line: months is -1; it must be at least 1"),
        ({"months": 1201}, "command line: months is 1201; it must be at most 1200"),
        ({"replications": 0}, "command line: replications is 0; it must be at least 1"),
        ({"seed": -1}, "command line: seed is -1; it cannot be negative"),
        ({"seed": 2**63}, "command line: seed is 9223372036854775808; it must be at most 9223372036854775807"),
        ({"scale": 0}, "command line: scale is 0; it must be auto, or a number above 0 and up to 1"),
        ({"scale": 2.0}, "command line: scale is 2.0; it must be auto"),
        ({"scale": math.nan}, "command line: scale is nan; it must be auto"),
        ({"scale": True}, "command line: scale is true; it must be auto"),
        ({"scale": "big"}, "command line: scale is 'big'; it must be auto"),
        ({"parameters": {"no.such": 1.0}}, "command line: parameters.no.such is no parameter; "),
        ({"without": ["peer"]}, "command line: without[0] is 'peer', which is no mechanism; did you mean peers?"),
        ({"without": ["peers", "fear", "peers"]}, "command line: without[2] is 'peers' a second time; name it once"),
    ],
)
def test_a_bad_scenario_is_refused(values, says):
    with pytest.raises(InputError) as caught:
        assemble(load_city("sandbox"), [], **values)
    assert str(caught.value).startswith(says)


@pytest.mark.parametrize("scale", ["auto", 1, 0.1, 1e-6])
def test_a_scale_is_auto_or_a_share_of_the_youths(scale):
    assert assemble(load_city("sandbox"), [], scale=scale).scale == scale


def test_a_policy_must_fit_its_city():
    city = load_city("sandbox")
    elsewhere = Policy.model_validate(policy_with({"measure": "P-R3", "where": {"places": ["Aldo"]}}))
    many = Policy.model_validate(policy_with({"measure": "P-R3", "where": {"worst": 10, "by": "deprivation"}}))
    with pytest.raises(InputError, match=r"^policy mine: measures\[0\]\.where\.places\[0\] is 'Aldo', .* mean Aldoo\?$"):
        check_fit(city, [elsewhere])
    with pytest.raises(InputError, match=r"policies\[0\]\.measures\[0\]\.where\.worst is 10; sandbox has 9"):
        assemble(city, [many])
    with pytest.raises(InputError, match=r"policies\[1\]\.name is 'truce', as is policies\[0\]\.name"):
        assemble(city, [load_policy("truce")] * 2)


def test_a_shock_must_fit_its_city():
    shock = load_shock("pact").model_copy(update={"gang": "The Lantern"})
    with pytest.raises(InputError, match=r"pact\.yaml: line [0-9]+, shock pact: gang is .* did you mean The Lanterns or"):
        check_fit(load_city("sandbox"), [], [shock])
    check_fit(load_city("sandbox"), [], [load_shock("pact")])


def test_every_policy_fits_every_city():
    for name in list_cities():
        check_fit(load_city(name), [load_policy(policy) for policy in list_policies()])


def test_the_canonical_text_does_not_depend_on_how_a_file_is_written(tmp_path):
    def turned(tree):
        if isinstance(tree, dict):
            return {key: turned(tree[key]) for key in reversed(tree)}
        return [turned(each) for each in tree] if isinstance(tree, list) else tree

    (tmp_path / "my.yaml").write_text(yaml.safe_dump(turned(SANDBOX), sort_keys=False))
    one, other = (assemble(load_city(city), []) for city in ("sandbox", tmp_path / "my.yaml"))
    assert canonical(one) == canonical(other)
    assert scenario_hash(one) == scenario_hash(other)


def test_the_canonical_text_is_sorted_json_that_reads_back():
    scenario = assemble(load_city("sandbox"), [load_policy("all_four")], shocks=[load_shock("pact")])
    text = canonical(scenario)
    values = json.loads(text)
    assert json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == text
    assert Scenario.model_validate_json(text) == scenario
    assert f'"disputes":{scenario.city.calibration.disputes!r}'.encode() in text
    assert b'"money_per_dollar":1.0' in text


def test_the_hash_changes_with_anything_that_is_said():
    city = load_city("sandbox")
    policies = [load_policy("baseline"), load_policy("all_four")]
    scenarios = [
        assemble(city, policies),
        assemble(city, policies, seed=2),
        assemble(city, policies, months=121),
        assemble(city, policies, scale=1.0),
        assemble(city, policies[:1]),
        assemble(city, policies, shocks=[load_shock("pact")]),
        assemble(city, policies, without=["peers"]),
        assemble(city, policies, without=["fear", "peers"]),
        assemble(city.model_copy(update={"elections": (12,)}), policies),
        assemble(city.model_copy(update={"youth_share": 0.33}), policies),
    ]
    hashes = [scenario_hash(scenario) for scenario in scenarios]
    assert len(set(hashes)) == len(hashes)
    assert all(len(each) == 32 and set(each) <= set(string.hexdigits.lower()) for each in hashes)


def test_a_setting_is_part_of_a_scenario():
    name, high = PARAMETERS[0].name, PARAMETERS[0].high
    city = load_city("sandbox")
    assert assemble(city, [], parameters={name: high}).parameters == {name: high}
    with pytest.raises(InputError, match=rf"parameters\.{name} is .*; its range is"):
        assemble(city, [], parameters={name: high + 1 + abs(high)})
