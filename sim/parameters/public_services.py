"""Parameters of `sim.processes.public_services`: what each service weighs, what it costs, how it is cut and mended."""

from __future__ import annotations

from sim.parameters.declaration import CHOSEN, JUDGEMENT, LOGUNIFORM, UNIFORM, Parameter

__all__ = ["PARAMETERS"]

PARAMETERS = (
    Parameter("public_services.weight_water", 1.0, 0.3, 2.0, "weight", LOGUNIFORM, JUDGEMENT, CHOSEN, "Weight of water and sanitation in the reach of services."),
    Parameter("public_services.weight_waste", 1.0, 0.3, 2.0, "weight", LOGUNIFORM, JUDGEMENT, CHOSEN, "Weight of waste collection in the reach of services."),
    Parameter("public_services.weight_clinic", 1.0, 0.3, 2.0, "weight", LOGUNIFORM, JUDGEMENT, CHOSEN, "Weight of clinics in the reach of services."),
    Parameter("public_services.weight_school", 1.0, 0.3, 2.0, "weight", LOGUNIFORM, JUDGEMENT, CHOSEN, "Weight of schools in the reach of services."),
    Parameter("public_services.weight_justice", 1.0, 0.3, 2.0, "weight", LOGUNIFORM, JUDGEMENT, CHOSEN, "Weight of courts, legal aid and police posts in the reach of services."),
    Parameter("public_services.weight_transport", 1.0, 0.3, 2.0, "weight", LOGUNIFORM, JUDGEMENT, CHOSEN, "Weight of public transport in the reach of services."),
    Parameter("public_services.justice_share_in_legitimacy", 0.6, 0.2, 0.9, "share", UNIFORM, JUDGEMENT, "gov.medellin_combo_leads", "Share of justice in what services do for trust in the state and for the acceptance of armed groups, who offer order more than anything else."),
    Parameter("public_services.price_on_reach", 0.3, 0.1, 0.6, "elasticity per share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Fall of the reach of a service with its price, in a place that is entirely deprived."),
    Parameter("public_services.scarcity_on_price", 1.0, 0.3, 3.0, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of the price of a service that is cut entirely: what vendors ask for the rest."),
    Parameter("public_services.measures_on_cuts", 0.6, 0.2, 0.9, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Share of a cut that a measure at full level makes good."),
    Parameter("public_services.far_homes_on_reach", 0.8, 0.4, 1.0, "share", UNIFORM, JUDGEMENT, "res.homes_far_away", "Share of residents of new homes far from schools or public transport whom neither reaches."),
    Parameter("public_services.clinics_on_care", 0.6, 0.1, 1.0, "share", LOGUNIFORM, JUDGEMENT, "viol.trauma_distance", "Share of emergency care that is lost to residents who lose their clinic."),
)
