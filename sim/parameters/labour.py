"""Parameters of `sim.processes.labour`: business, jobs and what youths do all day."""

from __future__ import annotations

from sim.parameters.declaration import (
    A_MONTH,
    CHOSEN,
    FIT,
    FORM,
    JUDGEMENT,
    LITERATURE,
    LOGIT,
    LOGUNIFORM,
    UNIFORM,
    Parameter,
)

__all__ = ["PARAMETERS"]

PARAMETERS = (
    Parameter("labour.business_speed", 0.03, 0.015, 0.06, A_MONTH, LOGUNIFORM, JUDGEMENT, FIT, "Monthly speed at which business answers its conditions."),
    Parameter("labour.jobs_speed", 0.06, 0.03, 0.12, A_MONTH, LOGUNIFORM, JUDGEMENT, FIT, "Monthly speed at which jobs follow business."),
    Parameter("labour.workforce_speed", 0.015, 0.0, 0.03, A_MONTH, UNIFORM, JUDGEMENT, "gang.workers_follow_jobs", "Monthly speed at which people go where posts are."),
    Parameter("labour.extortion_on_business", 1.0, 0.3, 2.0, "log per share", LOGUNIFORM, LITERATURE, "ext.firm_closure", "Loss of business from extortion."),
    Parameter("labour.fear_on_business", 0.4, 0.1, 0.8, "log per share", LOGUNIFORM, JUDGEMENT, FIT, "Loss of business from fear."),
    Parameter("labour.district_on_business", 0.08, 0.02, 0.15, "log", LOGUNIFORM, LITERATURE, "eng.bid_ppp", "Gain of business from an improvement district."),
    Parameter("labour.activity_review_rate", 0.05, 0.03, 0.1, A_MONTH, UNIFORM, JUDGEMENT, FIT, "Share of youths whose activity is drawn again."),
    Parameter("labour.idleness_base", -1.6, -2.2, -1.0, LOGIT, UNIFORM, JUDGEMENT, FIT, "Youths with neither school nor work, at zero deprivation."),
    Parameter("labour.deprivation_on_idleness", 1.6, 1.0, 2.2, "logit per share", UNIFORM, JUDGEMENT, FIT, "Rise of idleness with deprivation."),
    Parameter("labour.jobs_on_idleness", 2.0, 1.0, 3.0, "logit per log", UNIFORM, LITERATURE, "gang.join_labour_elasticity", "Fall of idleness with jobs."),
    Parameter("labour.risk_on_idleness", 0.3, 0.1, 0.5, "logit per SD", LOGUNIFORM, JUDGEMENT, FIT, "Rise of idleness with risk: at school before 18, of the person after."),
    Parameter("labour.school_quality_on_dropping_out", 1.5, 0.3, 3.0, "logit per share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Fall of dropping out before 18 with better schools than deprivation suggests."),
    Parameter("labour.unsettled_newcomers_on_idleness", 1.0, 0.0, 2.0, "logit per share", UNIFORM, JUDGEMENT, "viol.newcomers", "Rise of idleness with newcomers who are not settled and find no work."),
    Parameter("labour.prison_record_on_idleness", 0.5, 0.2, 1.0, LOGIT, LOGUNIFORM, LITERATURE, "enf.juvenile_incarceration", "Effect of a prison record on idleness."),
    Parameter("labour.training_on_idleness", 1.0, 0.4, 1.8, LOGIT, LOGUNIFORM, LITERATURE, "res.employment_training_high_risk", "Effect of training on idleness."),
    Parameter("labour.compact_on_business", 0.3, 0.0, 0.8, "log per share", UNIFORM, JUDGEMENT, CHOSEN, "Gain of business outside walls from shared money, per share of residents within walls."),
    Parameter("labour.cooperation_on_business", 0.1, 0.0, 0.3, "log per share", UNIFORM, JUDGEMENT, CHOSEN, "Gain of business from business-government cooperation."),
    Parameter("labour.damage_on_business", 0.5, 0.1, 1.0, "share per share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Share of new firms that damage prevents."),
    Parameter("labour.inclusion_on_business", 1.0, 0.2, 2.0, "log per share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Gain of business from newcomers who are settled: work, purchases and firms."),
    Parameter("labour.upgrading_on_idleness", 0.3, 0.1, 0.6, LOGIT, LOGUNIFORM, JUDGEMENT, "res.slum_upgrade_transit", "Fall of idleness with the work, schools and transport that come with upgraded homes."),
    Parameter("labour.schools_on_attendance", 0.4, 0.1, 0.8, "share", LOGUNIFORM, JUDGEMENT, "res.school_reach", "Share of students who stop attending where their school is lost; the others find another."),
    Parameter("labour.far_homes_on_posts", 0.1, 0.03, 0.25, "share", LOGUNIFORM, JUDGEMENT, "res.homes_far_away", "Share of posts out of reach for residents of new homes far from work."),
    Parameter("labour.transport_on_posts", 0.15, 0.05, 0.4, "share", LOGUNIFORM, JUDGEMENT, "res.transport_to_jobs", "Share of posts out of reach for residents who lose public transport."),
    Parameter("labour.compact_share_of_district_gain", 0.3, 0.0, 0.6, "share", UNIFORM, JUDGEMENT, FORM, "Share of a district's gain for its business that a compact takes."),
    Parameter("labour.idleness_ratio_under_14", 0.1, 0.02, 0.3, "ratio", LOGUNIFORM, JUDGEMENT, FORM, "Idleness under 14 against idleness of adults."),
    Parameter("labour.idleness_ratio_14_to_15", 0.45, 0.2, 0.8, "ratio", LOGUNIFORM, JUDGEMENT, FORM, "Idleness at 14 and 15 against idleness of adults."),
    Parameter("labour.study_share_16_to_18", 0.5, 0.2, 0.8, "share", LOGUNIFORM, JUDGEMENT, FORM, "Youths of 16 to 18 at school among those not idle, in the worst schools."),
    Parameter("labour.study_share_19_to_23", 0.5, 0.2, 0.8, "share", LOGUNIFORM, JUDGEMENT, FORM, "Youths of 19 to 23 in education among those not idle, at complete school quality."),
    Parameter("labour.study_share_24_and_over", 0.05, 0.01, 0.15, "share", LOGUNIFORM, JUDGEMENT, FORM, "Youths from 24 on in education among those not idle."),
)
