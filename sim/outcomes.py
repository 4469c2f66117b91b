"""Everything a run reports, declared once: name, unit, how it is averaged, which way is better.

Every outcome is a level or a yearly rate, so its average over any period is the plain mean of its months, and its city
value is the sum over neighbourhoods or a mean weighted by residents or by expected killings. Rates of killing are
expectations (the sum of hazards before the draw): a difference of a few per cent shows in them and drowns in counts;
`homicides` counts what happened. Rows I01-I12 of the framework.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.state import MARKETS

__all__ = ["FIRST_OF_AGENCIES", "FIRST_OF_MARKETS", "OUTCOME", "OUTCOMES", "Outcome", "outcome_index", "outcome_weights"]

SUM = -2
RESIDENTS = -1


class Outcome(NamedTuple):
    """One reported quantity.

    `weight` is "sum" (city value: the sum), "residents" (mean over residents) or "killings" (mean over expected
    killings). `least` is the least effect that matters, relative to the reference level; `floor` the same as an absolute
    figure, for outcomes that can be near zero. Money has neither: what is spent is spent, however little of the whole.
    """

    name: str
    title: str
    unit: str
    better: str
    weight: str
    says: str
    least: float = 0.05
    floor: float = 0.0


def _rate(name: str, title: str, says: str) -> Outcome:
    return Outcome(name, title, "per 100 000 residents a year", "lower", "residents", says)


def _share(name: str, title: str, better: str, says: str, unit: str = "share, 0-1") -> Outcome:
    return Outcome(name, title, unit, better, "residents", says)


def _ratio(name: str, title: str, better: str, says: str, unit: str = "ratio") -> Outcome:
    return Outcome(name, title, unit, better, "residents", says)


_BUDGETS = {
    "city": "the city: its offices, works and clinics",
    "police": "police forces",
    "justice": "prosecution, courts and prisons (prison places for ages 10-29 included)",
    "nation": "the nation, soldiers who stay included",
    "schools": "schools",
    "business": "business: firms, districts and enclaves",
    "donors": "donors",
}


def _money(name: str, title: str, says: str) -> Outcome:
    return Outcome(name, title, "million a year", "lower", "sum", says, least=0.0)


def _paid_by(agency: str, whose: str) -> Outcome:
    """Return the part of the public cost that one agency pays (row I12)."""
    return _money(f"paid_by_{agency}", f"Paid by {agency}", f"Part of the cost that falls on {whose}.")


def _of_market(market: str) -> tuple[Outcome, ...]:
    """Return the four measures of one illicit market, in the order in which the ledger writes them (row E06)."""
    title = market.capitalize()
    return (
        _share(
            f"{market}_levied", f"{title}: levied", "lower", f"Share of the rents of {market} that who holds the turf takes."
        ),
        _rate(f"{market}_hits", f"{title}: hits", f"Expected assassinations over {market}: a badly regulated market."),
        _rate(f"{market}_entry_violence", f"{title}: violence at entry", f"Expected killings of entrants to {market}."),
        _share(f"{market}_closure", f"{title}: closed to entrants", "lower", f"How closed the market of {market} is."),
    )


OUTCOMES: tuple[Outcome, ...] = (
    _rate("homicide_rate", "Homicide rate", "Expected killings of all causes."),
    _rate("gang_homicide_rate", "Killings between gangs", "Expected killings of members by rivals, first or in answer."),
    _rate("discipline_homicide_rate", "Killings inside gangs", "Expected killings of members by their own gang."),
    _rate("dispute_homicide_rate", "Killings in disputes", "Expected killings in disputes among residents."),
    _rate("bystander_homicide_rate", "Bystanders killed", "Expected killings of people outside gangs in gang shootings."),
    _rate("domestic_homicide_rate", "Killings at home", "Expected killings within families."),
    _rate("police_killings", "Killings by police", "Expected killings by police."),
    _rate("vigilante_homicide_rate", "Killings by vigilantes", "Expected killings by residents who take the law."),
    _rate("communal_homicide_rate", "Killings along group lines", "Expected killings between groups, and in attacks."),
    _rate("market_homicide_rate", "Hits and killings at entry", "Expected killings over illicit markets."),
    Outcome("homicides", "Homicides", "killings a year", "lower", "sum", "Killings that happened in the run."),
    Outcome(
        "homicides_recorded",
        "Homicides recorded",
        "killings a year",
        "neither",
        "sum",
        "Killings in the official count.",
    ),
    Outcome(
        "homicides_counted",
        "Homicides counted independently",
        "killings a year",
        "neither",
        "sum",
        "Killings in the count of the press, hospitals and civil groups.",
    ),
    Outcome(
        "killings_expected",
        "Killings expected",
        "killings a year",
        "lower",
        "sum",
        "Sum of the hazards of being killed.",
    ),
    _rate("female_homicide_rate", "Women and girls killed", "Expected killings of women and girls, per 100 000 residents."),
    _rate("youth_homicide_rate", "Youths killed", "Expected killings of people aged 10-29, per 100 000 residents."),
    _rate("serious_assaults", "Serious assaults", "Residents who suffer an event that could have killed, deaths included."),
    Outcome("gang_members", "Gang members", "people", "lower", "sum", "Free members of gangs aged 10-29."),
    Outcome("recruits", "Recruits", "people a year", "lower", "sum", "Youths who join a gang."),
    Outcome("recruits_under_18", "Recruits under 18", "people a year", "lower", "sum", "Of these, children."),
    Outcome("exits", "Exits from gangs", "people a year", "higher", "sum", "Members who leave a gang alive."),
    Outcome("prison_recruits", "Recruits in prison", "people a year", "lower", "sum", "Prisoners who join a gang inside."),
    Outcome("female_members", "Women and girls in gangs", "people", "lower", "sum", "Free female members aged 10-29."),
    Outcome("female_exits", "Exits of women and girls", "people a year", "higher", "sum", "Female members who leave alive."),
    Outcome("ideological_members", "In ideological groups", "people", "lower", "sum", "Free members of ideological groups."),
    Outcome("splits", "Splits of gangs", "splits a year", "neither", "residents", "Gangs that break in two.", floor=0.1),
    _share("gang_cohesion", "Cohesion of gangs", "neither", "How knit gangs are, by members."),
    _ratio("gang_arms", "Arms of gangs", "lower", "How armed gangs are, by members; about .5 in the ordinary city."),
    _share("gang_services", "Services by armed groups", "lower", "What armed groups serve where the state does not."),
    Outcome("gangs", "Gangs", "gangs", "neither", "sum", "Armed groups active in the city, by home.", floor=1.0),
    Outcome(
        "criminal_governance_index",
        "Criminal governance",
        "0-100",
        "lower",
        "residents",
        "Mean of protection, territory, closure and order: how far armed groups rule. Homicide is no part of it.",
    ),
    _share("protection", "Firms paying protection", "lower", "Governance part 1: share of firms that pay."),
    _share("territory", "Living under one armed group", "lower", "Governance part 2: uncontested control."),
    _share("closure", "Closed markets", "lower", "Governance part 3: how closed local markets are to entrants."),
    _share("order", "Order kept by armed groups", "lower", "Governance part 4: disputes and rules taken to the group."),
    _share("extortion_share", "Firms extorted", "lower", "Share of firms that pay an armed group.", "share of firms, 0-1"),
    _share("turnover_taken", "Turnover taken", "lower", "Share of local turnover taken by extortion."),
    _share("gang_control", "Control by gangs", "lower", "Share of local control that gangs hold together."),
    _share("state_legitimacy", "Trust in the state", "higher", "Vertical cohesion: legitimacy of city and state."),
    _share("police_legitimacy", "Trust in the police", "higher", "Legitimacy of the police."),
    _share("criminal_legitimacy", "Acceptance of armed groups", "lower", "Legitimacy of armed groups."),
    _share("collective_efficacy", "Collective efficacy", "higher", "Cohesion within: residents who would step in."),
    _share("bridging", "Bridging cohesion", "higher", "Cohesion between communities."),
    _share("fear", "Fear", "lower", "Residents who feel unsafe."),
    _share("testimony", "Witnesses who testify", "higher", "Share of witnesses who would testify."),
    _share("reporting", "Crimes reported", "higher", "Share of serious crimes reported to the police."),
    _share("connectedness", "Connectedness", "higher", "Mean of support, contact, volunteering and trust."),
    _share("state_connection", "Connection to the state", "higher", "Mean of trust in state and police, and services."),
    _share(
        "community_strength", "Strength of community", "higher", "Mean of cohesion within and between, and freedom of rule."
    ),
    _share("positive_resilience", "Resilient", "higher", "Residents where both connection and community are strong."),
    _share("negative_resilience", "Exposed", "lower", "Residents where neither is."),
    _ratio("tips", "Tips", "higher", "Crimes and worries that reach the police or a clinic, 1 in the ordinary city."),
    _ratio("protest", "Protest", "neither", "Protest at the police and the state, 1 in the ordinary city."),
    Outcome("clearance", "Killings solved", "share, 0-1", "higher", "killings", "Share of killings that are solved."),
    Outcome("arrests", "Arrests with a sentence", "people a year", "neither", "sum", "Youths arrested and sentenced."),
    Outcome("prisoners", "In prison", "people", "lower", "sum", "People aged 10-29 in prison."),
    Outcome("prison_members", "Gang members in prison", "people", "neither", "sum", "Members of gangs in prison."),
    _share("abuse", "Police abuse", "lower", "Share of contacts with police that residents find abusive."),
    _rate("complaints", "Complaints about police", "Complaints made, which need abuse and trust in being heard."),
    _share("police_alignment", "Police follow the city", "higher", "How far the police do what the city asks."),
    _share("soldiers", "Soldiers in the street", "lower", "Residents among whom soldiers stand."),
    _share("seizures_true", "Goods seized", "neither", "True share of illicit supply seized."),
    _share("seizures_recorded", "Goods seized, recorded", "neither", "What the record says."),
    _share("drug_price", "Price of drugs", "neither", "Local price, 1 in the ordinary city.", "ratio"),
    _ratio("goods_price", "Price of illicit goods", "neither", "Local price, 1 in the ordinary city."),
    _ratio("firearms_price", "Price of firearms", "neither", "Local price, 1 in the ordinary city."),
    *(each for market in MARKETS for each in _of_market(market)),
    _share("unlicensed", "Unlicensed venues", "lower", "Share of venue trade without a licence."),
    _share("housing_allocated_by_gangs", "Homes let by armed groups", "lower", "Share of homes that armed groups hand out."),
    _ratio("laundered", "Laundered building", "lower", "Building with dirty money, 1 in the ordinary city."),
    _ratio("bought_politics", "Bought politics", "lower", "Dirty money in politics, 1 in the ordinary city."),
    _ratio("permit_bribes", "Bribes per permit", "lower", "Bribes for one permit, 1 in the ordinary city."),
    _share("leakage", "Leakage", "lower", "Share of policy spending that is lost on the way."),
    _share("rents", "Illicit rents", "lower", "Rents of illicit markets, 1 in the ordinary city.", "ratio"),
    _share("firearms", "Stock of firearms", "lower", "Firearms in hand, 1 in the ordinary city.", "ratio"),
    _share("integrity", "Integrity of officials", "higher", "Share of dealings with officials free of bribes."),
    _share("bribes", "Bribes", "lower", "Rents that buy officials, against all ordinary rents.", "ratio"),
    _share("business", "Business activity", "higher", "Local business, 1 in the ordinary city.", "ratio"),
    _share("jobs", "Jobs", "higher", "Local jobs, 1 in the ordinary city.", "ratio"),
    Outcome("firm_entry", "Firms founded", "per firm and year", "higher", "residents", "New firms."),
    Outcome("firm_exit", "Firms closed", "per firm and year", "lower", "residents", "Firms that close or leave."),
    _share("linkage", "Linkage of business and city", "higher", "How far business stands with the city's programmes."),
    _share("idle_share", "Neither school nor work", "lower", "Free youths aged 10-29 with neither."),
    _share("out_of_school", "Out of school", "lower", "Free youths of 14 to 17 who are not at school."),
    _share("services", "Services", "higher", "Reach of public services."),
    _share("damage", "Damage", "lower", "What a shock destroyed and nobody has mended."),
    _share("trauma", "Trauma", "lower", "How far the residents are shaken."),
    _share("displaced", "Displaced", "lower", "Residents who came and are not settled."),
    Outcome(
        "evictions", "Driven from home", "people a year", "lower", "sum", "People whom clearance or group lines drive out."
    ),
    _share("enclaves", "Behind walls", "lower", "Residents behind walls that were bought, levied for or drawn by groups."),
    _share("divided", "Divided", "lower", "How far neighbourhoods are split along group lines."),
    _ratio("robberies", "Robberies", "lower", "Level against the ordinary city."),
    _ratio("venue_violence", "Violence at venues", "lower", "Level against the ordinary city."),
    _ratio("school_violence", "Violence at school", "lower", "Level against the ordinary city."),
    _share("domestic_violence", "Violence at home", "lower", "Level against the ordinary city.", "ratio"),
    Outcome("places_filled", "Programme places filled", "people", "neither", "sum", "Youths in a programme place."),
    Outcome(
        "places_at_risk", "Places of those most at risk", "people", "neither", "sum", "Of the riskiest tenth, in training."
    ),
    Outcome(
        "children_killed",
        "Children killed",
        "killings a year",
        "lower",
        "sum",
        "Killed at ten to seventeen, outside the home.",
    ),
    _ratio("ratio_female", "Risk of women and girls", "neither", "Killings a head against the city's."),
    _ratio("ratio_young_men", "Risk of young men", "neither", "Killings a head of males aged 10-29 against the city's."),
    _ratio("ratio_elderly", "Risk of the elderly", "neither", "Killings a head of those over 64 against the city's."),
    _ratio("ratio_displaced", "Risk of the displaced", "neither", "Killings a head of the displaced against the city's."),
    _ratio(
        "ratio_marginalised", "Risk of the marginalised", "neither", "Killings a head of minorities, or of the deprived."
    ),
    Outcome(
        "homicide_gap",
        "Homicide gap",
        "ratio",
        "lower",
        "residents",
        "Expected homicide rate of the fifth of areas that was most violent at the start over that of the least violent.",
    ),
    _money("cost", "Public cost", "Measures in force and prison places for ages 10-29."),
    _money("cost_regulation", "Cost of regulation", "Measures of regulation in force."),
    _money("cost_enforcement", "Cost of enforcement", "Measures of enforcement in force."),
    _money("cost_engagement", "Cost of engagement", "Measures of engagement in force."),
    _money("cost_resilience", "Cost of resilience", "Measures of resilience in force."),
    *(_paid_by(agency, whose) for agency, whose in _BUDGETS.items()),
)

# Where the bills of the agencies begin, in the order of `sim.measures.declaration.AGENCIES`.
FIRST_OF_AGENCIES = next(column for column, outcome in enumerate(OUTCOMES) if outcome.name == "paid_by_city")

OUTCOME = np.dtype((np.record, [(outcome.name, np.float64) for outcome in OUTCOMES]))

# Where the measures of the markets begin, market by market, four each.
FIRST_OF_MARKETS = next(column for column, outcome in enumerate(OUTCOMES) if outcome.name == f"{MARKETS[0]}_levied")

_INDEX = {outcome.name: column for column, outcome in enumerate(OUTCOMES)}


def outcome_index(name: str) -> int:
    """Return the column of an outcome.

    Raises
    ------
    KeyError
        If there is no outcome of that name.
    """
    return _INDEX[name]


def outcome_weights() -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return how each outcome is averaged over neighbourhoods: SUM, RESIDENTS, or the column that weighs it."""
    kinds = {"sum": SUM, "residents": RESIDENTS, "killings": _INDEX["killings_expected"]}
    return np.array([kinds[outcome.weight] for outcome in OUTCOMES], dtype=np.int64)
