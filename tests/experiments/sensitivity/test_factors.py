"""What is varied, and over which values."""

import tracemalloc

import numpy as np
import pytest

from experiments.execution.runner import Job
from experiments.sensitivity.designs import jobs, make_design
from experiments.sensitivity.estimators import draw
from experiments.sensitivity.factors import DUMMY, SEED, Factor, choose, groups_of
from sim.errors import InputError
from sim.parameters import PARAMETERS, parameter
from sim.scenario import load_policy

UNIT = np.linspace(0.0, 1.0, 1001)


def factor(**values):
    return Factor(**({"name": "f", "kind": "parameter", "title": "F"} | values))


def shared(city, *policies, **changed):
    """What all rows of a design have in common."""
    return Job(city=city, policies=policies, seed=0, months=12, scale=0.1, **changed)


def test_a_range_is_covered_from_end_to_end():
    assert factor(low=2.0, high=4.0).values(UNIT)[[0, 500, -1]] == pytest.approx([2.0, 3.0, 4.0])
    assert factor(low=1.0, high=100.0, spread="loguniform").values(UNIT)[[0, 500, -1]] == pytest.approx([1.0, 10.0, 100.0])


def test_levels_come_equally_often():
    values = factor(spread="levels", levels=(1.0, 5.0, 9.0)).values((np.arange(999) + 0.5) / 999)
    assert [int((values == level).sum()) for level in (1.0, 5.0, 9.0)] == [333, 333, 333]
    assert factor(spread="levels", levels=(0.0, 1.0)).values(np.array([0.0, 0.499, 0.5, 1.0])).tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"spread": "levels", "levels": (1.0,)}, "1 levels"),
        ({"low": 1.0, "high": 1.0}, "low must be below high"),
        ({"low": 0.0, "spread": "loguniform"}, "above 0"),
    ],
)
def test_a_range_that_is_none_is_refused(values, says):
    with pytest.raises(InputError, match=says):
        factor(**values)


def test_no_value_leaves_the_range_the_model_accepts():
    for each in choose(["*"]):
        own, values = parameter(each.name), each.values(UNIT)
        assert own.low <= values.min()
        assert values.max() <= own.high
        assert each.spread == own.distribution


def test_a_pattern_chooses_parameters_but_none_that_is_calibrated_to_the_city():
    chosen = {each.name for each in choose(["*"])}
    assert chosen == {each.name for each in PARAMETERS if each.status != "calibrated"}
    assert [each.name for each in choose(["homicide.rivalry_attack_rate"])] == ["homicide.rivalry_attack_rate"]


def test_what_is_chosen_twice_is_varied_once():
    names = [each.name for each in choose(["gangs.*", "gangs.s*"])]
    assert len(names) == len(set(names))
    assert all(name.startswith("gangs.") for name in names)


def test_strength_of_measures_and_mechanisms_must_be_asked_for():
    policy = load_policy("resilience")
    rows = {f"measures.{use.measure}" for use in policy.measures}
    assert {each.name for each in choose(["measures.*"], policy)} == rows
    assert all(each.kind == "parameter" for each in choose(["*"], policy))
    (fear,) = choose(["mechanisms.fear"])
    assert fear.levels == (0.0, 1.0)


@pytest.mark.parametrize(
    ("globs", "says"),
    [
        ([], "name what to vary"),
        (["gang.*"], "gangs"),
        (["gangs.adjacent_member_wait"], "gangs.adjacent_member_weight"),
        (["measures.*"], "without a --policy"),
        (["nothing-at-all"], "chooses nothing"),
    ],
)
def test_a_pattern_that_chooses_nothing_says_what_would(globs, says):
    with pytest.raises(InputError, match=says):
        choose(globs)


def test_groups_are_processes_or_pillars():
    policy = load_policy("all_four")
    factors = choose(
        ["gangs.adjacent_member_weight", "homicide.discipline_ratio", "measures.P-E1", "mechanisms.fear"], policy
    )
    assert groups_of(factors, "process") == ["gangs", "homicide", "enforcement", "mechanisms"] or set(
        groups_of(factors, "process")
    ) == {"gangs", "homicide", "enforcement", "mechanisms"}
    assert set(groups_of(factors, "pillar")) == {"parameters", "enforcement", "mechanisms"}
    assert groups_of(factors, None) == [each.name for each in factors]


def test_the_seed_and_a_dummy_are_always_in(sandbox):
    design = make_design(
        "sobol", choose(["gangs.adjacent_member_weight", "gangs.s*"]), samples=8, seed=0, grouping="process"
    )
    assert [each.name for each in design.factors[-2:]] == [SEED, DUMMY]
    assert set(design.problem["groups"]) == {"gangs", SEED, DUMMY}


def test_rows_that_differ_by_the_dummy_alone_are_one_job(sandbox, idle):
    design = make_design("sobol", choose(["gangs.adjacent_member_weight", "homicide.discipline_ratio"]), samples=8, seed=0)
    first, place = design.distinct()
    # Of five rows a block, the dummy's own repeats the first; each block meets two futures.
    assert len(design.unit) == 8 * 2 * 5
    assert len(first) == 8 * 2 * 4
    asked = jobs(design, shared(sandbox, idle))
    for row in range(len(asked)):
        assert asked[row] == asked[first[place[row]]]
    assert list(jobs(design, shared(sandbox, idle), rows=first)) == [asked[row] for row in first]


@pytest.mark.parametrize(("method", "length"), [("sobol", 5), ("shapley", 4)])
def test_a_block_meets_two_futures_of_its_own_with_the_same_points(method, length, sandbox, idle):
    design = make_design(method, choose(["gangs.adjacent_member_weight", "homicide.discipline_ratio"]), samples=8, seed=0)
    unit, futures = design.unit[:].reshape(8, 2, length, -1), design.futures.reshape(8, 2, length)
    apart = [each.name for each in design.factors].index(SEED)
    np.testing.assert_array_equal(np.delete(unit[:, 0], apart, axis=2), np.delete(unit[:, 1], apart, axis=2))
    np.testing.assert_array_equal(futures[:, :, 0].ravel(), np.arange(16))
    assert (futures == futures[:, :, :1]).all()
    asked = jobs(design, shared(sandbox, idle))
    assert asked[0].seed != asked[length].seed
    assert asked[0].parameters == asked[length].parameters
    assert asked[1].seed == asked[0].seed
    assert asked[1].parameters != asked[0].parameters


def test_trajectories_of_a_morris_design_do_not_share_their_luck(sandbox, idle):
    design = make_design("morris", choose(["gangs.s*"]), samples=4, seed=0)
    futures = design.futures.reshape(4, -1)
    assert all(len(set(row)) == 2 for row in futures.tolist())
    assert len(np.unique(futures)) == 8


def test_samples_of_given_data_are_repeated_in_other_futures():
    design = make_design("pawn", choose(["gangs.s*"]), samples=200, seed=0)
    assert design.repeats == 32
    assert design.rows == 200
    np.testing.assert_array_equal(design.unit[200:], design.unit[:32])
    assert not set(design.futures[200:]) & set(design.futures[:200])


def test_a_switch_turns_a_mechanism_off_and_a_strength_weakens_a_measure(sandbox):
    policy = load_policy("all_four")
    factors = choose(["mechanisms.fear", "measures.P-E1"], policy)
    design = make_design("sobol", factors, samples=8, seed=0)
    asked = jobs(design, shared(sandbox, load_policy("baseline"), policy))
    off = design.values[:, [each.name for each in design.factors].index("mechanisms.fear")] < 0.5
    strength = design.values[:, [each.name for each in design.factors].index("measures.P-E1")]
    assert 0 < off.sum() < len(off)
    for row, job in enumerate(asked):
        assert job.without == (("fear",) if off[row] else ())
        levels = {use.measure: use.level for use in job.policies[1].measures}
        assert levels.pop("P-E1") == pytest.approx(strength[row])
        assert set(levels.values()) == {1.0}


def test_nothing_is_fixed_and_varied_at_once(sandbox, idle):
    design = make_design("sobol", choose(["gangs.adjacent_member_weight", "mechanisms.fear"]), samples=8, seed=0)
    with pytest.raises(InputError, match=r"gangs\.adjacent_member_weight is varied and given a value"):
        jobs(design, shared(sandbox, idle, parameters={"gangs.adjacent_member_weight": 0.5}))
    with pytest.raises(InputError, match=r"mechanisms\.fear is varied"):
        jobs(design, shared(sandbox, idle, without=("fear",)))


def test_what_a_method_cannot_do_is_refused():
    with pytest.raises(InputError, match="pairs are told by sobol only"):
        make_design("morris", choose(["gangs.*"]), samples=4, second_order=True)
    with pytest.raises(InputError, match="given twice"):
        make_design("sobol", [factor(), factor()], samples=8)
    with pytest.raises(InputError, match="nothing to vary"):
        make_design("sobol", [], samples=8)


@pytest.mark.parametrize("second_order", [False, True])
@pytest.mark.parametrize("grouping", [None, "process"])
def test_rows_that_are_made_when_asked_for_are_those_that_are_drawn(grouping, second_order):
    factors = choose(["gangs.adjacent_member_weight", "gangs.split_chance", "homicide.discipline_ratio"])
    design = make_design("sobol", factors, samples=32, seed=5, second_order=second_order, grouping=grouping)
    problem = {
        key: [value for value, name in zip(values, design.problem["names"], strict=True) if name != SEED]
        for key, values in design.problem.items()
    }
    drawn = draw("sobol", problem, 32, seed=5, second_order=second_order).reshape(32, 1, -1, 4)
    kept = [place for place, each in enumerate(design.factors) if each.name != SEED]
    whole = np.asarray(design.unit)
    written_out = whole[:, kept].reshape(32, 2, -1, 4)
    np.testing.assert_array_equal(written_out, np.broadcast_to(drawn, written_out.shape))
    for rows in (slice(3, 40, 7), np.array([5, 1, 5]), slice(-4, None)):
        np.testing.assert_array_equal(design.unit[rows], whole[rows])
    assert len(np.unique(design.futures)) == 64


def test_a_large_design_is_kept_in_little_memory():
    tracemalloc.start()
    design = make_design("sobol", choose(["gangs.*"]), samples=64, seed=1)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held / len(design.unit) < 64


def test_a_morris_design_is_kept_exactly():
    factors = choose(["gangs.adjacent_member_weight", "gangs.split_chance"])
    design = make_design("morris", factors, samples=4, seed=2)
    problem = {key: list(values) for key, values in design.problem.items()}
    np.testing.assert_array_equal(np.asarray(design.unit), draw("morris", problem, 4, seed=2))
    np.testing.assert_array_equal(design.unit[3:5], np.asarray(design.unit)[3:5])
