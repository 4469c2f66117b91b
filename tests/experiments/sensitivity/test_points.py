"""A table of points of one's own is run point by point, and ranges of one's own are kept to."""

import numpy as np
import pandas as pd
import pytest

import citysafety as cs
from experiments.commands import options
from experiments.commands.cli import run_command
from experiments.execution.runner import Job
from experiments.sensitivity import points as studies
from experiments.sensitivity.city_facts import fact_names, fact_of, with_facts
from experiments.sensitivity.designs import jobs, make_design
from experiments.sensitivity.factors import choose
from experiments.tradeoffs.uncertainty import draw_parameters, with_ranges
from sim.errors import InputError

PARAMETER = "gangs.adjacent_member_weight"
SMALL = {"months": 12, "replications": 2, "scale": 0.02}


@pytest.fixture(scope="module")
def enforcement():
    return cs.load_policy("enforcement")


def chosen(ranges, sandbox, policy, globs=()):
    return {each.name: each for each in choose(globs, policy, ranges=ranges, city=sandbox)}


def test_a_range_of_ones_own_varies_what_it_names(sandbox, enforcement):
    place = sandbox.neighbourhoods[0].name
    ranges = {
        PARAMETER: (0.2, 0.3),
        "measures.P-E1": (0.5, 1.0),
        "start.P-E1": (3.0, 6.0),
        "target.P-E1": (0.2, 0.4),
        "city.levels.fear": (0.3, 0.4),
        f"neighbourhood[{place}].poverty": (0.1, 0.2),
    }
    found = chosen(ranges, sandbox, enforcement, ["mechanisms.fear"])
    assert set(found) == {*ranges, "mechanisms.fear"}
    assert (found[PARAMETER].low, found[PARAMETER].high) == (0.2, 0.3)
    assert found["start.P-E1"].levels == (3.0, 4.0, 5.0, 6.0)
    design = make_design("morris", tuple(found.values()), samples=6, seed=3)
    shared = Job(city=sandbox, policies=(cs.load_policy("baseline"), enforcement), seed=0, months=12, scale=0.02)
    for job, row in zip(jobs(design, shared), design.values, strict=True):
        values = dict(zip(found, row, strict=False))
        (use,) = [each for each in job.policies[1].measures if each.measure == "P-E1"]
        before = next(each for each in enforcement.measures if each.measure == "P-E1")
        assert use.level == pytest.approx(before.level * values["measures.P-E1"])
        assert use.start == values["start.P-E1"]
        assert use.where.worst_share == pytest.approx(values["target.P-E1"])
        assert job.city.levels.fear == pytest.approx(values["city.levels.fear"])
        assert job.city.neighbourhoods[0].poverty == pytest.approx(values[f"neighbourhood[{place}].poverty"])
        assert job.parameters == {PARAMETER: values[PARAMETER]}
        assert 0.2 <= values[PARAMETER] <= 0.3


@pytest.mark.parametrize(
    ("name", "ends", "says"),
    [
        (PARAMETER, (0.3, 0.2), "the first number must be below the second"),
        (PARAMETER, (0.2, 99.0), "may be from .* give a range within that"),
        ("gangs.reach", (0.1, 0.2), "it is called gangs.adjacent_member_weight since"),
        ("mechanisms.fear", (0.0, 1.0), "is off or on and has no range"),
        ("start.P-E1", (1.5, 3.0), "it is a month; give whole numbers"),
        ("start.P-E1", (0.0, 3.0), "it is a month; give whole numbers"),
        ("start.P-S1", (1.0, 3.0), "P-S1 is no measure that a policy uses; they use P-E1"),
        ("target.P-E1", (0.0, 0.5), "it is a share of neighbourhoods"),
        ("city.levels.feer", (0.1, 0.2), r"is no number of sandbox; did you mean city\.levels\.fear"),
        ("city.title", (0.1, 0.2), "city.title is no number of sandbox"),
        ("city.levels.fear", (0.1, 1.2), "fear is 1.2; it"),
        ("neighbourhood[Nowhere].poverty", (0.1, 0.2), "Nowhere is no neighbourhood of sandbox"),
    ],
)
def test_a_range_that_cannot_be_is_one_line(sandbox, enforcement, name, ends, says):
    with pytest.raises(InputError, match=says) as error:
        chosen({name: ends}, sandbox, enforcement)
    assert str(error.value).startswith(f"--range {name}=")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["x", "x=1", "x=1..", "=1..2", "x=one..2", "x=1..inf"])
def test_a_range_is_a_name_and_two_numbers(text):
    with pytest.raises(InputError, match="is no range; write a name and two numbers"):
        options.read_ranges([text])


def test_ranges_are_read_by_name_and_once():
    assert options.read_ranges([f"{PARAMETER}=.1..2e-1", "start.P-E1=1..24"]) == {
        PARAMETER: (0.1, 0.2),
        "start.P-E1": (1, 24),
    }
    with pytest.raises(InputError, match="given twice"):
        options.read_ranges(["x=1..2", "x=2..3"])


def test_draws_keep_to_ranges_of_ones_own():
    draws = draw_parameters(with_ranges(["gangs.*"], {PARAMETER: (0.2, 0.21)}), 16, 1)
    place = draws.names.index(PARAMETER)
    assert len(draws.names) > 1
    column = draws.factors[place].values(draws.units[:, place])
    assert ((column >= 0.2) & (column <= 0.21)).all()
    with pytest.raises(InputError, match="only parameters are drawn"):
        draw_parameters(with_ranges(["mechanisms.fear"], {}), 16, 1)


def test_every_fact_of_a_city_can_be_said_and_nothing_else_moves(sandbox):
    names = fact_names(sandbox)
    assert {"city.youth_share", "city.police.follows", "city.flows.drugs", "city.levels.fear"} <= set(names)
    assert len(names) == len(set(names))
    same = with_facts(sandbox, {name: fact_of(sandbox, name) for name in names})
    assert same.model_dump() == sandbox.model_dump()
    changed = with_facts(
        sandbox, {"city.police.follows": 0.25, f"neighbourhood[{sandbox.neighbourhoods[2].name}].population": 9.6}
    )
    assert (changed.police.follows, changed.neighbourhoods[2].population) == (0.25, 10)


TABLE = f"{PARAMETER},measures.P-E1,start.P-E1,city.levels.fear,mechanisms.fear\n0.2,0.5,1,0.3,1\n0.4,1,6,0.5,0\n"


def test_every_point_meets_the_same_futures_and_has_a_row_for_each_run(core, enforcement, tmp_path):
    path = tmp_path / "points.csv"
    path.write_text(TABLE, "utf-8")
    own = {"last": lambda result: result.city_monthly[-1, 0]}
    found = cs.sweep("sandbox", [enforcement], path, outcomes=["fear"], outputs=own, **SMALL)
    assert list(found.columns) == ["point", "future", "seed", "policy", *TABLE.splitlines()[0].split(","), "fear", "last"]
    assert list(found["point"]) == [1, 1, 1, 1, 2, 2, 2, 2]
    assert list(found["policy"]) == ["baseline", "enforcement"] * 4
    assert list(found["seed"][:4]) == list(found["seed"][4:])
    assert list(found[PARAMETER]) == [0.2] * 4 + [0.4] * 4
    assert core.switched_off == [(), (), ("fear",), ("fear",)]
    same = cs.sweep("sandbox", [enforcement], pd.read_csv(path).to_dict("list"), outcomes=["fear"], **SMALL)
    pd.testing.assert_frame_equal(same, found.drop(columns="last"))


def test_a_plan_of_points_changes_what_the_columns_say(enforcement):
    columns = {PARAMETER: [0.2, 0.3], "start.P-E1": [2, 5], "target.P-E1": [0.5, 1.0], "city.levels.fear": [0.3, 0.4]}
    planned = studies.plan("sandbox", [enforcement], columns, **SMALL)
    assert [job.parameters[PARAMETER] for job in planned.jobs] == [0.2, 0.2, 0.3, 0.3]
    assert [job.city.levels.fear for job in planned.jobs] == [0.3, 0.3, 0.4, 0.4]
    uses = [next(use for use in job.policies[1].measures if use.measure == "P-E1") for job in planned.jobs]
    assert [(use.start, use.where.worst_share) for use in uses] == [(2, 0.5), (2, 0.5), (5, 1.0), (5, 1.0)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty; its first line names columns"),
        (f"{PARAMETER}\n", "holds no point"),
        (f"{PARAMETER}\n0.2,3\n", "line 2 has 2 cells, and there are 1 columns"),
        (f"{PARAMETER}\n0.2\nhigh\n", f"line 3: {PARAMETER} is 'high'; it must be a finite number"),
        (f"{PARAMETER}\n0.2\n99\n", f"point 2: {PARAMETER} is 99; it may be from"),
        (f"{PARAMETER},{PARAMETER}\n0.2,0.2\n", f"column {PARAMETER} stands twice"),
        ("gangs.nothing\n1\n", "column gangs.nothing: nothing of that name can be varied"),
        ("measures.P-S1\n1\n", "column measures.P-S1: "),
        ("measures.P-E1\n1.5\n", "point 1: measures.P-E1 is 1.5; it may be from 0 to 1"),
        ("mechanisms.fear\n0.5\n", "point 1: mechanisms.fear is 0.5; it must be a whole number from 0 to 1"),
        ("start.P-E1\n2.5\n", "point 1: start.P-E1 is 2.5; it must be a whole number"),
        ("target.P-E1\n0\n", "point 1: target.P-E1 is 0; it may be from"),
        ("city.levels.fear\n2\n", "point 1: sandbox with city.levels.fear=2: .*fear is 2"),
    ],
)
def test_a_table_that_cannot_be_run_is_one_line(enforcement, tmp_path, text, says, core, capsys):
    path = tmp_path / "points.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=says) as error:
        cs.sweep("sandbox", [enforcement], path, **SMALL)
    assert str(error.value).startswith(str(path))
    code = run_command(["sweep", "sandbox", "--policy", "enforcement", "--points", str(path), "--quiet"])
    assert (code, len(capsys.readouterr().err.splitlines())) == (2, 1)
    assert core.ran == []


def test_the_command_writes_one_row_for_each_run(core, tmp_path, capsys):
    path, out = tmp_path / "points.csv", tmp_path / "out"
    path.write_text(TABLE, "utf-8")
    asked = ["sweep", "sandbox", "--policy", "enforcement", "--points", str(path), "--months", "12", "--replications", "2"]
    assert run_command([*asked, "--window", "3-9", "--out", str(out)]) == 0
    assert "8 runs: 2 points, 2 futures" in capsys.readouterr().out
    table = pd.read_csv(out / "runs.csv")
    found = cs.sweep("sandbox", ["enforcement"], path, window=(3, 9), months=12, replications=2)
    assert list(table.columns) == list(found.columns)
    np.testing.assert_allclose(table["homicide_rate"], found["homicide_rate"], rtol=1e-6)
    again = tmp_path / "again"
    assert run_command(["sweep", str(out / "scenario.yaml"), "--points", str(path), "--quiet", "--out", str(again)]) == 0
    assert (again / "runs.csv").read_bytes() == (out / "runs.csv").read_bytes()
