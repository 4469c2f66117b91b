"""Partners who deliver a measure: what makes one sound, and what is left of the effect where one is not (row E35)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.parameters import Parameters

if TYPE_CHECKING:
    from sim import scenario as schema

__all__ = ["CRITERIA", "soundness"]

# What makes a partner sound, as `sim.scenario.Partner` names it, and the parameter for the effect lost without it.
CRITERIA = {
    "leadership": "partner_loss_leadership",
    "clean": "partner_loss_illicit_trade",
    "no_party": "partner_loss_party",
    "no_violence": "partner_loss_violence",
    "no_rivalry": "partner_loss_rivalry",
    "trusted": "partner_loss_distrust",
    "age_gap": "partner_loss_age_gap",
}


def soundness(partner: schema.Partner, params: Parameters) -> float:
    """Return the part of a measure's effect that is left when this partner delivers it: the product over the criteria.

    Row E35. Each criterion that is not met takes its own share (`policy_delivery.partner_loss_*`); all met leave the whole.
    """
    param = params.policy_delivery[0]
    left = 1.0
    for criterion, lost in CRITERIA.items():
        left *= 1.0 - float(param[lost]) * (1.0 - getattr(partner, criterion))
    return left
