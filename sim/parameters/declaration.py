"""What a parameter declares: its range, unit, distribution, source and standing."""

from __future__ import annotations

from typing import Literal, NamedTuple

__all__ = [
    "A_MONTH",
    "CALIBRATED",
    "CHOSEN",
    "FIT",
    "FORM",
    "HAZARD",
    "JUDGEMENT",
    "LITERATURE",
    "LOGIT",
    "LOGUNIFORM",
    "MEASURED",
    "UNIFORM",
    "Distribution",
    "Parameter",
    "Standing",
]

Distribution = Literal["uniform", "loguniform"]
Standing = Literal["measured", "literature", "calibrated", "judgement"]

UNIFORM: Distribution = "uniform"
LOGUNIFORM: Distribution = "loguniform"

MEASURED: Standing = "measured"
LITERATURE: Standing = "literature"
CALIBRATED: Standing = "calibrated"
JUDGEMENT: Standing = "judgement"

# Sources of a judgement.
FIT = "found by fitting"
CHOSEN = "chosen"
FORM = "chosen with the form of the equation"

# Units that many share.
HAZARD = "log hazard"
LOGIT = "logit"
A_MONTH = "per month"


class Parameter(NamedTuple):
    """One number of the model.

    `name` is "process.field"; `low` and `high` bound what a setting may ask for; `distribution` is how a sensitivity
    design spreads the number over that range; `status` is its standing; `evidence` is its source: a key of the evidence
    table, or how the value was found; `says` is one sentence that needs no other to be understood.
    """

    name: str
    default: float
    low: float
    high: float
    unit: str
    distribution: Distribution
    status: Standing
    evidence: str
    says: str

    @property
    def process(self) -> str:
        """The process that reads it."""
        return self.name.split(".")[0]

    @property
    def field(self) -> str:
        """Its name within the process."""
        return self.name.split(".")[1]
