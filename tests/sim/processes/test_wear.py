"""What a measure does wears while it is in force, and is fresh again after a pause; what is built does not wear."""

from types import SimpleNamespace

import pytest

from sim.enumerations import NO_WEAR, PRACTICE, THREAT
from sim.measures import MEASURES
from sim.parameters import make_parameters
from sim.processes.wear import get_used_to_soldiers, left_of, left_of_threat, wear


def live(params, measure, *months):
    for asked in months:
        wear(params, measure)
        measure.asked = asked


@pytest.mark.parametrize(("kind", "name"), [(THREAT, "threat"), (PRACTICE, "practice")])
def test_half_of_what_wears_is_gone_after_the_half_life_and_the_rest_stays(kind, name):
    params = make_parameters({f"policy_delivery.{name}_wear_share": 0.4, f"policy_delivery.{name}_wear_half_life": 24.0})
    measure = SimpleNamespace(wears=kind, worn=0.0, asked=0.0)
    live(params, measure, 1.0)
    assert left_of(params, measure) == 1.0
    live(params, measure, *[1.0] * 24)
    assert left_of(params, measure) == pytest.approx(1.0 - 0.4 / 2)
    live(params, measure, *[1.0] * 1_000)
    assert left_of(params, measure) == pytest.approx(0.6)
    # A pause as long as the half-life gives half of it back.
    live(params, measure, *[0.0] * 25)
    assert left_of(params, measure) == pytest.approx(0.8, abs=0.01)


def test_a_level_however_low_wears_as_a_high_one():
    params = make_parameters({})
    low, high = (SimpleNamespace(wears=PRACTICE, worn=0.0, asked=0.0) for _ in range(2))
    live(params, low, *[0.1] * 50)
    live(params, high, *[1.0] * 50)
    assert low.worn == high.worn > 0.0


def test_a_place_becomes_used_to_soldiers_and_forgets_them():
    """P-E7: by the place and not by the measure, and however many they are."""
    params = make_parameters({"policy_delivery.threat_wear_share": 0.4, "policy_delivery.threat_wear_half_life": 24.0})
    place = SimpleNamespace(garrison=0.0, used_to_soldiers=0.0)
    get_used_to_soldiers(params, place)
    assert place.used_to_soldiers == 0.0
    assert left_of_threat(params, place.used_to_soldiers) == 1.0
    place.garrison = 0.1
    for _ in range(24):
        get_used_to_soldiers(params, place)
    assert left_of_threat(params, place.used_to_soldiers) == pytest.approx(1.0 - 0.4 / 2)
    place.garrison = 0.0
    for _ in range(24):
        get_used_to_soldiers(params, place)
    assert left_of_threat(params, place.used_to_soldiers) == pytest.approx(1.0 - 0.4 / 4)


def test_without_wear_an_occupation_keeps_all_it_does():
    params = make_parameters({"policy_delivery.threat_wear_share": 0.0})
    assert left_of_threat(params, 0.7) == 1.0


def test_what_is_built_or_has_a_law_of_its_own_does_not_wear():
    measure = SimpleNamespace(wears=NO_WEAR, worn=0.0, asked=1.0)
    live(make_parameters({}), measure, *[1.0] * 100)
    assert measure.worn == 0.0
    kept = {measure.row for measure in MEASURES if measure.wears == "not"}
    assert kept == {"P-R9", "P-E6", "P-E7", "P-E8", "P-G4", "P-S7", "P-S8", "P-S10"}
    assert {measure.row for measure in MEASURES if measure.wears == "threat"} == {"P-E1", "P-E3", "P-E14"}
