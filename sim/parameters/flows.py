"""Parameters of `sim.processes.flows`: what passes through the city and what it is worth."""

from __future__ import annotations

from sim.parameters.declaration import CHOSEN, JUDGEMENT, LOGUNIFORM, UNIFORM, Parameter

__all__ = ["PARAMETERS"]

PARAMETERS = (
    Parameter("flows.supply_elasticity", 1.0, 0.5, 2.0, "elasticity", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of illicit supply with price."),
    Parameter("flows.demand_elasticity", 0.6, 0.3, 0.9, "elasticity", UNIFORM, JUDGEMENT, CHOSEN, "Fall of demand with price; below 1, scarcity raises rents of retail."),
    Parameter("flows.seizure_share", 0.12, 0.05, 0.25, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Share of supply seized in the ordinary city."),
    Parameter("flows.patrol_on_seizure", 0.3, 0.0, 0.8, "share", UNIFORM, JUDGEMENT, CHOSEN, "Rise of seizures under full patrol."),
    Parameter("flows.recording_half_integrity", 0.5, 0.1, 0.8, "integrity", LOGUNIFORM, JUDGEMENT, CHOSEN, "Integrity at which half of what is seized is recorded."),
    Parameter("flows.rent_weight_drugs", 0.55, 0.4, 0.7, "share of rents", UNIFORM, JUDGEMENT, CHOSEN, "Weight of drugs in illicit rents."),
    Parameter("flows.rent_weight_transport", 0.26, 0.15, 0.35, "share of rents", UNIFORM, JUDGEMENT, "reg.transport", "Weight of levies on transport in illicit rents."),
    Parameter("flows.rent_weight_goods", 0.15, 0.08, 0.25, "share of rents", UNIFORM, JUDGEMENT, CHOSEN, "Weight of counterfeit and illicit goods in illicit rents."),
    Parameter("flows.rent_weight_firearms", 0.04, 0.02, 0.08, "share of rents", LOGUNIFORM, JUDGEMENT, CHOSEN, "Weight of the trade in firearms in illicit rents."),
    Parameter("flows.rent_weight_venues", 0.1, 0.03, 0.2, "share of rents", LOGUNIFORM, JUDGEMENT, CHOSEN, "Weight of night life in illicit rents."),
    Parameter("flows.transit_toll", 0.15, 0.05, 0.4, "share of retail value", LOGUNIFORM, JUDGEMENT, CHOSEN, "Toll on drugs that pass through on their way elsewhere."),
    Parameter("flows.unlicensed_venue_loss", 0.3, 0.0, 0.6, "share", UNIFORM, JUDGEMENT, CHOSEN, "Share of trade lost by unlicensed venues."),
)
