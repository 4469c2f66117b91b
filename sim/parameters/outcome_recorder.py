"""Parameters of `sim.processes.outcome_recorder`: what is recorded and the weights of the governance index."""

from __future__ import annotations

from sim.parameters.declaration import CHOSEN, FORM, JUDGEMENT, LITERATURE, LOGUNIFORM, UNIFORM, Parameter

__all__ = ["PARAMETERS"]

PARAMETERS = (
    Parameter("outcome_recorder.family_of_prisoner", 3.0, 1.5, 5.0, "people", LOGUNIFORM, JUDGEMENT, CHOSEN, "Children and parents of each prisoner aged 10-29."),
    Parameter("outcome_recorder.event_lethality", 0.18, 0.12, 0.3, "deaths per event", UNIFORM, LITERATURE, "viol.shooting_fatality", "Share of serious events that kill, with ordinary guns."),
    Parameter("outcome_recorder.independent_count_share", 0.7, 0.3, 0.95, "share", UNIFORM, JUDGEMENT, CHOSEN, "Share of unrecorded killings found by an independent count where everyone has a phone."),
    Parameter("outcome_recorder.contacts_with_police", 0.02, 0.005, 0.05, "per resident and year", LOGUNIFORM, JUDGEMENT, CHOSEN, "Contacts with the police open to complaint."),
    Parameter("outcome_recorder.stops_rate", 0.03, 0.005, 0.15, "per resident and year", LOGUNIFORM, JUDGEMENT, CHOSEN, "Stops and searches in the street where no measure asks for more."),
    Parameter("outcome_recorder.patrol_on_stops", 1.0, 0.0, 3.0, "share", UNIFORM, JUDGEMENT, CHOSEN, "Rise of stops with patrol at full dose."),
    Parameter("outcome_recorder.checks_on_stops", 3.0, 1.0, 10.0, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of stops where a ban on carrying is enforced every day."),
    Parameter("outcome_recorder.sweep_on_stops", 3.0, 1.0, 10.0, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of stops with mass arrests."),
    Parameter("outcome_recorder.soldiers_on_stops", 1.0, 0.0, 3.0, "share", UNIFORM, JUDGEMENT, CHOSEN, "Rise of stops with soldiers in the street."),
    Parameter("outcome_recorder.weight_protection", 1.0, 0.0, 3.0, "weight", UNIFORM, JUDGEMENT, "declared", "Weight of firms paying in the governance index."),
    Parameter("outcome_recorder.weight_territory", 1.0, 0.0, 3.0, "weight", UNIFORM, JUDGEMENT, "declared", "Weight of territory in the governance index."),
    Parameter("outcome_recorder.weight_closure", 1.0, 0.0, 3.0, "weight", UNIFORM, JUDGEMENT, "declared", "Weight of market closure in the governance index."),
    Parameter("outcome_recorder.weight_order", 1.0, 0.0, 3.0, "weight", UNIFORM, JUDGEMENT, "declared", "Weight of order in the governance index."),
    Parameter("outcome_recorder.oversight_on_complaints", 1.0, 0.3, 2.0, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of complaints with oversight that hears complaints."),
    Parameter("outcome_recorder.elderly_share_street", 0.03, 0.01, 0.06, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Share of the elderly among those killed in disputes."),
    Parameter("outcome_recorder.elderly_share_home", 0.1, 0.04, 0.2, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Share of the elderly among those killed at home."),
    Parameter("outcome_recorder.displaced_additional_risk", 0.5, 0.0, 1.5, "share", UNIFORM, JUDGEMENT, CHOSEN, "Additional risk of the displaced beyond their neighbours."),
    Parameter("outcome_recorder.male_share_youths", 0.93, 0.85, 0.98, "share", UNIFORM, JUDGEMENT, FORM, "Share of men among youths killed."),
    Parameter("outcome_recorder.strength_threshold", 0.5, 0.4, 0.6, "share", UNIFORM, JUDGEMENT, FORM, "Level at which connection and community count as half strong."),
    Parameter("outcome_recorder.strength_width", 0.05, 0.02, 0.15, "share", LOGUNIFORM, JUDGEMENT, FORM, "Softness of the edge at which connection and community count as strong."),
    Parameter("outcome_recorder.grievance_on_protest", 2.0, 0.5, 4.0, "log per share", LOGUNIFORM, JUDGEMENT, FORM, "Rise of protest with grievance and police abuse."),
    Parameter("outcome_recorder.guards_on_venue_violence_ratio", 2.0, 1.0, 4.0, "ratio", LOGUNIFORM, JUDGEMENT, FORM, "Effect of certified guards on violence at venues against all disputes."),
    Parameter("outcome_recorder.venue_violence_without_business", 0.5, 0.1, 0.9, "ratio", LOGUNIFORM, JUDGEMENT, FORM, "Violence at venues without any business, against the ordinary city."),
    Parameter("outcome_recorder.school_places_on_school_violence", 0.25, 0.05, 0.5, "share", LOGUNIFORM, JUDGEMENT, FORM, "Largest fall of violence at school with places after school."),
    Parameter("outcome_recorder.school_places_saturation", 0.3, 0.1, 0.6, "share of youths", LOGUNIFORM, JUDGEMENT, FORM, "Places after school at which the fall of violence at school is largest."),
    Parameter("outcome_recorder.street_on_school_violence", 0.3, 0.1, 0.6, "elasticity", LOGUNIFORM, JUDGEMENT, FORM, "Rise of violence at school with violence in the street."),
    Parameter("outcome_recorder.police_killings_uncounted", 0.8, 0.4, 1.0, "share", UNIFORM, JUDGEMENT, FORM, "Share of killings by police that the official count leaves out."),
    Parameter("outcome_recorder.recorded_share_without_reporting", 0.8, 0.4, 0.8, "share", UNIFORM, JUDGEMENT, FORM, "Share of killings recorded where nobody reports crime."),
    Parameter("outcome_recorder.reporting_on_recorded_share", 0.2, 0.0, 0.2, "share per share", UNIFORM, JUDGEMENT, FORM, "Rise of the share of killings recorded with reporting."),
)
