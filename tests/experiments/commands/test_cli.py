"""The command: its forms, its one-line refusals, and how light it is on its feet."""

import json
import os
import signal
import subprocess
import sys
import time
import types

import pytest

from experiments.commands import doctor
from experiments.commands.progress import progress_bar
from experiments.execution.runner import replication_seed
from sim.parameters import PARAMETERS

HEAVY = {"mesa", "numba", "pandas", "matplotlib", "SALib"}
SMALL = ["--months", "12", "--replications", "10"]


@pytest.fixture
def calm_file(tmp_path):
    path = tmp_path / "calm.yaml"
    path.write_text("name: calm\ntitle: Calm\nabout: Halves homicide.\nmeasures: []\n", "utf-8")
    return path


@pytest.fixture
def report(monkeypatch):
    """A report and figures that cost nothing."""
    module = types.ModuleType("experiments.comparison.report.page")
    pictures = types.ModuleType("experiments.comparison.pictures")

    def write_report(comparison, folder, *, pictures):
        (folder / "report.html").write_text(comparison.city.title, "utf-8")
        return folder / "report.html"

    module.write_report = write_report

    class Pictures:
        def __init__(self, comparison):
            pass

        def save(self, folder):
            folder.mkdir()
            (folder / "lines.svg").write_text("<svg/>", "utf-8")

    pictures.Pictures = Pictures
    monkeypatch.setitem(sys.modules, "experiments.comparison.report.page", module)
    monkeypatch.setitem(sys.modules, "experiments.comparison.pictures", pictures)


def run_python(*arguments, **options):
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, **options)


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


# What is refused ------------------------------------------------------------------------------------------------------

REFUSED = [
    (["--months", "-1"], ["--months", "-1", "from 1 to 1200"]),
    (["--months", "0"], ["--months", "'0'", "from 1 to 1200"]),
    (["--months", "1201"], ["--months", "1201", "from 1 to 1200"]),
    (["--months", "ten"], ["--months", "ten", "whole number"]),
    (["--months", "1e400"], ["--months", "1e400", "whole number"]),
    (["--months", "12\n34"], ["--months", "12 34", "whole number"]),
    (["--months", "9" * 5000], ["--months", "999...", "whole number"]),
    (["--replications", "0"], ["--replications", "'0'", "from 1 to 100000"]),
    (["--replications", "2.5"], ["--replications", "2.5", "whole number"]),
    (["--seed", "-1"], ["--seed", "-1", "from 0"]),
    (["--seed", str(2**63)], ["--seed", "from 0 to 9223372036854775807"]),
    (["--workers", "0"], ["--workers", "'0'", "from 1"]),
    (["--scale", "0"], ["--scale", "'0'", "above 0 and up to 1"]),
    (["--scale", "-0.5"], ["--scale", "-0.5", "above 0 and up to 1"]),
    (["--scale", "nan"], ["--scale", "nan", "above 0 and up to 1"]),
    (["--scale", "inf"], ["--scale", "inf", "above 0 and up to 1"]),
    (["--scale", "1.5"], ["--scale", "1.5", "above 0 and up to 1"]),
    (["--scale", "big"], ["--scale", "big", "auto"]),
    (["--months", "1_000"], ["'1_000'", "such as --months 1000"]),
    (["--replications", "1,000"], ["'1,000'", "such as --replications 1000"]),
    (["--months", "12,0"], ["'12,0'", "such as --months 12"]),
    (["--scale", "10%"], ["'10%'", "such as --scale 0.1"]),
    (["--scale", "0,25"], ["'0,25'", "such as --scale 0.25"]),
    (["--set", "recruitment.peers_on_joining=2,5"], ["'2,5'", "write 2.5"]),
    (["--executor", "cluster"], ["--executor", "cluster", "threads or processes or in-process"]),
    (["--by", "street"], ["--by", "street", "neighbourhood"]),
    (["--set", "nonsense"], ["--set nonsense", "process.parameter=number"]),
    (["--set", "no.such=1"], ["--set no.such=1", "is no parameter"]),
    (["--policy", "utopia"], ["utopia", "unknown"]),
    (["--policy", "no/such.yaml"], ["no/such.yaml", "no such file"]),
    (["--policy", "baseline"], ["baseline", "is the reference itself"]),
    (["--against", "utopia"], ["utopia", "unknown"]),
    (["--months"], ["--months", "requires an argument"]),
    (["--colour", "red"], ["--colour", "citysafety compare --help"]),
]


@pytest.mark.parametrize(("bad", "told"), REFUSED, ids=[" ".join(bad)[:30].replace("\n", " ") for bad, _ in REFUSED])
def test_a_bad_value_gets_one_line_code_2_and_nothing_is_written(core, ask, calm_file, tmp_path, bad, told):
    out_folder = tmp_path / "out"
    code, out, err = ask("compare", "sandbox", "--policy", calm_file, "--out", out_folder, *bad)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert err.startswith("citysafety: ")
    assert all(words in err for words in told), err
    assert len(err) < 600
    assert core.ran == []
    assert not out_folder.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["compare", "sandbox"], "--policy is missing"),
        (["compare"], "Missing argument 'CITY'"),
        (["run", "atlantis"], "city atlantis is unknown"),
        (["run", "sandbox", "--policy", "baseline", "--policy", "truce"], "run takes one"),
        (["run", "Sandbox"], "did you mean sandbox?"),
        (["run", "t.csv"], "t.csv: a city is a YAML file whose name ends in .yaml or .yml, not .csv"),
        (["run", "data/t.xlsx"], "`citysafety new-city NAME` writes one to fill in"),
        (["compare", "sandbox", "--policy", "p.json"], "p.json: a policy is a YAML file"),
        (["rnu"], "No such command 'rnu'"),
        (["list", "gnus"], "give cities, policies, shocks, cases, measures, mechanisms, outcomes or parameters"),
        (["show", "nothing_of_the_kind"], "nothing that can be shown"),
        (["run", "sandbox", "--without", "rent"], "--without 'rent': there is no such mechanism; did you mean rents?"),
        (["run", "sandbox", "--without", "rents", "--without", "rents"], "--without rents is given twice"),
        (["report", "nowhere"], "holds no results"),
        (["new-city", "My City"], "such as my_city"),
    ],
)
def test_a_bad_command_gets_one_line_and_code_2(core, ask, arguments, told):
    code, out, err = ask(*arguments)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert told in err


def test_an_out_that_is_a_file_is_refused_before_anything_runs(core, ask, calm_file):
    code, _, err = ask("compare", "sandbox", "--policy", calm_file, "--out", calm_file)
    assert code == 2
    assert f"--out {calm_file}: this is a file" in err
    assert core.ran == []


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs a folder that nobody may write")  # noqa: PTH112
def test_an_out_that_cannot_be_written_is_refused_before_anything_runs(core, ask, calm_file):
    code, _, err = ask("compare", "sandbox", "--policy", calm_file, "--out", "/proc/citysafety")
    assert code == 2
    assert len(err.splitlines()) == 1
    assert "--out /proc/citysafety: cannot be written" in err
    assert core.ran == []


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


# Doctor ---------------------------------------------------------------------------------------------------------------


def test_the_doctor_finds_nothing_wrong_here(ask):
    code, out, err = ask("doctor")
    assert (code, err) == (0, "")
    for word in ("Python", "numba", "folders", "cores", "cache", "month"):
        assert word in out


def test_the_doctor_sees_a_folder_of_somebody_else(tmp_path):
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "__init__.py").write_text("", "utf-8")
    code = "import sys; sys.path.insert(0, sys.argv[1]); from experiments.commands.cli import run_command"
    done = run_python("-c", f"{code}; sys.exit(run_command(['doctor']))", str(tmp_path))
    assert done.returncode == 1
    assert "WRONG  folders" in done.stdout
    assert len(done.stderr.splitlines()) == 1
    assert "rename a folder of yours" in done.stderr


def test_the_doctor_sees_a_cache_that_cannot_be_written(ask, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv("CITYSAFETY_CACHE", str(tmp_path / "file"))
    code, out, err = ask("doctor")
    assert code == 1
    assert "WRONG  cache" in out
    assert "set CITYSAFETY_CACHE" in err


def test_the_doctor_sees_an_old_python_and_a_missing_package(ask, monkeypatch):
    monkeypatch.setattr(doctor, "OLDEST", (3, 99))
    monkeypatch.setattr("importlib.metadata.requires", lambda name: ["no-such-package-of-ours>=1"])
    code, out, err = ask("doctor")
    assert code == 1
    assert "WRONG  Python" in out
    assert "no-such-package-of-ours  is not installed" in out
    assert len(err.splitlines()) == 1
    assert "(and 1 more)" in err


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
