"""Cases: what does not fit is refused in one line, and what fits is run over paired futures and judged."""

import pytest
from made_up import CASE, CLAIM, SHOCK, case_with, claim_with, written

from experiments.evidence.claims import HERE
from experiments.evidence.schema import Case, load_case, readings_of, setting_of
from experiments.evidence.verdicts import run_case
from experiments.execution.execution import Execution
from experiments.execution.runner import Cancelled
from sim.errors import InputError
from sim.scenario import load_city

# What is refused ------------------------------------------------------------------------------------------------------


REFUSED = [
    (claim_with(outcome="murder"), ["expected[0].outcome", "murder", "no outcome"]),
    (claim_with(plus=["murder"]), ["expected[0]", "murder", "no outcome"]),
    (claim_with(arm="clam"), ["expected[0]", "clam", "did you mean calm"]),
    (claim_with(arm="baseline"), ["expected[0].against", "the arm itself"]),
    (claim_with(setting="there"), ["expected[0]", "setting 'there'"]),
    (claim_with(months=[1, 25]), ["expected[0].months", "ends at month 25", "24 months"]),
    (claim_with(months=[0, 12]), ["expected[0].months[0]", "is 0", "months count from 1"]),
    (claim_with(months=[12, 3]), ["expected[0].months", "from month 12 to 3"]),
    (claim_with(change="between"), ["expected[0].bounds", "missing", "between"]),
    (claim_with(bounds=[0, 1]), ["expected[0].bounds", "no use for it"]),
    (claim_with(change="between", bounds=[1, 0]), ["expected[0].bounds", "below the second"]),
    (claim_with(change="weaker", than="C99b"), ["expected[0].than", "C99b", "no claim here"]),
    (claim_with(change="weaker", than="C99a"), ["expected[0].than", "the claim itself"]),
    (claim_with(change="order", order="calm"), ["expected[0].order", "two or more"]),
    (claim_with(least=0), ["expected[0].reason", "missing", "says why"]),
    (claim_with(change="nothing", least=0.2), ["expected[0].reason", "missing", "says why"]),
    (claim_with(reason="Because."), ["expected[0].reason", "remove it"]),
    (claim_with(where={"places": ["Aldoo"]}, months=[3, 24]), ["expected[0].months", "whole years"]),
    (claim_with(where={"places": ["Atlantis"]}), ["Atlantis", "no neighbourhood of sandbox"]),
    (claim_with(where={"worst": 10, "by": "deprivation"}), ["worst 10", "has 9 neighbourhoods"]),
    (claim_with(recovery={"after": 13, "within": 0.1}, where={"places": ["Aldoo"]}), ["expected[0].where", "as a whole"]),
    (claim_with(id="C98a"), ["expected[0].id", "C98a", "C99 and a letter"]),
    (claim_with(wording="x"), ["expected[0].wording", "not a known key"]),
    (case_with(expected=[CLAIM, CLAIM]), ["expected[1].id", "taken"]),
    (case_with(arms=[]), ["expected[0]", "'calm'"]),
    (case_with(arms=CASE["arms"] * 2), ["arms[1].name", "taken"]),
    (case_with(arms=[*CASE["arms"], {"name": "idle", "title": "I", "about": "."}]), ["arms[1]", "idle", "read by no claim"]),
    (case_with(name="test"), ["name", "begin with c99_"]),
    (case_with(replications=29), ["replications", "29", "at least 30"]),
    (case_with(scale=1.5), ["scale", "1.5"]),
    (case_with(city="atlantis"), ["atlantis", "unknown"]),
    (case_with(levels={"homicide": 1.0}), ["levels.homicide", "not a known key"]),
    (case_with(parameters={"no.such": 1.0}), ["no.such", "no parameter"]),
    (case_with(shocks=["flood"]), ["shocks[0]", "flood", "no shock"]),
    (case_with(shocks=[SHOCK | {"where": {"places": ["Atlantis"]}}]), ["shocks[0].where", "Atlantis"]),
    (case_with(elsewhere=[{"name": "here", "says": "."}]), ["elsewhere[0].name", "here", "taken"]),
]


@pytest.mark.parametrize(("values", "said"), REFUSED, ids=lambda each: each[-1] if isinstance(each, list) else "")
def test_what_does_not_fit_is_told_in_one_line(values, said, tmp_path):
    path = written(tmp_path, values)
    with pytest.raises(InputError) as refusal:
        load_case(path)
    line = str(refusal.value)
    assert "\n" not in line
    assert line.startswith(str(path))
    assert [part for part in said if part not in line] == [], line


def test_a_shock_may_be_named(tmp_path):
    case = load_case(written(tmp_path, case_with(shocks=["pact"])))
    assert case.shocks[0].gang == "The Lanterns"


def test_an_unknown_case_is_told_with_those_that_there_are():
    with pytest.raises(InputError, match="did you mean c01_sao_paulo"):
        load_case("c01_sao_pablo")


def test_levels_and_markets_may_be_set_otherwise(tmp_path):
    there = {"name": "there", "says": "Less grievance.", "levels": {"grievance": 0.01}, "markets": {"transport": 0.1}}
    values = case_with(levels={"fear": 0.9}, elsewhere=[there], expected=[CLAIM, CLAIM | {"id": "C99b", "setting": "there"}])
    case = load_case(written(tmp_path, values))
    assert setting_of(case, HERE)[0].levels.fear == 0.9
    city, scale, _ = setting_of(case, "there")
    assert (city.levels.grievance, city.markets["transport"], scale) == (0.01, 0.1, 0.5)
    assert setting_of(case, HERE)[0].levels.grievance == load_city("sandbox").levels.grievance


# Running --------------------------------------------------------------------------------------------------------------


def test_a_case_is_run_over_paired_futures_and_judged(core):
    found = run_case(Case(**case_with()), replications=12)
    assert found.holds
    (verdict,) = found.verdicts
    assert verdict.found[0].relative.mean == pytest.approx(-0.5, abs=1e-6)
    assert len(core.asked) == 12
    assert core.asked[0][1:] == (["baseline", "calm"], ((), ()), 24, 0.5)


def test_an_arm_may_differ_by_what_befalls_it_alone(core):
    guns = {"name": "guns", "title": "Guns", "about": "More guns.", "shocks": [SHOCK]}
    always = SHOCK | {"name": "drugs", "flow": "drugs"}
    claims = [CLAIM, CLAIM | {"id": "C99b", "arm": "guns", "change": "nothing"}]
    run_case(Case(**case_with(shocks=[always], arms=[*CASE["arms"], guns], expected=claims)), replications=2)
    _, arms, shocks, _, _ = core.asked[0]
    assert arms == ["baseline", "calm", "guns"]
    assert [[each.name for each in arm] for arm in shocks] == [["drugs"], ["drugs"], ["drugs", "guns"]]


def test_a_setting_runs_no_arm_but_those_that_are_read_in_it(core):
    there = {"name": "there", "says": "Chicago.", "city": "chicago", "scale": 0.1}
    level = CLAIM | {"id": "C99b", "setting": "there", "change": "level", "bounds": [0.0, 100.0]}
    run_case(Case(**case_with(elsewhere=[there], expected=[CLAIM, level])), replications=2)
    assert {(city, tuple(arms), scale) for city, arms, _, _, scale in core.asked} == {
        ("sandbox", ("baseline", "calm"), 0.5),
        ("chicago", ("calm",), 0.1),
    }


def test_workers_change_no_figure(core):
    case = Case(**case_with())
    one, three = (run_case(case, execution=Execution(workers=workers), replications=6) for workers in (1, 3))
    assert one.verdicts == three.verdicts


def test_a_longer_study_begins_with_the_futures_of_a_shorter_one():
    assert readings_of(Case(**case_with())) == readings_of(Case(**case_with(replications=60)))


def test_progress_may_stop_it(core):
    with pytest.raises(Cancelled):
        run_case(Case(**case_with()), execution=Execution(progress=lambda share: False), replications=12)
