"""Policies against a reference on the same futures: differences first, and how sure one is of them.

Every replication is one seed that all arms share, so differences are taken future by future
(`experiments.comparison.paired`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from numpy.typing import NDArray

from experiments.comparison.displayed import Displayed
from experiments.comparison.frames import labelled_arrays, long_table
from experiments.comparison.limits import refuse_repeated, refuse_too_large
from experiments.comparison.own_outcomes import own_outcome
from experiments.comparison.paired import Difference, Floats, Level, differences, levels
from experiments.comparison.windows import check_windows
from experiments.execution.execution import Execution
from experiments.execution.extensions import NOTHING_MORE, Extensions, take_extensions
from experiments.execution.runner import Job, jobs_of
from experiments.store.provenance import made_with
from experiments.store.runs import read_results
from sim.outcomes import HEADLINES, OUTCOMES, Outcome

if TYPE_CHECKING:
    import pandas as pd

    from experiments.execution.extensions import StudySettings
    from sim.in_force import InForce
    from sim.run import Result
    from sim.scenario import City, CityLike, Policy, PolicyLike, Shock

__all__ = ["Comparison", "Difference", "Level", "compare"]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Comparison(Displayed):
    """Some policies and a reference, over the same futures.

    Attributes
    ----------
    city, policies, against
        What was compared; `against` is the reference, arm 0. Without policies this is a plain run of the reference.
    months, replications, seed, scale, seeds, parameters, shocks, without
        How; `seeds` holds the seed of every replication, `scale` the scale that was used, `without` the mechanisms that
        were switched off.
    city_monthly
        float32 [arm, replication, month, outcome], each in its outcome's unit.
    place_yearly
        float32 [arm, replication, year, neighbourhood, outcome]; the last year may be shorter than twelve months.
    made_with
        Where the results come from: version of citysafety, hash of the model, versions of Python and packages.
    events
        For each arm, how often something happened that the model counts (an overflow, say), over all replications.
    in_force
        By arm and replication, what became of each measure of the policy, in its order, then of each shock
        (`sim.in_force.InForce`); empty where that was not kept.
    windows
        First and last month, from 1, of the parts of the horizon that were asked for; without any, results are told by
        the phases between the cuts (`experiments.comparison.phases`).
    own
        float64 [arm, replication] by name: outcomes of the user's own.
    extensions
        What made these, and the rule after each month where there was one; empty in a comparison that was read from a file.
    """

    city: City
    policies: tuple[Policy, ...]
    against: Policy
    months: int
    replications: int
    seed: int
    scale: float
    seeds: tuple[int, ...]
    city_monthly: NDArray[np.float32]
    place_yearly: NDArray[np.float32]
    parameters: Mapping[str, float] = field(default_factory=dict)
    shocks: tuple[Shock, ...] = ()
    without: tuple[str, ...] = ()
    made_with: Mapping[str, str] = field(default_factory=dict)
    events: tuple[Mapping[str, int], ...] = ()
    in_force: tuple[tuple[tuple[InForce, ...], ...], ...] = ()
    windows: tuple[tuple[int, int], ...] = ()
    own: Mapping[str, Floats] = field(default_factory=dict)
    extensions: Extensions = NOTHING_MORE

    @property
    def arms(self) -> tuple[Policy, ...]:
        """The reference and the policies, in the order of the first axis."""
        return (self.against, *self.policies)

    @cached_property
    def horizon_means(self) -> Floats:
        """float64 [arm, replication, outcome]: the plain mean over the months of each future."""
        return self.city_monthly.mean(axis=2, dtype=np.float64)

    @cached_property
    def place_means(self) -> Floats:
        """float64 [arm, replication, neighbourhood, outcome]: the mean over the months; NaN where nobody lives."""
        years = self.place_yearly.shape[2]
        months = np.full(years, 12.0)
        months[-1] = self.months - 12 * (years - 1)
        means: Floats = np.einsum("aryno,y->arno", self.place_yearly, months / self.months)
        means[:, :, [place.population == 0 for place in self.city.neighbourhoods]] = np.nan
        return means

    def level(self, policy: str, outcome: str) -> Level:
        """Return the level of `outcome` under `policy` (the reference has a level too).

        Raises
        ------
        InputError
            When the comparison has no such policy, or the model no such outcome.
        """
        means = self.own[outcome] if outcome in self.own else self.horizon_means[..., _column(outcome)]
        means = means[self._arm(policy)]
        return Level(**{name: float(value) for name, value in levels(means).items()})

    def window_means(self, first: int, last: int) -> Floats:
        """float64 [arm, replication, outcome]: the plain mean over the months `first` to `last`, both included, from 1."""
        return self.city_monthly[:, :, first - 1 : last].mean(axis=2, dtype=np.float64)

    def difference(self, policy: str, outcome: str, *, window: tuple[int, int] | None = None) -> Difference:
        """Return how `policy` differs from the reference in `outcome`.

        Parameters
        ----------
        policy, outcome
            Their names.
        window
            First and last month, from 1, over which outcomes are averaged; the whole horizon when left out. The interval
            is that of this window alone.

        Raises
        ------
        InputError
            When the comparison has no such policy or window, or the model no such outcome.
        """
        if window is not None:
            check_windows([window], self.months)
        if outcome in self.own:
            means, described = self.own[outcome], own_outcome(outcome)
            if window is not None:
                from sim.errors import InputError

                raise InputError(f"outcome {outcome} is of your own and looks at whole runs; leave out the window")
        else:
            column = _column(outcome)
            means = (self.horizon_means if window is None else self.window_means(*window))[..., column]
            described = OUTCOMES[column]
        found = differences(means[self._arm(policy)], means[0], [described])
        values = {name: value.item() for name, value in found.items()}
        return Difference(**values, futures=self.replications)

    def table(self) -> pd.DataFrame:
        """Return one row for each arm and outcome, the reference first; last the outcomes of the user's own.

        Returns
        -------
        DataFrame
            policy, outcome, title, unit, better; mean, low, high (10th and 90th percentile of futures);
            difference_mean, difference_low, difference_high (95 % interval of the mean paired difference), clear,
            verdict, share_lower, share_higher (shares of the futures). The reference's differences are NaN, its clear
            False and its verdict empty.
        """
        import pandas as pd

        table = self._told(OUTCOMES, self.horizon_means)
        if not self.own:
            return table
        own = self._told([own_outcome(name) for name in self.own], np.stack(list(self.own.values()), axis=-1))
        return pd.concat([table, own], ignore_index=True)

    def _told(self, outcomes: Sequence[Outcome], means: Floats) -> pd.DataFrame:
        """Return the rows of `table` of some outcomes; means: float64 [arm, replication, outcome]."""
        about = {
            "outcome": [outcome.name for outcome in outcomes],
            "title": [outcome.title for outcome in outcomes],
            "unit": [outcome.unit for outcome in outcomes],
            "better": [outcome.better for outcome in outcomes],
        }
        return self._frame(about, means, outcomes)

    def by_neighbourhood(self, outcome: str) -> pd.DataFrame:
        """Return one row for each arm and neighbourhood, the reference first.

        Each neighbourhood has an interval of its own: of a hundred that a policy does not touch, a few may lie beyond
        zero by chance. The least effect that matters is measured on the neighbourhood's own reference. Where nobody
        lives there is no number (NaN).

        Returns
        -------
        DataFrame
            policy, neighbourhood, then the columns of `table` from mean on.

        Raises
        ------
        InputError
            When there is no such outcome, or it is not kept by neighbourhood.
        """
        from sim.errors import InputError

        column = _column(outcome)
        means = self.place_means[..., column]
        if np.isnan(means).all():
            raise InputError(f"outcome {outcome} is kept for the whole city only, not by neighbourhood")
        about = {"neighbourhood": [neighbourhood.name for neighbourhood in self.city.neighbourhoods]}
        return self._frame(about, means, [OUTCOMES[column]])

    def monthly(self, *outcomes: str) -> pd.DataFrame:
        """Return outcomes by name, or all, as a long table: arm, future (from 1), month (from 1), outcome, value."""
        columns = [_column(name) for name in outcomes] or list(range(len(OUTCOMES)))
        axes = {**self._axes(), "month": range(1, self.months + 1), "outcome": [OUTCOMES[each].name for each in columns]}
        return long_table(self.city_monthly[..., columns], axes)

    def to_xarray(self) -> Any:
        """Return an `xarray.Dataset` of `monthly` and, by year and neighbourhood, `yearly`; it needs citysafety[xarray].

        Raises
        ------
        InputError
            When xarray is not installed.
        """
        labels = {
            **self._axes(),
            "month": range(1, self.months + 1),
            "year": range(1, self.place_yearly.shape[2] + 1),
            "neighbourhood": [each.name for each in self.city.neighbourhoods],
            "outcome": [each.name for each in OUTCOMES],
        }
        arrays = {
            "monthly": (("arm", "future", "month", "outcome"), self.city_monthly),
            "yearly": (("arm", "future", "year", "neighbourhood", "outcome"), self.place_yearly),
        }
        return labelled_arrays(arrays, labels, {"city": self.city.name, "seed": self.seed, "scale": self.scale})

    def _axes(self) -> dict[str, Sequence[object]]:
        return {"arm": [arm.name for arm in self.arms], "future": range(1, self.replications + 1)}

    @property
    def drawn_by(self) -> str:
        """The module that draws it: differences where there are policies, else levels."""
        return f"experiments.comparison.{'figures' if self.policies else 'level_figures'}"

    @property
    def more_outcomes(self) -> tuple[str, ...]:
        """Every outcome has its figures."""
        return tuple(outcome.name for outcome in OUTCOMES)

    def headline(self) -> str:
        """Return in one line what was compared."""
        names = ", ".join(policy.name for policy in self.policies)
        arms = f"{names} against {self.against.name}" if names else f"{self.against.name} alone"
        how = f"{self.months} months, {self.replications} futures, seed {self.seed}, scale {self.scale:g}"
        return f"{self.city.name}, {how}; {arms}"

    def overview(self) -> pd.DataFrame:
        """Return the headline outcomes of `table`: a row for each policy and outcome, of the reference if it is alone."""
        table = self.table()
        if self.policies:
            table = table[table["policy"] != self.against.name]
        shown = ["policy", "title", "unit", "mean", "difference_mean", "difference_low", "difference_high", "verdict"]
        return table.loc[table["outcome"].isin(HEADLINES), shown]

    def _arm(self, policy: str) -> int:
        """Return the place of a policy on the first axis."""
        from sim.errors import InputError

        names = [arm.name for arm in self.arms]
        if policy not in names:
            raise InputError(f"policy {policy} is not part of this comparison; it has {', '.join(names)}")
        return names.index(policy)

    def _frame(self, about: dict[str, list[str]], means: Floats, outcomes: Sequence[Outcome]) -> pd.DataFrame:
        """Return level and difference of every arm; means: float64 [arm, replication, row]."""
        import pandas as pd

        frames = []
        for arm, policy in enumerate(self.arms):
            found = differences(means[arm], means[0], outcomes)
            if arm == 0:
                undefined = np.full(means.shape[2], np.nan)
                found = dict.fromkeys(found, undefined) | {
                    "clear": found["clear"],
                    "verdict": np.full(len(undefined), ""),
                }
            interval = {f"difference_{end}": found.pop(end) for end in ("mean", "low", "high")}
            frames.append(pd.DataFrame({"policy": policy.name} | about | levels(means[arm]) | interval | found))
        return pd.concat(frames, ignore_index=True)


def compare(
    city: CityLike,
    policies: Sequence[PolicyLike] | PolicyLike,
    *,
    against: PolicyLike | None = None,
    execution: Execution | None = None,
    **settings: Unpack[StudySettings],
) -> Comparison:
    """Run every policy and the reference over the same futures.

    Parameters
    ----------
    city
        The city, its name or the path of its file; the same goes for policies and shocks.
    policies
        What to compare, each name once. None at all gives a plain run of the reference.
    against
        The reference; None means the policy `baseline`, which changes nothing.
    execution
        How the runs are made, and where they are kept; changes no result.
    settings
        Months, replications, seed, scale, shocks, parameters and mechanisms switched off
        (`sim.scenario.ScenarioSettings`): 120 months and 20 replications when left out. `outputs` are outcomes of one's
        own, functions of a result by name, and `model` a rule after each month
        (`experiments.execution.extensions.StudySettings`).

    Returns
    -------
    Comparison
        The outcomes of every arm in every future.

    Raises
    ------
    InputError
        When a value cannot be run.
    FailedJobsError
        When a future ended without results.
    Cancelled
        After Ctrl-C, or when the progress returned False.
    """
    from sim.scenario import assemble, find_policies, find_policy

    arms = (find_policy("baseline" if against is None else against), *find_policies(policies))
    refuse_repeated(arms)
    extensions, given = take_extensions(settings, execution)
    scenario = assemble(city, arms, source="comparison", **given)
    refuse_too_large(scenario)
    jobs = jobs_of(scenario, study="compare" if policies else "run", extensions=extensions)
    origin = made_with(extensions.rule)
    found = read_results(jobs, execution or Execution(), _whole)
    by_arm = [[results[arm] for results in found] for arm in range(len(arms))]
    return Comparison(
        city=scenario.city,
        policies=arms[1:],
        against=arms[0],
        months=scenario.months,
        replications=scenario.replications,
        seed=scenario.seed,
        scale=jobs[0].scale,
        seeds=tuple(job.seed for job in jobs),
        city_monthly=np.stack([np.stack([result.city_monthly for result in results]) for results in by_arm]),
        place_yearly=np.stack([np.stack([result.place_yearly for result in results]) for results in by_arm]),
        parameters=scenario.parameters,
        shocks=scenario.shocks,
        without=scenario.without,
        made_with=origin,
        events=tuple(_sum_events([result.events for result in results]) for results in by_arm),
        in_force=tuple(tuple(result.in_force for result in results) for results in by_arm),
        own={each.name: np.array([[each.value(one) for one in arm] for arm in by_arm]) for each in extensions.outputs},
        extensions=extensions,
    )


def _whole(_: Job, results: Sequence[Result]) -> Sequence[Result]:
    """Keep the results of a job as they are."""
    return results


def _sum_events(events: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Add up what happened, by name."""
    names = sorted({name for each in events for name in each})
    return {name: int(sum(each.get(name, 0) for each in events)) for name in names}


def _column(outcome: str) -> int:
    """Return the column of an outcome."""
    from sim.errors import InputError, did_you_mean

    names = [each.name for each in OUTCOMES]
    if outcome not in names:
        raise InputError(f"outcome {outcome} is unknown; {did_you_mean(outcome, names)}")
    return names.index(outcome)
