"""Rows of armed groups: how they come to rule, who accepts them, what money makes of each kind (E08 to E10, E12, E13)."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.validation.futures import (
    Futures,
    city_with,
    gap_between,
    interval,
    mean_interval,
    over_seeds,
    policy_of,
    shock_of,
    watch,
)
from tests.validation.rows.sandbox import GANGS, POOREST, SANDBOX, lived, told, with_gangs, with_places

pytestmark = pytest.mark.validate

# A poor quarter that no group calls home, while the city has room for one more.
UNHELD = city_with(SANDBOX, gangs=tuple(gang for gang in SANDBOX.gangs if gang.name != "The Lanterns"))


def order_of_a_newcomer(seed: int, **settings: float) -> list[float]:
    """Months from the birth of a group until half of its members, its control and the payments to it are reached.

    Payments are those of the firms at its home, by its part in dominating the place. Not a number where none is born.
    """

    def room(state: Any, params: Any) -> None:
        state.city_state["gangs_at_start"] += 1.0

    months, kept = 96, []
    for _, state in watch(UNHELD, seed, months, beginning=room, settings=settings):
        place = state.neighbourhood
        # Pressure follows domination, the square of control: so do the parts of what is paid.
        squared = state.control**2
        paid = place["extortion"][:, None] * squared / np.maximum(squared.sum(axis=1, keepdims=True), 1e-9)
        kept.append((state.residents.copy(), state.control.copy(), paid, state.gang.copy()))
    gangs = kept[-1][3]
    born = [k for k in range(gangs.size) if gangs[k]["alive"] and 0 <= gangs[k]["founded"] <= months - 36]
    if not born:
        return [np.nan] * 3
    k = min(born, key=lambda slot: gangs[slot]["founded"])
    home, start = int(gangs[k]["home"]), int(gangs[k]["founded"])
    window = range(start, start + 36)
    members = np.array([kept[t][0][:, k].sum() for t in window])
    control = np.array([kept[t][1][home, k] for t in window])
    paid = np.array([kept[t][2][home, k] for t in window])
    return [float(np.argmax(track >= track.max() / 2.0)) for track in (members, control, paid)]


@pytest.mark.shows("E08.1")
def test_e08_a_group_is_first_joined_then_in_control_then_paid():
    months = over_seeds(order_of_a_newcomer, 400)
    months = months[~np.isnan(months).any(axis=1)]
    told("groups born and followed", len(months))
    told("months until half of members, control, payments", months.mean(axis=0))
    assert len(months) >= 50
    assert mean_interval(months[:, 1] - months[:, 0]).low > 1.0
    assert mean_interval(months[:, 2] - months[:, 1]).low > 1.0
    none = over_seeds(lambda seed: order_of_a_newcomer(seed, **{"gangs.birth_chance": 0.0, "gangs.split_chance": 0.0}), 10)
    assert np.isnan(none).all()


PACT = {gang: (shock_of("pact", 0.85, 13, 60, gang=gang), shock_of("pact broken", 0.85, 61, gang=gang)) for gang in GANGS}


@pytest.mark.shows("E09.1", "E09.2", "E09.3")
def test_e09_a_pact_is_quiet_and_governed_and_its_breach_bursts():
    by_arm = {"pact": [each for pair in PACT.values() for each in pair]}
    futures = lived(months=84, by_arm=by_arm)
    told("homicide", futures.change("pact", "homicide_rate", 18, 60))
    told("governance", futures.change("pact", "criminal_governance_index", 24, 60))
    told("after the breach, gang killing", futures.change("pact", "gang_homicide_rate", 60, 72))
    assert futures.change("pact", "homicide_rate", 18, 60).falls
    assert futures.change("pact", "criminal_governance_index", 24, 60).rises
    assert futures.change("pact", "gang_homicide_rate", 60, 72).rises
    # What a pact that fell has stored is let out by way of answers (E23) and of war with the police (E24) as well.
    without = lived(months=84, by_arm=by_arm, without=("pact", "fight-or-levy", "escalation", "war"))
    told("without", without.change("pact", "homicide_rate", 18, 60))
    assert without.change("pact", "homicide_rate", 18, 60).is_nothing
    assert without.change("pact", "criminal_governance_index", 24, 60).is_nothing
    assert without.change("pact", "gang_homicide_rate", 60, 72).is_nothing


@pytest.mark.shows("E10.1", "E10.2")
def test_e10_armed_groups_are_accepted_where_services_lack_and_residents_fall_silent():
    # Under a pact gangs govern more than they prey; what differs between the cities is what the state brings.
    by_arm = {"governed": [pair[0] for pair in PACT.values()]}

    def accepted(reach: float, **more: Any) -> Futures:
        return lived(city=with_places({"all": {"services": reach}}), months=60, by_arm=by_arm, **more)

    bare, served = accepted(0.2), accepted(0.9)
    poor = bare.named(*POOREST)
    years = slice(3, 5)
    local = {
        name: futures.local_change("governed", "criminal_legitimacy", poor, years)
        for name, futures in (("bare", bare), ("served", served))
    }
    told("acceptance where services lack and where they do not", {name: str(each) for name, each in local.items()})
    assert local["bare"].rises
    gap = local_gap(bare, served, "governed", "criminal_legitimacy", poor, years)
    told("gap", gap)
    assert gap.rises
    off = [accepted(reach, without=("gang-services",)) for reach in (0.2, 0.9)]
    told("without", local_gap(off[0], off[1], "governed", "criminal_legitimacy", poor, years))
    assert local_gap(off[0], off[1], "governed", "criminal_legitimacy", poor, years).is_nothing
    for outcome in ("reporting", "testimony"):
        silent = local_gap(bare, off[0], "governed", outcome, poor, years)
        told(f"{outcome}, with acceptance against without", silent)
        # The second step of a chain: one per cent is what matters.
        assert silent.falls_by(0.01), outcome


def local_gap(one: Futures, other: Futures, arm: str, outcome: str, rows: np.ndarray, years: slice) -> Any:
    """The difference of two local relative changes over the same seeds."""
    changes = []
    for futures in (one, other):
        reference = futures.places("baseline", outcome, rows, years)
        changes.append((futures.places(arm, outcome, rows, years) - reference) / reference.mean())
    return gap_between(changes[0], changes[1])


KINDS = ("integrated", "loose", "weak")
# Rents about three times as high: drugs alone would fall in price as they come.
MORE_RENT = {"rich": [shock_of("flow", 8.0, flow="transport")]}


@cache
def of_one_kind(organisation: str, without: tuple[str, ...] = ()) -> Futures:
    misread = policy_of("misread", {"measure": "P-E3", "conditions": {"diagnosis": 0.0}})
    return lived(
        policy_of("focused", {"measure": "P-E3"}),
        misread,
        city=with_gangs(organisation=organisation),
        months=60,
        by_arm=MORE_RENT,
        without=without,
    )


def infighting(futures: Futures) -> np.ndarray:
    """What money changes in a member's risk from its own gang: money also brings members, who die too."""
    rich, poor = (
        futures.series(arm, "discipline_homicide_rate", 12) / futures.series(arm, "gang_members", 12)
        for arm in ("rich", "baseline")
    )
    return (rich - poor) / float(poor.mean())


@pytest.mark.shows("E12.1")
def test_e12_the_same_money_is_governed_with_fought_over_or_split_over():
    answers = {
        (kind, outcome): of_one_kind(kind).effect("rich", outcome, 12)
        for kind in KINDS
        for outcome in ("gang_cohesion", "criminal_governance_index", "gang_services")
    }
    answers |= {(kind, "infighting"): infighting(of_one_kind(kind)) for kind in KINDS}
    # Splits in counts a year: integrated gangs have none to compare with.
    for kind in KINDS:
        splits = [of_one_kind(kind).series(arm, "splits", 12) for arm in ("rich", "baseline")]
        answers[kind, "splits"] = splits[0] - splits[1]
    for (kind, outcome), values in answers.items():
        told(f"{kind} {outcome}", mean_interval(values))
    assert mean_interval(answers["integrated", "gang_cohesion"]).rises
    assert mean_interval(answers["integrated", "criminal_governance_index"]).rises
    assert mean_interval(answers["loose", "infighting"]).rises
    assert of_one_kind("weak").change("rich", "splits", 12).rises
    # Governing is serving and judging: firms pay more and markets close under any kind that grows rich.
    for outcome, kind, others in (
        ("gang_services", "integrated", ("loose", "weak")),
        ("infighting", "loose", ("integrated",)),
        ("splits", "weak", ("integrated", "loose")),
    ):
        for other in others:
            gap = gap_between(answers[kind, outcome], answers[other, outcome])
            told(f"{outcome}, {kind} against {other}", gap)
            assert gap.rises, (outcome, other)
    knit = of_one_kind("integrated", without=("money-and-kind",)).change("rich", "gang_cohesion", 12)
    torn = mean_interval(infighting(of_one_kind("loose", without=("money-and-kind",))))
    told("without, cohesion of the integrated and infighting of the loose", (str(knit), str(torn)))
    assert knit.is_nothing
    assert torn.is_nothing


@pytest.mark.shows("E12.2")
def test_e12_a_wrong_diagnosis_makes_a_measure_worse():
    loose = of_one_kind("loose")
    told("cohesion, misread", loose.change("misread", "gang_cohesion", 12))
    told(
        "gang killing, read and misread", [str(loose.change(arm, "gang_homicide_rate", 6)) for arm in ("focused", "misread")]
    )
    assert loose.change("misread", "gang_cohesion", 12).rises
    assert loose.change("focused", "gang_cohesion", 12).is_nothing
    worse = gap_between(loose.effect("misread", "gang_homicide_rate", 6), loose.effect("focused", "gang_homicide_rate", 6))
    assert worse.rises


BELIEVERS = city_with(
    SANDBOX,
    gangs=tuple(
        gang.model_copy(update={"kind": "ideological", "organisation": "integrated"}) if gang.name == "Corner Nine" else gang
        for gang in SANDBOX.gangs
    ),
)
IDEAS = {"ideas": [shock_of("flow", 3.0, flow="ideas")]}


@pytest.mark.shows("E13.1", "E13.2", "E13.3")
def test_e13_ideas_recruit_from_the_same_youths_for_groups_that_make_no_pacts():
    pacts = {
        "with-gang": [shock_of("pact", 0.85, gang="The Lanterns")],
        "with-believers": [shock_of("pact", 0.85, gang="Corner Nine")],
    }
    futures = lived(city=BELIEVERS, months=72, by_arm={**IDEAS, **pacts})
    faithful = futures.change("ideas", "ideological_members", 24)
    others = [
        futures.series(arm, "gang_members", 24) - futures.series(arm, "ideological_members", 24)
        for arm in ("ideas", "baseline")
    ]
    told("members of ideological groups", faithful)
    told("members of the others", interval(others[0] - others[1], others[1]))
    assert faithful.rises
    # The same pool: what they win, others do not.
    assert interval(others[0] - others[1], others[1]).falls
    # They still tax.
    assert futures.places("baseline", "extortion_share", futures.named("Hobbix")).min() > 0.0
    home = futures.named("Ixley")
    told(
        "extortion at the home of a gang with a pact",
        futures.local_change("with-gang", "extortion_share", home, slice(2, 6)),
    )
    assert futures.local_change("with-gang", "extortion_share", home, slice(2, 6)).rises
    baseline, believers = (futures.monthly[:, futures.names.index(arm)] for arm in ("baseline", "with-believers"))
    assert (baseline == believers).all()
    without = lived(city=BELIEVERS, months=72, by_arm=IDEAS, without=("ideas",))
    told("without", without.change("ideas", "ideological_members", 24))
    assert without.change("ideas", "ideological_members", 24).is_nothing


@pytest.mark.shows("E13.4")
def test_e13_relabelling_a_group_changes_nothing():
    gangs = tuple(gang.model_copy(update={"name": f"Militia {n}"}) for n, gang in enumerate(SANDBOX.gangs, start=1))
    named = lived(city=city_with(SANDBOX, gangs=gangs), months=24)
    assert (named.monthly == lived(months=24).monthly).all()
