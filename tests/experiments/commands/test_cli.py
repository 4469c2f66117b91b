"""The command: its forms, how light it is on its feet, how it is stopped and what can be looked at."""

import json
import signal
import subprocess
import sys
import time

import pytest
from starting import run_python

from experiments.commands.progress import progress_bar
from experiments.execution.runner import replication_seed
from sim.parameters import PARAMETERS

HEAVY = {"mesa", "numba", "pandas", "matplotlib", "SALib"}
SMALL = ["--months", "12", "--replications", "10"]


# Light on its feet ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["compare", "--help"], ["run", "x", "--months", "-1"]])
def test_nothing_heavy_is_loaded_before_a_command_runs(arguments):
    code = f"import sys; from experiments.commands.cli import run_command; run_command({arguments})"
    done = run_python("-c", f"{code}; print(sorted({HEAVY | {'numpy', 'rich', 'scipy'}} & set(sys.modules)))")
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_takes_a_quarter_of_a_second_of_cpu():
    """On a machine on which importing typer alone takes more than a third of that, three times as long as that import."""
    commands = "from experiments.commands.cli import run_command; run_command(['--help'])"

    def least(code):
        code = f"import time, sys; {code}; print(time.process_time(), file=sys.stderr)"
        return min(float(run_python("-c", code).stderr) for _ in range(5))

    assert least(commands) <= max(0.25, 3 * least("import typer"))


def test_help_names_every_command(ask):
    code, out, err = ask("--help")
    assert (code, err) == (0, "")
    for name in ("list", "show", "run", "compare", "new-city", "report", "doctor"):
        assert f"\n  {name} " in out
    assert ask()[1] == out


def test_the_version_is_shown(ask):
    code, out, err = ask("--version")
    assert (code, err) == (0, "")
    assert out.startswith("citysafety 0.")


# Running and comparing ------------------------------------------------------------------------------------------------


def test_compare_prints_the_difference(core, ask, calm_file):
    code, out, err = ask("compare", "sandbox", "--policy", calm_file, *SMALL)
    assert code == 0
    assert err.count("\n") == err.count("citysafety: note: ")
    assert "12 months, 10 paired futures: Calm compared with no policy" in out
    assert "lower in 10 of 10" in out


def test_compare_json_is_one_object_and_nothing_else(core, ask, calm_file):
    code, out, err = ask("compare", "sandbox", "--policy", calm_file, *SMALL, "--seed", "3", "--scale", "0.25", "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert {name: found[name] for name in ("city", "months", "replications", "seed", "scale")} == {
        "city": "sandbox",
        "months": 12,
        "replications": 10,
        "seed": 3,
        "scale": 0.25,
    }
    assert found["outcomes"]["homicide_rate"]["policies"]["calm"]["difference"]["clear"] is True
    assert "neighbourhoods" not in found


def test_compare_by_neighbourhood(core, ask, calm_file, sandbox):
    arguments = ["compare", "sandbox", "--policy", calm_file, *SMALL, "--by", "neighbourhood"]
    assert sandbox.neighbourhoods[3].name in ask(*arguments)[1]
    found = json.loads(ask(*arguments, "--json")[1])
    assert sandbox.neighbourhoods[3].name in found["neighbourhoods"]["homicide_rate"]


def test_compare_against_another_policy(core, ask, calm_file):
    code, out, _ = ask("compare", "sandbox", "--policy", "baseline", "--against", calm_file, *SMALL)
    assert code == 0
    assert "higher in 10 of 10" in out


def test_run_prints_levels(core, ask, calm_file):
    code, out, err = ask("run", "sandbox", "--policy", calm_file, *SMALL)
    assert (code, err) == (0, "")
    assert "The sandbox, 12 months, 10 futures: Calm" in out
    found = json.loads(ask("run", "sandbox", *SMALL, "--json")[1])
    assert found["policy"] == "baseline"
    assert list(found["outcomes"]["homicide_rate"]) == ["unit", "better", "mean", "low", "high"]


def test_mechanisms_are_switched_off_in_all_arms_and_the_answer_says_so(core, ask, calm_file, tmp_path, report):
    off = ["--without", "fear", "--without", "rents"]
    code, out, _ = ask("compare", "sandbox", "--policy", calm_file, *SMALL, *off, "--out", tmp_path / "out")
    assert code == 0
    assert set(core.switched_off) == {("fear", "rents")}
    assert "Switched off, in all arms: fear, rents." in out
    assert "no difference in any future" in out
    assert json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))["without"] == ["fear", "rents"]
    _, out, _ = ask("run", "sandbox", *SMALL, "--without", "rents", "--json")
    assert json.loads(out)["without"] == ["rents"]
    _, out, _ = ask("run", "sandbox", *SMALL)
    assert "Switched off" not in out


def test_workers_and_executor_change_no_byte(core, ask, calm_file):
    arguments = ["compare", "sandbox", "--policy", calm_file, *SMALL, "--json"]
    ways = [["--workers", "1"], ["--workers", "3"], ["--executor", "in-process"]]
    assert len({ask(*arguments, *way)[1] for way in ways}) == 1


def test_out_holds_results_and_report_and_its_path_comes_last(core, ask, calm_file, tmp_path, report):
    out = tmp_path / "new" / "out"
    code, text, _ = ask("compare", "sandbox", "--policy", calm_file, *SMALL, "--out", out)
    assert code == 0
    assert text.splitlines()[-1] == str(out / "report.html")
    assert {"scenario.yaml", "manifest.json", "city_monthly.parquet", "report.html", "figures"} <= {
        p.name for p in out.iterdir()
    }
    manifest = json.loads((out / "manifest.json").read_bytes())
    assert manifest["command"][:3] == ["citysafety", "compare", "sandbox"]
    assert manifest["scale_chosen"] == "auto"


def test_the_report_is_rebuilt_from_what_is_stored(core, ask, calm_file, tmp_path, report):
    out = tmp_path / "out"
    ask("compare", "sandbox", "--policy", calm_file, *SMALL, "--out", out, "--json")
    (out / "report.html").unlink()
    (out / "figures" / "lines.svg").unlink()
    (out / "figures").rmdir()
    ran = len(core.ran)
    code, text, _ = ask("report", out)
    assert (code, text) == (0, f"{out / 'report.html'}\n")
    assert (out / "report.html").exists()
    assert len(core.ran) == ran, "nothing is simulated again"


def test_a_plain_run_has_a_report_and_figures_too(core, ask, tmp_path, few_figures):
    out = tmp_path / "out"
    code, text, _ = ask("run", "sandbox", *SMALL, "--out", out)
    assert (code, text.splitlines()[-1]) == (0, str(out / "report.html"))
    page = (out / "report.html").read_text("utf-8")
    assert "Where would the sandbox stand without a new policy?" in page
    assert len(list((out / "figures").glob("*.png"))) > 3
    (out / "report.html").unlink()
    assert ask("report", out)[0] == 0
    assert (out / "report.html").read_text("utf-8") == page


def test_a_failed_future_is_one_line_and_leaves_nothing(core, ask, calm_file, tmp_path):
    core.failing_seeds = {replication_seed(1, 1): ZeroDivisionError("nobody lives here")}
    code, out, err = ask("compare", "sandbox", "--policy", calm_file, *SMALL, "--out", tmp_path / "out")
    assert (code, out) == (1, "")
    assert len(err.splitlines()) == 1
    assert str(replication_seed(1, 1)) in err
    assert "nobody lives here" in err
    assert not (tmp_path / "out").exists()


def test_a_fault_of_the_program_is_not_hidden(core, ask, monkeypatch):
    monkeypatch.setattr("experiments.comparison.text.levels_text", lambda comparison: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ask("run", "sandbox", *SMALL)


def test_the_bar_is_shown_on_a_terminal_only(capsys, monkeypatch):
    with progress_bar(4, wanted=True) as progress:
        assert progress is None
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress_bar(4, wanted=False) as progress:
        assert progress is None
    with progress_bar(4, wanted=True) as progress:
        assert all(progress(share) for share in (0.0, 0.5, 1.0))
    said = capsys.readouterr()
    assert said.out == ""
    assert "4 of 4 futures" in said.err


# Stopping -------------------------------------------------------------------------------------------------------------


def test_ctrl_c_ends_with_130_and_one_line(core, ask, calm_file, tmp_path, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("experiments.execution.runner.drive", interrupt)
    code, out, err = ask("compare", "sandbox", "--policy", calm_file, *SMALL, "--out", tmp_path / "out")
    assert (code, out) == (130, "")
    assert err == "citysafety: stopped; nothing was written\n"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("arguments", [["--version"], ["list", "outcomes"], ["list", "parameters", "--json"]])
def test_a_reader_who_leaves_early_hears_no_complaint(arguments):
    work = subprocess.Popen(
        [sys.executable, "-m", "experiments.commands.cli", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    work.stdout.close()
    with work.stderr:
        assert work.stderr.read() == b""
    assert work.wait() == 141


# Looking around -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["cities", "policies", "measures", "outcomes", "parameters"])
def test_what_there_is_can_be_listed_and_each_thing_shown(ask, kind):
    code, out, err = ask("list", kind)
    assert (code, err) == (0, "")
    rows = json.loads(ask("list", kind, "--json")[1])
    assert len(rows) == len(out.splitlines())
    for row in rows:
        code, shown, err = ask("show", row["name"])
        assert (code, err) == (0, "")
        assert row.get("title", row["name"]).split(",")[0] in shown


def test_the_month_can_be_shown(ask):
    from sim.month import STEPS

    code, out, _ = ask("show", "month")
    assert code == 0
    places = [out.index(name) for name, _ in STEPS]
    assert places == sorted(places)


def test_a_measure_is_found_by_its_row(ask):
    code, out, _ = ask("show", "P-R3")
    assert code == 0
    assert "P-R3" in out


def test_a_file_can_be_shown(ask, calm_file):
    code, out, _ = ask("show", calm_file)
    assert code == 0
    assert out.startswith("Calm (calm)")


def test_a_new_city_runs_as_it_is(core, ask, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = ask("new-city", "new_town")
    assert (code, err) == (0, "")
    assert "citysafety run new_town.yaml" in out
    assert ask("run", "new_town.yaml", *SMALL)[0] == 0
    assert ask("show", "new_town.yaml")[0] == 0
    code, _, err = ask("new-city", "new_town")
    assert code == 2
    assert "there is a file of that name" in err


# The whole, on the real core ------------------------------------------------------------------------------------------


def test_a_comparison_from_beginning_to_end(ask, tmp_path, few_figures):
    out = tmp_path / "out"
    arguments = ["compare", "sandbox", "--policy", "regulation", "--policy", "all_four", "--months", "24"]
    code, printed, _ = ask(*arguments, "--replications", "4", "--scale", "0.2", "--out", out, "--json")
    assert code == 0
    found = json.loads(printed)
    assert json.loads((out / "summary.json").read_bytes()) == found
    assert list(found["outcomes"]["homicide_rate"]["policies"]) == ["regulation", "all_four"]
    report = (out / "report.html").read_bytes()
    assert len(list((out / "figures").iterdir())) > 4
    assert ask("report", out) == (0, f"{out / 'report.html'}\n", "")
    assert (out / "report.html").read_bytes() == report


def changed_value(name):
    """A value of a parameter, within its range, that is not its default."""
    parameter = next(each for each in PARAMETERS if each.name == name)
    return parameter.high if parameter.default != parameter.high else parameter.low


def test_a_real_run_takes_settings_and_changes_with_them(ask):
    arguments = ["run", "sandbox", "--months", "12", "--replications", "2", "--scale", "0.2", "--json"]
    name, value = "recruitment.demand_on_joining", changed_value("recruitment.demand_on_joining")
    _, plain, _ = ask(*arguments)
    code, changed, _ = ask(*arguments, "--set", f"{name}={value}")
    assert code == 0
    assert plain != changed
    assert ask(*arguments)[1] == plain


def test_an_interrupt_from_the_terminal_stops_a_real_run(tmp_path, answers_to_interrupts):
    arguments = [
        "compare",
        "sandbox",
        "--policy",
        "truce",
        "--months",
        "1200",
        "--replications",
        "500",
        "--scale",
        "1",
    ]
    work = subprocess.Popen(
        [sys.executable, "-m", "experiments.commands.cli", *arguments, "--out", str(tmp_path / "out")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(6)
    work.send_signal(signal.SIGINT)
    out, err = work.communicate(timeout=60)
    assert work.returncode == 130
    assert out == ""
    assert err.splitlines()[-1] == "citysafety: stopped; nothing was written"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["compare", "run", "ablate", "sensitivity", "tradeoffs", "factorial"])
def test_a_policy_in_which_nothing_can_act_is_refused_before_anything_runs(core, ask, tmp_path, command):
    late = tmp_path / "late.yaml"
    late.write_text("name: late\ntitle: Late\nabout: x\nmeasures: [{measure: P-G4, start: 60}]\n")
    option = "--factor" if command in ("tradeoffs", "factorial") else "--policy"
    store = ["--store", tmp_path / "store"] if command in ("sensitivity", "tradeoffs", "factorial") else []
    code, out, err = ask(command, "sandbox", option, late, "--months", "24", *store)
    assert (code, out) == (2, "")
    assert f"{late}: policy late can do nothing in this run: P-G4 starts in month 60, after the last" in err
    assert core.ran == []


def test_what_does_nothing_is_noted_on_the_error_stream_and_in_json(core, ask, calm_file, tmp_path):
    part = tmp_path / "part.yaml"
    part.write_text("name: part\ntitle: P\nabout: x\nmeasures: [{measure: P-G4, start: 60}, {measure: P-R3}]\n")
    arguments = ("compare", "sandbox", "--policy", part, "--months", "24", "--replications", "2")
    code, _, err = ask(*arguments)
    assert code == 0
    assert "citysafety: note: Policy part: P-G4 starts in month 60, after the last month of the run, 24" in err
    code, out, err = ask(*arguments, "--json")
    assert "note" not in err
    assert json.loads(out)["notes"][0].startswith("Policy part: P-G4 starts in month 60")


def test_a_whole_number_may_be_given_as_a_table_writes_it():
    from experiments.commands.options import read_scale, whole_number

    read = whole_number("--months", 1, 1200, 120)
    assert [read(text) for text in ("12", "12.0", "1.2e1", " 12 ")] == [12] * 4
    assert all(type(read(text)) is int for text in ("12.0", "1e3"))
    assert read_scale("1") == 1.0
