"""Who is counted where: the few acts that change a youth's gang or freedom, and the counts that must follow.

Counts of members are kept as things happen instead of being recounted: `members` and `inmates` [neighbourhood, gang],
and `gang_peers`, the number of free gang members among a youth's eight peers, pushed to the peers when it changes.
"""

from __future__ import annotations

from sim.compiled import compiled
from sim.state import DEAD, FREE, NO_GANG, PEERS_EACH, PRISON, City, Youth

__all__ = ["enlist", "imprison", "kill", "quit_gang", "set_free"]


@compiled
def _tell_peers(youth: Youth, row: int, change: int) -> None:
    for p in range(PEERS_EACH):
        youth.gang_peers[youth.peers[row, p]] += change


@compiled
def enlist(city: City, row: int, gang: int, t: int) -> None:
    """Make a youth, free or in prison, a member of a gang."""
    youth = city.youth
    youth.gang[row] = gang
    youth.joined[row] = t
    if youth.status[row] == FREE:
        city.members[youth.home[row], gang] += 1
        _tell_peers(youth, row, 1)
    else:
        city.inmates[youth.home[row], gang] += 1


@compiled
def quit_gang(city: City, row: int) -> None:
    """End a membership, if there is one."""
    youth = city.youth
    gang = youth.gang[row]
    if gang == NO_GANG:
        return
    youth.gang[row] = NO_GANG
    if youth.status[row] == FREE:
        city.members[youth.home[row], gang] -= 1
        _tell_peers(youth, row, -1)
    elif youth.status[row] == PRISON:
        city.inmates[youth.home[row], gang] -= 1


@compiled
def imprison(city: City, row: int, until: int) -> None:
    """Take a free youth to prison until the given month; membership goes along."""
    youth = city.youth
    gang = youth.gang[row]
    youth.status[row] = PRISON
    youth.release[row] = min(until, 32_000)
    youth.school_place[row] = 0
    youth.training[row] = 0
    if gang != NO_GANG:
        city.members[youth.home[row], gang] -= 1
        city.inmates[youth.home[row], gang] += 1
        _tell_peers(youth, row, -1)


@compiled
def set_free(city: City, row: int) -> None:
    """Release a youth from prison, with a record."""
    youth = city.youth
    gang = youth.gang[row]
    youth.status[row] = FREE
    youth.record[row] = 1
    if gang != NO_GANG:
        city.inmates[youth.home[row], gang] -= 1
        city.members[youth.home[row], gang] += 1
        _tell_peers(youth, row, 1)


@compiled
def kill(city: City, row: int) -> None:
    """Let a youth die; the row stays empty until its cohort turns thirty."""
    quit_gang(city, row)
    city.youth.status[row] = DEAD
    city.youth.school_place[row] = 0
    city.youth.training[row] = 0
    city.youth.training_effect[row] = 0.0
