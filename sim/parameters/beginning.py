"""Parameters of `sim.processes.beginning`: how a city file is completed and where its residents begin."""

from __future__ import annotations

from sim.parameters.declaration import CHOSEN, JUDGEMENT, LITERATURE, LOGUNIFORM, UNIFORM, Parameter

__all__ = ["PARAMETERS"]

PARAMETERS = (
    Parameter("beginning.poverty_ceiling", 0.55, 0.35, 0.9, "share", UNIFORM, JUDGEMENT, CHOSEN, "Share of residents in poverty that counts as complete deprivation."),
    Parameter("beginning.unemployment_ceiling", 0.30, 0.15, 0.5, "share", UNIFORM, JUDGEMENT, CHOSEN, "Unemployment rate that counts as complete deprivation."),
    Parameter("beginning.schooling_ceiling", 0.55, 0.35, 0.9, "share", UNIFORM, JUDGEMENT, CHOSEN, "Share of adults without secondary school that counts as complete deprivation."),
    Parameter("beginning.weight_poverty", 0.35, 0.2, 0.6, "weight", UNIFORM, JUDGEMENT, "r with homicide .79 in Chicago", "Weight of poverty in deprivation."),
    Parameter("beginning.weight_unemployment", 0.6, 0.2, 0.8, "weight", LOGUNIFORM, JUDGEMENT, "r with homicide .82 in Chicago", "Weight of unemployment in deprivation."),
    Parameter("beginning.weight_schooling", 0.05, 0.0, 0.4, "weight", UNIFORM, JUDGEMENT, "the weakest of the three in Chicago", "Weight of missing schooling in deprivation."),
    Parameter("beginning.slope_efficacy", -1.5, -2.5, 0.0, "logit per share", UNIFORM, LITERATURE, "viol.collective_efficacy", "Cohesion within, by deprivation."),
    Parameter("beginning.slope_state", -1.2, -2.5, 0.0, "logit per share", UNIFORM, JUDGEMENT, CHOSEN, "Trust in the state, by deprivation."),
    Parameter("beginning.slope_police", -1.2, -2.5, 0.0, "logit per share", UNIFORM, JUDGEMENT, CHOSEN, "Trust in the police, by deprivation."),
    Parameter("beginning.slope_criminal", 1.5, 0.0, 2.5, "logit per share", UNIFORM, JUDGEMENT, CHOSEN, "Acceptance of armed groups, by deprivation."),
    Parameter("beginning.slope_fear", 1.5, 0.0, 2.5, "logit per share", UNIFORM, JUDGEMENT, CHOSEN, "Fear, by deprivation."),
    Parameter("beginning.slope_testimony", -0.8, -2.0, 0.0, "logit per share", UNIFORM, JUDGEMENT, CHOSEN, "Testimony, by deprivation."),
    Parameter("beginning.slope_reporting", -0.6, -2.0, 0.0, "logit per share", UNIFORM, JUDGEMENT, CHOSEN, "Reporting, by deprivation."),
    Parameter("beginning.slope_abuse", 1.0, 0.0, 2.0, "logit per share", UNIFORM, JUDGEMENT, CHOSEN, "Police abuse, by deprivation."),
    Parameter("beginning.tenure_efficacy", 0.5, 0.0, 1.2, "logit per share", UNIFORM, JUDGEMENT, CHOSEN, "Cohesion within, by secure tenure."),
    Parameter("beginning.tenure_state", 0.5, 0.0, 1.2, "logit per share", UNIFORM, JUDGEMENT, CHOSEN, "Trust in the state, by secure tenure."),
    Parameter("beginning.groups_bridging", -0.3, -1.0, 0.0, "logit per share", UNIFORM, JUDGEMENT, CHOSEN, "Cohesion between, where identity groups meet."),
)
