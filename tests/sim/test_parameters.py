"""Every parameter is declared once, within its range, and read by the process it names."""

import math
import re
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.build import city_parameters
from sim.measures import MEASURES
from sim.parameters import PARAMETERS, make_parameters, parameter
from sim.partners import CRITERIA
from sim.scenario import list_cities, load_city


def test_a_default_lies_within_its_range():
    for each in PARAMETERS:
        assert math.isfinite(each.low), each.name
        assert math.isfinite(each.high), each.name
        assert each.low <= each.default <= each.high, each.name
        assert each.low < each.high, each.name


def test_a_parameter_says_everything_about_itself():
    for each in PARAMETERS:
        assert each.status in ("measured", "literature", "calibrated", "judgement"), each.name
        assert each.says.endswith("."), each.name
        assert each.unit, each.name
        assert each.evidence, each.name
        assert each.name == f"{each.process}.{each.field}"


def test_a_literature_value_names_its_key_and_a_judgement_does_not_claim_one():
    for each in PARAMETERS:
        if each.status == "literature":
            assert "." in each.evidence or ":" in each.evidence, each.name


NEEDS_THE_LINE_ABOVE = (
    r"^(And|So|How that|Not|Nor|Also|Else|The same)\b",
    r"\b(it|them|they|these|one|ones)\b",
    r"\b(that|this|those)(?=[.,;:]|$)",
    r"^How \w+\.$",
)


@pytest.mark.parametrize("each", PARAMETERS, ids=lambda each: each.name)
def test_what_a_parameter_says_needs_no_line_above(each):
    """A reader of a sensitivity table or of `citysafety show` sees one line alone."""
    assert [told for told in NEEDS_THE_LINE_ABOVE if re.search(told, each.says, re.IGNORECASE)] == []
    assert len(each.says.split()) >= 3


@pytest.mark.parametrize(
    "says", ["And isolates.", "So does trauma.", "How that rises.", "How slowly.", "What training does to it."]
)
def test_a_line_that_needs_another_is_seen(says):
    assert any(re.search(told, says, re.IGNORECASE) for told in NEEDS_THE_LINE_ABOVE)


def test_no_name_is_given_twice():
    assert len({each.name for each in PARAMETERS}) == len(PARAMETERS)


def test_no_parameter_is_dead():
    folder = Path(sim.__file__).parent
    sources = [*sorted((folder / "processes").rglob("*.py")), folder / "build.py"]
    sources += [folder / "police_levels.py", folder / "prices.py", folder / "group_kinds.py"]
    read = set(re.findall(r"\.([a-z_0-9]+)", "\n".join(path.read_text() for path in sources)))
    # What an unsound partner costs is read by the name of the criterion it fails (`sim.partners.soundness`).
    read |= set(CRITERIA.values())
    # And what a measure costs, by the names that it declares (`sim.levers`).
    read |= {name.split(".")[1] for measure in MEASURES for name in measure.cost_parameters if name}
    assert [each.name for each in PARAMETERS if each.field not in read] == []


def test_four_numbers_a_city_are_its_own_and_lie_within_their_ranges():
    calibrated = [each for each in PARAMETERS if each.status == "calibrated"]
    assert {each.name for each in calibrated} == {
        "recruitment.joining_intercept",
        "homicide.rivalry_attack_rate",
        "homicide.dispute_killing_rate",
        "homicide.police_killing_rate",
    }
    for name in list_cities():
        params = city_parameters(load_city(name))
        for each in calibrated:
            assert each.low <= getattr(params, each.process)[0][each.field] <= each.high, (name, each.name)


def test_each_parameter_declares_how_it_is_spread():
    for each in PARAMETERS:
        assert each.distribution in ("uniform", "loguniform"), each.name
        assert each.distribution == "uniform" or each.low > 0.0, each.name
    assert parameter("homicide.rivalry_attack_rate").distribution == "loguniform"
    assert parameter("homicide.dispute_killing_rate").distribution == "loguniform"
    assert parameter("recruitment.joining_intercept").distribution == "uniform"
    assert parameter("gangs.contest_exponent").distribution == "uniform"


def test_records_hold_every_parameter_and_nothing_else():
    params = make_parameters()
    held = {f"{process}.{field}" for process in params._fields for field in getattr(params, process).dtype.names}
    assert held == {each.name for each in PARAMETERS}
    for each in PARAMETERS:
        assert getattr(params, each.process)[0][each.field] == each.default


def test_the_last_setting_counts():
    params = make_parameters(
        {"homicide.rivalry_attack_rate": 0.002, "homicide.dispute_killing_rate": 3e-6},
        {"homicide.rivalry_attack_rate": 0.003},
    )
    assert params.homicide[0].rivalry_attack_rate == 0.003
    assert params.homicide[0].dispute_killing_rate == 3e-6
    assert make_parameters().homicide[0].rivalry_attack_rate == parameter("homicide.rivalry_attack_rate").default


def test_a_city_brings_its_calibration_and_a_user_overrides_it(sandbox):
    assert city_parameters(sandbox).homicide[0].dispute_killing_rate == sandbox.calibration.disputes
    assert city_parameters(sandbox, {"homicide.dispute_killing_rate": 9e-6}).homicide[0].dispute_killing_rate == 9e-6


def test_an_unknown_name_is_no_parameter():
    with pytest.raises(KeyError):
        parameter("homicide.rivalery")
    with pytest.raises(KeyError):
        make_parameters({"rivalry": 1.0})


def test_records_are_plain_numbers_that_a_compiled_month_can_read():
    for table in make_parameters():
        assert table.shape == (1,)
        assert all(table.dtype[name] == np.float64 for name in table.dtype.names)
