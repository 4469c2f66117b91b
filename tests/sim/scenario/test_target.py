"""Where something acts: bounds on a figure of a neighbourhood, the share of each that is treated, and what is refused."""

import pytest
from pydantic import ValidationError

from sim.errors import InputError
from sim.scenario import MeasureUse, Policy, Shock, Target, check_fit, load_city
from sim.scenario.target import target_text


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ({"cover": 0.1}, "is empty; give exactly one of all: true, worst, worst_share, places or of"),
        ({"all": True, "of": "poverty", "above": 0.2}, "is all and of; give exactly one"),
        ({"of": "poverty"}, "says nothing of poverty; give above, below or both"),
        ({"of": "povrety", "above": 0.2}, "is 'povrety', which is no figure of a neighbourhood; did you mean poverty?"),
        ({"of": "homicides_observed", "above": 1.0}, "which is no figure of a neighbourhood"),
        ({"all": True, "above": 0.2}, "is 0.2, but of nothing; name it under of"),
        ({"of": "poverty", "above": 0.5, "below": 0.5}, "is 0.5, which is not under below, 0.5"),
        ({"of": "poverty", "above": 0.5, "by": "deprivation"}, "but nothing is ranked"),
        ({"all": True, "cover": 0.0}, "greater than 0"),
        ({"all": True, "cover": 1.5}, "less than or equal to 1"),
    ],
)
def test_what_means_no_place_is_refused(where, says):
    with pytest.raises(ValidationError) as refused:
        Target.model_validate(where)
    assert says in str(refused.value)


def test_one_programme_for_the_whole_city_covers_no_share_of_a_place():
    with pytest.raises(ValidationError, match=r"is 0\.1, but P-G4 is one programme for the whole city; remove it"):
        MeasureUse(measure="P-G4", where=Target(all=True, cover=0.1))
    assert MeasureUse(measure="P-R9", where=Target(all=True, cover=0.1)).where.cover == 0.1


def test_a_shock_treats_no_share_of_a_place():
    with pytest.raises(ValidationError, match=r"is 0\.1, but only a measure treats a share of a place"):
        Shock(name="s", title="S", about="", kind="raid", size=0.5, start=1, where=Target(all=True, cover=0.1))


def test_a_figure_that_the_city_does_not_give_is_refused():
    sandbox = load_city("sandbox")
    use = MeasureUse(measure="P-R3", where=Target(of="density", above=1000.0))
    plan = Policy(name="mine", title="Mine", about="", measures=(use,))
    bare = tuple(each.model_copy(update={"density": None}) for each in sandbox.neighbourhoods)
    with pytest.raises(InputError, match=r"measures\[0\]\.where\.of is 'density', which sandbox does not give for 'Aldoo'"):
        check_fit(sandbox.model_copy(update={"neighbourhoods": bare}), [plan])
    dense = tuple(each.model_copy(update={"density": 5e3}) for each in sandbox.neighbourhoods)
    check_fit(sandbox.model_copy(update={"neighbourhoods": dense}), [plan])


def test_a_target_is_said_as_a_file_has_it():
    assert target_text(Target(of="poverty", above=0.4, cover=0.1)) == "of: 'poverty', above: 0.4, cover: 0.1"


def test_a_cover_of_1_is_the_same_as_none():
    assert Target(all=True, cover=1.0) == Target(all=True)
    assert MeasureUse(measure="P-G4", where=Target(all=True, cover=1.0)) == MeasureUse(measure="P-G4")
