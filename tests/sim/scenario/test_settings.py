"""A setting on the command line is a parameter and a number in its range."""

import pytest

from sim.parameters import PARAMETERS
from sim.scenario import InputError, parse_setting


def test_a_setting_is_a_parameter_and_a_number_in_its_range():
    for parameter in PARAMETERS:
        for value in (parameter.low, parameter.high, parameter.default):
            assert parse_setting(f"{parameter.name}={value!r}") == (parameter.name, value)


@pytest.mark.parametrize("text", ["", "=", "=1", "nothing", "no.such=1", "no.such=x"])
def test_what_is_no_setting_is_refused(text):
    with pytest.raises(InputError) as caught:
        parse_setting(text)
    assert str(caught.value).startswith("--set")


@pytest.mark.parametrize("number", ["", "x", "nan", "inf", "1e999", "1_0", "1,5", "true"])
def test_a_setting_needs_a_finite_number(number):
    with pytest.raises(InputError, match=r"it must be a finite number$"):
        parse_setting(f"{PARAMETERS[0].name}={number}")


def test_a_setting_outside_its_range_is_refused_with_the_range():
    parameter = PARAMETERS[0]
    with pytest.raises(InputError, match=r"; its range is .+ to "):
        parse_setting(f"{parameter.name}={parameter.high + 1 + abs(parameter.high)}")


def test_a_mistyped_parameter_brings_the_nearest():
    name = PARAMETERS[0].name
    with pytest.raises(InputError, match=r"is no parameter; did you mean "):
        parse_setting(f"{name}x=1")
