"""What is remembered of each neighbourhood, gang, police unit and community group, and of the whole city: a line a field.

A table is an array of records, one record a neighbourhood, gang, unit or group. `views.pyi` says the type of every field.
`sim.state` names what others use.
"""

from __future__ import annotations

from typing import Any

import numpy as np

# Youth status.
FREE = 0
PRISON = 1
DEAD = 2

# What a youth does.
ACTIVITIES = ("school", "formal work", "informal work", "neither")
SCHOOL = 0
FORMAL = 1
INFORMAL = 2
NEITHER = 3

NO_GANG = -1

# Whether a youth uses drugs.
NO_USE = 0
USE = 1
DEPENDENT = 2

# Gang organisation (Staniland's types, as the framework's governance text uses them).
LOOSE = 0
INTEGRATED = 1
WEAK = 2

# Months from care in early childhood, at four or five, to the tenth birthday.
CHILDHOOD = 60

# Ages covered by the youth table: ten to twenty-nine, in months.
YOUNGEST = 120
SPAN = 240
PEERS_EACH = 8


def record(**fields: str) -> np.dtype[Any]:
    """Return a record type from field=type pairs."""
    return np.dtype((np.record, list(fields.items())))


def floats(*names: str) -> dict[str, str]:
    """Return fields of these names, each a number."""
    return dict.fromkeys(names, "f8")


# One neighbourhood. Shares are 0-1; rates are per resident and month; counts are residents, not simulated rows.
NEIGHBOURHOOD = record(
    first="i8",  # first row of its youths
    last="i8",  # one past the last
    fifth="i8",  # +1 among the most violent fifth at month 0, -1 among the least, 0 between
    **floats(
        # what it is
        "population",
        "weight",  # youths that one row stands for
        "deprivation",
        "poorest",  # share of its residents who belong to the fifth of the city's that lives in the most deprived places
        "best_off",  # and to the fifth that lives in the least deprived
        "inequality",
        "in_migration",
        "informality",
        "services",
        "school_quality",
        "family_disruption",
        "disorganisation",
        "enclave",
        "tenure",  # share of homes held securely
        "minority",
        "transit",  # drugs that pass through on their way elsewhere, against what as many residents buy
        "edge",  # how far identity groups meet here or across a border, 0-1
        "displaced_anchor",
        "turnover_ordinary",  # newcomers a year that its deprivation suggests, in this city
        "family_shift",  # what family disruption beyond that adds to the family's risk, SD
        "school_gap",  # quality of schools beyond what its deprivation suggests, in this city
        "services_gap",  # and of services
        "informality_gap",  # and of informality
        "bars",  # log of places that sell drinks for each resident, against the ordinary neighbourhood
        # anchors: the levels it has when nothing changes
        "efficacy_anchor",
        "efficacy_ordinary",  # the anchor that its deprivation alone gives; other traits move the anchor from it
        "bridging_anchor",
        "ties_anchor",
        "state_anchor",
        "police_anchor",
        "criminal_anchor",
        "fear_anchor",
        "testimony_anchor",
        "reporting_anchor",
        # slow states
        "collective_efficacy",
        "bridging",
        "ties",  # how closely residents are tied to one another, young men above all
        "state_legitimacy",
        "police_legitimacy",
        "criminal_legitimacy",
        "fear",
        "testimony",
        "business",
        "jobs",  # posts for each who looks for work, 1 in the ordinary city
        "workforce",  # who looks for work, 1 in the ordinary city: people go where posts are
        "extortion",
        "turnover_taken",
        "service_reach",  # of services, damage apart
        "services_now",
        "served_by_state",  # share of its services that the state supplies
        "served_by_armed_groups",  # reach of the services that armed groups supply, as a part of all
        "legitimacy_kept",  # what more of services counts for legitimacy than is reached, since not all weigh alike there
        "home_kept",  # and for life at home, besides water
        "care",  # reach of emergency care
        "carrying",  # guns carried in public, against the ordinary place
        "damage",  # share of homes and services that a shock destroyed and nobody has repaired
        "rebuilt",  # what a well-governed recovery added
        "trauma",
        "prepared",
        "displaced",  # share of residents who came and are not settled
        "included",  # share who came and are
        "open_door",  # how far newcomers are included, 0-1
        "turnover",  # share of residents who are replaced a year, now
        "divided",  # how far the neighbourhood is split along group lines
        "housed",  # upgraded homes with a secure title
        "far_from_work",  # residents of new homes far from work
        "far_from_schools",
        "far_from_transport",
        "garrison",  # soldiers who stay
        "lingering",  # of them, those beyond what is asked for
        "unoccupied",  # share of the neighbourhood that soldiers leave out; 0 where there are none
        "used_to_soldiers",  # how far soldiers in the street have become familiar, 0-1
        "certainty",  # log of how surely killings are thought to be solved, against the ordinary city
        "arrest_risk",  # monthly hazard of arrest that members here are thought to run
        "arrest_risk_reference",  # that hazard while the city settled
        "lawful",  # refusal to pay and to bribe
        "unlicensed",  # share of venue trade without a licence
        "treated",  # share of this month's ten-year-olds who had care in early childhood
        "domestic",  # violence at home against its ordinary level
        "violence",  # smoothed expected killings per resident and month, half of the neighbours' included
        "street",  # disputes that answer disputes: expected killings next month
        # references: what the feedbacks found while the city settled
        "violence_reference",
        "extortion_reference",
        "settled_reference",
        "rent_reference",
        "gang_services_reference",
        # this month
        "rent",
        "transit_rent",  # the part of it that is toll on what passes through
        "controlled",  # share of control that gangs hold together
        "gang_cover",  # how far free members are enough to run it, 0-1
        "domination",  # leading gang's share of that, times its share of all control, as far as its members cover it
        "settled",  # how settled the boundaries are
        "fighting",
        "governing",  # share of disputes, services and rules residents take to the armed group
        "closure",
        "clearance",
        "reporting",
        "recruits",
        "recruits_under_18",
        "exits",
        "arrested",
        "deaths_rivalry",  # expected killings this month, by cause
        "deaths_discipline",
        "deaths_dispute",
        "deaths_bystander",
        "deaths_police",
        "deaths_police_on_average",  # whatever luck officers, and those whom police met, had in the months before
        "deaths_officers",
        "deaths_officers_on_average",
        "deaths_domestic",
        "deaths_market",
        "deaths_vigilante",
        "deaths_communal",
        "deaths_inside",
        "deaths_youth",
        "deaths_female",
        "free",  # free youths in this month's hazards, less the rows removed for the dead
        "at_large",  # share of youths' relative hazards in the street that belongs to free youths
        "street_risk",  # sum of the relative hazards in the street of free youths, rows
        "children_at_risk",  # share of it that belongs to those of ten to seventeen
        "at_large_reference",  # that share while the city settled
        "killed",  # killings that happened this month
        "killed_youths",  # of them, those for whom rows leave the youth table
        "killed_children",  # of them, those of ten to seventeen
        "disputes_lost",  # of them, those in disputes
        "killed_by_police",
        "officers_killed",  # by gangs
        "answers_to_police",  # officers whom gangs will kill next month in answer to killings by police
        "answers_by_police",  # killings by police next month in answer to officers killed
        "answers_to_police_on_average",  # both, to as many as were expected to be killed and not to those who were
        "answers_by_police_on_average",
        "near_violence",  # neighbours' mean, as last month left it
        "near_patrol",
        "near_district",
        "near_wardens",
        "gang_services",
        "captured",  # how far an armed group takes the credit for services
        "connected",
        "evicted",
        "allocated",  # homes that armed groups hand out
        "firm_entry",
        "firm_exit",
        "robberies",
        "prison_recruits",
        "female_exits",
        "female_members",
        "idle",  # share of free youths of sixteen and more with neither school nor work
        "out_of_school",
        "school_places",
        "training_places",
        "training_touched",
        "work_alone",  # share of what was learned last in programmes here that was learned without therapy
        "places_at_risk",
        "groups",
        "governing_reference",
        "prisoners",
        "people_filmed",  # by cameras of a watch
        "reports_held",  # about people, by a watch
        "wrongly_held",  # of them, those whom a mass arrest took for members of gangs
        "use_level",  # share of free youths of 15 to 29 who use drugs
        "use_rows",  # free rows, as drug use is counted
        "users",  # free youths who use drugs
        "dependent",  # of them, those who depend on drugs
        "drug_demand",  # retail demand for drugs against the ordinary
        "robbing",  # robberies against the ordinary, as far as dependent users commit more or fewer
        "bought_reference",  # what free youths buy, a head, while the city settled
        "need_reference",  # and what dependent users need
        "held_venues",  # trafficked people held in venues
        "held_worksites",
        "held_gangs",
        "held_female",  # of all who are held, women and girls
        "held_female_reference",  # their number while the city settled
        "victims_reporting",  # held people found through reports this month
        "victims_found",  # held people found this month
        "trafficked_again",  # of those who came free this month
        "custody_deaths",  # expected deaths in prison this month, riots apart
        "credibility",  # of the community groups that the city file lists here
        "served_by_groups",  # what community groups do for youths and residents, 1 where groups are ordinary
        "told_by_groups",  # what they tell the police and one another of what they know, likewise
        "mediated_by_groups",  # how far interrupters at home here step in unasked, 0-1
        "groups_at_work",  # volunteers who work and are not bought, against what groups have here in ordinary times
        "group_silence",  # share of groups here that stay silent, by capacity
        "group_threat",  # how far groups here are threatened, 0-1
        "group_load",  # doses of measures that groups here deliver, at most 1
        "connected_reference",
    ),
)

# One gang slot; a slot with alive == 0 is empty.
GANG = record(
    alive="i8",
    ideological="i8",
    organisation="i8",
    home="i8",
    leader="i8",
    founded="i8",
    **floats(
        "cohesion_anchor",
        "cohesion",
        "weapons",
        "money",  # rents this month
        "money_reference",
        "succession",  # 1 when a leader is lost, fading
        "hunted",  # leaders lost where they were hunted, fading
        "pact",  # understanding with the state, 0-1
        "pact_anchor",
        "grievance",  # stored while a truce or pact holds, let out when it ends
        "prison_reference",  # share of members inside, while the city settled
        "members",  # free members, residents
        "inmates",
        "expected_dead",  # expected killings of its members last month
        "expected_killings",  # expected killings by it last month
        "expected_attacks",  # of them, those of members of other gangs
        "demand",  # log of places to fill over places filled
        "conviction",  # added arrest hazard of a member for solved killings
        "death_balance",  # members counted dead for whom no row has left the table yet, see `homicide.removal`
        "killer_balance",  # killings by its members that no row has been marked for yet, see `homicide.killers`
        "leaving",  # mean chance of its free members to leave, last month; kept where a row stands for many
        "style",  # 0 preys, 1 governs
    ),
)

# One police unit: the force in one neighbourhood.
POLICE = record(
    **floats(
        "patrol",  # doubled patrols, a mean over the neighbourhood
        "unpatrolled",  # share of it that they leave out; 0 where there are none
        "abuse",
        "abuse_anchor",
        "raids",  # how far ordinary policing is raids, 0-1
        "raids_anchor",
        "posts",  # officers whom the city may employ here
        "strength",  # officers on strength in ordinary times
        "officers",  # officers on strength now
        "left",  # officers who left this month
        "hired",  # officers who came
        "calls",  # what residents report this month
        "share",  # of the city's ordinary patrols, by calls and by habit
        "asked",  # officers whom ordered patrols here would take
        "ordered",  # of them, those who come
        "sent_away",  # officers whom orders took from here
        "on_street",  # officers in uniform who are here without an order
        "ordinary_patrol",  # of them, those whom calls and bribes leave to patrol, per 100 000 residents
        "ordinary_patrol_reference",  # the same while the city settled
        "load",  # part of their time that calls take
        "load_reference",
        "tired",  # share who are worn out
        "bought",  # share whom armed groups pay
    )
)

# One community group.
GROUP = record(
    kind="i8",
    home="i8",
    alive="i8",
    listed="i8",  # 1 where the city file names it, 0 for an ordinary one
    activity="i8",  # of this month: its place in GROUP_ACTIVITIES
    founded="i8",  # month
    **floats(
        "credibility",
        "credibility_anchor",
        "capacity",
        "independence",
        "serves",  # what its kind does for youths, tells and mediates, 0-1
        "tells",
        "mediates",
        "volunteers",  # against an ordinary group of its capacity
        "money",  # likewise: donors, programmes and funds
        "threat",  # from armed groups, 0-1
        "partners",  # how far it works with the state and agencies, 0-1
        "bought",  # by gangs or parties, 0-1
        "serving",  # slow means of what it does: shares of its months
        "warning",
        "reporting",
        "silence",
        "working_reference",  # what it ordinarily does, as found while the city settled
        "serving_reference",
        "telling_reference",
    ),
)
