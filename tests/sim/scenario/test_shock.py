"""A shock is read, or one line says which field and value are wrong, and what would be right."""

import pytest

from sim.scenario import Shock, load_shock
from tests.sim.scenario.trees import refusal

SHOCK = {"name": "x", "title": "X", "about": "A test.", "kind": "flow", "flow": "drugs", "size": 2.0, "start": 12}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "storm"}, "kind is 'storm'; it must be flow, route, pact, pact broken, leader killed, slump,"),
        ({"flow": None}, "flow is missing; a shock of kind flow names its flow"),
        ({"flow": "water"}, "flow is 'water'; it must be people, drugs"),
        ({"gang": "The Lanterns"}, "gang is 'The Lanterns'; a shock of kind flow has none, remove it"),
        ({"kind": "pact", "flow": None}, "gang is missing; a shock of kind pact names its gang"),
        (
            {"kind": "pact", "flow": None, "gang": "The Lanterns"},
            "size is 2.0; for a shock of kind pact it is a share between 0 and 1",
        ),
        ({"kind": "slump", "flow": None}, "size is 2.0; for a shock of kind slump it is a share between 0 and 1"),
        ({"kind": "slump", "size": 0.3}, "flow is 'drugs'; a shock of kind slump has none, remove it"),
        ({"kind": "route"}, "where names no places; a route shifts to named neighbourhoods"),
        ({"kind": "route", "flow": None}, "flow is missing; a shock of kind route names its flow"),
        ({"kind": "leader killed", "flow": None, "size": 1.0}, "gang is missing; a shock of kind leader killed names"),
        ({"kind": "pact broken", "flow": None, "size": 1.0}, "gang is missing; a shock of kind pact broken names"),
        (
            {"kind": "service cut", "flow": None, "size": 0.5},
            "service is missing; a shock of kind service cut names its service",
        ),
        (
            {"kind": "service cut", "flow": None, "size": 0.5, "service": "gas"},
            "service is 'gas'; it must be water, waste, clinic, school, justice or transport",
        ),
        ({"service": "water"}, "service is 'water'; a shock of kind flow has none, remove it"),
        ({"size": -1}, "size is -1; it cannot be negative"),
        ({"stop": 6}, "stop is 6, the last month; it must not lie before start, which is 12"),
    ],
)
def test_a_bad_shock_is_refused(tmp_path, change, says):
    tree = {key: value for key, value in (SHOCK | change).items() if value is not None}
    assert says in refusal(load_shock, tree, tmp_path)


def test_a_shock_is_plain_data():
    assert Shock.model_validate(SHOCK).stop is None
