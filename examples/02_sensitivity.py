"""Ask which parameters of joining a gang matter most for homicide, and for what a policy does about it.

    python examples/02_sensitivity.py

A Morris design ranks them. The two questions have different answers: what moves the level of homicide most need not move
the policy's effect. Every run is kept in the folder `studies/example`, so a second start runs nothing.
"""

import citysafety as cs

study = cs.sensitivity(
    "sandbox",
    "all_four",
    analysis=cs.Analysis(method="morris", samples=4, vary=["recruitment.*_on_joining"], outcomes=["homicide_rate"]),
    execution=cs.Execution(store="studies/example"),
    months=12,
    scale=0.05,
)

print(study.headline())
columns = ["factor", "index", "verdict"]
print("What homicide without a policy depends on:")
print(study.of("homicide_rate", "without")[columns].head().to_string(index=False))
print("What the effect of the policy depends on:")
print(study.of("homicide_rate", "effect")[columns].head().to_string(index=False))
