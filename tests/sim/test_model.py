"""The Mesa face of the model lives the same months as a whole run, byte for byte."""

import copy
import pickle
import subprocess
import sys

import mesa
import numpy as np
import pytest
from lively import all_shocks, everything, lively_city
from stepped import arrays_of, last_rate, model_of, same_bytes

import sim
from sim.agents import CommunityGroup, Gang, Neighbourhood, PoliceUnit, Youth, YouthSet
from sim.errors import InputError
from sim.levers import enforce
from sim.model import CitySafetyModel
from sim.month import months
from sim.outcomes import OUTCOMES, outcome_index
from sim.run import automatic_scale, begin_city, run_arms
from sim.scenario import load_city, load_policy, load_shock


@pytest.fixture(scope="module")
def sandbox():
    return load_city("sandbox")


# The same as a whole run


@pytest.mark.parametrize("policy", ["baseline", "all_four"])
@pytest.mark.parametrize("length", [24, 30])
def test_stepping_equals_the_whole_run(sandbox, policy, length):
    (whole,) = run_arms(sandbox, [load_policy(policy)], seed=5, months=length)
    model = model_of(sandbox, policy, scale=1.0, months=length)
    for _ in range(length):
        model.step()
    assert same_bytes(model.city_monthly, whole.city_monthly)
    assert same_bytes(model.place_yearly, whole.place_yearly)
    assert model.events == whole.events


@pytest.mark.parametrize("policy", ["baseline", "all_four"])
def test_stepping_leaves_every_array_as_the_whole_run_does(sandbox, policy):
    state, params = begin_city(sandbox, seed=5, scale=0.3)
    state = enforce(state, sandbox, load_policy(policy))
    monthly = np.zeros((24, len(OUTCOMES)), np.float32)
    yearly = np.zeros((2, 9, len(OUTCOMES)), np.float32)
    months(state, params, np.uint64(5), 0, 24, monthly, yearly)
    model = model_of(sandbox, policy, scale=0.3)
    model.run_for(24)
    whole, stepped = arrays_of(state), arrays_of(model.state)
    assert len(whole) > 60
    assert [name for name in whole if not same_bytes(whole[name], stepped[name])] == []
    assert same_bytes(monthly, model.city_monthly)
    assert len(months.signatures) == 1


def test_settings_shocks_and_the_automatic_scale_reach_the_run(sandbox):
    settings = {"homicide.retaliation_ratio": 0.6}
    (whole,) = run_arms(
        sandbox,
        [load_policy("baseline")],
        seed=2,
        months=12,
        scale=automatic_scale(sandbox),
        parameters=settings,
        shocks=[load_shock("pact")],
    )
    model = CitySafetyModel("sandbox", seed=2, scale="auto", settings=settings, months=12, shocks=[load_shock("pact")])
    model.run_for(12)
    assert model.scale == whole.scale
    assert same_bytes(model.city_monthly, whole.city_monthly)


def test_mechanisms_that_are_off_are_off_in_the_model_too(sandbox):
    off = {"without": ["peers", "fear"]}
    (whole,) = run_arms(sandbox, [load_policy("all_four")], seed=5, months=12, scale=0.1, **off)
    model = model_of(sandbox, "all_four", months=12, **off)
    model.run_for(12)
    assert same_bytes(model.city_monthly, whole.city_monthly)
    assert model.params.recruitment[0].peers_on_joining == 0.0


def test_every_measure_and_every_shock_does_in_the_model_what_it_does_in_a_run():
    """Also what an unsound partner costs, which is a parameter."""
    city, settings = lively_city(), {"policy_delivery.partner_loss_illicit_trade": 0.8, "policy_delivery.leakage_share": 0.5}
    shocks = all_shocks()
    (whole,) = run_arms(city, [everything()], seed=5, months=18, scale=0.1, parameters=settings, shocks=shocks)
    model = CitySafetyModel(city, everything(), seed=5, months=18, scale=0.1, settings=settings, shocks=shocks)
    model.run_for(18)
    assert same_bytes(model.city_monthly, whole.city_monthly)
    assert same_bytes(model.place_yearly, whole.place_yearly)
    assert model.events == whole.events


def test_two_models_in_one_process_do_not_touch_each_other(sandbox):
    alone = model_of(sandbox, "all_four", seed=7)
    alone.run_for(24)
    one, other = model_of(sandbox, "all_four", seed=7), model_of(sandbox, seed=8)
    for _ in range(24):
        other.step()
        one.step()
    assert same_bytes(one.city_monthly, alone.city_monthly)
    assert not same_bytes(other.city_monthly, alone.city_monthly)
    assert one.neighbourhoods[3].fear == alone.neighbourhoods[3].fear != other.neighbourhoods[3].fear
    assert next(iter(one.youths)) not in other.youths


def test_looking_at_agents_changes_nothing(sandbox):
    unseen, seen = model_of(sandbox), model_of(sandbox)
    unseen.run_for(24)
    for _ in range(24):
        seen.step()
        seen.youths.select(lambda youth: youth.age < 18, at_most=20).sort("proneness").to_dataframe()
        seen.agents.shuffle_do(lambda agent: agent.name)
        seen.neighbourhood_frame()
    assert same_bytes(seen.city_monthly, unseen.city_monthly)


# Mesa's manners


def test_it_is_a_mesa_model_with_its_agents_by_type(sandbox):
    model = model_of(sandbox)
    assert isinstance(model, mesa.Model)
    by_type = model.agents_by_type
    assert set(by_type) == {Neighbourhood, Gang, PoliceUnit, CommunityGroup, Youth}
    assert isinstance(by_type[Youth], YouthSet)
    assert len(by_type[Neighbourhood]) == len(by_type[PoliceUnit]) == 9
    # Five that the file lists, and one of each of five ordinary kinds in every neighbourhood.
    assert len(by_type[CommunityGroup]) == 5 + 5 * 9
    assert len(by_type[Gang]) == int(model.state.gang["alive"].sum())
    assert all(isinstance(agent, mesa.Agent) and agent.model is model for agent in model.agents)
    numbers = [agent.unique_id for agent in model.agents] + model.youths.get("unique_id")
    assert len(set(numbers)) == len(numbers) == len(model.agents) + len(model.youths)


def test_a_city_without_groups_still_lists_them(sandbox):
    model = model_of(sandbox.model_copy(update={"groups": (), "ordinary_groups": 0.0}), months=1)
    assert len(model.agents_by_type[CommunityGroup]) == 0
    assert CommunityGroup not in {type(agent) for agent in model.agents}


def test_the_clock_counts_months_and_stops(sandbox):
    model = model_of(sandbox, months=6)
    assert (model.month, model.time, model.running) == (0, 0.0, True)
    model.run_for(4)
    assert (model.month, model.time, model.running) == (4, 4.0, True)
    model.run_model()
    assert (model.month, model.time, model.running) == (6, 6.0, False)


@pytest.mark.parametrize("go_on", [lambda model: model.step(), lambda model: model.run_for(3)])
def test_going_on_beyond_the_last_month_is_refused_and_changes_nothing(sandbox, go_on):
    model = model_of(sandbox, months=2)
    model.run_for(1)
    with pytest.raises(RuntimeError, match=r"made for 2 months and has lived 1; make it with months=\d or more"):
        model.run_for(5)
    model.step()
    for _ in range(2):
        with pytest.raises(RuntimeError, match="has lived 2"):
            go_on(model)
    assert (model.month, model.time) == (2, 2.0)


def test_events_of_mesa_see_the_month_they_are_due(sandbox):
    model = model_of(sandbox, months=6)
    seen = []

    def look():
        seen.append((model.time, model.month))

    model.schedule_event(look, at=3.5)
    model.run_for(6)
    assert seen == [(3.5, 3)]


def test_the_collected_months_are_the_recorded_ones(sandbox):
    model = model_of(sandbox)
    assert model.datacollector.get_model_vars_dataframe().empty
    model.run_for(7)
    frame = model.datacollector.get_model_vars_dataframe()
    assert list(frame.columns) == [each.name for each in OUTCOMES]
    assert np.array_equal(frame.to_numpy(), model.city_monthly[:7].astype(float))


def test_neighbourhoods_are_told_by_month_and_by_year(sandbox):
    model = model_of(sandbox, months=30)
    model.run_for(13)
    month = model.neighbourhood_frame()
    assert month.index.tolist() == [each.name for each in sandbox.neighbourhoods]
    assert month.loc["Ixley", "homicide_rate"] == model.neighbourhood("Ixley").outcome("homicide_rate")
    total = month["gang_members"].sum()
    assert total == pytest.approx(model.city_monthly[12, outcome_index("gang_members")], rel=1e-6)
    assert model.yearly_frame().index.get_level_values("year").unique().tolist() == [0]
    model.run_for(17)
    yearly = model.yearly_frame()
    assert yearly.index.get_level_values("year").unique().tolist() == [0, 1, 2]
    assert yearly.loc[(2, "Ixley"), "fear"] == model.place_yearly[2, 8, outcome_index("fear")]


# Copies


@pytest.mark.parametrize("twin_of", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_copy_has_the_same_past_and_the_same_luck_ahead(sandbox, twin_of):
    model = model_of(sandbox, "all_four")
    model.run_for(9)
    twin = twin_of(model)
    before = arrays_of(twin.state)
    assert not any(np.shares_memory(before[name], array) for name, array in arrays_of(model.state).items())
    model.run_for(15)
    assert twin.month == 9
    twin.run_for(15)
    assert same_bytes(twin.city_monthly, model.city_monthly)
    assert np.shares_memory(twin.state.outcome, twin.state.outcome_values)
    assert np.shares_memory(twin.state.levers, twin.state.lever_values)
    assert all(agent.model is twin for agent in twin.agents)
    assert twin.youths.model is twin
    # A gang may be born into the slot of an older one that ended, so that slots are not in the order of birth.
    assert set(twin.gangs) == set(twin.agents_by_type[Gang])
    assert twin.datacollector.get_model_vars_dataframe().equals(model.datacollector.get_model_vars_dataframe())
    assert len(months.signatures) == 1


def test_a_shallow_copy_is_refused(sandbox):
    with pytest.raises(TypeError, match=r"copy\.deepcopy"):
        copy.copy(model_of(sandbox, months=1))


# Luck, as Mesa gives it


def test_rng_and_seed_are_two_names_of_one_number():
    small = {"scale": 0.01, "months": 1}
    assert CitySafetyModel("sandbox", rng=3, **small).seed == CitySafetyModel("sandbox", seed=3, **small).seed == 3
    assert CitySafetyModel("sandbox", **small).seed == CitySafetyModel("sandbox", rng=None, seed=None, **small).seed == 1
    assert CitySafetyModel("sandbox", rng=np.int64(4), **small).seed == 4


ARMS = {"city": "sandbox", "policy": ["baseline", "all_four"], "months": 3, "scale": 0.01}


@pytest.mark.parametrize(
    ("parameters", "options", "seeds"),
    [
        ({}, {}, [1]),
        ({}, {"rng": 5}, [5]),
        ({}, {"rng": [5, 2]}, [5, 2]),
        ({}, {"rng": [None, None]}, [1, 2]),
        ({}, {"iterations": 3}, [1, 2, 3]),
        ({"seed": [5, 2]}, {}, [5, 2]),
        ({"seed": 5}, {"iterations": 1}, [5]),
    ],
)
@pytest.mark.filterwarnings("ignore:The `iterations` keyword:DeprecationWarning")
def test_every_form_of_mesas_batches_runs_all_policies_with_the_same_luck(parameters, options, seeds):
    rows = mesa.batch_run(CitySafetyModel, {**ARMS, **parameters}, display_progress=False, **options)
    found = {policy: sorted(row["homicide_rate"] for row in rows if row["policy"] == policy) for policy in ARMS["policy"]}
    told = {policy: sorted(last_rate(policy, seed) for seed in seeds) for policy in ARMS["policy"]}
    assert found == told


def test_mesas_batches_run_in_processes_and_tell_every_month():
    rows = mesa.batch_run(
        CitySafetyModel, ARMS, rng=[2], number_processes=2, data_collection_period=1, display_progress=False
    )
    assert len(rows) == 2 * 3
    last = {row["policy"]: row["homicide_rate"] for row in rows if row["Step"] == 3}
    assert last == {policy: last_rate(policy, 2) for policy in ARMS["policy"]}


def test_one_shock_or_mechanism_needs_no_list(sandbox):
    model = CitySafetyModel(sandbox, shocks="pact", without="peers", months=1, scale=0.01)
    assert [each.name for each in model.shocks] == ["pact"]
    assert model.params.recruitment[0].peers_on_joining == 0.0


# What is refused


@pytest.mark.parametrize(
    ("city", "options", "says"),
    [
        ("sandbax", {}, "did you mean sandbox"),
        ("sandbox", {"policy": "trucee"}, "did you mean truce"),
        ("sandbox", {"months": 0}, "months"),
        ("sandbox", {"seed": -1}, "seed"),
        ("sandbox", {"scale": 0}, "scale"),
        ("sandbox", {"settings": {"homicide.nothing": 1.0}}, "homicide.nothing"),
        ("sandbox", {"without": ["peer"]}, "did you mean peers"),
        ("sandbox", {"rng": 1, "seed": 2}, "rng is 1 and seed is 2; give one of them"),
        ("sandbox", {"rng": 1.5}, "rng is 1.5; it must be a whole number"),
        ("sandbox", {"seed": True}, "seed is true; it must be a whole number"),
        ("sandbox", {"rng": np.random.default_rng(1)}, "rng is a Generator; it must be a whole number"),
        ("sandbox", {"settings": "homicide.retaliation_ratio"}, "settings is 'homicide.retaliation_ratio'; give a mapping"),
    ],
)
def test_what_cannot_be_run_is_refused_in_one_line(city, options, says):
    with pytest.raises(InputError) as caught:
        CitySafetyModel(city, **options)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_keyword_is_refused_as_by_any_function():
    with pytest.raises(TypeError, match=r"CitySafetyModel\(\) got an unexpected keyword argument 'sed'"):
        CitySafetyModel("sandbox", sed=1)


def test_an_unknown_neighbourhood_is_refused_with_the_nearest_name(sandbox):
    with pytest.raises(InputError, match="did you mean Ixley"):
        model_of(sandbox, months=1).neighbourhood("Ixly")


# The package


def test_the_package_loads_neither_numba_nor_mesa():
    code = "import sys, sim; dir(sim); sim.load_city; sys.exit(bool({'mesa', 'numba', 'pandas'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_public_name_of_the_package_is_there():
    assert sim.CitySafetyModel is CitySafetyModel
    assert all(getattr(sim, name) is not None for name in sim.__all__)
    assert set(sim.__all__) <= set(dir(sim))
    assert sorted(sim.__all__) == sorted(name for names in sim._HOLDS.values() for name in names)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        sim.nothing  # noqa: B018
