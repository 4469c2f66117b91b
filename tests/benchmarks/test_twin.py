"""The compiled youths and the same youths as Mesa agents live the same lives, month by month, one by one."""

import numpy as np
import pytest
from lively import everything

from benchmarks.stages import STAGES, live_stages
from benchmarks.twin import COMPARED, ScreeningYouth, TwinCity, TwinYouth, live_and_note, prepare_luck
from benchmarks.youth import sandbox_of
from sim.levers import enforce
from sim.month import STEPS, months
from sim.run import begin_city
from sim.scenario import load_policy
from sim.state import copy_city

SEED = 3
YEARS = 4


def nowhere(city):
    columns = city.city_outcome.size
    return np.zeros((0, columns), np.float32), np.zeros((0, len(city.neighbourhood), columns), np.float32)


@pytest.fixture(scope="module")
def settled():
    sandbox, scale = sandbox_of(1000)
    city, params = begin_city(sandbox, seed=SEED, scale=scale, burn_in=120)
    assert 950 <= len(city.youth.home) <= 1050
    return sandbox, city, params


@pytest.mark.validate  # It compiles the month once more, step by step.
def test_the_stages_are_the_steps_of_the_month_and_give_the_same_bytes(settled):
    _, city, params = settled
    assert tuple(name for name, _ in STEPS) == STAGES
    whole, staged = copy_city(city), copy_city(city)
    months(whole, params, np.uint64(SEED), 0, 12, *nowhere(city))
    for t in range(12):
        live_stages(staged, params, np.uint64(SEED), t, 0, len(STAGES))
    for one, other in zip(whole.youth, staged.youth, strict=True):
        assert one.tobytes() == other.tobytes()
    assert whole.city_outcome.tobytes() == staged.city_outcome.tobytes()


@pytest.mark.validate  # It compiles a part of the month once more, beside the lives of its youths.
@pytest.mark.parametrize(
    ("policy", "kind"),
    [
        ("baseline", TwinYouth),
        ("baseline", ScreeningYouth),
        ("mass_arrest", TwinYouth),
        ("all_four", TwinYouth),
        ("everything", TwinYouth),
    ],
)
def test_a_thousand_mesa_youths_live_the_compiled_lives(settled, policy, kind):
    schema, city, params = settled
    # All measures at once, conditions met by half and partners not sound: every rule of a youth's month is in play.
    chosen = everything() if policy == "everything" else load_policy(policy)
    state = enforce(copy_city(city), schema, chosen, params=params)
    twin = TwinCity(state, params, kind)
    begun = {name: getattr(state.youth, name).copy() for name in COMPARED}
    assert twin.differing(state) == {}
    for t in range(12 * YEARS):
        luck = prepare_luck(state, SEED, t)
        twin.live(t, live_and_note(state, params, SEED, t), luck)
        assert twin.differing(state) == {}, f"month {t}"
        inside = np.bincount(state.youth.home[state.youth.status == 1], minlength=len(state.neighbourhood))
        assert twin.prisoners == inside.tolist()
    assert [youth.gang_peers for youth in twin.listed] == state.youth.gang_peers.tolist()
    for name, before in begun.items():
        assert np.any(before != getattr(state.youth, name)), f"{name} never changed, so its equality says nothing"


@pytest.mark.validate  # Whichever of these tests runs first compiles a part of the month.
def test_a_changed_number_is_noticed(settled):
    _, city, params = settled
    state = copy_city(city)
    twin = TwinCity(state, params)
    luck = prepare_luck(state, SEED, 0)
    free = np.flatnonzero((state.youth.status == 0) & (state.youth.gang == -1))
    luck.join[int(free[0])] = 1e-12
    twin.live(0, live_and_note(state, params, SEED, 0), luck)
    assert int(free[0]) in twin.differing(state)["gang"]
