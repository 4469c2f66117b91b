"""Places in programmes: how often one is offered, and for how many months who takes it is counted in it.

    offer  = share / (m (1 - share))           places held for m months after the one in which they are taken, as is usual
    offer  = f / (a (1 - f)), at most 1   places held for a months, that one the first, which a policy gives (`place_months`)
    f      = share (m + 1) / (m + share)       the share of those eligible that is in places as is usual
So as many places are filled however long each is held: what is asked for and paid is places, and who passes through them
are more people the shorter that is. Shares are at most .9, and at most a / (1 + a): a place stands empty for a month.
"""

from __future__ import annotations

from sim.compiled import compiled

__all__ = ["offer_of"]


@compiled
def offer_of(share: float, usual: float, asked: float) -> tuple[float, int]:
    """Return the monthly chance of taking up a place, and the months that are then counted down, this one the first.

    Parameters
    ----------
    share : float
        Of those eligible, in places.
    usual : float
        Months for which a place is held where nobody asks for others.
    asked : float
        Those that a policy gives; 0 for none.
    """
    share = min(share, 0.9)
    if asked <= 0.0:
        # A place taken this month is counted down at once: hence the month more.
        return min(1.0, share / (usual * (1.0 - share))), int(usual) + 1
    filled = share * (usual + 1.0) / (usual + share)
    return min(1.0, filled / (asked * (1.0 - filled))), int(asked + 0.5)
