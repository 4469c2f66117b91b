"""A plan that does nothing is told: before the run where nothing of it can act, in a sentence where a part cannot."""

import pytest

from sim.errors import InputError
from sim.idle import idle_sentences, refuse_idle, why_idle
from sim.scenario import MeasureUse, Policy, Shock, load_city, load_policy

CITY = load_city("sandbox")
PARK = CITY.model_copy(
    update={
        "begins": "2027-01",
        "neighbourhoods": tuple(
            place.model_copy(update={"population": 0}) if place.name == "Aldoo" else place for place in CITY.neighbourhoods
        ),
    }
)


def policy(*uses, name="mine"):
    return Policy.model_validate({"name": name, "title": name, "about": "A test.", "measures": list(uses)})


def use(**values):
    return MeasureUse.model_validate({"measure": "P-R3"} | values)


def shock(**values):
    given = {"name": "x", "title": "X", "about": "A test.", "kind": "flow", "flow": "drugs", "size": 2.0, "start": 3}
    return Shock.model_validate(given | values)


@pytest.mark.parametrize(
    ("part", "says"),
    [
        (use(start="2029-01"), "starts in month 25, after the last month of the run, 24"),
        (use(level=0), "is at level 0"),
        (use(start=40), "after the last month of the run, 24; start it earlier or run longer"),
        (use(start=40, trigger={"outcome": "fear", "above": 0.5}), "after the last month of the run, 24"),
        (use(where={"places": ["Aldoo"]}), "acts only where nobody lives"),
        (shock(start=40), "after the last month of the run, 24"),
        (shock(size=1.0), "is of a size that changes nothing"),
        (shock(kind="slump", flow=None, size=0.0), "is of a size that changes nothing"),
        (shock(kind="disaster", flow=None, size=0.5, where={"places": ["Aldoo"]}), "acts only where nobody lives"),
    ],
)
def test_what_cannot_act_in_a_run_is_told_with_what_to_do(part, says):
    assert says in why_idle(part, PARK, 24)


@pytest.mark.parametrize(
    "part",
    [
        use(),
        use(level=0.01),
        use(start=23),
        use(start="2028-12"),
        use(start=3, stop=4),
        use(where={"places": ["Aldoo", "Bimbry"]}),
        use(where={"worst": 1, "by": "deprivation"}),
        shock(size=0.0),
        shock(start=23),
    ],
)
def test_what_may_act_is_left_alone(part):
    assert why_idle(part, PARK, 24) is None


def test_the_last_month_is_in_the_run_and_the_one_after_is_not():
    whys = [why_idle(use(start=start), CITY, 24) for start in range(1, 40)]
    at = next(place for place, why in enumerate(whys) if why)
    assert at == 24
    assert "starts in month 25," in whys[at]
    assert all(whys[at:])


def test_a_policy_in_which_nothing_can_act_is_refused_with_its_file(tmp_path):
    file = tmp_path / "late.yaml"
    measures = "- {measure: P-G4, start: 60}\n- {measure: P-R3, level: 0}\n"
    file.write_text(f"name: late\ntitle: Late\nabout: x\nmeasures:\n{measures}")
    with pytest.raises(InputError) as caught:
        refuse_idle(CITY, [load_policy("truce"), load_policy(file)], 24)
    assert str(caught.value).startswith(f"{file}: policy late can do nothing in this run: P-G4 starts in month 6")
    assert str(caught.value).endswith("(and 1 more like it)")
    refuse_idle(CITY, [load_policy("baseline"), policy(use(start=60), use())], 24)
    refuse_idle(CITY, [load_policy(file)], 120)


def test_idle_parts_and_policies_that_are_the_same_are_said_in_sentences():
    arms = [load_policy("baseline"), policy(use(), use(level=0, start=2)), policy(use(), name="twin"), policy(name="empty")]
    says = idle_sentences(CITY, arms, [shock(start=60)], 24)
    assert len(says) == 4
    assert says[0].startswith("Policy mine: P-R3 is at level 0")
    assert says[1].startswith("Shock x starts in month 6")
    assert says[2].startswith("Policies twin and mine, do the same")
    assert says[3].startswith("Policies empty and baseline, the reference, do nothing, both")


def test_an_ordinary_comparison_has_nothing_to_say():
    arms = [load_policy(name) for name in ("baseline", "regulation", "all_four", "truce")]
    assert idle_sentences(CITY, arms, [], 120) == []


def test_bounds_that_leave_no_neighbourhood_do_nothing():
    city = load_city("sandbox")
    poor = use(where={"of": "poverty", "above": 0.9})
    assert why_idle(poor, city, 12) == (
        "acts only where poverty lies within its bounds, and nowhere with residents it does; widen them"
    )
    assert why_idle(use(where={"of": "poverty", "above": 0.3}), city, 12) is None
    assert why_idle(use(where={"of": "homicide_rate", "above": 1e6}), city, 12) is None


def test_a_level_by_month_does_nothing_only_where_it_is_never_above_0():
    city = load_city("sandbox")
    assert why_idle(use(level={0: 0.0, 6: 0.0}), city, 12) == "is at level 0; give it a level above 0, or remove it"
    assert why_idle(use(level={0: 0.0, 6: 0.1}), city, 12) is None
