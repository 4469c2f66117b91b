"""Parameters of `sim.processes.extortion`: who pays, how much, and who keeps order."""

from __future__ import annotations

from sim.parameters.declaration import A_MONTH, CHOSEN, FIT, JUDGEMENT, LITERATURE, LOGUNIFORM, UNIFORM, Parameter

__all__ = ["PARAMETERS"]

PARAMETERS = (
    Parameter("extortion.extortion_most", 0.55, 0.4, 0.8, "share of firms", UNIFORM, LITERATURE, "ext.sicily_firms", "Largest share of firms that can pay."),
    Parameter("extortion.extortion_half", 0.35, 0.18, 0.7, "-", UNIFORM, JUDGEMENT, FIT, "Pressure at which half of the largest share of firms pays."),
    Parameter("extortion.extortion_speed", 0.06, 0.03, 0.12, A_MONTH, LOGUNIFORM, JUDGEMENT, FIT, "Monthly speed at which payment follows pressure."),
    Parameter("extortion.fight_or_levy", 0.35, 0.18, 0.7, "-", UNIFORM, LITERATURE, "eng.pact_extortion_side_effect", "Fall of levies with fighting."),
    Parameter("extortion.settled_boundaries", 0.40, 0.2, 0.8, "share", LOGUNIFORM, LITERATURE, "eng.pact_extortion_side_effect", "Rise of levies with settled boundaries."),
    Parameter("extortion.extortion_efficacy", 0.8, 0.4, 1.6, "log per share", LOGUNIFORM, JUDGEMENT, FIT, "Fall of extortion with cohesion within."),
    Parameter("extortion.extortion_clearance", 0.5, 0.25, 1.0, "elasticity", LOGUNIFORM, JUDGEMENT, FIT, "Fall of extortion with the clearance of cases."),
    Parameter("extortion.extortion_integrity", 0.78, 0.3, 1.3, "per share", LOGUNIFORM, JUDGEMENT, FIT, "Fall of extortion with integrity."),
    Parameter("extortion.turnover_share", 0.04, 0.01, 0.1, "share of turnover", LOGUNIFORM, JUDGEMENT, "ext.share_of_turnover", "Share of turnover that a paying firm pays."),
    Parameter("extortion.lawful_on_pressure", 0.5, 0.1, 1.0, "log", LOGUNIFORM, JUDGEMENT, CHOSEN, "Fall of extortion with lawfulness."),
    Parameter("extortion.allocation_cut", 0.6, 0.2, 0.9, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Share of homes that open lists take out of gang hands."),
    Parameter("extortion.allocation_on_order", 0.4, 0.0, 0.8, "share", UNIFORM, JUDGEMENT, CHOSEN, "Fall of order kept by armed groups with open lists of homes."),
)
