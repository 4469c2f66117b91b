"""Parameters of `sim.processes.policy_delivery`: how policy is delivered: what it costs to leak, erode, be cut or be spread thin."""

from __future__ import annotations

from sim.parameters.declaration import A_MONTH, CHOSEN, FORM, JUDGEMENT, LITERATURE, LOGUNIFORM, UNIFORM, Parameter

__all__ = ["PARAMETERS"]

PARAMETERS = (
    Parameter("policy_delivery.leakage_share", 0.3, 0.0, 0.6, "share", UNIFORM, JUDGEMENT, CHOSEN, "Share of what a measure costs that is lost where nobody is honest; falls with the square of integrity."),
    Parameter("policy_delivery.redistribution_erosion", 0.9, 0.0, 1.0, "share", UNIFORM, JUDGEMENT, CHOSEN, "Share of the effect of redistribution that is lost in time where business does not support redistribution."),
    Parameter("policy_delivery.cooperation_on_funding", 0.5, 0.0, 1.0, "share per share", UNIFORM, JUDGEMENT, CHOSEN, "Share of funds that business adds where business supports the city's programmes."),
    Parameter("policy_delivery.election_cancellation_chance", 0.8, 0.0, 1.0, "chance", UNIFORM, JUDGEMENT, CHOSEN, "Chance that an election ends a measure without visible results, where business does not support the city's programmes."),
    Parameter("policy_delivery.patrol_reach", 0.25, 0.1, 1.0, "share of residents", LOGUNIFORM, JUDGEMENT, "enf.hotspots_citywide_bogota", "Residents whom doubled patrols can cover at full dose."),
    Parameter("policy_delivery.soldier_withdrawal_rate", 0.02, 0.005, 0.05, A_MONTH, LOGUNIFORM, JUDGEMENT, CHOSEN, "Monthly rate at which soldiers leave where the police stay weak."),
    Parameter("policy_delivery.soldier_withdrawal_after_reform", 0.5, 0.2, 1.0, A_MONTH, LOGUNIFORM, JUDGEMENT, CHOSEN, "Additional monthly rate at which soldiers leave where the police have been reformed."),
    Parameter("policy_delivery.partner_loss_leadership", 0.3, 0.0, 0.6, "share", UNIFORM, JUDGEMENT, CHOSEN, "Effect lost with leaders who are not credible."),
    Parameter("policy_delivery.partner_loss_illicit_trade", 0.5, 0.0, 0.8, "share", UNIFORM, JUDGEMENT, CHOSEN, "Effect lost with a partner in illicit trade."),
    Parameter("policy_delivery.partner_loss_party", 0.25, 0.0, 0.6, "share", UNIFORM, JUDGEMENT, CHOSEN, "Effect lost with a partner who wears a party's colour."),
    Parameter("policy_delivery.partner_loss_violence", 0.4, 0.0, 0.8, "share", UNIFORM, JUDGEMENT, CHOSEN, "Effect lost with a partner who uses violence."),
    Parameter("policy_delivery.partner_loss_rivalry", 0.35, 0.0, 0.7, "share", UNIFORM, JUDGEMENT, CHOSEN, "Effect lost with a rival of criminal groups."),
    Parameter("policy_delivery.partner_loss_distrust", 0.4, 0.0, 0.8, "share", UNIFORM, JUDGEMENT, CHOSEN, "Effect lost with a messenger nobody trusts."),
    Parameter("policy_delivery.partner_loss_age_gap", 0.2, 0.0, 0.5, "share", UNIFORM, JUDGEMENT, CHOSEN, "Effect lost with people too young to lead or too old to be heard."),
    Parameter("policy_delivery.redistribution_erosion_months", 36.0, 12.0, 72.0, "months", LOGUNIFORM, JUDGEMENT, FORM, "Time after which redistribution without business support has eroded in full."),
    Parameter("policy_delivery.compliance_per_command_step", 0.25, 0.05, 0.45, "share per step", LOGUNIFORM, JUDGEMENT, FORM, "Share of orders that a police force carries out whatever its alignment: once under joint command, twice under city command."),
    Parameter("policy_delivery.threat_wear_share", 0.4, 0.1, 0.7, "share", UNIFORM, JUDGEMENT, "enf.crackdown_decay", "Share of the effect of a threat that is lost as people become used to the threat."),
    Parameter("policy_delivery.threat_wear_half_life", 24.0, 6.0, 60.0, "months", LOGUNIFORM, JUDGEMENT, "enf.crackdown_decay", "Time in which half of what a threat loses is lost."),
    Parameter("policy_delivery.practice_wear_share", 0.25, 0.0, 0.5, "share", UNIFORM, LITERATURE, "res.scale_up_loss", "Share of the effect of a programme that is lost as practice drifts from what was tried."),
    Parameter("policy_delivery.practice_wear_half_life", 48.0, 24.0, 96.0, "months", LOGUNIFORM, JUDGEMENT, "res.scale_up_loss", "Time in which half of what a programme loses is lost."),
    Parameter("policy_delivery.burn_in_reference_speed", 0.02, 0.01, 0.05, A_MONTH, LOGUNIFORM, JUDGEMENT, FORM, "Lowest speed at which references follow their drivers during the burn-in."),
)
