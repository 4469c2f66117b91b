"""What is remembered of the city as a whole, a line a field; `sim.state.tables` has the tables of its parts."""

from __future__ import annotations

from sim.state.tables import floats, record

__all__ = ["CITY_STATE"]

# The city as a whole (a table of one row).
CITY_STATE = record(
    start="i8",  # first month of the burn-in, a negative number
    command="i8",  # of the police: 0 the city's, 1 joint, 2 the nation's
    **floats(
        "displaced_ordinary",  # share of residents who are unsettled as month 1 begins
        "anchoring",  # how fast references follow their drivers: above 0 only while the city settles
        "population",
        "clearance_anchor",
        "clearance",
        "integrity_anchor",
        "integrity",  # of officials: permits, contracts and what is bought of them
        "force_integrity",  # of the police, reform apart
        "guns",
        "caseload",
        "caseload_reference",
        "officers",  # of the police, all units
        "calls",  # to the police, this month
        "orders_supplied",  # share of ordered patrols for which there are officers
        "sent_share",  # share of ordinary patrols that orders take
        "investigators",  # officers who investigate
        "investigators_reference",
        "case_pressure",  # cases an investigator against what the ordinary number of investigators would have
        "fighting_reference",
        "contact_reference",  # mean of `homicide.police_contact` over residents, while the city settled
        "rivalry_reference",  # what a member ordinarily risks from rivals, a month
        "threat_reference",  # killings that a member expects in answer, while the city settled
        "appetite",  # members that a unit of control over people can feed
        "jobs",
        "follows",
        "alignment",  # how far the police do what the city asks, now
        "fit",
        "drug_use",  # share of those of 15 to 29 who used drugs within a year, by the city file
        "use_pace",  # yearly hazard of starting at its peak, for an ordinary youth
        "use_share",  # free youths who use drugs, of all free youths
        "dependent_share",
        "joining_reference",  # by how much early use multiplies joining, on average, while the city settled
        "leaving_reference",  # and dependence leaving
        "capital",  # how far the city is the capital or the centre of the nation's economy, 0-1
        "diverted",  # share of the force that shocks bind
        "linkage_anchor",
        "linkage",
        "grievance_anchor",
        "grievance",
        "segregation",
        "reform",  # of the police, 0-1
        "scrutiny",  # findings about the police that are acted on, 0-1
        "phones",
        "care_anchor",
        "elderly",
        "bubbles_anchor",
        "bubbles",  # share of residents behind walls that were bought or levied for
        "laundered",
        "transit_rents",  # toll on what passes through, a resident of the city
        "transit_reference",
        "politics",  # bought
        "leakage",  # share of policy spending lost
        "leaked",  # dollars of it a resident and year, at US prices
        "prisoners",
        "youths",
        "membership",
        "money_per_dollar",
        "programme_prices",  # what programmes cost here, against US prices
        "prison_year",  # cost of a prison place a year, in US dollars
        "police_year",  # cost of an officer a year, in US dollars
        "fund_offered",  # to the safety fund, US dollars a year
        "fund_lost",  # share of it that a closed board loses
        "fund_paid",  # by the fund this month, US dollars a year
        "fund_money",  # the same in millions of the city's money
        "fund_to_police",  # the part of it that the police get
        "fund_solving",  # what that does for solving cases, 1 as much as investigation at full level
        "cost",
        "seizures_true",
        "seizures_recorded",
        "bribes",
        "permit_bribes",
        "cost_regulation",
        "cost_enforcement",
        "cost_engagement",
        "cost_resilience",
        "common_driver",  # log level of violence that comes and goes in the whole city
        "rivalry_driver",  # the same of killings between gangs alone
        "common_variance",  # of the two, as expected by this month
        "rivalry_variance",
        "driven_disputes",  # share of all killing that disputes are, as the city settled
        "driven_rivalry",  # share that killing between gangs is, bystanders included
        "dispute_years",  # disputes against what they are on average, this month
        "rivalry_years",  # contact between gangs, likewise
        "season",  # violence in public against its mean of the year, this month
        "temperature_range",  # degrees Celsius between the mean of the warmest and of the coldest month
        "warmest_month",  # from 0, January
        "first_calendar_month",  # of the engine's month 0, from 0, January
        "truce",  # in force, as gangs at large know it by the next month
        "prison_places",
        "row_weight",  # youths that one row stands for, a mean over the rows
        "youths_left",  # free youths who are not counted dead, this month
        "street_balance",  # youths counted dead in the street for whom no row has left the table yet
        "prison_balance",  # and of those counted dead in prison
        "killer_balance",  # killings in disputes by youths that no row has been marked for yet
        "killed_by_rivals",  # members of gangs killed by rivals, this month
        "bystanders_killed",  # and bystanders
        "gangs_at_start",
        "births",  # events counted since month 0
        "splits",
        "splits_now",
        "merges",
        "ends",
        "overflow",
        "ordinary_serving",  # what ordinary groups of one neighbourhood can serve and tell
        "ordinary_telling",
    ),
)
