"""Parameters of `sim.processes.trafficking`: who is trafficked in, where people are held, who escapes and who is found."""

from __future__ import annotations

from sim.parameters.declaration import A_MONTH, CHOSEN, FORM, JUDGEMENT, LITERATURE, LOGUNIFORM, UNIFORM, Parameter

__all__ = ["PARAMETERS"]

PARAMETERS = (
    Parameter("trafficking.intake_rate", 4.5e-05, 1.0e-05, 1.6e-04, "per month and resident", LOGUNIFORM, JUDGEMENT, "traffic.held", "People trafficked into a city of middling integrity and poverty, with an ordinary number of newcomers."),
    Parameter("trafficking.newcomers_share", 0.6, 0.3, 0.9, "share", UNIFORM, JUDGEMENT, "traffic.migrants", "Share of people trafficked in the ordinary city who arrived and were not included; the rest grew up in the city."),
    Parameter("trafficking.ordinary_newcomers", 0.05, 0.02, 0.1, "share of residents", LOGUNIFORM, JUDGEMENT, FORM, "Newcomers of a year and displaced people without ties across groups, in a city where as many are trafficked as the rate says."),
    Parameter("trafficking.honest_integrity", 0.95, 0.9, 1.0, "integrity", UNIFORM, JUDGEMENT, FORM, "Integrity at which no official can be bought by those who traffic people."),
    Parameter("trafficking.officials_on_newcomers", 0.6, 0.2, 1.0, "share", UNIFORM, JUDGEMENT, CHOSEN, "Share of trafficking of newcomers that needs officials who are bought."),
    Parameter("trafficking.poverty_floor", 0.5, 0.2, 1.0, "share", LOGUNIFORM, JUDGEMENT, FORM, "Trafficking where nobody is deprived, added to the share of the deprived."),
    Parameter("trafficking.venues_weight", 0.3, 0.15, 0.5, "weight", LOGUNIFORM, JUDGEMENT, "traffic.held", "Pull of venues on those who traffic people."),
    Parameter("trafficking.worksites_weight", 0.6, 0.3, 0.8, "weight", LOGUNIFORM, JUDGEMENT, "traffic.held", "Pull of worksites on those who traffic people, where half of the work is informal."),
    Parameter("trafficking.gangs_weight", 0.2, 0.05, 0.5, "weight", LOGUNIFORM, JUDGEMENT, "traffic.forms", "Pull of gangs that hold a place entirely on those who traffic people."),
    Parameter("trafficking.venue_rules_on_holding", 0.7, 0.3, 0.9, "share", UNIFORM, JUDGEMENT, CHOSEN, "Share of holding people in licensed venues that licences with inspection prevent."),
    Parameter("trafficking.moved_elsewhere", 0.5, 0.2, 0.8, "share", UNIFORM, JUDGEMENT, CHOSEN, "Share of people kept out of licensed venues by rules who are held elsewhere instead."),
    Parameter("trafficking.escape_rate", 0.04, 0.02, 0.08, A_MONTH, LOGUNIFORM, JUDGEMENT, "traffic.duration", "Monthly hazard that a held person escapes or is let go."),
    Parameter("trafficking.control_on_escape", 0.4, 0.1, 0.8, "share", UNIFORM, JUDGEMENT, CHOSEN, "Fall of escapes where gangs, to whom debts are owed, control the place entirely."),
    Parameter("trafficking.drug_price_on_escape", 0.2, 0.0, 0.5, "elasticity", UNIFORM, JUDGEMENT, CHOSEN, "Rise of escapes with the price of drugs: cheap drugs bind held people."),
    Parameter("trafficking.report_rate", 0.002, 0.0005, 0.006, A_MONTH, LOGUNIFORM, JUDGEMENT, "traffic.found", "Monthly hazard that a held person is found through a report, where every crime is reported."),
    Parameter("trafficking.help_on_reports", 4.0, 1.0, 9.0, "ratio", LOGUNIFORM, JUDGEMENT, CHOSEN, "Further reports by held people and by those around, for each report now, where safe return is offered in full."),
    Parameter("trafficking.inspection_rate", 0.015, 0.004, 0.04, A_MONTH, LOGUNIFORM, JUDGEMENT, CHOSEN, "Monthly hazard that a held person is found by trained inspectors at full level, where nobody in the police is bought."),
    Parameter("trafficking.trafficked_again", 0.3, 0.05, 0.5, "share", LOGUNIFORM, JUDGEMENT, "traffic.again", "Share of people who escape or are found without help who are trafficked again."),
    Parameter("trafficking.safe_return_on_again", 0.7, 0.3, 0.9, "share", UNIFORM, JUDGEMENT, "traffic.again", "Share of being trafficked again that safe return, with shelter and work, prevents."),
    Parameter("trafficking.rent_in_venues", 80.0, 20.0, 250.0, "rent per share of residents", LOGUNIFORM, JUDGEMENT, "traffic.profits", "Rent from people held in venues, added to the rent of the venue market."),
    Parameter("trafficking.rent_by_gangs", 15.0, 4.0, 60.0, "rent per share of residents", LOGUNIFORM, JUDGEMENT, "traffic.profits", "Rent from people held by gangs."),
    Parameter("trafficking.female_share_venues", 0.78, 0.6, 0.95, "share", UNIFORM, LITERATURE, "traffic.held", "Women and girls among people held in venues."),
    Parameter("trafficking.female_share_worksites", 0.35, 0.2, 0.5, "share", UNIFORM, LITERATURE, "traffic.held", "Women and girls among people held at worksites."),
    Parameter("trafficking.female_share_gangs", 0.2, 0.05, 0.4, "share", UNIFORM, JUDGEMENT, "traffic.forms", "Women and girls among people held by gangs."),
    Parameter("trafficking.child_share_venues", 0.27, 0.15, 0.4, "share", UNIFORM, LITERATURE, "traffic.held", "Children among people held in venues."),
    Parameter("trafficking.child_share_worksites", 0.08, 0.03, 0.2, "share", UNIFORM, LITERATURE, "traffic.held", "Children among people held at worksites."),
    Parameter("trafficking.child_share_gangs", 0.5, 0.25, 0.75, "share", UNIFORM, JUDGEMENT, "traffic.forms", "Children among people held by gangs."),
)
