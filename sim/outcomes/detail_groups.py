"""The outcomes that reports show below the main table, by topic."""

from __future__ import annotations

from collections.abc import Mapping

from sim.enumerations import MARKETS, SERVICES
from sim.outcomes.declaration import Outcome, count, index, money, rate, risk, share

__all__ = ["DETAIL"]

_BUDGETS = {
    "city": "the city: its offices, works and clinics",
    "police": "police forces",
    "justice": "prosecution, courts and prisons (prison places for ages 10-29 included)",
    "nation": "the nation, soldiers who stay included",
    "schools": "schools",
    "business": "business: firms, districts and enclaves",
    "donors": "donors",
}


def _paid_by(agency: str, whose: str) -> Outcome:
    """Return the part of the public cost that one agency pays (row I12)."""
    return money(f"paid_by_{agency}", f"Paid by {agency}", f"Part of the cost that falls on {whose}.", part_of="cost")


def _of_market(market: str) -> tuple[Outcome, ...]:
    """Return the four measures of one illicit market, in the order in which they are recorded (row E06)."""
    title = market.capitalize()
    whole = "market_homicide_rate"
    hits = f"Expected assassinations over {market}: a badly regulated market."
    taken = f"Share of the rents of {market} that who holds the turf takes."
    return (
        share(f"{market}_levied", f"{title}: levied", "lower", taken),
        rate(f"{market}_hits", f"{title}: assassinations", hits, whole),
        rate(
            f"{market}_entry_violence", f"{title}: killings at entry", f"Expected killings of entrants to {market}.", whole
        ),
        share(f"{market}_closure", f"{title}: closed to entrants", "lower", f"How closed the market of {market} is."),
    )


_SERVED = {
    "water": "water and sanitation",
    "waste": "waste collection",
    "clinic": "clinics",
    "school": "schools",
    "justice": "courts, legal aid and police posts",
    "transport": "public transport",
}


def _of_service(service: str) -> tuple[Outcome, ...]:
    """Return the reach and the price of one public service, in the order in which they are recorded (row E42)."""
    title, whose = service.capitalize(), _SERVED[service]
    return (
        share(f"{service}_reach", f"{title}: reach", "higher", f"Residents who are served by {whose}."),
        index(
            f"{service}_price",
            f"{title}: price",
            "lower",
            f"What households pay for {whose}.",
            "times what the state usually asks",
        ),
    )


DETAIL: Mapping[str, tuple[Outcome, ...]] = {
    "Who is in gangs": (
        count("recruits_under_18", "Recruits under 18", "people a year", "lower", "Children who join a gang."),
        count("prison_recruits", "Recruits in prison", "people a year", "lower", "Prisoners who join a gang inside."),
        count("female_members", "Women and girls in gangs", "people", "lower", "Free female members aged 10-29."),
        count("female_exits", "Exits of women and girls", "people a year", "higher", "Female members who leave alive."),
        count("ideological_members", "In ideological groups", "people", "lower", "Free members of ideological groups."),
    ),
    "How gangs are organised": (
        count("gangs", "Gangs", "gangs", "neither", "Armed groups active in the city, by home.")._replace(floor=1.0),
        Outcome("splits", "Splits of gangs", "splits a year", "neither", "residents", "Gangs that break in two.", floor=0.1),
        share("gang_cohesion", "Gang cohesion", "neither", "How closely members hold together, averaged over members."),
        index(
            "gang_arms",
            "Gang armament",
            "lower",
            "How armed gangs are, averaged over members.",
            "index, about 0.5 = baseline",
        ),
        share("gang_services", "Services by armed groups", "lower", "What armed groups serve where the state does not."),
    ),
    "Resilience": (
        share("connectedness", "Connectedness", "higher", "Mean of support, contact, volunteering and trust."),
        share(
            "close_ties",
            "Close ties",
            "neither",
            "How closely residents are tied to one another, young men above all.",
        ),
        index(
            "groups_at_work",
            "Community groups at work",
            "higher",
            "Volunteers of community groups who work and are not bought, against ordinary groups of an ordinary city; "
            "more where the city file lists groups.",
        ),
        share(
            "group_silence",
            "Community groups that stay silent",
            "lower",
            "Share of the capacity of community groups whose groups stay silent.",
        ),
        share(
            "group_threat",
            "Threat to community groups",
            "lower",
            "How far armed groups threaten community groups, most those who report or work with the state.",
        ),
        share("state_connection", "Connection to the state", "higher", "Mean of trust in state and police, and services."),
        share(
            "community_strength",
            "Strength of community",
            "higher",
            "Mean of cohesion within and between, and freedom from rule by armed groups.",
        ),
        share(
            "high_resilience",
            "High resilience (share of residents)",
            "higher",
            "Residents where both connection to the state and community are strong.",
        ),
        share(
            "low_resilience",
            "Low resilience (share of residents)",
            "lower",
            "Residents where neither connection to the state nor community is strong.",
        ),
    ),
    "Conduct of police": (
        index("tips", "Tips", "higher", "Crimes and worries that reach the police or a clinic."),
        index("protest", "Protest", "neither", "Protest at the police and the state."),
        rate("complaints", "Complaints about police", "Complaints made, which need abuse and trust in being heard."),
        count(
            "people_stopped", "Stopped and searched", "stops a year", "lower", "Stops and searches of people in the street."
        ),
        count(
            "arrests_poorest",
            "Arrests in the poorest fifth",
            "people a year",
            "neither",
            "Youths arrested and sentenced from the fifth of residents who live in the most deprived areas.",
        ),
        count(
            "arrests_best_off",
            "Arrests in the best-off fifth",
            "people a year",
            "neither",
            "Youths arrested and sentenced from the fifth of residents who live in the least deprived areas.",
        ),
        share("police_alignment", "Police follow the city", "higher", "How far the police do what the city asks."),
        share("soldiers", "Soldiers in the street", "lower", "Residents in areas that soldiers patrol."),
    ),
    "Police at work": (
        count("officers", "Police officers", "officers", "neither", "Officers on strength, by where they are stationed."),
        Outcome(
            "ordinary_patrol",
            "Ordinary patrol",
            "officers per 100 000 residents",
            "neither",
            "residents",
            "Officers in the street without an order, less those whom calls keep and armed groups pay.",
        ),
        count("ordered_patrol", "Officers on ordered patrols", "officers", "neither", "Officers at hot spots.")._replace(
            floor=1.0
        ),
        count("calls_to_police", "Calls to the police", "calls a year", "neither", "What residents report."),
        Outcome(
            "cases_per_investigator",
            "Killings for each investigator",
            "killings a year",
            "lower",
            "residents",
            "Killings of a year over the officers who investigate crimes of all kinds.",
        ),
        share("officers_tired", "Officers worn out", "lower", "Officers whom their work wears out."),
        share("officers_bought", "Officers bought", "lower", "Officers whom armed groups pay."),
        count("officers_leaving", "Officers who leave", "officers a year", "lower", "Officers who leave the force."),
        money("police_bill", "Cost of the police", "All officers on strength; apart from the cost of measures."),
    ),
    "Privacy": (
        count(
            "people_filmed", "People filmed", "people", "lower", "Residents whom cameras of a community watch film."
        )._replace(floor=1.0),
        count(
            "reports_held", "Reports held", "reports", "lower", "Reports that name a person, kept by a community watch."
        )._replace(floor=1.0),
    ),
    "Illicit trade": (
        share("seizures_true", "Goods seized", "neither", "True share of illicit supply seized."),
        share(
            "seizures_recorded", "Goods seized, recorded", "neither", "Share of illicit supply seized as the record has it."
        ),
        index("drug_price", "Price of drugs", "neither", "Local price of drugs."),
        index("goods_price", "Price of illicit goods", "neither", "Local price of illicit goods."),
        index("firearms_price", "Price of illicit firearms", "neither", "Local price of illicit firearms."),
        index("firearms", "Stock of firearms", "lower", "Firearms in circulation."),
        index("carrying", "Firearms carried", "lower", "Firearms carried in public."),
        index("rents", "Illicit rents", "lower", "Rents of illicit markets."),
        share("unlicensed", "Unlicensed venues", "lower", "Share of venue trade without a licence."),
        share("housing_allocated_by_gangs", "Homes let by armed groups", "lower", "Share of homes that armed groups let."),
    ),
    "Each illicit market": tuple(each for market in MARKETS for each in _of_market(market)),
    "Corruption": (
        share("integrity", "Integrity of officials", "higher", "Share of dealings with officials free of bribes."),
        index("bribes", "Bribes", "lower", "Rents that buy officials, against all ordinary rents.", "times ordinary rents"),
        index("permit_bribes", "Bribes per permit", "lower", "Bribes for one permit."),
        index("laundered", "Building with laundered money", "lower", "Building that is paid for with laundered money."),
        index("bought_politics", "Bought politics", "lower", "Illicit money in politics."),
        share("leakage", "Leakage", "lower", "Share of policy spending that is lost on the way."),
    ),
    "Firms and services": (
        Outcome("firm_entry", "Firms founded", "per firm and year", "higher", "residents", "New firms."),
        Outcome("firm_exit", "Firms closed", "per firm and year", "lower", "residents", "Firms that close or leave."),
        share("linkage", "Business and city working together", "higher", "How far business supports the city's programmes."),
        share("services", "Services", "higher", "Reach of public services."),
    ),
    "Each public service": tuple(each for service in SERVICES for each in _of_service(service)),
    "Shocks, homes and divisions": (
        share("damage", "Damage", "lower", "What a shock destroyed and nobody has mended."),
        share("trauma", "Trauma", "lower", "How far the residents are shaken."),
        share("displaced", "Displaced", "lower", "Residents who came and are not settled."),
        count(
            "evictions",
            "Driven from home",
            "people a year",
            "lower",
            "People whom clearance of homes or lines between groups drive out.",
        ),
        share(
            "enclaves",
            "Residents in gated enclaves",
            "lower",
            "Residents behind walls that were bought, levied for or drawn by groups.",
        ),
        share("divided", "Divided", "lower", "How far neighbourhoods are split along group lines."),
    ),
    "Violence by setting": (
        index("robberies", "Robberies", "lower", "Level against the ordinary city."),
        index("venue_violence", "Violence at venues", "lower", "Level against the ordinary city."),
        index("school_violence", "Violence at school", "lower", "Level against the ordinary city."),
    ),
    "Drug use": (
        count("users", "Drug users", "people", "lower", "Free youths of 10 to 29 who use illegal drugs."),
        count("dependent", "Dependent users", "people", "lower", "Free youths of 10 to 29 who depend on illegal drugs."),
        count("in_treatment", "In drug treatment", "people", "neither", "Dependent users of 10 to 29 who are in treatment."),
        share("drug_use", "Drug use among youths", "lower", "Free youths of 15 to 29 who use illegal drugs."),
    ),
    "Trafficking in persons": (
        count("trafficked", "Trafficked people held", "people", "lower", "People who are held after they were trafficked."),
        count(
            "trafficked_female", "Trafficked women and girls", "people", "lower", "Women and girls among trafficked people."
        ),
        count("trafficked_children", "Trafficked children", "people", "lower", "Children among trafficked people."),
        count("held_in_venues", "Held in venues", "people", "lower", "Trafficked people held in bars, brothels and hotels."),
        count("held_at_worksites", "Held at worksites", "people", "lower", "Trafficked people held at work and in homes."),
        count("held_by_gangs", "Held by gangs", "people", "lower", "Trafficked people held by gangs, for crime or begging."),
        count(
            "victims_reporting",
            "Trafficked people found through reports",
            "people a year",
            "higher",
            "Held people found because they or others reported it.",
        ),
        count("victims_found", "Trafficked people found", "people a year", "neither", "Held people found by anyone."),
    ),
    "Risk of being killed, by group": (
        risk("ratio_female", "Risk of women and girls", "Killings a head of women and girls against the city's."),
        risk("ratio_young_men", "Risk of young men", "Killings a head of males aged 10-29 against the city's."),
        risk("ratio_elderly", "Risk of the elderly", "Killings a head of those over 64 against the city's."),
        risk("ratio_displaced", "Risk of the displaced", "Killings a head of the displaced against the city's."),
        risk("ratio_marginalised", "Risk of the marginalised", "Killings a head of minorities, or of the deprived."),
    ),
    "Programmes": (
        count("places_filled", "Programme places filled", "people", "neither", "Youths in a programme place."),
        count("places_at_risk", "Places of those most at risk", "people", "neither", "Of the riskiest tenth, in training."),
    ),
    "Cost by pillar": (
        money("cost_regulation", "Cost of regulation", "Measures of regulation in force."),
        money("cost_enforcement", "Cost of enforcement", "Measures of enforcement in force."),
        money("cost_engagement", "Cost of engagement", "Measures of engagement in force."),
        money("cost_resilience", "Cost of resilience", "Measures of resilience in force."),
    ),
    "Cost by who pays": (
        *(_paid_by(agency, whose) for agency, whose in _BUDGETS.items()),
        money(
            "fund_money",
            "Paid by the safety fund",
            "What business and city pooled, paid to the police and into other measures; told in the cost, too.",
        ),
    ),
}
"""All other outcomes, by topic."""
