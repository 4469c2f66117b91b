"""A made-up comparison that looks like a real one: luck shared by all arms, effects that grow in over thirty months."""

import numpy as np

from experiments.comparison.compare import Comparison
from sim.outcomes import OUTCOMES, outcome_index, parts_of
from sim.scenario import Policy, load_city, load_policy

POLICIES = ("regulation", "enforcement", "engagement", "resilience", "all_four", "mass_arrest")
EFFECTS = (-0.08, -0.04, 0.0, -0.11, -0.31, 0.07)
"""Change in the log of homicide, policy by policy."""

LEVELS = {
    "gang_homicide_rate": 7, "dispute_homicide_rate": 6, "domestic_homicide_rate": 1.5, "police_killings": 0.4,
    "bystander_homicide_rate": 0.9, "discipline_homicide_rate": 0.7, "market_homicide_rate": 0.5,
    "vigilante_homicide_rate": 0.2, "communal_homicide_rate": 0.1, "prison_homicide_rate": 0.0,
    "officer_homicide_rate": 0.01,
    "female_homicide_rate": 4, "youth_homicide_rate": 38, "serious_assaults": 310, "gang_members": 12_800,
    "recruits": 3100, "exits": 3000, "criminal_governance_index": 31, "prisoners": 9800, "prison_members": 3300,
    "arrests": 5100, "homicide_gap": 9.4, "gangs": 14, "places_filled": 1000,
}  # fmt: skip
FOLLOWS = {
    "gang_homicide_rate": 1.4, "dispute_homicide_rate": 0.8, "domestic_homicide_rate": 0.0, "gang_members": 0.6,
    "criminal_governance_index": 0.5, "extortion_share": 0.4, "recruits": 0.9, "police_legitimacy": -0.6,
    "state_legitimacy": -0.5, "homicides_recorded": 1.0,
}  # fmt: skip
"""How far an outcome follows homicide; others hardly do."""


def plausible(*, city="sandbox", arms=5, replications=20, months=120, worsens=(), effects=EFFECTS):
    """Return a comparison; outcomes named in `worsens` move against homicide instead of with it."""
    random = np.random.default_rng(7)
    place = load_city(city)
    policies = [load_policy(name) for name in POLICIES[:arms]]
    base = np.array([LEVELS.get(outcome.name, 0.35) for outcome in OUTCOMES])
    follows = np.array([FOLLOWS.get(outcome.name, 0.1) for outcome in OUTCOMES])
    for name in worsens:
        better = next(outcome.better for outcome in OUTCOMES if outcome.name == name)
        follows[outcome_index(name)] = -0.7 if better == "lower" else 0.7
    effect = np.array([0.0, *effects[:arms]])[:, None, None, None]
    grown = np.clip((np.arange(months) - 3) / 30, 0, 1)[None, None, :, None]
    shared = np.cumsum(random.normal(0, 0.01, (replications, months, base.size)), axis=1)
    own = 0.02 * random.normal(size=(arms + 1, replications, 1, base.size)) * (np.arange(arms + 1) > 0)[:, None, None, None]
    monthly = base * np.exp(shared[None] + effect * grown * follows + own * grown)
    kinds = [outcome_index(part.name) for part in parts_of("homicide_rate")]
    monthly[..., outcome_index("homicide_rate")] = monthly[..., kinds].sum(axis=-1)
    for name in ("killings_expected", "homicides", "homicides_recorded"):
        monthly[..., outcome_index(name)] = 27 * monthly[..., outcome_index("homicide_rate")]
    spent = np.array([0, 9, 41, 12, 55, 118, 300])[: arms + 1, None, None]
    monthly[..., outcome_index("cost")] = spent * np.exp(0.02 * random.normal(size=(arms + 1, replications, 1)))
    years = np.stack([monthly[:, :, start : start + 12].mean(axis=2) for start in range(0, months, 12)], axis=2)
    poverty = np.array([each.poverty for each in place.neighbourhoods])
    local = np.exp(4 * (poverty - poverty.mean()))[:, None] * np.exp(
        effect * random.uniform(-0.5, 1.5, poverty.size)[:, None]
    )
    yearly = (
        years[:, :, :, None, :] * local[:, :, None] * np.exp(0.05 * random.normal(size=(*years.shape[:3], poverty.size, 1)))
    )
    yearly[..., outcome_index("cost")] = np.nan
    return Comparison(
        city=place,
        policies=tuple(policies),
        against=load_policy("baseline"),
        months=months,
        replications=replications,
        seed=1,
        scale=0.1,
        seeds=tuple(range(11, 11 + replications)),
        city_monthly=monthly.astype(np.float32),
        place_yearly=yearly.astype(np.float32),
    )


def retitled(comparison, *, title):
    """Return the comparison with its first policy under another title."""
    first = comparison.policies[0]
    renamed = Policy(name=first.name, title=title, about=first.about, measures=first.measures)
    values = {name: getattr(comparison, name) for name in comparison.__dataclass_fields__}
    return Comparison(**values | {"policies": (renamed, *comparison.policies[1:])})
