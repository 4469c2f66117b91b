"""Every mechanism is declared once, is carried by parameters that have a null, and its lack shows where it says it does."""

import math
import re
from pathlib import Path

import numpy as np
import pytest
from lively import KINDS, UNSOUND, all_shocks, everything, lively_city, policy_of, shock_of, use_of

import sim
from sim.enumerations import FLOWS
from sim.levers import enforce
from sim.measures import MEASURES
from sim.mechanisms import MECHANISMS, Link, _links, find_mechanism, switched_off
from sim.month import months
from sim.outcomes import OUTCOMES, outcome_index
from sim.parameters import PARAMETERS, make_parameters, parameter
from sim.run import begin_city, run_arms

EACH = pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda mechanism: mechanism.name)
PROCESSES = Path(sim.__file__).parent / "processes"
FILES = {(path.parent if path.stem == "__init__" else path).stem for path in PROCESSES.rglob("*.py")} - {"processes"}
SEEDS = (2, 3, 4)
# Settings at which a gang's rare turns, such as splits and ends, happen within the years of a small run.
EVENTFUL = {
    "gangs.leader_loss_chance": 0.008,
    "gangs.split_chance": 0.12,
    "gangs.split_size_threshold": 7.0,
    "gangs.merge_chance": 0.01,
    "gangs.merge_size_threshold": 0.7,
}
# And settings with which members are many and programmes fill.
TEEMING = {
    **EVENTFUL,
    "recruitment.joining_intercept": -4.6,
    "policy_delivery.election_cancellation_chance": 0.0,
    "policy_delivery.partner_loss_illicit_trade": 0.2,
    "community.training_coverage": 0.5,
}


@EACH
def test_a_mechanism_says_what_it_is_and_where(mechanism):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", mechanism.name)
    assert mechanism.title
    assert mechanism.says.endswith(".")
    # What no policy moves, and what time does to policies and residents, is no row of the framework.
    assert mechanism.rows or mechanism.name in ("years", "season", "wear", "habituation", "workforce")
    assert all(re.fullmatch(r"E\d\d", row) for row in mechanism.rows)
    assert mechanism.process in FILES


@EACH
def test_a_mechanism_drives_outcomes_that_exist(mechanism):
    assert mechanism.drives
    assert set(mechanism.drives) <= {each.name for each in OUTCOMES}


@EACH
def test_a_mechanism_links_causes_and_effects_with_a_sign(mechanism):
    assert mechanism.links
    assert len(set(mechanism.links)) == len(mechanism.links)
    for link in mechanism.links:
        assert link.sign in ("+", "-")
        assert link.cause != link.effect
        for side in (link.cause, link.effect):
            assert re.fullmatch(r"[a-z]+( [a-z]+)*", side), side


@EACH
def test_what_switches_a_mechanism_off_are_parameters_at_another_value_than_usual(mechanism):
    assert mechanism.off
    for name, value in mechanism.off.items():
        assert math.isfinite(value)
        assert value != parameter(name).default, name


def test_every_null_is_zero():
    assert {value for each in MECHANISMS for value in each.off.values()} == {0.0}


def test_no_parameter_carries_two_mechanisms_and_no_two_share_a_name():
    carried = [name for each in MECHANISMS for name in each.off]
    assert len(set(carried)) == len(carried)
    assert len({each.name for each in MECHANISMS}) == len({each.title for each in MECHANISMS}) == len(MECHANISMS)


def test_a_mechanism_is_found_by_its_name_and_what_is_none_is_not():
    for each in MECHANISMS:
        assert find_mechanism(each.name) is each
    with pytest.raises(KeyError):
        find_mechanism("peer")
    with pytest.raises(KeyError):
        switched_off(["peers", "peer"])


def test_what_is_switched_off_are_the_settings_of_all_that_are_named():
    assert switched_off([]) == {}
    assert switched_off(["peers", "contagion"]) == {**find_mechanism("peers").off, **find_mechanism("contagion").off}
    params = make_parameters(switched_off([each.name for each in MECHANISMS]))
    for each in MECHANISMS:
        for name, value in each.off.items():
            process, field = name.split(".")
            assert getattr(params, process)[0][field] == value


def test_links_are_read_as_they_are_written():
    assert _links("rents + joining", "services - violence at home") == (
        Link("rents", "joining", "+"),
        Link("services", "violence at home", "-"),
    )


def test_every_process_but_those_that_only_keep_books_carries_a_mechanism():
    books = {
        "costs",
        "demography",
        "doses",
        "drawing",
        "gap",
        "hazards",
        "initialise",
        "programmes",
        "killers",
        "living",
        "lock_in",
        "membership",
        "outcome_recorder",
        "places",
        "ranks",
        "removal",
        "riots",
        "steady_state",
        "victims",
    }
    parts = {"disputes", "home"} | {path.stem for path in (PROCESSES / "gangs").glob("*.py")}
    carried = {name.split(".")[0] for each in MECHANISMS for name in each.off} | {each.process for each in MECHANISMS}
    assert carried >= FILES - books - parts


# Switched off ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def live():
    """Eight years of the lively city under all measures, half in order, and all shocks, without some mechanisms."""
    schema = lively_city()

    def run(*without, seed=2, **settings):
        (result,) = run_arms(
            schema,
            [everything()],
            seed=seed,
            months=96,
            scale=0.1,
            shocks=all_shocks(),
            without=without,
            parameters={**EVENTFUL, **settings},
        )
        return result.city_monthly

    return run


@pytest.fixture(scope="module")
def teem():
    """Fifteen years of it without elections, with other flows and many members; measures end after six."""
    schema = lively_city().model_copy(update={"elections": ()})
    # Soldiers come in part, since how steeply they come to occupy a place shows in between alone.
    fields = {"P-E7": {"level": 0.7}}
    uses = [use_of(measure, met=0.7, ramp=1, stop=70, **fields.get(measure.row, {})) for measure in MEASURES]
    # One partner is of the neighbourhood: with many, who is at risk is found whatever an agency misses.
    agency = UNSOUND.model_copy(update={"kind": "agency"})
    policy = policy_of(
        *(
            use.model_copy(update={"partner": agency}) if use.partner.kind == "local" and use.measure != "P-S4" else use
            for use in uses
        )
    )
    # Drugs are scarce, which makes them dear; of everything else there is twice as much.
    sizes = dict.fromkeys(FLOWS, 2.0) | {"drugs": 0.4}
    flows = [shock_of("flow", flow=flow, size=size, start=0, stop=60, name=flow) for flow, size in sizes.items()]
    others = [shock_of(kind) for kind in KINDS if kind not in ("flow", "election", "contested election")]
    # And a pact that nobody breaks.
    others.append(shock_of("pact", name="lasting", gang="Riverside Boys", stop=170))

    def run(*without, seed=2, **settings):
        (result,) = run_arms(
            schema,
            [policy],
            seed=seed,
            months=180,
            scale=0.3,
            shocks=[*flows, *others],
            without=without,
            parameters={**TEEMING, **settings},
        )
        return result.city_monthly

    return run


@pytest.fixture(scope="module")
def soon():
    """Four years of the lively city as in `live`, after two that settle it: a quarter of the work, enough for most."""
    schema = lively_city()

    def run(**settings):
        state, params = begin_city(schema, seed=2, scale=0.1, settings={**EVENTFUL, **settings}, burn_in=24)
        state = enforce(state, schema, everything(), tuple(all_shocks()), params)
        monthly = np.zeros((48, len(OUTCOMES)), np.float32)
        yearly = np.zeros((4, len(schema.neighbourhoods), len(OUTCOMES)), np.float32)
        months(state, params, np.uint64(2), 0, 48, monthly, yearly)
        return monthly

    return run


@pytest.fixture(scope="module")
def whole(live):
    return [live(seed=seed) for seed in SEEDS]


@pytest.fixture(scope="module")
def teeming(teem):
    return [teem(seed=seed) for seed in SEEDS]


@EACH
def test_where_a_mechanism_is_off_its_lack_shows_in_what_it_drives(live, whole, teem, teeming, mechanism):
    """In some future of some: a city without it, under the same policy, shocks and luck, is another city."""
    columns = [outcome_index(name) for name in mechanism.drives]
    shows = np.zeros(len(columns), dtype=bool)
    for lived, complete in ((live, whole), (teem, teeming)):
        for seed, there in zip(SEEDS, complete, strict=True):
            lacking = lived(mechanism.name, seed=seed)
            assert np.isfinite(lacking).all()
            shows |= (lacking[:, columns] != there[:, columns]).any(axis=0)
            if shows.all():
                return
    raise AssertionError(dict(zip(mechanism.drives, shows.tolist(), strict=True)))


def test_a_city_without_any_mechanism_still_lives_and_keeps_its_shares(teem):
    monthly = teem(*(each.name for each in MECHANISMS))
    assert np.isfinite(monthly).all()
    assert (monthly >= 0).all()
    for column, each in enumerate(OUTCOMES):
        if each.unit.startswith("share"):
            assert monthly[:, column].max() <= 1.0, each.name


def test_the_order_in_which_mechanisms_are_named_does_not_matter(live):
    one, two = live("fear", "peers", "jobs"), live("jobs", "fear", "peers")
    assert one.tobytes() == two.tobytes()


# No parameter is idle ------------------------------------------------------------------------------


# Read before the first month: what they do is tested where the city is built, and where its prices are (`test_prices.py`).
BEFORE = {each.name for each in PARAMETERS if each.process in ("initialise", "costs")}


FEW_OFFICERS = {"police_units.patrol_share": 0.4, "costs.hot_spot_patrol_officers": 140.0}
GROUPS_END = {
    "community_groups.ending_rate": 0.15,
    "community_groups.threat_on_volunteers": 4.0,
    "community_groups.governance_on_threat": 0.9,
    "community_groups.volunteer_turnover": 0.06,
    "community_groups.fewest_volunteers": 0.7,
}

# Bounds that the lively city reaches only where something else stands at another value too.
BESIDES = {
    # A truce that holds for years before it falls.
    "gangs.fatigue_on_truce_collapse": {
        "gangs.truce_collapse_rate": 0.01,
        "gangs.broken_promises_on_truce_collapse": 0.5,
        "gangs.repression_on_truce_collapse": 0.5,
    },
    "community.lawfulness_backfire_limit": {"community.lawfulness_integrity_threshold": 0.6},
    # Splits are rare: more gangs are so loose that they may split, and leaders hold fewer of them together.
    "gangs.money_on_splits": {"gangs.split_cohesion_threshold": 0.25, "gangs.split_ratio_with_leader": 0.5},
    # Mergers are rare: more gangs are small, so that blood alone keeps them apart.
    "gangs.merge_memory_threshold": {"gangs.split_cohesion_threshold": 0.25, "gangs.split_ratio_with_leader": 0.5},
    "recruitment.exit_rate_limit": {"recruitment.exit_rate_loose": 0.068},
    # Orders that take more officers than may be taken.
    "police_units.shortage_on_orders": FEW_OFFICERS | {"police_units.most_ordered": 0.2},
    "police_units.most_ordered": FEW_OFFICERS,
    # Groups end where threats have driven volunteers off.
    **{
        f"community_groups.{name}": {key: value for key, value in GROUPS_END.items() if not key.endswith(name)}
        for name in ("ending_rate", "fewest_volunteers", "founding_rate", "volunteers_at_founding")
    },
}


def other_end(each, used):
    """Return the end of a parameter's range that is farther from where it stands."""
    stands = used.get(each.name, each.default)
    return each.high if stands < (each.low + each.high) / 2 else each.low


@pytest.fixture(scope="module")
def usual(soon):
    return soon()


@pytest.mark.parametrize("each", [each for each in PARAMETERS if each.name not in BEFORE], ids=lambda each: each.name)
def test_each_parameter_is_felt_where_everything_happens(each, soon, usual, live, whole, teem, teeming):
    """Not only written somewhere: at the other end of its range some month of the lively city is another month."""
    besides = BESIDES.get(each.name, {})
    if not besides and not np.array_equal(soon(**{each.name: other_end(each, EVENTFUL)}), usual):
        return
    for lived, complete, used in ((live, whole, EVENTFUL), (teem, teeming, TEEMING)):
        value = other_end(each, used)
        for seed, there in zip(SEEDS, complete, strict=True):
            plain = lived(seed=seed, **besides) if besides else there
            if not np.array_equal(lived(seed=seed, **besides, **{each.name: value}), plain):
                return
    raise AssertionError(f"{each.name} changes nothing")
