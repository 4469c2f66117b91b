"""Parameters of `sim.processes.costs`: unit costs of measures, police time, and how prices of a city differ.

Money is in US dollars of 2019 at the prices of the United States; figures of other years are brought there by its consumer
prices (2000: times 1.48, 2013: times 1.10). Each range is what one unit at full level may cost. Judgements that were once
made for a neighbourhood of Chicago's average size, 35 000 residents, are told for 100 000 residents. `sim.prices` brings
all of them to a city's own prices. An officer's time counts wherever a measure takes it, new officers or not.
"""

from __future__ import annotations

from sim.parameters.declaration import CHOSEN, JUDGEMENT, LITERATURE, LOGUNIFORM, UNIFORM, Parameter

__all__ = ["PARAMETERS"]

A_YEAR = "US dollars of 2019 a year"
RESIDENTS = f"{A_YEAR} for 100 000 residents"
CITY = f"{A_YEAR} for the city"
PLACE = f"{A_YEAR} for one place"
OFFICERS = "officer-years for 100 000 residents"

PARAMETERS = (
    Parameter("costs.police_year", 140_000.0, 100_000.0, 170_000.0, A_YEAR, UNIFORM, JUDGEMENT, "cost.police_officer_year", "Cost of an officer's year in the United States: pay, benefits, equipment and supervision."),
    Parameter("costs.police_year_on_price_level", 2.8, 1.6, 3.6, "elasticity", UNIFORM, JUDGEMENT, "cost.police_officer_year", "Fall of the cost of an officer's year with the price level, in a city that gives no figure."),
    Parameter("costs.prison_year", 45_000.0, 30_000.0, 100_000.0, A_YEAR, LOGUNIFORM, LITERATURE, "cost.inmate_year_us", "Cost of a prison place for a year in the United States: staff, food, care and upkeep."),
    Parameter("costs.prison_year_on_price_level", 3.2, 2.5, 4.0, "elasticity", UNIFORM, LITERATURE, "cost.inmate_year_lac", "Fall of the cost of a prison place with the price level, in a city that gives no figure."),
    Parameter("costs.programmes_on_price_level", 1.0, 1.0, 2.5, "elasticity", UNIFORM, JUDGEMENT, CHOSEN, "Fall of programme costs with the price level: 1 is purchasing power, more counts that programmes are mostly wages."),
    Parameter("costs.transport_regulation", 300_000.0, 100_000.0, 1_000_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of transport regulation: licensing staff, inspectors, registers, and finance for operators who follow the rules."),
    Parameter("costs.business_permits", 200_000.0, 70_000.0, 600_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of business permits for hotels and night life: licensing staff and inspectors."),
    Parameter("costs.liquor_hours", 120_000.0, 40_000.0, 360_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of liquor licences and hours: licensing staff and inspectors; police time is counted apart."),
    Parameter("costs.liquor_hours_officers", 1.0, 0.3, 3.0, OFFICERS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Police time for checks of closing hours."),
    Parameter("costs.housing_allocation", 250_000.0, 80_000.0, 750_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of housing allocation: staff for the waiting list, home visits and hearings; no building."),
    Parameter("costs.private_security_certification", 100_000.0, 30_000.0, 300_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of certifying private security: vetting, training of guards and audits."),
    Parameter("costs.building_permits", 75_000.0, 25_000.0, 225_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of building permits against laundering: disclosure staff and a public register."),
    Parameter("costs.firearms_access", 250_000.0, 80_000.0, 750_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of rules on firearms: licensing, inspection of dealers, storage and destruction; police time is counted apart."),
    Parameter("costs.firearms_access_officers", 4.0, 1.0, 12.0, OFFICERS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Police time for checks of carrying and dealing in firearms."),
    Parameter("costs.permit_integrity", 220_000.0, 70_000.0, 660_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of integrity of permits and procurement: an outside overseer, public registers and protection of those who report."),
    Parameter("costs.public_space", 2_300_000.0, 700_000.0, 6_000_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of public space: lights, cleared lots, stops and parks, with upkeep."),
    Parameter("costs.hot_spot_patrol_officers", 70.0, 25.0, 140.0, OFFICERS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Police time for doubled patrols at hot spots: officers moved from other work included, with vehicles and supervision."),
    Parameter("costs.investigation", 120_000.0, 40_000.0, 360_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of investigation: laboratory, training and coordination; detectives are counted apart."),
    Parameter("costs.investigation_officers", 2.0, 0.7, 6.0, OFFICERS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Police time for investigation: detectives beyond those there are."),
    Parameter("costs.focused_deterrence", 150_000.0, 50_000.0, 450_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of focused deterrence: coordination, outreach workers, services for those who leave; police time is counted apart."),
    Parameter("costs.focused_deterrence_officers", 5.0, 2.0, 10.0, OFFICERS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Police time for focused deterrence: officers who follow the groups, moved from other work included."),
    Parameter("costs.witness_protection", 160_000.0, 50_000.0, 480_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, "enf.witness_protection", "Cost of witness protection: relocation, rent and contact; guards are counted apart."),
    Parameter("costs.witness_protection_officers", 1.0, 0.3, 3.0, OFFICERS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Police time for guarding witnesses."),
    Parameter("costs.community_watch", 180_000.0, 60_000.0, 540_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of community watch: wardens, their training, phone lines and cameras."),
    Parameter("costs.community_watch_officers", 1.0, 0.3, 3.0, OFFICERS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Police time for answering what wardens report."),
    Parameter("costs.mass_arrests", 100_000.0, 30_000.0, 300_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of mass arrests: transport, detention before sentence and hearings; police time and prison places are counted apart."),
    Parameter("costs.mass_arrests_officers", 10.0, 3.0, 30.0, OFFICERS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Police time for mass arrests, moved from other work included."),
    Parameter("costs.military_deployment_officers", 1500.0, 800.0, 2500.0, OFFICERS, LOGUNIFORM, LITERATURE, "enf.occupation_density", "Soldiers at full level, each counted as an officer's year."),
    Parameter("costs.leader_removal", 90_000.0, 30_000.0, 270_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of removing leaders: intelligence, informants and equipment; police time is counted apart."),
    Parameter("costs.leader_removal_officers", 1.5, 0.5, 5.0, OFFICERS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Police time for finding and arresting leaders."),
    Parameter("costs.police_oversight", 90_000.0, 30_000.0, 270_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of police oversight: an independent office for complaints, and inquiries."),
    Parameter("costs.non_custodial_sentences", 150_000.0, 50_000.0, 450_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, "res.restorative_reintegration", "Cost of non-custodial sentences: mediators, supervision and treatment."),
    Parameter("costs.police_reform", 700_000.0, 200_000.0, 2_000_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of police reform: vetting, courses, pay rises and a new career system."),
    Parameter("costs.police_reform_officers", 5.0, 2.0, 15.0, OFFICERS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Police time spent in training."),
    Parameter("costs.joint_forum", 300_000.0, 100_000.0, 900_000.0, CITY, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of the joint forum: a secretariat and monitoring."),
    Parameter("costs.lobbying", 200_000.0, 60_000.0, 600_000.0, CITY, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of lobbying the nation: an office for security at the mayor's side, with analysts and an envoy."),
    Parameter("costs.city_wardens", 1_800_000.0, 600_000.0, 5_000_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, "enf.neighbourhood_wardens", "Cost of city wardens: pay, training, radios and supervision of some forty, for residents of the places under watch."),
    Parameter("costs.community_policing", 80_000.0, 25_000.0, 250_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of community policing: training, local posts and meetings; officers are counted apart."),
    Parameter("costs.community_policing_officers", 8.0, 3.0, 25.0, OFFICERS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Police time for steady foot patrols, moved from other work included."),
    Parameter("costs.participation", 200_000.0, 60_000.0, 600_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of participation: organisers, meetings and allowances; what is decided is paid for elsewhere."),
    Parameter("costs.improvement_districts", 2_600_000.0, 800_000.0, 8_000_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, "eng.bid_ppp", "Cost of improvement districts: wardens, cleaning and lighting, paid by levy."),
    Parameter("costs.negotiated_truce", 500_000.0, 150_000.0, 5_000_000.0, CITY, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of a negotiated truce: mediators, their security and meetings; no benefits for gangs."),
    Parameter("costs.media_campaign", 60_000.0, 20_000.0, 180_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, "eng.social_media_hotline", "Cost of a media campaign: staff who report and answer."),
    Parameter("costs.women_mediators", 260_000.0, 80_000.0, 800_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of women mediators: pay, training and a meeting room."),
    Parameter("costs.business_linkage", 800_000.0, 250_000.0, 2_500_000.0, CITY, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of business-city linkage: a joint office and audits."),
    Parameter("costs.culture_of_lawfulness", 80_000.0, 25_000.0, 250_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of a culture of lawfulness: civic education, materials and events."),
    Parameter("costs.social_compact", 1_000_000.0, 300_000.0, 3_000_000.0, CITY, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of the social compact: guards and works shared with the surroundings of enclaves."),
    Parameter("costs.safety_fund", 400_000.0, 120_000.0, 1_200_000.0, CITY, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of a safety fund: a secretariat, audits and public accounts; money paid out is counted apart."),
    Parameter("costs.early_referral", 120_000.0, 40_000.0, 360_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of early referral: case workers and training of teachers and nurses."),
    Parameter("costs.after_school", 1_750.0, 1_200.0, 2_200.0, PLACE, UNIFORM, LITERATURE, "cost.bam_pp", "Cost of an after-school place with life skills: staff, room and materials for a year."),
    Parameter("costs.mothers_groups", 170_000.0, 50_000.0, 500_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, "res.womens_mothers_groups", "Cost of mothers' groups: facilitators, rooms and child care."),
    Parameter("costs.interrupters", 500_000.0, 150_000.0, 1_500_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, "cost.avert_violent_incident_interrupters", "Cost of interrupters: pay, training and supervision of teams, for residents of the places with a team."),
    Parameter("costs.jobs_with_training", 35_000.0, 27_000.0, 40_000.0, PLACE, UNIFORM, LITERATURE, "cost.readi_pp", "Cost of a training place: wages of participants, therapy and staff for a year."),
    Parameter("costs.expose_with_way_back", 200_000.0, 60_000.0, 600_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, "res.restorative_reintegration", "Cost of exposing with a way back: mediators, meetings and help for those who return."),
    Parameter("costs.group_transformation", 700_000.0, 200_000.0, 2_000_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of group transformation: equipment, pay and coaching for groups that change."),
    Parameter("costs.housing_upgrading", 4_000_000.0, 1_000_000.0, 30_000_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, "res.slum_upgrade_transit", "Cost of housing upgrading: works on homes and streets."),
    Parameter("costs.early_childhood", 21_000_000.0, 5_000_000.0, 25_000_000.0, RESIDENTS, LOGUNIFORM, LITERATURE, "cost.perry_pp", "Cost of early childhood support: two years of visits and pre-school for 750 children of each birth year."),
    Parameter("costs.care_after_shock", 300_000.0, 100_000.0, 1_000_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of care after a shock: emergency teams, shelter, counselling and cash."),
    Parameter("costs.basic_services", 3_000_000.0, 1_000_000.0, 10_000_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of basic services: running water, clinics, electricity and legal aid where missing."),
    Parameter("costs.safe_spaces", 430_000.0, 130_000.0, 1_300_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, "res.womens_mothers_groups", "Cost of safe spaces: shelters and advice centres with staff."),
    Parameter("costs.preparedness", 1_500_000.0, 500_000.0, 5_000_000.0, CITY, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of preparedness: an operations room with staff and exercises."),
    Parameter("costs.trafficked_people", 900_000.0, 300_000.0, 2_700_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, CHOSEN, "Cost of finding and helping trafficked people: inspectors, interpreters, shelter, papers and a year of support."),
    Parameter("costs.drug_prevention_and_treatment", 1_800_000.0, 600_000.0, 5_000_000.0, RESIDENTS, LOGUNIFORM, JUDGEMENT, "cost.drug_treatment", "Cost of prevention and treatment of drug use: lessons for two school years, and some 350 further places in treatment."),
)
