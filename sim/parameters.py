"""Every parameter of the model, declared once: default, range, unit, source and standing.

From this list come the records that the processes read (`rates`), the settings a user may change, the tables of the
documentation and every sensitivity design. A range is where the form holds together, or what the evidence spans.
Standing: "measured" on the named city, "literature" (a key of the evidence table), "calibrated" per city, or
"judgement": found by fitting or chosen, with no usable source. Most are judgement; outputs say how many.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

__all__ = ["PARAMETERS", "Parameter", "Rates", "make_rates", "parameter"]


class Parameter(NamedTuple):
    """One number of the model.

    `name` is "process.field"; `low` and `high` bound what a setting may ask for; `status` is measured, literature,
    calibrated or judgement; `evidence` is the key of the evidence table, or how the value was found.
    """

    name: str
    default: float
    low: float
    high: float
    unit: str
    status: str
    evidence: str
    says: str

    @property
    def process(self) -> str:
        """The process that reads it."""
        return self.name.split(".")[0]

    @property
    def field(self) -> str:
        """Its name within the process."""
        return self.name.split(".")[1]

    @property
    def distribution(self) -> str:
        """How it is spread over its range in a sensitivity design: log-uniform where the range spans a factor of 4."""
        return "loguniform" if self.low > 0 and self.high / self.low >= 4.0 else "uniform"


FIT = "found by fitting"
CHOSEN = "chosen"
HAZARD = "log hazard"
LOGIT = "logit"
A_MONTH = "per month"

# name: default, low, high, unit, status, evidence, what it says. "l" literature, "j" judgement, "c" calibrated.
_Row = tuple[float, float, float, str, str, str, str]

_TABLE: dict[str, dict[str, _Row]] = {
    "beginning": {
        "poverty_ceiling": (0.55, 0.35, 0.9, "share", "j", CHOSEN, "Poverty that counts as complete deprivation."),
        "unemployment_ceiling": (0.30, 0.15, 0.5, "share", "j", CHOSEN, "Unemployment that does."),
        "schooling_ceiling": (0.55, 0.35, 0.9, "share", "j", CHOSEN, "Adults without secondary school that does."),
        "weight_poverty": (0.35, 0.2, 0.6, "weight", "j", "r with homicide .79 in Chicago", "Deprivation: poverty."),
        "weight_unemployment": (0.6, 0.2, 0.8, "weight", "j", "r with homicide .82 in Chicago", "Deprivation: unemployment."),
        "weight_schooling": (0.05, 0.0, 0.4, "weight", "j", "the weakest of the three in Chicago", "Deprivation: schooling."),
        "slope_efficacy": (-1.5, -2.5, 0.0, "logit per share", "l", "viol.collective_efficacy", "Cohesion within, by deprivation."),
        "slope_state": (-1.2, -2.5, 0.0, "logit per share", "j", CHOSEN, "Trust in the state, by deprivation."),
        "slope_police": (-1.2, -2.5, 0.0, "logit per share", "j", CHOSEN, "Trust in the police, by deprivation."),
        "slope_criminal": (1.5, 0.0, 2.5, "logit per share", "j", CHOSEN, "Acceptance of armed groups, by deprivation."),
        "slope_fear": (1.5, 0.0, 2.5, "logit per share", "j", CHOSEN, "Fear, by deprivation."),
        "slope_testimony": (-0.8, -2.0, 0.0, "logit per share", "j", CHOSEN, "Testimony, by deprivation."),
        "slope_reporting": (-0.6, -2.0, 0.0, "logit per share", "j", CHOSEN, "Reporting, by deprivation."),
        "slope_abuse": (1.0, 0.0, 2.0, "logit per share", "j", CHOSEN, "Police abuse, by deprivation."),
        "tenure_efficacy": (0.5, 0.0, 1.2, "logit per share", "j", CHOSEN, "Cohesion within, by secure tenure."),
        "tenure_state": (0.5, 0.0, 1.2, "logit per share", "j", CHOSEN, "Trust in the state, by secure tenure."),
        "groups_bridging": (-0.3, -1.0, 0.0, "logit per share", "j", CHOSEN, "Cohesion between, where identity groups meet."),
    },
    "calendar": {
        "leakage": (0.3, 0.0, 0.6, "share", "j", CHOSEN, "Share of what a measure costs that is lost where nobody is honest; falls with the square of integrity."),
        "erosion": (0.9, 0.0, 1.0, "share", "j", CHOSEN, "What redistribution loses in three years where business does not stand with it."),
        "linkage_funds": (0.5, 0.0, 1.0, "share per share", "j", CHOSEN, "Funds that business adds to what the city asks for."),
        "election_cut": (0.8, 0.0, 1.0, "chance", "j", CHOSEN, "Chance that an election ends what cannot show results, without linkage."),
        "patrol_reach": (0.25, 0.1, 1.0, "share of residents", "j", "enf.hotspots_citywide_bogota", "Residents whom doubled patrols can cover at full dose."),
        "soldiers_leave": (0.02, 0.005, 0.05, A_MONTH, "j", CHOSEN, "How soon soldiers leave a police that stays weak."),
        "soldiers_relieved": (0.5, 0.2, 1.0, A_MONTH, "j", CHOSEN, "How much sooner one that is not."),
        "partner_leadership": (0.3, 0.0, 0.6, "share", "j", CHOSEN, "Lost with leaders who are not credible."),
        "partner_clean": (0.5, 0.0, 0.8, "share", "j", CHOSEN, "Lost with a partner in illicit trade."),
        "partner_no_party": (0.25, 0.0, 0.6, "share", "j", CHOSEN, "Lost with a party's colour."),
        "partner_no_violence": (0.4, 0.0, 0.8, "share", "j", CHOSEN, "Lost with a partner who uses violence."),
        "partner_no_rivalry": (0.35, 0.0, 0.7, "share", "j", CHOSEN, "Lost with a rival of criminal groups."),
        "partner_trusted": (0.4, 0.0, 0.8, "share", "j", CHOSEN, "Lost with a messenger nobody trusts."),
        "partner_age_gap": (0.2, 0.0, 0.5, "share", "j", CHOSEN, "Lost with people too young to lead or too old to be heard."),
    },
    "flows": {
        "supply_elasticity": (1.0, 0.5, 2.0, "elasticity", "j", CHOSEN, "How readily illicit supply answers price."),
        "demand_elasticity": (0.6, 0.3, 0.9, "elasticity", "j", CHOSEN, "How far demand falls as the price rises; below 1, scarcity raises rents."),
        "seizure_share": (0.12, 0.05, 0.25, "share", "j", CHOSEN, "Share of supply seized in the ordinary city."),
        "seizure_patrol": (0.3, 0.0, 0.8, "share", "j", CHOSEN, "How much more is seized under full patrol."),
        "honesty_half": (0.5, 0.1, 0.8, "integrity", "j", CHOSEN, "Integrity at which half of what is seized is recorded."),
        "value_drugs": (0.55, 0.4, 0.7, "share of rents", "j", CHOSEN, "Weight of drugs in illicit rents."),
        "value_transport": (0.26, 0.15, 0.35, "share of rents", "j", "reg.transport", "Weight of levies on transport."),
        "value_goods": (0.15, 0.08, 0.25, "share of rents", "j", CHOSEN, "Weight of counterfeit and illicit goods."),
        "value_firearms": (0.04, 0.02, 0.08, "share of rents", "j", CHOSEN, "Weight of the trade in firearms."),
        "value_venues": (0.1, 0.03, 0.2, "share of rents", "j", CHOSEN, "Weight of night life."),
        "venue_shrinks": (0.3, 0.0, 0.6, "share", "j", CHOSEN, "What unlicensed venues lose of their trade."),
    },
    "markets": {
        "market_speed": (0.04, 0.02, 0.08, A_MONTH, "j", CHOSEN, "How fast actors organise, and venues move."),
        "rent_organises": (2.5, 1.0, 4.0, "logit per log", "j", CHOSEN, "Rents make actors organise."),
        "rules_on_organising": (2.4, 0.0, 4.0, LOGIT, "j", "reg.transport", "Rules that come early keep them from it."),
        "organised_sticks": (0.25, 0.1, 1.0, "ratio", "j", CHOSEN, "How much slower actors come apart than together."),
        "levy_most": (0.6, 0.3, 0.9, "share of rents", "j", CHOSEN, "The most that turf lets a holder take."),
        "levy_half": (0.25, 0.1, 0.5, "domination", "j", CHOSEN, "Domination at which half of that is taken."),
        "rules_on_levies": (0.5, 0.2, 0.8, "share", "j", "reg.transport", "Transport rules cut levies where actors are not organised."),
        "rules_conflict": (1.0, 0.3, 2.0, "log", "j", "reg.transport", "Rules are fought over where they are."),
        "venues_on_levies": (0.5, 0.2, 0.8, "share", "j", "reg.permits_integrity_local", "Licences cut levies on licensed venues."),
        "venues_move": (0.15, 0.0, 0.4, "share", "j", CHOSEN, "Trade that moves to the unlicensed."),
        "unlicensed": (0.2, 0.05, 0.5, "share", "j", CHOSEN, "Unlicensed part of venue trade in the ordinary city."),
    },
    "economy": {
        "business_speed": (0.03, 0.015, 0.06, A_MONTH, "j", FIT, "How fast business answers."),
        "jobs_speed": (0.06, 0.03, 0.12, A_MONTH, "j", FIT, "How fast jobs follow business."),
        "extortion_on_business": (1.0, 0.3, 2.0, "log per share", "l", "ext.firm_closure", "What extortion costs business."),
        "fear_on_business": (0.4, 0.1, 0.8, "log per share", "j", FIT, "What fear costs business."),
        "district_on_business": (0.08, 0.02, 0.15, "log", "l", "eng.bid_ppp", "What an improvement district gains business."),
        "activity_change": (0.05, 0.03, 0.1, A_MONTH, "j", FIT, "Share of youths whose activity is looked at anew."),
        "idle_base": (-1.6, -2.2, -1.0, LOGIT, "j", FIT, "Youths with neither school nor work, at zero deprivation."),
        "idle_deprivation": (1.6, 1.0, 2.2, "logit per share", "j", FIT, "How that rises with deprivation."),
        "idle_jobs": (2.0, 1.0, 3.0, "logit per log", "l", "gang.join_labour_elasticity", "How that falls with jobs."),
        "idle_risk": (0.3, 0.1, 0.5, "logit per SD", "j", FIT, "How that rises with personal risk."),
        "idle_record": (0.5, 0.2, 1.0, LOGIT, "l", "enf.juvenile_incarceration", "What a prison record does to it."),
        "idle_training": (1.0, 0.4, 1.8, LOGIT, "l", "res.employment_training_high_risk", "What training does to it."),
        "compact_on_business": (0.3, 0.0, 0.8, "log per share", "j", CHOSEN, "What shared money gains business outside walls, per share of residents within."),
        "linkage_on_business": (0.1, 0.0, 0.3, "log per share", "j", CHOSEN, "What linkage gains business."),
        "damage_on_business": (0.5, 0.1, 1.0, "share per share", "j", CHOSEN, "What damage keeps from being founded."),
        "inclusion_on_business": (1.0, 0.2, 2.0, "log per share", "j", CHOSEN, "Settled newcomers work, buy and found firms."),
        "idle_upgrading": (0.3, 0.1, 0.6, LOGIT, "j", "res.slum_upgrade_transit", "Work, schools and transport that come with homes."),
    },
    "lifecourse": {
        "exposed_at_home": (0.15, 0.05, 0.3, "share", "j", CHOSEN, "Children who live with violence at home."),
        "female_proneness": (0.15, 0.08, 0.3, "ratio", "j", "viol.age_crime_peak", "Women's part in street violence against men's."),
        "arrivals": (1.0, 0.3, 2.0, "ratio", "j", CHOSEN, "How turnover of residents follows the flow of people."),
        "early_on_risk": (0.40, 0.1, 0.6, "SD", "l", "res.perry_early_childhood", "What care in early childhood takes off risk."),
        "early_cover": (0.6, 0.2, 0.8, "share", "j", CHOSEN, "Children of a cohort it reaches at full level."),
        "eviction": (0.05, 0.01, 0.15, "share a year", "j", CHOSEN, "Residents whom clearance drives out."),
        "divided_drives": (0.1, 0.02, 0.3, "share a year", "j", CHOSEN, "Residents whom a full division drives out."),
    },
    "recruitment": {
        "join_intercept": (-6.9, -9.0, -4.5, HAZARD, "c", "calibrated to membership", "Level of joining in this city."),
        "join_deprivation": (2.4, 1.7, 3.1, "log hazard per share", "j", FIT, "How joining rises with deprivation."),
        "presence_half": (0.25, 0.12, 0.5, "share", "j", FIT, "Gang control at which its pull is half grown."),
        "join_jobs": (0.8, 0.3, 1.5, "log hazard per log", "l", "gang.join_labour_elasticity", "What jobs do to joining."),
        "join_criminal_legitimacy": (1.0, 0.4, 2.0, "log hazard per share", "j", FIT, "What acceptance of armed groups does."),
        "join_efficacy": (1.0, 0.4, 2.0, "log hazard per share", "l", "viol.collective_efficacy", "What cohesion within does."),
        "join_police_legitimacy": (0.8, 0.3, 1.6, "log hazard per share", "j", FIT, "What trust in the police does."),
        "join_abuse": (0.5, 0.0, 1.2, "log hazard per share", "j", FIT, "What abusive policing does."),
        "join_violence": (0.3, 0.0, 0.6, "log hazard per log", "j", FIT, "What violence in the street does."),
        "demand_gain": (0.8, 0.0, 1.6, "elasticity", "l", "gang.replacement_drug_role", "How gaps in a gang are refilled."),
        "choice_control": (1.15, 1.0, 1.4, "exponent", "j", FIT, "Recruits follow control in choosing a gang; below 1, who holds a place is a matter of noise, and so of scale."),
        "choice_gain": (1.5, 0.5, 2.5, "elasticity", "j", FIT, "Recruits go where people are short."),
        "age_peak": (14.0, 12.5, 15.5, "years", "l", "gang.join_age", "Age at which joining peaks."),
        "age_width_below": (1.8, 1.2, 2.7, "years", "l", "gang.join_age", "Spread of joining ages below the peak."),
        "age_width_above": (3.2, 2.2, 4.8, "years", "l", "gang.join_age", "Spread of joining ages above the peak."),
        "join_female": (2.2, 1.4, 3.0, HAZARD, "j", FIT, "How much less girls join."),
        "join_risk": (0.75, 0.35, 1.05, "log hazard per SD", "l", "gang.joining_risk_accumulation", "Risk at four levels."),
        "join_idle": (0.6, 0.2, 1.2, HAZARD, "j", FIT, "Neither school nor work."),
        "peer_gain": (1.6, 0.8, 3.2, HAZARD, "l", "gang.joining_peer_OR", "Peers in gangs, at most."),
        "peer_half": (1.5, 0.8, 3.0, "peers", "l", "gang.joining_peer_OR", "Peers at which half of that is reached."),
        "join_isolation": (0.5, 0.1, 1.0, "log hazard per unit", "j", CHOSEN, "Isolated youths are easier to draw in."),
        "join_rent": (0.4, 0.1, 0.8, "log hazard per log", "j", CHOSEN, "Illicit rents pull, the isolated most."),
        "join_exposed": (0.35, 0.1, 0.7, HAZARD, "j", CHOSEN, "Violence at home feeds the street."),
        "cheap_guns_on_children": (0.2, 0.0, 0.5, "elasticity", "j", CHOSEN, "Cheap guns and children."),
        "children_deprivation": (0.8, 0.0, 1.6, "log hazard per share", "j", CHOSEN, "Children join more where people are deprived."),
        "join_cap": (0.05, 0.03, 0.1, A_MONTH, "j", FIT, "No youth joins more often than this."),
        "after_school_on_joining": (0.22, 0.05, 0.45, HAZARD, "l", "res.school_gang_curriculum", "A place after school, while it lasts."),
        "training_on_joining": (0.6, 0.1, 1.0, HAZARD, "l", "res.employment_training_high_risk", "Work, training and therapy."),
        "exit_loose": (0.034, 0.017, 0.068, A_MONTH, "l", "gang.annual_exit_us", "Leaving a loose gang."),
        "exit_cohesive": (0.0075, 0.004, 0.015, A_MONTH, "j", "gang.annual_exit_cohesive", "Leaving a cohesive gang."),
        "exit_in_prison": (0.006, 0.003, 0.012, A_MONTH, "j", "gang.exits_inside", "Leaving in prison."),
        "exit_work": (0.35, 0.1, 0.7, HAZARD, "l", "gang.annual_exit_cohesive", "Work helps out."),
        "exit_age": (0.06, 0.03, 0.12, "log hazard per year", "j", FIT, "Age helps out."),
        "exit_record": (0.2, 0.0, 0.5, HAZARD, "j", FIT, "A record keeps in."),
        "exit_female": (0.25, 0.0, 0.6, HAZARD, "j", CHOSEN, "Women and girls find it harder to leave."),
        "exit_comrades": (0.5, 0.0, 1.0, HAZARD, "j", FIT, "Deaths of comrades drive out."),
        "exit_deaths_scale": (50.0, 20.0, 100.0, "per death and member", "j", FIT, "How many deaths do so."),
        "training_on_exit": (0.47, 0.1, 0.8, HAZARD, "l", "res.employment_training_high_risk", "Work, training and therapy help out."),
        "join_ideas": (0.6, 0.2, 1.2, "log hazard", "j", CHOSEN, "Ideas and grievance pull towards ideological groups."),
        "choice_ideas": (1.0, 0.3, 2.0, "log", "j", CHOSEN, "And decide which group a recruit joins."),
        "join_trauma": (0.3, 0.0, 0.8, "log hazard per share", "j", CHOSEN, "Trauma draws in."),
        "join_divided": (0.5, 0.0, 1.2, "log hazard per share", "j", CHOSEN, "So does division along group lines."),
        "connected_shields": (1.5, 0.0, 3.0, "per share", "j", CHOSEN, "Connected places feel the pull of rents less."),
        "mothers_on_family": (0.3, 0.05, 0.6, "share", "j", "res.womens_mothers_groups", "Mothers' groups make troubled families hold."),
        "safe_on_exposed": (0.4, 0.1, 0.7, "share", "j", CHOSEN, "Safe spaces undo what violence at home does to a child."),
        "referral_on_joining": (0.15, 0.0, 0.4, HAZARD, "j", CHOSEN, "A child at risk who is named early and helped."),
        "criminalise_on_joining": (0.2, 0.0, 0.5, HAZARD, "j", "enf.juvenile_incarceration", "The same child, named to the police."),
        "knit_blocks": (0.65, 0.0, 0.9, "share", "j", CHOSEN, "How far knit gangs hold those who are trained."),
        "expose_on_exit": (0.2, 0.0, 0.5, HAZARD, "j", "res.restorative_reintegration", "Exposed, with a way back."),
        "shaming_on_exit": (0.15, 0.0, 0.4, HAZARD, "j", "res.restorative_reintegration", "Exposed without one."),
        "transform_on_exit": (0.4, 0.1, 0.8, HAZARD, "j", CHOSEN, "The whole group turns to other things."),
        "exit_female_drugs": (0.4, 0.0, 1.0, "log hazard per log", "j", CHOSEN, "Drug rents lock women and girls in."),
    },
    "gangs": {
        "reach": (0.30, 0.15, 0.6, "share", "j", FIT, "Members next door count for this much."),
        "home_bonus": (3.0, 1.5, 6.0, "members per 1000", "j", FIT, "What home turf is worth."),
        "home_months": (24.0, 6.0, 60.0, "months", "j", CHOSEN, "How long a place takes to become home to a new group."),
        "contest_exponent": (1.0, 0.8, 1.4, "exponent", "j", FIT, "How decisive strength is."),
        "control_speed": (0.08, 0.04, 0.16, A_MONTH, "j", FIT, "How fast control follows strength."),
        "state_strength": (5.0, 2.5, 10.0, "member equivalents per 1000", "j", FIT, "The state as a contestant."),
        "state_loss": (0.88, 0.7, 0.97, "share", "j", FIT, "How much of that deprivation takes."),
        "succession_weakness": (0.4, 0.2, 0.8, "share", "l", "enf.kingpin_removal", "Strength lost with a leader."),
        "pact_absence": (0.35, 0.0, 0.6, "share", "j", FIT, "The state stays away under a pact."),
        "levy_weight": (4.0, 1.0, 8.0, "rents per share", "j", CHOSEN, "What turnover taken is worth beside trade."),
        "rent_on_demand": (0.6, 0.2, 1.2, "elasticity", "j", CHOSEN, "Rents feed more members."),
        "saturation": (0.5, 0.2, 1.0, "elasticity", "l", "cartel.policy_counterfactual", "How fast a growing gang's need of people saturates."),
        "gang_speed": (0.05, 0.025, 0.1, A_MONTH, "j", FIT, "How fast cohesion and arms move."),
        "rivalry_speed": (0.06, 0.03, 0.12, A_MONTH, "j", FIT, "How fast rivalry moves."),
        "prison_knits": (0.24, 0.1, 0.4, "share", "j", "prison.outside_control", "Prison knits gangs."),
        "money_knits": (0.2, 0.0, 0.35, "share", "j", CHOSEN, "Money knits integrated gangs and loosens others."),
        "threat_felt": (0.6, 0.3, 1.5, "per log ratio", "j", CHOSEN, "How strongly a threat beyond the ordinary is answered."),
        "truce_knits": (0.1, 0.0, 0.2, "share", "j", "eng.gang_truce_collapse", "Gangs regroup under a truce."),
        "truce_rearms": (0.18, 0.05, 0.3, "share", "l", "eng.gang_truce_collapse", "Gangs rearm under a truce."),
        "truce_grievance": (0.3, 0.1, 0.6, "share", "l", "eng.gang_truce_collapse", "Rivalry stored under a truce."),
        "grievance_speed": (0.08, 0.04, 0.16, A_MONTH, "j", FIT, "How fast grievance is stored under a truce or pact."),
        "grievance_months": (12.0, 6.0, 24.0, "months", "l", "eng.gang_truce_collapse", "How long it is let out afterwards."),
        "succession_months": (5.0, 2.5, 10.0, "months", "l", "enf.kingpin_removal", "How long a lost leader is felt."),
        "leader_loss": (0.004, 0.002, 0.008, A_MONTH, "j", FIT, "Leaders lost in the ordinary city."),
        "leader_found": (0.12, 0.06, 0.24, A_MONTH, "j", FIT, "New leaders found."),
        "leader_loss_on_cohesion": (0.35, 0.2, 0.5, "share", "l", "enf.kingpin_removal", "Cohesion lost with a leader."),
        "split_cohesion": (0.15, 0.08, 0.25, "share", "j", FIT, "Below this cohesion a gang may split."),
        "split_members": (14.0, 7.0, 28.0, "members", "j", FIT, "Below this size it does not."),
        "split_chance": (0.06, 0.03, 0.12, A_MONTH, "j", FIT, "How soon it then splits."),
        "split_memory": (0.001, 0.0005, 0.002, "killings per member", "j", FIT, "Blood between the halves."),
        "money_splits": (1.0, 0.0, 2.0, "log per log", "j", CHOSEN, "Money splits weak gangs."),
        "merge_size": (0.4, 0.2, 0.7, "share of mean size", "j", CHOSEN, "Gangs thinner than this may merge."),
        "merge_memory": (0.001, 0.0005, 0.002, "killings per member", "j", CHOSEN, "Blood that rules out a merger."),
        "merge_chance": (0.003, 0.001, 0.01, A_MONTH, "j", CHOSEN, "How soon they merge."),
        "birth_chance": (0.03, 0.015, 0.06, "per month and missing gang", "j", FIT, "How soon a group is born."),
        "birth_members": (2.0, 0.5, 4.0, "members per 1000", "j", FIT, "How many found it."),
        "cohesion_loose": (0.3, 0.2, 0.4, "share", "j", FIT, "Cohesion of loose gangs."),
        "cohesion_integrated": (0.75, 0.6, 0.9, "share", "j", FIT, "Cohesion of integrated gangs."),
        "cohesion_weak": (0.2, 0.12, 0.3, "share", "j", FIT, "Cohesion of weak gangs."),
        "soldiers_strength": (0.6, 0.2, 1.2, "share", "j", "enf.military_patrols", "Soldiers make the state a stronger contestant."),
        "services_on_state_strength": (0.5, 0.0, 1.0, "per share", "j", CHOSEN, "So do services."),
        "misread_knits": (0.15, 0.0, 0.3, "share", "l", "res.outreach_unserviced_harm", "A crowd taken for a gang knits."),
        "leaders_removed": (0.15, 0.05, 0.4, A_MONTH, "j", CHOSEN, "Leaders caught where they are hunted."),
        "pact_governs": (0.3, 0.0, 0.6, "share", "j", CHOSEN, "Under a pact a gang governs more than it preys."),
        "threat_preys": (0.3, 0.0, 0.6, "share", "j", CHOSEN, "Under threat it preys."),
        "leak_feeds": (0.002, 0.0, 0.01, "rents per dollar a resident and year", "j", CHOSEN, "Leaked money feeds gangs."),
    },
    "identity": {
        "communal": (0.0002, 2e-05, 0.001, "per month and resident", "j", CHOSEN, "Killings where groups meet, at full spark, grievance and segregation."),
        "spark_divides": (3.0, 1.0, 6.0, "share", "j", CHOSEN, "How far a full spark divides."),
        "divided_months": (36.0, 12.0, 72.0, "months", "j", CHOSEN, "How long it takes to heal."),
        "divided_kills": (0.02, 0.0, 0.06, "share", "j", CHOSEN, "Killing that goes on in a divided place."),
        "participation_on_grievance": (0.6, 0.1, 1.2, LOGIT, "j", CHOSEN, "Seats that count lower grievance."),
    },
    "violence": {
        "rivalry": (0.0014, 0.00005, 0.012, "per month and contact", "c", "calibrated to gang share", "Level of attacks."),
        "disputes": (2.8e-6, 1e-7, 5e-5, "per month and resident", "c", "calibrated to homicide", "Level of disputes."),
        "branching": (0.80, 0.4, 1.2, "killings per killing", "l", "viol.contagion_network_share", "Killings that answer one, before saturation."),
        "branching_cap": (0.85, 0.7, 0.92, "killings per killing", "j", FIT, "The most it can be."),
        "memory_months": (3.0, 1.5, 6.0, "months", "l", "viol.contagion_lag", "Mean wait for the answer."),
        "memory_cap": (0.04, 0.02, 0.08, "killings per member", "j", FIT, "Most answers a gang can suffer."),
        "hazard_cap": (0.03, 0.015, 0.06, A_MONTH, "l", "gang.rio_mortality", "A member's hazard saturates here."),
        "discipline": (0.35, 0.1, 1.4, "ratio", "j", "viol.within_gangs", "Killing inside a gang, against what a member ordinarily risks from rivals."),
        "infighting": (3.0, 1.4, 6.0, "ratio", "l", "enf.kingpin_removal", "Fights for succession, against the same."),
        "money_infighting": (1.0, 0.0, 2.0, "per log", "j", CHOSEN, "Loose gangs fight over money."),
        "succession_violence": (1.5, 0.7, 3.0, "ratio", "l", "enf.kingpin_removal", "Attacks around a lost leader."),
        "breach_burst": (0.6, 0.2, 1.2, "share", "l", "eng.gang_truce_collapse", "Attacks added when a truce or pact ends."),
        "bystanders": (0.22, 0.1, 0.4, "per gang killing", "j", FIT, "Others killed."),
        "dispute_deprivation": (6.3, 4.8, 7.8, "log per share", "j", "fitted to concentration", "How disputes rise with deprivation."),
        "dispute_disorganisation": (1.2, 0.4, 2.0, "log per share", "j", CHOSEN, "Social disorganisation."),
        "dispute_efficacy": (1.2, 0.6, 2.4, "log per share", "l", "viol.collective_efficacy", "Cohesion within, half of it causal."),
        "dispute_jobs": (1.5, 0.5, 3.0, "elasticity", "l", "gang.join_labour_elasticity", "Fewer jobs, more quarrels that turn deadly."),
        "dispute_fear": (0.3, 0.1, 0.6, "log per share", "j", FIT, "Fear makes quarrels deadly."),
        "street_branching": (0.15, 0.05, 0.25, "killings per killing", "l", "viol.contagion_spacetime_share", "Disputes answered in the street."),
        "street_months": (2.0, 1.0, 4.0, "months", "j", FIT, "How long that takes."),
        "domestic": (1.25e-6, 5e-7, 3e-6, "per month and resident", "j", CHOSEN, "Killings at home, median place."),
        "domestic_fear": (0.6, 0.0, 1.2, "log per share", "j", CHOSEN, "Stressed homes."),
        "police_killings": (4.0e-7, 5e-8, 4e-6, "per month and resident", "j", CHOSEN, "Killings by police at an abuse of .25."),
        "market_killings": (2.0e-7, 0.0, 1e-6, "per month and resident", "j", CHOSEN, "Hits and violence at entry."),
        "youth_share": (0.5, 0.35, 0.65, "share", "j", "viol.age_crime_peak", "Dispute victims aged 10-29."),
        "youth_share_police": (0.6, 0.4, 0.8, "share", "j", CHOSEN, "Victims of police aged 10-29."),
        "member_weight": (4.0, 2.0, 8.0, "ratio", "l", "gang.offending_enhancement", "Members in disputes."),
        "female_share_street": (0.1, 0.05, 0.2, "share", "j", CHOSEN, "Women and girls among those killed in the street."),
        "female_share_home": (0.6, 0.4, 0.8, "share", "j", CHOSEN, "Women and girls among those killed at home."),
        "female_share_gang": (0.04, 0.02, 0.1, "share", "j", CHOSEN, "Women and girls among members killed."),
        "gun_elasticity": (0.25, 0.12, 0.5, "elasticity", "l", "reg.gun_stock_law", "Deaths per event with the stock of guns."),
        "certainty_speed": (0.025, 0.01, 0.1, A_MONTH, "j", CHOSEN, "How fast it is known that cases are solved."),
        "deterrence_elasticity": (0.25, 0.12, 0.5, "elasticity", "l", "enf.certainty_to_homicide", "Certainty deters."),
        "patrol_effect": (0.17, 0.08, 0.3, "log", "l", "enf.hotspots_local", "Patrol at full dose, in the place."),
        "patrol_displaced": (0.2, 0.0, 0.4, "share", "l", "enf.hotspots_citywide_bogota", "What moves next door."),
        "patrol_diffusion": (0.01, 0.0, 0.03, "log", "l", "enf.hotspots_spillover_us", "What calms next door."),
        "closing_on_disputes": (0.16, 0.08, 0.3, "share", "l", "reg.alcohol_dry_law_metro", "Earlier closing, on disputes."),
        "district_on_disputes": (0.12, 0.04, 0.2, "share", "l", "eng.bid_ppp", "An improvement district, inside."),
        "enclave_security": (0.15, 0.05, 0.3, "share", "j", CHOSEN, "Bought security behind the gate."),
        "focused_on_attacks": (0.18, 0.05, 0.35, "share", "l", "enf.focused_deterrence_group", "Focused deterrence, first attacks."),
        "focused_on_answers": (0.18, 0.05, 0.35, "share", "l", "enf.focused_deterrence_group", "Focused deterrence, answers."),
        "interrupters_on_answers": (0.32, 0.1, 0.5, "share", "l", "res.interruption_retaliation", "Interrupters at full credibility, answers."),
        "interrupters_on_attacks": (0.02, 0.0, 0.12, "share", "j", CHOSEN, "Interrupters, first attacks."),
        "truce_on_attacks": (0.74, 0.5, 0.95, "share", "l", "eng.gang_truce_active", "A truce, on attacks."),
        "truce_on_answers": (0.7, 0.5, 0.95, "share", "l", "eng.gang_truce_active", "A truce, on answers."),
        "pact_on_attacks": (0.85, 0.6, 0.95, "share", "l", "eng.criminal_monopoly_pax", "A pact, on attacks."),
        "pact_on_answers": (0.85, 0.5, 0.95, "share", "j", "as on attacks", "A pact, on answers to a killing."),
        "training_on_attacks": (0.45, 0.1, 0.8, "share", "l", "res.employment_training_high_risk", "A trained member is attacked less."),
        "vigilantes": (1e-07, 0.0, 5e-07, "per month and resident", "j", CHOSEN, "Killings by vigilantes."),
        "vigilantes_fear": (2.0, 0.5, 4.0, "log per share", "j", CHOSEN, "Fear raises them."),
        "vigilantes_trust": (2.0, 0.5, 4.0, "log per share", "j", CHOSEN, "Trust in the police lowers them."),
        "attack_deaths": (1e-05, 1e-06, 5e-05, "per resident", "j", CHOSEN, "Killed in an attack of size 1."),
        "care_on_lethality": (0.5, 0.1, 1.0, "log per share", "j", "viol.shooting_fatality", "Emergency care saves."),
        "soldiers_effect": (0.25, 0.0, 0.45, "log", "j", "enf.military_patrols", "Soldiers calm while they stand there."),
        "soldiers_on_police": (0.5, 0.0, 1.5, "share", "j", "enf.military_patrols", "And kill more."),
        "raid_on_police": (2.0, 0.5, 5.0, "share", "l", "enf.police_raid_ban", "Raids kill."),
        "raid_on_attacks": (0.2, 0.0, 0.5, "share", "l", "enf.police_raid_ban", "And stir up what they hit."),
        "trauma_on_disputes": (0.5, 0.1, 1.0, "log per share", "j", CHOSEN, "Trauma makes quarrels deadly."),
        "unsettled_on_disputes": (2.0, 0.5, 4.0, "log per share", "j", CHOSEN, "So do newcomers whom nobody lets in."),
        "divided_on_disputes": (0.4, 0.0, 1.0, "log per share", "j", CHOSEN, "And lines between groups."),
        "bubbles_displace": (0.1, 0.0, 0.25, "log per share", "j", CHOSEN, "What districts push next door."),
        "compact_on_disputes": (0.25, 0.0, 0.5, "per share", "j", CHOSEN, "Shared guards, per share of residents within walls."),
        "security_on_venues": (0.03, 0.0, 0.08, "share", "j", CHOSEN, "Certified guards, on all disputes; a good part of them at venues."),
        "security_on_bubbles": (0.5, 0.0, 0.9, "share", "j", CHOSEN, "And on what walls push out."),
        "public_space_on_disputes": (0.08, 0.02, 0.16, "share", "l", "res.greening_vacant_lots", "Light and clean lots, on killing."),
        "public_space_on_robberies": (0.25, 0.05, 0.45, "share", "l", "res.street_lighting", "On robbery."),
        "robberies_jobs": (0.8, 0.3, 1.5, "elasticity", "j", CHOSEN, "Jobs lower robbery."),
        "robberies_patrol": (0.15, 0.05, 0.3, "log", "l", "enf.hotspots_local", "Patrol lowers it in the place."),
        "robberies_displaced": (0.75, 0.4, 1.0, "share", "l", "enf.hotspots_citywide_bogota", "And moves it next door."),
        "women_on_answers": (0.05, 0.0, 0.15, "share", "j", CHOSEN, "Women mediators, answers."),
        "women_on_disputes": (0.02, 0.0, 0.06, "share", "j", CHOSEN, "Women mediators, quarrels."),
        "transform_on_attacks": (0.15, 0.03, 0.35, "share", "j", CHOSEN, "Groups that do something else attack less."),
        "domestic_services": (1.0, 0.3, 2.0, "log per share", "j", CHOSEN, "Scarce services stress homes."),
        "domestic_trauma": (0.5, 0.0, 1.0, "log per share", "j", CHOSEN, "So does trauma."),
        "mothers_on_home": (0.15, 0.0, 0.4, "share", "l", "res.womens_mothers_groups", "Women's groups, at home."),
        "safe_on_home": (0.15, 0.05, 0.35, "share", "j", CHOSEN, "Safe spaces, at home."),
        "female_share_communal": (0.3, 0.1, 0.5, "share", "j", CHOSEN, "Women and girls among those killed along group lines."),
    },
    "extortion": {
        "extortion_most": (0.55, 0.4, 0.8, "share of firms", "l", "ext.sicily_firms", "The most that can pay."),
        "extortion_half": (0.35, 0.18, 0.7, "-", "j", FIT, "Pressure at which half of that pays."),
        "extortion_speed": (0.06, 0.03, 0.12, A_MONTH, "j", FIT, "How fast payment follows pressure."),
        "fight_or_levy": (0.35, 0.18, 0.7, "-", "l", "eng.pact_extortion_side_effect", "Who fights levies less."),
        "settled_boundaries": (0.40, 0.2, 0.8, "share", "l", "eng.pact_extortion_side_effect", "Settled boundaries raise the levy."),
        "extortion_efficacy": (0.8, 0.4, 1.6, "log per share", "j", FIT, "Cohesion resists."),
        "extortion_clearance": (0.5, 0.25, 1.0, "elasticity", "j", FIT, "Certainty resists."),
        "extortion_integrity": (0.78, 0.3, 1.3, "per share", "j", FIT, "Integrity resists."),
        "turnover_share": (0.04, 0.01, 0.1, "share of turnover", "j", "ext.share_of_turnover", "What a paying firm pays."),
        "lawful_on_pressure": (0.5, 0.1, 1.0, "log", "j", CHOSEN, "Who is lawful refuses to pay."),
        "allocation_cut": (0.6, 0.2, 0.9, "share", "j", CHOSEN, "Open lists take homes out of gang hands."),
        "allocation_on_order": (0.4, 0.0, 0.8, "share", "j", CHOSEN, "And order with them."),
    },
    "justice": {
        "clearance_testimony": (2.2, 1.0, 4.0, "logit per share", "j", FIT, "Witnesses solve cases."),
        "clearance_integrity": (0.35, 0.1, 0.7, "logit per share", "l", "reg.integrity_anticorruption", "Integrity solves cases."),
        "clearance_reporting": (0.8, 0.2, 2.0, "logit per share", "j", CHOSEN, "Reports give leads."),
        "clearance_caseload": (0.5, 0.2, 0.8, "logit per log", "l", "enf.investigation_clearance_us", "Load hinders."),
        "investigation_skill": (0.35, 0.2, 0.7, LOGIT, "l", "enf.investigation_conviction_rct", "Better investigation."),
        "arrest_member": (0.006, 0.003, 0.012, A_MONTH, "j", "fitted to prison", "A member is arrested and sentenced."),
        "arrest_other": (0.00025, 0.00012, 0.0005, A_MONTH, "j", "fitted to prison", "Other males of 14 and more are."),
        "mass_arrest_member": (0.07, 0.035, 0.14, A_MONTH, "l", "enf.mano_dura_2003", "Members swept up in mass arrests."),
        "mass_arrest_bystander": (0.003, 0.001, 0.006, "per month and share", "l", "enf.mano_dura_2003", "Others swept up."),
        "sentence": (24.0, 12.0, 48.0, "months", "j", "fitted to prison", "Mean sentence."),
        "sentence_mass": (16.0, 8.0, 32.0, "months", "l", "enf.mano_dura_2003", "Mean time held in a mass arrest."),
        "sentence_killing": (120.0, 60.0, 240.0, "months", "j", "just.homicide_time_served", "Mean sentence for a killing."),
        "prison_joining": (0.003, 0.0, 0.01, A_MONTH, "l", "prison.recruit_share", "Prison gangs recruit."),
        "abuse_integrity": (3.0, 1.5, 4.5, "logit per share", "j", FIT, "Integrity restrains."),
        "abuse_mass_arrest": (2.8, 1.4, 4.0, LOGIT, "l", "enf.mano_dura_2003", "Mass arrests unleash."),
        "abuse_patrol": (0.24, 0.0, 0.5, LOGIT, "j", FIT, "Patrol rubs."),
        "abuse_focused": (0.1, 0.0, 0.3, LOGIT, "l", "enf.hotspots_with_procedural_justice", "Fair process restrains."),
        "abuse_speed": (0.3, 0.15, 0.6, A_MONTH, "j", FIT, "How fast conduct changes."),
        "reporting_police_legitimacy": (2.0, 0.8, 3.5, "logit per share", "l", "just.trust_to_report_slope", "Trust brings reports."),
        "reporting_fear": (0.8, 0.2, 1.6, "logit per share", "j", FIT, "Fear silences."),
        "reporting_criminal_legitimacy": (1.0, 0.3, 2.0, "logit per share", "j", CHOSEN, "So does an accepted armed group."),
        "reform_on_integrity": (0.6, 0.2, 0.8, "share of the gap to 1", "j", "time to effect: police reform", "What reform adds to the integrity of the force."),
        "reform_speed": (0.03, 0.01, 0.05, A_MONTH, "j", "time to effect: police reform", "How slowly."),
        "abuse_soldiers": (0.6, 0.1, 1.2, LOGIT, "l", "enf.military_patrols", "Soldiers abuse."),
        "abuse_raid": (1.0, 0.3, 2.0, LOGIT, "j", "enf.police_raid_ban", "So do raids."),
        "abuse_findings": (0.5, 0.1, 1.0, LOGIT, "j", CHOSEN, "Findings that are carried out restrain."),
        "abuse_antagonism": (0.9, 0.0, 1.8, "logit per share", "j", CHOSEN, "Distrust brings out the worst."),
        "watch_on_reporting": (0.5, 0.1, 1.0, LOGIT, "j", "eng.social_media_hotline", "Community watch brings reports."),
        "campaign_on_reporting": (0.1, 0.0, 0.3, LOGIT, "j", "eng.social_media_hotline", "So does a campaign."),
        "referral_on_tips": (0.3, 0.05, 0.7, LOGIT, "j", CHOSEN, "Families and clinics tell."),
        "criminalise_on_tips": (0.6, 0.1, 1.2, LOGIT, "j", CHOSEN, "Not if the child is punished."),
        "clearance_diverted": (1.0, 0.2, 2.0, "logit per share", "j", CHOSEN, "A force that is bound elsewhere solves less."),
        "diversion_share": (0.5, 0.2, 0.8, "share", "j", "res.restorative_reintegration", "Lesser cases that end without prison."),
        "riot_deaths": (0.01, 0.001, 0.05, "share of prisoners", "j", CHOSEN, "Killed in a riot of size 1."),
        "riot_knits": (0.15, 0.0, 0.4, "share", "j", "prison.outside_control", "A riot knits those who win it."),
    },
    "recovery": {
        "repair_speed": (0.06, 0.02, 0.15, A_MONTH, "j", CHOSEN, "How fast damage is mended in the ordinary place."),
        "prepared_on_damage": (0.4, 0.1, 0.7, "share", "j", CHOSEN, "What preparedness keeps from being damaged."),
        "prepared_on_repair": (0.5, 0.1, 1.0, "share", "j", CHOSEN, "How much faster a prepared city mends."),
        "prepared_speed": (0.05, 0.02, 0.1, A_MONTH, "j", CHOSEN, "How fast a city is prepared."),
        "care_on_repair": (0.6, 0.1, 1.2, "share", "j", CHOSEN, "How much faster care mends."),
        "care_on_trauma": (1.0, 0.2, 2.0, "share", "j", CHOSEN, "How much faster minds heal."),
        "care_reach": (0.3, 0.1, 0.6, "share of the gap to 1", "j", CHOSEN, "Emergency care that it adds."),
        "build_back": (0.8, 0.2, 1.5, "share", "j", CHOSEN, "What a well-governed recovery adds to services."),
        "rebuilt_months": (60.0, 24.0, 120.0, "months", "j", CHOSEN, "How long that lasts."),
        "damage_on_trauma": (0.6, 0.2, 1.0, "share", "j", CHOSEN, "Damage shakes."),
        "attack_on_trauma": (0.5, 0.1, 1.0, "share", "j", CHOSEN, "Attacks do."),
        "raid_on_trauma": (0.5, 0.1, 1.0, "share", "j", CHOSEN, "Raids do."),
        "trauma_months": (36.0, 12.0, 72.0, "months", "j", CHOSEN, "How long minds take to heal."),
        "epidemic_on_care": (0.5, 0.1, 0.9, "share", "j", CHOSEN, "An epidemic takes up care."),
        "epidemic_diverts": (0.3, 0.1, 0.6, "share", "j", CHOSEN, "And the police."),
        "shock_diverts": (0.5, 0.1, 0.9, "share", "j", CHOSEN, "What damage binds of the police."),
        "services_gain": (0.6, 0.2, 0.9, "share of the gap to 1", "j", CHOSEN, "What full services bring."),
        "services_speed": (0.05, 0.02, 0.1, A_MONTH, "j", CHOSEN, "How slowly."),
        "housing_on_services": (0.1, 0.0, 0.3, "share of the gap to 1", "j", CHOSEN, "What upgraded homes bring."),
        "housing_speed": (0.03, 0.015, 0.06, A_MONTH, "l", "res.slum_upgrade_transit", "How slowly homes are upgraded and held."),
        "settle_speed": (0.05, 0.02, 0.12, A_MONTH, "j", CHOSEN, "How fast newcomers settle."),
        "inclusion_speeds": (2.0, 0.5, 4.0, "ratio", "j", CHOSEN, "How much an open door speeds that."),
        "included_months": (60.0, 24.0, 120.0, "months", "j", CHOSEN, "How long settled newcomers are a gain to be told apart."),
        "arrive_unsettled": (0.5, 0.2, 0.9, "share", "j", CHOSEN, "Newcomers beyond the ordinary who arrive unsettled."),
    },
    "community": {
        "violence_speed": (0.12, 0.06, 0.24, A_MONTH, "j", FIT, "Memory of violence."),
        "fear_violence": (0.8, 0.4, 1.6, "logit per log", "j", FIT, "Violence frightens."),
        "fear_robberies": (0.6, 0.2, 1.2, "logit per log", "j", CHOSEN, "Robbery frightens, against the ordinary city."),
        "fear_up": (0.30, 0.15, 0.5, A_MONTH, "j", FIT, "Fear comes fast."),
        "fear_down": (0.08, 0.04, 0.15, A_MONTH, "j", FIT, "Fear goes slowly."),
        "trust_up": (0.03, 0.015, 0.045, A_MONTH, "l", "time to effect: trust", "Trust grows slowly."),
        "trust_down": (0.10, 0.05, 0.15, A_MONTH, "l", "eng.police_scandal_reporting", "Trust is lost fast."),
        "cohesion_down": (0.05, 0.025, 0.1, A_MONTH, "j", FIT, "Cohesion is lost."),
        "testimony_police": (3.2, 1.5, 5.0, "logit per share", "j", FIT, "Trusted police are told."),
        "testimony_clearance": (2.0, 1.0, 5.0, "logit per share", "j", FIT, "Solved cases bring witnesses; 8 gives two regimes."),
        "police_abuse": (1.6, 0.8, 2.5, "logit per share", "j", FIT, "Abuse costs trust."),
        "police_clearance": (1.0, 0.4, 1.6, "logit per log", "j", FIT, "Solved cases gain trust."),
        "community_policing_on_trust": (1.0, 0.3, 1.8, LOGIT, "l", "eng.community_policing_south", "An engaged, honest force gains trust."),
        "focused_on_trust": (0.18, 0.0, 0.4, LOGIT, "l", "enf.hotspots_with_procedural_justice", "So does fair process."),
        "efficacy_income": (0.6, 0.1, 1.2, "logit per log", "j", CHOSEN, "Jobs help cohesion within."),
        "district_on_efficacy": (0.1, 0.0, 0.3, LOGIT, "l", "eng.bid_ppp", "A district organises its own."),
        "bridging_uneven": (1.0, 0.3, 2.0, "logit per log", "j", CHOSEN, "Uneven gains divide."),
        "district_on_bridging": (0.3, 0.0, 0.6, LOGIT, "j", CHOSEN, "A district turns inwards."),
        "ideas_on_state": (0.3, 0.1, 0.6, "logit per log", "j", CHOSEN, "Hostile ideas wear on the state."),
        "credibility_state": (0.8, 0.2, 1.6, "logit per share", "j", CHOSEN, "Groups stand with the state they vouch for."),
        "credibility_capture": (1.5, 0.5, 3.0, "logit per share", "j", CHOSEN, "Armed order captures groups."),
        "credibility_without_group": (0.35, 0.1, 0.5, "share", "j", CHOSEN, "Delivery by an agency without a local partner."),
        "after_school_cover": (0.42, 0.15, 0.6, "share of ages 10-16", "j", CHOSEN, "After-school places at full level."),
        "after_school_months": (10.0, 6.0, 12.0, "months", "j", CHOSEN, "How long a place is held."),
        "training_cover": (0.30, 0.1, 0.5, "share of those at risk", "j", CHOSEN, "Training places at full level."),
        "training_risk": (1.0, 0.0, 2.0, "SD", "l", "int.targeting", "Risk from which an idle youth is eligible."),
        "training_uptake": (0.55, 0.35, 0.75, "share", "l", "res.employment_training_high_risk", "Those offered who take it up."),
        "training_months": (18.0, 9.0, 24.0, "months", "l", "res.employment_training_high_risk", "How long a place lasts."),
        "training_half_life": (60.0, 24.0, 120.0, "months", "l", "res.cbt_cash_liberia", "How its effect fades."),
        "witness_on_testimony": (1.2, 0.3, 2.5, LOGIT, "j", "enf.witness_protection", "Protection brings witnesses where cases are solved."),
        "watch_on_trust": (0.2, 0.0, 0.5, LOGIT, "j", CHOSEN, "Feedback gains trust."),
        "promises_on_police": (0.3, 0.0, 0.8, LOGIT, "l", "int.over_promise", "Promises nobody keeps, trust in the police."),
        "promises_on_state": (0.4, 0.1, 1.0, LOGIT, "l", "int.over_promise", "And in the state."),
        "participation_on_state": (0.35, 0.0, 0.8, LOGIT, "j", "eng.structured_participation", "Seats that count gain trust."),
        "participation_on_efficacy": (0.15, 0.0, 0.4, LOGIT, "j", "eng.structured_participation", "And cohesion."),
        "participation_on_bridging": (0.25, 0.0, 0.6, LOGIT, "j", CHOSEN, "And between communities."),
        "women_on_efficacy": (0.1, 0.0, 0.3, LOGIT, "j", CHOSEN, "Women leaders, cohesion."),
        "housed_on_efficacy": (0.72, 0.1, 0.9, LOGIT, "l", "res.slum_upgrade_brazil", "Homes of one's own, cohesion."),
        "housed_on_state": (0.5, 0.1, 0.8, LOGIT, "j", "res.slum_upgrade_brazil", "And trust in the state."),
        "rebuilt_on_efficacy": (2.0, 0.4, 4.0, "logit per share", "j", CHOSEN, "What was rebuilt together, cohesion."),
        "rebuilt_on_state": (1.5, 0.3, 3.0, "logit per share", "j", CHOSEN, "And trust in the state."),
        "trauma_on_fear": (0.8, 0.2, 1.6, "logit per share", "j", CHOSEN, "Trauma frightens."),
        "trauma_on_efficacy": (0.5, 0.0, 1.0, "logit per share", "j", CHOSEN, "And isolates."),
        "bubbles_on_bridging": (1.0, 0.3, 2.0, "logit per share", "j", CHOSEN, "More walls, less between communities, everywhere."),
        "compact_heals": (0.6, 0.2, 0.9, "share", "j", CHOSEN, "What a compact undoes of that."),
        "divided_on_bridging": (1.5, 0.5, 3.0, "logit per share", "j", CHOSEN, "Group lines."),
        "unsettled_on_bridging": (1.0, 0.0, 2.0, "logit per share", "j", CHOSEN, "Newcomers whom nobody lets in."),
        "services_on_state": (2.0, 0.5, 4.0, "logit per share", "j", CHOSEN, "Services gain trust in the state."),
        "services_on_criminal": (3.0, 0.5, 5.0, "logit per share", "j", CHOSEN, "And lower the acceptance of armed groups."),
        "served_on_criminal": (2.0, 0.5, 4.0, "logit per share", "j", "gov.medellin_combo_leads", "What armed groups serve raises it."),
        "captured_on_criminal": (0.3, 0.0, 0.8, LOGIT, "j", CHOSEN, "So do services for which they take the credit."),
        "linkage_on_state": (0.6, 0.1, 1.2, "logit per share", "j", CHOSEN, "Business that stands with the city."),
        "lawfulness_speed": (0.08, 0.03, 0.15, A_MONTH, "j", CHOSEN, "How fast lawfulness spreads."),
        "lawful_on_state": (0.3, 0.0, 0.8, LOGIT, "j", CHOSEN, "And trust with it."),
        "campaign_on_state": (0.08, 0.0, 0.2, LOGIT, "j", CHOSEN, "A campaign with something to tell."),
        "politics_on_state": (0.3, 0.0, 0.8, "logit per ratio", "j", CHOSEN, "Bought politics cost trust."),
        "subversion_on_criminal": (0.4, 0.0, 1.0, LOGIT, "j", CHOSEN, "An unsound partner feeds the acceptance of armed groups."),
        "subversion_on_groups": (1.0, 0.2, 2.0, LOGIT, "j", CHOSEN, "And costs all groups their name."),
        "agency_misses": (0.3, 0.0, 0.8, "log per SD", "l", "int.targeting", "How an agency misses those most at risk."),
    },
    "government": {
        "integrity_rise": (0.55, 0.3, 0.8, "share of the gap to 1", "l", "reg.integrity_anticorruption", "What transparency with outside oversight gains in the end."),
        "integrity_speed": (0.03, 0.015, 0.045, A_MONTH, "l", "reg.integrity_anticorruption", "How slowly."),
        "money_on_integrity": (0.08, 0.0, 0.2, "share per log", "j", CHOSEN, "Dirty money buys officials."),
        "gun_stock_cut": (0.20, 0.1, 0.4, "share", "l", "reg.gun_stock_law", "What access rules take off the stock."),
        "gun_stock_speed": (0.06, 0.03, 0.12, A_MONTH, "j", FIT, "How fast the stock moves."),
        "firearms_on_stock": (0.5, 0.2, 1.0, "elasticity", "j", CHOSEN, "The stock follows the flow."),
        "caseload_speed": (0.15, 0.08, 0.3, A_MONTH, "j", FIT, "How fast the load is felt."),
        "building_cut": (0.5, 0.2, 0.8, "share", "j", CHOSEN, "What building rules take off laundering."),
        "politics_speed": (0.03, 0.015, 0.06, A_MONTH, "j", CHOSEN, "How fast politics are bought, or freed."),
        "pact_pays": (0.5, 0.0, 1.5, "share", "j", CHOSEN, "What a gang pays beside, for an understanding with officials."),
        "rules_on_bribes": (0.5, 0.2, 0.8, "share", "j", "reg.permits_integrity_local", "Rules shown at once, on bribes per permit."),
        "forum_gain": (0.6, 0.2, 0.9, "share of the gap to 1", "j", CHOSEN, "What a forum with a plan gains of the police's ear."),
        "linkage_on_alignment": (1.0, 0.0, 2.0, "share of the gap to 1 per share", "j", CHOSEN, "A force that business helps to equip follows more."),
        "alignment_speed": (0.1, 0.05, 0.2, A_MONTH, "j", CHOSEN, "How fast."),
        "linkage_gain": (1.2, 0.3, 2.5, LOGIT, "j", CHOSEN, "What a compact with business gains."),
        "linkage_speed": (0.03, 0.015, 0.06, A_MONTH, "j", CHOSEN, "How slowly."),
        "grievance_speed": (0.03, 0.015, 0.06, A_MONTH, "j", CHOSEN, "How fast grievance moves."),
        "spark_on_grievance": (2.0, 0.5, 4.0, LOGIT, "j", CHOSEN, "A spark inflames it."),
        "scrutiny_speed": (0.04, 0.02, 0.08, A_MONTH, "j", CHOSEN, "How slowly findings change a force."),
    },
    "ledger": {
        "lethality": (0.18, 0.12, 0.3, "deaths per event", "l", "viol.shooting_fatality", "Serious events that kill, with ordinary guns."),
        "observed": (0.7, 0.3, 0.95, "share", "j", CHOSEN, "Killings off the record that an independent count finds where everyone can tell."),
        "complaints": (0.02, 0.005, 0.05, "per resident and year", "j", CHOSEN, "Contacts that could be complained about."),
        "weight_protection": (1.0, 0.0, 3.0, "weight", "j", "declared", "Governance index: firms paying."),
        "weight_territory": (1.0, 0.0, 3.0, "weight", "j", "declared", "Governance index: territory."),
        "weight_closure": (1.0, 0.0, 3.0, "weight", "j", "declared", "Governance index: closure."),
        "weight_order": (1.0, 0.0, 3.0, "weight", "j", "declared", "Governance index: order."),
        "prison_year": (45_000.0, 1_800.0, 100_000.0, "US dollars a year", "l", "cost.inmate_year_us", "A prison place."),
        "complaints_heard": (1.0, 0.3, 2.0, "share", "j", CHOSEN, "More complaints where they are heard."),
        "elderly_street": (0.03, 0.01, 0.06, "share", "j", CHOSEN, "The elderly among those killed in disputes."),
        "elderly_home": (0.1, 0.04, 0.2, "share", "j", CHOSEN, "And at home."),
        "displaced_risk": (0.5, 0.0, 1.5, "share", "j", CHOSEN, "What the displaced risk beyond their neighbours."),
    },
}

_STATUS = {"l": "literature", "j": "judgement", "c": "calibrated", "m": "measured"}

PARAMETERS: tuple[Parameter, ...] = tuple(
    Parameter(f"{process}.{field}", default, low, high, unit, _STATUS[status], evidence, says)
    for process, fields in _TABLE.items()
    for field, (default, low, high, unit, status, evidence, says) in fields.items()
)

_BY_NAME = {each.name: each for each in PARAMETERS}

Records = np.ndarray[Any, Any]


def parameter(name: str) -> Parameter:
    """Return the parameter of that name ("process.field").

    Raises
    ------
    KeyError
        If there is none.
    """
    return _BY_NAME[name]


class Rates(NamedTuple):
    """The parameters as the processes read them: `rates.recruitment[0].peer_gain`. One table of one row a process."""

    beginning: Records
    calendar: Records
    flows: Records
    markets: Records
    economy: Records
    lifecourse: Records
    recruitment: Records
    gangs: Records
    identity: Records
    violence: Records
    extortion: Records
    justice: Records
    recovery: Records
    community: Records
    government: Records
    ledger: Records


def make_rates(*settings: Mapping[str, float]) -> Rates:
    """Return the parameters, each setting overriding the ones before.

    Parameters
    ----------
    settings
        Mappings "process.field" to value: a city's calibration first, a user's own last.

    Raises
    ------
    KeyError
        If a name is not a parameter.
    """
    tables = {}
    for process, fields in _TABLE.items():
        kind = np.dtype((np.record, [(field, np.float64) for field in fields]))
        table = np.zeros(1, dtype=kind)
        for field, row in fields.items():
            table[field] = row[0]
        tables[process] = table
    for setting in settings:
        for name, value in setting.items():
            found = _BY_NAME[name]
            tables[found.process][found.field] = value
    return Rates(**tables)
