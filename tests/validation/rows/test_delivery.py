"""Rows of a policy on its way: bought officials, timing, votes, funds, command, partners (E11, E25 to E27, E34, E35)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.measures import MEASURES
from sim.scenario import City, Partner, Policy
from tests.validation.futures import Futures, city_with, gap_between, interval, mean_interval, policy_of, shock_of
from tests.validation.rows.sandbox import SANDBOX, lived, told

pytestmark = pytest.mark.validate


@pytest.mark.shows("E11.1", "E11.2", "E11.3", "E11.4")
def test_e11_bought_officials_make_a_measure_cost_more_and_do_less_and_only_oversight_from_outside_helps():
    services = {"measure": "P-S10"}
    inside = {"measure": "P-R8", "conditions": {"outside_oversight": 0.0}}
    arms = (
        policy_of("services", services),
        policy_of("outside", services, {"measure": "P-R8"}),
        policy_of("inside", services, inside),
    )

    def futures(integrity: float, **more: Any) -> Futures:
        return lived(*arms, city=city_with(SANDBOX, levels={"integrity": integrity}), months=72, **more)

    bought, honest = futures(0.2), futures(0.75)
    cost = [each.series("services", "cost_resilience", 24) for each in (bought, honest)]
    gain = [each.effect("services", "services", 36) for each in (bought, honest)]
    told("the same measure where officials are bought, cost", interval(cost[0] - cost[1], cost[1]))
    told("and what it gains", interval(gain[0] - gain[1], gain[1]))
    assert interval(cost[0] - cost[1], cost[1]).rises
    assert interval(gain[0] - gain[1], gain[1]).falls
    # What the measure costs above its price has leaked.
    price = 3.0 * sum(each.population for each in SANDBOX.neighbourhoods) / 1e5
    leaked = {arm.name: bought.series(arm.name, "cost_resilience", 48) - price for arm in arms}
    for name in ("outside", "inside"):
        told(f"leakage with oversight from {name}", interval(leaked[name] - leaked["services"], leaked["services"]))
    assert interval(leaked["outside"] - leaked["services"], leaked["services"]).falls
    assert interval(leaked["inside"] - leaked["services"], leaked["services"]).is_nothing
    bought, honest = futures(0.2, without=("leakage",)), futures(0.75, without=("leakage",))
    cost = [each.series("services", "cost_resilience", 24) for each in (bought, honest)]
    gain = [each.effect("services", "services", 36) for each in (bought, honest)]
    assert interval(cost[0] - cost[1], cost[1]).is_nothing
    assert interval(gain[0] - gain[1], gain[1]).is_nothing


# A transport business that is growing, with actors who have yet to organise, and a city of weak capacity.
YOUNG_MARKET = city_with(SANDBOX, markets={"transport": 0.1}, levels={"integrity": 0.3})
GROWING = [shock_of("flow", 4.0, flow="transport")]


def rules(name: str, start: int, level: float, **more: Any) -> Policy:
    return policy_of(name, {"measure": "P-R1", "start": start, "level": level, **more})


@pytest.mark.shows("E25.1", "E25.2")
def test_e25_an_early_start_is_worth_about_a_doubled_effort():
    arms = (
        rules("early", 1, 0.4),
        rules("late", 61, 0.4),
        rules("late-doubled", 61, 0.8),
        rules("late-bare", 61, 0.8, conditions={"incentives": 0.0}),
    )

    # What starts early is also worn for longer: without wear, timing alone differs.
    def futures(*without: str) -> Futures:
        return lived(*arms, city=YOUNG_MARKET, months=120, shocks=GROWING, without=("wear", *without))

    here = futures()
    ends = {arm.name: here.change(arm.name, "transport_levied", 96) for arm in arms}
    fought = {arm.name: here.change(arm.name, "transport_entry_violence", 72) for arm in arms}
    told("levied at the end", {name: str(each) for name, each in ends.items()})
    told("violence at entry", {name: str(each) for name, each in fought.items()})
    assert ends["early"].falls
    gap = gap_between(here.effect("early", "transport_levied", 96), here.effect("late-doubled", "transport_levied", 96))
    told("early against late and doubled", gap)
    assert gap.stays_within(0.10)
    assert gap_between(here.effect("early", "transport_levied", 96), here.effect("late", "transport_levied", 96)).falls
    # Late and with enforcement only it fails: it is fought over, and takes less from the levy than with incentives.
    assert fought["late-bare"].rises
    assert gap_between(
        here.effect("late-bare", "transport_levied", 96), here.effect("late-doubled", "transport_levied", 96)
    ).rises
    gone = futures("organised-markets")
    gap = gap_between(gone.effect("early", "transport_levied", 96), gone.effect("late", "transport_levied", 96))
    told("without, early against late", gap)
    assert gap.is_nothing
    # Who has not organised does not fight: the same late rules then calm the market as any order does (E06).
    assert gone.change("late-bare", "transport_entry_violence", 72).high < 0.0


@pytest.mark.shows("E26.1")
def test_e26_a_programme_cut_at_the_vote_loses_most_of_its_long_run_gain():
    use = {"measure": "P-S8"}
    vote = {"voted": [shock_of("election", 1.0, 25)]}

    def futures(**more: Any) -> Futures:
        return lived(policy_of("kept", use), policy_of("voted", use), seeds=130, months=216, by_arm=vote, **more)

    here = futures()
    # The vote cuts by chance: judged on the futures in which it did.
    came = here.series("voted", "cost_resilience", 36, 48) < 0.5 * here.series("kept", "cost_resilience", 36, 48)
    base, kept, cut = (here.series(arm, "recruits", 132)[came] for arm in ("baseline", "kept", "voted"))
    told("futures in which it was cut", int(came.sum()))
    told("long-run gain, kept and cut", [str(interval(each - base, base)) for each in (kept, cut)])
    assert came.sum() >= 50
    # Half of a cohort, a third of a standard deviation: two per cent of recruits is what matters here.
    assert interval(kept - base, base).falls_by(0.02)
    # Most of it: more than half.
    told("lost, of the gain", (cut - kept).mean() / (base - kept).mean())
    assert interval((cut - kept) - 0.5 * (base - kept), base - kept).low > 0.0
    gone = futures(without=("elections",))
    assert (gone.monthly[:, gone.names.index("kept")] == gone.monthly[:, gone.names.index("voted")]).all()


@pytest.mark.shows("E27.1", "E27.3")
def test_e27_without_linkage_there_is_less_money_and_redistribution_erodes():
    arms = (
        policy_of("services", {"measure": "P-S10"}),
        policy_of("linked", {"measure": "P-S10"}, {"measure": "P-G7"}),
        policy_of("linkage", {"measure": "P-G7"}),
    )

    def futures(linkage: float, **more: Any) -> Futures:
        return lived(*arms, city=city_with(SANDBOX, levels={"linkage": linkage}), months=84, **more)

    low, high = futures(0.15), futures(0.8)
    gain = [each.effect("services", "services", 48) for each in (low, high)]
    told("what redistribution gains, low linkage against high", interval(gain[0] - gain[1], gain[1]))
    assert interval(gain[0] - gain[1], gain[1]).falls
    joined = interval(low.effect("linked", "services", 48) - gain[0], gain[0])
    told("the same with a compact of business and city", joined)
    assert joined.rises
    ordinary = futures(SANDBOX.levels.linkage)
    told("trust, business", [str(ordinary.change("linkage", outcome, 48)) for outcome in ("state_legitimacy", "business")])
    assert ordinary.change("linkage", "state_legitimacy", 48).rises
    # Money: business that gains; 1 % of all business of a city is what matters here.
    assert ordinary.change("linkage", "business", 48).rises_by(0.01)
    low, high = futures(0.15, without=("linkage",)), futures(0.8, without=("linkage",))
    gain = [each.effect("services", "services", 48) for each in (low, high)]
    assert interval(gain[0] - gain[1], gain[1]).is_nothing
    assert low.change("linkage", "state_legitimacy", 48).is_nothing


def commanded(follows: float, fit: float = 0.5) -> City:
    police = SANDBOX.police.model_copy(update={"command": "national", "follows": follows})
    return city_with(SANDBOX, police=police, levels={"fit": fit})


@pytest.mark.shows("E34.1", "E34.2", "E34.3")
def test_e34_a_force_that_the_nation_commands_delivers_part_of_what_is_asked():
    # What the city asks of a force: better investigation. Of what the nation commands nothing is lost on the way.
    inquiry, forum = {"measure": "P-E2"}, {"measure": "P-E12"}
    arms = (
        policy_of("asked", inquiry),
        policy_of("forum", inquiry, forum),
        policy_of("talk", inquiry, {"measure": "P-E12", "conditions": {"written_plan": 0.0}}),
    )

    def delivered(follows: float, fit: float = 0.5, **more: Any) -> dict[str, np.ndarray]:
        futures = lived(*arms, city=commanded(follows, fit), months=48, **more)
        return {arm.name: futures.effect(arm.name, "clearance", 24) for arm in arms}

    whole, part, friend, foe = delivered(1.0), delivered(0.3), delivered(0.3, 0.9), delivered(0.3, 0.1)
    told("clearance gained of what is asked", {name: float(each.mean()) for name, each in part.items()})
    assert mean_interval(whole["asked"]).rises
    assert interval(part["asked"] - whole["asked"], whole["asked"]).falls
    assert interval(part["forum"] - part["asked"], part["asked"]).rises
    assert interval(part["forum"] - part["talk"], part["talk"]).rises
    assert interval(friend["forum"] - foe["forum"], foe["forum"]).rises
    assert all(measure.commands in ("city", "national", "joint") for measure in MEASURES)
    off = delivered(0.3, without=("alignment",))
    assert interval(off["forum"] - off["asked"], off["asked"]).is_nothing


CRITERIA = ("leadership", "clean", "no_party", "no_violence", "no_rivalry", "trusted", "age_gap")


@pytest.mark.shows("E35.1", "E35.2")
def test_e35_each_criterion_that_a_partner_breaks_costs_effect_and_feeds_subversion():
    def training(name: str, partner: Partner) -> Policy:
        return policy_of(name, {"measure": "P-S4", "partner": partner})

    arms = [training("sound", Partner(kind="local")), training("agency", Partner())]
    arms += [training(each, Partner.model_validate({"kind": "local", each: 0.0})) for each in CRITERIA]
    here = lived(*arms, months=48)
    for criterion in CRITERIA:
        effect = here.change(criterion, "places_filled", 12, against="sound")
        accepted = here.change(criterion, "criminal_legitimacy", 24, against="sound")
        told(f"{criterion}: places, acceptance of armed groups", (str(effect), str(accepted)))
        assert effect.falls, criterion
        assert accepted.low > 0.0, criterion
    reach = here.change("sound", "places_at_risk", 12, against="agency")
    told("places of the riskiest tenth, local partner against agency", reach)
    assert reach.rises
    gone = lived(*arms, months=48, without=("partners",))
    for criterion in CRITERIA:
        assert gone.change(criterion, "places_filled", 12, against="sound").is_nothing, criterion
        assert gone.change(criterion, "criminal_legitimacy", 24, against="sound").is_nothing, criterion
    assert gone.change("sound", "places_at_risk", 12, against="agency").is_nothing
