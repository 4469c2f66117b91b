"""False comfort is flagged where a hidden measure worsens behind a headline, and nowhere else."""

import json

import numpy as np
import pytest

from experiments.comparison.compare import compare
from experiments.comparison.side_effects import CHECKS, by_arm, comfort_notes, comfort_object, false_comfort
from experiments.comparison.summaries import summary_object
from experiments.comparison.text import comparison_text
from experiments.evidence.claims import HERE
from experiments.evidence.schema import load_case, setting_of
from experiments.execution.execution import Execution
from experiments.execution.runner import replication_seed
from sim.outcomes import OUTCOMES, outcome_index
from sim.scenario import load_policy

BETTER = {outcome.name: outcome.better for outcome in OUTCOMES}


def arms(futures=20, noise=0.02, seed=3, **changes):
    """A policy and its reference: levels that share their luck, and changes by outcome as shares of the level.

    Each outcome draws by its own name, so that a new one leaves the luck of the others as it is.
    """
    streams = [np.random.default_rng([seed, *each.name.encode()]) for each in OUTCOMES]
    luck = np.stack([random.normal(size=(2, futures)) for random in streams], axis=-1)
    reference = 20.0 * np.exp(0.2 * luck[0])
    policy = reference * np.exp(noise * luck[1])
    for name, change in changes.items():
        policy[:, outcome_index(name)] *= 1.0 + change
    return policy, reference


def flagged(*found):
    return {(each.headline.outcome.name, each.hidden.outcome.name) for each in false_comfort(*found)}


@pytest.mark.parametrize(("hidden", "worse"), CHECKS[0].hidden)
def test_homicide_that_falls_hides_no_harm(hidden, worse):
    change = 0.06 if worse == "higher" else -0.06
    assert flagged(*arms(homicide_rate=-0.2, **{hidden: change})) == {("homicide_rate", hidden)}
    assert flagged(*arms(homicide_rate=-0.2, **{hidden: -change})) == set()


@pytest.mark.shows("A08.2")
def test_an_honest_improvement_is_not_flagged():
    honest = {name: -0.1 if BETTER[name] == "lower" else 0.1 for name in BETTER if BETTER[name] != "neither"}
    assert flagged(*arms(**honest | {"homicides_recorded": -0.1})) == set()


def test_luck_is_not_taken_for_a_harm():
    false = [bool(flagged(*arms(noise=0.1, seed=seed, homicide_rate=-0.3))) for seed in range(200)]
    assert np.mean(false) < 0.05


def test_a_harm_too_small_to_matter_is_not_told():
    assert flagged(*arms(noise=0.001, homicide_rate=-0.2, extortion_share=0.01)) == set()


def test_a_harm_without_a_headline_that_improves_comforts_nobody():
    assert flagged(*arms(homicide_rate=0.0, extortion_share=0.2)) == set()
    assert flagged(*arms(homicide_rate=0.2, extortion_share=0.2)) == set()


def test_a_record_that_falls_alone_is_flagged_and_one_that_falls_with_the_truth_is_not():
    paper = {("homicides_recorded", "homicide_rate")}
    assert flagged(*arms(homicides_recorded=-0.3)) == paper
    assert flagged(*arms(homicides_recorded=-0.3, homicide_rate=0.1)) == paper
    assert flagged(*arms(homicides_recorded=-0.3, homicide_rate=-0.1)) == paper
    assert flagged(*arms(homicides_recorded=-0.3, homicide_rate=-0.3)) == set()
    assert flagged(*arms(noise=0.002, homicides_recorded=-0.06, homicide_rate=-0.045)) == set()


def test_more_seizures_are_no_success_where_the_price_falls_or_rents_rise():
    assert flagged(*arms(seizures_recorded=0.3, drug_price=-0.1)) == {("seizures_recorded", "drug_price")}
    assert flagged(*arms(seizures_recorded=0.3, rents=0.1)) == {("seizures_recorded", "rents")}
    assert flagged(*arms(seizures_recorded=0.3, seizures_true=0.3, drug_price=0.1, rents=-0.1)) == set()


def test_a_single_future_says_nothing():
    assert flagged(*arms(futures=1, homicide_rate=-0.5, extortion_share=0.5)) == set()


def test_what_is_not_a_number_is_not_flagged():
    policy, reference = arms(homicide_rate=-0.2)
    policy[0, outcome_index("extortion_share")] = np.nan
    assert flagged(policy, reference) == set()


def test_the_note_says_both_with_their_intervals():
    ((title, text),) = comfort_notes(false_comfort(*arms(homicide_rate=-0.2, extortion_share=0.1, abuse=0.1)))
    assert title == "False comfort"
    assert "It would lower homicide by 20 % (18 to 23)" in text
    assert "but raise the share of firms extorted by" in text
    assert "and raise police abuse by" in text
    assert text.count("(") == 3


def test_the_object_is_valid_json():
    policy, reference = arms(homicide_rate=-0.2, extortion_share=0.1)
    found = json.loads(
        json.dumps(comfort_object(by_arm(np.stack([reference, policy, reference]), ["a", "b"])), allow_nan=False)
    )
    assert list(found) == ["a"]
    assert found["a"][0]["hidden"]["outcome"] == "extortion_share"
    assert found["a"][0]["hidden"]["low"] > 0


# Every comparison goes through it -------------------------------------------------------------------------------------


def test_a_comparison_tells_it_in_its_text_and_in_json(core, sandbox, calm, idle, monkeypatch):
    honest = core.result

    def governed(city, policy, seed, months, scale, without=()):
        result = honest(city, policy, seed, months, scale, without)
        if policy.name == "calm":
            result.city_monthly[:, outcome_index("criminal_governance_index")] *= np.float32(1.3)
        return result

    monkeypatch.setattr(core, "result", governed)
    found = compare(sandbox, [calm, idle], execution=Execution(executor="in-process"), months=24, replications=10)
    assert list(summary_object(found)["false_comfort"]) == ["calm"]
    assert "False comfort: Homicide would fall, but the count of killings hides what worsens." in comparison_text(found)
    monkeypatch.setattr(core, "result", honest)
    silent = compare(sandbox, [calm, idle], execution=Execution(executor="in-process"), months=24, replications=10)
    assert summary_object(silent)["false_comfort"] == {}
    assert "comfort" not in comparison_text(silent)


def lived(name, futures, months):
    """The arms of a case over a few futures: float64 [arm, future, outcome], the city of the case first."""
    from sim.run import run_arms

    case = load_case(name)
    city, scale, parameters = setting_of(case, HERE)
    policies = [load_policy("baseline"), *(arm.policy() for arm in case.arms)]
    shocks = [(), *(arm.shocks for arm in case.arms)]
    means = []
    for future in range(futures):
        seed, how = replication_seed(1, future), {"scale": scale, "parameters": parameters, "months": months}
        results = run_arms(city, policies, seed=seed, shocks=case.shocks, shocks_by_arm=shocks, **how)
        means.append([result.city_monthly.mean(axis=0, dtype=np.float64) for result in results])
    return np.array(means).transpose(1, 0, 2)


@pytest.mark.shows("A08.1")
def test_the_quiet_that_one_group_keeps_is_flagged():
    kept, broken = lived("c01_sao_paulo", 10, 72)
    assert ("homicide_rate", "criminal_governance_index") in flagged(kept, broken)


@pytest.mark.validate
@pytest.mark.shows("A08.1")
def test_the_truce_that_arms_gangs_and_leaves_extortion_is_flagged_while_it_may_hold():
    # It stands from month 13 to 36. Over a year more the killing after it makes up for the calm, and comforts nobody.
    nothing, truce = lived("c09_san_salvador", 40, 36)
    assert {("homicide_rate", "gang_arms"), ("homicide_rate", "extortion_share")} <= flagged(truce, nothing)


def test_luck_in_the_deaths_of_a_future_is_no_fall_on_paper():
    # In every future fewer are killed by luck alone, on record and in truth; what is expected stays.
    means, reference = arms()
    lucky = means.copy()
    for name in ("homicides", "homicides_recorded"):
        lucky[:, outcome_index(name)] *= np.linspace(0.4, 0.8, len(means))
    assert flagged(lucky, reference) == flagged(means, reference)
    assert ("homicides_recorded", "homicide_rate") not in flagged(lucky, reference)
