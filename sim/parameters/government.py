"""Parameters of `sim.processes.government`: what the whole city shares: integrity, guns, cases, politics."""

from __future__ import annotations

from sim.parameters.declaration import (
    A_MONTH,
    CHOSEN,
    FIT,
    FORM,
    JUDGEMENT,
    LITERATURE,
    LOGIT,
    LOGUNIFORM,
    UNIFORM,
    Parameter,
)

__all__ = ["PARAMETERS"]

PARAMETERS = (
    Parameter("government.oversight_on_integrity", 0.55, 0.3, 0.8, "share of the gap to 1", UNIFORM, LITERATURE, "reg.integrity_anticorruption", "Gain of integrity from transparency with outside oversight."),
    Parameter("government.integrity_speed", 0.03, 0.015, 0.045, A_MONTH, UNIFORM, LITERATURE, "reg.integrity_anticorruption", "Monthly speed of integrity."),
    Parameter("government.dirty_money_on_integrity", 0.08, 0.0, 0.2, "share per log", UNIFORM, JUDGEMENT, CHOSEN, "Fall of integrity with dirty money."),
    Parameter("government.gun_rules_on_stock", 0.20, 0.1, 0.4, "share", LOGUNIFORM, LITERATURE, "reg.gun_stock_law", "Fall of the stock of guns with access rules."),
    Parameter("government.gun_stock_speed", 0.06, 0.03, 0.12, A_MONTH, LOGUNIFORM, JUDGEMENT, FIT, "Monthly speed of the stock of guns."),
    Parameter("government.firearms_flow_on_stock", 0.5, 0.2, 1.0, "elasticity", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of the stock of guns with the flow of firearms."),
    Parameter("government.caseload_speed", 0.15, 0.08, 0.3, A_MONTH, UNIFORM, JUDGEMENT, FIT, "Monthly speed at which the load of cases is felt."),
    Parameter("government.building_rules_on_laundering", 0.5, 0.2, 0.8, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Share of laundering prevented by building rules."),
    Parameter("government.transit_on_laundering", 0.5, 0.2, 1.0, "elasticity", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of money to be laundered with tolls on transit, against the ordinary city."),
    Parameter("government.politics_speed", 0.03, 0.015, 0.06, A_MONTH, LOGUNIFORM, JUDGEMENT, CHOSEN, "Monthly speed at which politics are bought or freed."),
    Parameter("government.pact_on_bribes", 0.5, 0.0, 1.5, "share", UNIFORM, JUDGEMENT, CHOSEN, "Extra bribes of a gang with an understanding with officials."),
    Parameter("government.fee_transparency_on_bribes", 0.5, 0.2, 0.8, "share", LOGUNIFORM, JUDGEMENT, "reg.permits_integrity_local", "Fall of bribes per permit with fees and rules on public display."),
    Parameter("government.forum_on_alignment", 0.6, 0.2, 0.9, "share of the gap to 1", LOGUNIFORM, JUDGEMENT, CHOSEN, "Gain of the police's alignment with the city from a forum with a plan."),
    Parameter("government.cooperation_on_alignment", 1.0, 0.0, 2.0, "share of the gap to 1 per share", UNIFORM, JUDGEMENT, CHOSEN, "Gain of the police's alignment with the city from business support."),
    Parameter("government.lobbying_on_alignment", 0.4, 0.1, 0.8, "share of the gap to 1", LOGUNIFORM, JUDGEMENT, "enf.partisan_fit", "Gain of the police's alignment with the city where the city presses a nation that listens to the city in full."),
    Parameter("government.alignment_speed", 0.1, 0.05, 0.2, A_MONTH, LOGUNIFORM, JUDGEMENT, CHOSEN, "Monthly speed of the police's alignment with the city."),
    Parameter("government.compact_on_cooperation", 1.2, 0.3, 2.5, LOGIT, LOGUNIFORM, JUDGEMENT, CHOSEN, "Gain of business support from a compact with business."),
    Parameter("government.cooperation_speed", 0.03, 0.015, 0.06, A_MONTH, LOGUNIFORM, JUDGEMENT, CHOSEN, "Monthly speed of business support."),
    Parameter("government.grievance_speed", 0.03, 0.015, 0.06, A_MONTH, LOGUNIFORM, JUDGEMENT, CHOSEN, "Monthly speed of grievance."),
    Parameter("government.spark_on_grievance", 2.0, 0.5, 4.0, LOGIT, LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of grievance with a spark."),
    Parameter("government.inquiry_speed", 0.04, 0.02, 0.08, A_MONTH, LOGUNIFORM, JUDGEMENT, CHOSEN, "Monthly speed at which findings change a force."),
    Parameter("government.forum_without_alignment", 0.5, 0.1, 0.9, "share", LOGUNIFORM, JUDGEMENT, FORM, "Gain from a joint forum where city and nation are political opponents."),
)
