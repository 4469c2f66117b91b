"""Measures that change whom the city works with: residents, business, even the gangs."""

from __future__ import annotations

from sim.measures.declaration import Condition, Measure, changes

__all__ = ["ENGAGEMENT"]

ENGAGEMENT = (
    Measure(
        row="P-G1",
        name="community-policing",
        title="Community policing",
        pillar="engagement",
        says="The same officers walk the same streets, meet residents and act on what they hear.",
        changes=changes(community_policing=("community.community_policing_on_trust",)),
        onset_months=6,
        fades_months=12,
        units="100 000 residents",
        unit_cost=500_000,
        cost_evidence="judgement",
        commands="joint",
        pays="police",
        capacity="Every neighbourhood it covers.",
        grade="A",
        leaves_alone=("firearms",),
        conditions={"stable_officers": Condition("Officers stay and can act on tips.", 0.6)},
    ),
    Measure(
        row="P-G3",
        name="improvement-districts",
        title="Improvement districts",
        pillar="engagement",
        says="Business pays a levy for cleaning, light and wardens in its own district.",
        changes=changes(
            district=(
                "violence.district_on_disputes",
                "economy.district_on_business",
                "community.district_on_efficacy",
                "community.district_on_bridging",
            )
        ),
        onset_months=12,
        fades_months=6,
        units="neighbourhood",
        unit_cost=900_000,
        cost_evidence="cost.avert_violent_crime_bid",
        commands="city",
        pays="business",
        capacity="Where business can pay.",
        grade="B",
        leaves_alone=("firearms", "integrity"),
    ),
    Measure(
        row="P-G4",
        name="negotiated-truce",
        title="Negotiated truce",
        pillar="engagement",
        says="Gangs agree, with mediators, to stop killing; nothing else is agreed.",
        changes=changes(
            truce=(
                "violence.truce_on_attacks",
                "violence.truce_on_answers",
                "gangs.truce_grievance",
                "gangs.truce_rearms",
                "extortion.settled_boundaries",
            )
        ),
        onset_months=1,
        fades_months=0,
        units="city",
        unit_cost=500_000,
        cost_evidence="judgement",
        commands="joint",
        pays="nation and city",
        capacity="All gangs of the city.",
        grade="B",
        leaves_alone=("dispute_homicide_rate",),
    ),
)
