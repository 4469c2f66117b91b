"""Parameters of `sim.processes.group_conflict`: grievance and division along group lines."""

from __future__ import annotations

from sim.parameters.declaration import CHOSEN, JUDGEMENT, LOGIT, LOGUNIFORM, UNIFORM, Parameter

__all__ = ["PARAMETERS"]

PARAMETERS = (
    Parameter("group_conflict.communal_killing_rate", 0.0002, 2e-05, 0.001, "per month and resident", LOGUNIFORM, JUDGEMENT, CHOSEN, "Killings where groups meet, at full spark, grievance and segregation."),
    Parameter("group_conflict.spark_on_division", 3.0, 1.0, 6.0, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Division caused by a full spark."),
    Parameter("group_conflict.division_months", 36.0, 12.0, 72.0, "months", LOGUNIFORM, JUDGEMENT, CHOSEN, "Mean time in which a division heals."),
    Parameter("group_conflict.division_on_killings", 0.02, 0.0, 0.06, "share", UNIFORM, JUDGEMENT, CHOSEN, "Killing along group lines that goes on in a divided neighbourhood."),
    Parameter("group_conflict.participation_on_grievance", 0.6, 0.1, 1.2, LOGIT, LOGUNIFORM, JUDGEMENT, CHOSEN, "Fall of grievance with participation in decisions."),
)
