"""The city as a Mesa model: a month a step, agents to look at, and the same bytes as a whole run.

    model = CitySafetyModel("sandbox", "resilience", seed=1, months=24)
    model.run_for(24)
    model.datacollector.get_model_vars_dataframe()["homicide_rate"]

For `mesa.batch_run`, `rng` is the number all luck comes from:

    mesa.batch_run(CitySafetyModel, {"city": "sandbox", "policy": ["baseline", "resilience"], "months": 24}, rng=[1, 2, 3])
    mesa.batch_run(CitySafetyModel, {"city": "sandbox", "pillars": ["regulation=0.5", "all"], "months": 24}, rng=[1, 2, 3])

Nothing is decided here. `step` lives one month through `sim.month.months`, the entry that every run goes through.
Mesa's own generators exist and are never used: all luck is keyed (`sim.draws`).
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypedDict, Unpack

import mesa
import numpy as np
import numpy.typing as npt

from sim.agents import CommunityGroup, Gang, Neighbourhood, PoliceUnit, Youth, YouthSet
from sim.continuation import put_under, written_out
from sim.errors import InputError, did_you_mean, show
from sim.levers import enforce
from sim.mechanisms import switched_off
from sim.month import months as live
from sim.outcomes import OUTCOMES
from sim.processes.policy_delivery import NOT_BEGUN
from sim.run import automatic_scale, begin_city, warm
from sim.scenario import PillarsLike, Policy, assemble, pillar_policy
from sim.scenario.named import CityLike, PolicyLike, ShockLike, find_city, find_policy, find_shocks
from sim.state import City as State
from sim.state import copy_city

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CitySafetyModel"]


class Instead(TypedDict, total=False):
    """What may be given in place of `rng` and of `policy`.

    The seed is no parameter of its own: `mesa.batch_run` overwrites a parameter that is called seed, also one that it was
    given.
    """

    seed: int | None
    pillars: PillarsLike | None


def _policy_of(policy: PolicyLike | None, instead: Instead) -> Policy:
    """Return what is done: what is given as policy or as pillars, else nothing.

    Raises
    ------
    InputError
        If both are given, or one that does not hold.
    TypeError
        If a keyword is none of the model's.
    """
    for name in instead:
        if name not in Instead.__annotations__:
            raise TypeError(f"CitySafetyModel() got an unexpected keyword argument {name!r}")
    pillars = instead.get("pillars")
    if pillars is None:
        return find_policy("baseline" if policy is None else policy)
    if policy is not None:
        raise InputError(f"CitySafetyModel: policy is {show(policy)} and pillars is {show(pillars)}; give one of them")
    return pillar_policy(pillars, source="CitySafetyModel: pillars")


def _seed_of(rng: int | None, instead: Instead) -> int:
    """Return the number all luck comes from: what is given as rng or seed, else 1 more than Mesa's iteration.

    Raises
    ------
    InputError
        If both are given, or something that is no whole number.
    """
    seed = instead.get("seed")
    if rng is not None and seed is not None:
        raise InputError(f"CitySafetyModel: rng is {show(rng)} and seed is {show(seed)}; give one of them")
    given = rng if seed is None else seed
    if given is None:
        return 1 + _iteration()
    if isinstance(given, bool) or not isinstance(given, int | np.integer):
        raise InputError(
            f"CitySafetyModel: {'rng' if seed is None else 'seed'} is {show(given)}; "
            "it must be a whole number, from which every draw is made"
        )
    return int(given)


def _iteration() -> int:
    """Return the number of the iteration in which `mesa.batch_run` makes this model, from 0; 0 outside of it.

    Mesa gives the models of all iterations the same arguments, and hands none of them the number: it is read where Mesa
    keeps it. Otherwise all iterations would be one and the same future.
    """
    frame = inspect.currentframe()
    while frame is not None:
        if frame.f_globals.get("__name__") == "mesa.batchrunner" and "iteration" in frame.f_locals:
            return int(frame.f_locals["iteration"])
        frame = frame.f_back
    return 0


def _latest(model: CitySafetyModel, column: int) -> float:
    return float(model.city_monthly[model.month - 1, column])


class CitySafetyModel(mesa.Model):
    """One city, one policy and one seed's luck, a month a step.

    Parameters
    ----------
    city
        The city, or its name or file.
    policy
        What is done, or its name or file; nothing when left out.
    rng
        The number all luck comes from, 0 to 2**63 - 1: models of the same number meet the same luck under any policy. Left
        out it is 1, and in the iterations of `mesa.batch_run` 1, 2, 3 ...
    scale
        Rows per youth: 1 is one row a youth, .1 one row for ten, "auto" the fixed rule of `sim.run.automatic_scale`.
    settings
        Parameters, "process.field" to value, that differ from the defaults and the city's calibration.
    months
        How many months can be lived. The model then stops running, and a step more raises RuntimeError.
    shocks
        The shocks that happen to the city: objects, names or files; one alone needs no list.
    without
        Names of mechanisms that are switched off, from the burn-in on.
    **instead
        By keyword only. `pillars`: in place of a policy, those of pillars, each at a level: "regulation=0.5,engagement", or
        {"regulation": 0.5, "engagement": 1} (`citysafety.pillar_policy`). `seed`: the same as `rng` by its older name.

    Attributes
    ----------
    city, policy, shocks, seed, scale, months
        As given, read and settled. A policy that is assigned later acts from the next month on, as `continue_under` tells.
    month : int
        Months lived since the burn-in.
    state : sim.state.City
        Everything that is remembered from one month to the next.
    params : sim.parameters.Parameters
        The parameters.
    city_monthly : float32 [months, outcome]
        The city's outcomes, rows up to `month` filled.
    place_yearly : float32 [years, neighbourhood, outcome]
        Means over the months of each year, years that are over filled.
    neighbourhoods, police_units, community_groups : tuple of agents
        In the order of the city file; one police unit a neighbourhood.
    datacollector : mesa.DataCollector
        The city's outcomes, month by month.

    Notes
    -----
    `agents_by_type` holds neighbourhoods, gangs, police units and community groups, which are also in `agents`, and
    under `Youth` a `YouthSet`, whose youths are not: there is no object for each. `copy.deepcopy` gives a second city
    with the same past and the same luck ahead, which `continue_under` puts under another policy; pickles work too.

    Raises
    ------
    InputError
        If a value does not hold: one line naming it, and what would.
    """

    def __init__(
        self,
        city: CityLike,
        policy: PolicyLike | None = None,
        *,
        rng: int | None = None,
        scale: float | Literal["auto"] = 1.0,
        settings: Mapping[str, float] | None = None,
        months: int = 120,
        shocks: Sequence[ShockLike] | ShockLike = (),
        without: Sequence[str] = (),
        **instead: Unpack[Instead],
    ) -> None:
        if settings is not None and not isinstance(settings, Mapping):
            raise InputError(
                f"CitySafetyModel: settings is {show(settings)}; give a mapping of parameters to values "
                "(and to mesa.batch_run a list of such mappings)"
            )
        checked = assemble(
            find_city(city),
            [_policy_of(policy, instead)],
            shocks=find_shocks(shocks),
            months=months,
            seed=_seed_of(rng, instead),
            scale=scale,
            parameters=settings or {},
            without=(without,) if isinstance(without, str) else without,
            source="CitySafetyModel",
        )
        super().__init__(rng=checked.seed)
        if getattr(live, "signatures", None) == []:
            # Not compiled yet in this process, and not interpreted either: say so where it takes a while.
            warm()
        self.city = checked.city
        (self._policy,) = checked.policies
        self._asked = self._policy
        self.shocks = checked.shocks
        self.seed = checked.seed
        self.months = checked.months
        self.scale = automatic_scale(self.city) if checked.scale == "auto" else checked.scale
        self.month = 0
        settings = {**checked.parameters, **switched_off(checked.without)}
        settled, self.params = begin_city(self.city, seed=self.seed, scale=self.scale, settings=settings)
        self.state: State = enforce(settled, self.city, self.policy, self.shocks, self.params)
        places = len(self.city.neighbourhoods)
        self.city_monthly: npt.NDArray[np.float32] = np.zeros((months, len(OUTCOMES)), np.float32)
        self.place_yearly: npt.NDArray[np.float32] = np.zeros((-(-months // 12), places, len(OUTCOMES)), np.float32)
        self.names: npt.NDArray[np.object_] = np.array([each.name for each in self.city.neighbourhoods], dtype=object)
        self._introduce_agents()
        self.datacollector = mesa.DataCollector(
            model_reporters={each.name: partial(_latest, column=column) for column, each in enumerate(OUTCOMES)}
        )

    def _introduce_agents(self) -> None:
        """Make an agent for each neighbourhood, police unit, group and gang; let one set answer for all youths."""
        # Youths are numbered from 1 by row; Mesa numbers those who are registered after them.
        self.agent_id_counter = len(self.state.youth.home) + 1
        self.neighbourhoods = tuple(Neighbourhood(self, row) for row in range(len(self.state.neighbourhood)))
        self.police_units = tuple(PoliceUnit(self, row) for row in range(len(self.state.police)))
        self.community_groups = tuple(CommunityGroup(self, row) for row in range(len(self.state.group)))
        if not self.community_groups:
            # Mesa lists a type once one of it has been registered, and keeps the empty set.
            CommunityGroup(self, 0).remove()
        self._gangs: dict[tuple[int, int], Gang] = {}
        self._follow_gangs()
        self.agents_by_type[Youth] = YouthSet(self)

    def _follow_gangs(self) -> None:
        """Let agents go whose gangs have ended, and introduce new gangs."""
        founded = self.state.gang["founded"]
        here = {(slot, int(founded[slot])) for slot in np.flatnonzero(self.state.gang["alive"]).tolist()}
        for key in sorted(self._gangs.keys() - here):
            self._gangs.pop(key).remove()
        for key in sorted(here - self._gangs.keys()):
            self._gangs[key] = Gang(self, *key)

    def step(self) -> None:
        """Live one month.

        Raises
        ------
        RuntimeError
            If all months that the model was made for are over.
        """
        self._stay_within(self.month + 1)
        live(
            self.state,
            self.params,
            np.uint64(self.seed),
            self.month,
            self.month + 1,
            self.city_monthly,
            self.place_yearly,
        )
        self.month += 1
        self._follow_gangs()
        self.datacollector.collect(self)
        self.running = self.month < self.months

    def _advance_time(self, until: float) -> None:
        """Refuse to go on beyond the last month before Mesa has moved its clock."""
        self._stay_within(until)
        super()._advance_time(until)

    def _stay_within(self, until: float) -> None:
        if until > self.months:
            raise RuntimeError(
                f"this model was made for {self.months} months and has lived {self.month}; "
                f"make it with months={int(np.ceil(until))} or more"
            )

    @property
    def policy(self) -> Policy:
        """What is done: the whole plan, the past included. A policy assigned is one to `continue_under`."""
        return self._policy

    @policy.setter
    def policy(self, policy: PolicyLike) -> None:
        """Go on under another policy; see `continue_under`."""
        self.continue_under(policy)

    def continue_under(self, policy: PolicyLike) -> None:
        """Go on under another policy from the next month on; what was lived stays, and luck is keyed as ever.

        Measures in force that the policy has as well, written alike, go on. The others end with the month last lived, and
        fade as measures do. Measures that would have started by now start in the next month, those that would be over are
        left out. `policy` then holds the whole plan, the past included: a run of it from month 1 gives the same bytes.
        The policy under which the city lives already, as it was asked for or as that plan, changes nothing.

        Parameters
        ----------
        policy
            What is done from now on, or its name or file.

        Raises
        ------
        InputError
            If the policy does not fit the city.
        """
        asked = find_policy(policy)
        if asked in (self._asked, self._policy):
            return
        begun = [self.state.programme[m]["began"] != NOT_BEGUN for m in range(len(self._policy.measures))]
        plan = written_out(self._policy, asked, begun, self.month, self.city.begins)
        checked = assemble(self.city, [plan], shocks=self.shocks, source="CitySafetyModel.continue_under")
        (self._policy,) = checked.policies
        self._asked = asked
        self.state = put_under(self.state, self.city, self.policy, self.shocks, self.params)

    @property
    def gangs(self) -> tuple[Gang, ...]:
        """The gangs of this month, by slot."""
        return tuple(self._gangs[key] for key in sorted(self._gangs))

    @property
    def youths(self) -> YouthSet:
        """Everyone aged ten to twenty-nine."""
        youths: YouthSet = self.agents_by_type[Youth]
        return youths

    @property
    def events(self) -> dict[str, int]:
        """Births, splits, mergers and ends of gangs since month 0, and gangs for which no slot was free."""
        city_state = self.state.city_state[0]
        return {name: int(city_state[name]) for name in ("births", "splits", "merges", "ends", "overflow")}

    def neighbourhood(self, name: str) -> Neighbourhood:
        """Return the neighbourhood of that name.

        Raises
        ------
        InputError
            If the city has none of that name.
        """
        for each in self.neighbourhoods:
            if each.name == name:
                return each
        raise InputError(f"{name} is no neighbourhood of {self.city.name}; {did_you_mean(name, self.names.tolist())}")

    def neighbourhood_frame(self) -> pd.DataFrame:
        """Return the outcomes of the month last lived: a line a neighbourhood, a column an outcome.

        Before the first step this is the last month of the burn-in.
        """
        import pandas as pd

        names = pd.Index(self.names, name="neighbourhood")
        return pd.DataFrame(self.state.outcome_values.copy(), names, [each.name for each in OUTCOMES])

    def yearly_frame(self) -> pd.DataFrame:
        """Return mean outcomes of the years that are over: a line a year and neighbourhood, a column an outcome."""
        import pandas as pd

        years = len(self.place_yearly) if self.month == self.months else self.month // 12
        index = pd.MultiIndex.from_product([range(years), self.names], names=["year", "neighbourhood"])
        values = self.place_yearly[:years].reshape(-1, len(OUTCOMES)).astype(float)
        return pd.DataFrame(values, index, [each.name for each in OUTCOMES])

    def __setstate__(self, values: dict[str, Any]) -> None:
        """Come back from a pickle or a deep copy, with tables and their views sharing memory again."""
        self.__dict__.update(values)
        self.state = copy_city(self.state)

    def __copy__(self) -> NoReturn:
        """Refuse: two models on one state would change each other's city."""
        raise TypeError("a shallow copy would share its city with the original; use copy.deepcopy")
