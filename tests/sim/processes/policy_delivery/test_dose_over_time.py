"""What a measure asks for: doses ramp and fade, levers add up and never do more than was asked."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.levers import LEVERS
from sim.measures import MEASURES
from sim.outcomes import outcome_index
from sim.processes.policy_delivery import set_levers
from sim.scenario import MeasureUse, Partner, Trigger


def test_a_dose_ramps_to_its_level_and_fades_after_its_stop(enforced, doses):
    city = enforced(MeasureUse(measure="P-S3", level=0.8, start=4, stop=10, ramp=4))
    fades = city.programme[0].fades
    reached = doses(city, "violence_interruption", range(22))
    np.testing.assert_allclose(reached[:3], 0.0)
    np.testing.assert_allclose(reached[3:7], 0.8 * np.array([0.25, 0.5, 0.75, 1.0]))
    np.testing.assert_allclose(reached[7:10], 0.8)
    gone = np.maximum(0.0, 1.0 - np.arange(1, 13) / fades)
    np.testing.assert_allclose(reached[10:], 0.8 * gone, atol=1e-15)


def test_a_measure_stopped_on_its_way_up_fades_from_where_it_was(enforced, doses):
    city = enforced(MeasureUse(measure="P-S3", start=0, stop=2, ramp=8))
    fades = city.programme[0].fades
    np.testing.assert_allclose(
        doses(city, "violence_interruption", range(4)), [1 / 8, 2 / 8, 2 / 8 * (1 - 1 / fades), 2 / 8 * (1 - 2 / fades)]
    )


def test_a_measure_that_does_not_fade_ends_at_once(enforced, doses, params):
    # That a truce may collapse before its stop is tested in test_truces.py.
    params.gangs[0].truce_collapse_rate = 0.0
    city = enforced(MeasureUse(measure="P-G4", start=0, stop=6, ramp=0))
    np.testing.assert_array_equal(doses(city, "truce", range(9)), [1, 1, 1, 1, 1, 1, 0, 0, 0])


def test_a_measure_at_level_0_pulls_nothing(enforced, doses):
    city = enforced(MeasureUse(measure="P-E1", level=0.0))
    assert not doses(city, "hot_spot_patrol", range(6)).any()
    assert not city.lever_values.any()


def test_levers_are_made_anew_each_month_and_never_exceed_one(enforced, doses):
    city = enforced(
        MeasureUse(measure="P-R3", level=0.7, ramp=0),
        MeasureUse(measure="P-R3", level=0.2, ramp=0, start=3),
        MeasureUse(measure="P-R3", level=0.6, ramp=0, start=5),
    )
    np.testing.assert_allclose(doses(city, "liquor_hours", range(6)), [0.7, 0.7, 0.9, 0.9, 1.0, 1.0])


def test_what_a_lever_was_before_does_not_matter(enforced, pull):
    city = enforced(MeasureUse(measure="P-R3", ramp=0))
    city.lever_values[:] = 9.0
    pull(city, 0)
    assert city.lever_values.sum() == 9.0
    np.testing.assert_array_equal(city.lever_values[:, LEVERS.index("liquor_hours")], 1.0)


def test_a_triggered_measure_begins_when_the_outcome_is_above_and_then_stays(enforced, pull):
    city = enforced(MeasureUse(measure="P-R3", ramp=0, start=3, trigger=Trigger(outcome="fear", above=0.5)))
    column = outcome_index("fear")
    seen = [0.9, 0.1, 0.4, 0.5, 0.6, 0.1, 0.1]
    pulled = []
    for t, fear in enumerate(seen):
        city.city_outcome[column] = fear
        pulled.append(pull(city, t, "liquor_hours"))
    np.testing.assert_array_equal(pulled, [0, 0, 0, 0, 1, 1, 1])


@settings(max_examples=60, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    level=st.floats(0.0, 1.0),
    start=st.integers(0, 30),
    length=st.integers(1, 40),
    ramp=st.integers(0, 30),
    measure=st.sampled_from(MEASURES),
    integrity=st.floats(0.05, 0.95),
    linkage=st.floats(0.0, 1.0),
    alignment=st.floats(0.0, 1.0),
    met=st.floats(0.0, 1.0),
    sound=st.floats(0.0, 1.0),
)
def test_no_measure_ever_does_more_than_was_asked_and_paid_for(
    with_policy, params, seed, level, start, length, ramp, measure, integrity, linkage, alignment, met, sound
):
    params.policy_delivery[0].cooperation_on_funding = 0.0
    partner = Partner(clean=sound, trusted=sound) if measure.partner else Partner()
    conditions = dict.fromkeys(measure.conditions, met)
    use = MeasureUse(
        measure=measure.row,
        level=level,
        start=start + 1,
        stop=start + length,
        ramp=ramp,
        conditions=conditions,
        partner=partner,
    )
    city = with_policy(use)
    city.neighbourhood["garrison"] = 0.0
    city_state = city.city_state[0]
    city_state.integrity, city_state.linkage, city_state.alignment = integrity, linkage, alignment
    for t in sorted({0, max(start - 1, 0), start, start + 1, start + length - 1, start + length, start + length + 7, 400}):
        set_levers(city, params, seed, t)
        row = city.programme[0]
        assert 0.0 <= row.dose <= row.asked <= level
        assert (city.lever_values >= 0.0).all()
        # Soldiers may stay on when nobody asks for them any more.
        others = [lever != "military_deployment" for lever in LEVERS]
        assert (city.lever_values[:, others] <= row.dose + 1e-12).all()
        assert (city.levers["military_deployment"] <= level).all()
        if t < start:
            assert row.asked == 0.0
