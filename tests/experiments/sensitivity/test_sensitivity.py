"""A whole study on a core that costs nothing: what it says of levels, of effects, over time, and from the store again."""

import dataclasses
import json
import sys
import types

import numpy as np
import pandas as pd
import pytest
from made_up_core import MadeUpCore, MadeUpResult

import sim
from experiments.commands.cli import run_command
from experiments.comparison.figures import rendered
from experiments.execution.execution import Execution
from experiments.sensitivity.factors import DUMMY, SEED
from experiments.sensitivity.figures import draw_all, tornado
from experiments.sensitivity.influence import CANNOT_TELL, INFLUENTIAL
from experiments.sensitivity.scale_agreement import largest, scale_agreement
from experiments.sensitivity.study import Analysis, plan, sensitivity
from experiments.sensitivity.tables import passed
from experiments.sensitivity.text import judgement_lines, study_text
from experiments.store.store import Keep, Store
from experiments.store.sweep import FailedRunsError
from sim.errors import InputError
from sim.outcomes import OUTCOMES, outcome_index
from sim.parameters import parameter
from sim.scenario import load_city, load_policy

PARAMETERS = (
    "gangs.state_strength",
    "homicide.discipline_ratio",
    "homicide.home_killing_rate",
    "gangs.adjacent_member_weight",
)
ANALYSIS = {each.name for each in dataclasses.fields(Analysis)}
ASKED = {"vary": PARAMETERS, "outcomes": ("homicide_rate",), "months": 24, "scale": 0.1}


def asking(of, *what, store=None, **asked):
    """Ask a study, telling the options of its analysis from those of what is run."""
    own = {name: asked.pop(name) for name in list(asked) if name in ANALYSIS}
    how = {"execution": Execution(store=store)} if of is sensitivity else {}
    return of(*what, analysis=Analysis(**own), **how, **asked)


class SteeredCore(MadeUpCore):
    """Homicide without the policy follows `gangs.state_strength`, from the second year on `homicide.home_killing_rate` too.

    What the policy takes off follows `homicide.discipline_ratio` alone, and `gangs.adjacent_member_weight` does nothing.
    Luck adds to both arms.
    """

    luck = 1.0

    def run_arms(self, city, policies, *, seed, months, scale, parameters=None, shocks=(), without=(), progress=None):
        if seed in self.failing_seeds or "all" in self.failing_seeds:
            raise ValueError("made up to fail")
        with self.lock:
            self.ran.append(seed)
        random = np.random.default_rng(seed)
        luck = self.luck * random.standard_normal(2)
        place = {name: self.placed(name, (parameters or {}).get(name)) for name in PARAMETERS}
        results = []
        for arm, policy in enumerate(policies):
            monthly = np.full((months, len(OUTCOMES)), 1.0, np.float32)
            homicide = 40.0 + 10.0 * place["gangs.state_strength"] + luck[0]
            monthly[:, outcome_index("homicide_rate")] = homicide
            monthly[12:, outcome_index("homicide_rate")] += 20.0 * place["homicide.home_killing_rate"]
            if policy.measures:
                monthly[:, outcome_index("homicide_rate")] -= 2.0 + 5.0 * place["homicide.discipline_ratio"] + 0.3 * luck[1]
            yearly = np.ones((-(-months // 12), len(city.neighbourhoods), len(OUTCOMES)), np.float32)
            results.append(MadeUpResult(policy.name, seed, scale, monthly, yearly))
            assert arm < 2
        return results

    @staticmethod
    def placed(name, value):
        """Where in its range a parameter stands, 0 to 1."""
        own = parameter(name)
        value = own.default if value is None else value
        if own.distribution == "loguniform":
            return np.log(value / own.low) / np.log(own.high / own.low)
        return (value - own.low) / (own.high - own.low)


def put_in(made_up, monkeypatch):
    """Let a made-up core stand in for `sim.run`."""
    module = types.ModuleType("sim.run")
    module.warm, module.run_arms, module.automatic_scale = made_up.warm, made_up.run_arms, made_up.automatic_scale
    monkeypatch.setitem(sys.modules, "sim.run", module)
    monkeypatch.setattr(sim, "run", module, raising=False)


@pytest.fixture
def steered(monkeypatch):
    made_up = SteeredCore()
    put_in(made_up, monkeypatch)
    return made_up


@pytest.fixture
def four():
    return load_policy("all_four")


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    with pytest.MonkeyPatch.context() as monkeypatch:
        put_in(SteeredCore(), monkeypatch)
        folder = tmp_path_factory.mktemp("study")
        return asking(
            sensitivity, load_city("sandbox"), load_policy("all_four"), method="sobol", samples=128, store=folder, **ASKED
        )


def with_long_names(study):
    """The same study, its factors named as long as parameters of the model are, and longer."""
    own = [factor.name for factor in study.design.factors if factor.name not in (SEED, DUMMY)]
    names = {name: f"community.{name.replace('.', '_'):_<52}" for name in own}
    factors = tuple(dataclasses.replace(each, name=names.get(each.name, each.name)) for each in study.design.factors)
    tables = {name: getattr(study, name).replace(names) for name in ("indices", "over_time", "growth")}
    return dataclasses.replace(study, design=dataclasses.replace(study.design, factors=factors), **tables)


def test_no_name_or_label_is_cut_at_the_sides_of_a_figure_however_long(study):
    figures = draw_all(with_long_names(study))
    assert len(figures) >= 3
    for name, figure in figures.items():
        rendered(figure, "png")
        figure.set_dpi(200)
        box = figure.get_tightbbox()
        assert box.x0 >= 0.0, name
        assert box.x1 <= figure.get_figwidth(), name


def test_a_study_shows_itself_in_a_short_line_a_table_and_its_figures(study):
    assert len(repr(study)) <= 400
    assert repr(study).startswith("<Sensitivity: homicide_rate in sandbox under all_four; sobol, 6 factors, ")
    assert "<td>gangs.state_strength</td>" in study._repr_html_()
    assert study.figures()[0] == "tornado_homicide_rate"
    assert study.plot("over_time_homicide_rate").axes


def test_levels_and_effects_hang_on_different_things(study):
    level = study.of("homicide_rate", "without").set_index("factor")
    effect = study.of("homicide_rate", "effect").set_index("factor")
    assert set(level.index[level["verdict"] == INFLUENTIAL]) == {"gangs.state_strength", "homicide.home_killing_rate"}
    assert list(effect.index[effect["verdict"] == INFLUENTIAL]) == ["homicide.discipline_ratio"]
    assert effect.loc["homicide.discipline_ratio", "index"] == pytest.approx(1.0, abs=0.05)
    assert level.loc["gangs.state_strength", "index"] == pytest.approx(0.5, abs=0.1)
    assert list(level.index[-2:]) == [SEED, DUMMY]


def test_chance_is_told_for_every_quantity(study):
    noise = study.noise.set_index("quantity")
    # Without: luck 1 beside twice 100 / 12; effect: .09 beside 25 / 12.
    assert noise.loc["without", "share"] == pytest.approx(1 / (1 + 200 / 12), abs=0.02)
    assert noise.loc["effect", "share"] == pytest.approx(0.09 / (0.09 + 25 / 12), abs=0.02)
    assert noise.loc["effect", "mean"] == pytest.approx(-4.5, abs=0.2)
    assert not noise["interacts"].any()


def test_what_matters_changes_over_the_years(study):
    over = study.over_time
    over = over[(over["outcome"] == "homicide_rate") & (over["quantity"] == "without")].set_index(["factor", "year"])[
        "index"
    ]
    assert over["homicide.home_killing_rate", 1] == pytest.approx(0.0, abs=0.02)
    assert over["homicide.home_killing_rate", 2] == pytest.approx(0.8, abs=0.08)
    assert over["gangs.state_strength", 1] == pytest.approx(1.0, abs=0.08)


def test_the_same_call_again_runs_nothing(steered, sandbox, four, tmp_path):
    asked = ASKED | {"method": "sobol", "samples": 16, "store": tmp_path / "store"}
    once = asking(sensitivity, sandbox, four, **asked)
    assert len(steered.ran) == once.runs == 16 * 2 * 6
    again = asking(sensitivity, sandbox, four, **asked)
    assert len(steered.ran) == 16 * 2 * 6
    assert again.indices.equals(once.indices)
    assert again.over_time.equals(once.over_time)


def test_a_larger_sample_runs_only_what_is_new(steered, sandbox, four, tmp_path):
    for samples, ran in ((16, 16 * 2 * 6), (32, 32 * 2 * 6)):
        asking(sensitivity, sandbox, four, method="sobol", samples=samples, store=tmp_path / "store", **ASKED)
        assert len(steered.ran) == ran


def test_screening_passes_on_what_moves_a_level_or_an_effect(steered, sandbox, four, tmp_path):
    asked = ASKED | {"vary": (*PARAMETERS, "extortion.*")}
    found = asking(
        sensitivity,
        sandbox,
        four,
        method="sobol",
        samples=32,
        store=tmp_path / "store",
        screen=True,
        trajectories=4,
        top=3,
        **asked,
    )
    assert found.screening is not None
    assert found.screening.method == "morris"
    assert {each.name for each in found.design.factors} == {
        "gangs.state_strength",
        "homicide.home_killing_rate",
        "homicide.discipline_ratio",
        SEED,
        DUMMY,
    }
    assert found.screening.runs + found.runs == len(steered.ran)


def named_by(sizes, most, influential=""):
    """Name what passes a screening of these sizes, by outcome and factor."""
    rows = [
        {"outcome": outcome, "quantity": "without", "factor": name, "index": size, "low": 0.5 * size, "high": 2.0 * size}
        | {"verdict": INFLUENTIAL if name in influential else CANNOT_TELL}
        for outcome, by_name in sizes.items()
        for name, size in (by_name | {DUMMY: 0.0, SEED: 5.0}).items()
    ]
    screened = types.SimpleNamespace(indices=pd.DataFrame(rows))
    return [each.name for each in passed(screened, [types.SimpleNamespace(name=name) for name in "abcdef"], most)]


def test_figures_take_turns_so_that_a_giant_hides_nothing_behind_it():
    sizes = {
        "homicide_rate": {"a": 90.0, "b": 9.0, "c": 8.0, "d": 1.0, "e": 1.0, "f": 1.0},
        "fear": {"a": 0.1, "b": 0.1, "c": 0.1, "d": 1.0, "e": 0.9, "f": 0.8},
    }
    assert named_by(sizes, 4) == ["a", "b", "d", "e"]


def test_what_is_called_influential_comes_before_what_chance_may_have_made_large():
    assert named_by({"homicide_rate": {"a": 9.0, "b": 8.0, "c": 2.0, "d": 1.0}}, 2, influential="cd") == ["c", "d"]
    assert named_by({"homicide_rate": {"a": 9.0, "b": 8.0, "c": 2.0, "d": 1.0}}, 3, influential="cd") == ["a", "c", "d"]


def test_a_screening_that_finds_nothing_says_so(steered, sandbox, tmp_path):
    with pytest.raises(InputError, match="found 0 factors above the dummy"):
        asking(
            sensitivity,
            sandbox,
            samples=32,
            store=tmp_path / "s",
            screen=True,
            **ASKED | {"vary": ("extortion.*",), "outcomes": ("fear",)},
        )


def test_a_failed_run_is_told_and_nothing_else(steered, sandbox, four, tmp_path):
    steered.failing_seeds["all"] = ValueError()
    with pytest.raises(FailedRunsError, match=r"384 of 384 runs.*made up to fail"):
        asking(sensitivity, sandbox, four, method="sobol", samples=16, store=tmp_path / "store", **ASKED)


def test_an_outcome_that_nothing_moves_is_told_as_such(steered, sandbox, four, tmp_path):
    found = asking(
        sensitivity,
        sandbox,
        four,
        method="sobol",
        samples=16,
        store=tmp_path / "store",
        **ASKED | {"outcomes": ("homicide_rate", "fear")},
    )
    assert set(found.of("fear", "without")["verdict"]) == {"does not vary"}
    assert found.of("fear", "without")["index"].isna().all()
    assert any("nothing that was varied moves it" in note for note in found.notes)
    assert "does not vary" in study_text(found)
    assert not any(name.endswith("fear") for name in draw_all(found))


def test_without_a_policy_only_the_level_is_asked_about(steered, sandbox, tmp_path):
    found = asking(sensitivity, sandbox, method="morris", samples=4, store=tmp_path / "store", **ASKED)
    assert found.quantities == ("without",)
    assert "no policy" in study_text(found)


def test_what_a_store_does_not_keep_by_month_is_not_told_over_time(steered, sandbox, four, tmp_path):
    store = tmp_path / "store"
    Store.open(store, Keep(monthly=("fear",)))
    found = asking(sensitivity, sandbox, four, method="morris", samples=4, store=store, **ASKED)
    assert found.over_time.empty
    assert any("not kept by month" in note for note in found.notes)
    assert not any(name.startswith("over_time") for name in draw_all(found))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"outcomes": ("homicid_rate",)}, "homicide_rate"),
        ({"outcomes": ("fear", "fear")}, "given twice"),
        ({"outcomes": ()}, "given no time"),
        ({"method": "morris", "screen": True, "samples": 4}, "runs morris first"),
        ({"group": "process", "screen": True}, "leave out --group"),
        ({"screen": True, "top": 1}, "--top is 1"),
        ({"samples": 100}, "power of two"),
        ({"parameters": {"gangs.adjacent_member_weight": 0.5}}, "varied and given"),
        ({"months": 0}, "months"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anything_runs(steered, sandbox, four, tmp_path, changed, says):
    asked = {"method": "sobol", "samples": 16} | ASKED | changed
    with pytest.raises(InputError, match=says):
        asking(sensitivity, sandbox, four, store=tmp_path / "store", **asked)
    assert steered.ran == []


def test_a_plan_counts_what_would_be_run(steered, sandbox, four):
    assert asking(plan, sandbox, four, samples=16, **ASKED).main == 16 * 2 * 6
    screened = asking(plan, sandbox, four, samples=16, screen=True, trajectories=4, top=3, **ASKED)
    assert (screened.screening, screened.main, screened.arms) == (4 * 6, 16 * 2 * 5, 2)
    assert steered.ran == []


def test_groups_are_told_instead_of_factors(steered, sandbox, four, tmp_path):
    found = asking(
        sensitivity, sandbox, four, method="sobol", samples=32, group="process", store=tmp_path / "store", **ASKED
    )
    table = found.of("homicide_rate", "effect").set_index("factor")
    assert set(table.index) == {"gangs", "homicide", SEED, DUMMY}
    assert table.loc["homicide", "index"] == pytest.approx(1.0, abs=0.15)


def test_pairs_are_told_where_asked_for(steered, sandbox, four, tmp_path):
    found = asking(
        sensitivity, sandbox, four, method="sobol", samples=32, second_order=True, store=tmp_path / "store", **ASKED
    )
    assert len(found.pairs) == 4 * 10
    assert list(found.pairs.columns) == ["outcome", "quantity", "first", "second", "S2", "S2_low", "S2_high"]


def test_the_text_says_what_rests_on_judgement(study):
    text = study_text(study)
    assert "rest on judgement" in text
    assert any(parameter(name).status == "judgement" and name in " ".join(judgement_lines(study)) for name in PARAMETERS)
    assert "In this model; no forecast." in text
    for word in (" will ", "optimal", "proves"):
        assert word not in text


@pytest.mark.parametrize(("method", "samples"), [("morris", 4), ("shapley", 8)])
def test_every_method_tells_and_draws_a_study(steered, sandbox, four, tmp_path, method, samples):
    asked = ASKED | {"vary": PARAMETERS[:3]}
    found = asking(sensitivity, sandbox, four, method=method, samples=samples, store=tmp_path / "store", **asked)
    assert found.method == method
    assert set(found.quantities) == {"without", "with", "effect", "relative_effect"}
    names = set(draw_all(found))
    expected = {"tornado_homicide_rate", "over_time_homicide_rate", "convergence_homicide_rate"}
    extra = {"shapley": {"shapley_homicide_rate"}, "morris": {"morris_homicide_rate"}}.get(method, set())
    assert names == expected | extra
    assert study_text(found)


def test_a_figure_is_redrawn_byte_for_byte(study):
    first, again = (rendered(tornado(study, "homicide_rate"), "svg") for _ in range(2))
    assert first == again


def test_the_command_writes_tables_figures_and_words(steered, tmp_path, capsys):
    arguments = ["sensitivity", "sandbox", "--policy", "all_four", "--samples", "16", "--months", "24", "--scale", "0.1"]
    arguments += ["--outcome", "homicide_rate", "--store", str(tmp_path / "store"), "--out", str(tmp_path / "out")]
    for name in PARAMETERS:
        arguments += ["--parameters", name]
    assert run_command(arguments) == 0
    assert "effect of the policy" in capsys.readouterr().out
    written = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*")}
    assert {"indices.csv", "noise.csv", "convergence.csv", "summary.txt", "figures/tornado_homicide_rate.png"} <= written
    ran = len(steered.ran)
    assert run_command([*arguments, "--json", "--force"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["method"] == "sobol"
    assert {row["quantity"] for row in found["indices"]} == {"without", "with", "effect", "relative_effect"}
    assert len(steered.ran) == ran


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--method", "anova"], "sobol or morris"),
        (["--parameters", "gang.*"], "gangs"),
        (["--samples", "100"], "power of two"),
        (["--policy", "all_four", "--policy", "truce"], "given 2 times"),
        (["--group", "process", "--screen"], "leave out --group"),
    ],
)
def test_the_command_refuses_in_one_line(steered, tmp_path, capsys, arguments, says):
    assert run_command(["sensitivity", "sandbox", "--store", str(tmp_path / "store"), *arguments]) == 2
    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1
    assert steered.ran == []


def test_a_small_scale_is_held_against_a_large_one(steered, sandbox, four, tmp_path):
    store = tmp_path / "store"
    found = asking(sensitivity, sandbox, four, method="morris", samples=4, store=store, **ASKED)
    factors = largest(found, 2)
    assert {factor.name for factor in factors} <= {
        "gangs.state_strength",
        "homicide.home_killing_rate",
        "homicide.discipline_ratio",
    }
    ran = len(steered.ran)
    table = scale_agreement(found, factors=factors, futures=3, more=2, full=1.0, execution=Execution(store=store))
    assert len(steered.ran) == ran + 2 * 2 * (3 + 6)
    assert table["agrees"].all()
    level = table[table["quantity"] == "without"].set_index("factor")
    if "gangs.state_strength" in level.index:
        assert level.loc["gangs.state_strength", "full"] == pytest.approx(8.0, abs=1e-3)


def test_scales_that_disagree_are_told(steered, sandbox, four, tmp_path, monkeypatch):
    store = tmp_path / "store"
    found = asking(sensitivity, sandbox, four, method="morris", samples=4, store=store, **ASKED | {"vary": PARAMETERS[:2]})
    whole = steered.run_arms

    def coarse(*arguments, scale, **options):
        results = whole(*arguments, scale=scale, **options)
        for result in results if scale < 1.0 else ():
            result.city_monthly[:, outcome_index("homicide_rate")] *= 2.0
        return results

    monkeypatch.setattr("sim.run.run_arms", coarse)
    table = scale_agreement(found, factors=largest(found, 1), futures=4, execution=Execution(store=store))
    assert not table.loc[table["quantity"] == "without", "agrees"].any()
