"""Parameters of `sim.processes.community_groups` and `delivery_by_groups`: what groups decide, do and deliver."""

from __future__ import annotations

from sim.parameters.declaration import A_MONTH, CHOSEN, FORM, JUDGEMENT, LITERATURE, LOGUNIFORM, UNIFORM, Parameter

__all__ = ["PARAMETERS"]

PARAMETERS = (
    Parameter("community_groups.delivery_by_groups", 1.0, 0.5, 1.0, "share", UNIFORM, JUDGEMENT, CHOSEN, "Share of a measure for community groups that nobody else can deliver."),
    Parameter("community_groups.delivery_limit", 1.2, 1.05, 1.5, "share", LOGUNIFORM, JUDGEMENT, FORM, "Most of a measure that any number of able groups delivers in a place, where ordinary groups deliver 1."),
    Parameter("community_groups.adjacent_groups_weight", 0.3, 0.1, 0.6, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Share of the work of a group that reaches an adjacent neighbourhood too."),
    Parameter("community_groups.own_agency_reach", 0.35, 0.1, 0.6, "share", LOGUNIFORM, JUDGEMENT, "int.targeting", "Share of what community groups leave undone that an agency of its own delivers of a measure."),
    Parameter("community_groups.ordinary_capacity", 0.4, 0.2, 0.6, "share", UNIFORM, JUDGEMENT, CHOSEN, "Capacity of an ordinary community group, on the scale of city files."),
    Parameter("community_groups.serving_on_joining", 0.15, 0.03, 0.35, "log hazard per share", LOGUNIFORM, JUDGEMENT, "eng.community_nonprofits", "Fall of joining with what community groups do for youths, against ordinary groups."),
    Parameter("community_groups.serving_on_disputes", 0.12, 0.03, 0.25, "log rate per share", LOGUNIFORM, LITERATURE, "eng.community_nonprofits", "Fall of killings in disputes with what community groups do, against ordinary groups; half of what was found for murder of all kinds."),
    Parameter("community_groups.telling_on_tips", 0.15, 0.03, 0.4, "logit per share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of reporting with what community groups tell, against ordinary groups."),
    Parameter("community_groups.warning_on_tips", 0.5, 0.2, 0.8, "share", UNIFORM, JUDGEMENT, CHOSEN, "What a warning to residents does for tips, against a report to the police."),
    Parameter("community_groups.mediation_on_retaliation", 0.08, 0.02, 0.16, "share", LOGUNIFORM, LITERATURE, "res.interruption_retaliation", "Fall of retaliation with an ordinary group of interrupters who step in without a programme; half of what a programme does."),
    Parameter("community_groups.volunteer_turnover", 0.035, 0.02, 0.06, A_MONTH, LOGUNIFORM, LITERATURE, "eng.volunteer_retention", "Share of volunteers of a community group who are replaced."),
    Parameter("community_groups.connectedness_on_volunteers", 3.0, 1.0, 6.0, "log per share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of new volunteers with connectedness of residents."),
    Parameter("community_groups.money_on_volunteers", 0.3, 0.1, 0.8, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of new volunteers with a doubling of the money of a group."),
    Parameter("community_groups.threat_on_volunteers", 1.5, 0.5, 4.0, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of the loss of volunteers with threats against a group."),
    Parameter("community_groups.fear_on_volunteers", 1.0, 0.3, 3.0, "share per share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of the loss of volunteers with fear above the ordinary."),
    Parameter("community_groups.load_on_volunteers", 0.2, 0.05, 0.5, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of the loss of volunteers with measures that groups deliver: burnout."),
    Parameter("community_groups.governance_on_threat", 0.5, 0.2, 0.9, "share per share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Threat to a group with rule by armed groups, whatever the group does."),
    Parameter("community_groups.reports_on_threat", 0.8, 0.2, 1.5, "share per share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Threat to a group with rule by armed groups, as far as the group has reported."),
    Parameter("community_groups.partners_on_threat", 0.3, 0.1, 0.8, "share per share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Threat to a group with rule by armed groups, as far as the group works with the state."),
    Parameter("community_groups.threat_speed", 0.15, 0.05, 0.4, A_MONTH, LOGUNIFORM, JUDGEMENT, FORM, "Speed at which threats against a group rise and fade."),
    Parameter("community_groups.load_on_partners", 0.3, 0.1, 0.9, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "How far measures that a group delivers make up for trust in the state that is lacking, in its work with the state."),
    Parameter("community_groups.partners_speed", 0.05, 0.02, 0.1, A_MONTH, LOGUNIFORM, JUDGEMENT, FORM, "Speed at which a group begins or ends work with the state."),
    Parameter("community_groups.gangs_on_capture", 0.6, 0.2, 1.0, "share per share", LOGUNIFORM, JUDGEMENT, CHOSEN, "How far a group without any independence is bought by armed groups where armed groups rule."),
    Parameter("community_groups.politics_on_capture", 0.4, 0.1, 0.8, "share per share", LOGUNIFORM, JUDGEMENT, CHOSEN, "How far a group without any independence is bought by politics where nobody is honest."),
    Parameter("community_groups.capture_speed", 0.03, 0.01, 0.08, A_MONTH, LOGUNIFORM, JUDGEMENT, FORM, "Speed at which a group is bought or freed."),
    Parameter("community_groups.warning_base", -1.2, -2.5, 0.0, "logit", UNIFORM, JUDGEMENT, FORM, "Chance that a group warns residents in a month, against that of serving."),
    Parameter("community_groups.violence_on_warning", 0.5, 0.1, 1.5, "logit per log", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of warnings by a group with violence."),
    Parameter("community_groups.reporting_base", -2.5, -4.0, -1.0, "logit", UNIFORM, JUDGEMENT, FORM, "Chance that a group reports in a month without trust in the police, against that of serving."),
    Parameter("community_groups.police_legitimacy_on_reporting", 2.0, 0.5, 4.0, "logit per share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of reports by a group with trust in the police."),
    Parameter("community_groups.partners_on_reporting", 1.0, 0.3, 2.0, "logit per share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of reports by a group with its work with the state."),
    Parameter("community_groups.silence_base", -2.0, -3.5, -1.0, "logit", UNIFORM, JUDGEMENT, FORM, "Chance that a group stays silent in a month without threat and fear, against that of serving."),
    Parameter("community_groups.threat_on_silence", 3.0, 1.0, 6.0, "logit per share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of silence with threats against a group."),
    Parameter("community_groups.fear_on_silence", 1.0, 0.3, 3.0, "logit per share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of silence of a group with fear of residents."),
    Parameter("community_groups.credibility_on_silence", 1.0, 0.3, 2.0, "logit per share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Fall of silence of a group with the trust of residents in the group."),
    Parameter("community_groups.volunteers_on_silence", 0.5, 0.1, 1.5, "logit per share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Fall of silence of a group with more volunteers."),
    Parameter("community_groups.activity_memory_speed", 0.1, 0.05, 0.3, A_MONTH, LOGUNIFORM, JUDGEMENT, FORM, "Speed at which effects of what a group does begin and fade."),
    Parameter("community_groups.fewest_volunteers", 0.5, 0.3, 0.7, "share", UNIFORM, JUDGEMENT, CHOSEN, "Volunteers, against an ordinary group, below which a group may end."),
    Parameter("community_groups.ending_rate", 0.05, 0.01, 0.15, A_MONTH, LOGUNIFORM, JUDGEMENT, CHOSEN, "Rate at which a group without any volunteers ends."),
    Parameter("community_groups.founding_rate", 0.03, 0.01, 0.08, A_MONTH, LOGUNIFORM, JUDGEMENT, CHOSEN, "Rate at which a group that ended is founded again where residents hold together entirely; twice that with programme money."),
    Parameter("community_groups.volunteers_at_founding", 0.5, 0.3, 1.0, "share", UNIFORM, JUDGEMENT, FORM, "Volunteers, against an ordinary group, with whom a group is founded."),
    Parameter("community_groups.work_limit", 2.0, 1.5, 3.0, "ratio", UNIFORM, JUDGEMENT, FORM, "Most that a group does against its ordinary work, and groups of a place against ordinary groups."),
)
