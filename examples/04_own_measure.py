"""Add a measure of your own in one file, without changing the package, and compare it with a measure of the framework.

    python examples/04_own_measure.py

A measure of your own pulls levers that the model has already; the file says how far, what it needs and what it costs. The
numbers here are invented.
"""

from pathlib import Path

import citysafety as cs

PLUGIN = """
measures:
  - row: X-Q1
    name: night-wardens
    title: Night wardens
    pillar: engagement
    says: Paid wardens walk the main streets at night and call the police.
    levers: {hot_spot_patrol: 0.3, community_policing: 0.5}
    onset_months: 3
    fades_months: 6
    units: 100 000 residents
    unit_cost: 250000
    cost_evidence: judgement
    commands: city
    pays: city works
    capacity: Twelve wardens for each neighbourhood.
    grade: judgement
"""
Path("night_wardens.yaml").write_text(PLUGIN, encoding="utf-8")
cs.load_plugin("night_wardens.yaml")

about = "The three neighbourhoods with most killings, from the first month on."
policies = [
    cs.Policy.model_validate(
        {
            "name": name,
            "title": title,
            "about": about,
            "measures": [{"measure": measure, "where": {"worst": 3, "by": "homicide_rate"}}],
        }
    )
    for name, title, measure in (("wardens", "Night wardens", "X-Q1"), ("patrol", "Patrol at hot spots", "P-E1"))
]
comparison = cs.compare("sandbox", policies, months=24, replications=12, scale=0.1)

for policy in comparison.policies:
    homicide = comparison.difference(policy.name, "homicide_rate")
    cost = comparison.difference(policy.name, "cost")
    print(f"{policy.title}: homicide {homicide.mean:+.2f} ({homicide.low:+.2f} to {homicide.high:+.2f}),", end=" ")
    print(f"cost {cost.mean:+.2f} million US dollars a year")
