"""What each lever does where: which process reads it, and what there is then more or less of.

A process that reads a lever has its link here, and each link here is read: `tests/sim/test_lever_links.py` compares this
table with the syntax tree of the processes and names whatever is missing on either side. Effects are causes or effects of
mechanisms (`sim.mechanisms`), from where they go on, or outcomes (`sim.outcomes`, with blanks for underscores); the sign
of those on outcomes is looked at in a run. How much a lever does is a parameter of the process; whether a measure raises
the lever at all depends on its conditions.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

__all__ = ["LEVER_LINKS", "LeverLink"]


class LeverLink(NamedTuple):
    """One effect of a lever: the more of it, the more (+) or less (-) there is of the effect, by way of one process."""

    process: str
    lever: str
    sign: Literal["+", "-"]
    effect: str


def _read_by(process: str, *arrows: str) -> tuple[LeverLink, ...]:
    """Return the links of a process, each written as "lever + effect" or "lever - effect"."""
    found = []
    for arrow in arrows:
        lever, sign, effect = arrow.split(" ", 2)
        found.append(LeverLink(process, lever, "+" if sign == "+" else "-", effect))
    return tuple(found)


LEVER_LINKS: tuple[LeverLink, ...] = (
    *_read_by(
        "policy_delivery",
        "hot_spot_patrol - killing",
        "hot_spot_patrol - robbery",
        "improvement_district + disputes",  # next door
        "city_wardens + robbery",  # next door
        "military_deployment + soldiers",
    ),
    *_read_by(
        "police_units",
        "officers_cut - officers",
    ),
    *_read_by(
        "safety_fund",
        "safety_fund + fund money",
        "closed_board - fund money",
        "closed_board + leakage",
    ),
    *_read_by(
        "truces",
        "broken_promises - truce",
        "raid - truce",
        "mass_arrests - truce",
        "leader_removal - truce",
    ),
    *_read_by(
        "flows",
        "flow_people + flows",
        "flow_drugs + flows",
        "flow_transport + flows",
        "flow_ideas + flows",
        "flow_money + flows",
        "flow_firearms + flows",
        "flow_goods + flows",
    ),
    *_read_by(
        "markets",
        "transport_rules - levies",
        "transport_rules - organised markets",
        "rules_without_incentives + violence at entry",
        "venue_rules - levies",
        "venue_rules + unlicensed",
    ),
    *_read_by(
        "labour",
        "improvement_district + business",
        "shared_security_compact + business",
        "slump - business",
        "housing_jobs - idle youths",
    ),
    *_read_by(
        "demography",
        "early_childhood_support - personal risk",
        "slum_clearance + evictions",
    ),
    *_read_by(
        "recruitment",
        "mothers_groups - joining",
        "safe_spaces - joining",
        "early_referral - joining",
        "criminalisation + joining",
        "flow_ideas + joining",
        "flow_ideas + ideological groups",
        "reintegration + exits",
        "stigmatisation - exits",
        "group_transformation + exits",
    ),
    *_read_by(
        "control",
        "military_deployment + state presence",
    ),
    *_read_by(
        "changes",
        "misidentification + cohesion of gangs",
        "leader_removal + leader loss",
    ),
    *_read_by(
        "group_conflict",
        "contested_election + division",
        "contested_election + communal killing",
    ),
    *_read_by(
        "rivalry",
        "focused_deterrence - rivalry",
        "violence_interruption - rivalry",
        "women_mediators - rivalry",
        "group_transformation - rivalry",
        "truce - rivalry",
        "raid + rivalry",
        "mass_arrests + rivalry",
        "detention_without_term - rivalry",
        "military_deployment - killing",
    ),
    *_read_by(
        "carrying",
        "carry_checks - guns carried",
    ),
    *_read_by(
        "disputes",
        "liquor_hours - disputes",
        "security_rules - disputes",
        "public_space - disputes",
        "public_space - robbery",
        "city_wardens - disputes",
        "city_wardens - robbery",
        "women_mediators - disputes",
        "improvement_district - disputes",
        "shared_security_compact - disputes",
    ),
    *_read_by(
        "home",
        "mothers_groups - violence at home",
        "safe_spaces - violence at home",
    ),
    *_read_by(
        "homicide",
        "attack + communal killing",
        "raid + police killings",
        "military_deployment + police killings",
    ),
    *_read_by(
        "riots",
        "prison_riot + killing",
    ),
    *_read_by(
        "extortion",
        "housing_allocation - housing allocated by gangs",
        "truce + extortion",
    ),
    *_read_by(
        "justice",
        "investigation + clearance",
        "community_watch + reporting",
        "community_watch + people filmed",
        "community_watch + reports held",
        "community_policing + reporting",
        "community_policing - abuse",  # by fewer raids
        "media_campaign + reporting",
        "early_referral + reporting",
        "criminalisation - reporting",
        "diversion - arrests",
        "mass_arrests + arrests",
        "mass_arrests + abuse",
        "detention_without_term + prisoners",
        "raid + arrests",
        "raid + abuse",
        "military_deployment + abuse",
        "show_of_force + abuse",
        "untrained_wardens + abuse",
        "compulsory_treatment + abuse",
        "focused_deterrence - abuse",
        "prison_riot + cohesion of gangs",
    ),
    *_read_by(
        "recovery",
        "disaster_damage + damage",
        "preparedness - damage",
        "care_after_shock - damage",
        "care_after_shock - trauma",
        "care_after_shock + emergency care",
        "attack + trauma",
        "raid + trauma",
        "epidemic - emergency care",
        "basic_services + services",
        "basic_services - newcomers",
        "housing_upgrading + services",
        "housing_upgrading + homes with a title",
        "secure_tenure + homes with a title",
        "homes_far_from_work - jobs",
        "homes_far_from_schools - school reach",
        "homes_far_from_transport - transport reach",
        "community_policing + services",  # with a say of residents, credit goes to who brings them
        "military_deployment + services",
        "participation + services",
        "participation - newcomers",
        "job_training - newcomers",
        "influx + newcomers",
        "flow_people + newcomers",
    ),
    *_read_by(
        "public_services",
        "cut_water - water reach",
        "cut_waste - waste reach",
        "cut_clinic - clinic reach",
        "cut_school - school reach",
        "cut_justice - justice reach",
        "cut_transport - transport reach",
        "basic_services + water reach",  # a cut that it mends, as for all below
        "basic_services + clinic reach",
        "basic_services + justice reach",
        "housing_upgrading + water reach",
        "housing_upgrading + waste reach",
        "public_space + waste reach",
        "care_after_shock + clinic reach",
        "early_childhood_support + school reach",
        "housing_jobs + school reach",
        "housing_jobs + transport reach",
        "transport_rules + transport reach",
    ),
    *_read_by(
        "substance_use",
        "drug_prevention - drug use",
        "drug_treatment - dependence",
    ),
    *_read_by(
        "trafficking",
        "venue_rules - trafficked people",
        "finding_trafficked - trafficked people",
        "safe_return - trafficked people",
        "punishing_victims - victims reporting",
    ),
    *_read_by(
        "community",
        "community_policing + police legitimacy",
        "community_policing + state legitimacy",
        "community_watch + police legitimacy",
        "focused_deterrence + police legitimacy",
        "city_wardens - fear",
        "broken_promises - police legitimacy",
        "broken_promises - state legitimacy",
        "culture_of_lawfulness + state legitimacy",
        "media_campaign + state legitimacy",
        "participation + state legitimacy",
        "participation + collective efficacy",
        "participation + bridging",
        "closer_ties + close ties",
        "women_mediators + collective efficacy",
        "improvement_district + collective efficacy",
        "improvement_district - bridging",
        "shared_security_compact + bridging",
        "witness_protection + testimony",
        "basic_services + criminal legitimacy",  # as far as an armed group takes the credit
        "partner_capture + criminal legitimacy",
        "partner_capture - credibility of groups",
        "flow_money - credibility of groups",
    ),
    *_read_by(
        "programmes",
        "after_school_places - joining",
        "job_training + exits",
        "work_alone - exits",
        "local_delivery + exits",
    ),
    *_read_by(
        "government",
        "permit_integrity + integrity",
        "firearms_control - guns",
        "flow_firearms + guns",
        "flow_money + laundering",
        "building_rules - laundering",
        "fee_transparency - permit bribes",
        "truce + grievance of gangs",
        "joint_forum + police follow the city",
        "lobbying + police follow the city",
        "business_cooperation + linkage",
        "contested_election + grievance",
        "participation - grievance",
        "police_reform - abuse",
        "inquiry_follow_through - abuse",
        "improvement_district + walls",
    ),
    *_read_by(
        "outcome_recorder",
        "improvement_district + enclaves",
        "liquor_hours - venue violence",
        "security_rules - venue violence",
        "military_deployment + soldiers",
        "police_oversight + complaints",
        "carry_checks + people stopped",
        "mass_arrests + people stopped",
        "military_deployment + people stopped",
    ),
)
