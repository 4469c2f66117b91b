"""Parameters of `sim.processes.markets`: illicit markets: organising, levies and entry."""

from __future__ import annotations

from sim.parameters.declaration import A_MONTH, CHOSEN, FORM, JUDGEMENT, LOGIT, LOGUNIFORM, UNIFORM, Parameter

__all__ = ["PARAMETERS"]

PARAMETERS = (
    Parameter("markets.market_speed", 0.04, 0.02, 0.08, A_MONTH, LOGUNIFORM, JUDGEMENT, CHOSEN, "Monthly speed at which actors organise and venues move."),
    Parameter("markets.rent_on_organisation", 2.5, 1.0, 4.0, "logit per log", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of the organisation of market actors with illicit rents."),
    Parameter("markets.rules_on_organisation", 2.4, 0.0, 4.0, LOGIT, UNIFORM, JUDGEMENT, "reg.transport", "Effect of early rules against the organising of market actors."),
    Parameter("markets.organisation_persistence", 0.25, 0.1, 1.0, "ratio", LOGUNIFORM, JUDGEMENT, CHOSEN, "Speed at which market actors disband, against the speed at which market actors organise."),
    Parameter("markets.levy_limit", 0.6, 0.3, 0.9, "share of rents", UNIFORM, JUDGEMENT, CHOSEN, "Largest share of rents that the holder of turf can take."),
    Parameter("markets.levy_half_domination", 0.25, 0.1, 0.5, "domination", LOGUNIFORM, JUDGEMENT, CHOSEN, "Domination at which half of the largest levy is taken."),
    Parameter("markets.rules_on_levies", 0.5, 0.2, 0.8, "share", LOGUNIFORM, JUDGEMENT, "reg.transport", "Fall of levies with transport rules where actors are not organised."),
    Parameter("markets.rules_on_market_violence", 1.0, 0.3, 2.0, "log", LOGUNIFORM, JUDGEMENT, "reg.transport", "Violence over rules where market actors are organised."),
    Parameter("markets.licences_on_levies", 0.5, 0.2, 0.8, "share", LOGUNIFORM, JUDGEMENT, "reg.permits_integrity_local", "Fall of levies on licensed venues with licences."),
    Parameter("markets.venue_displacement_share", 0.15, 0.0, 0.4, "share", UNIFORM, JUDGEMENT, CHOSEN, "Share of venue trade that moves to unlicensed venues under full rules."),
    Parameter("markets.unlicensed_share", 0.2, 0.05, 0.5, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Unlicensed part of venue trade in the ordinary city."),
    Parameter("markets.gang_power_unorganised", 0.5, 0.1, 1.0, "share", LOGUNIFORM, JUDGEMENT, FORM, "Power of a gang over a market whose actors are not organised."),
    Parameter("markets.closure_half_domination", 0.25, 0.1, 0.5, "domination", LOGUNIFORM, JUDGEMENT, FORM, "Domination at which a market is half closed to entrants."),
    Parameter("markets.closure_uncontrolled", 0.5, 0.1, 0.9, "share", LOGUNIFORM, JUDGEMENT, FORM, "Closing of a market to entrants without any gang control."),
    Parameter("markets.entry_violence_ratio", 0.5, 0.1, 1.0, "ratio", LOGUNIFORM, JUDGEMENT, FORM, "Violence at market entry against assassinations."),
    Parameter("markets.unincentivised_rules_on_entry_violence", 2.0, 0.0, 4.0, "per share", UNIFORM, JUDGEMENT, FORM, "Rise of violence at market entry under rules without incentives."),
)
