"""Parameters of `sim.processes.ledger`: what is recorded and the weights of the governance index."""

from __future__ import annotations

from sim.parameters.declaration import CHOSEN, JUDGEMENT, LITERATURE, LOGUNIFORM, UNIFORM, Parameter

__all__ = ["PARAMETERS"]

PARAMETERS = (
    Parameter("ledger.lethality", 0.18, 0.12, 0.3, "deaths per event", UNIFORM, LITERATURE, "viol.shooting_fatality", "Share of serious events that kill, with ordinary guns."),
    Parameter("ledger.observed", 0.7, 0.3, 0.95, "share", UNIFORM, JUDGEMENT, CHOSEN, "Share of unrecorded killings that an independent count finds where everyone can tell."),
    Parameter("ledger.complaints", 0.02, 0.005, 0.05, "per resident and year", LOGUNIFORM, JUDGEMENT, CHOSEN, "Contacts that could be complained about."),
    Parameter("ledger.weight_protection", 1.0, 0.0, 3.0, "weight", UNIFORM, JUDGEMENT, "declared", "Weight of firms paying in the governance index."),
    Parameter("ledger.weight_territory", 1.0, 0.0, 3.0, "weight", UNIFORM, JUDGEMENT, "declared", "Weight of territory in the governance index."),
    Parameter("ledger.weight_closure", 1.0, 0.0, 3.0, "weight", UNIFORM, JUDGEMENT, "declared", "Weight of market closure in the governance index."),
    Parameter("ledger.weight_order", 1.0, 0.0, 3.0, "weight", UNIFORM, JUDGEMENT, "declared", "Weight of order in the governance index."),
    Parameter("ledger.prison_year", 45_000.0, 1_800.0, 100_000.0, "US dollars a year", LOGUNIFORM, LITERATURE, "cost.inmate_year_us", "Cost of a prison place."),
    Parameter("ledger.complaints_heard", 1.0, 0.3, 2.0, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of complaints with oversight that hears complaints."),
    Parameter("ledger.elderly_street", 0.03, 0.01, 0.06, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Share of the elderly among those killed in disputes."),
    Parameter("ledger.elderly_home", 0.1, 0.04, 0.2, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Share of the elderly among those killed at home."),
    Parameter("ledger.displaced_risk", 0.5, 0.0, 1.5, "share", UNIFORM, JUDGEMENT, CHOSEN, "Additional risk of the displaced beyond their neighbours."),
)
