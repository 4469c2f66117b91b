"""Parameters of `sim.processes.justice`: clearance, arrest, prison and police conduct."""

from __future__ import annotations

from sim.parameters.declaration import (
    A_MONTH,
    CHOSEN,
    FIT,
    JUDGEMENT,
    LITERATURE,
    LOGIT,
    LOGUNIFORM,
    UNIFORM,
    Parameter,
)

__all__ = ["PARAMETERS"]

PARAMETERS = (
    Parameter("justice.clearance_testimony", 2.2, 1.0, 4.0, "logit per share", LOGUNIFORM, JUDGEMENT, FIT, "Rise of clearance with testimony."),
    Parameter("justice.clearance_integrity", 0.35, 0.1, 0.7, "logit per share", LOGUNIFORM, LITERATURE, "reg.integrity_anticorruption", "Rise of clearance with integrity."),
    Parameter("justice.clearance_reporting", 0.8, 0.2, 2.0, "logit per share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of clearance with reports of crime."),
    Parameter("justice.clearance_caseload", 0.5, 0.2, 0.8, "logit per log", LOGUNIFORM, LITERATURE, "enf.investigation_clearance_us", "Fall of clearance with the load of cases."),
    Parameter("justice.investigation_skill", 0.35, 0.2, 0.7, LOGIT, UNIFORM, LITERATURE, "enf.investigation_conviction_rct", "Rise of clearance with better investigation."),
    Parameter("justice.arrest_member", 0.006, 0.003, 0.012, A_MONTH, LOGUNIFORM, JUDGEMENT, "fitted to prison", "Monthly hazard of a member of arrest with a sentence."),
    Parameter("justice.arrest_other", 0.00025, 0.00012, 0.0005, A_MONTH, LOGUNIFORM, JUDGEMENT, "fitted to prison", "Monthly hazard of other males aged 14 or more of arrest with a sentence."),
    Parameter("justice.mass_arrest_member", 0.07, 0.035, 0.14, A_MONTH, LOGUNIFORM, LITERATURE, "enf.mano_dura_2003", "Members swept up in mass arrests."),
    Parameter("justice.mass_arrest_bystander", 0.003, 0.001, 0.006, "per month and share", LOGUNIFORM, LITERATURE, "enf.mano_dura_2003", "Others swept up in mass arrests."),
    Parameter("justice.sentence", 24.0, 12.0, 48.0, "months", LOGUNIFORM, JUDGEMENT, "fitted to prison", "Mean length of an ordinary sentence."),
    Parameter("justice.sentence_mass", 16.0, 8.0, 32.0, "months", LOGUNIFORM, LITERATURE, "enf.mano_dura_2003", "Mean time held in a mass arrest."),
    Parameter("justice.sentence_killing", 120.0, 60.0, 240.0, "months", LOGUNIFORM, JUDGEMENT, "just.homicide_time_served", "Mean sentence for a killing."),
    Parameter("justice.prison_joining", 0.003, 0.0, 0.01, A_MONTH, UNIFORM, LITERATURE, "prison.recruit_share", "Monthly chance that a prisoner joins a prison gang."),
    Parameter("justice.abuse_integrity", 3.0, 1.5, 4.5, "logit per share", UNIFORM, JUDGEMENT, FIT, "Fall of police abuse with integrity."),
    Parameter("justice.abuse_mass_arrest", 2.8, 1.4, 4.0, LOGIT, UNIFORM, LITERATURE, "enf.mano_dura_2003", "Rise of police abuse with mass arrests."),
    Parameter("justice.abuse_patrol", 0.24, 0.0, 0.5, LOGIT, UNIFORM, JUDGEMENT, FIT, "Rise of police abuse with patrol."),
    Parameter("justice.abuse_focused", 0.1, 0.0, 0.3, LOGIT, UNIFORM, LITERATURE, "enf.hotspots_with_procedural_justice", "Fall of police abuse with fair process."),
    Parameter("justice.abuse_speed", 0.3, 0.15, 0.6, A_MONTH, LOGUNIFORM, JUDGEMENT, FIT, "Monthly speed of police conduct."),
    Parameter("justice.reporting_police_legitimacy", 2.0, 0.8, 3.5, "logit per share", LOGUNIFORM, LITERATURE, "just.trust_to_report_slope", "Rise of reporting with trust in the police."),
    Parameter("justice.reporting_fear", 0.8, 0.2, 1.6, "logit per share", LOGUNIFORM, JUDGEMENT, FIT, "Fall of reporting with fear."),
    Parameter("justice.reporting_criminal_legitimacy", 1.0, 0.3, 2.0, "logit per share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Fall of reporting with the acceptance of armed groups."),
    Parameter("justice.reform_on_integrity", 0.6, 0.2, 0.8, "share of the gap to 1", LOGUNIFORM, JUDGEMENT, "time to effect: police reform", "Gain of the integrity of the force from reform."),
    Parameter("justice.reform_speed", 0.03, 0.01, 0.05, A_MONTH, LOGUNIFORM, JUDGEMENT, "time to effect: police reform", "Monthly speed of police reform."),
    Parameter("justice.abuse_soldiers", 0.6, 0.1, 1.2, LOGIT, LOGUNIFORM, LITERATURE, "enf.military_patrols", "Rise of police abuse with soldiers."),
    Parameter("justice.abuse_raid", 1.0, 0.3, 2.0, LOGIT, LOGUNIFORM, JUDGEMENT, "enf.police_raid_ban", "Rise of police abuse with raids."),
    Parameter("justice.abuse_findings", 0.5, 0.1, 1.0, LOGIT, LOGUNIFORM, JUDGEMENT, CHOSEN, "Fall of police abuse with findings that are carried out."),
    Parameter("justice.abuse_antagonism", 0.9, 0.0, 1.8, "logit per share", UNIFORM, JUDGEMENT, CHOSEN, "Rise of police abuse with distrust of the police."),
    Parameter("justice.watch_on_reporting", 0.5, 0.1, 1.0, LOGIT, LOGUNIFORM, JUDGEMENT, "eng.social_media_hotline", "Rise of reporting with community watch."),
    Parameter("justice.campaign_on_reporting", 0.1, 0.0, 0.3, LOGIT, UNIFORM, JUDGEMENT, "eng.social_media_hotline", "Rise of reporting with a campaign."),
    Parameter("justice.referral_on_tips", 0.3, 0.05, 0.7, LOGIT, LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of reporting by families and clinics with referral."),
    Parameter("justice.criminalise_on_tips", 0.6, 0.1, 1.2, LOGIT, LOGUNIFORM, JUDGEMENT, CHOSEN, "Fall of reporting by families and clinics where the child is punished."),
    Parameter("justice.clearance_diverted", 1.0, 0.2, 2.0, "logit per share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Fall of clearance with a force that is bound elsewhere."),
    Parameter("justice.diversion_share", 0.5, 0.2, 0.8, "share", LOGUNIFORM, JUDGEMENT, "res.restorative_reintegration", "Lesser cases that end without prison."),
    Parameter("justice.riot_deaths", 0.01, 0.001, 0.05, "share of prisoners", LOGUNIFORM, JUDGEMENT, CHOSEN, "Share of prisoners killed in a riot of size 1."),
    Parameter("justice.riot_knits", 0.15, 0.0, 0.4, "share", UNIFORM, JUDGEMENT, "prison.outside_control", "Gain of cohesion of the gangs that win a riot."),
)
