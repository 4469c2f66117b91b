"""Measures that make youths and neighbourhoods harder to draw in."""

from __future__ import annotations

from sim.measures.declaration import Condition, Measure, changes

__all__ = ["RESILIENCE"]

RESILIENCE = (
    Measure(
        row="P-S1",
        name="after-school",
        title="After-school places",
        pillar="resilience",
        says="Sport, arts and life skills after school, for ten- to sixteen-year-olds.",
        changes=changes(after_school=("recruitment.after_school_on_joining", "community.after_school_cover")),
        onset_months=6,
        fades_months=0,
        units="after-school place",
        unit_cost=1_600,
        cost_evidence="cost.bam_pp",
        commands="city",
        pays="schools and city",
        capacity="35 in 100 of that age at full level.",
        grade="A",
        leaves_alone=("firearms", "integrity"),
        conditions={"life_skills": Condition("A life-skills part; sport alone does next to nothing.", 0.9)},
    ),
    Measure(
        row="P-S3",
        name="interrupters",
        title="Peace monitors and interrupters",
        pillar="resilience",
        says="Trusted people step between two groups after a killing, before the answer comes.",
        changes=changes(interruption=("violence.interrupters_on_answers", "violence.interrupters_on_attacks")),
        onset_months=2,
        fades_months=9,
        units="neighbourhood",
        unit_cost=180_000,
        cost_evidence="cost.avert_violent_incident_interrupters; judgement on team size",
        commands="city",
        pays="city and donors",
        capacity="One team a neighbourhood; its reach is its credibility.",
        grade="B",
        leaves_alone=("dispute_homicide_rate", "firearms"),
    ),
    Measure(
        row="P-S4",
        name="jobs-with-training",
        title="Jobs and training with prospects",
        pillar="resilience",
        says="Paid work, training and therapy for those most at risk, with a job at the end.",
        changes=changes(
            training=(
                "recruitment.training_on_joining",
                "recruitment.training_on_exit",
                "violence.training_on_attacks",
                "economy.idle_training",
                "community.training_half_life",
            )
        ),
        onset_months=6,
        fades_months=0,
        units="training place",
        unit_cost=35_000,
        cost_evidence="cost.readi_pp, a year of eighteen months",
        commands="city",
        pays="city and employers",
        capacity="30 in 100 of those at risk at full level; 55 in 100 take it up.",
        grade="A",
        leaves_alone=("firearms", "integrity"),
        conditions={"prospects": Condition("Work that leads somewhere; menial work does next to nothing.", 0.85)},
    ),
)
