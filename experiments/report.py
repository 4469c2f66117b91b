"""The report: one page that leads with the difference and says how sure, why, for whom and at what cost.

The page is a single file that opens from disk, runs no script and asks nothing of any network: its figures are part of
it and its content policy forbids everything else. Its words come from the numbers (`experiments.findings`).
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import json
import math
import platform
import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments import figures
from experiments.comfort import by_arm, comfort_notes
from experiments.costs import cheapest_sentence, costs
from experiments.findings import (
    BY_NAME,
    Finding,
    Interval,
    PlaceChange,
    clear_places,
    fifths,
    findings,
    list_words,
    place_changes,
    quoted,
    reading,
    reference_title,
    sentence,
    signed,
    significant,
    span,
    strongest,
    titles,
    told,
    why_sentences,
    within,
)
from experiments.paired import UNTOLD, verdict_words
from experiments.plan_words import shock_words, uses_in_words, what_became
from experiments.provenance import versions
from sim.compiled import source_hash
from sim.measures import MEASURES
from sim.outcomes import OUTCOMES, Outcome, outcome_index
from sim.parameters import PARAMETERS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from experiments.compare import Comparison
    from sim.scenario import Policy

__all__ = ["report_html", "significant", "write_report"]

Found = Mapping[tuple[str, str], Finding]

GROUPS = {
    "Violence": (
        "homicide_rate", "gang_homicide_rate", "dispute_homicide_rate", "domestic_homicide_rate", "police_killings",
        "youth_homicide_rate", "female_homicide_rate", "serious_assaults", "domestic_violence",
    ),
    "Governance": (
        "criminal_governance_index", "extortion_share", "turnover_taken", "gang_control", "gang_members", "recruits",
        "integrity",
    ),
    "Trust": (
        "state_legitimacy", "police_legitimacy", "criminal_legitimacy", "collective_efficacy", "bridging", "fear",
    ),
    "Justice": ("reporting", "testimony", "clearance", "arrests", "prisoners", "abuse"),
    "People": (
        "homicide_gap", "members_under_18", "female_members", "idle_youth", "school_age_in_school", "jobs", "business",
    ),
    "Cost": ("cost",),
}  # fmt: skip
"""The outcomes of the main table; the others follow below it."""

TOPICS = ("homicide_rate", "criminal_governance_index")
LINES = ("homicide_rate", "criminal_governance_index", "gang_members", "police_legitimacy")
SECTIONS = (
    ("asked", "What was asked"),
    ("happened", "What happened"),
    ("table", "Outcome by outcome"),
    ("where", "Where"),
    ("time", "Over time"),
    ("why", "Why"),
    ("fairness", "Who gains"),
    ("cost", "Cost"),
    ("left-out", "What it leaves out"),
    ("strengths", "How well it is known"),
    ("provenance", "Provenance"),
)
MOST_NAMED = 6
"""The most policies that a title names one by one."""

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
    "sensitivity asks how far the answer hangs on them.",
)

CAPTION = (
    "Bars are 95 % intervals. Grey and filled: a small change, less than matters. Grey and hollow: cannot be told. Shaded: "
    "less than the least effect that matters."
)


def write_report(comparison: Comparison, folder: Path) -> Path:
    """Write the report of a comparison as one self-contained page and return its path.

    Parameters
    ----------
    comparison
        What was compared, with at least one policy.
    folder
        Where `report.html` goes; made if missing. If a manifest lies there, the report quotes its command.

    Raises
    ------
    ValueError
        If the comparison holds no policy.
    """
    folder.mkdir(parents=True, exist_ok=True)
    manifest = folder / "manifest.json"
    recorded = json.loads(manifest.read_text("utf-8"))["command"] if manifest.is_file() else []
    path = folder / "report.html"
    path.write_text(report_html(comparison, command=shlex.join(recorded)), encoding="utf-8")
    return path


def report_html(comparison: Comparison, *, command: str = "") -> str:
    """Return the text of the report; the same comparison gives the same text.

    Parameters
    ----------
    comparison
        What was compared, with at least one policy.
    command
        The command as given; without it, one that asks for the same comparison.
    """
    from jinja2 import Environment, StrictUndefined

    if not comparison.policies:
        raise ValueError("a report needs at least one policy to compare with the reference")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    source = (files("experiments") / "templates" / "report.html.j2").read_text("utf-8")
    content = _content(comparison) | {"command": command or _command(comparison)}
    return environment.from_string(source).render(content).replace(" %", "\N{NO-BREAK SPACE}%")


def _content(comparison: Comparison) -> dict[str, Any]:
    found, city = findings(comparison), comparison.city
    changes = place_changes(comparison, "homicide_rate")
    named = titles(comparison)
    return {
        "city": city,
        "city_inside": _inside(city.title),
        "title": _question(comparison),
        "lead": _lead(comparison, found),
        "standing": _standing(comparison),
        "sections": SECTIONS,
        "reference": reference_title(comparison),
        "months": comparison.months,
        "asked": _asked(comparison),
        "plans": [_plan(comparison, arm) for arm, policy in enumerate(comparison.arms) if arm or policy.measures],
        "shocks": _shocks(comparison),
        "topics": [_topic(comparison, found, name) for name in TOPICS],
        "warnings": _warnings(comparison),
        "caption": CAPTION,
        "how_sure": _how_sure(comparison),
        "policies": [named[policy.name] for policy in comparison.policies],
        "groups": _groups(comparison, found, GROUPS),
        "others": _groups(comparison, found, {"Other outcomes": _ungrouped()}),
        "pictures": _pictures(comparison, found, changes),
        "places": _places(comparison, changes),
        "reasons": [_reason(comparison, found, policy) for policy in comparison.policies],
        "fair": _fair(comparison, found),
        "cost": _cost(comparison, found),
        "left_out": LEFT_OUT,
        "assumptions": _labelled(city.assumptions),
        "sources": _labelled(city.sources),
        "strengths": _strengths(comparison.policies),
        "provenance": _provenance(comparison),
        "without": list_words(comparison.without),
        "seeds": ", ".join(str(seed) for seed in comparison.seeds),
    }


def _question(comparison: Comparison) -> str:
    """Ask what was asked; more policies than one can read are counted."""
    named = titles(comparison)
    asked = [quoted(named[policy.name]) for policy in comparison.policies]
    who = list_words(asked) if len(asked) <= MOST_NAMED else f"{_count(len(asked))} policies"
    return f"What would {who} change in {_inside(comparison.city.title)}?"


def _lead(comparison: Comparison, found: Found) -> str:
    """Say the largest clear fall in homicide and what the same policy does to criminal governance, or what was found."""
    homicide = [found[policy.name, "homicide_rate"] for policy in comparison.policies]
    best = strongest(homicide)
    if best is not None:
        rule = sentence(found[best.policy, "criminal_governance_index"], opening="", subject="The same policy")
        return f"{sentence(best)} {rule}"
    if len(homicide) == 1:
        return " ".join([sentence(homicide[0]), *_would_tell(homicide)])
    parts = [f"{quoted(each.title)} ({_told(each)}: {each.words})" for each in homicide]
    said = "In this model, no policy compared here would clearly lower homicide"
    return " ".join([f"{said}: {list_words(parts)}.", *_would_tell(homicide)])


def _would_tell(homicide: Sequence[Finding]) -> list[str]:
    """Say how many futures would settle what cannot be told, if anything cannot."""
    futures = homicide[0].futures
    if futures == 1:
        return ["A single future says nothing about luck; ask for more."]
    unclear = [each for each in homicide if each.verdict == UNTOLD]
    if not unclear:
        return (
            ["More futures would not change that: whatever change there is, is less than matters."]
            if not any(each.clear for each in homicide)
            else []
        )
    needed = [each.needed for each in unclear]
    if None in needed:
        return ["More futures would hardly settle it: the difference is about as large as the least that matters."]
    most = max(each for each in needed if each is not None)
    return [
        f"About {significant(most)} futures would be needed to tell, if the differences stay as they are; here: {futures}."
    ]


def _standing(comparison: Comparison) -> str:
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


def _asked(comparison: Comparison) -> str:
    arms = "one policy" if len(comparison.policies) == 1 else f"{_count(len(comparison.policies))} policies"
    futures = "a single future" if comparison.replications == 1 else f"{comparison.replications} paired futures"
    return (
        f"{comparison.city.title}, {len(comparison.city.neighbourhoods)} neighbourhoods, {comparison.months} months, "
        f"{futures}: {arms} against {reference_title(comparison)}, each with the same people and the same luck. "
        f"Unless a month is named, a figure is the average over all {comparison.months} months, those included in "
        "which a measure had yet to reach its strength."
    )


def _plan(comparison: Comparison, arm: int) -> dict[str, Any]:
    """Say what a policy does, measure by measure, and what became of each in the futures that were run."""
    policy = comparison.arms[arm]
    uses = [
        {"title": title, "says": words, "became": what_became(comparison, arm, row)}
        for row, (title, words) in enumerate(uses_in_words(policy, comparison.city.begins))
    ]
    role = "The reference: " if arm == 0 else ""
    return {"title": role + titles(comparison)[policy.name], "about": policy.about, "uses": uses}


def _shocks(comparison: Comparison) -> list[dict[str, str]]:
    first = len(comparison.against.measures)
    return [
        {
            "title": shock.title,
            "says": shock_words(shock, comparison.city.begins),
            "became": what_became(comparison, 0, first + row),
        }
        for row, shock in enumerate(comparison.shocks)
    ]


def _topic(comparison: Comparison, found: Found, outcome: str) -> dict[str, Any]:
    """Say one outcome for every policy, those without a clear difference together."""
    parts = [found[policy.name, outcome] for policy in comparison.policies]
    lines = [sentence(part, opening="") for part in parts if part.clear]
    unclear = [part for part in parts if not part.clear]
    if len(unclear) == 1 or not lines:
        lines += [_opened(sentence(part, opening="")) for part in unclear]
    elif unclear:
        said = [f"{quoted(part.title)} ({_told(part)}: {part.words})" for part in unclear]
        lines.append(f"Not clear: {list_words(said)}.")
    return {"title": BY_NAME[outcome].title, "lines": lines}


def _opened(text: str) -> str:
    """Begin a sentence with a capital."""
    return text[:1].upper() + text[1:]


def _told(part: Finding) -> str:
    change, unit = told(part)
    if math.isnan(change.low):
        return f"{signed(change.mean)} {unit}, {span(change)}"
    return f"{signed(change.mean)} {unit}, 95 % interval {span(change)}"


def _warnings(comparison: Comparison) -> list[dict[str, str]]:
    """Return what a reader who looked at homicide alone would miss."""
    named = titles(comparison)
    found = by_arm(comparison.horizon_means, [policy.name for policy in comparison.policies])
    return [
        {"title": f"{title}: {quoted(named[policy.name])}", "text": text}
        for policy in comparison.policies
        for title, text in comfort_notes(found.get(policy.name, []))
    ]


def _how_sure(comparison: Comparison) -> str:
    if comparison.replications == 1:
        return "A single future tells nothing about what is due to chance; ask for more."
    return (
        "How sure: the interval covers luck, since the same futures were run with and without each policy. It does not "
        "cover doubt about the strengths of measures, nor what the model leaves out. A difference is called clear when "
        "its whole 95 % interval lies beyond the least effect that matters, which is 5 % of the reference unless the "
        "outcome has its own; small when the whole interval lies inside; in between it cannot be told."
    )


def _ungrouped() -> tuple[str, ...]:
    grouped = {name for names in GROUPS.values() for name in names}
    return tuple(outcome.name for outcome in OUTCOMES if outcome.name not in grouped)


def _groups(comparison: Comparison, found: Found, groups: Mapping[str, Iterable[str]]) -> list[dict[str, Any]]:
    def row(outcome: Outcome) -> dict[str, Any]:
        parts = [found[policy.name, outcome.name] for policy in comparison.policies]
        shown = reading(outcome, comparison.city.currency)
        return {
            "title": outcome.title,
            "unit": shown.unit,
            "better": "" if outcome.better == "neither" else outcome.better,
            "reference": significant(parts[0].reference * shown.factor),
            "cells": [
                _cell(part.difference.times(shown.factor), part.clear or (part.is_money and part.moves), part.words)
                | {"judged": "" if part.is_money else part.judged}
                | ({} if part.moves else {"words": "no difference", "span": "in any future"})
                for part in parts
            ],
        }

    grouped = [
        {"title": title, "rows": [row(BY_NAME[name]) for name in names if name in BY_NAME]}
        for title, names in groups.items()
    ]
    return [group for group in grouped if group["rows"]]


def _cell(interval: Interval, clear: bool, words: str) -> dict[str, Any]:
    return {
        "mean": signed(interval.mean),
        "span": span(interval),
        "sure": clear,
        "direction": "lower" if interval.mean < 0 else "higher",
        "words": words,
    }


def _pictures(comparison: Comparison, found: Found, changes: Mapping[str, PlaceChange]) -> dict[str, Any]:
    policies = comparison.policies

    def in_words(outcome: str) -> str:
        return " ".join(sentence(found[policy.name, outcome], opening="") for policy in policies)

    return {
        "differences": [
            _picture(
                figures.differences(comparison, (name,)),
                f"Dots with intervals: difference in {within(BY_NAME[name].title)} for each policy. {in_words(name)}",
            )
            for name in TOPICS
        ],
        "lines": [
            _picture(
                figures.policy_lines(comparison, name),
                f"Lines over {comparison.months} months: {within(BY_NAME[name].title)}. {in_words(name)}",
            )
            for name in LINES
        ],
        "maps": [
            _picture(
                figures.change_map(comparison, policy.name, "homicide_rate"),
                f"Map of the change in homicide by neighbourhood under {quoted(policy.title)}. "
                f"{_places_sentence(changes[policy.name])}",
                _places_sentence(changes[policy.name]),
                "png",
            )
            for policy in policies
        ],
        "fairness": _picture(
            figures.fairness(comparison),
            "Dots with intervals: change in homicide in the poorest and in the least poor fifth of neighbourhoods. "
            + " ".join(_fair(comparison, found)["says"]),
            "Circles: the poorest fifth of neighbourhoods. Squares: the least poor fifth. Bars are 95 % intervals.",
        ),
    }


def _picture(figure: Figure, alt: str, caption: str = "", form: str = "svg") -> dict[str, Any]:
    """Return a figure as a part of the page: its bytes, its size in pixels, and what it shows in words."""
    width, height = figure.get_size_inches() * 96
    content = base64.b64encode(figures.rendered(figure, form)).decode("ascii")
    return {
        "source": f"data:image/{form.replace('svg', 'svg+xml')};base64,{content}",
        "alt": alt,
        "caption": caption,
        "width": round(width),
        "height": round(height),
    }


def _places_sentence(change: PlaceChange) -> str:
    lower, higher = clear_places(change)
    total, small = len(change.clear), int(change.small.sum())
    return (
        f"Homicide would be clearly lower in {lower} of {total} neighbourhoods and clearly higher in {higher}; "
        f"it would change by less than matters in {small}; of {total - lower - higher - small} it cannot be told."
    )


def _places(comparison: Comparison, changes: Mapping[str, PlaceChange]) -> dict[str, Any]:
    outcome = BY_NAME["homicide_rate"]
    reference = comparison.place_means[0, :, :, outcome_index(outcome.name)].mean(axis=0)
    rows = [
        {
            "name": place.name,
            "reference": significant(float(reference[row])),
            "cells": [
                _cell(
                    Interval(float(change.mean[row]), float(change.low[row]), float(change.high[row])),
                    bool(change.clear[row]),
                    change.words(row),
                )
                for change in changes.values()
            ],
        }
        for row, place in enumerate(comparison.city.neighbourhoods)
    ]
    chance = math.ceil(0.05 * len(rows))
    return {
        "rows": rows,
        "unit": outcome.unit,
        "says": "Colour is the change against the same neighbourhood in the same futures. Hatched cannot be "
        "told: few residents and few killings make most of what happens in one neighbourhood luck. Plain grey is a change "
        "of less than matters.",
        "note": f"Among {len(rows)} neighbourhoods, up to about {chance} could look clear by luck alone. "
        "A map of a model says nothing about the people of a street.",
    }


def _reason(comparison: Comparison, found: Found, policy: Policy) -> dict[str, Any]:
    lines = why_sentences(found, policy.name)
    alt = f"Dots with intervals: what the change in homicide under {quoted(policy.title)} is made of. {' '.join(lines)}"
    return {
        "title": titles(comparison)[policy.name],
        "lines": lines,
        "picture": _picture(figures.why(comparison, policy.name), alt),
    }


def _fair(comparison: Comparison, found: Found) -> dict[str, Any]:
    """Tell the change in the poorest and the least poor fifth, and in the gap between the most and least violent."""
    named = titles(comparison)
    by_policy = {named[policy.name]: fifths(comparison, arm) for arm, policy in enumerate(comparison.policies, start=1)}
    unit = BY_NAME["homicide_rate"].unit
    says = []
    for row, where in enumerate(("poorest", "least poor")):
        group = {title: pair[row] for title, pair in by_policy.items()}
        reference = next(iter(group.values())).reference
        start = f"In the {where} fifth of neighbourhoods, where homicide with {reference_title(comparison)} would be "
        verbs = []
        for verb, sign in (("fall", -1), ("rise", 1)):
            moved = [
                f"{quoted(title)} (by {significant(abs(fifth.difference.mean))})"
                for title, fifth in group.items()
                if fifth.clear and fifth.difference.mean * sign > 0
            ]
            if moved:
                verbs.append(f"it would clearly {verb} under {list_words(moved)}")
        tail = "; ".join(verbs) or "it would not change clearly under any policy"
        says.append(f"{start}{significant(reference)} {unit}, {tail}.")
    rows = []
    for policy in comparison.policies:
        gap = found[policy.name, "homicide_gap"]
        title = named[policy.name]
        cells = [
            _cell(each.difference, each.clear, verdict_words(each.verdict, each.difference.low, each.difference.high))
            for each in by_policy[title]
        ]
        rows.append({"title": title, "cells": [*cells, _cell(gap.difference, gap.clear, gap.words)]})
    return {
        "says": says,
        "rows": rows,
        "unit": unit,
        "gap": BY_NAME["homicide_gap"].title,
        "gap_says": BY_NAME["homicide_gap"].says,
    }


def _cost(comparison: Comparison, found: Found) -> dict[str, Any]:
    currency = comparison.city.currency
    answers = costs(comparison, found)

    def amount(interval: Interval) -> dict[str, str]:
        return {"mean": signed(interval.mean) if interval.mean else "0", "span": span(interval)}

    def table(part: str) -> list[dict[str, Any]]:
        """Return a row for each pillar or payer that any policy touches."""
        names = dict.fromkeys(name for each in answers for name in getattr(each, part))
        zero = Interval(0.0, 0.0, 0.0)
        return [
            {"title": name, "cells": [amount(getattr(each, part).get(name, zero)) for each in answers]} for name in names
        ]

    rows = []
    for each in answers:
        price = {"mean": "not stated", "span": "it cannot be told that homicide would fall"}
        if each.per_averted is not None:
            price = {"mean": significant(each.per_averted.mean), "span": span(each.per_averted)}
        averted = {"mean": significant(each.averted.mean), "span": span(each.averted)}
        rows.append(
            {
                "title": each.title,
                "cells": [amount(each.extra), amount(each.total), averted, price, amount(each.per_resident)],
            }
        )
    parts = [
        {"title": "Prison places for ages 10 to 29", "cells": [amount(each.prisons) for each in answers]},
        {"title": "Measures", "cells": [amount(each.measures) for each in answers]},
    ]
    return {
        "rows": rows,
        "parts": [*reversed(parts), *({**row, "title": f"of this, {row['title']}"} for row in table("by_pillar"))],
        "payers": table("by_payer"),
        "currency": currency,
        "cheapest": cheapest_sentence(answers, currency),
        "caption": f"In {currency}, against {reference_title(comparison)}, with 95 % intervals.",
        "note": _cost_note(comparison),
    }


def _cost_note(comparison: Comparison) -> str:
    rate = comparison.city.money_per_dollar
    money = "" if rate == 1 else f", at {significant(rate, 3)} {comparison.city.currency} for a dollar"
    return (
        f"Unit costs are rough, most of them judgement, in US dollars of no one year{money}; their doubt is not in the "
        f"intervals. Amounts are undiscounted and in the prices of the unit costs. Homicides averted are expected deaths, "
        "which luck does not blur; the deaths drawn in each future stand in the table of outcomes. A cost per homicide "
        "averted counts every unit of cost against killings alone: whatever else a policy would change, for better or "
        "worse, stands in the table above and has no price here."
    )


def _labelled(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name.replace("_", " "), text) for name, text in texts.items()]


def _strengths(policies: Iterable[Policy]) -> dict[str, Any]:
    used = dict.fromkeys(use.measure for policy in policies for use in policy.measures)
    measures = [measure for measure in MEASURES if measure.row in used or measure.name in used]
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
    statuses = Counter(parameter.status for parameter in PARAMETERS)
    named = {
        "measured": "measured",
        "literature": "taken from published studies",
        "calibrated": "fitted to the city's data",
    }
    parts = [f"{statuses[status]} are {words}" for status, words in named.items() if statuses[status]]
    guessed = f"{statuses['judgement']} are judgement"
    return {
        "rows": rows,
        "says": f"The policies use {_count(len(measures))} measures with {len(changes)} strengths. Of the measures, "
        f"{_how_many(graded)} graded as judgement, which is nobody's measurement; of the strengths, "
        f"{_how_many(judged)} judgement and not taken from a study.",
        "parameters": f"Of the model's {len(PARAMETERS)} parameters, {list_words([*parts, guessed])}. "
        "Results of parts that rest on judgement show how the argument runs, not how large the effect is.",
    }


def _inside(city: str) -> str:
    """Write a city's title as it stands inside a sentence."""
    return f"the {city.removeprefix('The ')}" if city.startswith("The ") else city


def _command(comparison: Comparison) -> str:
    words = ["citysafety", "compare", comparison.city.name]
    for policy in comparison.policies:
        words += ["--policy", policy.name]
    if comparison.against.measures:
        words += ["--against", comparison.against.name]
    options = {"months": comparison.months, "replications": comparison.replications, "seed": comparison.seed}
    for name, value in (options | {"scale": comparison.scale}).items():
        words += [f"--{name}", str(value)]
    for name, number in comparison.parameters.items():
        words += ["--set", f"{name}={number}"]
    for mechanism in comparison.without:
        words += ["--without", mechanism]
    return shlex.join(words)


def _provenance(comparison: Comparison) -> list[tuple[str, str]]:
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
        ("Hash of the model", source_hash()),
        ("Hash of the results", digest.hexdigest()),
        ("Versions", ", ".join(f"{name} {version}" for name, version in packages.items())),
    ]


def _how_many(n: int) -> str:
    return "none is" if n == 0 else f"{_count(n)} {'is' if n == 1 else 'are'}"


def _count(n: int) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    return words[n] if n < len(words) else str(n)
