"""Rows of killing: how deadly events are, how it is answered, where it happens and who is killed (E15, E23, E24, E30)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.outcomes import outcome_index
from sim.processes.homicide.rivalry import calm_of, rivalry_hazard
from sim.run import begin_city
from sim.scenario import load_city
from tests.validation.futures import (
    ALIKE,
    Futures,
    gap_between,
    interval,
    mean_interval,
    over_seeds,
    policy_of,
    shock_of,
    watch,
)
from tests.validation.rows.sandbox import SANDBOX, SEEDS, lived, told, with_places

pytestmark = pytest.mark.validate


def lethality(futures: Futures, arm: str, first: int, last: int | None = None) -> np.ndarray:
    return futures.series(arm, "homicide_rate", first, last) / futures.series(arm, "serious_assaults", first, last)


@pytest.mark.shows("E15.1", "E15.2")
def test_e15_guns_make_events_deadly_and_care_saves():
    arms = {
        "guns": [shock_of("flow", 3.0, flow="firearms")],
        "disaster": [shock_of("disaster", 1.0, 13)],
        "cared": [shock_of("disaster", 1.0, 13)],
    }

    def futures(**more: Any) -> Futures:
        return lived(policy_of("cared", {"measure": "P-S9"}), months=36, by_arm=arms, **more)

    def change(found: Futures, arm: str, against: str, first: int, last: int) -> Any:
        reference = lethality(found, against, first, last)
        return interval(lethality(found, arm, first, last) - reference, reference)

    here, gone = futures(), futures(without=("guns-and-care",))
    told("deaths an event with more guns", change(here, "guns", "baseline", 24, 36))
    told("with care after a disaster", change(here, "cared", "disaster", 12, 24))
    assert change(here, "guns", "baseline", 24, 36).rises
    assert change(here, "cared", "disaster", 12, 24).falls
    assert change(gone, "guns", "baseline", 24, 36).is_nothing
    assert change(gone, "cared", "disaster", 12, 24).is_nothing


# Three times the ordinary fighting, so that a future holds enough killings between pairs.
FIGHTING = {"homicide.rivalry_attack_rate": 3.0 * SANDBOX.calibration.rivalry}
SOON = range(1, 5)


def answered(seed: int, **homicide: float) -> list[float]:
    """Killings answered within four months by the other side: observed, expected by chance, and the killings there were.

    Chance is what the same killings would give with their months shuffled within each pair of gangs.
    """
    months = 120
    settings = {f"homicide.{field}": value for field, value in homicide.items()}
    struck = []
    # Without good and bad years: in a bad one more are killed on both sides, answered or not.
    for _, state in watch(SANDBOX, seed, months, settings={**FIGHTING, **settings}, without=ALIKE):
        struck.append((state.killings > 0).astype(float))
    events = np.stack(struck)  # [month, who will answer, who killed]
    luck = np.random.default_rng(seed)

    def pairs(series: np.ndarray) -> float:
        found = 0.0
        for lag in SOON:
            # A killing of a by b in month t, and of b by a `lag` months later.
            found += float((series[:-lag] * series[lag:].transpose(0, 2, 1)).sum())
        return found

    chance = []
    for _ in range(20):
        shuffled = events.copy()
        for a in range(events.shape[1]):
            for b in range(events.shape[2]):
                shuffled[:, a, b] = luck.permutation(events[:, a, b])
        chance.append(pairs(shuffled))
    return [pairs(events), float(np.mean(chance)), float(events.sum())]


@pytest.mark.shows("E23.1")
def test_e23_killings_between_two_gangs_are_answered_within_months():
    here = over_seeds(answered, SEEDS)
    excess = here[:, 0] - here[:, 1]
    told("answers within four months beyond chance, of chance", interval(excess, here[:, 1]))
    ratio = excess.sum() / here[:, 2].sum()
    told("killings answered within four months, for each killing", ratio)
    assert interval(excess, here[:, 1]).rises
    assert 0.0 < interval(excess, here[:, 2]).low < interval(excess, here[:, 2]).high < 1.0
    # Killings are told by what they will draw, so next to nothing stands for nothing.
    gone = over_seeds(lambda seed: answered(seed, retaliation_ratio=1e-9), SEEDS)
    told("without", interval(gone[:, 0] - gone[:, 1], gone[:, 1]))
    assert not interval(gone[:, 0] - gone[:, 1], gone[:, 1]).rises
    fewer = gap_between((here[:, 0] - here[:, 1]) / here[:, 1].mean(), (gone[:, 0] - gone[:, 1]) / gone[:, 1].mean())
    assert fewer.rises_by(0.5)


CHICAGO_SCALE = 0.02


def near_and_far(seed: int) -> list[float]:
    """Share of the attackers of a member who live in the same or an adjacent area, and the share of gang members who do."""
    city = load_city("chicago")
    state, params = begin_city(city, seed=seed, scale=CHICAGO_SCALE)
    places, gangs = state.control.shape
    parts = np.zeros(gangs)
    near = np.zeros((places, places), dtype=bool)
    for i in range(places):
        near[i, state.neighbour_list[state.neighbour_start[i] : state.neighbour_start[i + 1]]] = True
        near[i, i] = True
    lives = state.residents / np.maximum(state.residents.sum(axis=0), 1e-9)
    members = state.residents.sum(axis=1)
    here = chance = weights = 0.0
    for i in range(places):
        calm = calm_of(state, params, i)
        for victim in range(gangs):
            if state.members[i, victim] == 0:
                continue
            hazard = rivalry_hazard(state, params, i, victim, calm, parts)
            if parts.sum() <= 0.0:
                continue
            weight = state.residents[i, victim] * hazard
            here += weight * float((parts / parts.sum() * lives[near[i]].sum(axis=0)).sum())
            chance += weight * float(members[near[i]].sum() / members.sum())
            weights += weight
    return [here / weights, chance / weights]


def test_e24_killing_concentrates_where_a_city_is_disorganised():
    city = load_city("chicago")
    state, _ = begin_city(city, seed=1, scale=0.005, burn_in=2)
    disorganised = state.neighbourhood["disorganisation"]

    def futures(**more: Any) -> Futures:
        return Futures(city, [], seeds=SEEDS, months=60, scale=CHICAGO_SCALE, **more)

    def ties(found: Futures, outcome: str = "homicide_rate") -> np.ndarray:
        killed = found.yearly[:, 0, 1:, :, outcome_index(outcome)].mean(axis=1)
        return np.array([np.corrcoef(row, disorganised)[0, 1] for row in killed])

    def top_fifth(found: Futures) -> np.ndarray:
        killed = found.yearly[:, 0, 1:, :, outcome_index("killings_expected")].sum(axis=1)
        return np.sort(killed, axis=1)[:, -15:].sum(axis=1) / killed.sum(axis=1)

    # In expectations: where a row stands for fifty youths, what happens falls in lumps.
    here = futures()
    top = top_fifth(here)
    told("correlation of killing with disorganisation as month 1 begins", mean_interval(ties(here)))
    told("share of the top fifth of areas", mean_interval(top))
    assert mean_interval(ties(here)).low > 0.4
    assert mean_interval(top).low > 0.5
    lives = over_seeds(near_and_far, 50)
    told("attackers who live near, against chance", interval(lives[:, 0] - lives[:, 1], lives[:, 1]))
    assert interval(lives[:, 0] - lives[:, 1], lives[:, 1]).rises
    gone = futures(without=("deprivation",))
    top = top_fifth(gone)
    told("without: correlation, top fifth", (str(mean_interval(ties(gone))), str(mean_interval(top))))
    # Gangs stand where the file puts them; what is left to the mechanism is who quarrels.
    quarrels = [mean_interval(ties(each, "dispute_homicide_rate")) for each in (here, gone)]
    told("correlation of killing in disputes, with and without", [str(each) for each in quarrels])
    assert quarrels[0].low > 0.4 > quarrels[1].high
    assert mean_interval(top).high < 0.5


RATIOS = ("ratio_female", "ratio_young_men", "ratio_elderly", "ratio_displaced", "ratio_marginalised")


def test_e30_who_is_killed_is_told_by_group():
    city = with_places({"all": {"displaced": 0.1}})
    futures = lived(city=city, months=36)
    found = {ratio: mean_interval(futures.series("baseline", ratio)) for ratio in RATIOS}
    told("killings a head against the city's", {ratio: f"{each.mean:.2f}" for ratio, each in found.items()})
    assert found["ratio_young_men"].low > 1.05
    assert found["ratio_female"].high < 0.95
    assert found["ratio_elderly"].high < 0.95
    assert found["ratio_displaced"].low > 1.05
    assert found["ratio_marginalised"].low > 1.05
    gone = lived(
        city=city, months=36, parameters={"outcome_recorder.displaced_additional_risk": 0.0}, without=("deprivation",)
    )
    off = {ratio: mean_interval(gone.series("baseline", ratio)) for ratio in RATIOS}
    told("without", {ratio: f"{each.mean:.2f}" for ratio, each in off.items()})
    assert 0.95 < off["ratio_displaced"].low <= off["ratio_displaced"].high < 1.05
    assert off["ratio_marginalised"].high < found["ratio_marginalised"].low - 0.05
