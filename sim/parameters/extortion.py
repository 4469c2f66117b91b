"""Parameters of `sim.processes.extortion`: who pays, how much, and who keeps order."""

from __future__ import annotations

from sim.parameters.declaration import A_MONTH, CHOSEN, FIT, FORM, JUDGEMENT, LITERATURE, LOGUNIFORM, UNIFORM, Parameter

__all__ = ["PARAMETERS"]

PARAMETERS = (
    Parameter("extortion.paying_share_limit", 0.55, 0.4, 0.8, "share of firms", UNIFORM, LITERATURE, "ext.sicily_firms", "Largest share of firms that can pay."),
    Parameter("extortion.pressure_half_payment", 0.35, 0.18, 0.7, "-", UNIFORM, JUDGEMENT, FIT, "Pressure at which half of the largest share of firms pays."),
    Parameter("extortion.payment_speed", 0.06, 0.03, 0.12, A_MONTH, LOGUNIFORM, JUDGEMENT, FIT, "Monthly speed at which payment follows pressure."),
    Parameter("extortion.fighting_on_levies", 0.35, 0.18, 0.7, "-", UNIFORM, LITERATURE, "eng.pact_extortion_side_effect", "Fall of levies with fighting."),
    Parameter("extortion.settled_boundaries_on_levies", 0.40, 0.2, 0.8, "share", LOGUNIFORM, LITERATURE, "eng.pact_extortion_side_effect", "Rise of levies with settled boundaries."),
    Parameter("extortion.efficacy_on_extortion", 0.8, 0.4, 1.6, "log per share", LOGUNIFORM, JUDGEMENT, FIT, "Fall of extortion with cohesion within the neighbourhood."),
    Parameter("extortion.informality_on_extortion", 0.5, 0.0, 1.2, "log per share", UNIFORM, JUDGEMENT, CHOSEN, "Rise of the pressure to pay with informality beyond what deprivation suggests."),
    Parameter("extortion.clearance_on_extortion", 0.5, 0.25, 1.0, "elasticity", LOGUNIFORM, JUDGEMENT, FIT, "Fall of extortion with the clearance of cases."),
    Parameter("extortion.integrity_on_extortion", 0.07, 0.0, 0.35, "per share", UNIFORM, JUDGEMENT, "reg.permits_integrity_local", "Fall of extortion with integrity."),
    Parameter("extortion.turnover_share", 0.04, 0.01, 0.1, "share of turnover", LOGUNIFORM, JUDGEMENT, "ext.share_of_turnover", "Share of turnover that a paying firm pays."),
    Parameter("extortion.lawfulness_on_pressure", 0.5, 0.1, 1.0, "log", LOGUNIFORM, JUDGEMENT, CHOSEN, "Fall of extortion with lawfulness."),
    Parameter("extortion.allocation_on_gang_homes", 0.6, 0.2, 0.9, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Share of homes taken out of gang hands by open lists."),
    Parameter("extortion.allocation_on_order", 0.4, 0.0, 0.8, "share", UNIFORM, JUDGEMENT, CHOSEN, "Fall of order kept by armed groups with open lists of homes."),
    Parameter("extortion.turnover_levy_unsettled", 0.5, 0.2, 1.0, "share", LOGUNIFORM, JUDGEMENT, FORM, "Part of the levy on turnover that is taken without settled boundaries."),
    Parameter("extortion.market_killings_on_order_steepness", 200_000.0, 50_000.0, 500_000.0, "per killing and resident", LOGUNIFORM, JUDGEMENT, FORM, "Steepness with which killings over markets spoil the order of armed groups."),
    Parameter("extortion.market_killings_on_order", 0.5, 0.1, 0.9, "share", LOGUNIFORM, JUDGEMENT, FORM, "Largest loss of the order of armed groups with killings over markets."),
    Parameter("extortion.supply_on_order", 0.5, 0.1, 1.0, "share per share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Share of residents who keep the rules of an armed group because their services come from that group."),
    Parameter("extortion.state_legitimacy_weight", 0.5, 0.2, 1.0, "ratio", LOGUNIFORM, JUDGEMENT, FORM, "Weight of the state's legitimacy against that of armed groups in whom residents turn to."),
    Parameter("extortion.fighting_limit", 3.0, 1.2, 4.0, "ratio", UNIFORM, JUDGEMENT, FORM, "Largest fighting against the ordinary city that lowers levies."),
    Parameter("extortion.pact_steepness", 2.0, 1.0, 4.0, "per share", LOGUNIFORM, JUDGEMENT, FORM, "Steepness with which a gang's pact is felt where the gang has control."),
    Parameter("extortion.truce_settling_ratio", 0.7, 0.3, 1.0, "share", UNIFORM, JUDGEMENT, FORM, "Settling of boundaries by a truce against a pact."),
    Parameter("extortion.territory_leader_threshold", 0.45, 0.3, 0.6, "share", UNIFORM, JUDGEMENT, FORM, "Control of the first gang at which a neighbourhood counts as half held."),
    Parameter("extortion.territory_leader_width", 0.05, 0.02, 0.15, "share", LOGUNIFORM, JUDGEMENT, FORM, "Softness of the edge of control of the first gang."),
    Parameter("extortion.territory_rival_threshold", 0.4, 0.2, 0.6, "ratio", UNIFORM, JUDGEMENT, FORM, "Control of the second gang against the first at which a neighbourhood counts as half contested."),
    Parameter("extortion.territory_rival_width", 0.1, 0.03, 0.3, "ratio", LOGUNIFORM, JUDGEMENT, FORM, "Softness of the edge of control of the second gang."),
)
