"""Parameters of `sim.processes.identity`: grievance and division along group lines."""

from __future__ import annotations

from sim.parameters.declaration import CHOSEN, JUDGEMENT, LOGIT, LOGUNIFORM, UNIFORM, Parameter

__all__ = ["PARAMETERS"]

PARAMETERS = (
    Parameter("identity.communal", 0.0002, 2e-05, 0.001, "per month and resident", LOGUNIFORM, JUDGEMENT, CHOSEN, "Killings where groups meet, at full spark, grievance and segregation."),
    Parameter("identity.spark_divides", 3.0, 1.0, 6.0, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Division caused by a full spark."),
    Parameter("identity.divided_months", 36.0, 12.0, 72.0, "months", LOGUNIFORM, JUDGEMENT, CHOSEN, "Mean time in which a division heals."),
    Parameter("identity.divided_kills", 0.02, 0.0, 0.06, "share", UNIFORM, JUDGEMENT, CHOSEN, "Killing along group lines that goes on in a divided neighbourhood."),
    Parameter("identity.participation_on_grievance", 0.6, 0.1, 1.2, LOGIT, LOGUNIFORM, JUDGEMENT, CHOSEN, "Fall of grievance with participation that counts."),
)
