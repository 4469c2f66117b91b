"""The report: one page that leads with the difference and says how sure, why, for whom and at what cost.

The page is a single file that opens from disk, runs no script and asks nothing of any network: its figures are part of
it and its content policy forbids everything else. Its words come from the numbers (`experiments.comparison.findings`).
"""

from __future__ import annotations

import json
import math
import shlex
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.comparison.findings import (
    BY_NAME,
    Finding,
    findings,
    list_words,
    place_changes,
    quoted,
    reference_title,
    signed,
    significant,
    span,
    strongest,
    titles,
)
from experiments.comparison.fitted import fit_text, off_levels
from experiments.comparison.notes import notes
from experiments.comparison.paired import FEWEST, SMALL, TOO_FEW, UNTOLD
from experiments.comparison.phase_text import turn_sentence
from experiments.comparison.phases import phase_findings, phases
from experiments.comparison.pictures import Pictures
from experiments.comparison.report.cost import cost_part
from experiments.comparison.report.origin import (
    LEFT_OUT,
    command_words,
    count_words,
    inside,
    labelled,
    provenance_part,
    scale_words,
    strengths_part,
)
from experiments.comparison.report.phases import phases_part
from experiments.comparison.report.pictures import pictures_part, reason_part
from experiments.comparison.report.plan import chosen_part, plan_part, shocks_part
from experiments.comparison.report.standing import standing_content
from experiments.comparison.report.tables import Found, fair_part, outcome_groups, places_part
from experiments.comparison.sentences import sentence, told
from experiments.comparison.side_effects import by_arm, comfort_notes
from sim.outcomes import DETAIL_GROUPS, MAIN_GROUPS, STUDIED

if TYPE_CHECKING:
    from jinja2 import Environment

    from experiments.comparison.compare import Comparison


__all__ = ["report_html", "significant", "write_report"]

SECTIONS = (
    ("asked", "What was asked"),
    ("happened", "What happened"),
    ("phases", "Phase by phase"),
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

MOST_TURNS = 2
"""The most policies of which the lead says that homicide falls and rises, besides the best."""
MOST_NAMED = 6
"""The most policies that a title names one by one."""

CAPTION = (
    "Bars are 95 % intervals. Grey and filled: a small change, less than matters. Grey and hollow: cannot be told. Shaded: "
    "less than the least effect that matters."
)


def write_report(comparison: Comparison, folder: Path, *, pictures: Pictures | None = None) -> Path:
    """Write the report of a comparison, or of a run without anything to compare, as one self-contained page.

    Parameters
    ----------
    comparison
        What was compared, or run.
    folder
        Where `report.html` goes; made if missing. If a manifest lies there, the report quotes its command.
    pictures
        The figures of this comparison, where they are written to files as well; made if left out.

    Returns
    -------
    Path
        Of the page.
    """
    folder.mkdir(parents=True, exist_ok=True)
    manifest = folder / "manifest.json"
    recorded = json.loads(manifest.read_text("utf-8"))["command"] if manifest.is_file() else []
    path = folder / "report.html"
    path.write_text(report_html(comparison, command=shlex.join(recorded), pictures=pictures), encoding="utf-8")
    return path


def report_html(comparison: Comparison, *, command: str = "", pictures: Pictures | None = None) -> str:
    """Return the text of the report; the same comparison gives the same text.

    Parameters
    ----------
    comparison
        What was compared; without a policy, the page says where the city stands (`experiments.comparison.report.standing`).
    command
        The command as given; without it, one that asks for the same comparison.
    pictures
        The figures of this comparison, where some are drawn already; made if left out.
    """
    if pictures is None:
        pictures = Pictures(comparison)
    if comparison.policies:
        template, content = "report.html.j2", _content(comparison, pictures)
    else:
        template, content = "standing.html.j2", standing_content(comparison, pictures)
    filled = _templates().get_template(template).render(content | {"command": command or command_words(comparison)})
    return filled.replace(" %", "\N{NO-BREAK SPACE}%")


def _templates() -> Environment:
    """Return the templates of the pages, which escape every text."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    folder = files("experiments.comparison.report")
    load = FunctionLoader(lambda name: (folder / name).read_text("utf-8"))
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, loader=load)


def _content(comparison: Comparison, pictures: Pictures) -> dict[str, Any]:
    found, city = findings(comparison), comparison.city
    changes = place_changes(comparison, "homicide_rate")
    named = titles(comparison)
    return {
        "city": city,
        "city_inside": inside(city.title),
        "title": _question(comparison),
        "lead": _lead(comparison, found),
        "standing": scale_words(comparison),
        "fit": fit_text(city, off_levels(comparison)),
        "sections": SECTIONS,
        "reference": reference_title(comparison),
        "reference_heading": "No policy" if not comparison.against.measures else named[comparison.against.name],
        "months": comparison.months,
        "asked": _asked(comparison),
        "plans": [plan_part(comparison, arm) for arm, policy in enumerate(comparison.arms) if arm or policy.measures],
        "shocks": shocks_part(comparison),
        "notes": notes(comparison),
        "chosen": chosen_part(comparison),
        "topics": [_topic(comparison, found, name) for name in STUDIED],
        "warnings": _warnings(comparison),
        "caption": CAPTION,
        "how_sure": _how_sure(comparison),
        "policies": [named[policy.name] for policy in comparison.policies],
        "groups": outcome_groups(comparison, found, MAIN_GROUPS),
        "others": outcome_groups(comparison, found, DETAIL_GROUPS),
        "phases": phases_part(comparison),
        "pictures": pictures_part(comparison, found, changes, pictures),
        "places": places_part(comparison, changes),
        "reasons": [reason_part(comparison, found, policy, pictures) for policy in comparison.policies],
        "fair": fair_part(comparison, found),
        "cost": cost_part(comparison, found),
        "left_out": LEFT_OUT,
        "assumptions": labelled(city.assumptions),
        "sources": labelled(city.sources),
        "strengths": strengths_part(comparison.policies),
        "provenance": provenance_part(comparison),
        "without": list_words(comparison.without),
        "seeds": ", ".join(str(seed) for seed in comparison.seeds),
    }


def _question(comparison: Comparison) -> str:
    """Ask what was asked; more policies than one can read are counted."""
    named = titles(comparison)
    asked = [quoted(named[policy.name]) for policy in comparison.policies]
    who = list_words(asked) if len(asked) <= MOST_NAMED else f"{count_words(len(asked))} policies"
    return f"What would {who} change in {inside(comparison.city.title)}?"


def _lead(comparison: Comparison, found: Found) -> str:
    """Say the largest clear fall in homicide and what the same policy does to criminal governance, or what was found.

    Where homicide would fall in one phase and rise in another, both directions are said.
    """
    homicide = [found[policy.name, "homicide_rate"] for policy in comparison.policies]
    turns = _turns(comparison, found)
    best = strongest(homicide)
    if best is not None:
        rule = sentence(found[best.policy, "criminal_governance_index"], opening="", subject="The same policy")
        first = turns.pop(best.policy, sentence(best, opening=""))
        return f"In this model, {' '.join([first, rule, *list(turns.values())[:MOST_TURNS]])}"
    if len(homicide) == 1:
        told_of = list(turns.values()) or [sentence(homicide[0], opening="")]
        return f"In this model, {' '.join([*told_of, *_would_tell(homicide)])}"
    parts = [f"{quoted(each.title)} ({_told(each)}: {each.words})" for each in homicide if each.policy not in turns]
    others = f": {list_words(parts)}" if parts else ""
    said = f"no policy compared here would clearly lower homicide over the whole run{others}."
    told_first = list(turns.values())[:MOST_TURNS]
    return f"In this model, {' '.join([*told_first, _opened(said) if told_first else said, *_would_tell(homicide)])}"


def _turns(comparison: Comparison, found: Found) -> dict[str, str]:
    """Say both directions for each policy under which homicide would fall in one phase and rise in another, by its name."""
    spans, parts = phases(comparison), phase_findings(comparison)
    said = {
        policy.name: turn_sentence(
            found[policy.name, "homicide_rate"], parts[policy.name, "homicide_rate"], spans, opening=""
        )
        for policy in comparison.policies
    }
    return {name: text for name, text in said.items() if text}


def _would_tell(homicide: Sequence[Finding]) -> list[str]:
    """Say how many futures would settle what cannot be told, if anything cannot."""
    futures = homicide[0].futures
    if futures == 1:
        return ["A single future says nothing about luck; ask for more."]
    unclear = [each for each in homicide if each.verdict in (UNTOLD, TOO_FEW)]
    if not unclear:
        return (
            ["More futures would not change that: whatever change there is, is less than matters."]
            if all(each.verdict == SMALL for each in homicide)
            else []
        )
    needed = [each.needed for each in unclear]
    if None in needed:
        return ["More futures would hardly settle it: the difference is about as large as the least that matters."]
    most = max(each for each in needed if each is not None)
    needed_words = f"About {significant(most)} futures would be needed to tell over the whole run"
    return [f"{needed_words}, if the differences stay as they are; here are {futures}."]


def _asked(comparison: Comparison) -> str:
    arms = "one policy" if len(comparison.policies) == 1 else f"{count_words(len(comparison.policies))} policies"
    futures = "a single future" if comparison.replications == 1 else f"{comparison.replications} paired futures"
    return (
        f"{comparison.city.title}, {len(comparison.city.neighbourhoods)} neighbourhoods, {comparison.months} months, "
        f"{futures}: {arms} against {reference_title(comparison)}, each with the same people and the same luck. "
        f"Unless a month is named, a figure is the average over all {comparison.months} months, those included in "
        "which a measure had yet to reach its strength."
    )


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
        "outcome has its own; small when the whole interval lies inside; in between it cannot be told. Under "
        f"{FEWEST} futures nothing is told but that they are too few, and what most futures show no trace of is counted."
    )
