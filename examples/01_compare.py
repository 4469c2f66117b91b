"""Compare each of the four pillars, and all four together, with no policy on the made-up city `sandbox`.

    python examples/01_compare.py

Prints the difference in homicide that each would make in this model, with its 95 % interval, and draws it as
`compare.png` in the current folder. All policies meet the same twenty futures.
"""

import citysafety as cs

comparison = cs.compare(
    "sandbox",
    ["regulation", "enforcement", "engagement", "resilience", "all_four"],
    months=36,
    replications=20,
    seed=1,
    scale=0.1,
)

level = comparison.level("baseline", "homicide_rate")
print(f"Homicide without a policy: {level.mean:.1f} per 100,000 residents a year")
for policy in comparison.policies:
    found = comparison.difference(policy.name, "homicide_rate")
    verdict = "clear" if found.clear else "not clear"
    print(f"{policy.title}: {found.mean:+.1f}, 95 % interval {found.low:+.1f} to {found.high:+.1f} ({verdict})")

comparison.plot("homicide_rate").savefig("compare.png")
