"""Gangs decide: who holds what, how knit and how armed they are, who leads, who splits, who is new.

A month of the gangs, in order: each neighbourhood is contested (`control`); each gang changes (`changes`); some split
(`splits`), some merge (`mergers`), some end and one may be born (`births`). What turf brings and whom it feeds is counted
where the government acts (`money`).
    rows    E08, E09 (pact), E10, E12, E14 (prison knits)
    sources enf.kingpin_removal, gang.replacement_drug_role, prison.outside_control; values found by fitting
"""

from __future__ import annotations

import numpy as np

from sim.compiled import compiled
from sim.parameters import Parameters
from sim.processes.gangs.births import be_born_and_end
from sim.processes.gangs.changes import change
from sim.processes.gangs.control import contest
from sim.processes.gangs.mergers import merge
from sim.processes.gangs.splits import split
from sim.state import City

__all__ = ["update"]


@compiled
def update(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Contest control, then let each gang change."""
    for i in range(city.neighbourhood.size):
        contest(city, params, t, i)
    change(city, params, seed, t)
    split(city, params, seed, t)
    merge(city, params, seed, t)
    be_born_and_end(city, params, seed, t)
