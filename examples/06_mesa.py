"""Step through the model as a Mesa model, look at its agents, and change the policy half-way.

    python examples/06_mesa.py

The same months as in every other example, one step a month. A copy of the model has the same past and the same luck ahead,
so what differs afterwards is the policy.
"""

import copy

import citysafety as cs

model = cs.CitySafetyModel("sandbox", "baseline", rng=1, months=48, scale=0.1)
for _ in range(24):
    model.step()

print(f"After {model.month} months: {len(model.gangs)} gangs")
worst = model.neighbourhood_frame().sort_values("homicide_rate", ascending=False)
print(worst[["homicide_rate", "gang_members"]].head(3).to_string())

other = copy.deepcopy(model)
other.continue_under("all_four")
for _ in range(24):
    model.step()
    other.step()

for name, each in (("no policy", model), ("all four pillars", other)):
    frame = each.datacollector.get_model_vars_dataframe()
    print(f"{name}: homicide rate of the last year {frame['homicide_rate'].tail(12).mean():.1f}")
