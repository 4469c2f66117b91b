"""What each measure of resilience does, by its row."""

from __future__ import annotations

from typing import Any

import pytest

from experiments.evidence.rules import LEAST
from sim.outcomes import outcome_index
from sim.parameters import parameter
from sim.scenario import load_policy
from sim.state import DEAD, FREE, NEITHER, NO_GANG, SPAN
from tests.validation.futures import Interval, city_with, over_seeds, policy_of, shock_of, watch
from tests.validation.measures.claims import (
    FIFTY,
    NOISY,
    SANDBOX,
    SEEDS,
    Figures,
    Found,
    Lived,
    alone_at_full_level,
    changes_every_future,
    each_of,
    exceeds,
    falls,
    hold,
    lacking,
    leaves_alone,
    no_less,
    no_more,
    nothing,
    rises,
    use,
)


@pytest.fixture(scope="module")
def alone() -> Lived:
    """Each measure of the pillar alone, and some that stop, or lack a condition."""
    arms = [
        policy_of("places-end", use("P-S1", stop=24)),
        policy_of("sport-only", lacking("P-S1", "life_skills")),
        policy_of("menial-jobs", lacking("P-S4", "prospects")),
        policy_of("shamed", lacking("P-S5", "way_back")),
        policy_of("rules-hidden", lacking("P-S7", "rules_shown")),
    ]
    return alone_at_full_level("resilience", *arms)


@pytest.fixture(scope="module")
def disaster() -> Lived:
    """A disaster in month 37 and none; care from that month on, and preparedness from month 1 on."""
    struck = [shock_of("disaster", 0.8, 37)]
    arms = [
        policy_of("care-for-nothing", use("P-S9", start=37)),
        policy_of("ready-for-nothing", use("P-S12")),
        policy_of("struck"),
        policy_of("struck-and-cared-for", use("P-S9", start=37)),
        policy_of("struck-and-ready", use("P-S12")),
    ]
    befalls = {arm.name: struck for arm in arms if arm.name.startswith("struck")}
    return Lived(SANDBOX, arms, months=120, by_arm=befalls)


@each_of("resilience")
def test_a_measure_leaves_alone_what_its_row_says(alone, measure):
    leaves_alone(alone, measure)


@each_of("resilience")
def test_no_measure_is_a_silent_no_op(alone, measure):
    changes_every_future(alone, measure)


def aged(youth: Any, month: int, years: int) -> Figures:
    """Say which youths are of that age or more."""
    return (month - youth.phase) % SPAN >= 12 * (years - 10)


@pytest.mark.shows("P-S1.1")
def test_p_s1_exposure_falls_while_the_place_lasts_and_no_longer_and_sport_alone_does_little(alone):
    hold(
        alone.falls("after-school", "recruits_under_18", 12, least=0.03),
        alone.falls("after-school", "school_violence", 12),
        alone.falls("places-end", "school_violence", 12, 24),
        alone.nothing("places-end", "recruits_under_18", 36, 60),
        alone.nothing("places-end", "school_violence", 36, 60),
        alone.nothing("sport-only", "recruits_under_18", 12),
        alone.nothing("sport-only", "places_filled", 12, than="after-school", margin=0.02),
        alone.nothing("sport-only", "cost", 12, than="after-school", margin=0.02),
    )


@pytest.mark.shows("P-S2.1", "P-S2.2")
def test_p_s2_mothers_groups_act_through_the_family(alone):
    hold(
        alone.falls("mothers-groups", "domestic_violence", 12),
        alone.falls("mothers-groups", "recruits_under_18", 24, least=0.01),
        alone.nothing("mothers-groups", "dispute_homicide_rate", 12),
    )


@pytest.mark.validate
@pytest.mark.shows("P-S2.2")
def test_p_s2_where_the_family_does_not_answer_nothing_is_left_in_the_street():
    setting = {"recruitment.mothers_groups_on_family_risk": 0.0}
    lived = Lived(SANDBOX, [policy_of("mothers", use("P-S2"))], parameters=setting)
    hold(
        lived.nothing("mothers", "recruits_under_18", 24),
        lived.nothing("mothers", "gang_members", 24),
        lived.nothing("mothers", "dispute_homicide_rate", 24),
    )


@pytest.mark.shows("P-S3.1")
def test_p_s3_interrupters_cut_answers_not_disputes(alone):
    hold(
        alone.falls("interrupters", NOISY, 6),
        alone.nothing("interrupters", "dispute_homicide_rate", 6),
        alone.nothing("interrupters", "recruits", 6),
    )


@pytest.mark.validate
@pytest.mark.shows("P-S3.2")
def test_p_s3_first_killings_stay_where_there_are_no_answers():
    arm = policy_of("interrupters", use("P-S3"))
    lived = Lived(SANDBOX, [arm], seeds=100, without=["contagion"])
    hold(lived.nothing("interrupters", NOISY, 6))


@pytest.mark.shows("P-S4.1", "P-S4.2")
def test_p_s4_jobs_with_prospects_help_members_out_and_menial_ones_hardly_do(alone):
    old, gained, menial = (alone.leaves_rate(arm, 12) for arm in ("baseline", "jobs-with-training", "menial-jobs"))
    hold(
        rises("jobs-with-training: exits a member", gained, old, least=0.02),
        nothing("menial-jobs: exits a member", menial, old),
        Found("menial jobs do less than half as much", bool((menial - old).mean() < 0.5 * (gained - old).mean())),
        alone.falls("jobs-with-training", "gang_members", 24, least=0.0),
        alone.nothing("menial-jobs", "gang_members", 24),
        alone.nothing("menial-jobs", "places_filled", 12, than="jobs-with-training"),
        alone.nothing("menial-jobs", "cost", 12, than="jobs-with-training"),
    )


@pytest.mark.shows("P-S4.3")
def test_p_s4_training_reaches_women():
    arm = policy_of("training", use("P-S4"))

    def women(seed: int) -> tuple[float, float]:
        for month, state in watch(SANDBOX, seed, 24, policy=arm):
            last, youth = month, state.youth
        free = youth.status == FREE
        risk = 0.5 * (youth.person + youth.family + youth.friends + youth.school)
        idle = (youth.activity == NEITHER) & (risk > parameter("community.training_risk_threshold").default)
        may = free & aged(youth, last, 16) & ((youth.gang != NO_GANG) | (youth.record == 1) | idle)
        return float(youth.female[free & (youth.training > 0)].mean()), float(youth.female[may].mean())

    seen = over_seeds(women, FIFTY)
    hold(
        exceeds("share of women among those in training", seen[:, 0], 0.1),
        no_less("women in training against women who may be", seen[:, 0], seen[:, 1], 0.2),
    )


@pytest.mark.shows("P-S5.1")
def test_p_s5_members_leave_only_where_there_is_a_way_back(alone):
    old, back, shamed = (alone.leaves_rate(arm, 6) for arm in ("baseline", "expose-with-way-back", "shamed"))
    hold(rises("expose-with-way-back: exits a member", back, old), no_more("shamed: exits a member", shamed, old))


@pytest.mark.validate
@pytest.mark.shows("P-S6.1")
def test_p_s6_a_group_that_changes_together_is_left_where_training_alone_fails():
    knit = tuple(gang.model_copy(update={"organisation": "integrated"}) for gang in SANDBOX.gangs)
    arms = [policy_of("trained", use("P-S4")), policy_of("changed", use("P-S6"))]
    lived = Lived(city_with(SANDBOX, gangs=knit), arms, seeds=SEEDS)
    old, trained, changed = (lived.leaves_rate(arm, 12) for arm in ("baseline", "trained", "changed"))
    hold(
        nothing("knit gangs, trained: exits a member", trained, old),
        rises("knit gangs, changed together: exits a member", changed, old),
    )


@pytest.mark.shows("P-S7.1")
def test_p_s7_bribes_per_permit_fall_where_all_rules_are_shown_at_once(alone):
    hold(
        alone.falls("housing-upgrading", "permit_bribes", 12),
        alone.nothing("rules-hidden", "permit_bribes", 12),
    )


@pytest.mark.validate
@pytest.mark.shows("P-S8.1")
def test_p_s8_care_in_early_childhood_shows_nothing_for_five_years_and_then_joining_falls(decades):
    hold(
        decades.nothing("early-childhood", "recruits", 0, 60),
        decades.nothing("early-childhood", "recruits_under_18", 0, 60),
        decades.nothing("early-childhood", "homicide_rate", 0, 60),
        decades.falls("early-childhood", "recruits_under_18", 132, 192),
        decades.falls("early-childhood", "recruits", 132, 192, least=0.03),
    )


def months_to_recover(lived: Lived, arm: str, than: str, struck: int = 36) -> Figures:
    """Months from the shock until damage is below a tenth of its peak in the other arm."""
    column = outcome_index("damage")
    damage = lived.monthly[:, lived.names.index(arm), struck:, column]
    peak = lived.monthly[:, lived.names.index(than), struck:, column].max(axis=1)
    return (damage > 0.1 * peak[:, None]).sum(axis=1).astype(float)


@pytest.mark.validate
@pytest.mark.shows("P-S9.1", "P-S9.2")
def test_p_s9_care_shortens_recovery_and_there_is_less_violence_later(disaster):
    old, new = (months_to_recover(disaster, arm, "struck") for arm in ("struck", "struck-and-cared-for"))
    hold(
        disaster.rises("struck", "homicide_rate", 36, 60),
        falls("cared for: months to recover", new, old),
        disaster.falls("struck-and-cared-for", "trauma", 48, 84, than="struck"),
        disaster.falls("struck-and-cared-for", "homicide_rate", 48, 84, than="struck"),
        disaster.nothing("care-for-nothing", "homicide_rate", 36),
    )


@pytest.fixture(scope="module")
def unserved() -> Lived:
    """The sandbox where three poor places that nobody rules lack services too, as the one does that is ruled."""
    places = tuple(
        each.model_copy(update={"services": 0.3}) if each.name in UNRULED else each for each in SANDBOX.neighbourhoods
    )
    return Lived(city_with(SANDBOX, neighbourhoods=places), [policy_of("services", use("P-S10"))])


UNRULED = ("Fennop", "Grundo", "Hobbix")


@pytest.mark.validate
@pytest.mark.shows("P-S10.1", "P-S10.2")
def test_p_s10_services_calm_homes_and_cost_armed_groups_their_acceptance_where_they_do_not_rule(unserved):
    missing, ruled = unserved.named(*UNRULED), unserved.named("Ixley")

    def late(outcome: str, rows: Figures) -> Interval:
        return unserved.local_change("services", outcome, rows, slice(2, 5))

    homes, accepted, trust = (
        late(each, missing) for each in ("domestic_violence", "criminal_legitimacy", "state_legitimacy")
    )
    rule, credit = (late(each, ruled) for each in ("criminal_governance_index", "criminal_legitimacy"))
    hold(
        Found(f"not ruled: domestic_violence falls: {homes}", homes.falls),
        Found(f"not ruled: criminal_legitimacy falls: {accepted}", accepted.falls),
        Found(f"not ruled: state_legitimacy rises: {trust}", trust.rises),
        Found(f"ruled: criminal_governance_index stays: {rule}", rule.is_nothing),
        Found(f"ruled: criminal_legitimacy does not fall: {credit}", credit.low > -LEAST),
    )


@pytest.mark.shows("P-S11.1")
def test_p_s11_homes_are_calmer_where_there_are_safe_spaces(alone):
    hold(
        alone.falls("safe-spaces", "domestic_violence", 12),
        alone.falls("safe-spaces", "domestic_homicide_rate", 12),
    )


@pytest.mark.validate
@pytest.mark.shows("P-S11.2")
def test_p_s11_children_exposed_at_home_join_less_after_years():
    arms = [load_policy("baseline"), policy_of("safe", use("P-S11"))]

    def joined(seed: int) -> list[list[float]]:
        found = []
        for arm in arms:
            counts = []
            for month, state in watch(SANDBOX, seed, 144, policy=arm):
                if month in (11, 143):
                    youth = state.youth
                    child = (youth.status != DEAD) & ~aged(youth, month, 18)
                    counts.append(float((child & (youth.exposed_at_home == 1) & (youth.recruited_as_child == 1)).sum()))
            found.append(counts)
        return found

    seen = over_seeds(joined, FIFTY)
    hold(
        nothing("exposed children ever recruited, after one year", seen[:, 1, 0], seen[:, 0, 0]),
        falls("exposed children ever recruited, after twelve years", seen[:, 1, 1], seen[:, 0, 1]),
    )


@pytest.mark.validate
@pytest.mark.shows("P-S12.1", "P-S12.2", "P-S12.3")
def test_p_s12_a_prepared_city_is_hit_less_and_mends_faster_and_without_a_shock_only_pays(disaster):
    old, new = (months_to_recover(disaster, arm, "struck") for arm in ("struck", "struck-and-ready"))
    spared, hit = (
        disaster.monthly[:, disaster.names.index(arm), :, outcome_index("damage")].max(axis=1)
        for arm in ("struck-and-ready", "struck")
    )
    others = (
        "homicide_rate",
        "gang_members",
        "criminal_governance_index",
        "extortion_share",
        "services",
        "fear",
        "state_legitimacy",
        "police_legitimacy",
        "clearance",
        "business",
        "domestic_violence",
    )
    hold(
        falls("ready: damage at its peak", spared, hit),
        falls("ready: months to recover", new, old),
        disaster.rises("ready-for-nothing", "cost", 12),
        *(disaster.nothing("ready-for-nothing", outcome, 12) for outcome in others),
    )
