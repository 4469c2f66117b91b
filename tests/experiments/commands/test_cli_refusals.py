"""What a command cannot do is told in one line with code 2, and nothing is run or written."""

import os

import pytest

HEAVY = {"mesa", "numba", "pandas", "matplotlib", "SALib"}
SMALL = ["--months", "12", "--replications", "10"]


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
