"""Measures of resilience for people in the hands of others: who are trafficked, or depend on drugs."""

from __future__ import annotations

from sim.measures.declaration import Condition, Measure, changes, priced

__all__ = ["CARE"]

CARE = (
    Measure(
        row="P-S13",
        name="trafficked-people",
        title="Finding and helping trafficked people",
        pillar="resilience",
        says="Trained inspectors look for held people; whoever is found gets shelter, papers, work and a safe return.",
        changes=changes(
            finding_trafficked=("trafficking.inspection_rate",),
            safe_return=(
                "trafficking.help_on_reports",
                "trafficking.safe_return_on_again",
            ),
        ),
        onset_months=9,
        fades_months=6,
        units="100 000 residents",
        **priced("costs.trafficked_people"),
        commands="city",
        pays="nation and city",
        capacity="As far as inspectors get into venues and worksites; few who are held are found anywhere.",
        grade="judgement",
        leaves_alone=("firearms", "dispute_homicide_rate"),
        shows_after=24,
        partner=True,
        conditions={
            "no_punishment": Condition(
                "Nobody who is found is punished or deported for what others forced on them; else nobody reports.",
                harms="punishing_victims",
            ),
        },
    ),
    Measure(
        row="P-S14",
        name="drug-prevention-and-treatment",
        title="Prevention and treatment of drug use",
        pillar="resilience",
        says="Lessons in social skills at school before the age of first use, and treatment for every user who asks for it.",
        changes=changes(
            drug_prevention=("substance_use.prevention_on_starting",),
            drug_treatment=(
                "substance_use.treatment_reach",
                "substance_use.treatment_on_recovery",
                "substance_use.treatment_on_robberies",
            ),
        ),
        onset_months=9,
        fades_months=6,
        units="100 000 residents",
        **priced("costs.drug_prevention_and_treatment"),
        commands="city",
        pays="nation and clinics",
        capacity="At full level, four in ten of the dependent users who have no treatment.",
        grade="B",
        leaves_alone=("firearms", "integrity"),
        shows_after=24,
        partner=True,
        conditions={
            "voluntary": Condition(
                "Treatment is voluntary; under compulsion it works less and brings abuse.",
                weight=0.5,
                harms="compulsory_treatment",
            ),
        },
    ),
)
