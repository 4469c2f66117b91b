"""Where a page comes from and how well it is known: strengths, sources, versions, and the command that asks for it again."""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
import shlex
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from experiments.comparison.findings import list_words, significant
from experiments.store.provenance import versions
from sim.identity import model_hash
from sim.measures import MEASURES
from sim.parameters import PARAMETERS

if TYPE_CHECKING:
    from experiments.comparison.compare import Comparison
    from sim.scenario import Policy


__all__ = ["LEFT_OUT", "command_words", "count_words", "inside", "labelled", "provenance_part", "strengths_part"]

LEFT_OUT = (
    "Siege and urban warfare, threats to computers and networks, borders, online fraud, the policing of large events, "
    "natural barriers, and the mining of social media.",
    "People outside ages 10 to 29 one by one: they are counted by neighbourhood, as residents, victims and offenders. "
    "Only youths join gangs.",
    "Anything beyond the city's boundary: killing, trade or people that a policy would push out of the city are not "
    "counted.",
    "Whether a council, a police force or a court would do what the policy says, beyond the conditions that each "
    "measure names; nor elections, budgets and news that would change the policy on its way.",
    "Real gangs, groups and persons. Those in the model are made up.",
    "Doubt about the strengths of the measures and about the model itself: the intervals hold these fixed. A study of "
    "a sensitivity study shows how much they matter.",
)


def scale_words(comparison: Comparison) -> str:
    """Say what stands for what: the scale, and that these are futures of a model."""
    if comparison.scale == 1:
        people = "Every resident aged 10 to 29 is simulated one by one"
    else:
        people = (
            f"One simulated youth stands for {significant(1 / comparison.scale)} residents aged 10 to 29 "
            f"(scale {significant(comparison.scale)}), so rates and counts rest on a sample of the city"
        )
    judged = sum(each.status == "judgement" for each in PARAMETERS)
    return (
        f"{people}. A future is one run of the model with luck of its own; every policy meets the same luck. The intervals "
        f"cover that luck alone: {judged} of the model's {len(PARAMETERS)} parameters are judgement, and doubt about them "
        "is wider than any interval shown here."
    )


def labelled(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return texts by field with the names of the fields as one reads them."""
    return [(name.replace("_", " "), text) for name, text in texts.items()]


def strengths_part(policies: Iterable[Policy]) -> dict[str, Any]:
    """Say how well the strengths of the measures in use, and the parameters of the model, are known."""
    used = {use.measure: use.declared for policy in policies for use in policy.measures}
    listed = [measure.row for measure in MEASURES]
    # Those of the framework in its order, then those of plugins in that of the policies.
    measures = sorted(used.values(), key=lambda each: listed.index(each.row) if each.row in listed else len(listed))
    rows = [
        {
            "title": measure.title,
            "row": measure.row,
            "pillar": measure.pillar,
            "grade": measure.grade,
            "judged": measure.grade == "judgement",
            "changes": [
                {
                    "says": change.says,
                    "strength": f"{significant(change.mid)} ({significant(change.low)} to {significant(change.high)})",
                    "unit": change.unit,
                    "evidence": change.evidence,
                    "status": change.status,
                    "judged": change.status == "judgement",
                }
                for change in measure.changes
            ],
        }
        for measure in measures
    ]
    changes = [change for measure in measures for change in measure.changes]
    judged = sum(change.status == "judgement" for change in changes)
    graded = sum(measure.grade == "judgement" for measure in measures)
    statuses = Counter[str](parameter.status for parameter in PARAMETERS)
    named = {
        "measured": "measured",
        "literature": "taken from published studies",
        "calibrated": "fitted to the city's data",
    }
    parts = [f"{statuses[status]} are {words}" for status, words in named.items() if statuses[status]]
    guessed = f"{statuses['judgement']} are judgement"
    return {
        "rows": rows,
        "says": f"What was run uses {count_words(len(measures))} measures with {len(changes)} strengths. Of the measures, "
        f"{_how_many(graded)} graded as judgement, which is nobody's measurement; of the strengths, "
        f"{_how_many(judged)} judgement and not taken from a study.",
        "parameters": f"Of the model's {len(PARAMETERS)} parameters, {list_words([*parts, guessed])}. "
        "Results of parts that rest on judgement show how the argument runs, not how large the effect is.",
    }


def provenance_part(comparison: Comparison) -> list[tuple[str, str]]:
    """Return what is needed for the same numbers: seeds, scale, changes, hashes and versions."""
    digest = hashlib.blake2b(digest_size=16)
    digest.update(comparison.city_monthly.tobytes())
    digest.update(comparison.place_yearly.tobytes())
    packages = {
        "citysafety": importlib.metadata.version("citysafety"),
        "Python": platform.python_version(),
    } | versions()
    changed = "; ".join(f"{name} = {value:g}" for name, value in comparison.parameters.items())
    return [
        ("Seed", f"{comparison.seed}, from which the seed of each of the {comparison.replications} futures follows"),
        ("Months", str(comparison.months)),
        ("Replications", str(comparison.replications)),
        ("Scale", f"{comparison.scale:g}"),
        ("Parameters changed", changed or "none"),
        ("Mechanisms switched off", ", ".join(comparison.without) or "none"),
        ("Calibration of the city", f"{comparison.city.calibration.method} ({comparison.city.calibration.date})"),
        ("Hash of the model", model_hash()),
        ("Hash of the results", digest.hexdigest()),
        ("Versions", ", ".join(f"{name} {version}" for name, version in packages.items())),
    ]


def command_words(comparison: Comparison) -> str:
    """Return the command that asks for the same comparison, or for the same run where there is no policy to compare."""
    words = ["citysafety", "compare" if comparison.policies else "run", comparison.city.name]
    for policy in comparison.policies:
        words += ["--policy", policy.name]
    if comparison.against.measures:
        words += ["--against" if comparison.policies else "--policy", comparison.against.name]
    options = {"months": comparison.months, "replications": comparison.replications, "seed": comparison.seed}
    for name, value in (options | {"scale": comparison.scale}).items():
        words += [f"--{name}", str(value)]
    for name, number in comparison.parameters.items():
        words += ["--set", f"{name}={number}"]
    for shock in comparison.shocks:
        words += ["--shock", shock.name]
    for mechanism in comparison.without:
        words += ["--without", mechanism]
    return shlex.join(words)


def inside(city: str) -> str:
    """Write a city's title as it stands inside a sentence."""
    return f"the {city.removeprefix('The ')}" if city.startswith("The ") else city


def _how_many(n: int) -> str:
    return "none is" if n == 0 else f"{count_words(n)} {'is' if n == 1 else 'are'}"


def count_words(n: int) -> str:
    """Write a small number as a word."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    return words[n] if n < len(words) else str(n)
