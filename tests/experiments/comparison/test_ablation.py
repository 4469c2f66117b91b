"""What a response owes to a mechanism: judged on made-up futures in which the answer is known, and on real ones."""

import json
import math
import subprocess
import sys

import pytest

from experiments.comparison.ablation import ablate
from experiments.comparison.compare import compare
from experiments.execution.execution import Execution
from experiments.execution.runner import Cancelled, FailedJobsError
from sim.errors import InputError
from sim.mechanisms import MECHANISMS
from sim.scenario import load_policy


def row(table, mechanism, outcome="homicide_rate"):
    return table[(table["mechanism"] == mechanism) & (table["outcome"] == outcome)].iloc[0]


@pytest.fixture
def table(core, sandbox, calm):
    """The made-up policy `calm` halves homicide through fear, and through nothing else."""
    return ablate(
        sandbox, calm, execution=Execution(executor="in-process"), mechanisms=["fear", "rents"], months=24, replications=12
    )


def test_all_that_a_mechanism_carries_is_owed_to_it(table):
    found = row(table, "fear")
    assert found["response"] < 0
    assert found["response_without"] == 0
    assert found["owed"] == pytest.approx(found["response"])
    assert found["share"] == pytest.approx(1)
    assert found["low"] < found["owed"] < found["high"] < 0
    assert found["clear"]


def test_nothing_is_owed_to_a_mechanism_that_does_nothing(table):
    found = row(table, "rents")
    assert found["response_without"] == found["response"] < 0
    assert found["owed"] == 0
    assert not found["clear"]
    assert found["level"] == found["level_without"]


def test_there_is_a_row_for_each_mechanism_and_outcome(core, sandbox, calm):
    outcomes = ["recruits", "homicide_rate"]
    table = ablate(sandbox, calm, execution=Execution(executor="in-process"), outcomes=outcomes, months=12, replications=2)
    assert list(table["mechanism"]) == [each.name for each in MECHANISMS for _ in outcomes]
    assert list(table["outcome"]) == outcomes * len(MECHANISMS)
    assert row(table, "rents", "recruits")["drives"]
    assert not row(table, "rents")["drives"]


def test_every_round_has_the_same_futures_and_switches_off_one_mechanism(core, sandbox, calm, table):
    assert core.switched_off == [()] * 12 + [("fear",)] * 12 + [("rents",)] * 12
    assert core.ran[:12] == core.ran[12:24] == core.ran[24:]


def test_a_single_future_has_no_interval(core, sandbox, calm):
    table = ablate(sandbox, calm, execution=Execution(executor="in-process"), mechanisms=["fear"], months=12, replications=1)
    assert math.isnan(table["low"].iloc[0])
    assert not table["clear"].any()


def test_progress_runs_through_all_rounds_and_can_stop_them(core, sandbox, calm):
    shares = []
    options = {"mechanisms": ["fear", "rents"], "months": 24, "replications": 3}
    ablate(
        sandbox, calm, execution=Execution(executor="in-process", progress=lambda share: not shares.append(share)), **options
    )
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)
    with pytest.raises(Cancelled):
        ablate(sandbox, calm, execution=Execution(executor="in-process", progress=lambda share: share < 0.5), **options)


@pytest.mark.parametrize(
    ("asked", "told"),
    [({"mechanisms": ["rent"]}, "did you mean rents"), ({"outcomes": ["homicides_rate"]}, "did you mean homicide_rate")],
)
def test_unknown_names_are_answered_with_known_ones(core, sandbox, calm, asked, told):
    with pytest.raises(InputError, match=told):
        ablate(sandbox, calm, months=12, replications=2, **asked)
    assert core.ran == []


def test_a_failed_future_stops_it(core, sandbox, calm):
    first = ablate(sandbox, calm, mechanisms=[], months=12, replications=1)
    assert first.empty
    core.failing_seeds = {core.ran[0]: ZeroDivisionError("nobody lives here")}
    with pytest.raises(FailedJobsError, match="nobody lives here"):
        ablate(sandbox, calm, mechanisms=["fear"], months=12, replications=1)


# The command ----------------------------------------------------------------------------------------------------------

SMALL = ["--months", "12", "--replications", "12"]


@pytest.fixture
def calm_file(tmp_path):
    path = tmp_path / "calm.yaml"
    path.write_text("name: calm\ntitle: Calm\nabout: Halves homicide.\nmeasures: []\n", "utf-8")
    return path


def test_the_command_tells_most_first_and_how_sure(core, ask, calm_file):
    code, out, err = ask(
        "ablate", "sandbox", "--policy", calm_file, *SMALL, "--mechanism", "rents", "--mechanism", "fear",
        "--outcome", "homicide_rate",
    )  # fmt: skip
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert "calm compared with no policy" in lines[0]
    assert lines[1].startswith("Homicide rate:")
    assert lines[2].split("  ")[1] == "switched off"
    assert [line.split()[0] for line in lines[3:5]] == ["fear", "rents"]
    assert lines[3].endswith("  clear")
    assert lines[4].endswith("small, less than matters")
    assert "no forecast" in lines[-1]


def test_json_is_one_object_by_mechanism_and_outcome(core, ask, calm_file):
    code, out, _ = ask("ablate", "sandbox", "--policy", calm_file, "--replications", "1", "--mechanism", "fear", "--json")
    found = json.loads(out)
    assert code == 0
    assert list(found) == ["city", "policy", "months", "replications", "seed", "mechanisms"]
    assert list(found["mechanisms"]) == ["fear"]
    about = found["mechanisms"]["fear"]["homicide_rate"]
    assert set(about) >= {"level", "response", "response_without", "owed", "low", "high", "share", "clear", "verdict"}
    assert about["low"] is None


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ablate", "sandbox"], "ablate takes exactly one"),
        (["ablate", "sandbox", "--policy", "truce", "--policy", "all_four"], "ablate takes exactly one"),
        (["ablate", "sandbox", "--policy", "truce", "--mechanism", "rent"], "did you mean rents"),
        (["ablate", "sandbox", "--policy", "truce", "--outcome", "nothing"], "outcome nothing is unknown"),
    ],
)
def test_what_cannot_be_asked_gets_one_line_and_code_2(core, ask, arguments, told):
    code, out, err = ask(*arguments)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert told in err
    assert core.ran == []


def test_ctrl_c_ends_with_130_and_one_line(core, ask, calm_file, monkeypatch):
    def interrupt(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("experiments.comparison.ablation.run_means", interrupt)
    code, out, err = ask("ablate", "sandbox", "--policy", calm_file, *SMALL)
    assert (code, out) == (130, "")
    assert err.splitlines() == ["citysafety: stopped; nothing was written"]


def test_help_loads_nothing_heavy():
    code = "import sys; from experiments.commands.cli import run_command; run_command(['ablate', '--help'])"
    heavy = "print(sorted({'mesa', 'numba', 'pandas', 'numpy', 'matplotlib'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", f"{code}; {heavy}"], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "[]"


# On the real core -----------------------------------------------------------------------------------------------------


def test_it_agrees_with_two_comparisons(sandbox):
    policy = load_policy("mass_arrest")
    options = {"months": 12, "replications": 3, "scale": 0.1, "execution": Execution(executor="in-process")}
    table = ablate(sandbox, policy, mechanisms=["antagonism"], outcomes=["police_legitimacy"], **options)
    found = row(table, "antagonism", "police_legitimacy")
    for name, without in (("response", ()), ("response_without", ("antagonism",))):
        compared = compare(sandbox, [policy], without=without, **options)
        assert found[name] == pytest.approx(compared.difference("mass_arrest", "police_legitimacy").mean, rel=1e-9)
    assert found["response"] < found["response_without"] < 0.001


def test_a_mechanism_off_changes_a_real_run(ask):
    arguments = ["run", "sandbox", "--months", "12", "--replications", "2", "--scale", "0.1", "--json"]
    plain = json.loads(ask(*arguments)[1])["outcomes"]
    changed = json.loads(ask(*arguments, "--without", "peers")[1])["outcomes"]
    assert plain["recruits"] != changed["recruits"]
