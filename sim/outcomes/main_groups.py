"""The outcomes of the main table of a report, by topic."""

from __future__ import annotations

from collections.abc import Mapping

from sim.outcomes.declaration import Outcome, count, index, killings, money, rate, share

__all__ = ["MAIN"]

# Of what rows of the youth table do; killings are counted for people.
IN_BLOCKS = "Single months are multiples of the youths that a row stands for."

MAIN: Mapping[str, tuple[Outcome, ...]] = {
    "Violence": (
        rate("homicide_rate", "Homicide rate", "Expected killings of all causes.")._replace(
            phrase="homicide", headline=True, charted=True, studied=True
        ),
        killings(
            "gang_homicide_rate", "Killings between gangs", "Expected killings of members by rivals, first or in answer."
        ),
        killings("discipline_homicide_rate", "Killings inside gangs", "Expected killings of members by their own gang."),
        killings("dispute_homicide_rate", "Killings in disputes", "Expected killings in disputes among residents."),
        killings(
            "bystander_homicide_rate", "Bystanders killed", "Expected killings of people outside gangs in gang shootings."
        ),
        killings("domestic_homicide_rate", "Killings at home", "Expected killings within families."),
        killings(
            "police_killings",
            "Killings by police",
            "Expected killings by police, on average over who was killed among officers before.",
        )._replace(headline=True),
        killings("officer_homicide_rate", "Police officers killed", "Expected killings of police officers by gangs."),
        killings("vigilante_homicide_rate", "Killings by vigilantes", "Expected killings by residents who take the law."),
        killings("communal_homicide_rate", "Intercommunal killings", "Expected killings between groups, and in attacks."),
        killings("market_homicide_rate", "Market-related killings", "Expected killings over illicit markets."),
        killings(
            "prison_homicide_rate", "Killings in prison", "Expected killings of prisoners in riots, by the home they had."
        ),
        rate(
            "female_homicide_rate", "Women and girls killed", "Expected killings of women and girls, per 100 000 residents."
        ),
        rate("youth_homicide_rate", "Youths killed", "Expected killings of people aged 10-29, per 100 000 residents."),
        rate(
            "serious_assaults",
            "Serious assaults",
            "Residents who suffer an event that could have killed, deaths included.",
        ),
        index("domestic_violence", "Violence at home", "lower", "Level against the ordinary city."),
    ),
    "Deaths, expected and as drawn": (
        count("killings_expected", "Killings expected", "killings a year", "lower", "Sum of the hazards of being killed."),
        count("homicides", "Homicides", "killings a year", "lower", "Killings that happened in the run.")._replace(
            as_drawn=True
        ),
        count(
            "homicides_recorded", "Homicides recorded", "killings a year", "neither", "Killings in the official count."
        )._replace(as_drawn=True),
        count(
            "homicides_counted",
            "Homicides counted independently",
            "killings a year",
            "neither",
            "Killings in the count of the press, hospitals and civil groups.",
        )._replace(as_drawn=True),
        count(
            "children_killed",
            "Children killed",
            "killings a year",
            "lower",
            "Killed at ten to seventeen, outside the home.",
        )._replace(as_drawn=True),
    ),
    "Gang membership": (
        count("gang_members", "Gang members", "people", "lower", "Free members of gangs aged 10-29.")._replace(
            headline=True, charted=True
        ),
        count(
            "recruits",
            "Recruits",
            "people a year",
            "lower",
            "Youths who join a gang. " + IN_BLOCKS,
        )._replace(headline=True, phrase="recruits to gangs"),
        count(
            "exits",
            "Exits from gangs",
            "people a year",
            "higher",
            "Members who leave a gang alive. " + IN_BLOCKS,
        ),
        count("prison_members", "Gang members in prison", "people", "neither", "Members of gangs in prison."),
    ),
    "Criminal governance": (
        Outcome(
            "criminal_governance_index",
            "Criminal governance",
            "0-100",
            "lower",
            "residents",
            "Mean of firms extorted, territory, closure and order: how far armed groups rule. Homicide is no part of it.",
        )._replace(headline=True, charted=True, studied=True),
        share(
            "extortion_share",
            "Firms extorted",
            "lower",
            "Governance part 1: share of firms that pay an armed group.",
            "share of firms, 0-1",
        )._replace(headline=True, charted=True, phrase="the share of firms extorted"),
        share("territory", "Uncontested gang control", "lower", "Governance part 2: residents under one armed group alone."),
        share("closure", "Closed markets", "lower", "Governance part 3: how closed local markets are to entrants."),
        share(
            "order", "Extra-legal dispute resolution", "lower", "Governance part 4: disputes and rules taken to the group."
        ),
        share("turnover_taken", "Turnover taken", "lower", "Share of local turnover taken by extortion.")._replace(
            phrase="the share of turnover taken"
        ),
        share("gang_control", "Control by gangs", "lower", "Share of local control that gangs hold together."),
    ),
    "Trust and community": (
        share(
            "state_legitimacy", "Trust in the state", "higher", "Vertical cohesion: legitimacy of city and state."
        )._replace(headline=True, charted=True),
        share("police_legitimacy", "Trust in the police", "higher", "Legitimacy of the police.")._replace(
            headline=True, charted=True
        ),
        share("criminal_legitimacy", "Acceptance of armed groups", "lower", "Legitimacy of armed groups."),
        share(
            "collective_efficacy", "Collective efficacy", "higher", "Cohesion within: residents who would step in."
        )._replace(headline=True),
        share("bridging", "Bridging cohesion", "higher", "Cohesion between communities."),
        share("fear", "Fear", "lower", "Residents who feel unsafe."),
    ),
    "Police and justice": (
        share("reporting", "Crimes reported", "higher", "Share of serious crimes reported to the police.")._replace(
            headline=True, phrase="the share of crimes reported"
        ),
        share("testimony", "Witnesses who testify", "higher", "Share of witnesses who would testify."),
        Outcome(
            "clearance", "Homicide clearance rate", "share, 0-1", "higher", "killings", "Share of killings that are solved."
        )._replace(headline=True, phrase="the homicide clearance rate"),
        count(
            "arrests",
            "Arrests with a sentence",
            "people a year",
            "neither",
            "Youths arrested and sentenced. " + IN_BLOCKS,
        ),
        count("prisoners", "In prison", "people", "lower", "People aged 10-29 in prison.")._replace(
            headline=True, phrase="the number in prison"
        ),
        share("abuse", "Police abuse", "lower", "Share of contacts with police that residents find abusive."),
    ),
    "Rights": (
        count(
            "wrongly_held",
            "Wrongly held",
            "people",
            "lower",
            "In prison since a mass arrest took them for members of gangs, aged 10-29.",
        )._replace(floor=1.0, headline=True, phrase="the number wrongly held"),
        count(
            "families_of_prisoners",
            "Families of prisoners",
            "people",
            "lower",
            "Children and parents of those in prison aged 10-29.",
        )._replace(headline=True, phrase="the number of children and parents of prisoners"),
        count(
            "custody_deaths",
            "Deaths in custody",
            "deaths a year",
            "lower",
            "Expected deaths of prisoners aged 10-29, riots apart; no part of homicide.",
        )._replace(floor=0.1, headline=True, phrase="deaths in custody"),
    ),
    "Work and inequality": (
        Outcome(
            "homicide_gap",
            "Homicide gap",
            "times",
            "lower",
            "residents",
            "Expected homicide rate of the fifth of areas most violent at the start, over that of the least violent fifth.",
        )._replace(headline=True, phrase="the homicide gap"),
        index("business", "Business activity", "higher", "Local business against the ordinary city."),
        index("jobs", "Jobs", "higher", "Posts for each who looks for work, against the ordinary city."),
        share("idle_share", "Neither school nor work", "lower", "Free youths aged 10-29 with neither."),
        share("out_of_school", "Out of school", "lower", "Free youths of 14 to 17 who are not at school."),
    ),
    "Cost": (money("cost", "Public cost", "Measures in force and prison places for ages 10-29.")._replace(headline=True),),
}
"""The outcomes of the main table of a report, by topic."""
