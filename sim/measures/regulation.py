"""Measures that change the rules: drink, guns, permits."""

from __future__ import annotations

from sim.measures.declaration import Condition, Measure, changes

__all__ = ["REGULATION"]

REGULATION = (
    Measure(
        row="P-R3",
        name="liquor-hours",
        title="Liquor licences and hours",
        pillar="regulation",
        says="Bars and shops stop selling earlier; the hours are checked.",
        changes=changes(closing=("violence.closing_on_disputes",)),
        onset_months=2,
        fades_months=1,
        units="100 000 residents",
        unit_cost=120_000,
        cost_evidence="judgement",
        commands="city",
        pays="city licensing office",
        capacity="Every licensed place of the neighbourhoods it covers.",
        grade="B",
        leaves_alone=("gang_homicide_rate", "domestic_homicide_rate"),
    ),
    Measure(
        row="P-R7",
        name="firearms-access",
        title="Firearms access",
        pillar="regulation",
        says="Fewer guns in hand: carrying and buying are regulated and the rules are kept.",
        changes=changes(guns=("government.gun_stock_cut", "violence.gun_elasticity")),
        onset_months=6,
        fades_months=12,
        units="100 000 residents",
        unit_cost=250_000,
        cost_evidence="judgement",
        commands="joint",
        pays="nation and city",
        capacity="The whole city: guns cross its quarters.",
        grade="B",
        leaves_alone=("gang_members", "extortion_share"),
    ),
    Measure(
        row="P-R8",
        name="permit-integrity",
        title="Integrity of permits and procurement",
        pillar="regulation",
        says="Permits and contracts are open, overseen from outside the chain, and those who report are protected.",
        changes=changes(integrity=("government.integrity_rise",)),
        onset_months=12,
        fades_months=36,
        units="city",
        unit_cost=6_000_000,
        cost_evidence="judgement",
        commands="city",
        pays="city",
        capacity="The whole administration.",
        grade="B",
        leaves_alone=("firearms",),
        conditions={
            "outside_oversight": Condition("Oversight from outside the chain of command; inside it little changes.", 0.95),
            "reporter_protection": Condition("Protection for those who report.", 0.8),
        },
    ),
)
