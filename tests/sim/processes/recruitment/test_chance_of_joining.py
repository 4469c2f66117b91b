"""How likely a youth is to take up with a gang in a month: the equation by hand, and the claims of its rows."""

import math

import numpy as np
import pytest

from sim.draws import uniforms
from sim.processes.recruitment import _most, join_probability
from sim.processes.risks import follows, most_at_home, most_own, most_peers
from sim.state import NEITHER, SCHOOL

# A youth in whom nothing speaks for joining; the pull of the place keeps chances small, so that ratios are plain.
PLAIN = {
    "pull": -8.0,
    "rent": 0.0,
    "cheap": 0.0,
    "age": 15.0,
    "female": 0,
    "own_risk": 0.0,
    "activity": SCHOOL,
    "gang_peers": 0,
    "company": 1.0,
    "isolation": 1 / 3,
    "exposed": 0.0,
    "after_school": 0.0,
    "training": 0.0,
    "young": 0.0,
}


@pytest.fixture
def joining(params):
    return lambda **other: join_probability(params.recruitment[0], **(PLAIN | other))


def test_one_youths_chance_of_joining_by_hand(joining, params):
    param = params.recruitment[0]
    youth = {
        "pull": -6.5,
        "rent": 0.2,
        "cheap": 0.1,
        "age": 17.0,
        "female": 1,
        "own_risk": 0.6,
        "company": 1.3,
        "activity": NEITHER,
        "gang_peers": 3,
        "isolation": 0.7,
        "exposed": 0.3,
        "after_school": 1.0,
        "training": 0.5,
        "young": 0.15,
    }
    eta = (
        -6.5
        - (17.0 - param.joining_age_peak) ** 2 / (2 * param.joining_age_spread_above**2)
        - param.female_on_joining
        + 0.6
        + param.idleness_on_joining
        + param.peers_on_joining * 1.3 * 3 / (3 + param.peers_half_effect)
        + (param.isolation_on_joining + 0.2 * param.rent_on_joining) * (0.7 - 1 / 3)
        + 0.1 * param.rent_on_joining
        + 0.3
        + 0.1 * param.cheap_guns_on_child_joining
        + 0.15
        - param.after_school_on_joining
        - 0.5 * param.training_on_joining
    )
    assert joining(**youth) == pytest.approx(1 - math.exp(-math.exp(eta)), rel=1e-12)


def test_joining_peaks_at_its_age_and_falls_faster_below(joining, params):
    peak = params.recruitment[0].joining_age_peak
    chances = [joining(age=age) for age in np.arange(10.0, 30.0, 0.25)]
    assert np.arange(10.0, 30.0, 0.25)[np.argmax(chances)] == pytest.approx(peak, abs=0.25)
    assert joining(age=peak - 3) < joining(age=peak + 3)


@pytest.mark.parametrize(
    ("change", "weight"),
    [
        ({"activity": NEITHER}, "idleness_on_joining"),
        ({"isolation": 4 / 3}, "isolation_on_joining"),
        ({"female": 1}, "-female_on_joining"),
        ({"after_school": 1.0}, "-after_school_on_joining"),
        ({"training": 1.0}, "-training_on_joining"),
    ],
    ids=str,
)
def test_each_circumstance_multiplies_the_chance_by_its_own_factor(joining, params, change, weight):
    factor = math.exp(params.recruitment[0][weight.lstrip("-")] * (-1 if weight[0] == "-" else 1))
    assert joining(**change) / joining() == pytest.approx(factor, rel=0.01)


def test_company_moves_nobody_without_peers_in_gangs(joining):
    """E31."""
    assert joining(company=2.0) == joining()
    assert joining(company=2.0, gang_peers=1) > joining(gang_peers=1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"own_risk": 0.5}, {"activity": NEITHER}),
        ({"own_risk": 0.5}, {"gang_peers": 2}),
        ({"activity": NEITHER}, {"exposed": 0.35}),
        ({"gang_peers": 2}, {"isolation": 0.9}),
    ],
    ids=str,
)
def test_two_risks_together_exceed_their_sum(joining, one, other):
    """E01."""
    alone = joining()
    assert joining(**one, **other) - alone > (joining(**one) - alone) + (joining(**other) - alone)


def test_more_peers_pull_more_each_less_than_the_one_before(joining):
    logs = np.log([joining(gang_peers=n) for n in range(9)])
    steps = np.diff(logs)
    assert (steps > 0).all()
    assert (np.diff(steps) < 0).all()


def test_rents_pull_the_isolated_most(joining):
    def pulled(isolation):
        return joining(isolation=isolation, rent=0.5) / joining(isolation=isolation)

    assert pulled(0.9) > pulled(1 / 3) > 1.0


def test_cheap_guns_and_deprivation_draw_in_children_only(joining, params):
    """E16."""
    for change, factor in (({"cheap": 0.5}, 0.5 * params.recruitment[0].cheap_guns_on_child_joining), ({"young": 0.2}, 0.2)):
        assert joining(age=17.9, **change) / joining(age=17.9) == pytest.approx(math.exp(factor), rel=0.01)
        assert joining(age=18.0, **change) == joining(age=18.0)


def test_violence_at_home_adds_its_pull(joining):
    """E17."""
    assert joining(exposed=0.35) / joining() == pytest.approx(math.exp(0.35), rel=0.01)


def test_no_youth_joins_more_often_than_the_cap(joining, params):
    worst = {"pull": 5.0, "own_risk": 2.5, "gang_peers": 8, "activity": NEITHER, "isolation": 1.0, "exposed": 0.35}
    assert joining(**worst) == params.recruitment[0].joining_limit


@pytest.mark.parametrize("rent", [-0.69, 0.0, 2.0])
@pytest.mark.parametrize("cheap", [-1.0, 0.0, 1.5])
@pytest.mark.parametrize("young", [-0.2, 0.2])
def test_nobody_exceeds_the_bound_by_which_most_are_passed_over(joining, params, rent, cheap, young):
    param = params.recruitment[0]
    param.joining_limit = 1.0
    for pull in (-9.0, -6.0, -3.0):
        bound = _most(param, pull + max(young, 0.0), rent, cheap)
        luck = uniforms(1, 1, 0, np.arange(6 * 300)).reshape(300, 6)
        for u in luck:
            chance = joining(
                pull=pull,
                rent=rent,
                cheap=cheap,
                age=10 + 20 * u[0],
                own_risk=most_own(param) * (1 if u[1] > 0.8 else 2 * u[1] - 1),
                company=follows(param, 2.5 if u[0] > 0.5 else 5 * u[0] - 2.5),
                activity=NEITHER if u[2] < 0.8 else SCHOOL,
                gang_peers=most_peers(param) * u[3],
                isolation=u[4],
                exposed=param.home_violence_on_joining * most_at_home(param) * int(u[5] < 0.7),
                young=young,
            )
            assert chance <= bound * (1 + 1e-12)
