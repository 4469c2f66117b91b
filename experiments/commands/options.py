"""The options that commands share: how each is written, checked and explained.

A value that cannot be right is refused here, in one line that names the option, the value and the remedy, before
anything heavy is imported. What all studies share is read from the context of the command, which holds the options by
the names in its signature: `scenario_settings` and `read_execution`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from experiments.execution.executors import EXECUTORS
from sim.numerals import Wanted, meanings, plain, read_plain

if TYPE_CHECKING:
    from experiments.execution.execution import Execution
    from experiments.execution.extensions import OwnCode
    from experiments.store.outputs import Place
    from sim.plugins import Plugin
    from sim.scenario import City, ScenarioSettings

Scale = float | Literal["auto"]


def whole_number(option: str, low: int, high: int, example: int) -> Callable[[str], int]:
    """Return a reader of whole numbers from `low` to `high`."""
    wanted = Wanted(True, low, high)

    def read(given: str | int) -> int:
        text = str(given)  # a default is a number already
        number = read_plain(text.strip())
        if number is None or not wanted.takes(number):
            remedy = f"give a whole number from {low} to {high}, such as {option} {meant(text, wanted, example)}"
            raise typer.BadParameter(f"{option} is {shown(text)}; {remedy}")
        return int(number)

    return read


AMOUNT = Wanted(False, 0)
"""Zero or more."""


def read_amount(text: str) -> float | None:
    """Return a number of zero or more; None where the text is none."""
    number = read_plain(text.strip())
    return float(number) if number is not None and AMOUNT.takes(number) else None


def meant(text: str, wanted: Wanted, example: float) -> str:
    """Return the number that a text which is none most likely means, if it fits, else an example."""
    return plain(next((number for number in meanings(text) if wanted.takes(number)), example))


def one_of(option: str, choices: Sequence[str]) -> Callable[[str], str]:
    """Return a reader of one of a few words."""

    def read(text: str) -> str:
        if text not in choices:
            raise typer.BadParameter(f"{option} is {shown(text)}; give {' or '.join(choices)}")
        return text

    return read


def read_scale(text: str) -> Scale:
    """Read a scale: auto, or a number above 0 and up to 1."""
    if text == "auto":
        return "auto"
    wanted, number = Wanted(False, 0, 1, open_low=True), read_plain(text.strip())
    if number is None or not wanted.takes(number):
        remedy = f"give auto, or a number above 0 and up to 1, such as --scale {meant(text, wanted, 0.1)}"
        raise typer.BadParameter(f"--scale is {shown(text)}; {remedy}")
    return float(number)


def read_settings(texts: Sequence[str]) -> dict[str, float]:
    """Return the values of --set by parameter; one given twice is refused."""
    from sim.errors import InputError
    from sim.scenario import parse_setting

    parameters: dict[str, float] = {}
    for name, value in map(parse_setting, texts):
        if name in parameters:
            raise InputError(f"--set {name} is given twice; keep one")
        parameters[name] = value
    return parameters


def read_ranges(texts: Sequence[str] | None) -> dict[str, tuple[float, float]]:
    """Return the values of --range by name; one that is none, or is given twice, is refused."""
    from sim.errors import InputError
    from sim.files import read_number

    ranges: dict[str, tuple[float, float]] = {}
    for text in texts or ():
        name, _, given = (part.strip() for part in text.rpartition("="))
        low, dots, high = given.partition("..")
        ends = tuple(read_number(end) for end in (low, high))
        if not name or not dots or ends[0] is None or ends[1] is None:
            example = f"{name or 'gangs.reach'}=0.1..0.5"
            raise InputError(f"--range {shown(text)}: is no range; write a name and two numbers, such as --range {example}")
        if name in ranges:
            raise InputError(f"--range {name} is given twice; keep one")
        ranges[name] = (ends[0], ends[1])
    return ranges


def read_mechanisms(option: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of mechanisms given to an option; one that is none, or is given twice, is refused."""
    from sim.errors import InputError, did_you_mean
    from sim.mechanisms import MECHANISMS

    known = [each.name for each in MECHANISMS]
    for place, name in enumerate(names):
        if name not in known:
            remedy = f"{did_you_mean(name, known)} (`citysafety list mechanisms`)"
            raise InputError(f"{option} {shown(name)}: there is no such mechanism; {remedy}")
        if name in names[:place]:
            raise InputError(f"{option} {name} is given twice; keep one")
    return tuple(names)


def scenario_settings(context: typer.Context) -> ScenarioSettings:
    """Return what the common options of a command say of a scenario; whatever is wrong in one is told by its name.

    Replications are left out where the command has no such option.
    """
    from sim.scenario import load_shock

    given = context.params
    found: ScenarioSettings = {
        "shocks": [load_shock(name) for name in given["shock"] or ()],
        "months": given["months"],
        "seed": given["seed"],
        "scale": given["scale"],
        "parameters": read_settings(given["settings"] or ()),
        "without": read_mechanisms("--without", given["without"] or ()),
    }
    if "replications" in given:
        found["replications"] = given["replications"]
    return found


def need_store(store: Path | None) -> Path:
    """Return the store of a dry run, which writes its plan there; refuse one without."""
    from sim.errors import InputError

    if store is None:
        raise InputError("--dry-run is given without --store; name the folder that the plan is written into")
    return store


def read_plugin(text: str) -> Plugin:
    """Load a plugin that --plugin names; it is code that this person asks to be run."""
    from sim.errors import InputError
    from sim.plugins import load_plugin

    try:
        return load_plugin(text)
    except InputError as error:
        raise typer.BadParameter(f"--plugin {error}") from error


def plugged(plugins: Sequence[Plugin] | None) -> OwnCode:
    """Return the outcomes and the rule that plugins give, as settings of a study."""
    from sim.errors import InputError

    found: OwnCode = {}
    outputs: dict[str, Any] = {}
    for plugin in plugins or ():
        for name, function in plugin.outputs.items():
            if name in outputs:
                raise InputError(f"--plugin {plugin.file}: OUTPUTS has {name}, as another plugin has; keep one")
            outputs[name] = function
        if plugin.model is not None:
            if "model" in found:
                raise InputError(f"--plugin {plugin.file}: MODEL is given by another plugin as well; keep one")
            found["model"] = plugin.model
    if outputs:
        found["outputs"] = outputs
    return found


def read_execution(context: typer.Context) -> Execution:
    """Return what the common options of a command say of how runs are made."""
    from experiments.execution.execution import Execution
    from sim.errors import InputError

    given = context.params
    store = None if given["store"] is None else Path(given["store"])
    if given["retry_failed"] and store is None:
        raise InputError("--retry-failed is given without --store; name the folder that holds the failed runs")
    return Execution(
        executor=given["executor"],
        workers=given["workers"],
        scheduler=given.get("scheduler"),
        store=store,
        retry_failed=given["retry_failed"],
    )


def read_folder(text: str) -> Path:
    """Read the name of a folder, `~` being a home where a shell left it standing; one that says nothing is refused."""
    if not text.strip():
        raise typer.BadParameter("--out is empty; name a folder, such as --out results/sandbox")
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise typer.BadParameter(f"--out is {shown(text)}, and there is no such home; name the whole path") from None


def check_out(out: Path | None, *, force: bool, store: Path | None = None) -> Place | None:
    """Return the place that --out names, None where it is not given; refuse before anything runs what cannot be used."""
    from experiments.store.outputs import checked
    from sim.errors import InputError

    if out is None:
        if force:
            raise InputError("--force is given without --out; name the folder whose results may be replaced")
        return None
    return checked(out, f"--out {out}", force=force, store=store)


def read_windows(texts: Sequence[str], months: int, city: City) -> tuple[tuple[int, int], ...]:
    """Return the first and last month of every --window; one that is none, or lies outside the run, is refused."""
    if not texts:
        return ()
    from experiments.comparison.windows import read_windows as read

    return read(texts, months, city.begins)


def shown(text: str) -> str:
    """Return a value as a message of one line may show it."""
    plain = "".join(character if character.isprintable() else " " for character in text)
    return repr(plain if len(plain) <= 60 else f"{plain[:60]}...")


CityName = Annotated[str, typer.Argument(metavar="CITY", help="City (name, or path of a city file).")]
CityOrScenario = Annotated[
    str,
    typer.Argument(metavar="CITY", help="City (name or path of a city file), or path of a scenario.yaml that --out wrote."),
]
PolicyName = Annotated[
    list[str] | None,
    typer.Option("--policy", metavar="POLICY", help="Policy (name, or path of a policy file)."),
]
PolicyNames = Annotated[
    list[str] | None,
    typer.Option("--policy", metavar="POLICY", help="Policy to compare (name or path); repeatable."),
]
Against = Annotated[
    str | None, typer.Option("--against", metavar="POLICY", help="Reference policy to compare with.  [default: no measures]")
]
By = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="neighbourhood",
        parser=one_of("--by", ["neighbourhood"]),
        help="Show the results for each neighbourhood too.",
    ),
]
Months = Annotated[
    int,
    typer.Option("--months", metavar="N", parser=whole_number("--months", 1, 1200, 120), help="Months to simulate."),
]
Replications = Annotated[
    int,
    typer.Option(
        "--replications",
        metavar="N",
        parser=whole_number("--replications", 1, 100_000, 20),
        help="Number of replications; every policy uses the same random seeds.",
    ),
]
Seed = Annotated[
    int,
    typer.Option("--seed", metavar="N", parser=whole_number("--seed", 0, 2**63 - 1, 1), help="Random seed."),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Set a parameter to another value; repeatable."),
]
Ranges = Annotated[
    list[str] | None,
    typer.Option(
        "--range",
        metavar="KEY=LOW..HIGH",
        help="Range of a factor; repeatable. Factors: a parameter, strength (measures.P-E1), start month (start.P-E1) or "
        "target (target.P-E1, share of neighbourhoods); or a city fact (city.levels.fear, neighbourhood[NAME].poverty).",
    ),
]
Shocks = Annotated[
    list[str] | None,
    typer.Option(
        "--shock",
        metavar="SHOCK",
        help="Shock applied in every arm (name or path; see citysafety list shocks); repeatable.",
    ),
]
Plugins = Annotated[
    list[Any] | None,
    typer.Option(
        "--plugin",
        metavar="FILE",
        parser=read_plugin,
        help="File that adds measures (YAML, Python), or outcomes and a rule (Python, run with your rights); repeatable.",
    ),
]
Without = Annotated[
    list[str] | None,
    typer.Option(
        "--without",
        metavar="MECHANISM",
        help="Mechanism to switch off (see citysafety list mechanisms); repeatable.",
    ),
]
Windows = Annotated[
    list[str] | None,
    typer.Option(
        "--window",
        metavar="15-36",
        help="Months to report besides the whole run, instead of phases; numbers or dates (2028-03..2029-12); repeatable.",
    ),
]
StudyWindows = Annotated[
    list[str] | None,
    typer.Option(
        "--window",
        metavar="15-36",
        help="Months to average outcomes over, as numbers or dates (2028-03..2029-12); results for each; repeatable.  "
        "[default: all]",
    ),
]
ScaleOption = Annotated[
    str,
    typer.Option("--scale", metavar="auto|X", parser=read_scale, help="Simulated youths for each real one, up to 1."),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        metavar="N",
        parser=whole_number("--workers", 1, 1024, 2),
        help="Runs at the same time; results do not depend on it.  [default: all cores]",
    ),
]
Executor = Annotated[
    str,
    typer.Option(
        "--executor",
        metavar="|".join(EXECUTORS),
        parser=one_of("--executor", EXECUTORS),
        help="How runs are computed; results do not depend on it.",
    ),
]
StoreFolder = Annotated[
    Path,
    typer.Option("--store", metavar="DIR", help="Folder that keeps every run; stored runs are not repeated."),
]
OptionalStore = Annotated[
    Path | None,
    typer.Option("--store", metavar="DIR", help="Folder that keeps every run; stored runs are not repeated."),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        "--dask",
        metavar="local|tcp://HOST:PORT|tls://...",
        help="Run on Dask workers, of this machine or of a scheduler (needs citysafety[cluster]).",
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Run nothing: write the plan into the store, and estimate runs, time and size.")
]
RetryFailed = Annotated[bool, typer.Option("--retry-failed", help="Repeat runs that are stored as failed.")]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", parser=read_folder, help="Folder for the scenario, results, figures and report."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace existing results in --out once the new ones are complete.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print the result and nothing else.")]
