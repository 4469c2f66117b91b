"""Parameters of `sim.processes.calendar`: how policy is delivered: what it costs to leak, erode, be cut or be spread thin."""

from __future__ import annotations

from sim.parameters.declaration import A_MONTH, CHOSEN, FORM, JUDGEMENT, LOGUNIFORM, UNIFORM, Parameter

__all__ = ["PARAMETERS"]

PARAMETERS = (
    Parameter("calendar.leakage", 0.3, 0.0, 0.6, "share", UNIFORM, JUDGEMENT, CHOSEN, "Share of what a measure costs that is lost where nobody is honest; falls with the square of integrity."),
    Parameter("calendar.erosion", 0.9, 0.0, 1.0, "share", UNIFORM, JUDGEMENT, CHOSEN, "Share of the effect of redistribution that is lost in time where business does not support redistribution."),
    Parameter("calendar.linkage_funds", 0.5, 0.0, 1.0, "share per share", UNIFORM, JUDGEMENT, CHOSEN, "Share of funds that business adds where business supports the city's programmes."),
    Parameter("calendar.election_cut", 0.8, 0.0, 1.0, "chance", UNIFORM, JUDGEMENT, CHOSEN, "Chance that an election ends what cannot show results, without linkage."),
    Parameter("calendar.patrol_reach", 0.25, 0.1, 1.0, "share of residents", LOGUNIFORM, JUDGEMENT, "enf.hotspots_citywide_bogota", "Residents whom doubled patrols can cover at full dose."),
    Parameter("calendar.soldiers_leave", 0.02, 0.005, 0.05, A_MONTH, LOGUNIFORM, JUDGEMENT, CHOSEN, "How soon soldiers leave a police that stays weak."),
    Parameter("calendar.soldiers_relieved", 0.5, 0.2, 1.0, A_MONTH, LOGUNIFORM, JUDGEMENT, CHOSEN, "How much sooner soldiers leave a police force that has been reformed."),
    Parameter("calendar.partner_leadership", 0.3, 0.0, 0.6, "share", UNIFORM, JUDGEMENT, CHOSEN, "Effect lost with leaders who are not credible."),
    Parameter("calendar.partner_clean", 0.5, 0.0, 0.8, "share", UNIFORM, JUDGEMENT, CHOSEN, "Effect lost with a partner in illicit trade."),
    Parameter("calendar.partner_no_party", 0.25, 0.0, 0.6, "share", UNIFORM, JUDGEMENT, CHOSEN, "Effect lost with a partner who wears a party's colour."),
    Parameter("calendar.partner_no_violence", 0.4, 0.0, 0.8, "share", UNIFORM, JUDGEMENT, CHOSEN, "Effect lost with a partner who uses violence."),
    Parameter("calendar.partner_no_rivalry", 0.35, 0.0, 0.7, "share", UNIFORM, JUDGEMENT, CHOSEN, "Effect lost with a rival of criminal groups."),
    Parameter("calendar.partner_trusted", 0.4, 0.0, 0.8, "share", UNIFORM, JUDGEMENT, CHOSEN, "Effect lost with a messenger nobody trusts."),
    Parameter("calendar.partner_age_gap", 0.2, 0.0, 0.5, "share", UNIFORM, JUDGEMENT, CHOSEN, "Effect lost with people too young to lead or too old to be heard."),
    Parameter("calendar.erosion_months", 36.0, 12.0, 72.0, "months", LOGUNIFORM, JUDGEMENT, FORM, "Time after which redistribution without business support has eroded in full."),
    Parameter("calendar.own_command", 0.25, 0.05, 0.45, "share per step", LOGUNIFORM, JUDGEMENT, FORM, "Share of orders that a police force carries out whatever its alignment: once under joint command, twice under city command."),
    Parameter("calendar.settling_speed", 0.02, 0.01, 0.05, A_MONTH, LOGUNIFORM, JUDGEMENT, FORM, "Lowest speed at which references follow their drivers during the burn-in."),
)
