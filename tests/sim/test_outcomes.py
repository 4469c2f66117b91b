"""What a run reports: city figures follow from neighbourhoods, causes add up, and counts agree with expectations."""

import math

import numpy as np
import pytest
from extremes import scenario
from lively import all_shocks, everything, lively_city

from sim.enumerations import MARKETS
from sim.levers import enforce
from sim.month import months
from sim.outcomes import (
    AGENCY_COLUMNS,
    CHARTED,
    DETAIL_GROUPS,
    HEADLINES,
    MAIN_GROUPS,
    MARKET_COLUMNS,
    OUTCOME,
    OUTCOMES,
    STUDIED,
    in_group,
    outcome_index,
    outcome_weights,
    parts_of,
)
from sim.parameters import parameter
from sim.processes import flows, homicide, membership, policy_delivery
from sim.run import begin_city, run_arms
from sim.scenario import MeasureUse, Policy, Shock, load_policy
from sim.state import copy_city

CAUSES = (
    "gang_homicide_rate",
    "discipline_homicide_rate",
    "dispute_homicide_rate",
    "bystander_homicide_rate",
    "domestic_homicide_rate",
    "police_killings",
    "officer_homicide_rate",
    "vigilante_homicide_rate",
    "communal_homicide_rate",
    "market_homicide_rate",
    "prison_homicide_rate",
)
"""Every kind of killing, written down apart from the declaration of outcomes."""
AGENCIES = ("city", "police", "justice", "nation", "schools", "business", "donors")
PARTS = {
    "homicide_rate": CAUSES,
    "market_homicide_rate": tuple(
        f"{market}_{kind}"
        for market in ("drugs", "transport", "goods", "firearms", "venues")
        for kind in ("hits", "entry_violence")
    ),
    "cost": tuple(f"paid_by_{agency}" for agency in AGENCIES),
}
RANDOM_SCENARIOS = (2_000, 2_005, 2_012, 2_050, 2_071, 2_090, 15_000, 15_010, 15_020, 19_999)
"""Random cities, policies, shocks and parameters, see `tests/extremes.py`."""
SHARES = [each for each in OUTCOMES if each.unit.startswith("share")]


@pytest.fixture(scope="module")
def lived(sandbox):
    """Two years of the sandbox under all pillars, at a scale with some 1 400 rows."""
    (result,) = run_arms(sandbox, [load_policy("all_four")], seed=5, months=24, scale=0.05)
    return result


@pytest.fixture(scope="module")
def people(sandbox):
    return np.array([each.population for each in sandbox.neighbourhoods], dtype=float)


def monthly(result, name):
    return result.city_monthly[:, outcome_index(name)].astype(float)


def yearly(result, name):
    return result.place_yearly[:, :, outcome_index(name)].astype(float)


def test_every_outcome_is_declared_once():
    assert len({each.name for each in OUTCOMES}) == len(OUTCOMES)
    assert OUTCOME.names == tuple(each.name for each in OUTCOMES)
    assert [outcome_index(each.name) for each in OUTCOMES] == list(range(len(OUTCOMES)))
    with pytest.raises(KeyError):
        outcome_index("happiness")


@pytest.mark.parametrize("each", OUTCOMES, ids=lambda each: each.name)
def test_an_outcome_says_what_it_is(each):
    assert each.better in ("lower", "higher", "neither")
    assert each.weight in ("sum", "residents", "killings")
    assert each.title
    assert each.unit
    assert each.says.endswith(".")
    # Money is told as the amount it is, however small.
    assert each.least > 0 or each.unit.startswith("million")
    assert each.floor >= 0


def test_each_outcome_is_weighed_as_declared():
    weights = outcome_weights()
    assert weights[outcome_index("homicides")] == -2
    assert weights[outcome_index("fear")] == -1
    assert weights[outcome_index("clearance")] == outcome_index("killings_expected")


def test_the_recorder_fills_every_outcome(city, params, seed):
    city.outcome_values[:] = np.nan
    months(city, params, seed, 0, 1, np.zeros((1, len(OUTCOMES)), np.float32), np.zeros((1, 9, len(OUTCOMES)), np.float32))
    assert np.isfinite(city.outcome_values).all()
    assert np.isfinite(city.city_outcome).all()


def test_city_figures_are_the_declared_means_of_the_neighbourhoods(city, params, seed):
    months(city, params, seed, 0, 3, np.zeros((3, len(OUTCOMES)), np.float32), np.zeros((1, 9, len(OUTCOMES)), np.float32))
    values = city.outcome_values
    by = {"residents": city.neighbourhood["population"], "killings": values[:, outcome_index("killings_expected")]}
    for column, each in enumerate(OUTCOMES):
        expected = (
            values[:, column].sum() if each.weight == "sum" else np.average(values[:, column], weights=by[each.weight])
        )
        assert city.city_outcome[column] == pytest.approx(expected, rel=1e-12, abs=1e-15), each.name


def test_a_years_neighbourhoods_add_up_to_the_city(lived, people):
    for each in OUTCOMES:
        if each.weight == "killings":
            continue
        places = yearly(lived, each.name)
        city = places.sum(axis=1) if each.weight == "sum" else (places * people).sum(axis=1) / people.sum()
        np.testing.assert_allclose(city, monthly(lived, each.name).reshape(2, 12).mean(axis=1), rtol=2e-5, atol=1e-6)


def test_a_year_that_ends_early_is_the_mean_of_its_months(sandbox, people):
    (result,) = run_arms(sandbox, [load_policy("baseline")], seed=5, months=17, scale=0.02)
    assert result.city_monthly.shape[0] == 17
    assert result.place_yearly.shape[0] == 2
    fear = (yearly(result, "fear") * people).sum(axis=1) / people.sum()
    np.testing.assert_allclose(fear, [monthly(result, "fear")[:12].mean(), monthly(result, "fear")[12:].mean()], rtol=1e-5)


def test_killings_expected_are_the_homicide_rate_of_all_residents(lived, people):
    np.testing.assert_allclose(
        monthly(lived, "killings_expected"), monthly(lived, "homicide_rate") * people.sum() / 1e5, rtol=1e-5
    )


def test_the_outcomes_that_are_parts_of_others_are_these():
    declared = {}
    for each in OUTCOMES:
        if each.part_of:
            declared.setdefault(each.part_of, []).append(each.name)
    assert {whole: sorted(parts) for whole, parts in declared.items()} == {
        whole: sorted(parts) for whole, parts in PARTS.items()
    }
    for whole, parts in PARTS.items():
        assert sorted(part.name for part in parts_of(whole)) == sorted(parts)


@pytest.mark.parametrize("number", RANDOM_SCENARIOS)
def test_parts_add_up_to_the_whole_in_every_place_and_month_of_random_scenarios(number):
    each = scenario(number)
    state, params = begin_city(each.city, seed=number, scale=each.scale, settings=each.settings, burn_in=12)
    state = enforce(state, each.city, each.policy, each.shocks, params)
    tables = (
        np.zeros((24, len(OUTCOMES)), np.float32),
        np.zeros((2, len(each.city.neighbourhoods), len(OUTCOMES)), np.float32),
    )
    for month in range(24):
        months(state, params, np.uint64(number), month, month + 1, *tables)
        for whole, parts in PARTS.items():
            for values in (state.outcome_values, state.city_outcome):
                added = sum(values[..., outcome_index(part)] for part in parts)
                np.testing.assert_allclose(added, values[..., outcome_index(whole)], rtol=1e-9, atol=1e-9, err_msg=whole)


def test_every_kind_of_killing_occurs_where_everything_happens():
    shocks = all_shocks()
    (result,) = run_arms(lively_city(), [everything()], seed=2, months=8, scale=0.05, shocks=shocks)
    assert [cause for cause in CAUSES if not monthly(result, cause).any()] == []


def test_outcomes_know_where_reports_show_them():
    assert all(each.group in (*MAIN_GROUPS, *DETAIL_GROUPS) for each in OUTCOMES)
    assert all(in_group(group) for group in (*MAIN_GROUPS, *DETAIL_GROUPS))
    assert in_group("No such topic") == ()
    assert set(STUDIED) <= set(CHARTED) <= set(HEADLINES)
    assert HEADLINES[: len(CHARTED)] == CHARTED
    assert len(set(HEADLINES)) == len(HEADLINES)
    assert {each.name for each in OUTCOMES if each.headline} == set(HEADLINES)
    assert all(each.unit == "killings a year" for each in OUTCOMES if each.as_drawn)


def test_those_whom_a_prison_riot_kills_are_told_apart(sandbox, people):
    """No cause of the street is charged with those who die inside."""
    riot = Shock(name="riot", title="Riot", about="A riot.", kind="prison riot", size=1.0, start=4)
    (result,) = run_arms(
        sandbox,
        [load_policy("baseline")],
        seed=5,
        months=6,
        scale=0.2,
        shocks=[riot],
        parameters={"justice.riot_death_share": 0.05},
    )
    killed = monthly(result, "prison_homicide_rate")
    inside = 1.2e6 * 0.05 * monthly(result, "prisoners")[2] / people.sum()
    np.testing.assert_array_equal(killed[[0, 1, 2, 4, 5]], 0.0)
    assert killed[3] == pytest.approx(inside, rel=1e-4)


def test_figures_of_markets_and_bills_of_agencies_are_written_to_the_columns_of_their_names():
    written = [OUTCOMES[column].name for columns in MARKET_COLUMNS for column in columns]
    assert written == [
        f"{market}_{figure}" for market in MARKETS for figure in ("levied", "hits", "entry_violence", "closure")
    ]
    assert [OUTCOMES[column].name for column in AGENCY_COLUMNS] == [f"paid_by_{agency}" for agency in AGENCIES]


def test_the_bill_of_the_pillars_and_the_prisons_is_the_citys(lived):
    pillars = sum(monthly(lived, f"cost_{pillar}") for pillar in ("regulation", "enforcement", "engagement", "resilience"))
    prisons = parameter("costs.prison_year").default * monthly(lived, "prisoners")
    # The ledger counts prisoners at the end of the month, of which the bill is made up.
    np.testing.assert_allclose(pillars + prisons / 1e6, monthly(lived, "cost"), rtol=1e-4)


def test_quadrants_of_resilience_are_parts_of_the_city(lived):
    both = monthly(lived, "high_resilience") + monthly(lived, "low_resilience")
    assert (both <= 1).all()
    assert (both >= 0).all()


def test_groups_of_victims_are_parts_of_all_victims(lived):
    for part in ("female_homicide_rate", "youth_homicide_rate"):
        assert (monthly(lived, part) > 0).all()
        assert (monthly(lived, part) < monthly(lived, "homicide_rate")).all()
    assert (monthly(lived, "homicides_recorded") <= monthly(lived, "homicides")).all()
    assert (monthly(lived, "serious_assaults") > monthly(lived, "homicide_rate")).all()


def test_parts_never_exceed_the_whole(lived):
    assert (monthly(lived, "recruits_under_18") <= monthly(lived, "recruits")).all()
    assert (monthly(lived, "prison_members") <= monthly(lived, "prisoners")).all()


@pytest.mark.parametrize("each", SHARES, ids=lambda each: each.name)
def test_a_share_lies_between_0_and_1(lived, each):
    values = lived.place_yearly[:, :, outcome_index(each.name)]
    assert (values >= 0).all()
    assert (values <= 1).all()


def test_the_governance_index_is_the_mean_of_its_four_parts(lived):
    parts = sum(monthly(lived, part) for part in ("extortion_share", "territory", "closure", "order"))
    np.testing.assert_allclose(monthly(lived, "criminal_governance_index"), 25.0 * parts, rtol=1e-5)


def test_of_what_passes_through_the_ordinary_city_the_ordinary_share_is_seized(at_rest, params, seed):
    at_rest.flows.level[:] = 1.0
    flows.update(at_rest, params, seed, 0)
    assert at_rest.city_state[0].seizures_true == pytest.approx(params.flows[0].seizure_share)


def gaps(sandbox, policy, outcome, seeds):
    """Killings that happened less killings expected, over two years, one figure a seed."""
    found = []
    for seed in seeds:
        (result,) = run_arms(
            sandbox, [policy], seed=seed, months=24, scale=0.2, parameters={"homicide.dispute_killing_rate": 1.5e-5}
        )
        found.append((monthly(result, outcome) - monthly(result, "killings_expected")).sum() / 12.0)
    return np.array(found)


def z(values):
    return values.mean() / (values.std(ddof=1) / math.sqrt(values.size))


def test_as_many_are_killed_as_were_expected(sandbox):
    assert abs(z(gaps(sandbox, load_policy("baseline"), "homicides", range(40)))) < 4


@pytest.fixture
def all_trained(city):
    """The city with every member through training, as last month's programme left it written down."""
    trained = copy_city(city)
    trained.youth.training_effect[:] = 1.0
    trained.trained[:] = trained.members
    return trained


def test_killings_expected_of_trained_members_are_fewer_by_what_training_does(city, all_trained, params, seed):
    """Training keeps members out of attacks: the expectation must know it, or that effect stays unseen."""
    for each in (city, all_trained):
        each.owed[:] = 0.0
        policy_delivery.look_around(each)
        homicide.update(each, params, seed, 0)
    fewer = 1.0 - params.homicide[0].training_on_attacks
    np.testing.assert_allclose(
        all_trained.neighbourhood["deaths_rivalry"], fewer * city.neighbourhood["deaths_rivalry"], rtol=1e-9
    )


def test_killings_expected_are_never_below_none_when_most_of_the_trained_have_left(all_trained, params, seed):
    """What training did is last month's count; members may have left since, or gone to another gang."""
    youth = all_trained.youth
    for i in range(9):
        for k in range(4):
            rows = np.flatnonzero((youth.home == i) & (youth.gang == k) & (youth.status == 0))
            for row in rows[1:]:
                membership.quit_gang(all_trained, row)
    policy_delivery.look_around(all_trained)
    homicide.update(all_trained, params, seed, 0)
    assert (all_trained.neighbourhood["deaths_rivalry"] >= 0).all()
    assert (all_trained.gang["expected_dead"] >= 0).all()


def test_a_second_use_of_a_measure_at_level_0_costs_nothing(sandbox):
    def use(level):
        return MeasureUse(measure="P-S1", level=level, start=1 if level else 2)

    alone = Policy(name="alone", title="Alone", about="After school.", measures=(use(1.0),))
    beside = Policy(name="beside", title="Beside", about="After school, and nothing.", measures=(use(1.0), use(0.0)))
    one, two = run_arms(sandbox, [alone, beside], seed=3, months=12, scale=0.02)
    np.testing.assert_array_equal(monthly(one, "places_filled"), monthly(two, "places_filled"))
    np.testing.assert_array_equal(monthly(one, "cost"), monthly(two, "cost"))
