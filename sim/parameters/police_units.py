"""Parameters of `sim.processes.police_units`: how many officers there are, where they patrol, what tires and buys them."""

from __future__ import annotations

from sim.parameters.declaration import (
    A_MONTH,
    CHOSEN,
    FORM,
    JUDGEMENT,
    LITERATURE,
    LOGUNIFORM,
    UNIFORM,
    Parameter,
)

__all__ = ["PARAMETERS"]

PARAMETERS = (
    Parameter("police_units.patrol_share", 0.64, 0.4, 0.8, "share", UNIFORM, LITERATURE, "just.police_duties_us", "Share of officers in uniform who answer calls and patrol."),
    Parameter("police_units.investigation_share", 0.15, 0.05, 0.25, "share", UNIFORM, LITERATURE, "just.police_duties_us", "Share of officers who investigate crime."),
    Parameter("police_units.duty_hours", 130.0, 100.0, 190.0, "hours a month", UNIFORM, JUDGEMENT, CHOSEN, "Hours that an officer is on duty in a month, leave and training taken off."),
    Parameter("police_units.calls_per_resident", 0.1, 0.02, 0.3, "calls a month", LOGUNIFORM, JUDGEMENT, "just.patrol_downtime_us", "Calls to the police a month for each resident of a place of middling deprivation where robbery is at its ordinary level and everything is reported."),
    Parameter("police_units.calls_per_killing", 400.0, 100.0, 1200.0, "calls", LOGUNIFORM, JUDGEMENT, CHOSEN, "Calls about violence for each killing where everything is reported."),
    Parameter("police_units.hours_per_call", 1.5, 0.7, 3.0, "hours", LOGUNIFORM, JUDGEMENT, CHOSEN, "Time of officers that a call takes which does not wait."),
    Parameter("police_units.deprivation_on_calls", 2.0, 0.5, 3.5, "log per share", UNIFORM, JUDGEMENT, CHOSEN, "Rise of calls for each resident with deprivation, where everything is reported."),
    Parameter("police_units.calls_in_allocation", 0.7, 0.4, 0.9, "share", UNIFORM, JUDGEMENT, CHOSEN, "Share of ordinary patrols that go where calls come from; the others go where residents live."),
    Parameter("police_units.allocation_speed", 0.1, 0.03, 0.5, A_MONTH, LOGUNIFORM, JUDGEMENT, CHOSEN, "Monthly speed at which patrols leave their habit and follow calls."),
    Parameter("police_units.patrol_on_street_violence", 0.25, 0.05, 0.5, "elasticity", LOGUNIFORM, LITERATURE, "enf.hotspots_local", "Fall of killing in the street with ordinary patrol: a doubled patrol lowers violence by about a sixth."),
    Parameter("police_units.patrol_on_robbery", 0.3, 0.1, 0.6, "elasticity", LOGUNIFORM, LITERATURE, "enf.police_elasticity_us", "Fall of robbery with ordinary patrol."),
    Parameter("police_units.investigators_on_caseload", 1.0, 0.3, 1.0, "elasticity", UNIFORM, JUDGEMENT, FORM, "Fall of cases for each investigator with the number of investigators; 1 where cases are shared equally."),
    Parameter("police_units.orders_on_patrol", 1.0, 0.3, 1.0, "share", UNIFORM, JUDGEMENT, CHOSEN, "Share of officers on ordered patrols who are taken from ordinary patrols elsewhere; the others work longer."),
    Parameter("police_units.shortage_on_orders", 1.0, 0.5, 1.0, "share", UNIFORM, JUDGEMENT, FORM, "How far an ordered patrol shrinks where the force has too few officers."),
    Parameter("police_units.most_ordered", 0.5, 0.2, 0.8, "share", UNIFORM, JUDGEMENT, CHOSEN, "Largest share of officers in uniform that orders can take from their ordinary work."),
    Parameter("police_units.tired_ordinarily", 0.2, 0.05, 0.4, "share", UNIFORM, JUDGEMENT, CHOSEN, "Share of officers who are worn out by ordinary work."),
    Parameter("police_units.load_on_tiredness", 1.0, 0.3, 2.0, "logit per log", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of tiredness with the part of officers' time that calls take."),
    Parameter("police_units.orders_on_tiredness", 0.3, 0.0, 1.0, "logit", UNIFORM, JUDGEMENT, CHOSEN, "Rise of tiredness in a unit that doubles its patrols."),
    Parameter("police_units.tiredness_speed", 0.2, 0.1, 0.5, A_MONTH, LOGUNIFORM, JUDGEMENT, CHOSEN, "Monthly speed at which officers tire and recover."),
    Parameter("police_units.tiredness_on_obedience", 0.5, 0.0, 1.0, "share", UNIFORM, JUDGEMENT, CHOSEN, "Fall of ordered patrols with the share of officers who are worn out beyond the ordinary."),
    Parameter("police_units.leaving_rate", 0.009, 0.004, 0.02, A_MONTH, LOGUNIFORM, LITERATURE, "just.police_turnover_us", "Monthly chance of an officer to leave the force; 10.8 in 100 a year."),
    Parameter("police_units.tiredness_on_leaving", 1.0, 0.3, 2.5, "log per share", LOGUNIFORM, JUDGEMENT, "just.police_turnover_2020", "Rise of the chance to leave with the share of officers who are worn out."),
    Parameter("police_units.reform_on_leaving", 0.25, 0.0, 0.5, "share", UNIFORM, JUDGEMENT, CHOSEN, "Fall of the chance to leave with a police reform: better training and pay."),
    Parameter("police_units.hiring_months", 12.0, 6.0, 24.0, "months", LOGUNIFORM, JUDGEMENT, "just.police_turnover_us", "Mean time until a vacant post is filled with a trained officer."),
    Parameter("police_units.bought_share", 0.2, 0.05, 0.5, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Share of officers whom armed groups pay where nobody in the force is honest and illicit rents are ordinary."),
    Parameter("police_units.bribery_speed", 0.05, 0.02, 0.2, A_MONTH, LOGUNIFORM, JUDGEMENT, CHOSEN, "Monthly speed at which officers are bought, or are bought no longer."),
)
