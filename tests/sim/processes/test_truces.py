"""Truces and pacts hold for a time and collapse, by a hazard that can be followed by hand."""

import math

import numpy as np
import pytest

from sim.draws import TRUCE_COLLAPSED, uniform
from sim.levers import enforce, row_key
from sim.parameters import parameter
from sim.processes.policy_delivery import set_levers
from sim.processes.truces import NOT_MADE, strain
from sim.scenario import MeasureUse, Policy, Shock

MONTHS = 300
LIVES = 50


@pytest.fixture
def under(city, sandbox, params):
    def forced(*uses, shocks=()):
        return enforce(city, sandbox, Policy(name="trial", title="Trial", about="A trial.", measures=uses), shocks, params)

    return forced


@pytest.fixture
def held(params, seed):
    """The months of a city in which a measure is asked for, the first of the table where none is named."""

    def of(city, months=range(MONTHS), m=0, luck=seed):
        asked = []
        for t in months:
            set_levers(city, params, luck, t)
            asked.append(float(city.programme[m].asked))
        return np.array(asked)

    return of


def pact(**fields):
    about = {"name": "pact", "title": "Pact", "about": "A pact.", "kind": "pact", "gang": "Corner Nine"}
    return Shock(**{**about, "size": 0.7, "start": 1, **fields})


def first_fall(seed, key, start, rate_of, made=0):
    """The month in which a truce falls, from the same draws and a hazard written out."""
    for t in range(made + 1, MONTHS):
        if uniform(seed, TRUCE_COLLAPSED, t, key, start) < 1 - math.exp(-rate_of(t)):
            return t
    return None


def test_a_truce_falls_in_the_month_that_its_hazard_and_its_own_luck_say(under, held, params, seed):
    param = params.gangs[0]
    asked = held(under(MeasureUse(measure="P-G4")))

    def rate_of(t):
        return param.truce_collapse_rate * math.exp(param.fatigue_on_truce_collapse * t / 12)

    fell = first_fall(seed, row_key("P-G4"), 0, rate_of)
    assert fell is not None
    np.testing.assert_array_equal(asked, [1.0] * fell + [0.0] * (MONTHS - fell))


def test_a_truce_lives_as_long_as_its_hazard_says(under, held, params):
    """Without fatigue the months that it holds are geometric."""
    param = params.gangs[0]
    param.fatigue_on_truce_collapse, param.truce_collapse_rate = 0.0, 0.1
    city = under(MeasureUse(measure="P-G4"))
    months = []
    for luck in range(LIVES):
        city.programme["began"] = 1_000_000
        city.programme["made"], city.programme["collapsed"] = NOT_MADE, 0
        months.append(held(city, range(60), luck=np.uint64(luck)).sum())
    mean = 1 / (1 - math.exp(-0.1))
    # The month in which it is made is the first of them.
    assert np.mean(months) == pytest.approx(mean, abs=3 * mean / math.sqrt(LIVES))
    assert len(set(months)) > 15, "seeds differ"


def test_promises_broken_and_repression_strain_a_truce(city, params):
    param = params.gangs[0]
    assert strain(city, params) == 0.0
    share = city.neighbourhood["population"] / city.city_state[0].population
    city.levers[3].broken_promises = 0.4
    city.levers[5].raid, city.levers[5].mass_arrests, city.levers[5].leader_removal = 0.2, 0.9, 0.3
    expected = 0.4 * share[3] * param.broken_promises_on_truce_collapse
    expected += 0.9 * share[5] * param.repression_on_truce_collapse
    assert strain(city, params) == pytest.approx(expected)


def test_a_truce_falls_sooner_under_repression(under, held, params):
    param = params.gangs[0]
    alone, pressed = [], []
    for luck in range(15):
        for found, others in ((alone, ()), (pressed, (MeasureUse(measure="P-E6"),))):
            city = under(MeasureUse(measure="P-G4"), *others)
            found.append(held(city, range(80), luck=np.uint64(luck)).sum())
    assert param.repression_on_truce_collapse > 0
    assert (np.array(pressed) <= np.array(alone)).all(), "the same luck, a higher hazard"
    assert np.mean(pressed) < 0.8 * np.mean(alone)


def test_what_has_collapsed_is_neither_felt_nor_paid_until_it_is_made_again(under, held, params):
    params.gangs[0].truce_collapse_rate = 1e3
    city = under(MeasureUse(measure="P-G4", level={0: 1.0, 4: 0.0, 6: 0.5}))
    np.testing.assert_array_equal(held(city, range(9)), [1, 0, 0, 0, 0, 0, 0.5, 0, 0])
    assert city.levers["truce"].max() == 0.0


def test_a_pact_falls_and_its_gang_is_let_loose_with_what_was_stored(under, params, seed):
    param = params.gangs[0]
    city = under(shocks=[pact()])
    city.gang["grievance"] = 0.4
    fell = first_fall(
        seed,
        row_key("pact with Corner Nine"),
        0,
        lambda t: param.pact_collapse_rate * math.exp(param.fatigue_on_truce_collapse * t / 12),
    )
    for t in range(fell):
        set_levers(city, params, seed, t)
        assert city.gang[1].pact == 0.7
    set_levers(city, params, seed, fell)
    assert city.gang[1].pact == 0.0
    assert city.gang[1].grievance == 0.4


def test_truces_and_pacts_fall_by_rates_of_their_own(under, held, params):
    param = params.gangs[0]
    param.truce_collapse_rate, param.pact_collapse_rate = 1e3, 0.0
    city = under(MeasureUse(measure="P-G4"), shocks=[pact()])
    np.testing.assert_array_equal(held(city, range(6)), [1, 0, 0, 0, 0, 0])
    city = under(MeasureUse(measure="P-G4"), shocks=[pact()])
    np.testing.assert_allclose(held(city, range(6), m=1), [0.7] * 6)
    param.truce_collapse_rate, param.pact_collapse_rate = 0.0, 1e3
    city = under(MeasureUse(measure="P-G4"), shocks=[pact()])
    np.testing.assert_array_equal(held(city, range(6), m=1) > 0.0, [True] + [False] * 5)


def test_half_of_new_pacts_last_as_long_as_known_ones(params):
    """About five years at the default, and within two and eight of the range (eng.pacts_with_the_state)."""
    each = parameter("gangs.pact_collapse_rate")
    fatigue = params.gangs[0].fatigue_on_truce_collapse

    def half(rate):
        return math.log(1.0 + math.log(2.0) * fatigue / (12.0 * rate)) / fatigue

    assert 4.0 < half(each.default) < 6.0
    assert 2.0 < half(each.high) < half(each.low) < 8.5


def test_no_other_measure_and_no_pact_of_the_file_falls(under, held, params):
    params.gangs[0].truce_collapse_rate = params.gangs[0].pact_collapse_rate = 1e3
    city = under(MeasureUse(measure="P-E1", ramp=0), shocks=[pact(kind="pact broken", start=5)])
    city.gang[2].pact_anchor = 0.6
    np.testing.assert_array_equal(held(city, range(4)), 1.0)
    assert city.gang[2].pact == 0.6


def test_without_the_hazard_a_truce_holds_for_ever(under, held, params):
    params.gangs[0].truce_collapse_rate = 0.0
    np.testing.assert_array_equal(held(under(MeasureUse(measure="P-G4"))), 1.0)


def test_what_else_a_policy_holds_changes_nothing_in_the_luck_of_a_truce(under, held):
    alone = held(under(MeasureUse(measure="P-G4")))
    others = (MeasureUse(measure="P-R3"), MeasureUse(measure="P-S10"))
    np.testing.assert_array_equal(alone, held(under(*others, MeasureUse(measure="P-G4")), m=2))
