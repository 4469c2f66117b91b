"""The option --pillars: one policy more for every command that takes policies, and the same runs as the policies written."""

import json

import pytest
import yaml

from sim.enumerations import PILLARS
from sim.measures import find_measure
from sim.scenario import load_policy

SMALL = ("--months", "12", "--replications", "2", "--seed", "3")
HALF = "regulation=0.5,engagement"


def bytes_of(folder):
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}
    return {name: content for name, content in found.items() if name.endswith((".csv", ".parquet", ".yaml"))}


def test_a_pillar_in_full_is_run_as_its_policy_is_to_the_byte(ask, tmp_path):
    small = (*SMALL, "--scale", "0.02", "--quiet")
    first = ask("run", "sandbox", "--policy", "regulation", *small, "--out", tmp_path / "policy")
    second = ask("run", "sandbox", "--pillars", "regulation", *small, "--out", tmp_path / "pillars")
    assert first == second
    assert first[0] == 0
    assert bytes_of(tmp_path / "policy") == bytes_of(tmp_path / "pillars")


def test_a_scenario_file_written_runs_again_as_the_same_runs(ask, tmp_path, monkeypatch):
    small = (*SMALL, "--scale", "0.02", "--quiet", "--store", tmp_path / "store")
    code, text, _ = ask("run", "sandbox", "--pillars", HALF, *small, "--out", tmp_path / "out")
    assert code == 0
    assert "Regulation at half level with engagement in full" in text

    def refuse(*_, **__):
        raise AssertionError("a run that the store holds was run again")

    monkeypatch.setattr("sim.run.run_arms", refuse)
    file = tmp_path / "out" / "scenario.yaml"
    again = ask("run", file, "--store", tmp_path / "store", "--quiet")
    assert again == (0, text, "")
    # And so does a policy file with what the scenario file holds.
    (policy,) = yaml.safe_load(file.read_text("utf-8"))["policies"]
    (tmp_path / "plan.yaml").write_text(yaml.safe_dump({"schema": 2} | policy), "utf-8")
    assert ask("run", "sandbox", "--policy", tmp_path / "plan.yaml", *small) == (0, text, "")


def test_compare_takes_them_beside_policies(core, ask):
    code, found, _ = ask(
        "compare", "sandbox", "--pillars", HALF, "--policy", "truce", "--pillars", "all=0.5", *SMALL, "--json"
    )
    assert code == 0
    named = ["truce", "regulation_0_5_engagement", "all_four_0_5"]
    assert list(json.loads(found)["outcomes"]["homicide_rate"]["policies"]) == named


def test_they_come_before_the_policies_of_a_scenario_file(core, ask, tmp_path):
    ask("ablate", "sandbox", "--policy", "truce", "--mechanism", "fear", *SMALL, "--quiet", "--out", tmp_path / "out")
    file = tmp_path / "out" / "scenario.yaml"
    assert json.loads(ask("ablate", file, "--json")[1])["policy"] == "truce"
    assert json.loads(ask("ablate", file, "--pillars", "all=0.5", "--json")[1])["policy"] == "all_four_0_5"


def test_other_levels_of_measures_act_on_them_too(core, ask):
    made, levels = core.result, []
    core.result = lambda city, policy, *more: (
        levels.append({use.measure: use.level for use in policy.measures}) or made(city, policy, *more)
    )
    assert ask("run", "sandbox", "--pillars", HALF, "--level", "P-R3=0.2", *SMALL, "--quiet")[0] == 0
    assert levels[0] == {"P-R3": 0.2, "P-R7": 0.5, "P-R8": 0.5, "P-G1": 1.0, "P-G2": 1.0}


@pytest.mark.parametrize("study", ["sensitivity", "sweep", "factorial", "tradeoffs"])
def test_a_dry_run_plans_them(ask, tmp_path, study):
    points = tmp_path / "points.csv"
    points.write_text("gangs.adjacent_member_weight\n0.3\n", "utf-8")
    more = {
        "sensitivity": ("--method", "morris", "--samples", "2", "--parameters", "gangs.adjacent_member_weight"),
        "sweep": ("--points", points, "--pillars", "all=0.5", "--replications", "2"),
        "factorial": ("--pillars", "resilience=0.5", "--replications", "2"),
        "tradeoffs": ("--pillars", "resilience=0.5", "--replications", "2"),
    }
    given = ("--pillars", HALF, *more[study], "--months", "12", "--store", tmp_path / "store", "--dry-run", "--json")
    code, out, err = ask(study, "sandbox", *given)
    assert (code, err) == (0, "")
    runs = {"sensitivity": 2 * 2 * 3, "sweep": 2 * 3, "factorial": 2 * 4, "tradeoffs": 2 * 4}
    assert json.loads(out)["runs"] == runs[study]


def test_a_factorial_of_one_pillar_policy_and_a_measure_holds_only_these(core, ask):
    code, found, _ = ask("factorial", "sandbox", "--factor", "P-S4", "--pillars", HALF, *SMALL, "--json")
    assert code == 0
    assert json.loads(found)["factors"] == ["jobs-with-training", "regulation_0_5_engagement"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("run", "--pillars", "regulatoin"), "--pillars 'regulatoin': 'regulatoin' is no pillar; did you mean regulation?"),
        (("run", "--pillars", "regulation=2"), "the level of regulation is '2'; give a number above 0 and up to 1"),
        (("run", "--pillars", ""), "--pillars is empty; name pillars"),
        (("compare", "--pillars", "all,regulation"), "regulation is named twice, since all stands for the four of them"),
        (("run", "--pillars", HALF, "--policy", "truce"), "--policy and --pillars are given 2 times; run takes one"),
        (("run", "--pillars", HALF, "--pillars", "all"), "--pillars is given 2 times; run takes one"),
        (("ablate", "--pillars", HALF, "--policy", "truce"), "are given 2 times; ablate takes exactly one"),
        (("sensitivity", "--pillars", HALF, "--pillars", "all"), "--pillars is given 2 times; sensitivity takes one"),
        (("compare",), "--policy is missing; name at least one policy, or --pillars"),
        (("compare", "--pillars", "truce", "--policy", "truce"), "'truce' is no pillar"),
        (("factorial", "--pillars", "engagment", "--factor", "P-S4"), "did you mean engagement or enforcement?"),
    ],
)
def test_what_cannot_be_used_is_one_line(core, ask, arguments, says):
    command, *rest = arguments
    code, out, err = ask(command, "sandbox", *rest)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert says in err
    assert core.ran == []


@pytest.mark.parametrize("name", PILLARS)
def test_show_tells_what_a_pillar_policy_leaves_out_and_why(ask, name):
    code, text, _ = ask("show", name)
    assert code == 0
    told = " ".join(text.partition("What it leaves out, and why")[2].split())
    for row, reason in load_policy(name).leaves_out.items():
        assert f"{row} {find_measure(row).title}: {reason}" in told


def test_a_policy_that_says_nothing_of_it_has_no_such_part(ask):
    assert "What it leaves out" not in ask("show", "all_four")[1]


def test_a_list_of_policies_holds_it_for_programs(ask):
    found = {each["name"]: each for each in json.loads(ask("list", "policies", "--json")[1])}
    assert found["regulation"]["leaves_out"] == load_policy("regulation").leaves_out
    assert found["truce"]["leaves_out"] == {}
