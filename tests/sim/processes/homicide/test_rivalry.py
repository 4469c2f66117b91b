"""Killings between gangs: hazards by hand, factors one by one, and memory that answers."""

import math

import numpy as np
import pytest

from sim.measures import find_measure
from sim.parameters import parameter
from sim.processes.homicide.disputes import remember_disputes
from sim.processes.homicide.rivalry import answers, calm_of, discipline_hazard, lethality, remember, soldiers_on_streets
from sim.processes.homicide.war import remember_war
from sim.state import copy_city
from tests.sim.processes.homicide.changes import both, lever


def test_a_members_hazard_by_rivals_by_hand(quiet, params, hazard):
    param = params.homicide[0]
    quiet.gang["weapons"][:3] = 0.5, 0.9, 0.3
    quiet.gang[1].succession = 0.4
    quiet.gang[0].grievance = 0.2
    quiet.rivalry[1, 0] = 1.3
    present = 75.0 + 2.0 * quiet.neighbourhood[8].population / 980.0
    burst = 1 + 0.2 * param.breach_on_attacks
    first = 1.3 * 2 * 25 / present * (0.5 + 0.9) * (1 + 0.4 * param.leader_loss_on_attacks) * burst
    second = 1.0 * 2 * 10 / present * (0.5 + 0.3) * burst
    total = param.rivalry_attack_rate * (first + second)
    reached, parts = hazard(quiet)
    np.testing.assert_allclose(parts[:4], [0.0, param.rivalry_attack_rate * first, param.rivalry_attack_rate * second, 0.0])
    assert reached == pytest.approx(param.member_hazard_limit * (1 - math.exp(-total / param.member_hazard_limit)))


def test_a_members_risk_does_not_change_with_the_scale_of_the_city(quiet, hazard):
    before, _ = hazard(quiet)
    quiet.presence[:] *= 7.0
    quiet.neighbourhood["population"] *= 7.0
    after, _ = hazard(quiet)
    assert after == pytest.approx(before, rel=1e-12)


def test_a_further_gang_with_one_resident_adds_almost_nothing(quiet, hazard):
    before, _ = hazard(quiet)
    quiet.presence[8, 3] = 1.0
    after, _ = hazard(quiet)
    assert 1.0 < after / before < 1.05


def test_a_hazard_saturates_at_its_cap(quiet, params, hazard):
    params.homicide[0].rivalry_attack_rate = 50.0
    reached, _ = hazard(quiet)
    assert reached == pytest.approx(params.homicide[0].member_hazard_limit)


@pytest.mark.parametrize(
    ("pull", "factor"),
    [
        (lambda city: city.levers["truce"].__setitem__(8, 1.0), lambda param, city: 1 - param.truce_on_attacks),
        (
            lambda city: city.levers["violence_interruption"].__setitem__(8, 1.0),
            lambda param, city: 1 - param.interrupters_on_attacks * city.neighbourhood[8].credibility,
        ),
        (
            lambda city: city.levers["focused_deterrence"].__setitem__(8, 1.0),
            lambda param, city: (
                1 - param.focused_deterrence_on_attacks * (0.5 + 0.5 * min(1.0, city.city_state[0].force_integrity / 0.6))
            ),
        ),
        (
            lambda city: city.levers["group_transformation"].__setitem__(8, 0.8),
            lambda param, city: 1 - 0.8 * param.transformation_on_attacks * (0.5 + 0.5 * city.neighbourhood[8].credibility),
        ),
        (
            lambda city: city.levers["raid"].__setitem__(8, 0.5),
            lambda param, city: 1 + 0.5 * param.raid_on_attacks / (1 + param.raid_on_attacks * city.police[8].raids_anchor),
        ),
        (
            lambda city: city.police["raids"].__setitem__(8, 0.0),
            lambda param, city: 1 / (1 + param.raid_on_attacks * city.police[8].raids_anchor),
        ),
        (
            lambda city: city.levers["mass_arrests"].__setitem__(8, 0.5),
            lambda param, city: (
                1 + 0.5 * param.sweep_on_attacks * city.neighbourhood[8].controlled * (1 - city.neighbourhood[8].clearance)
            ),
        ),
        (
            both(lever("mass_arrests", 1.0), lever("detention_without_term", 1.0)),
            lambda param, city: 1.0,
        ),
        (
            lambda city: city.levers["military_deployment"].__setitem__(8, 0.5),
            lambda param, city: math.exp(-param.soldiers_on_violence * (1 - 0.5**4) - param.occupation_on_violence * 0.5**4),
        ),
        (
            lambda city: city.neighbourhood["care"].__setitem__(8, city.city_state[0].care_anchor + 0.2),
            lambda param, city: math.exp(-0.2 * param.care_on_lethality),
        ),
        (lambda city: city.gang["pact"].__setitem__(0, 1.0), lambda param, city: 1 - param.pact_on_attacks),
        (lambda city: city.police["patrol"].__setitem__(8, 1.0), lambda param, city: math.exp(-param.patrol_on_violence)),
        (lambda city: city.city_state["guns"].__setitem__(0, 0.8), lambda param, city: 0.8**param.gun_stock_on_lethality),
        (
            lambda city: city.neighbourhood["certainty"].__setitem__(8, math.log(1.5)),
            lambda param, city: 1.5**-param.certainty_on_violence,
        ),
    ],
    ids=[
        "truce",
        "interrupters",
        "focused deterrence",
        "a group transformed",
        "raids stir up",
        "an end of ordinary raids",
        "sweeps provoke where gangs hold the place and killings go unsolved",
        "those who are kept do not answer",
        "soldiers",
        "emergency care",
        "pact",
        "patrol",
        "guns",
        "certainty",
    ],
)
def test_what_calms_or_stirs_attacks_does_so_by_its_factor(quiet, params, hazard, pull, factor):
    param = params.homicide[0]
    param.member_hazard_limit = 1e3
    before, _ = hazard(quiet)
    quiet_elsewhere = hazard(quiet, i=7)[0]
    pull(quiet)
    after, _ = hazard(quiet)
    assert after / before == pytest.approx(factor(param, quiet), rel=1e-5)
    assert quiet_elsewhere == 0.0


def test_patrol_next_door_moves_some_violence_here_and_calms_some(quiet, params):
    param = params.homicide[0]
    quiet.neighbourhood[8].near_patrol = 1.0
    moved = param.patrol_on_violence * param.patrol_displacement_share - param.patrol_on_adjacent_violence
    assert calm_of(quiet, params, 8) == pytest.approx(math.exp(moved))


def test_memory_is_borne_evenly_by_the_members_of_the_gang_that_will_be_answered(quiet, params, hazard):
    params.homicide[0].member_hazard_limit = 1e3
    before, _ = hazard(quiet)
    quiet.memory[1, 0] = 0.02 * quiet.gang[0].members
    after, parts = hazard(quiet)
    assert after - before == pytest.approx(0.02, rel=1e-4)
    assert parts[1] > 0.02
    quiet.levers[8].truce = 1.0
    held, _ = hazard(quiet)
    param = params.homicide[0]
    assert held == pytest.approx(0.02 * (1 - param.truce_on_retaliation) + before * (1 - param.truce_on_attacks), rel=1e-4)


def test_a_gang_with_hardly_anyone_left_answers_hardly_at_all(quiet, params, hazard):
    params.homicide[0].member_hazard_limit = 1e3
    before, _ = hazard(quiet)
    quiet.memory[1, 0] = 0.02 * quiet.gang[0].members
    quiet.gang[1].members = 0.3
    after, _ = hazard(quiet)
    assert after - before == pytest.approx(0.002, rel=1e-3)


def test_one_killing_is_answered_as_often_as_the_branching_ratio_says(quiet, params):
    """The memory of one killing, summed over the months in which it can be answered, is its branching ratio."""
    param = params.homicide[0]
    param.retaliation_memory_limit = 1e9
    branching = param.retaliation_limit * (1 - math.exp(-param.retaliation_ratio / param.retaliation_limit))
    assert branching < 1
    quiet.killings[:] = 0.0
    quiet.killings[0, 1] = branching
    answers = []
    for _ in range(400):
        remember(quiet, params)
        quiet.killings[:] = 0.0
        answers.append(quiet.memory[0, 1])
    assert sum(answers) == pytest.approx(branching, rel=1e-9)
    mean_wait = sum(month * answer for month, answer in enumerate(answers, 1)) / branching
    assert param.retaliation_months < mean_wait < param.retaliation_months + 1
    assert quiet.memory[1, 0] == 0.0


def test_memory_is_bounded_by_what_a_gang_can_suffer(quiet, params):
    quiet.killings[:] = 1e6
    remember(quiet, params)
    bound = params.homicide[0].retaliation_memory_limit * (quiet.gang["members"] + 1.0)
    np.testing.assert_allclose(quiet.memory, np.broadcast_to(bound, quiet.memory.shape))


@pytest.mark.parametrize(
    ("pull", "factor"),
    [
        (
            lambda city: city.levers["focused_deterrence"].__setitem__(8, 0.6),
            lambda param, city: (
                1
                - 0.6
                * param.focused_deterrence_on_retaliation
                * (0.5 + 0.5 * min(1.0, city.city_state[0].force_integrity / 0.6))
            ),
        ),
        (
            lambda city: city.levers["violence_interruption"].__setitem__(8, 0.6),
            lambda param, city: 1 - 0.6 * param.interrupters_on_retaliation * city.neighbourhood[8].credibility,
        ),
        (
            lambda city: city.levers["women_mediators"].__setitem__(8, 0.6),
            lambda param, city: (
                1 - 0.6 * param.women_mediators_on_retaliation * (0.5 + 0.5 * city.neighbourhood[8].credibility)
            ),
        ),
    ],
    ids=["focused deterrence", "interrupters", "women mediators"],
)
def test_who_steps_in_between_leaves_fewer_killings_answered(quiet, params, pull, factor):
    param = params.homicide[0]
    plain = answers(quiet, params, 8, 0)
    pull(quiet)
    assert answers(quiet, params, 8, 0) / plain == pytest.approx(factor(param, quiet))
    assert answers(quiet, params, 7, 0) == plain


@pytest.fixture
def ordinary(quiet, params):
    """The quiet city with gangs as knit and as armed as is ordinary."""
    kind = params.gangs[0]
    quiet.gang["cohesion"] = (kind.cohesion_loose + kind.cohesion_integrated) / 2
    quiet.gang["weapons"] = kind.weapons_ordinary - kind.threat_on_weapons * math.tanh(kind.threat_midpoint)
    return quiet


@pytest.mark.parametrize(
    ("change", "added"),
    [
        (lambda gang: None, lambda param: 0.0),
        (lambda gang: setattr(gang, "cohesion", gang.cohesion + 0.3), lambda param: 0.3 * param.cohesion_on_retaliation),
        (lambda gang: setattr(gang, "weapons", gang.weapons - 0.2), lambda param: -0.2 * param.weapons_on_retaliation),
        (lambda gang: setattr(gang, "grievance", 0.6), lambda param: 0.6 * param.grievance_on_retaliation),
    ],
    ids=["the ordinary gang", "better knit", "worse armed", "grievance let out"],
)
def test_a_gang_answers_by_its_cohesion_its_weapons_and_what_it_lets_out(ordinary, params, change, added):
    param = params.homicide[0]
    change(ordinary.gang[0])
    raw = param.retaliation_ratio * math.exp(added(param))
    expected = param.retaliation_limit * (1 - math.exp(-raw / param.retaliation_limit))
    assert answers(ordinary, params, 8, 0) == pytest.approx(expected)


def test_grievance_is_not_answered_while_a_truce_or_a_pact_holds(ordinary, params):
    plain = answers(ordinary, params, 8, 0)
    ordinary.gang[0].grievance = 0.8
    assert answers(ordinary, params, 8, 0) > plain
    ordinary.levers[8].truce = 1.0
    assert answers(ordinary, params, 8, 0) == plain
    ordinary.levers[8].truce = 0.0
    ordinary.gang[0].pact = 1.0
    assert answers(ordinary, params, 8, 0) == plain


def matrix_of_answers(city, params):
    """What one killing of each kind draws of each kind in all later months, measured on the memories it leaves.

    Kinds are the ordered pairs of gangs, killings of one by the other; the disputes of each neighbourhood; and of
    neighbourhood 8 those by police and those of officers.
    """
    gangs = [k for k in range(city.gang.size) if city.gang[k].alive]
    pairs = [(k, other) for k in gangs for other in gangs if k != other]
    streets = range(city.neighbourhood.size)
    marks = [*(("disputes_lost", i) for i in streets), ("killed_by_police", 8), ("officers_killed", 8)]
    matrix = np.zeros((len(pairs) + len(marks), len(pairs) + len(marks)))
    params.homicide[0].retaliation_memory_limit = 1e9
    # How long answers take changes nothing of how many they are; short ones are soon added up.
    params.homicide[0].retaliation_months = params.homicide[0].street_retaliation_months = 1.0
    for row in range(len(matrix)):
        after = copy_city(city)
        after.memory[:] = after.killings[:] = 0.0
        for field in ("street", "answers_to_police", "answers_by_police", *{field for field, _ in marks}):
            after.neighbourhood[field] = 0.0
        if row < len(pairs):
            dead, killer = pairs[row]
            after.killings[dead, killer] = answers(after, params, 8, dead)
        else:
            field, i = marks[row - len(pairs)]
            after.neighbourhood[field][i] = 1.0
        for _ in range(20):
            remember(after, params)
            for i in streets:
                remember_disputes(after, params, i)
                remember_war(after, params, i)
            after.killings[:] = 0.0
            for field, i in marks:
                after.neighbourhood[field][i] = 0.0
            here = after.neighbourhood[8]
            # Memory is [who answers, who is answered]: the dead of an answer are the answered.
            drawn = [after.memory[other, k] for k, other in pairs]
            matrix[row] += [*drawn, *after.neighbourhood["street"], here.answers_by_police, here.answers_to_police]
    return matrix


def spectral_radius(matrix):
    return np.abs(np.linalg.eigvals(matrix)).max()


def test_the_matrix_of_answers_has_the_radius_of_the_two_gangs_that_answer_most(ordinary, params):
    ordinary.gang["cohesion"][:3] = 0.9, 0.3, 0.6
    ratios = sorted(answers(ordinary, params, 8, k) for k in range(4))
    assert spectral_radius(matrix_of_answers(ordinary, params)) == pytest.approx(
        math.sqrt(ratios[-1] * ratios[-2]), rel=1e-6
    )


@pytest.mark.validate
@pytest.mark.parametrize("end", ["default", "high"])
def test_answers_come_near_one_in_rare_states_and_stay_below_a_bound(ordinary, params, end):
    """Better knit, better armed and less restrained than any gang is, with strengths at the ends of their ranges."""
    param = params.homicide[0]
    calm = spectral_radius(matrix_of_answers(ordinary, params))
    assert calm < 0.6
    for field in ("cohesion", "weapons", "grievance"):
        ordinary.gang[field] = 1.0
        setattr(param, f"{field}_on_retaliation", getattr(parameter(f"homicide.{field}_on_retaliation"), end))
    for name in (
        "retaliation_ratio",
        "street_retaliation_ratio",
        "retaliation_limit",
        "officers_in_answer",
        "police_killings_in_answer",
    ):
        setattr(param, name, getattr(parameter(f"homicide.{name}"), end))
    ordinary.control[8, :4] = 0.25
    ordinary.police[8].abuse = 1.0
    wild = spectral_radius(matrix_of_answers(ordinary, params))
    assert 0.85 < wild <= 0.9 + 1e-9


def test_without_what_drives_answers_all_gangs_answer_alike(ordinary, params):
    for field in ("cohesion", "weapons", "grievance"):
        setattr(params.homicide[0], f"{field}_on_retaliation", 0.0)
    ordinary.gang["cohesion"][:4] = 0.1, 0.4, 0.7, 1.0
    assert len({answers(ordinary, params, 8, k) for k in range(4)}) == 1


def test_lethality_by_hand(quiet, params):
    """E15: guns kill, care saves."""
    param = params.homicide[0]
    assert lethality(quiet, params, 8) == 1.0
    quiet.city_state[0].guns = 1.4
    quiet.neighbourhood[8].care = quiet.city_state[0].care_anchor - 0.25
    assert lethality(quiet, params, 8) == pytest.approx(
        1.4**param.gun_stock_on_lethality * math.exp(0.25 * param.care_on_lethality)
    )


def test_discipline_by_hand(params, quiet):
    param, gang = params.homicide[0], quiet.gang[0]
    gang.cohesion = 0.7
    ordinary = 0.0004
    calm = 0.5 * ordinary * param.discipline_ratio
    assert discipline_hazard(param, gang, ordinary) == pytest.approx(calm)
    assert discipline_hazard(param, gang, 2.0 * ordinary) == pytest.approx(2.0 * calm)
    assert discipline_hazard(param, gang, 0.0) == 0.0
    gang.succession = 0.6
    led = param.discipline_ratio + 0.6 * param.infighting_ratio
    assert discipline_hazard(param, gang, ordinary) == pytest.approx(0.5 * ordinary * led)
    gang.succession = 0.0
    gang.money_reference = 1.0
    gang.money = 3.0
    grown = 1 + 0.5 * param.money_on_infighting * math.log(2.0)
    assert discipline_hazard(param, gang, ordinary) == pytest.approx(calm * grown)
    gang.money = 0.1
    assert discipline_hazard(param, gang, ordinary) == pytest.approx(calm)


def test_bystanders_die_in_proportion_to_gang_killings(struck, params):
    neighbourhood = struck().neighbourhood
    assert neighbourhood["deaths_rivalry"].sum() > 0
    np.testing.assert_allclose(
        neighbourhood["deaths_bystander"], params.homicide[0].bystander_ratio * neighbourhood["deaths_rivalry"]
    )


def test_members_expected_to_die_are_those_expected_to_be_killed(struck):
    city = struck()
    gangs = city.neighbourhood["deaths_rivalry"].sum() + city.neighbourhood["deaths_discipline"].sum()
    assert city.gang["expected_dead"].sum() == pytest.approx(gangs)
    assert city.gang["expected_killings"].sum() == pytest.approx(gangs)


def test_a_dead_gang_attacks_nobody(quiet, hazard):
    quiet.memory[2, 0] = 5.0
    with_it, parts = hazard(quiet)
    assert parts[2] > 0
    quiet.gang[2].alive = 0
    without, parts = hazard(quiet)
    assert parts[2] == 0
    assert without < with_it


@pytest.mark.parametrize(
    ("measure", "share_of_killing", "fell_to"), [("truce", 0.5, 0.65), ("focused_deterrence", 1.0, 0.75)]
)
def test_attacks_and_answers_fall_by_what_the_studies_found_of_killing(measure, share_of_killing, fell_to):
    """With half of gang killings answered; a truce moves half of all killing, focused deterrence is measured on groups."""
    answered = 0.52
    first, again = (parameter(f"homicide.{measure}_on_{part}").default for part in ("attacks", "retaliation"))
    left = (1 - first) * (1 - answered) / (1 - answered * (1 - again))
    assert 1 - share_of_killing * (1 - left) == pytest.approx(fell_to, abs=0.02)


@pytest.mark.parametrize(
    ("level", "cover", "lingering", "fall"),
    [
        (1.0, 1.0, 0.0, lambda p: p.occupation_on_violence),
        (0.15, 1.0, 0.0, lambda p: p.soldiers_on_violence * 0.5 * (1 - 0.15**4) + p.occupation_on_violence * 0.15**4),
        (0.3, 0.2, 0.0, lambda p: p.soldiers_on_violence * (1 - 0.06**4) + p.occupation_on_violence * 0.06**4),
        (1.0, 0.2, 0.0, lambda p: p.soldiers_on_violence * (1 - 0.2**4) + p.occupation_on_violence * 0.2**4),
        (0.8, 1.0, 0.8, lambda p: p.soldiers_on_violence),
        (0.0, 1.0, 0.0, lambda p: 0.0),
    ],
    ids=["occupation", "few of them", "the trial's dose", "many on few streets", "those who stay on", "none"],
)
def test_soldiers_calm_as_an_occupation_only(quiet, params, level, cover, lingering, fall):
    """P-E7, enf.military_patrols."""
    quiet.levers["military_deployment"][8] = level * cover
    quiet.neighbourhood["unoccupied"][8] = 1 - cover
    quiet.neighbourhood["lingering"][8] = lingering * cover
    plain = calm_of(quiet, params, 7)
    expected = -fall(params.homicide[0])
    assert soldiers_on_streets(quiet, params, 8) == pytest.approx(expected)
    assert calm_of(quiet, params, 8) / plain == pytest.approx(cover * math.exp(expected) + 1 - cover)


def test_an_occupation_calms_less_where_people_are_used_to_it_and_patrols_do_as_before(quiet, params):
    """P-E7."""
    param, worn = params.homicide[0], params.policy_delivery[0].threat_wear_share
    quiet.neighbourhood["used_to_soldiers"][8] = 0.5
    quiet.levers["military_deployment"][8] = 1.0
    assert soldiers_on_streets(quiet, params, 8) == pytest.approx(-param.occupation_on_violence * (1 - 0.5 * worn))
    quiet.levers["military_deployment"][8] = 0.3
    quiet.neighbourhood["unoccupied"][8] = 0.0
    quiet.neighbourhood["lingering"][8] = 0.3
    assert soldiers_on_streets(quiet, params, 8) == pytest.approx(-param.soldiers_on_violence)


def test_at_the_dose_of_the_trial_soldiers_show_no_clear_fall(quiet, params):
    """enf.military_patrols: centre within 4 %, and a range that holds no change and a rise of 5 %."""
    quiet.levers["military_deployment"][8] = 0.3 * 0.2
    quiet.neighbourhood["unoccupied"][8] = 0.8
    strength = parameter("homicide.soldiers_on_violence")
    assert strength.status == "literature"
    found = []
    for value in (strength.low, strength.default, strength.high):
        params.homicide[0].soldiers_on_violence = value
        found.append(math.exp(soldiers_on_streets(quiet, params, 8)))
    most, centre, least = found
    assert abs(centre - 1) < 0.04
    assert least < 1 < 1.05 < most
    assert find_measure("P-E7").grade == "judgement"
