"""Find which combination of the four pillars reduces homicide and criminal governance most for a given budget.

    python examples/05_tradeoffs.py

All sixteen combinations meet the same futures, in each of which the strengths of the measures are drawn again from their
ranges: what holds here holds across random seeds and uncertain strengths of the measures.
"""

import citysafety as cs

study = cs.tradeoffs(
    "sandbox",
    ["regulation", "enforcement", "engagement", "resilience"],
    budget=12.0,
    objectives=["homicide_rate", "criminal_governance_index"],
    months=24,
    replications=16,
    scale=0.05,
)

print(study.headline())
table = study.table()
affordable = table[table["affordable"]].sort_values("gain_homicide_rate", ascending=False)
print("Combinations within the budget, in million US dollars a year:")
print(affordable[["title", "cost", "gain_homicide_rate", "chance_on_front", "standing"]].head().to_string(index=False))
print(f"Most homicide averted for the budget: {study.best('homicide_rate')}")
