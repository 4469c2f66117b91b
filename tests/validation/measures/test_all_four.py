"""What all measures of the four pillars do together in the sandbox."""

from __future__ import annotations

from sim.scenario import load_policy
from tests.validation.futures import ALIKE
from tests.validation.measures.claims import SANDBOX, SEEDS, Lived, hold


def test_the_four_pillars_together_lower_homicide_and_criminal_governance():
    together = Lived(SANDBOX, [load_policy("all_four")], seeds=SEEDS, without=ALIKE)
    hold(together.falls("all_four", "homicide_rate"), together.falls("all_four", "criminal_governance_index"))
