"""The page of what each field of a neighbourhood moves: one field alone is changed, and what fails is said first."""

import pytest

from experiments.comparison.paired import Interval
from experiments.publish.city_fields import FIELDS, PLACE, READ, VERDICTS, Moved, as_it_is, page, raised
from sim.scenario import load_city

SANDBOX = load_city("sandbox")


@pytest.mark.parametrize("field", FIELDS)
def test_one_field_of_one_place_is_changed_and_nothing_else(field):
    before = as_it_is(SANDBOX, field)
    city, after = raised(SANDBOX, field, before)
    assert after != before
    for here, there in zip(SANDBOX.neighbourhoods, city.neighbourhoods, strict=True):
        expected = here.model_copy(update={field: after}) if here.name == PLACE else here
        assert there == expected
    assert city.model_copy(update={"neighbourhoods": (), "assumptions": {}}) == SANDBOX.model_copy(
        update={"neighbourhoods": (), "assumptions": {}}
    )


@pytest.mark.parametrize(
    ("field", "change", "verdict"),
    [
        ("poverty", (8.0, 6.0, 10.0), VERDICTS[3]),
        ("poverty", (-8.0, -10.0, -6.0), VERDICTS[0]),
        ("poverty", (8.0, 4.0, 12.0), VERDICTS[2]),
        ("services", (-8.0, -10.0, -6.0), VERDICTS[3]),
        ("services", (8.0, 6.0, 10.0), VERDICTS[0]),
        ("density", (0.0, 0.0, 0.0), VERDICTS[1]),
    ],
)
def test_a_field_is_judged_by_what_moves_most_in_the_direction_of_the_documents(field, change, verdict):
    nothing = Interval(0.0, 0.0, 0.0)
    moved = Moved(field, 0.2, 0.4, dict(zip(READ, (Interval(*change), nothing, nothing), strict=True)))
    assert moved.verdict == verdict
    text = page([moved])
    assert f"- {verdict}: `{field}`" in text
    assert f"| `{field}` | 0.2 | 0.4 |" in text
