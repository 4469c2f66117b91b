"""`citysafety ablate`: what a policy's response owes to each mechanism of the model."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.commands import options, policy_options, study
from experiments.commands.streams import print_json

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import City, Policy

Outcomes = Annotated[
    list[str] | None,
    typer.Option(
        "--outcome",
        metavar="KEY",
        help="Outcome to explain; repeatable.  [default: homicide and criminal governance]",
    ),
]
Mechanisms = Annotated[
    list[str] | None,
    typer.Option(
        "--mechanism",
        metavar="NAME",
        help="Mechanism to switch off, each alone; repeatable.  [default: all, which takes a while]",
    ),
]


def ablate(
    context: typer.Context,
    city: options.CityOrScenario,
    policy: options.PolicyName = None,
    pillars: policy_options.Pillars = None,
    outcome: Outcomes = None,
    mechanism: Mechanisms = None,
    months: options.Months = 120,
    replications: options.Replications = 20,
    seed: options.Seed = 1,
    settings: options.Settings = None,
    shock: options.Shocks = None,
    without: options.Without = None,
    plugin: options.Plugins = None,
    window: options.StudyWindows = None,
    scale: options.ScaleOption = "auto",
    workers: options.Workers = None,
    executor: options.Executor = "threads",
    store: options.OptionalStore = None,
    retry_failed: options.RetryFailed = False,
    out: study.Out = None,
    force: options.Force = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Measure how much of a policy's effect each mechanism accounts for.

    Each mechanism is switched off alone, and the policy is compared with no measures again, on the same random seeds.
    """
    from experiments.commands.described import (
        Described,
        OwnAblate,
        read_windows,
        run_by_window,
        scenario_of,
        study_block,
    )
    from experiments.comparison.ablation import ablate as ablate_policy
    from experiments.comparison.windows import said_months
    from experiments.store.scenario_files import scenario_text
    from sim.errors import InputError
    from sim.idle import refuse_idle
    from sim.mechanisms import MECHANISMS
    from sim.outcomes import STUDIED

    described = Described.find(context, city, OwnAblate)
    chosen_city = described.city
    named = described.policies(policy_options.named_policies(context))
    if len(named) != 1:
        said = policy_options.how_often(context, len(named))
        raise InputError(f"{said}; ablate takes exactly one (see citysafety list policies)")
    chosen = named[0]
    asked = described.settings(options.scenario_settings(context))
    refuse_idle(chosen_city, [chosen], asked["months"])
    execution = options.read_execution(context)
    given = {
        "outcomes": outcome or STUDIED,
        "mechanisms": options.read_mechanisms("--mechanism", mechanism) if mechanism else None,
        "windows": read_windows(window, asked["months"], chosen_city),
    }
    own = described.own(OwnAblate, given)
    place = options.check_out(out, force=force, store=store)

    windows = own.windows or (None,)
    futures = asked["replications"] * (1 + len(own.mechanisms or MECHANISMS))
    tables = []
    with run_by_window(execution, own.windows, futures, shows=not (quiet or as_json)) as parts:
        for each, runs in parts:
            table = ablate_policy(
                chosen_city,
                chosen,
                outcomes=own.outcomes,
                mechanisms=own.mechanisms,
                window=each,
                execution=runs,
                **asked,
                **described.more,
            )
            tables.append(table)
    heading = {"city": chosen_city.name, "policy": chosen.name, "months": asked["months"]}
    heading |= {"replications": asked["replications"], "seed": asked["seed"]}
    found = [heading | {"mechanisms": _object(table)} for table in tables]
    texts = [
        "\n\n".join(_blocks(table, chosen_city, chosen, said_months(asked["months"], each), asked["replications"]))
        for table, each in zip(tables, windows, strict=True)
    ]
    text = "\n\n".join([*texts, _reading_help(asked["replications"])])
    plain = study.by_window(found, own.windows)
    if place is not None:
        written = scenario_text(scenario_of(chosen_city, [chosen], asked), study_block(own), described.extensions)
        with study.folder_of(place, context.obj or ()) as folder:
            for part, table in zip(study.folders(folder, own.windows), tables, strict=True):
                study.write_folder(part, {"ablation": table}, {})
            study.write_folder(folder, {}, {}, text=text, found=plain, command=context.obj or (), scenario=written)
    if as_json:
        print_json(plain)
        return
    print(text)
    if out is not None and not quiet:
        print(f"\nTables: {out}")


def _object(table: pd.DataFrame) -> dict[str, Any]:
    """Return the table by mechanism and outcome; what is undefined is None."""
    found: dict[str, Any] = {}
    for row in table.to_dict("records"):
        del row["title"]
        by_outcome = found.setdefault(str(row.pop("mechanism")), {})
        outcome = str(row.pop("outcome"))
        by_outcome[outcome] = {
            name: None if isinstance(value, float) and not math.isfinite(value) else value for name, value in row.items()
        }
    return found


def _blocks(table: pd.DataFrame, city: City, policy: Policy, months: str, replications: int) -> list[str]:
    """Return one block of lines for each outcome: the effect, then what is due to each mechanism, most first."""
    from experiments.comparison.findings import BY_NAME, reading, signed, significant, within
    from experiments.comparison.paired import RARE, verdict_words
    from experiments.comparison.text import aligned

    futures = f"{replications} paired future{'' if replications == 1 else 's'}"
    blocks = []
    for name, part in table.groupby("outcome", sort=False):
        outcome = BY_NAME[str(name)]
        shown = reading(outcome, city.currency)
        whole = part["response"].iloc[0] * shown.factor
        rows = []
        for row in part.sort_values("owed", key=abs, ascending=False).to_dict("records"):
            owed, low, high, without = (row[key] * shown.factor for key in ("owed", "low", "high", "response_without"))
            interval = f"({significant(low)} to {significant(high)})" if math.isfinite(low) else ""
            said = verdict_words(row["verdict"], row["low"], row["high"])
            if row["verdict"] == RARE:
                said = f"seen in {row['moved']} of {replications} futures"
            rows.append((f"  {row['mechanism']}", signed(without), signed(owed), interval, said))
        blocks.append(
            "\n".join(
                [
                    f"{city.title}, {months}, {futures}: {within(policy.title)} compared with no policy",
                    f"{outcome.title}: {signed(whole)} {shown.change} with every mechanism",
                    *aligned([("  switched off", "effect", "due to it", "(95 % interval)", "verdict"), *rows]),
                ]
            )
        )
    return blocks


def _reading_help(replications: int) -> str:
    if replications == 1:
        return "One future tells nothing about what is due to chance; ask for more with --replications."
    return (
        "Effect: that of the policy without the mechanism. Due to it: the rest, with its 95 % interval. Clear: all of the\n"
        "interval is beyond the least effect that matters. Each mechanism is switched off alone, so the parts do not add\n"
        "up to the effect. In this model; no forecast."
    )
