"""Parameters of `sim.processes.substance_use`: who starts, who comes to depend, who stops, and what follows from it."""

from __future__ import annotations

from sim.parameters.declaration import CHOSEN, FORM, HAZARD, JUDGEMENT, LITERATURE, LOGUNIFORM, UNIFORM, Parameter

__all__ = ["PARAMETERS"]

PARAMETERS = (
    Parameter("substance_use.level_ratio", 1.0, 0.5, 2.0, "ratio", LOGUNIFORM, JUDGEMENT, "use.level", "Drug use against the level that the city file says; at 0 nobody uses drugs."),
    Parameter("substance_use.starting_age_peak", 18.0, 16.0, 19.0, "years", UNIFORM, LITERATURE, "use.transition", "Age at which starting to use drugs peaks."),
    Parameter("substance_use.starting_age_spread", 3.5, 2.5, 5.0, "years", UNIFORM, JUDGEMENT, FORM, "Spread of the ages at which youths start to use drugs."),
    Parameter("substance_use.peers_on_starting", 1.0, 0.4, 2.0, HAZARD, LOGUNIFORM, JUDGEMENT, CHOSEN, "Largest rise of starting with peers who use drugs."),
    Parameter("substance_use.peers_half_effect", 2.0, 1.0, 4.0, "peers", UNIFORM, JUDGEMENT, FORM, "Peers who use drugs at which half of the largest effect of such peers is reached."),
    Parameter("substance_use.home_violence_on_starting", 0.4, 0.1, 0.8, HAZARD, LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of starting with violence at home."),
    Parameter("substance_use.risk_on_starting", 0.3, 0.1, 0.6, "log hazard per SD", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of starting with risk at four levels."),
    Parameter("substance_use.female_on_starting", 0.35, 0.0, 0.8, HAZARD, UNIFORM, JUDGEMENT, "use.level", "Lower starting of girls and women."),
    Parameter("substance_use.gang_on_starting", 1.2, 0.5, 1.8, HAZARD, LOGUNIFORM, JUDGEMENT, "use.gang_members", "Rise of starting for members of gangs."),
    Parameter("substance_use.supply_on_starting", 0.2, 0.05, 0.5, "elasticity", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of starting with the drugs that come to a place."),
    Parameter("substance_use.price_on_starting", 0.3, 0.1, 0.8, "elasticity", LOGUNIFORM, JUDGEMENT, CHOSEN, "Fall of starting with the local price of drugs."),
    Parameter("substance_use.dependence_rate", 0.025, 0.01, 0.06, "per year", LOGUNIFORM, LITERATURE, "use.transition", "Yearly hazard of coming to depend on drugs, for a user outside gangs."),
    Parameter("substance_use.gang_on_dependence", 0.9, 0.3, 1.5, HAZARD, LOGUNIFORM, JUDGEMENT, "use.gang_members", "Rise of coming to depend on drugs for members of gangs."),
    Parameter("substance_use.stopping_rate", 0.2, 0.1, 0.35, "per year", LOGUNIFORM, JUDGEMENT, CHOSEN, "Yearly hazard of stopping, for a user who does not depend on drugs."),
    Parameter("substance_use.recovery_rate", 0.1, 0.05, 0.2, "per year", LOGUNIFORM, LITERATURE, "use.remission", "Yearly hazard of recovering from dependence at the ordinary reach of treatment."),
    Parameter("substance_use.treatment_on_recovery", 0.7, 0.2, 1.3, HAZARD, LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of recovering for a dependent user who comes into treatment."),
    Parameter("substance_use.treatment_reach", 0.4, 0.2, 0.6, "share", LOGUNIFORM, JUDGEMENT, "use.treatment_gap", "Share of dependent users without treatment whom treatment at full level reaches."),
    Parameter("substance_use.ordinary_treatment", 0.2, 0.05, 0.4, "share", LOGUNIFORM, LITERATURE, "use.treatment_gap", "Share of dependent users who are in treatment in the ordinary city."),
    Parameter("substance_use.prevention_on_starting", 0.15, 0.0, 0.3, "share", UNIFORM, LITERATURE, "use.school_prevention", "Share of starting under 18 that prevention at full level averts."),
    Parameter("substance_use.dependence_on_robberies", 0.25, 0.1, 0.45, "share", UNIFORM, JUDGEMENT, "use.drug_robbery", "Share of robberies in the ordinary city that dependent users commit for money for drugs."),
    Parameter("substance_use.treatment_on_robberies", 0.28, 0.1, 0.55, "share", LOGUNIFORM, LITERATURE, "use.treatment_crime", "Fall of robbery by a dependent user during treatment."),
    Parameter("substance_use.demand_under_thirty", 0.5, 0.3, 0.7, "share", UNIFORM, JUDGEMENT, CHOSEN, "Share of the retail demand for drugs that youths of 10 to 29 make up."),
    Parameter("substance_use.dependent_consumption", 5.0, 3.0, 10.0, "ratio", LOGUNIFORM, JUDGEMENT, CHOSEN, "What a dependent user buys against a user who does not depend on drugs."),
    Parameter("substance_use.reference_rows", 100.0, 30.0, 300.0, "rows", LOGUNIFORM, JUDGEMENT, FORM, "Rows of the whole city that a place borrows in counting its users, so that few rows do not make noise."),
)
