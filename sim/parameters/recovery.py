"""Parameters of `sim.processes.recovery`: damage, repair, services, homes and trauma."""

from __future__ import annotations

from sim.parameters.declaration import A_MONTH, CHOSEN, FORM, JUDGEMENT, LITERATURE, LOGUNIFORM, UNIFORM, Parameter

__all__ = ["PARAMETERS"]

PARAMETERS = (
    Parameter("recovery.repair_speed", 0.06, 0.02, 0.15, A_MONTH, LOGUNIFORM, JUDGEMENT, CHOSEN, "Monthly speed of repair in the ordinary neighbourhood."),
    Parameter("recovery.preparedness_on_damage", 0.4, 0.1, 0.7, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Share of damage that preparedness prevents."),
    Parameter("recovery.preparedness_on_repair", 0.5, 0.1, 1.0, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Gain in the speed of repair from preparedness."),
    Parameter("recovery.preparedness_speed", 0.05, 0.02, 0.1, A_MONTH, LOGUNIFORM, JUDGEMENT, CHOSEN, "Monthly speed at which a city becomes prepared."),
    Parameter("recovery.care_on_repair", 0.6, 0.1, 1.2, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Gain in the speed of repair from the care measure."),
    Parameter("recovery.care_on_trauma", 1.0, 0.2, 2.0, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Gain in the speed at which trauma heals from the care measure."),
    Parameter("recovery.care_on_emergency_care", 0.3, 0.1, 0.6, "share of the gap to 1", LOGUNIFORM, JUDGEMENT, CHOSEN, "Gain in emergency care from the care measure."),
    Parameter("recovery.rebuilding_on_services", 0.8, 0.2, 1.5, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Gain of services from a well-governed recovery."),
    Parameter("recovery.rebuilding_months", 60.0, 24.0, 120.0, "months", LOGUNIFORM, JUDGEMENT, CHOSEN, "Mean time for which the gain from a well-governed recovery lasts."),
    Parameter("recovery.damage_on_trauma", 0.6, 0.2, 1.0, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Trauma caused by damage."),
    Parameter("recovery.attack_on_trauma", 0.5, 0.1, 1.0, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Trauma caused by attacks."),
    Parameter("recovery.raid_on_trauma", 0.5, 0.1, 1.0, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Trauma caused by raids."),
    Parameter("recovery.trauma_months", 36.0, 12.0, 72.0, "months", LOGUNIFORM, JUDGEMENT, CHOSEN, "Mean time in which trauma heals."),
    Parameter("recovery.epidemic_on_care", 0.5, 0.1, 0.9, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Share of emergency care that an epidemic takes up."),
    Parameter("recovery.epidemic_on_police_capacity", 0.3, 0.1, 0.6, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Share of police capacity tied up by an epidemic."),
    Parameter("recovery.damage_on_police_capacity", 0.5, 0.1, 0.9, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Share of police capacity tied up by disaster damage."),
    Parameter("recovery.measure_on_services", 0.6, 0.2, 0.9, "share of the gap to 1", LOGUNIFORM, JUDGEMENT, CHOSEN, "Gain of services from the full measure."),
    Parameter("recovery.services_speed", 0.05, 0.02, 0.1, A_MONTH, LOGUNIFORM, JUDGEMENT, CHOSEN, "Monthly speed at which the reach of services changes."),
    Parameter("recovery.housing_on_services", 0.1, 0.0, 0.3, "share of the gap to 1", UNIFORM, JUDGEMENT, CHOSEN, "Gain of services from upgraded homes."),
    Parameter("recovery.housing_speed", 0.03, 0.015, 0.06, A_MONTH, LOGUNIFORM, LITERATURE, "res.slum_upgrade_transit", "Monthly speed at which homes are upgraded and held."),
    Parameter("recovery.settling_speed", 0.05, 0.02, 0.12, A_MONTH, LOGUNIFORM, JUDGEMENT, CHOSEN, "Monthly speed at which newcomers settle."),
    Parameter("recovery.inclusion_on_settling", 2.0, 0.5, 4.0, "ratio", LOGUNIFORM, JUDGEMENT, CHOSEN, "Gain in the speed of settling from inclusion."),
    Parameter("recovery.inclusion_months", 60.0, 24.0, 120.0, "months", LOGUNIFORM, JUDGEMENT, CHOSEN, "Mean time for which settled newcomers count as a gain."),
    Parameter("recovery.unsettled_arrival_share", 0.5, 0.2, 0.9, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Share of additional newcomers who arrive unsettled."),
    Parameter("recovery.service_capture_half", 0.01500625, 0.0016, 0.0625, "fourth power of domination", LOGUNIFORM, JUDGEMENT, FORM, "Fourth power of the domination at which armed groups take half of the credit for services; .35 to the fourth."),
    Parameter("recovery.damage_without_deprivation", 0.5, 0.2, 1.0, "share", LOGUNIFORM, JUDGEMENT, FORM, "Damage to a neighbourhood without deprivation, before deprivation is added."),
    Parameter("recovery.repair_without_efficacy", 0.5, 0.2, 1.0, "ratio", LOGUNIFORM, JUDGEMENT, FORM, "Speed of repair without cohesion, before cohesion is added."),
    Parameter("recovery.repair_without_services", 0.5, 0.2, 1.0, "ratio", LOGUNIFORM, JUDGEMENT, FORM, "Speed of repair without services, before services are added."),
    Parameter("recovery.preparedness_on_care", 0.5, 0.1, 1.0, "ratio", LOGUNIFORM, JUDGEMENT, FORM, "Protection of care and police by preparedness against protection from damage."),
    Parameter("recovery.damage_on_care", 0.5, 0.1, 0.9, "share", LOGUNIFORM, JUDGEMENT, FORM, "Loss of emergency care with damage."),
    Parameter("recovery.care_need_steepness", 3.0, 1.0, 6.0, "per share", LOGUNIFORM, JUDGEMENT, FORM, "Steepness with which damage, trauma and epidemics call for emergency care."),
    Parameter("recovery.services_on_inclusion", 0.5, 0.1, 1.0, "share", LOGUNIFORM, JUDGEMENT, FORM, "Inclusion of newcomers by services."),
    Parameter("recovery.training_on_inclusion", 0.5, 0.1, 1.0, "share", LOGUNIFORM, JUDGEMENT, FORM, "Inclusion of newcomers by training."),
    Parameter("recovery.settling_without_bridging", 0.2, 0.05, 0.5, "share", LOGUNIFORM, JUDGEMENT, FORM, "Settling of newcomers without ties between communities."),
)
