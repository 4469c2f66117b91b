"""Every recorded run still gives the recorded bytes."""

import pytest

from tests.goldens.behaviour import different, recorded, versions


@pytest.mark.skipif(
    recorded()["versions"] != versions(), reason="the bytes were recorded with the libraries of constraints.txt"
)
def test_every_recorded_run_gives_the_same_bytes():
    assert different() == []
