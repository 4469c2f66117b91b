"""The worst places are drawn once, when a measure begins, among those where people live."""

import numpy as np
import pytest

from sim.processes.policy_delivery import look_around
from sim.scenario import MeasureUse, Target


def test_the_worst_places_are_among_those_where_people_live(enforced, pull):
    city = enforced(MeasureUse(measure="P-E1", where=Target(worst=9, by="deprivation")))
    city.neighbourhood["population"][[0, 8]] = 0.0
    pull(city, 0)
    np.testing.assert_array_equal(city.where[0], [0, 1, 1, 1, 1, 1, 1, 1, 0])


@pytest.mark.parametrize(
    ("by", "field"), [("homicide_rate", "violence"), ("extortion_share", "extortion"), ("deprivation", "deprivation")]
)
def test_the_worst_places_are_those_with_the_highest_indicator_when_the_measure_begins(enforced, pull, by, field):
    city = enforced(MeasureUse(measure="P-E1", start=2, where=Target(worst=3, by=by)))
    pull(city, 0)
    values = city.neighbourhood[field].copy()
    pull(city, 1)
    assert set(np.flatnonzero(city.where[0])) == set(np.argsort(-values)[:3])
    city.neighbourhood["violence"] = city.neighbourhood["violence"][::-1]
    city.neighbourhood["extortion"] = city.neighbourhood["extortion"][::-1]
    chosen = city.where[0].copy()
    pull(city, 2)
    np.testing.assert_array_equal(city.where[0], chosen)


def test_the_worst_by_gang_members_are_worst_by_resident(enforced, pull):
    city = enforced(MeasureUse(measure="P-E1", where=Target(worst=1, by="gang_members")))
    look_around(city)
    pull(city, 0)
    assert np.argmax(city.where[0]) == np.argmax(city.residents.sum(axis=1) / city.neighbourhood["population"])


def test_between_equals_the_first_listed_is_worst(enforced, pull):
    city = enforced(MeasureUse(measure="P-E1", where=Target(worst=2, by="extortion_share")))
    city.neighbourhood["extortion"] = 0.3
    pull(city, 0)
    np.testing.assert_array_equal(city.where[0], [1, 1, 0, 0, 0, 0, 0, 0, 0])
