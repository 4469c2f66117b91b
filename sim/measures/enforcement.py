"""Measures that change what police and courts do."""

from __future__ import annotations

from sim.measures.declaration import Condition, Measure, changes

__all__ = ["ENFORCEMENT"]

ENFORCEMENT = (
    Measure(
        row="P-E1",
        name="hot-spot-patrol",
        title="Patrol at hot spots",
        pillar="enforcement",
        says="Patrols are doubled where most killing is.",
        changes=changes(patrol=("violence.patrol_effect", "violence.patrol_displaced", "justice.abuse_patrol")),
        onset_months=1,
        fades_months=1,
        units="neighbourhood",
        unit_cost=3_500_000,
        cost_evidence="cost.police_officer_year (judgement)",
        commands="joint",
        pays="police",
        capacity="Pays while a small part of the city is covered.",
        grade="A",
        leaves_alone=("integrity",),
    ),
    Measure(
        row="P-E2",
        name="investigation",
        title="Investigation and clearance",
        pillar="enforcement",
        says="Homicide teams are staffed, trained and coordinated; cases are solved.",
        changes=changes(investigation=("justice.investigation_skill", "violence.deterrence_elasticity")),
        onset_months=6,
        fades_months=12,
        units="100 000 residents",
        unit_cost=400_000,
        cost_evidence="judgement",
        commands="joint",
        pays="police and prosecution",
        capacity="All homicide cases of the neighbourhoods it covers.",
        grade="A",
        leaves_alone=("firearms",),
    ),
    Measure(
        row="P-E3",
        name="focused-deterrence",
        title="Focused deterrence",
        pillar="enforcement",
        says="Groups are told together: the next killing brings everyone attention; who leaves is helped.",
        changes=changes(
            focused=(
                "violence.focused_on_attacks",
                "violence.focused_on_answers",
                "community.focused_on_trust",
                "justice.abuse_focused",
            )
        ),
        onset_months=3,
        fades_months=18,
        units="100 000 residents",
        unit_cost=150_000,
        cost_evidence="judgement",
        commands="joint",
        pays="police and city",
        capacity="The groups that do most of the killing.",
        grade="B",
        leaves_alone=("dispute_homicide_rate", "firearms"),
        conditions={
            "fair_process": Condition("People are treated fairly and told why.", 0.35),
            "protection": Condition("Who leaves is protected from reprisal.", 0.3),
        },
    ),
    Measure(
        row="P-E6",
        name="mass-arrests",
        title="Mass arrests",
        pillar="enforcement",
        says="Members, and others who look like them, are swept up and held.",
        changes=changes(
            mass_arrest=(
                "justice.mass_arrest_member",
                "justice.mass_arrest_bystander",
                "justice.sentence_mass",
                "justice.abuse_mass_arrest",
            )
        ),
        onset_months=1,
        fades_months=0,
        units="100 000 residents",
        unit_cost=600_000,
        cost_evidence="judgement; prison places are billed apart",
        commands="national",
        pays="police and prisons",
        capacity="Seven in a hundred members a month.",
        grade="C",
        leaves_alone=("firearms",),
    ),
)
