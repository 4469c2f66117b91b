"""Agents read their rows and keep nothing; youths answer as Mesa's own sets do, from columns."""

import copy
import pickle
import random

import mesa
import numpy as np
import pytest

from sim.agents import CommunityGroup, Gang, Neighbourhood, PoliceUnit, Youth, YouthSet
from sim.enumerations import MARKETS
from sim.model import CitySafetyModel
from sim.processes.trafficking import rent_by_gangs
from sim.state import ACTIVITIES, DEAD, GANG, GROUP, NEIGHBOURHOOD, POLICE, PRISON
from sim.state import Youth as YouthColumns


@pytest.fixture(scope="module")
def model():
    lived = CitySafetyModel("sandbox", "all_four", seed=11, scale=0.05, months=12)
    lived.run_for(12)
    return lived


@pytest.fixture(scope="module")
def youths(model):
    return model.agents_by_type[Youth]


class Person(mesa.Agent):
    """The same youth as an ordinary agent of Mesa."""

    def __init__(self, model, row, values):
        super().__init__(model)
        self.row = row
        for name, value in values.items():
            setattr(self, name, value)


FIELDS = ("age", "neighbourhood", "gang", "status", "activity", "proneness", "alive")


@pytest.fixture(scope="module")
def people(youths):
    """Every youth as an ordinary agent, in an ordinary set."""
    town = mesa.Model(rng=1)
    for row, values in enumerate(youths.to_dataframe(FIELDS).to_dict("records")):
        Person(town, row, values)
    return town.agents


def rows(agents):
    return [agent.row for agent in agents]


# Tens of agents


@pytest.mark.parametrize(
    ("kind", "table", "record"),
    [
        (Neighbourhood, "neighbourhood", NEIGHBOURHOOD),
        (Gang, "gang", GANG),
        (PoliceUnit, "police", POLICE),
        (CommunityGroup, "group", GROUP),
    ],
)
def test_every_field_reads_its_row_as_a_plain_value(model, kind, table, record):
    for agent in model.agents_by_type[kind]:
        for name in record.names:
            value = getattr(agent, name)
            assert type(value) in (int, float, str)
            if not isinstance(value, str):
                assert value == getattr(model.state, table)[name][agent.row]


def test_fields_read_the_state_as_it_is_now(model):
    twin = copy.deepcopy(model)
    twin.state.neighbourhood["fear"][4] = 0.125
    assert twin.neighbourhoods[4].fear == 0.125
    assert model.neighbourhoods[4].fear != 0.125


@pytest.mark.parametrize("kind", [Neighbourhood, Gang, PoliceUnit, CommunityGroup])
def test_no_field_can_be_written(model, kind):
    agent = model.agents_by_type[kind].to_list()[0]
    with pytest.raises(AttributeError, match="belongs to the model"):
        setattr(agent, {Gang: "members", Neighbourhood: "fear", PoliceUnit: "abuse"}.get(kind, "credibility"), 0.5)
    with pytest.raises(AttributeError):
        agent.nothing  # noqa: B018


def test_a_user_may_keep_notes_on_registered_agents(model):
    model.neighbourhoods[0].colour = "green"
    assert model.neighbourhoods[0].colour == "green"


def test_neighbourhoods_know_their_surroundings(model):
    ixley = model.neighbourhood("Ixley")
    assert [each.name for each in ixley.adjacent] == ["Fennop", "Hobbix"]
    assert ixley.neighbourhood == "Ixley"
    assert ixley.place is ixley
    assert set(ixley.youths.get("neighbourhood")) == {"Ixley"}
    assert len(ixley.youths) == ixley.last - ixley.first
    assert sum(ixley.control.values()) == pytest.approx(ixley.controlled)
    assert repr(ixley) == "<Neighbourhood Ixley>"


def test_neighbourhoods_know_their_markets(model):
    """E06: by name, as plain numbers."""
    for place in model.neighbourhoods:
        assert tuple(place.markets) == MARKETS
        for m, market in enumerate(place.markets.values()):
            assert all(type(value) is float for value in market.values())
            assert market["organised"] == model.state.organised[place.row, m]
            assert market["levied"] == model.state.levied[place.row, m]
        total = sum(market["hits"] + market["entry_violence"] for market in place.markets.values())
        assert total == pytest.approx(place.deaths_market)
        # What gangs earn from people whom they hold is rent of no market; it is of those held a month ago.
        held = rent_by_gangs(model.params, model.state.neighbourhood[place.row])
        assert sum(market["rent"] for market in place.markets.values()) + held == pytest.approx(place.rent, rel=1e-4)


def test_units_and_groups_know_where_they_are(model):
    assert model.police_units[8].name == "police of Ixley"
    mothers = model.community_groups[1]
    assert (mothers.name, mothers.kind, mothers.neighbourhood) == ("Mothers of Ixley", "women's group", "Ixley")
    assert mothers.place is model.neighbourhood("Ixley")


def test_police_units_tell_what_they_did_and_why(model):
    for unit in model.police_units:
        assert unit.officers > 0.0
        assert unit.ordinary_patrol > 0.0
        assert unit.cases == unit.place.outcome("killings_expected")
        assert unit.decision.startswith(f"{unit.name}: {unit.on_street:.1f} officers in the street")
        assert ("by order" in unit.decision) == (unit.ordered > 0.0 or unit.sent_away > 0.0)
    assert sum(unit.share_of_calls for unit in model.police_units) == pytest.approx(1.0)
    assert sum(unit.share_of_residents for unit in model.police_units) == pytest.approx(1.0)
    assert sum(unit.share for unit in model.police_units) == pytest.approx(1.0)


@pytest.mark.parametrize("kind", [Neighbourhood, Gang, PoliceUnit, CommunityGroup, Youth])
def test_no_agent_is_stepped_by_itself_and_none_passes_in_silence(model, kind):
    """The month is one, for all: `step` of an agent, or of a set, says so instead of doing nothing."""
    agents = model.agents_by_type[kind]
    some = agents.select(at_most=3) if kind is Youth else agents
    before = model.month, model.state.neighbourhood.tobytes()
    for asked in (
        next(iter(some)).step,
        lambda: some.do("step"),
        lambda: some.map("step"),
        lambda: some.shuffle_do("step"),
        lambda: some.do(lambda agent: agent.step()),
    ):
        with pytest.raises(TypeError, match=r"lived by model\.step\(\)"):
            asked()
    assert before == (model.month, model.state.neighbourhood.tobytes())


def test_all_agents_together_are_not_stepped_either_nor_an_empty_set_of_youths(model, youths):
    with pytest.raises(TypeError, match=r"model\.step\(\)"):
        model.agents.shuffle_do("step")
    with pytest.raises(TypeError, match=r"model\.step\(\)"):
        youths.select(at_most=0).do("step")


def test_gangs_know_their_members_and_ground(model):
    for gang in model.gangs:
        assert set(gang.youths.get("gang")) <= {gang.row}
        assert len(gang.youths) == model.state.members[:, gang.row].sum() + model.state.inmates[:, gang.row].sum()
        assert gang.organisation in ("integrated", "loose", "weak")
        assert gang.neighbourhood in gang.homes
        held = {each.name: each.control[gang.name] for each in model.neighbourhoods if gang.name in each.control}
        assert held == gang.control
    assert len({gang.name for gang in model.gangs}) == len(model.gangs)


def test_gangs_come_and_go_with_the_table():
    model = CitySafetyModel("sandbox", seed=3, scale=0.05, months=4)
    first, *others = model.gangs
    slot = int(np.flatnonzero(model.state.gang["alive"] == 0)[0])
    model.state.gang["alive"][first.row] = 0
    model.state.gang["alive"][slot] = 1
    model.state.gang["founded"][slot] = 0
    model.step()
    assert first.ended
    assert first not in model.agents_by_type[Gang]
    assert (first.homes, first.control, len(first.youths)) == ((), {}, 0)
    assert [gang for gang in others if not gang.ended] == [gang for gang in model.gangs if gang in others]
    (newcomer,) = [gang for gang in model.gangs if gang.row == slot]
    assert newcomer.key == (slot, 0)
    assert newcomer.name.startswith(f"group {slot} of ")
    with pytest.raises(AttributeError, match=r"has ended; the gangs of this month are in model\.gangs"):
        first.cohesion  # noqa: B018


def test_a_slot_used_again_is_another_gang():
    model = CitySafetyModel("sandbox", seed=3, scale=0.05, months=4)
    first = model.gangs[0]
    model.state.gang["founded"][first.row] = 0
    model.step()
    second = model.gangs[0]
    assert first.row == second.row
    assert first.ended
    assert not second.ended
    assert first != second
    assert first not in model.agents


def test_a_user_may_subclass_an_agent():
    class Watched(Neighbourhood):
        @property
        def worried(self):
            return self.fear > 0.3

    model = CitySafetyModel("sandbox", seed=3, scale=0.01, months=1)
    assert Watched(model, 8).worried == (model.neighbourhoods[8].fear > 0.3)


# Views of youths


def test_every_field_of_a_youth_is_a_plain_value(model, youths):
    for youth in youths.select(at_most=30):
        for name in YouthColumns._fields:
            value = getattr(youth, name)
            assert type(value) in (int, float, list)
            assert np.array_equal(value, getattr(model.state.youth, name)[youth.row])
        assert type(youth.age) is float
        assert type(youth.alive) is bool
        assert type(youth.neighbourhood) is str
        assert youth.place is model.neighbourhood(youth.neighbourhood)
        assert youth.weight == youth.place.weight


def test_ages_run_from_ten_to_twenty_nine(youths):
    ages = youths.column("age")
    assert (ages.min(), ages.max()) == (10.0, 30.0 - 1.0 / 12.0)


def test_a_youth_is_a_month_older_after_a_month_unless_the_row_was_handed_on():
    model = CitySafetyModel("sandbox", seed=3, scale=0.05, months=1)
    before = model.youths.column("age")
    model.step()
    after = model.youths.column("age")
    handed_on = model.youths.column("phase") == 0
    assert np.allclose(after[~handed_on], before[~handed_on] + 1.0 / 12.0)
    assert set(before[handed_on]) == {30.0 - 1.0 / 12.0}
    assert set(after[handed_on]) == {10.0}


def test_two_views_of_one_row_are_one_youth(model, youths):
    one, same, other = Youth(model, 4), Youth(model, 4), Youth(model, 5)
    assert one == same != other
    assert {one, same, other} == {one, other}
    assert one != 4
    assert one in youths
    assert Youth(copy.deepcopy(model), 4) not in youths
    assert one.unique_id != other.unique_id


def test_a_view_holds_and_changes_nothing(model):
    youth = Youth(model, 4)
    for name in ("gang", "trust", "row", "model"):
        with pytest.raises(AttributeError, match="belongs to the model"):
            setattr(youth, name, 1)
    with pytest.raises(TypeError, match="cannot be removed"):
        youth.remove()
    with pytest.raises(AttributeError):
        youth.trust  # noqa: B018
    assert not getattr(youth, "__dict__", {})
    assert youth not in model.agents


def test_a_view_can_be_pickled(model):
    youth, (again, owner) = Youth(model, 4), pickle.loads(pickle.dumps((Youth(model, 4), model)))
    assert again.row == youth.row
    assert again.model is owner
    assert again.age == youth.age


# Sets of youths, against Mesa's own


@pytest.mark.parametrize("name", FIELDS)
def test_get_gives_what_mesa_gives(youths, people, name):
    values = youths.get(name)
    assert values == people.get(name) == [getattr(youth, name) for youth in youths]
    assert {type(value) for value in values} <= {int, float, str, bool}


def test_several_fields_and_missing_ones_are_got_as_in_mesa(youths, people):
    assert youths.get(["age", "gang"]) == people.get(["age", "gang"])
    assert youths.get("trust", "default", 0.5) == people.get("trust", "default", 0.5)
    with pytest.raises(AttributeError, match="youths have no agee; did you mean age"):
        youths.get("agee")
    with pytest.raises(ValueError, match="handle_missing"):
        youths.get("age", "perhaps")


@pytest.mark.parametrize("how", [min, max, len, np.mean, sum])
def test_aggregates_are_what_mesa_gives(youths, people, how):
    for name in ("age", "activity", "proneness"):
        value = youths.agg(name, how)
        assert value == pytest.approx(people.agg(name, how))
        assert type(value) in (int, float)


def test_the_name_of_a_function_is_refused_with_what_is_right(youths):
    with pytest.raises(TypeError, match=r"give numpy\.mean or another function, not 'mean'"):
        youths.agg("age", "mean")
    with pytest.raises(TypeError, match="not 'max'"):
        youths.groupby("neighbourhood").agg("age", "max")


def test_several_aggregates_come_as_a_list(youths, people):
    assert youths.agg("age", [min, max]) == people.agg("age", [min, max])


def test_sums_of_small_columns_do_not_wrap(youths):
    assert youths.agg("activity", sum) > 127
    assert youths.column("activity").dtype == np.int64
    assert youths.column("person").dtype == np.float64


def test_select_by_predicate_is_what_mesa_gives(youths, people):
    def old_and_idle(agent):
        return agent.age > 20 and agent.activity == ACTIVITIES.index("neither")

    for at_most in (float("inf"), 7, 0, 0.01, 1.0):
        chosen = youths.select(old_and_idle, at_most=at_most)
        assert isinstance(chosen, YouthSet)
        assert rows(chosen) == rows(people.select(old_and_idle, at_most=at_most))


def test_select_by_mask_equals_select_by_predicate(youths):
    old = youths.column("age") > 20
    assert rows(youths.select(where=old)) == rows(youths.select(lambda youth: youth.age > 20))
    assert rows(youths.select(where=old, at_most=3)) == rows(youths.select(where=old))[:3]
    both = youths.select(lambda youth: youth.gang >= 0, where=old)
    assert rows(both) == rows(youths.select(where=old & (youths.column("gang") >= 0)))
    subset = youths.select(where=old)
    assert set(subset.select(where=subset.column("female") == 1).get("female")) == {1}


def test_select_by_type(youths):
    assert youths.select(agent_type=Youth) == youths.select(agent_type=mesa.Agent) == youths
    assert len(youths.select(agent_type=Gang)) == 0


@pytest.mark.parametrize("where", [[1, 0], np.array([True]), [[True]]])
def test_a_mask_that_does_not_fit_is_refused(youths, where):
    with pytest.raises(ValueError, match="it must be bool"):
        youths.select(where=where)


@pytest.mark.parametrize("by", ["neighbourhood", "status", "alive", lambda agent: int(agent.age) // 5])
def test_groups_are_what_mesa_gives(youths, people, by):
    groups, plain = youths.groupby(by), people.groupby(by)
    assert groups.count() == plain.count()
    assert groups.agg("age", np.mean) == pytest.approx(plain.agg("age", np.mean))
    assert len(groups) == len(plain)
    for key, group in groups:
        assert type(key) in (int, str, bool)
        assert isinstance(group, YouthSet)
        assert rows(group) == rows(plain.groups[key])
    assert groups.map(len) == groups.count()


def test_groups_can_be_lists_of_views(youths):
    groups = youths.groupby("status", result_type="list")
    assert all(isinstance(group, list) and isinstance(group[0], Youth) for _, group in groups)
    assert len(youths.select(at_most=0).groupby("status")) == 0
    assert len(youths.select(at_most=0).groupby(lambda youth: youth.age)) == 0
    assert set(youths.groupby(lambda youth: None if youth.gang < 0 else (youth.status,)).groups) >= {None, (0,)}


@pytest.mark.parametrize("ascending", [True, False])
@pytest.mark.parametrize("key", ["age", "neighbourhood", "proneness", lambda agent: (agent.gang, -agent.age)])
def test_sorting_is_what_mesa_gives_ties_included(youths, people, key, ascending):
    ordered = youths.sort(key, ascending=ascending)
    assert isinstance(ordered, YouthSet)
    assert rows(ordered) == rows(people.sort(key, ascending=ascending))


@pytest.mark.parametrize("generator", [random.Random, np.random.default_rng])
def test_shuffling_takes_a_generator_of_ones_own(youths, generator):
    one, same, other = (youths.shuffle(rng=generator(seed)) for seed in (1, 1, 2))
    assert rows(one) == rows(same) != rows(other)
    assert one == youths
    assert rows(one) != rows(youths)
    with pytest.raises(TypeError, match=r"needs rng"):
        youths.shuffle()
    with pytest.raises(TypeError, match=r"shuffle\(rng="):
        youths.shuffle_do("__repr__")


def test_do_and_map_call_with_views(youths):
    few, seen = youths.select(at_most=5), []
    assert few.do(seen.append) is few
    assert seen == few.to_list() == list(few)
    assert few.map(lambda youth, more: youth.row + more, 10) == [10, 11, 12, 13, 14]
    assert few.map("__repr__") == [repr(youth) for youth in few] == [f"<Youth {row}>" for row in range(5)]


def test_copies_and_set_operations_stay_columnar(youths):
    young, free = youths.select(where=youths.column("age") < 15), youths.select(where=youths.column("status") != PRISON)
    for result in (young.copy(), copy.copy(young), young & free, young | free, young - free, young ^ free):
        assert isinstance(result, YouthSet)
    assert young.copy() == young != free
    assert set(rows(young & free)) == set(rows(young)) & set(rows(free))
    assert set(rows(young - free)) == set(rows(young)) - set(rows(free))
    assert young <= youths
    assert Youth(youths.model, 0) in youths
    assert "Youth" not in youths
    assert len(youths) == len(youths.model.state.youth.home)


def test_a_table_has_a_line_a_youth(youths):
    few = youths.select(where=youths.column("gang") >= 0, at_most=4)
    frame = few.to_dataframe(["age", "neighbourhood"])
    assert frame.index.name == "row"
    assert frame.index.tolist() == rows(few)
    assert frame["age"].tolist() == few.get("age")
    assert set(YouthColumns._fields) - {"peers"} <= set(few.to_dataframe().columns)
    with pytest.raises(ValueError, match=r"column\('peers'\)"):
        few.to_dataframe(["peers"])
    assert few.column("peers").shape == (4, 8)


def test_the_dead_keep_their_row(youths):
    alive = youths.groupby("alive").count()
    assert alive.get(False, 0) == int((youths.column("status") == DEAD).sum())


@pytest.mark.parametrize(
    "change",
    [
        lambda youths: youths.set("gang", 1),
        lambda youths: youths.add(youths.to_list()[0]),
        lambda youths: youths.remove(youths.to_list()[0]),
        lambda youths: youths.discard(youths.to_list()[0]),
        lambda youths: youths.pop(),
        lambda youths: youths.clear(),
        lambda youths: youths.select(at_most=3, inplace=True),
        lambda youths: youths.sort("age", inplace=True),
        lambda youths: youths.shuffle(inplace=True, rng=random.Random(1)),
    ],
)
def test_a_set_refuses_to_change(youths, change):
    before = len(youths)
    with pytest.raises(TypeError, match="belongs to the model"):
        change(youths)
    assert len(youths) == before
    with pytest.raises(ValueError, match="read-only"):
        youths.rows[0] = 7


def test_what_is_read_from_a_column_is_a_copy(model, youths):
    youths.column("gang")[:] = 3
    assert not np.all(model.state.youth.gang == 3)


def test_mesa_can_collect_by_type(model):
    collector = mesa.DataCollector(agenttype_reporters={Youth: {"age": "age"}, Neighbourhood: {"fear": "fear"}})
    collector.collect(model)
    assert len(collector.get_agenttype_vars_dataframe(Youth)) == len(model.youths)
    assert len(collector.get_agenttype_vars_dataframe(Neighbourhood)) == 9
