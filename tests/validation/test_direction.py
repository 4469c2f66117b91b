"""Every measure moves its own mechanism and leaves alone what its row says: at least 30 paired seeds each."""

from __future__ import annotations

import pytest

from sim.measures import MEASURES
from sim.scenario import Target, load_city
from tests.validation.futures import Futures, policy_of

SEEDS = 80
MONTHS = 60


@pytest.fixture(scope="module")
def sandbox() -> Futures:
    """Eighty seeds of the sandbox, five years, each measure alone at full level, and some with a condition missing."""
    arms = [policy_of(measure.name, {"measure": measure.row}) for measure in MEASURES if measure.row not in ("P-E6", "P-G4")]
    arms += [
        policy_of("truce", {"measure": "P-G4", "stop": 24}),
        policy_of("mass-arrest", {"measure": "P-E6", "stop": 12}),
        policy_of("integrity-inside", {"measure": "P-R8", "conditions": {"outside_oversight": 0.0}}),
        policy_of("severity-only", {"measure": "P-E3", "conditions": {"fair_process": 0.0, "protection": 0.0}}),
        policy_of("and-fair", {"measure": "P-E3", "conditions": {"protection": 0.0}}),
        policy_of("sport-only", {"measure": "P-S1", "conditions": {"life_skills": 0.0}}),
        policy_of("menial-jobs", {"measure": "P-S4", "conditions": {"prospects": 0.0}}),
        policy_of("one-district", {"measure": "P-G3", "where": Target(worst=2, by="extortion_share")}),
    ]
    return Futures(load_city("sandbox"), arms, seeds=SEEDS, months=MONTHS, scale=1.0)


# Killing between gangs is the noisiest outcome: what leaves it alone is judged on more seeds, in a test of its own.
NOISY = "gang_homicide_rate"


@pytest.mark.parametrize("measure", [m for m in MEASURES if m.row not in ("P-E6", "P-G4")], ids=lambda m: m.row)
def test_a_measure_leaves_alone_what_its_row_says(sandbox, measure):
    for outcome in measure.leaves_alone:
        if outcome == NOISY:
            continue
        found = sandbox.change(measure.name, outcome, 12)
        assert found.is_nothing, f"{measure.row} moves {outcome}: {found}"


def test_p_r3_earlier_closing_leaves_gangs_alone():
    arm = policy_of("liquor-hours", {"measure": "P-R3"})
    futures = Futures(load_city("sandbox"), [arm], seeds=300, months=60, scale=1.0)
    assert futures.change("liquor-hours", NOISY, 12).is_nothing, futures.change("liquor-hours", NOISY, 12)


@pytest.mark.parametrize("measure", [m for m in MEASURES if m.row not in ("P-E6", "P-G4")], ids=lambda m: m.row)
def test_no_measure_is_a_silent_no_op(sandbox, measure):
    arm = sandbox.names.index(measure.name)
    assert (sandbox.monthly[:, arm] != sandbox.monthly[:, 0]).any(axis=(1, 2)).all()


def test_p_r3_earlier_closing_lowers_killing_in_disputes(sandbox):
    assert sandbox.change("liquor-hours", "dispute_homicide_rate", 12).falls


def test_p_r7_fewer_guns_mean_fewer_deaths_per_event(sandbox):
    def lethality(arm):
        return sandbox.series(arm, "homicide_rate", 24) / sandbox.series(arm, "serious_assaults", 24)

    ratio = lethality("firearms-access") / lethality("baseline")
    assert ratio.max() < 0.97
    assert sandbox.change("firearms-access", "firearms", 24).falls
    assert sandbox.change("firearms-access", "homicide_rate", 24).mean < -0.03


def test_p_r8_bribes_fall_only_with_oversight_from_outside(sandbox):
    assert sandbox.change("permit-integrity", "bribes", 24).falls
    assert sandbox.change("permit-integrity", "integrity", 24).rises
    assert sandbox.change("integrity-inside", "bribes", 24).is_nothing


def test_p_e2_solved_cases_bring_witnesses_and_then_less_killing(sandbox):
    assert sandbox.change("investigation", "clearance", 12).rises
    assert sandbox.change("investigation", "testimony", 24).rises
    assert sandbox.change("investigation", "homicide_rate", 36).mean < 0
    assert sandbox.change("investigation", "homicide_rate", 24).high < 0


def test_p_e3_severity_alone_does_less_than_with_fair_process_and_least_without_protection(sandbox):
    full = sandbox.change("focused-deterrence", "gang_homicide_rate", 6)
    fair = sandbox.change("and-fair", "gang_homicide_rate", 6)
    severe = sandbox.change("severity-only", "gang_homicide_rate", 6)
    assert full.falls
    assert full.mean < fair.mean < severe.mean < 0


def test_p_e6_mass_arrest_dips_refills_and_leaves_prison_abuse_and_distrust(sandbox):
    assert sandbox.change("mass-arrest", "gang_members", 3, 12).falls
    assert sandbox.change("mass-arrest", "gang_members", 36, 60).mean > 0
    assert not sandbox.change("mass-arrest", "gang_members", 36, 60).falls
    assert sandbox.change("mass-arrest", "prisoners", 6, 36).rises
    assert sandbox.change("mass-arrest", "abuse", 0, 12).rises
    assert sandbox.change("mass-arrest", "police_legitimacy", 6, 36).falls
    assert not sandbox.change("mass-arrest", "homicide_rate", 0, 60).falls


def test_p_g1_community_policing_needs_an_honest_force():
    arm = policy_of("walk", {"measure": "P-G1"})
    sandbox = load_city("sandbox")

    def with_integrity(integrity):
        level = sandbox.levels.model_copy(update={"integrity": integrity})
        return Futures(sandbox.model_copy(update={"levels": level}), [arm], seeds=30, months=48, scale=1.0)

    honest = with_integrity(0.75)
    bought = with_integrity(0.25)
    assert honest.change("walk", "police_legitimacy", 24).rises
    assert honest.change("walk", "reporting", 24).mean > 0.02
    assert honest.change("walk", "homicide_rate", 36).high < 0.0
    assert bought.change("walk", "police_legitimacy").is_nothing
    assert bought.change("walk", "homicide_rate").is_nothing


def test_p_g3_districts_gain_inside_and_widen_the_gap(sandbox):
    inside = sandbox.worst_at_the_start("extortion", 2)
    assert (inside.sum(axis=1) == 2).all()
    assert sandbox.local_change("one-district", "business", inside, slice(3, 5)).mean > 0.03
    assert sandbox.local_change("one-district", "dispute_homicide_rate", inside, slice(2, 5)).falls
    assert sandbox.local_change("one-district", "business", ~inside, slice(3, 5)).is_nothing
    assert sandbox.local_change("one-district", "bridging", inside, slice(3, 5)).high < 0


def test_p_g4_a_truce_stops_the_killing_but_not_the_levy(sandbox):
    held = sandbox.change("truce", "gang_homicide_rate", 2, 24)
    assert held.high < -0.5
    assert -0.6 < sandbox.change("truce", "homicide_rate", 2, 24).mean < -0.2
    assert sandbox.change("truce", "extortion_share", 6, 24).low > 0.0
    assert sandbox.change("truce", "homicide_rate", 24, 48).low > 0.0
    assert sandbox.change("truce", "dispute_homicide_rate", 2, 24).is_nothing


def test_p_s1_after_school_places_lower_joining_while_they_last_and_sport_alone_does_little(sandbox):
    assert sandbox.change("after-school", "recruits_under_18", 12).falls
    assert sandbox.change("sport-only", "recruits_under_18", 12).is_nothing


def test_p_s3_interrupters_cut_answers_not_disputes(sandbox):
    assert sandbox.change("interrupters", "gang_homicide_rate", 6).falls
    assert sandbox.change("interrupters", "dispute_homicide_rate", 6).is_nothing
    assert sandbox.change("interrupters", "recruits", 6).is_nothing


def test_p_s4_jobs_with_prospects_help_members_out_and_menial_ones_hardly_do(sandbox):
    def exit_rate(arm):
        return sandbox.series(arm, "exits", 12) / sandbox.series(arm, "gang_members", 12)

    gain = exit_rate("jobs-with-training") / exit_rate("baseline") - 1.0
    menial = exit_rate("menial-jobs") / exit_rate("baseline") - 1.0
    assert gain.mean() - 2.0 * gain.std(ddof=1) / SEEDS**0.5 > 0.0
    assert abs(menial.mean()) < 0.5 * gain.mean()
    assert sandbox.change("jobs-with-training", "gang_members", 24).high < 0.0


def test_p_e1_patrol_calms_the_place_and_next_to_nothing_of_the_city():
    city = load_city("chicago")
    arm = policy_of("patrol", {"measure": "P-E1", "where": Target(worst_share=0.06, by="homicide_rate")})
    futures = Futures(city, [arm], seeds=30, months=36, scale=0.03)
    treated = futures.worst_at_the_start("violence", 5)
    local = futures.local_change("patrol", "homicide_rate", treated)
    assert local.low > -0.16
    assert local.high < -0.08
    assert futures.change("patrol", "homicide_rate").is_nothing
