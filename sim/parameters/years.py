"""Parameters of `sim.processes.years`: good and bad years, and the season."""

from __future__ import annotations

from sim.parameters.declaration import CHOSEN, FIT, FORM, JUDGEMENT, LITERATURE, LOGUNIFORM, UNIFORM, Parameter

__all__ = ["PARAMETERS"]

SERIES = "viol.year_to_year"
HEAT = "viol.temperature"

PARAMETERS = (
    Parameter("years.innovation", 0.16, 0.05, 0.5, "log a year", LOGUNIFORM, LITERATURE, SERIES, "Standard deviation of the yearly change of the log level of all killing that no mechanism explains."),
    Parameter("years.persistence", 0.95, 0.9, 0.98, "share a year", UNIFORM, LITERATURE, SERIES, "Share of a good or bad year's log level that is left a year later."),
    Parameter("years.rivalry_share", 1.0 / 3.0, 0.1, 0.6, "share of variance", UNIFORM, JUDGEMENT, CHOSEN, "Share of that variance that moves killings between gangs alone."),
    Parameter("years.disputes_on_rivalry", 1.0, 0.5, 1.5, "log per log", UNIFORM, JUDGEMENT, CHOSEN, "How far what moves disputes moves killings between gangs as well."),
    Parameter("years.magnification_limit", 2.0, 1.0, 3.0, "ratio", UNIFORM, JUDGEMENT, FORM, "Largest ratio of how far disputes and killing between gangs move to how far all killing moves."),
    Parameter("years.response", 1.17, 1.0, 1.6, "log per log", UNIFORM, JUDGEMENT, FIT, "How much more killing moves over the years than its drivers; the more, the lower their mean is set, and killing keeps its own."),
    Parameter("years.temperature_on_violence", 0.03, 0.015, 0.042, "log per degree Celsius", UNIFORM, LITERATURE, HEAT, "Rise of violence in public with the temperature of the month."),
)
