"""Settings of parameters, such as `recruitment.peers_on_joining=2.0`: which are allowed, and what is wrong with others."""

from __future__ import annotations

from sim.errors import InputError, did_you_mean, show
from sim.files import read_number
from sim.numerals import meanings, plain

__all__ = ["parse_setting", "wrong_parameter"]


def parse_setting(text: str) -> tuple[str, float]:
    """Return the parameter and value of a setting such as ``recruitment.peers_on_joining=2.0``.

    Raises
    ------
    InputError
        When the text has no ``=``, the parameter is unknown, or the value is no number within the parameter's range.
    """
    name, equals, number = (part.strip() for part in text.partition("="))
    shown = f"--set {text}"
    if not equals or not name:
        raise InputError(f"{shown}: this is no setting; write process.parameter=number")
    value = read_number(number)
    problem = wrong_parameter(name, 0.0 if value is None else value, only_name=value is None)
    if problem is None and value is None:
        problem = f"is {show(number)}; {_meant_setting(name, number)}it must be a finite number"
    if problem is not None or value is None:
        raise InputError(f"{shown}: {name} {problem}")
    return name, value


def _meant_setting(name: str, text: str) -> str:
    """Return the advice which number to write for a text that is none, where it has a meaning; else nothing."""
    meant = dict.fromkeys(meanings(text))
    fits = [plain(each) for each in meant if wrong_parameter(name, each) is None]
    if fits:
        return f"write {' or '.join(fits)}: "
    return "".join(f"if {plain(each)} is meant, that {wrong_parameter(name, each)}; " for each in list(meant)[:1])


def wrong_parameter(name: str, value: float, *, only_name: bool = False) -> str | None:
    """Return what is wrong with a parameter's name, or with its value; None when nothing is."""
    from sim.parameters import PARAMETERS

    known = {parameter.name: parameter for parameter in PARAMETERS}
    if name not in known:
        return f"is no parameter; {did_you_mean(name, known)} (`citysafety list parameters`)"
    low, high = known[name].low, known[name].high
    if only_name or low <= value <= high:
        return None
    return f"is {value:g}; its range is {low:g} to {high:g}"
