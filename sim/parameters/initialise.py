"""Parameters of `sim.processes.initialise`: how a city file is completed and where its residents begin."""

from __future__ import annotations

from sim.parameters.declaration import CHOSEN, FORM, JUDGEMENT, LITERATURE, LOGUNIFORM, UNIFORM, Parameter

__all__ = ["PARAMETERS"]

PARAMETERS = (
    Parameter("initialise.poverty_at_full_deprivation", 0.55, 0.35, 0.9, "share", UNIFORM, JUDGEMENT, CHOSEN, "Share of residents in poverty that counts as complete deprivation."),
    Parameter("initialise.unemployment_at_full_deprivation", 0.30, 0.15, 0.5, "share", UNIFORM, JUDGEMENT, CHOSEN, "Unemployment rate that counts as complete deprivation."),
    Parameter("initialise.low_schooling_at_full_deprivation", 0.55, 0.35, 0.9, "share", UNIFORM, JUDGEMENT, CHOSEN, "Share of adults without secondary school that counts as complete deprivation."),
    Parameter("initialise.weight_poverty", 0.35, 0.2, 0.6, "weight", UNIFORM, JUDGEMENT, "r with homicide .79 in Chicago", "Weight of poverty in deprivation."),
    Parameter("initialise.weight_unemployment", 0.6, 0.2, 0.8, "weight", LOGUNIFORM, JUDGEMENT, "r with homicide .82 in Chicago", "Weight of unemployment in deprivation."),
    Parameter("initialise.weight_schooling", 0.05, 0.0, 0.4, "weight", UNIFORM, JUDGEMENT, "the weakest of the three in Chicago", "Weight of missing schooling in deprivation."),
    Parameter("initialise.deprivation_on_efficacy", -1.5, -2.5, 0.0, "logit per share", UNIFORM, LITERATURE, "viol.collective_efficacy", "Change of cohesion within a neighbourhood with its deprivation, before the burn-in."),
    Parameter("initialise.deprivation_on_state_legitimacy", -1.2, -2.5, 0.0, "logit per share", UNIFORM, JUDGEMENT, CHOSEN, "Change of trust in the state with deprivation, before the burn-in."),
    Parameter("initialise.deprivation_on_police_legitimacy", -1.2, -2.5, 0.0, "logit per share", UNIFORM, JUDGEMENT, CHOSEN, "Change of trust in the police with deprivation, before the burn-in."),
    Parameter("initialise.deprivation_on_criminal_legitimacy", 1.5, 0.0, 2.5, "logit per share", UNIFORM, JUDGEMENT, CHOSEN, "Change of the acceptance of armed groups with deprivation, before the burn-in."),
    Parameter("initialise.deprivation_on_fear", 1.5, 0.0, 2.5, "logit per share", UNIFORM, JUDGEMENT, CHOSEN, "Change of fear with deprivation, before the burn-in."),
    Parameter("initialise.deprivation_on_testimony", -0.8, -2.0, 0.0, "logit per share", UNIFORM, JUDGEMENT, CHOSEN, "Change of testimony with deprivation, before the burn-in."),
    Parameter("initialise.deprivation_on_reporting", -0.6, -2.0, 0.0, "logit per share", UNIFORM, JUDGEMENT, CHOSEN, "Change of reporting with deprivation, before the burn-in."),
    Parameter("initialise.deprivation_on_abuse", 1.0, 0.0, 2.0, "logit per share", UNIFORM, JUDGEMENT, CHOSEN, "Change of police abuse with deprivation, before the burn-in."),
    Parameter("initialise.tenure_on_efficacy", 0.5, 0.0, 1.2, "logit per share", UNIFORM, JUDGEMENT, CHOSEN, "Change of cohesion within a neighbourhood with secure tenure, before the burn-in."),
    Parameter("initialise.tenure_on_state_legitimacy", 0.5, 0.0, 1.2, "logit per share", UNIFORM, JUDGEMENT, CHOSEN, "Change of trust in the state with secure tenure, before the burn-in."),
    Parameter("initialise.supply_on_criminal_legitimacy", 1.0, 0.2, 2.5, "logit per share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Change of the acceptance of armed groups with the share of services that armed groups supply, before the burn-in."),
    Parameter("initialise.groups_on_bridging", -0.3, -1.0, 0.0, "logit per share", UNIFORM, JUDGEMENT, CHOSEN, "Change of cohesion between neighbourhoods where identity groups meet, before the burn-in."),
    Parameter("initialise.inequality_base", 0.38, 0.2, 0.5, "share", UNIFORM, JUDGEMENT, FORM, "Inequality derived for a neighbourhood without deprivation, where a file gives none."),
    Parameter("initialise.inequality_slope", 0.1, 0.0, 0.3, "share per share", UNIFORM, JUDGEMENT, FORM, "Rise of derived inequality with deprivation."),
    Parameter("initialise.in_migration_base", 0.04, 0.01, 0.1, "share a year", LOGUNIFORM, JUDGEMENT, FORM, "Newcomers derived for a neighbourhood without deprivation, where a file gives none."),
    Parameter("initialise.in_migration_slope", 0.04, 0.0, 0.1, "share a year per share", UNIFORM, JUDGEMENT, FORM, "Rise of derived newcomers with deprivation."),
    Parameter("initialise.informality_base", 0.1, 0.0, 0.3, "share", UNIFORM, JUDGEMENT, FORM, "Informality derived for a neighbourhood without deprivation, where a file gives none."),
    Parameter("initialise.informality_slope", 0.5, 0.1, 0.7, "share per share", LOGUNIFORM, JUDGEMENT, FORM, "Rise of derived informality with deprivation."),
    Parameter("initialise.services_base", 0.95, 0.8, 1.0, "share", UNIFORM, JUDGEMENT, FORM, "Services derived for a neighbourhood without deprivation, where a file gives none."),
    Parameter("initialise.services_slope", 0.4, 0.1, 0.7, "share per share", LOGUNIFORM, JUDGEMENT, FORM, "Fall of derived services with deprivation."),
    Parameter("initialise.school_base", 0.8, 0.7, 1.0, "share", UNIFORM, JUDGEMENT, FORM, "School quality derived for a neighbourhood without deprivation, where a file gives none."),
    Parameter("initialise.school_slope", 0.5, 0.2, 0.7, "share per share", UNIFORM, JUDGEMENT, FORM, "Fall of derived school quality with deprivation."),
    Parameter("initialise.family_base", 0.15, 0.05, 0.3, "share", LOGUNIFORM, JUDGEMENT, FORM, "Family disruption derived for a neighbourhood without deprivation, where a file gives none."),
    Parameter("initialise.family_slope", 0.4, 0.1, 0.6, "share per share", LOGUNIFORM, JUDGEMENT, FORM, "Rise of derived family disruption with deprivation."),
    Parameter("initialise.informality_on_tenure", 0.8, 0.4, 1.0, "share per share", UNIFORM, JUDGEMENT, FORM, "Fall of derived secure tenure with informality."),
    Parameter("initialise.newcomers_at_full_turnover", 0.15, 0.08, 0.3, "share a year", UNIFORM, JUDGEMENT, FORM, "Newcomers that count as complete turnover in social disorganisation."),
    Parameter("initialise.officers_per_100000", 300.0, 80.0, 900.0, "officers per 100 000 residents", LOGUNIFORM, LITERATURE, "just.police_per_100000", "Police officers in a city that gives no figure: the middle country of the world in 2006."),
    Parameter("initialise.police_share_of_killings", 0.1, 0.03, 0.4, "share per share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of the derived share of killings that are by police with police abuse, where a file gives no level."),
    Parameter("initialise.police_share_on_raids", 5.0, 2.0, 10.0, "per share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of derived raids with the share of killings that are by police, where a file gives no level."),
    Parameter("initialise.hub_share", 0.5, 0.2, 0.9, "share", LOGUNIFORM, JUDGEMENT, FORM, "Share of a flow that follows the hubs and corridors of a city file."),
    Parameter("initialise.initial_control", 0.2, 0.1, 0.4, "share", LOGUNIFORM, JUDGEMENT, FORM, "Control of a gang in each of its home neighbourhoods before the burn-in."),
    Parameter("initialise.initial_control_adjacent", 0.05, 0.0, 0.15, "share", UNIFORM, JUDGEMENT, FORM, "Control of a gang next to its home neighbourhoods before the burn-in."),
    Parameter("initialise.initial_control_limit", 0.6, 0.3, 0.9, "share", UNIFORM, JUDGEMENT, FORM, "Largest control of all gangs together in a neighbourhood before the burn-in."),
    Parameter("initialise.initial_weapons", 0.5, 0.2, 0.8, "share", LOGUNIFORM, JUDGEMENT, FORM, "Weapons of gangs before the burn-in."),
    Parameter("initialise.initial_membership_slope", 2.0, 0.5, 4.0, "log per share", LOGUNIFORM, JUDGEMENT, FORM, "Rise of membership with deprivation before the burn-in."),
    Parameter("initialise.initial_idle_base", 0.1, 0.0, 0.2, "share", UNIFORM, JUDGEMENT, FORM, "Idle adults before the burn-in in a neighbourhood without deprivation."),
    Parameter("initialise.initial_idle_slope", 0.2, 0.0, 0.3, "share per share", UNIFORM, JUDGEMENT, FORM, "Rise of idle adults before the burn-in with deprivation."),
    Parameter("initialise.initial_idle_or_informal", 0.4, 0.2, 0.6, "share", UNIFORM, JUDGEMENT, FORM, "Adults idle or in informal work before the burn-in."),
)
