"""The option --level: what it reads, what it changes in the policies that are run, and what it refuses."""

import pytest

from experiments.commands.levels import read_levels, with_levels
from sim.errors import InputError
from sim.scenario import load_policy


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("P-E1=0.5", 0.5),
        ("hot-spot-patrol=0.5", 0.5),
        ("P-E1 = 0:1, 24:0.5", {0: 1.0, 24: 0.5}),
        ("P-E1=2028-01:0.4,2029-01:1", {"2028-01": 0.4, "2029-01": 1.0}),
    ],
)
def test_a_level_is_read_as_in_a_file(text, level):
    assert read_levels([text]) == {"P-E1": level}


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (["P-E1"], "--level 'P-E1' is not of the form MEASURE=LEVEL; write --level P-E1=0.5"),
        (["P-E99=1"], "--level P-E99: there is no such measure; did you mean"),
        (["P-E1=50"], "--level P-E1=50: level is 50; it is a share between 0 and 1 (did you mean 0.5?)"),
        (["P-E1=0:1,24:5"], "--level P-E1=0:1,24:5: level.24 is 5; it is a share between 0 and 1"),
        (["P-E1=6:1"], "level.6 is the first month given; say the level from the start on too"),
        (["P-E1=0:1,0:2"], "--level 0:1,0:2: month 0 is given twice; keep one"),
        (["P-E1=1", "hot-spot-patrol=0.5"], "--level hot-spot-patrol is given twice; keep one"),
    ],
)
def test_what_is_no_level_is_refused_with_what_would_be_right(texts, says):
    with pytest.raises(InputError) as refused:
        read_levels(texts)
    assert says in str(refused.value)


def test_every_policy_that_uses_the_measure_is_changed_and_nothing_else():
    policies = [load_policy("enforcement"), load_policy("engagement")]
    first, second = with_levels(policies, read_levels(["P-E1=0:1,24:0.5", "P-E2=0.3"]))
    assert [use.level for use in first.measures] == [{0: 1.0, 24: 0.5}, 0.3, 1.0]
    assert first.model_copy(update={"measures": policies[0].measures}) == policies[0]
    assert second == policies[1]


def test_a_measure_that_no_policy_uses_is_refused():
    with pytest.raises(InputError, match="--level P-S3: no policy that is run uses this measure; they use P-E1, P-E2, P-E3"):
        with_levels([load_policy("enforcement")], read_levels(["P-S3=1"]))
