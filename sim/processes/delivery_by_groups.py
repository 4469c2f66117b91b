"""What community groups deliver of a measure in each place: the ordered level times what able groups there are at work.

    supply_mi    = sum over kinds k of able_mk (work_ik + a mean of work over adjacent places)
    ordinary_mi  = the same with one ordinary group of each ordinary kind in every place
    share_mi     = l (1 - (1 - 1/l)^(supply_mi / ordinary_mi))       1 with ordinary groups, 0 with none, below l
    share_mi    += a max(0, 1 - share_mi)                             where a use says that it brings an agency of its own
    delivered_mi = 1 - p + p share_mi                                 p is 1 where nobody else delivers
So a measure delivers what its evidence says where groups are those of an ordinary city; more, within l, where groups that
can deliver it stand out; less where groups end, are bought, or fall silent. able_mk: `sim.group_kinds`.
    rows    E39, E35
"""

from __future__ import annotations

from sim.compiled import compiled
from sim.parameters import Parameters
from sim.state import City

__all__ = ["find_delivered"]


@compiled
def find_delivered(city: City, params: Parameters, m: int) -> None:
    """Set which share of measure m arrives in each place where it acts, and note what groups have to do there."""
    measure = city.programme[m]
    if measure.by_groups == 0:
        return
    for i in range(city.neighbourhood.size):
        if city.where[m, i] == 0.0:
            continue
        city.delivered[m, i] = _share(city, params, m, i)
        neighbourhood = city.neighbourhood[i]
        neighbourhood.group_load = min(1.0, neighbourhood.group_load + measure.dose * city.where[m, i])


@compiled
def _share(city: City, params: Parameters, m: int, i: int) -> float:
    """Return the share of measure m that arrives in neighbourhood i."""
    param = params.community_groups[0]
    first = city.neighbour_start[i]
    last = city.neighbour_start[i + 1]
    number = 0.0
    for n in range(first, last):
        number += 1.0 if city.neighbourhood[city.neighbour_list[n]].population > 0.0 else 0.0
    supply = 0.0
    ordinary = 0.0
    for k in range(city.able.shape[1]):
        able = city.able[m, k]
        near = 0.0
        if number > 0.0:
            for n in range(first, last):
                near += city.group_work[city.neighbour_list[n], k] / number
        supply += able * (city.group_work[i, k] + param.adjacent_groups_weight * near)
        reach = 1.0 + param.adjacent_groups_weight if number > 0.0 else 1.0
        ordinary += able * city.ordinary_work[k] * reach
    share = 0.0
    if ordinary > 0.0:
        limit = param.delivery_limit
        share = limit * (1.0 - (1.0 - 1.0 / limit) ** (supply / ordinary))
    if city.programme[m].own_agency == 1:
        share += param.own_agency_reach * max(0.0, 1.0 - share)
    whole: float = 1.0 - param.delivery_by_groups + param.delivery_by_groups * share
    return whole
