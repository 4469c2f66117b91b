"""The policy of a pillar holds a measure of the pillar or says why it leaves it out, so that none is forgotten."""

import pytest

from sim.enumerations import PILLARS
from sim.measures import MEASURES
from sim.scenario import load_policy


@pytest.mark.parametrize("pillar", PILLARS)
def test_every_measure_of_a_pillar_is_in_its_policy_or_left_out_with_a_reason(pillar):
    policy = load_policy(pillar)
    told = [*dict.fromkeys(use.measure for use in policy.measures), *policy.leaves_out]
    assert sorted(told) == sorted(each.row for each in MEASURES if each.pillar == pillar)


@pytest.mark.parametrize("pillar", PILLARS)
def test_a_measure_that_no_study_has_measured_is_said_to_be_so(pillar):
    measures = {each.row: each for each in MEASURES}
    for row, reason in load_policy(pillar).leaves_out.items():
        judged = all(change.status == "judgement" for change in measures[row].changes)
        assert not reason.startswith("No study gives its size") or judged, row
        assert not judged or "study" in reason or "judgement" in reason, row
