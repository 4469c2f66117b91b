"""What a city file says of its fit: a mark that no later change fits, a line where it is told, a block that is written."""

import json
import os
import re
import stat

import numpy as np
import pytest

from experiments.comparison import fitted
from experiments.comparison.fitted import (
    block,
    check_writable,
    fingerprint,
    fit_text,
    off_levels,
    read_text,
    standing,
    write_block,
)
from experiments.execution.runner import Cancelled
from experiments.own_city import fit as fitting
from experiments.own_city.city_levels import Reached
from experiments.own_city.fit import Fit
from sim.errors import InputError
from sim.files import parse_mapping, write_city_template
from sim.outcomes import outcome_index
from sim.scenario import Calibration, City, list_cities, load_city
from tests.grid_city import grid_values

SMALL = ["--months", "12", "--replications", "4"]


def city_of(values):
    return City.model_validate(values)


def made_up(converged=True, **numbers):
    reached = {
        "homicide_rate": Reached(target=17.0, mean=17.1, standard_error=0.12),
        "gang_share": Reached(target=0.4, mean=0.401, standard_error=0.003),
        "membership": Reached(target=0.03, mean=0.0301, standard_error=0.0002),
    }
    return Fit(
        numbers={"join_intercept": -5.5, "rivalry": 0.0003, "disputes": 4.5e-06} | numbers,
        reached=reached,
        converged=converged,
        reason="" if converged else "killings by gangs cannot come lower (rivalry is at its bound)",
        rounds=4,
        runs=90,
        futures=40,
        months=120,
        seed=1,
        scale=0.5,
    )


@pytest.fixture
def town(tmp_path):
    return write_city_template("harbour_town", tmp_path)


@pytest.fixture
def found(monkeypatch):
    """The fit that every city gets; a test may set what it is, and read how it was asked for."""
    answer = {"fit": made_up(), "asked": {}}

    def fit_city(city, **asked):
        answer["asked"] = asked
        if isinstance(answer["fit"], BaseException):
            raise answer["fit"]
        return answer["fit"]

    monkeypatch.setattr(fitting, "fit_city", fit_city)
    return answer


# The fingerprint ------------------------------------------------------------------------------------------------------

VALUES = grid_values(6)


@pytest.mark.parametrize("name", list_cities())
def test_every_city_of_the_package_is_as_it_was_fitted(name):
    city = load_city(name)
    assert standing(city) == "fitted"
    assert fit_text(city) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda v: v["levels"].update(homicide_rate=17.1),
        lambda v: v["levels"].update(fear=0.36),
        lambda v: v["neighbourhoods"][2].update(poverty=0.3),
        lambda v: v["neighbourhoods"][2].update(population=12_001),
        lambda v: v["neighbourhoods"][2].update(minority=0.2),
        lambda v: [v["neighbourhoods"][0]["adjacent"].append("Area 5"), v["neighbourhoods"][5]["adjacent"].append("Area 0")],
        lambda v: v["gangs"].pop(),
        lambda v: v["gangs"][0].update(organisation="weak"),
        lambda v: v["gangs"][0].update(homes=["Area 0"]),
        lambda v: v["police"].update(follows=0.5),
        lambda v: v["flows"].update(drugs=1.2),
        lambda v: v["markets"].update(drugs=0.6),
        lambda v: v.update(youth_share=0.33),
        lambda v: v.update(corridors=[{"flow": "drugs", "through": ["Area 0", "Area 1"]}]),
    ],
)
def test_whatever_moves_the_levels_of_a_city_changes_its_fingerprint(change):
    values = json.loads(json.dumps(VALUES))
    change(values)
    assert fingerprint(city_of(values)) != fingerprint(city_of(VALUES))


@pytest.mark.parametrize(
    "change",
    [
        lambda v: v.update(name="other", title="Other", about="Other.", sources={"x": "y"}),
        lambda v: v.update(currency="euros", money_per_dollar=0.9),
        lambda v: v["calibration"].update(disputes=1e-6, method="by hand"),
        lambda v: v["neighbourhoods"][1].update(tile=[77, 77], homicides_observed=3.0),
        lambda v: v["levels"].pop("phones"),
        lambda v: v["gangs"][0].update(name="Renamed"),
    ],
)
def test_texts_names_and_what_is_the_default_anyway_do_not(change):
    values = json.loads(json.dumps(VALUES))
    change(values)
    assert fingerprint(city_of(values)) == fingerprint(city_of(VALUES))


def test_renaming_a_neighbourhood_everywhere_does_not():
    renamed = json.loads(json.dumps(VALUES).replace("Area 3", "Harbour"))
    assert fingerprint(city_of(renamed)) == fingerprint(city_of(VALUES))


# What is said ---------------------------------------------------------------------------------------------------------


def marked(city, **levels):
    """Return a city with the mark of a fit, and with some levels changed after it."""
    numbers = city.calibration.model_copy(update={"fingerprint": fingerprint(city)})
    return city.model_copy(update={"calibration": numbers, "levels": city.levels.model_copy(update=levels)})


def test_one_line_says_how_a_city_stands_and_names_the_command(town):
    city = load_city(town)
    never = "This city was never fitted to the levels of its file"
    assert fit_text(city) == f"{never}. To fit it: citysafety fit harbour_town.yaml"
    assert fit_text(marked(city)) is None
    changed = fit_text(marked(city, homicide_rate=45.0))
    assert "changed since its file was fitted" in changed
    assert changed.endswith("citysafety fit harbour_town.yaml")
    off = {"homicide_rate": Reached(target=45.0, mean=17.84, standard_error=0.3)}
    says = fit_text(marked(city), off)
    assert says.startswith("Without policy the homicide rate stands at 17.8 per 100 000 where the file says 45. To fit")


def futures(city, rate, members, *, replications=12, spread=0.05, months=12):
    """Return a comparison of no policy whose levels are these."""
    from types import SimpleNamespace

    from sim.outcomes import OUTCOMES
    from sim.scenario import load_policy

    luck = np.random.default_rng(3).normal(1.0, spread, (2, replications))
    luck /= luck.mean(axis=1, keepdims=True)
    youths = sum(each.population for each in city.neighbourhoods) * city.youth_share
    monthly = np.zeros((1, replications, months, len(OUTCOMES)), np.float32)
    monthly[0, :, :, outcome_index("homicide_rate")] = rate * luck[0][:, None]
    monthly[0, :, :, outcome_index("gang_homicide_rate")] = city.levels.gang_share * rate * luck[0][:, None]
    monthly[0, :, :, outcome_index("gang_members")] = members * youths * luck[1][:, None]
    shared = {"city": city, "city_monthly": monthly, "replications": replications, "against": load_policy("baseline")}
    return SimpleNamespace(**shared, shocks=(), parameters={}, without=())


@pytest.mark.parametrize(
    ("rate", "members", "off"),
    [
        (17.0, 0.03, set()),
        (17.6, 0.0309, set()),
        (20.0, 0.03, {"homicide_rate"}),
        (14.0, 0.03, {"homicide_rate"}),
        (17.0, 0.04, {"membership"}),
        (float("nan"), 0.03, {"homicide_rate", "gang_share"}),
    ],
)
def test_levels_off_by_more_than_chance_allows_are_told(town, rate, members, off):
    assert set(off_levels(futures(load_city(town), rate, members))) == off


def test_chance_is_allowed_for_and_another_question_is_not_judged(town):
    city = load_city(town)
    assert off_levels(futures(city, 20.0, 0.03, spread=0.5)) == {}
    assert off_levels(futures(city, 20.0, 0.03, replications=1)) == {}
    away = futures(city, 20.0, 0.03)
    assert off_levels(away)
    for name, value in (("shocks", ("x",)), ("parameters", {"x": 1.0}), ("without", ("contagion",))):
        other = futures(city, 20.0, 0.03)
        setattr(other, name, value)
        assert off_levels(other) == {}


def test_only_the_first_ten_years_are_held_against_the_file(town):
    later = futures(load_city(town), 17.0, 0.03, months=240)
    later.city_monthly[:, :, 120:] *= 3.0
    assert off_levels(later) == {}


def test_run_compare_and_diagnose_say_it(core, ask, town):
    for arguments in (["run", town, *SMALL], ["compare", town, "--policy", "truce", *SMALL], ["diagnose", town]):
        code, out, err = ask(*arguments)
        assert (code, err) == (0, "")
        (line,) = [line for line in out.splitlines() if "citysafety fit" in line]
        assert "never fitted" in line
        code, out, _ = ask(*arguments, "--json")
        said = json.loads(out)["fit"]
        assert said["standing"] == "never fitted"
        assert said["says"] in line
    _, out, _ = ask("diagnose", "nairobi")
    assert "citysafety fit" not in out


@pytest.mark.parametrize("asked", [["run"], ["compare", "--policy", "truce"]])
def test_the_report_says_it(core, ask, town, tmp_path, asked, blank_figures):
    command, *policy = asked
    assert ask(command, town, *policy, *SMALL, "--out", tmp_path / "out")[0] == 0
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "This city was never fitted to the levels of its file" in page
    assert "citysafety fit harbour_town.yaml" in page


# Writing --------------------------------------------------------------------------------------------------------------


def test_fit_writes_the_block_and_nothing_else(ask, town, found):
    before = town.read_bytes().decode()
    code, out, err = ask("fit", town)
    assert (code, err) == (0, "")
    assert "homicide rate" in out
    after = town.read_bytes().decode()
    at = before.index("\ncalibration:")
    assert after[:at] == before[:at]
    assert after.endswith(before[before.index("\n\n", at) :])
    city = load_city(town)
    assert standing(city) == "fitted"
    assert fit_text(city) is None
    assert city.calibration.disputes == found["fit"].numbers["disputes"]
    assert (city.calibration.seed, city.calibration.scale) == (1, 0.5)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", city.calibration.date)
    assert "citysafety fit 0." in city.calibration.method
    assert "Homicide rate 17.1 (standard error 0.1) of 17" in city.calibration.fit


def test_an_old_block_reads_as_one_that_was_never_fitted():
    old = Calibration(join_intercept=-5.4, rivalry=2e-4, disputes=4e-6, method="m", date="d", fit="f")
    assert (old.seed, old.scale, old.fingerprint) == (None, None, None)


def test_options_of_fit_reach_it_and_json_is_one_object(ask, town, found):
    code, out, err = ask("fit", town, "--seeds", 24, "--scale", 0.1, "--workers", 1, "--seed", 9, "--json")
    assert (code, err) == (0, "")
    asked = {name: found["asked"][name] for name in ("seeds", "scale", "workers", "seed")}
    assert asked == {"seeds": 24, "scale": 0.1, "workers": 1, "seed": 9}
    (line,) = out.splitlines()
    said = json.loads(line)
    assert said["converged"] is said["written"] is True
    assert said["levels"]["homicide_rate"] == {"file": 17.0, "reached": 17.1, "standard_error": 0.12}
    assert said["numbers"] == found["fit"].numbers


def test_a_fit_that_has_not_converged_leaves_the_file_and_ends_with_3(ask, town, found):
    found["fit"] = made_up(converged=False)
    before = town.read_bytes()
    code, out, err = ask("fit", town)
    assert code == 3
    assert err.splitlines() == [
        f"citysafety: {town}: not fitted, killings by gangs cannot come lower (rivalry is at its bound); "
        "the file is unchanged"
    ]
    assert "nearest that was reached" in out
    assert "17.1" in out
    assert town.read_bytes() == before
    code, out, err = ask("fit", town, "--json")
    assert (code, json.loads(out)["written"]) == (3, False)
    code, _, err = ask("fit", town, "--force")
    assert code == 3
    assert "written all the same" in err
    assert load_city(town).calibration.fit.startswith("Not converged: killings by gangs")


def test_a_fit_that_is_stopped_writes_nothing(ask, town, found):
    found["fit"] = Cancelled("stopped; nothing was written")
    before = town.read_bytes()
    assert ask("fit", town)[0] == 130
    assert town.read_bytes() == before
    assert list(town.parent.iterdir()) == [town]


def test_a_city_of_the_package_is_not_changed(ask, found):
    code, _, err = ask("fit", "chicago")
    assert code == 2
    assert "belongs to the package; copy " in err
    assert err.count("\n") == 1
    assert found["asked"] == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("absent.yaml", "no such file"),
        ("fit", "city fit is unknown"),
        ("notes.txt", "ends in .yaml or .yml"),
    ],
)
def test_what_is_no_city_file_is_refused_in_one_line(ask, found, tmp_path, monkeypatch, text, says):
    monkeypatch.chdir(tmp_path)
    code, _, err = ask("fit", text)
    assert code == 2
    assert says in err
    assert err.count("\n") == 1


def test_permissions_stay_and_a_link_leads_to_its_file(ask, town, found, tmp_path):
    town.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(town.name)
    assert ask("fit", link)[0] == 0
    assert link.is_symlink()
    assert stat.S_IMODE(town.stat().st_mode) == 0o640
    assert standing(load_city(town)) == "fitted"
    assert sorted(tmp_path.iterdir()) == [town, link]


def test_a_read_only_file_is_refused_before_anything_runs(ask, town, found):
    town.chmod(0o444)
    code, _, err = ask("fit", town)
    assert code == 2
    assert "read-only" in err
    assert found["asked"] == {}


def test_a_file_that_cannot_be_changed_in_place_is_refused_before_anything_runs(ask, town, found):
    text = town.read_text("utf-8")
    town.write_text(text.replace("  join_intercept: -5.4", "  ? join_intercept\n  : -5.4"), "utf-8")
    code, _, err = ask("fit", town)
    assert code == 2
    assert "cannot be changed in place" in err
    assert found["asked"] == {}


def test_a_file_that_changed_meanwhile_is_left_as_it_is(town):
    before = read_text(town)
    city = load_city(town)
    town.write_text(before + "# edited\n", "utf-8")
    with pytest.raises(InputError, match="changed while it was fitted"):
        write_block(town, before, block(city, made_up()), "town.yaml")
    assert read_text(town) == before + "# edited\n"


def test_a_full_disk_leaves_the_file_as_it_is(town, monkeypatch):
    before = read_text(town)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="cannot be written \\(No space left on device\\)"):
        write_block(town, before, block(load_city(town), made_up()), "town.yaml")
    assert read_text(town) == before
    assert list(town.parent.iterdir()) == [town]


def test_a_file_that_is_not_there_cannot_be_written(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        check_writable(tmp_path / "absent.yaml", "absent.yaml")


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark_stay(town, line_end, mark):
    text = mark + read_text(town).replace("\n", line_end)
    town.write_bytes(text.encode())
    write_block(town, text, block(load_city(town), made_up()), "town.yaml")
    after = read_text(town)
    assert after.startswith(mark + "# A city")
    assert after.count("\n") == after.count(line_end)
    assert parse_mapping(after.removeprefix("\ufeff"), "x")["calibration"]["rivalry"] == 0.0003
    assert fitted.standing(load_city(town)) == "fitted"
