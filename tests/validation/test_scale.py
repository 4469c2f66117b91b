"""One row may stand for several youths: mean rates at scales .1 and 1 agree within 5 % (24 months)."""

from __future__ import annotations

import pytest

from sim.outcomes import outcome_index
from sim.scenario import load_city
from tests.validation.futures import Futures

pytestmark = pytest.mark.validate

RATES = ("homicide_rate", "gang_members", "recruits", "prisoners", "criminal_governance_index", "extortion_share")


def test_rates_at_a_tenth_and_at_full_scale_agree():
    chicago = load_city("chicago")
    tenth = Futures(chicago, [], seeds=80, months=24, scale=0.1).monthly[:, 0]
    full = Futures(chicago, [], seeds=16, months=24, scale=1.0).monthly[:, 0]
    for outcome in RATES:
        column = outcome_index(outcome)
        here = tenth[:, :, column].mean(axis=1)
        there = full[:, :, column].mean(axis=1)
        ratio = here.mean() / there.mean()
        error = ((here.std(ddof=1) / here.mean()) ** 2 / 80 + (there.std(ddof=1) / there.mean()) ** 2 / 16) ** 0.5
        print(f"{outcome}: .1 over 1 {ratio:.3f} (standard error {error:.3f})")
        assert 0.95 < ratio < 1.05
