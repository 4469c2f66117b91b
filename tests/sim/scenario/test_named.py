"""A name, a path and an object mean the same thing, and what is none of them is told in one line."""

from pathlib import Path

import pytest

from sim.errors import InputError
from sim.scenario import load_city, load_policy, load_shock
from sim.scenario.named import find_city, find_policies, find_policy, find_shocks

SCENARIOS = Path(__file__).parents[3] / "scenarios"


@pytest.mark.parametrize("form", [str, Path])
def test_a_path_a_name_and_an_object_mean_the_same(form):
    city, policy, shock = load_city("sandbox"), load_policy("truce"), load_shock("pact")
    assert find_city("sandbox") == find_city(form(SCENARIOS / "cities/sandbox.yaml")) == city
    assert find_policy("truce") == find_policy(form(SCENARIOS / "policies/truce.yaml")) == policy
    assert find_shocks(["pact"]) == find_shocks([form(SCENARIOS / "shocks/pact.yaml")]) == (shock,)
    assert find_city(city) is city
    assert find_policy(policy) is policy
    assert find_shocks([shock])[0] is shock


def test_one_alone_needs_no_list():
    policy, shock = load_policy("truce"), load_shock("pact")
    assert find_policies("truce") == find_policies(policy) == find_policies(["truce"]) == (policy,)
    assert find_shocks("pact") == find_shocks(shock) == (shock,)
    assert find_policies([]) == find_shocks(()) == ()


@pytest.mark.parametrize(
    ("find", "given", "says"),
    [
        (find_city, "sandbax", "did you mean sandbox?"),
        (find_city, 3, "city is 3; give a name, the path of a city file, or a City object"),
        (find_city, None, "city is empty; give a name"),
        (
            find_policy,
            ("name", "truce"),
            "policy is a list of 2; give a name, the path of a policy file, or a Policy object",
        ),
        (find_policies, ["truce", {"name": "truce"}], "policy is a mapping; give"),
        (find_policies, [load_city("sandbox")], "policy is a City; give"),
        (find_shocks, [load_policy("truce")], "shock is a Policy; give"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line(find, given, says):
    with pytest.raises(InputError) as caught:
        find(given)
    assert says in str(caught.value)
