"""The command judges cases, tells what was judged, and ends with a code that says whether all holds."""

import json

import numpy as np
import pytest
from made_up import CLAIM, Core, case_with, claim_with, written

from experiments.evidence.schema import Case, list_cases
from experiments.evidence.verdicts import run_case
from experiments.execution.runner import replication_seed
from sim.outcomes import outcome_index
from sim.scenario import load_city


def test_a_case_that_holds_ends_with_code_0(core, ask, tmp_path):
    code, out, err = ask("case", written(tmp_path, case_with()), "--replications", "12")
    assert (code, err) == (0, "")
    assert "holds  C99a D  It would fall." in out
    assert "calm against baseline, months 1 to 24" in out
    assert "lower by 5 % or more" in out
    assert "1 of 1 claims of 1 case hold" in out
    assert "  D  1 of 1 hold: a document of the framework states it" in out
    assert "  R  " not in out


def test_what_a_text_advises_is_judged_like_any_claim_and_counted_by_itself(core, ask, tmp_path):
    advised = CLAIM | {"id": "C99b", "kind": "R", "stated": "GSC 1", "change": "rises"}
    path = written(tmp_path, case_with(expected=[CLAIM, advised]))
    code, out, _ = ask("case", path, "--replications", "12")
    assert code == 1
    assert "FAILS  C99b R  It would fall." in out
    assert "  D  1 of 1 hold: " in out
    assert "  R  0 of 1 hold: a document of the framework advises it or hopes for it." in out
    code, out, _ = ask("case", path, "--replications", "12", "--json")
    (case,) = json.loads(out)["cases"]
    assert {kind: (told["held"], told["claims"]) for kind, told in case["kinds"].items()} == {"D": (1, 1), "R": (0, 1)}
    assert [(each["kind"], each["stated"]) for each in case["claims"]] == [("D", None), ("R", "GSC 1")]


def test_kinds_stand_in_the_table_the_headline_and_the_leaflet(core, ask, tmp_path):
    case = Case(**case_with(expected=[CLAIM, CLAIM | {"id": "C99b", "kind": "X"}]))
    assert "2 claims (1 D, 1 X)" in case.headline()
    judgement = run_case(case, replications=12)
    assert "2 of 2 claims hold (D 1 of 1, X 1 of 1)" in judgement.headline()
    assert "<td>C99b</td><td>X</td>" in judgement._repr_html_()
    code, out, _ = ask("show", written(tmp_path, case_with(expected=[CLAIM | {"kind": "R", "stated": "SEC 2"}])))
    assert code == 0
    assert "R (1): a document of the framework advises it or hopes for it" in out
    assert "C99a R  It would fall. (SEC 2)" in out


def test_a_case_that_fails_says_so_and_ends_with_code_1(core, ask, tmp_path):
    code, out, err = ask("case", written(tmp_path, claim_with(change="rises")), "--replications", "12")
    assert (code, err) == (1, "")
    assert "FAILS  C99a" in out
    assert "−50 (−51 to −49) %" in out
    assert "Not borne out: C99a" in out


def test_json_is_one_object_with_every_figure_that_was_judged(core, ask, tmp_path):
    path = written(tmp_path, case_with())
    code, out, err = ask("case", path, "--replications", "12", "--seed", "3", "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    (case,) = found["cases"]
    assert found["holds"] is case["holds"] is True
    assert (case["id"], case["city"], case["months"], case["replications"], case["seed"]) == ("C99", "sandbox", 24, 12, 3)
    (comparison,) = case["claims"][0]["comparisons"]
    assert comparison["relative"]["low"] <= comparison["relative"]["mean"] <= comparison["relative"]["high"]
    assert comparison["judged"]["arm"] == "calm"


def test_a_window_tells_what_claims_compare_in_other_months_and_judges_nothing(core, ask, tmp_path):
    path = written(tmp_path, case_with())
    code, out, _ = ask("case", path, "--replications", "12", "--window", "7-12", "--window", "13-18")
    assert code == 0
    plain = " ".join(out.split())
    for months in ("months 7 to 12", "months 13 to 18"):
        assert f"calm against baseline, {months}: " in plain
    assert plain.count("not judged") == 2
    code, out, _ = ask("case", path, "--replications", "12", "--window", "7-12", "--json")
    (window,) = json.loads(out)["cases"][0]["claims"][0]["windows"]
    assert window["judged"]["months"] == [7, 12]
    futures = [Core().result("calm", replication_seed(1, n), 24, 9).city_monthly for n in range(12)]
    column = outcome_index("homicide_rate")
    assert window["level"] == pytest.approx(np.mean([each[6:12, column] for each in futures]), rel=1e-6)
    assert window["difference"]["mean"] == pytest.approx(-window["level"], rel=1e-6)


def test_a_part_of_a_city_is_told_in_whole_years_alone(core):
    case = Case(**claim_with(where={"places": ["Aldoo"]}))
    (verdict,) = run_case(case, replications=2, windows=[(1, 12), (7, 18)]).verdicts
    assert [each.judged.months for each in verdict.asked] == [(1, 12)]


@pytest.mark.parametrize(("window", "says"), [("20-30", "the run has 24 months"), ("x", "no first and last month")])
def test_a_window_that_is_none_is_refused_before_anything_runs(core, ask, tmp_path, window, says):
    code, _, err = ask("case", written(tmp_path, case_with()), "--window", window)
    assert (code, core.asked) == (2, [])
    assert says in err


def test_a_run_may_be_longer_but_not_shorter_than_what_is_claimed(core, ask, tmp_path):
    path = written(tmp_path, case_with())
    code, _, err = ask("case", path, "--months", "12")
    assert code == 2
    assert "months is 12" in err
    assert "C99a" in err
    assert "24 or more" in err
    ask("case", path, "--months", "36", "--replications", "2")
    assert core.asked[-1][3] == 36


def test_a_future_that_fails_is_one_line(core, ask, tmp_path):
    core.failing = {replication_seed(1, 1): ZeroDivisionError("nobody lives here")}
    code, out, err = ask("case", written(tmp_path, case_with()), "--replications", "4")
    assert (code, out) == (1, "")
    assert len(err.splitlines()) == 1
    assert "nobody lives here" in err


def test_control_c_ends_it_with_code_130(core, ask, tmp_path, monkeypatch):
    def interrupt(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("experiments.evidence.figures.read_results", interrupt)
    code, out, err = ask("case", written(tmp_path, case_with()), "--replications", "4")
    assert (code, out) == (130, "")
    assert "stopped" in err


def test_all_runs_every_packaged_case_once(core, ask, monkeypatch):
    ran = []
    run_case = "experiments.evidence.verdicts.run_case"
    monkeypatch.setattr(run_case, lambda case, **options: ran.append(case.name) or _empty(case))
    code, out, _ = ask("case", "all", "C01", "--quiet")
    assert ran == list_cases()
    assert code == 0
    assert f"{len(list_cases())} cases" in out


def _empty(case):
    from experiments.evidence.verdicts import Judgement

    return Judgement(case=case, city=load_city("sandbox"), months=1, replications=2, seed=1, verdicts=())


def test_cases_are_listed_and_shown(ask):
    code, out, _ = ask("list", "cases")
    assert code == 0
    assert len(out.splitlines()) == len(list_cases())
    assert "c09_san_salvador" in out
    by_row, by_name = ask("show", "C09")[1], ask("show", "c09_san_salvador")[1]
    assert by_row == by_name
    assert "C09f D" in by_row
    assert ask("show", "C90")[0] == 2
