"""The mechanisms of the model, each of which can be switched off: what it does, what it links, what it drives.

A mechanism is off when the parameters that carry it stand at the value at which it does nothing; there is no flag in any
process. So a run without a mechanism is a run with other parameters, from the burn-in on: what the city is anchored to
follows, and what changes is how it answers to policies and shocks. Links are causes and effects with a sign; the picture
of the feedback loops is drawn from them. `drives` names the outcomes in which the lack of the mechanism shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

__all__ = ["MECHANISMS", "Link", "Mechanism", "find_mechanism", "switched_off"]


class Link(NamedTuple):
    """One arrow: more of the cause means more (+) or less (-) of the effect."""

    cause: str
    effect: str
    sign: Literal["+", "-"]


class Mechanism(NamedTuple):
    """One mechanism; `off` holds the values of its parameters at which it does nothing."""

    name: str
    rows: tuple[str, ...]
    title: str
    says: str
    process: str
    off: dict[str, float]
    links: tuple[Link, ...]
    drives: tuple[str, ...]


def _links(*arrows: str) -> tuple[Link, ...]:
    """Return links written as "cause + effect" or "cause - effect"."""
    found = []
    for arrow in arrows:
        sign: Literal["+", "-"] = "+" if " + " in arrow else "-"
        cause, effect = arrow.split(f" {sign} ")
        found.append(Link(cause, effect, sign))
    return tuple(found)


MECHANISMS: tuple[Mechanism, ...] = (
    Mechanism(
        "deprivation",
        ("E01",),
        "Risks of a neighbourhood",
        "Deprivation and disorganisation make youths join gangs and disputes turn violent; each makes the other worse.",
        "recruitment",
        {
            "recruitment.deprivation_on_joining": 0.0,
            "homicide.deprivation_on_disputes": 0.0,
            "homicide.disorganisation_on_disputes": 0.0,
        },
        _links("deprivation + joining", "deprivation + disputes", "deprivation - state presence"),
        ("dispute_homicide_rate", "gang_members"),
    ),
    Mechanism(
        "damage",
        ("E03",),
        "Shocks do damage",
        "Shocks damage homes, services and mental health, most where people are poor, and tie up the police.",
        "recovery",
        {
            "recovery.damage_on_trauma": 0.0,
            "recovery.attack_on_trauma": 0.0,
            "recovery.raid_on_trauma": 0.0,
            "recovery.damage_on_police_capacity": 0.0,
        },
        _links(
            "shock + damage",
            "damage - services",
            "damage - business",
            "damage + trauma",
            "trauma + disputes",
            "trauma + fear",
            "trauma - collective efficacy",
            "trauma + joining",
            "damage - clearance",
        ),
        ("trauma", "homicide_rate"),
    ),
    Mechanism(
        "recovery",
        ("E03", "E29"),
        "Recovery",
        "Cohesion, services, care and preparedness repair damage; a well-governed recovery improves on what was.",
        "recovery",
        {
            "recovery.care_on_repair": 0.0,
            "recovery.preparedness_on_repair": 0.0,
            "recovery.rebuilding_on_services": 0.0,
            "recovery.care_on_trauma": 0.0,
            "recovery.preparedness_on_damage": 0.0,
        },
        _links("collective efficacy - damage", "services - damage", "state legitimacy + services"),
        ("damage", "services"),
    ),
    Mechanism(
        "years",
        (),
        "Good and bad years",
        "Violence in a whole city rises and falls over years for reasons outside the model, alike under every policy.",
        "years",
        {"years.innovation": 0.0},
        _links("good and bad years + disputes", "good and bad years + rivalry"),
        ("homicide_rate",),
    ),
    Mechanism(
        "season",
        (),
        "Season",
        "In the warm months more people are outdoors, and more violence happens in public.",
        "years",
        {"years.temperature_on_violence": 0.0},
        _links("season + disputes", "season + rivalry", "season + robberies"),
        ("homicide_rate",),
    ),
    Mechanism(
        "newcomers",
        ("E04",),
        "Newcomers and their inclusion",
        "Newcomers without support strain a neighbourhood; settled newcomers work and spend there.",
        "recovery",
        {
            "homicide.unsettled_newcomers_on_disputes": 0.0,
            "community.unsettled_newcomers_on_bridging": 0.0,
            "labour.inclusion_on_business": 0.0,
        },
        _links("newcomers + disputes", "newcomers - bridging", "newcomers + business", "bridging - newcomers"),
        ("dispute_homicide_rate", "jobs"),
    ),
    Mechanism(
        "rents",
        ("E04", "E05", "E06"),
        "Rents",
        "Profits of illicit markets attract youths and finance gangs.",
        "flows",
        {"recruitment.rent_on_joining": 0.0, "gangs.rent_on_demand": 0.0},
        _links("flows + rents", "price + rents", "rents + joining", "rents + gang money", "gang money + joining"),
        ("recruits", "gang_members"),
    ),
    Mechanism(
        "organised-markets",
        ("E06", "E25"),
        "Markets organise",
        "Traders organise where profits grow; early regulation prevents that, late regulation is resisted with violence.",
        "markets",
        {"markets.rent_on_organisation": 0.0, "markets.rules_on_organisation": 0.0, "markets.rules_on_market_violence": 0.0},
        _links(
            "rents + organised markets",
            "organised markets + levies",
            "organised markets + violence at entry",
            "rules - organised markets",
            "levies + gang money",
        ),
        ("transport_levied", "transport_entry_violence"),
    ),
    Mechanism(
        "business-decay",
        ("E07",),
        "Extortion weakens business",
        "Where firms must pay extortion, fewer open and more close, and jobs are lost.",
        "labour",
        {"labour.extortion_on_business": 0.0, "labour.fear_on_business": 0.0},
        _links(
            "extortion - business",
            "extortion - state legitimacy",
            "extortion - collective efficacy",
            "fear - business",
            "business + jobs",
        ),
        ("business", "jobs"),
    ),
    Mechanism(
        "jobs",
        ("E07", "E28"),
        "Jobs",
        "Youths without work join gangs more often and leave them less; where jobs are lost, more disputes turn deadly.",
        "recruitment",
        {
            "recruitment.jobs_on_joining": 0.0,
            "recruitment.idleness_on_joining": 0.0,
            "recruitment.work_on_exit": 0.0,
            "labour.jobs_on_idleness": 0.0,
            "homicide.jobs_on_disputes": 0.0,
        },
        _links("jobs - joining", "jobs - idle youths", "idle youths + joining", "jobs + exits", "jobs - disputes"),
        ("recruits", "gang_members", "dispute_homicide_rate"),
    ),
    Mechanism(
        "workforce",
        (),
        "People go where the work is",
        "Where posts grow or are lost people come or go, so that the chance of finding one returns in some years.",
        "labour",
        {"labour.workforce_speed": 0.0},
        _links("business + workforce", "workforce - jobs"),
        ("jobs",),
    ),
    Mechanism(
        "births",
        ("E08",),
        "New gangs form",
        "Where the state is absent and no gang rules, a new gang forms.",
        "gangs",
        {"gangs.birth_chance": 0.0},
        _links("state presence - gangs", "gangs + control"),
        ("gangs",),
    ),
    Mechanism(
        "contest",
        ("E06", "E08"),
        "Contest for control",
        "Gangs and the state compete for control of each neighbourhood, by their strength.",
        "gangs",
        {"gangs.control_speed": 0.0},
        _links(
            "members + control",
            "control + joining",
            "state presence - control",
            "cohesion of gangs + control",
            "arms + control",
            "state legitimacy + state presence",
            "collective efficacy + state presence",
            "killing - members",
        ),
        ("gang_control",),
    ),
    Mechanism(
        "splits",
        ("E12",),
        "Gangs split",
        "Weak gangs split when they lose leaders or when money increases.",
        "gangs",
        {"gangs.split_chance": 0.0},
        _links("leader loss - cohesion of gangs", "cohesion of gangs - splits", "splits + rivalry"),
        ("splits", "gangs"),
    ),
    Mechanism(
        "money-and-kind",
        ("E12",),
        "Money and the kind of gang",
        "Money strengthens well-organised gangs, and loosens or splits weak ones.",
        "gangs",
        {"gangs.cohesion_gain_from_money": 0.0, "homicide.money_on_infighting": 0.0, "gangs.money_on_splits": 0.0},
        _links("gang money + cohesion of gangs", "gang money + infighting"),
        ("discipline_homicide_rate", "gang_cohesion"),
    ),
    Mechanism(
        "pact",
        ("E09",),
        "Pacts with the state",
        "Under a pact the state leaves a gang alone, which fights less and governs more; a breach brings violence back.",
        "rivalry",
        {
            "homicide.pact_on_attacks": 0.0,
            "homicide.pact_on_retaliation": 0.0,
            "government.pact_on_bribes": 0.0,
            "gangs.pact_on_state_strength": 0.0,
            "homicide.breach_on_attacks": 0.0,
            "gangs.pact_on_governing": 0.0,
            "gangs.truce_on_rivalry": 0.0,
            "gangs.truce_on_weapons": 0.0,
            "gangs.cohesion_gain_from_truce": 0.0,
        },
        _links(
            "pact - rivalry",
            "pact - state presence",
            "pact + services of gangs",
            "grievance of gangs + rivalry",
            "pact + grievance of gangs",
        ),
        ("gang_homicide_rate",),
    ),
    Mechanism(
        "truce-collapse",
        ("E09",),
        "Truces collapse",
        "A truce or pact may collapse, the sooner the older, the more promises are broken and the harder police strike.",
        "truces",
        {"gangs.truce_collapse_rate": 0.0, "gangs.pact_collapse_rate": 0.0},
        _links("broken promises - truce", "repression - truce", "truce - rivalry", "truce + grievance of gangs"),
        ("gang_homicide_rate",),
    ),
    Mechanism(
        "gang-services",
        ("E10",),
        "Services of armed groups",
        "Armed groups that provide services where the state does not become accepted.",
        "community",
        {"community.gang_services_on_criminal_legitimacy": 0.0},
        _links("services - services of gangs", "control + services of gangs", "services of gangs + criminal legitimacy"),
        ("criminal_legitimacy",),
    ),
    Mechanism(
        "criminal-legitimacy",
        ("E10",),
        "Acceptance of armed groups",
        "People who accept an armed group join it more often, and report and testify less.",
        "community",
        {"recruitment.criminal_legitimacy_on_joining": 0.0, "justice.criminal_legitimacy_on_reporting": 0.0},
        _links("criminal legitimacy + joining", "criminal legitimacy - reporting", "state legitimacy - criminal legitimacy"),
        ("reporting", "recruits"),
    ),
    Mechanism(
        "corruption",
        ("E11",),
        "Money corrupts officials",
        "Laundered money erodes the integrity of officials and buys political influence.",
        "government",
        {"government.dirty_money_on_integrity": 0.0, "community.bought_politics_on_state_legitimacy": 0.0},
        _links(
            "laundering - integrity",
            "integrity - bought politics",
            "laundering + bought politics",
            "bought politics - state legitimacy",
            "integrity - abuse",
            "integrity + clearance",
            "integrity - extortion",
        ),
        ("integrity", "state_legitimacy"),
    ),
    Mechanism(
        "leakage",
        ("E11",),
        "Measures leak",
        "With corrupt officials a measure costs more and achieves less, and part of the money ends up with gangs.",
        "policy_delivery",
        {"policy_delivery.leakage_share": 0.0, "gangs.rents_from_leakage": 0.0},
        _links("integrity - leakage", "leakage + gang money", "leakage - measures"),
        ("cost", "leakage"),
    ),
    Mechanism(
        "ideas",
        ("E13",),
        "Ideological groups",
        "Ideology and grievance recruit the same youths, for groups that make no pacts.",
        "recruitment",
        {
            "recruitment.ideas_on_joining": 0.0,
            "recruitment.ideas_on_choice": 0.0,
            "community.ideas_on_state_legitimacy": 0.0,
        },
        _links(
            "ideas + ideological groups",
            "grievance + ideological groups",
            "ideological groups + joining",
            "ideas - state legitimacy",
        ),
        ("ideological_members",),
    ),
    Mechanism(
        "prison",
        ("E14",),
        "Prisons strengthen gangs",
        "Members in prison hold their gang together outside, and prisoners are recruited.",
        "justice",
        {"gangs.cohesion_gain_from_prison": 0.0, "justice.prison_joining_chance": 0.0},
        _links("arrests + prisoners", "prisoners + cohesion of gangs", "prisoners + joining", "cohesion of gangs - exits"),
        ("gang_cohesion", "prison_recruits"),
    ),
    Mechanism(
        "incapacitation",
        ("E14",),
        "Prisoners are off the street",
        "Whoever is in prison begins no dispute and no robbery outside.",
        "homicide",
        {"homicide.youth_share_aggressors": 0.0},
        _links("prisoners - disputes", "prisoners - robbery"),
        ("dispute_homicide_rate", "robberies"),
    ),
    Mechanism(
        "provocation",
        ("E14",),
        "Sweeps provoke",
        "Where gangs hold the place and killings go unsolved, they answer mass arrests with attacks.",
        "rivalry",
        {"homicide.sweep_on_attacks": 0.0},
        _links("arrests + rivalry"),
        ("gang_homicide_rate",),
    ),
    Mechanism(
        "fear-of-arrest",
        ("E14",),
        "Fear of arrest",
        "Where members are seen to be arrested, fewer youths take their places.",
        "recruitment",
        {"recruitment.arrest_risk_on_joining": 0.0},
        _links("arrests - joining"),
        ("recruits",),
    ),
    Mechanism(
        "demand",
        ("E14",),
        "Lost members are replaced",
        "A gang with fewer members than its territory can pay recruits more.",
        "recruitment",
        {"recruitment.demand_on_joining": 0.0},
        _links("members - joining", "arrests - members", "joining + members", "exits - members"),
        ("recruits",),
    ),
    Mechanism(
        "guns-and-care",
        ("E15",),
        "Guns and emergency care",
        "More guns make more violent events deadly; emergency care makes fewer.",
        "rivalry",
        {"homicide.gun_stock_on_lethality": 0.0, "homicide.care_on_lethality": 0.0},
        _links("guns + lethality", "emergency care - lethality", "lethality + killing", "damage - emergency care"),
        ("homicide_rate",),
    ),
    Mechanism(
        "carrying",
        ("E15",),
        "Carrying of guns",
        "Where the police look for guns in the street, fewer people have one at hand and quarrels are less deadly.",
        "carrying",
        {"homicide.checks_on_carrying": 0.0},
        _links("guns carried + lethality"),
        ("carrying", "homicide_rate"),
    ),
    Mechanism(
        "child-recruits",
        ("E16",),
        "Children and cheap guns",
        "When guns are cheap, gangs recruit more children.",
        "recruitment",
        {"recruitment.cheap_guns_on_child_joining": 0.0, "recruitment.deprivation_on_child_joining": 0.0},
        _links("price of guns - children recruited", "children recruited + joining"),
        ("recruits_under_18",),
    ),
    Mechanism(
        "violence-at-home",
        ("E17",),
        "Home and street",
        "Stress makes homes violent, and children from violent homes join gangs later.",
        "homicide",
        {
            "homicide.services_on_home_violence": 0.0,
            "homicide.fear_on_home_violence": 0.0,
            "homicide.trauma_on_home_violence": 0.0,
            "recruitment.home_violence_on_joining": 0.0,
        },
        _links(
            "services - violence at home",
            "fear + violence at home",
            "jobs - violence at home",
            "trauma + violence at home",
            "violence at home + joining",
        ),
        ("domestic_violence",),
    ),
    Mechanism(
        "women-in-gangs",
        ("E17",),
        "Women and girls in gangs",
        "Women and girls join gangs less, and find leaving harder, most of all where the drug trade pays.",
        "recruitment",
        {"recruitment.female_on_exit": 0.0, "recruitment.drug_rent_on_female_exit": 0.0},
        _links("drug rents - exits of women"),
        ("female_exits", "female_members"),
    ),
    Mechanism(
        "bubbles",
        ("E18",),
        "Gated enclaves and districts",
        "Walls and guards reduce violence inside, move some of it next door, and divide the city.",
        "homicide",
        {
            "homicide.districts_on_adjacent_disputes": 0.0,
            "community.enclaves_on_bridging": 0.0,
            "community.district_on_bridging": 0.0,
        },
        _links("walls - disputes", "walls - bridging", "walls + business"),
        ("bridging",),
    ),
    Mechanism(
        "antagonism",
        ("E19",),
        "Police abuse and distrust",
        "Police abuse costs trust, and distrust leads to more abuse.",
        "justice",
        {"justice.distrust_on_abuse": 0.0, "community.abuse_on_police_legitimacy": 0.0, "recruitment.abuse_on_joining": 0.0},
        _links("abuse - police legitimacy", "police legitimacy - abuse", "abuse + joining", "abuse + criminal legitimacy"),
        ("police_legitimacy", "abuse"),
    ),
    Mechanism(
        "cohesion",
        ("E20",),
        "Collective efficacy",
        "Neighbours who would step in calm disputes, resist extortion and keep youths out of gangs.",
        "homicide",
        {
            "homicide.efficacy_on_disputes": 0.0,
            "recruitment.efficacy_on_joining": 0.0,
            "extortion.efficacy_on_extortion": 0.0,
        },
        _links(
            "collective efficacy - disputes",
            "collective efficacy - joining",
            "collective efficacy - extortion",
            "fear - collective efficacy",
            "police legitimacy + collective efficacy",
            "jobs + collective efficacy",
        ),
        ("dispute_homicide_rate", "extortion_share"),
    ),
    Mechanism(
        "uneven-income",
        ("E20",),
        "Even and uneven gains",
        "Jobs that come to some neighbourhoods and not to others divide the city.",
        "community",
        {"community.uneven_gains_on_bridging": 0.0, "community.jobs_on_efficacy": 0.0},
        _links("uneven jobs - bridging"),
        ("bridging", "collective_efficacy"),
    ),
    Mechanism(
        "isolation",
        ("E21",),
        "Connectedness",
        "Isolated youths, and places without support, contact and trust, are easier to recruit when illicit profits rise.",
        "recruitment",
        {"recruitment.isolation_on_joining": 0.0, "recruitment.connectedness_on_rent_pull": 0.0},
        _links(
            "bridging + connectedness",
            "collective efficacy + connectedness",
            "state legitimacy + connectedness",
            "connectedness - joining",
        ),
        ("recruits",),
    ),
    Mechanism(
        "testimony",
        ("E22",),
        "Testimony and clearance",
        "Solved cases bring witnesses, and witnesses solve cases.",
        "justice",
        {
            "justice.testimony_on_clearance": 0.0,
            "justice.reporting_on_clearance": 0.0,
            "community.clearance_on_testimony": 0.0,
        },
        _links(
            "testimony + clearance",
            "clearance + testimony",
            "clearance + arrests",
            "clearance + police legitimacy",
            "police legitimacy + reporting",
            "reporting + clearance",
            "fear - testimony",
            "police legitimacy + testimony",
            "criminal legitimacy - testimony",
        ),
        ("clearance", "testimony"),
    ),
    Mechanism(
        "deterrence",
        ("E22",),
        "Certainty of punishment deters",
        "Where more killings are solved, fewer happen and fewer firms are extorted.",
        "rivalry",
        {"homicide.certainty_on_violence": 0.0, "extortion.clearance_on_extortion": 0.0},
        _links("clearance - killing", "clearance - extortion", "killing - clearance"),
        ("homicide_rate",),
    ),
    Mechanism(
        "contagion",
        ("E23",),
        "Retaliation",
        "Killings lead to retaliation, between gangs within months and in the street within weeks.",
        "rivalry",
        {"homicide.retaliation_ratio": 0.0, "homicide.street_retaliation_ratio": 0.0},
        _links("killing + memory of killings", "memory of killings + killing", "rivalry + killing"),
        ("gang_homicide_rate",),
    ),
    Mechanism(
        "escalation",
        ("E23",),
        "Escalation",
        "Gangs answer more of their killings when cohesive, well armed, or no longer held back by a truce or pact.",
        "rivalry",
        {
            "homicide.cohesion_on_retaliation": 0.0,
            "homicide.weapons_on_retaliation": 0.0,
            "homicide.grievance_on_retaliation": 0.0,
        },
        _links(
            "cohesion of gangs + memory of killings",
            "arms + memory of killings",
            "grievance of gangs + memory of killings",
        ),
        ("gang_homicide_rate",),
    ),
    Mechanism(
        "war",
        ("E12", "E24"),
        "War between gangs and police",
        "Gangs let loose kill officers, police kill in answer, and gangs answer killings by police.",
        "war",
        {
            "homicide.attacks_on_officers_rate": 0.0,
            "homicide.officers_in_answer": 0.0,
            "homicide.police_killings_in_answer": 0.0,
        },
        _links(
            "grievance of gangs + killing of officers",
            "police killings + killing of officers",
            "killing of officers + police killings",
            "abuse + police killings",
        ),
        ("police_killings", "officer_homicide_rate", "homicide_rate"),
    ),
    Mechanism(
        "elections",
        ("E26",),
        "Elections",
        "Measures without results by election time may be ended.",
        "policy_delivery",
        {"policy_delivery.election_cancellation_chance": 0.0},
        _links("election - measures"),
        ("cost",),
    ),
    Mechanism(
        "wear",
        (),
        "Effects wear",
        "People become used to threats, and the practice of programmes drifts from what was tried.",
        "wear",
        {"policy_delivery.threat_wear_share": 0.0, "policy_delivery.practice_wear_share": 0.0},
        _links("months in force - measures"),
        ("homicide_rate",),
    ),
    Mechanism(
        "habituation",
        (),
        "Residents become used to violence",
        "Over years residents hold the violence around them for ordinary, and fear what is more than that.",
        "community",
        {"community.habituation_speed": 0.0},
        _links("killing + ordinary violence", "ordinary violence - fear"),
        ("fear",),
    ),
    Mechanism(
        "linkage",
        ("E27",),
        "Business supports the city",
        "Cooperation of business and government keeps redistribution from eroding and increases support for the state.",
        "government",
        {
            "policy_delivery.redistribution_erosion": 0.0,
            "policy_delivery.cooperation_on_funding": 0.0,
            "government.cooperation_on_alignment": 0.0,
            "community.cooperation_on_state_legitimacy": 0.0,
            "labour.cooperation_on_business": 0.0,
        },
        _links("linkage + measures", "linkage + state legitimacy", "linkage + business"),
        ("state_legitimacy",),
    ),
    Mechanism(
        "safety-fund",
        ("E27",),
        "Money pooled for safety",
        "What business and city offer grows with support and business; it helps to solve cases and fills up measures.",
        "safety_fund",
        {"safety_fund.offer_per_resident": 0.0},
        _links(
            "linkage + fund money",
            "business + fund money",
            "fund money + clearance",
            "fund money + measures",
        ),
        ("fund_money", "clearance"),
    ),
    Mechanism(
        "ownership",
        ("E28", "E29"),
        "Secure housing",
        "Upgraded homes with secure tenure bring cohesion and trust.",
        "community",
        {
            "community.secure_homes_on_efficacy": 0.0,
            "community.secure_homes_on_state_legitimacy": 0.0,
            "labour.upgrading_on_idleness": 0.0,
        },
        _links("homes with a title + collective efficacy", "homes with a title + state legitimacy"),
        ("collective_efficacy",),
    ),
    Mechanism(
        "services",
        ("E29", "E32"),
        "Services and who gets the credit",
        "Services increase trust in the state, unless an armed group takes the credit.",
        "community",
        {
            "community.services_on_state_legitimacy": 0.0,
            "community.services_on_criminal_legitimacy": 0.0,
            "community.captured_services_on_criminal_legitimacy": 0.0,
            "gangs.services_on_state_strength": 0.0,
        },
        _links(
            "services + state legitimacy",
            "services - criminal legitimacy",
            "control - state legitimacy",
            "services + state presence",
        ),
        ("state_legitimacy", "criminal_legitimacy"),
    ),
    Mechanism(
        "public-services",
        ("E42",),
        "Each public service by itself",
        "Homes without water are more violent, places without courts take the law into their own hands; clinics, schools, "
        "transport and waste collection have their own effects, and so has an armed group that supplies them.",
        "public_services",
        {
            "homicide.water_on_home_violence": 0.0,
            "homicide.justice_on_vigilantes": 0.0,
            "homicide.waste_on_street_violence": 0.0,
            "justice.courts_on_clearance": 0.0,
            "labour.schools_on_attendance": 0.0,
            "labour.transport_on_posts": 0.0,
            "public_services.clinics_on_care": 0.0,
            "extortion.supply_on_order": 0.0,
        },
        _links(
            "water - violence at home",
            "justice within reach - vigilantes",
            "justice within reach + clearance",
            "waste collection - disputes",
            "waste collection - robbery",
            "clinics + emergency care",
            "schools - idle youths",
            "transport to work + jobs",
            "services of gangs + order of gangs",
        ),
        ("domestic_violence", "vigilante_homicide_rate"),
    ),
    Mechanism(
        "far-homes",
        ("E28",),
        "Homes far from everything",
        "Residents of new homes far from work, schools and transport find fewer posts and go to school less.",
        "recovery",
        {"labour.far_homes_on_posts": 0.0, "public_services.far_homes_on_reach": 0.0},
        _links("homes far away - jobs", "homes far away - schools", "homes far away - transport to work"),
        ("school_reach", "transport_reach", "jobs"),
    ),
    Mechanism(
        "close-ties",
        ("E43",),
        "Close ties, and who uses them",
        "Closer ties bring cohesion, and where an armed group holds the place they carry youths into it.",
        "recruitment",
        {"community.ties_on_efficacy": 0.0, "recruitment.ties_on_joining": 0.0},
        _links("close ties + collective efficacy", "close ties + joining"),
        ("collective_efficacy", "recruits"),
    ),
    Mechanism(
        "peers",
        ("E31",),
        "Peers",
        "Friends in a gang make a youth more likely to join.",
        "recruitment",
        {"recruitment.peers_on_joining": 0.0},
        _links("members + peers in gangs", "peers in gangs + joining"),
        ("recruits",),
    ),
    Mechanism(
        "personal-risk",
        ("E30", "E31"),
        "Personal risk",
        "Risks of the person, family, school and peers raise joining and idleness.",
        "recruitment",
        {"recruitment.risk_on_joining": 0.0, "labour.risk_on_idleness": 0.0},
        _links("personal risk + joining", "personal risk + idle youths"),
        ("recruits",),
    ),
    Mechanism(
        "group-lines",
        ("E33",),
        "Conflict between communities",
        "Where communities are segregated and aggrieved, an election can divide them; people are killed or driven out.",
        "group_conflict",
        {
            "group_conflict.communal_killing_rate": 0.0,
            "group_conflict.spark_on_division": 0.0,
            "government.spark_on_grievance": 0.0,
        },
        _links(
            "spark + division",
            "grievance + division",
            "division - bridging",
            "division + communal killing",
            "spark + grievance",
            "division + newcomers",
        ),
        ("communal_homicide_rate", "divided"),
    ),
    Mechanism(
        "alignment",
        ("E34",),
        "Command of the police",
        "A forum with a plan, or a nation that listens, brings the police closer to what the city asks.",
        "government",
        {"government.forum_on_alignment": 0.0, "government.lobbying_on_alignment": 0.0},
        _links(
            "forum + police follow the city",
            "lobbying + police follow the city",
            "police follow the city + measures",
        ),
        ("police_alignment",),
    ),
    Mechanism(
        "partners",
        ("E35",),
        "Partners who deliver measures",
        "Unsound partners weaken a measure and pass money to armed groups; agencies miss the people most at risk.",
        "community",
        {
            **{
                f"policy_delivery.partner_loss_{each}": 0.0
                for each in ("leadership", "illicit_trade", "party", "violence", "rivalry", "distrust", "age_gap")
            },
            "community.risk_on_agency_reach": 0.0,
            "community.partner_capture_on_criminal_legitimacy": 0.0,
            "community.partner_capture_on_credibility": 0.0,
        },
        _links("subversion - measures", "subversion + criminal legitimacy", "subversion - credibility of groups"),
        ("places_filled", "criminal_legitimacy"),
    ),
    Mechanism(
        "arms-race",
        ("E15",),
        "Arms race",
        "Threatened gangs arm themselves; weapons lead to attacks and contests for territory.",
        "gangs",
        {"gangs.threat_sensitivity": 0.0},
        _links("memory of killings + arms", "gang money + arms", "arms + killing", "guns + arms"),
        ("gang_arms",),
    ),
    Mechanism(
        "fight-or-levy",
        ("E09",),
        "Fighting or extorting",
        "Gangs that fight extort less; settled boundaries increase extortion.",
        "extortion",
        {"extortion.fighting_on_levies": 0.0, "extortion.settled_boundaries_on_levies": 0.0},
        _links("rivalry - extortion", "control + extortion", "pact + extortion"),
        ("extortion_share",),
    ),
    Mechanism(
        "fear",
        ("E20",),
        "Fear",
        "Violence and robbery cause fear; fear keeps people silent and off the streets.",
        "community",
        {
            "community.violence_on_fear": 0.0,
            "community.robberies_on_fear": 0.0,
            "homicide.fear_on_disputes": 0.0,
            "justice.fear_on_reporting": 0.0,
        },
        _links(
            "killing + fear",
            "jobs - robbery",
            "robbery + fear",
            "extortion + fear",
            "fear - bridging",
            "fear - reporting",
            "fear + disputes",
            "disputes + killing",
        ),
        ("fear",),
    ),
)

_BY_NAME = {each.name: each for each in MECHANISMS}


def find_mechanism(name: str) -> Mechanism:
    """Return the mechanism of that name.

    Raises
    ------
    KeyError
        If there is none.
    """
    return _BY_NAME[name]


def switched_off(names: Sequence[str]) -> dict[str, float]:
    """Return the settings that switch mechanisms off.

    Parameters
    ----------
    names
        Of mechanisms.

    Raises
    ------
    KeyError
        If one is not a mechanism.
    """
    settings: dict[str, float] = {}
    for name in names:
        settings.update(find_mechanism(name).off)
    return settings
