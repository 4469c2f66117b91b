"""The trials, their roles and what is left out agree, are declared, and no study is used twice unseen."""

import ast
import json
import re
import shutil
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from made_up_trial import FIGURE, written_trial

from experiments.evidence import declared
from experiments.evidence.load import disagreements, list_trials, load_left_out, load_roles, load_trial
from experiments.evidence.trial import error_of, worked
from experiments.evidence.typed_in import read_works, typed_in, work_of
from sim.errors import InputError
from sim.parameters import PARAMETERS

ROOT = Path(__file__).parents[3]
TRIALS = {name: load_trial(name) for name in list_trials()}
FIGURES = {figure.id: (trial, figure) for trial in TRIALS.values() for figure in trial.figures}
ROLES = load_roles()
WORKS = read_works((ROOT / "docs" / "ODD.md").read_text("utf-8").partition("## 13. Evidence")[2])

WORKED_OUT_OTHERWISE = {
    # figure: what is worked out today, and why roles.yaml, which is about version 0.1.0, has something else
    **dict.fromkeys(("R1", "R2"), ("no", "the parameter's key names the dry laws around São Paulo, a neighbouring study")),
    **dict.fromkeys(
        ("E3b", "G8b", "R10d", "G2", "E13"), ("no", "partly by a neighbouring study or a gate, which no key names")
    ),
    **dict.fromkeys(("G5", "G5b", "G5c", "G5d"), ("yes", "killing after a breach was set from this study since")),
    **dict.fromkeys(
        ("R10c", "S9b", "S12", "S12b", "S12c", "S3b", "E8", "E12"), ("yes", "partly, for the dose or time that differ")
    ),
    **dict.fromkeys(("R9", "S4b"), ("partly", "integrity and cohesion, two steps from killing; moved until it agreed")),
    "G3": ("partly", "robberies there follow from the effect on disputes"),
    "S9c": ("partly", "the programme is typed in for joining, which is further away"),
    "E17": ("partly", "typed in for abuse and trust; its effect on crime nowhere"),
}


def test_trials_roles_and_what_is_left_out_agree():
    assert disagreements() == []


def test_there_are_enough_figures_from_enough_groups_over_all_pillars_half_of_them_emergent():
    assert len(FIGURES) >= 45
    assert len(TRIALS) >= 28
    by_pillar = Counter(trial.pillar for trial, _ in FIGURES.values())
    assert min(by_pillar[pillar] for pillar in ("regulation", "enforcement", "engagement", "resilience")) >= 10
    assert 2 * sum(ROLES[each].typed == "no" for each in FIGURES) >= len(FIGURES)


def test_harms_and_nulls_are_among_them():
    values = [figure.value for _, figure in FIGURES.values() if figure.scale == "rate ratio"]
    assert sum(value == 1.0 for value in values) >= 8
    assert sum(value > 1.05 for value in values) >= 8


def test_no_figure_is_in_two_files_and_none_is_forgotten():
    assert {*FIGURES} | {*load_left_out().figures} == {*ROLES}


def test_every_error_is_a_number_and_no_assumed_one_is_small():
    for trial, figure in FIGURES.values():
        assert 0.005 < error_of(figure) < 11, figure.id
        assert not figure.assumed or error_of(figure) >= 0.15, figure.id
        assert abs(worked(figure)) < 20, trial.name


def test_what_was_recalled_says_so_in_its_source():
    for _, figure in FIGURES.values():
        trial = FIGURES[figure.id][0]
        if ROLES[figure.id].seen == "recalled" and trial.sources[figure.source].seen == "recalled":
            assert "recalled" in trial.sources[figure.source].found, figure.id


@pytest.mark.parametrize("path", sorted((ROOT / "scenarios" / "trials").glob("*.yaml")), ids=lambda path: path.stem)
def test_a_file_says_what_it_is_and_names_no_machine(path):
    text = path.read_text("utf-8")
    assert text.startswith("# ")
    assert re.findall(r"\.\./|/(?:work|tmp|home)/", text) == []


# Typed in


@pytest.mark.parametrize("name", FIGURES)
def test_whether_a_figure_is_typed_in_is_worked_out_from_the_sources_of_parameters(name):
    trial, figure = FIGURES[name]
    worked_out, _ = typed_in(figure, trial.sources[figure.source], PARAMETERS, WORKS)
    assert worked_out == WORKED_OUT_OTHERWISE.get(name, (ROLES[name].typed, ""))[0]
    assert (worked_out == ROLES[name].typed) == (name not in WORKED_OUT_OTHERWISE)


def test_nothing_that_is_typed_in_is_held_out():
    found = {
        name: typed_in(figure, trial.sources[figure.source], PARAMETERS, WORKS)
        for name, (trial, figure) in FIGURES.items()
        if ROLES[name].role == "held out"
    }
    assert {name: by for name, (worked_out, by) in found.items() if worked_out == "yes"} == {}


def test_a_planted_double_use_is_found():
    trial, figure = FIGURES["R4"]
    source = trial.sources[figure.source]
    planted = next(each for each in PARAMETERS if each.name == "homicide.liquor_hours_on_disputes")
    works = WORKS | {planted.evidence: (work_of("Duailibi, Ponicki and others 2007"),)}
    assert typed_in(figure, source, PARAMETERS, WORKS)[0] == "no"
    assert typed_in(figure, source, PARAMETERS, works) == ("yes", (planted.name,))


@pytest.mark.parametrize(
    ("text", "work"),
    [
        ("Blattman, Jamison and Sheridan 2017", ("blattman", "jamison", "2017")),
        ("Braga and Dusseault", ("braga", "dusseault", "")),
        ("Blair et al. 2021", ("blair", "", "2021")),
        ("Calderón, Robles and Magaloni 2015", ("calderon", "robles", "2015")),
    ],
)
def test_a_work_is_known_by_its_first_authors_and_year(text, work):
    assert work_of(text) == work


def test_two_works_of_one_author_are_told_apart():
    assert [work.year for work in WORKS["res.school_gang_curriculum"]] == ["2012", "2013"]
    _, e6 = FIGURES["E6"]
    trial = FIGURES["E6"][0]
    assert typed_in(e6, trial.sources[e6.source], PARAMETERS, WORKS) == ("no", ())


# Loading


def test_a_trial_is_found_by_its_name_and_by_a_figure():
    assert load_trial("R2") == load_trial("cali_hours")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("roles", "roles is no trial"),
        ("E20", "E20 is in no trial: That killing rises was seen"),
        ("cali", "there is no trial 'cali'"),
    ],
)
def test_what_is_no_trial_is_refused(name, says):
    with pytest.raises(InputError, match=re.escape(says)):
        load_trial(name)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"figures": [FIGURE | {"id": "R99"}]}, "R99 has no role"),
        ({"figures": [FIGURE | {"id": "R7"}]}, "R7 is of the group carry_ban_2012"),
        ({"figures": [FIGURE | {"value": 0.72}]}, "value is 0.72, and roles.yaml has 0.7; say under corrects"),
        ({"figures": [FIGURE | {"interval": [0.6, 0.8]}]}, "interval is [0.6, 0.8], and roles.yaml has [0.62, 0.79]"),
        ({"figures": [FIGURE | {"corrects": "It is."}]}, "corrects is given, but figure and interval are those"),
        ({"city": "atlantis"}, "atlantis"),
        ({"levels": {"fear": 3.0}}, "fear"),
    ],
)
def test_a_trial_that_does_not_agree_is_refused_by_file_and_field(tmp_path, changes, says):
    with pytest.raises(InputError, match=re.escape(says)) as found:
        load_trial(written_trial(tmp_path, **changes))
    assert str(found.value).startswith(str(tmp_path / "mine.yaml"))
    assert "\n" not in str(found.value)


def test_a_correction_says_what_was_seen(tmp_path):
    corrected = FIGURE | {"value": 0.72, "corrects": "The table has 0.72."}
    assert load_trial(written_trial(tmp_path, figures=[corrected])).figures[0].value == 0.72


# Declared


def test_what_is_declared_is_what_was_recorded():
    assert declared.recorded() == declared.digest(), (
        "run python -m experiments.evidence.declared, unless a calibration is recorded"
    )


def test_the_number_changes_with_a_figure_and_not_with_its_writing(monkeypatch):
    before = declared.digest()
    trees = {}
    read = declared.read_mapping

    def changed(path, shown):
        tree = json.loads(json.dumps(read(path, shown)))
        trees[shown] = tree
        if shown == "cali_hours":
            tree["figures"][0]["value"] = 0.71
        return tree

    monkeypatch.setattr(declared, "read_mapping", changed)
    assert declared.digest() != before
    assert {"roles", "left_out", "cali_hours"} <= {*trees}
    monkeypatch.setattr(declared, "read_mapping", lambda path, shown: dict(reversed(read(path, shown).items())))
    assert declared.digest() == before


def test_the_record_of_a_calibration_is_looked_for_in_its_place(monkeypatch, tmp_path):
    assert not declared.is_calibrated()
    (tmp_path / "trials").mkdir()
    shutil.copy(ROOT / "scenarios" / "trials" / "roles.yaml", tmp_path / "trials" / "roles.yaml")
    (tmp_path / "evidence_draws").mkdir()
    (tmp_path / "evidence_draws" / "record.yaml").write_text("date: none\n", "utf-8")
    monkeypatch.setattr(declared, "find_packaged", lambda kind, name: tmp_path / kind / f"{name}.yaml")
    assert declared.is_calibrated()


def test_groups_of_trials_are_those_of_roles():
    groups = defaultdict(set)
    for name, (trial, _) in FIGURES.items():
        groups[trial.name].add(ROLES[name].group)
    assert {name: found for name, found in groups.items() if found != {name}} == {}


def test_no_module_but_the_runs_asks_the_model():
    for path in (ROOT / "experiments" / "evidence").glob("*.py"):
        names = {node.module for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)}
        if path.stem in {"trial", "load", "typed_in", "estimators", "declared"}:
            assert not {"sim.run", "experiments.store.runs", "experiments.execution.runner"} & names
