"""Cases: a claim holds only where figures satisfy its rule, and what is judged is always told."""

import copy
import json
import sys
import threading
import types

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from experiments.evidence.claims import HERE, Claim, comparisons
from experiments.evidence.figures import value
from experiments.evidence.schema import Case, list_cases, load_case, readings_of, setting_of
from experiments.evidence.verdicts import judge, run_case
from experiments.execution.execution import Execution
from experiments.execution.runner import Cancelled, replication_seed
from sim.errors import InputError
from sim.outcomes import OUTCOMES, outcome_index
from sim.scenario import load_city

FUTURES = 40

SHOCK = {"name": "guns", "title": "Guns", "about": "More guns.", "kind": "flow", "flow": "firearms", "size": 2, "start": 1}
CLAIM = {
    "id": "C99a",
    "says": "It would fall.",
    "kind": "D",
    "change": "falls",
    "outcome": "homicide_rate",
    "months": [1, 24],
    "arm": "calm",
}
CASE = {
    "id": "C99",
    "name": "c99_test",
    "title": "A test",
    "about": "What is tested.",
    "source": "None.",
    "city": "sandbox",
    "months": 24,
    "scale": 0.5,
    "arms": [{"name": "calm", "title": "Calm", "about": "Halves homicide.", "measures": [{"measure": "P-R3"}]}],
    "expected": [CLAIM],
}


def claim(**fields):
    return Claim(**(CLAIM | fields))


def judged(*claims, **by_arm):
    """Return whether each claim holds where an arm has these figures, one a future."""
    values = {}
    for each in claims:
        for pair in comparisons(each):
            for reading in pair:
                if reading is not None:
                    values[reading] = np.asarray(by_arm[reading.arm], dtype=float)
    verdicts = judge(claims, values)
    holds = [verdict.holds for verdict in verdicts]
    return holds[0] if len(holds) == 1 else holds


def around(mean, spread=0.5):
    """Figures of 40 futures with this mean and standard deviation."""
    return mean + spread * np.resize([-1.0, 1.0], FUTURES)


# What a rule asks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "level", "holds"),
    [
        ("falls", 90, True),
        ("falls", 96, False),
        ("falls", 110, False),
        ("rises", 110, True),
        ("rises", 104, False),
        ("nothing", 100, True),
        ("nothing", 96, True),
        ("nothing", 104, True),
        ("nothing", 94, False),
        ("nothing", 106, False),
        ("no fall", 96, True),
        ("no fall", 130, True),
        ("no fall", 94, False),
        ("no rise", 104, True),
        ("no rise", 70, True),
        ("no rise", 106, False),
    ],
)
def test_a_claim_is_held_to_five_per_cent_of_what_it_is_compared_with(change, level, holds):
    noise = around(0, 0.5)
    assert judged(claim(change=change), calm=around(level, 0), baseline=around(100, 0) + noise) is holds


def test_the_whole_interval_must_clear_the_least_effect_not_the_mean_alone():
    assert judged(claim(), calm=around(93, 0), baseline=around(100, 1.0))
    assert not judged(claim(), calm=around(93, 0), baseline=around(100, 20.0))


def test_the_whole_interval_must_lie_within_the_margin():
    nothing = claim(change="nothing")
    assert judged(nothing, calm=around(100, 0), baseline=around(100, 1.0))
    assert not judged(nothing, calm=around(100, 0), baseline=around(100, 20.0))


def test_shared_luck_cancels():
    luck = around(100, 60.0)
    assert judged(claim(), calm=luck - 10, baseline=luck)


def test_one_lucky_future_is_not_enough():
    level = around(100, 0.0)
    lucky = level.copy()
    lucky[0] = 0.0
    assert not judged(claim(), calm=lucky, baseline=level)


@given(st.floats(1.0, 1e6), st.floats(-0.5, 0.5), st.sampled_from(["falls", "rises", "nothing", "no fall", "no rise"]))
def test_the_unit_does_not_decide(unit, effect, change):
    one = {"calm": around(100 * (1 + effect)), "baseline": around(100, 0.7)}
    other = {arm: figures * unit for arm, figures in one.items()}
    if min(abs(abs(effect) - edge) for edge in (0.05,)) > 0.01:
        assert judged(claim(change=change), **one) == judged(claim(change=change), **other)


def test_a_range_takes_in_the_whole_interval():
    size = claim(change="between", bounds=[-0.5, -0.3])
    assert judged(size, calm=around(60), baseline=around(100, 1.0))
    assert not judged(size, calm=around(69), baseline=around(100, 20.0))
    assert not judged(size, calm=around(80), baseline=around(100, 1.0))


def test_a_level_is_judged_by_itself():
    level = claim(change="level", bounds=[0.5, 1.0], arm="calm", outcome="police_legitimacy")
    assert judged(level, calm=around(0.6, 0.1))
    assert not judged(level, calm=around(0.51, 0.1))


def test_several_arms_must_all_be_cleared():
    mix = claim(arm="mix", against=["calm", "other"])
    assert judged(mix, mix=around(80, 0), calm=around(100), other=around(90))
    assert not judged(mix, mix=around(80, 0), calm=around(100), other=around(82))


def test_an_order_asks_every_step():
    steps = claim(change="order", order=["one", "two", "three"])
    assert judged(steps, one=around(100), two=around(90), three=around(80))
    assert not judged(steps, one=around(100), two=around(90), three=around(89))
    assert not judged(steps, one=around(80), two=around(90), three=around(100))


@pytest.mark.parametrize(("mine", "holds"), [(95, True), (100, True), (105, True), (81, False), (70, False)])
def test_a_weaker_effect_is_weaker_in_the_direction_of_the_other(mine, holds):
    strong = claim(id="C99a", arm="strong")
    weak = claim(id="C99b", arm="weak", change="weaker", than="C99a")
    figures = {"strong": around(80, 0), "weak": around(mine, 0), "baseline": around(100, 0.1)}
    assert judged(strong, weak, **figures)[1] is holds


def test_effects_of_two_cities_are_compared_as_shares():
    here = claim(id="C99a")
    there = claim(id="C99b", setting="there", change="weaker", than="C99a")
    values = {}
    for each, levels in ((here, (80, 100)), (there, (960, 1000))):
        ((one, other),) = comparisons(each)
        values |= {one: around(levels[0], 0), other: around(levels[1], 0.1)}
    assert judge((here, there), values)[1].holds


def test_nothing_can_rise_clearly_from_zero_without_a_floor():
    rise = claim(change="rises")
    zero = np.zeros(FUTURES)
    assert not judged(rise, calm=around(1, 0.1), baseline=zero)
    assert judged(claim(change="rises", floor=0.5), calm=around(1, 0.1), baseline=zero)
    assert not judged(claim(change="rises", floor=2.0), calm=around(1, 0.1), baseline=zero)


def test_what_cannot_be_computed_fails():
    ratio = claim(over="serious_assaults")
    assert not judged(ratio, calm=np.full(FUTURES, np.nan), baseline=around(100))


# What is read ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def town():
    return load_city("sandbox")


@pytest.fixture
def result(town):
    """Month m of outcome k is m + k in the city; year y of neighbourhood i is 10 y + i."""
    months, outcomes, places = 36, len(OUTCOMES), len(town.neighbourhoods)
    monthly = np.add.outer(np.arange(months), np.arange(outcomes)).astype(np.float32)
    yearly = np.add.outer(10 * np.arange(3), np.arange(places)).astype(np.float32)
    yearly = np.repeat(yearly[:, :, None], outcomes, axis=2)
    return types.SimpleNamespace(city_monthly=monthly, place_yearly=yearly)


def read(result, town, rows=None, **fields):
    ((reading, _),) = comparisons(claim(**fields))
    return value(reading, result, town, rows)


def test_months_are_read_from_the_first_to_the_last(result, town):
    assert read(result, town, months=[11, 13]) == 11 + outcome_index("homicide_rate")


def test_part_of_a_city_is_weighed_by_residents_and_counts_are_added(result, town):
    rows = np.zeros(9)
    rows[[0, 3]] = 1
    people = [town.neighbourhoods[0].population, town.neighbourhoods[3].population]
    fields = {"months": [13, 24], "where": {"places": ["Aldoo", "Dorvin"]}}
    assert read(result, town, rows, **fields) == pytest.approx(10 + 3 * people[1] / sum(people))
    assert read(result, town, rows, outcome="gang_members", **fields) == pytest.approx(20 + 3)


def test_sums_ratios_and_products_are_read(result, town):
    first, second = outcome_index("homicide_rate"), outcome_index("business")
    assert read(result, town, months=[1, 1], plus="business") == first + second
    assert read(result, town, months=[1, 1], over="business") == pytest.approx(first / second)
    assert read(result, town, months=[1, 1], times="business") == first * second


def test_recovery_counts_the_months_that_are_worse_and_none_that_are_better(town):
    monthly = np.full((60, len(OUTCOMES)), 0.5, np.float32)
    monthly[24:31, outcome_index("services")] = 0.3
    monthly[31:40, outcome_index("services")] = 0.49
    monthly[40:, outcome_index("services")] = 0.6
    result = types.SimpleNamespace(city_monthly=monthly, place_yearly=None)
    fields = {"outcome": "services", "months": [25, 60], "recovery": {"after": 25, "within": 0.02}}
    assert read(result, town, **fields) == 7


def test_an_outcome_of_the_whole_city_cannot_be_read_in_a_part(result, town):
    result.place_yearly[..., outcome_index("cost")] = np.nan
    with pytest.raises(InputError, match="cost is kept for the whole city only"):
        read(result, town, np.ones(9), outcome="cost", months=[1, 12], where={"places": ["Aldoo"]})


# What is refused ------------------------------------------------------------------------------------------------------


def case_with(**changes):
    return copy.deepcopy(CASE) | changes


def claim_with(**fields):
    return case_with(expected=[CLAIM | fields])


def written(folder, values):
    path = folder / "c99_test.yaml"
    path.write_text(json.dumps(values), "utf-8")
    return path


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


class Core:
    """Stands in for `sim.run`: calm halves homicide, and every arm of a seed shares its noise."""

    def __init__(self):
        self.asked = []
        self.failing = {}
        self.stop_at = None
        self.lock = threading.Lock()

    def warm(self):
        return 0.0

    def run_arms(self, city, policies, *, seed, months, scale, parameters, shocks, shocks_by_arm, without, progress):
        assert (shocks, without) == ((), ())
        with self.lock:
            self.asked.append((city.name, [policy.name for policy in policies], shocks_by_arm, months, scale))
        if seed in self.failing:
            raise self.failing[seed]
        for done in range(12, months * len(policies) + 1, 12):
            if not progress(done):
                raise RuntimeError("cancelled")
        return [self.result(policy.name, seed, months, len(city.neighbourhoods)) for policy in policies]

    def result(self, policy, seed, months, places):
        noise = np.random.default_rng(seed)
        monthly = noise.gamma(40.0, 0.5, (months, len(OUTCOMES))).astype(np.float32)
        yearly = noise.gamma(40.0, 0.5, (-(-months // 12), places, len(OUTCOMES))).astype(np.float32)
        if policy == "calm":
            monthly[:, outcome_index("homicide_rate")] *= 0.5
            yearly[..., outcome_index("homicide_rate")] *= 0.5
        return types.SimpleNamespace(city_monthly=monthly, place_yearly=yearly)


@pytest.fixture
def core(monkeypatch):
    made_up = Core()
    module = types.ModuleType("sim.run")
    module.warm, module.run_arms = made_up.warm, made_up.run_arms
    monkeypatch.setitem(sys.modules, "sim.run", module)
    monkeypatch.setattr(sim, "run", module, raising=False)
    return made_up


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


# The command ----------------------------------------------------------------------------------------------------------


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
    assert "18 cases" in out


def _empty(case):
    from experiments.evidence.verdicts import Judgement

    return Judgement(case=case, city=load_city("sandbox"), months=1, replications=2, seed=1, verdicts=())


def test_cases_are_listed_and_shown(ask):
    code, out, _ = ask("list", "cases")
    assert code == 0
    assert len(out.splitlines()) == 18
    assert "c09_san_salvador" in out
    by_row, by_name = ask("show", "C09")[1], ask("show", "c09_san_salvador")[1]
    assert by_row == by_name
    assert "C09f D" in by_row
    assert ask("show", "C90")[0] == 2
