"""Kinds of community groups: which measures each can deliver, what it does by itself, and which kinds are ordinary.

All numbers here are judgement, in one place: 1 is the kind that a measure is made for, 0 one that cannot deliver it. They
follow who the framework names for each task: interrupters step in between gangs; women's and family groups reach mothers;
clubs and congregations reach youths; business funds and runs districts; media spread what is said; families, congregations
and agencies refer early and take people back. An agency delivers everything, at lower local reach.

    able_mk      = mean over the levers of measure m of DELIVERS[lever][k]         a partner's measure of one's own: any kind
    ordinary     = one group of each ordinary kind in every neighbourhood where people live, of ordinary capacity
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.enumerations import GROUP_KINDS, SERVING, GroupKind
from sim.state import GROUP, make_table

if TYPE_CHECKING:
    from sim import scenario as schema
    from sim.measures.declaration import Measure
    from sim.parameters import Parameters
    from sim.state import views
    from sim.state.views import Table

__all__ = [
    "DELIVERS",
    "NOBODY",
    "ORDINARY_KINDS",
    "WORK",
    "build_groups",
    "deliverers",
    "ordinary_work",
    "set_ordinary_work",
]

Floats = npt.NDArray[np.float64]

ORDINARY_KINDS: tuple[GroupKind, ...] = (
    "faith",
    "women's group",
    "family association",
    "youth club",
    "business association",
)
"""The kinds of which every neighbourhood of an ordinary city has a group."""

NOBODY: Floats = np.zeros(len(GROUP_KINDS))
"""Of a measure, a shock or an election that needs no group."""

AGENCY = 0.4
ANY_KIND = 0.5

DELIVERS: dict[str, dict[GroupKind, float]] = {
    "community_watch": {
        "business association": 0.8,
        "family association": 0.7,
        "faith": 0.5,
        "women's group": 0.5,
        "ethnic association": 0.5,
        "cooperative": 0.5,
        "media": 0.3,
        "youth club": 0.2,
    },
    "improvement_district": {"business association": 1.0, "cooperative": 0.5},
    "media_campaign": {
        "media": 1.0,
        "faith": 0.4,
        "youth club": 0.4,
        "women's group": 0.3,
        "ethnic association": 0.3,
        "business association": 0.3,
        "cooperative": 0.2,
    },
    "women_mediators": {"women's group": 1.0, "family association": 0.6, "faith": 0.3, "ethnic association": 0.3},
    "business_cooperation": {"business association": 1.0, "cooperative": 0.5, "media": 0.2},
    "early_referral": {
        "family association": 1.0,
        "faith": 0.7,
        "youth club": 0.6,
        "women's group": 0.6,
        "ethnic association": 0.5,
        "interrupters": 0.3,
    },
    "after_school_places": {
        "youth club": 1.0,
        "faith": 0.7,
        "women's group": 0.4,
        "family association": 0.4,
        "ethnic association": 0.4,
        "cooperative": 0.3,
    },
    "mothers_groups": {
        "women's group": 1.0,
        "family association": 0.8,
        "faith": 0.4,
        "ethnic association": 0.3,
        "cooperative": 0.2,
    },
    "violence_interruption": {
        "interrupters": 1.0,
        "faith": 0.4,
        "youth club": 0.3,
        "women's group": 0.3,
        "ethnic association": 0.3,
        "family association": 0.2,
    },
    "job_training": {
        "business association": 0.8,
        "cooperative": 0.8,
        "youth club": 0.5,
        "faith": 0.4,
        "women's group": 0.3,
        "ethnic association": 0.3,
        "family association": 0.2,
        "interrupters": 0.2,
    },
    "reintegration": {
        "family association": 0.8,
        "faith": 0.8,
        "interrupters": 0.7,
        "ethnic association": 0.5,
        "women's group": 0.5,
        "youth club": 0.3,
        "cooperative": 0.3,
    },
    "group_transformation": {
        "interrupters": 0.8,
        "youth club": 0.6,
        "faith": 0.5,
        "cooperative": 0.5,
        "ethnic association": 0.3,
        "business association": 0.2,
    },
    "early_childhood_support": {
        "family association": 1.0,
        "women's group": 0.9,
        "faith": 0.5,
        "ethnic association": 0.4,
        "cooperative": 0.3,
    },
    "care_after_shock": {
        "faith": 0.9,
        "women's group": 0.7,
        "family association": 0.7,
        "cooperative": 0.7,
        "ethnic association": 0.6,
        "youth club": 0.4,
        "business association": 0.3,
        "media": 0.2,
    },
    "safe_spaces": {
        "women's group": 1.0,
        "family association": 0.6,
        "faith": 0.5,
        "ethnic association": 0.3,
        "youth club": 0.2,
    },
}
"""How well each kind delivers what a lever stands for; one that is not named cannot. An agency delivers all, by AGENCY."""

WORK: dict[GroupKind, tuple[float, float, float]] = {
    "youth club": (1.0, 0.2, 0.0),
    "women's group": (0.7, 0.6, 0.0),
    "faith": (0.8, 0.5, 0.0),
    "interrupters": (0.8, 0.1, 1.0),
    "business association": (0.3, 0.8, 0.0),
    "cooperative": (0.5, 0.4, 0.0),
    "media": (0.2, 1.0, 0.0),
    "ethnic association": (0.5, 0.4, 0.0),
    "family association": (0.8, 0.6, 0.0),
    "agency": (0.5, 0.5, 0.0),
}
"""What a kind does unasked: serves youths and residents; tells the police and others what it knows; steps in between gangs.
Interrupters tell the police little, since those between whom they step in would no longer trust them."""


def deliverers(measure: Measure) -> Floats:
    """Return how well each kind of group can deliver a measure, in the order of GROUP_KINDS; all 0 where it needs no group.

    A measure needs groups where a partner delivers it, or where each lever that it pulls is one that groups deliver.
    """
    pulled = list(dict.fromkeys(each.lever for each in measure.changes))
    known = [lever for lever in pulled if lever in DELIVERS]
    if not measure.partner and len(known) < len(pulled):
        return NOBODY
    if not known:
        return np.full(len(GROUP_KINDS), ANY_KIND) * float(measure.partner)
    tables = [[AGENCY if kind == "agency" else DELIVERS[lever].get(kind, 0.0) for kind in GROUP_KINDS] for lever in known]
    mean: Floats = np.mean(np.array(tables), axis=0)
    return mean


def ordinary_work(params: Parameters) -> Floats:
    """Return the capacity of each kind that the ordinary groups of a neighbourhood have together."""
    capacity = float(params.community_groups[0].ordinary_capacity)
    return np.array([capacity * (kind in ORDINARY_KINDS) for kind in GROUP_KINDS])


def build_groups(city: schema.City, params: Parameters) -> Table[views.Group]:
    """Return the groups: those of the file, then those of ordinary kinds in each neighbourhood where people live."""
    param, first = params.community_groups[0], params.initialise[0]
    index = {each.name: i for i, each in enumerate(city.neighbourhoods)}
    inhabited = [i for i, each in enumerate(city.neighbourhoods) if each.population > 0]
    kinds = ORDINARY_KINDS if city.ordinary_groups > 0.0 else ()
    group = make_table(len(city.groups) + len(inhabited) * len(kinds), GROUP)
    for g, each in enumerate(city.groups):
        group[g]["kind"] = GROUP_KINDS.index(each.kind)
        group[g]["home"] = index[each.home]
        group[g]["listed"] = 1
        group[g]["credibility"] = min(max(each.credibility, 0.01), 0.99)
        group[g]["capacity"] = each.capacity
        group[g]["independence"] = each.independence
    for g, (i, kind) in enumerate(((i, kind) for i in inhabited for kind in kinds), start=len(city.groups)):
        group[g]["kind"] = GROUP_KINDS.index(kind)
        group[g]["home"] = i
        group[g]["credibility"] = first.ordinary_group_credibility
        group[g]["capacity"] = param.ordinary_capacity * city.ordinary_groups
        group[g]["independence"] = first.ordinary_group_independence
    group["credibility_anchor"] = group["credibility"]
    group["alive"] = 1
    group["founded"] = -1_000_000
    group["activity"] = SERVING
    group["volunteers"] = group["money"] = 1.0
    group["serving"] = 1.0
    for g in range(len(group)):
        kind = GROUP_KINDS[group[g]["kind"]]
        group[g]["serves"], group[g]["tells"], group[g]["mediates"] = WORK[kind]
    return group


def set_ordinary_work(
    params: Parameters,
    group: Table[views.Group],
    neighbourhood: Table[views.Neighbourhood],
    city_state: Table[views.CityState],
) -> Floats:
    """Set what ordinary groups can do and what those here do at first; return the capacity at work by place and kind."""
    capacity = float(params.community_groups[0].ordinary_capacity)
    city_state["ordinary_serving"] = capacity * sum(WORK[kind][0] for kind in ORDINARY_KINDS)
    city_state["ordinary_telling"] = capacity * sum(WORK[kind][1] for kind in ORDINARY_KINDS)
    work = np.zeros((len(neighbourhood), len(GROUP_KINDS)))
    np.add.at(work, (group["home"], group["kind"]), group["capacity"])
    weights = np.array([WORK[kind] for kind in GROUP_KINDS])
    neighbourhood["served_by_groups"] = work @ weights[:, 0] / city_state["ordinary_serving"]
    neighbourhood["told_by_groups"] = work @ weights[:, 1] / city_state["ordinary_telling"]
    neighbourhood["groups_at_work"] = work.sum(axis=1) / (capacity * len(ORDINARY_KINDS))
    return work
