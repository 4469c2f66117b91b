"""The tables and the picture of the documentation, made from what the model declares: no figure is typed twice.

    python -m experiments.publish.documentation                         rewrite the tables and files in all documents
    python -m experiments.publish.documentation --figure results/demo   draw the README's picture from stored results

A table stands between `<!-- table: NAME -->` and `<!-- end of table -->`, and the text of a file, such as an example,
between `<!-- file: PATH -->` and `<!-- end of file -->`; what is between them is replaced, and the rest of a document
is left as it is. A test holds them fresh.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from experiments.publish.feedback_loops import loops_table, mechanisms_table
from experiments.publish.trial_tables import left_out_table, published_table, trials_table
from sim.errors import InputError
from sim.lever_links import LEVER_LINKS
from sim.levers import LEVERS, SHOCK_LEVERS
from sim.measures import MEASURES, Condition, Measure
from sim.mechanisms import MECHANISMS
from sim.outcomes import OUTCOMES, STUDIED, Outcome
from sim.parameters import PARAMETERS, Parameter
from sim.scenario import list_cities, load_city

__all__ = ["DOCUMENTS", "PICTURE", "draw_picture", "files", "fill", "rewrite", "tables"]

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ("README.md", "docs/ODD.md", "docs/examples.md", "docs/mechanisms.md", "docs/scenarios.md", "docs/trials.md")
GUIDE = "scenarios/README.md"
PICTURE = "docs/figures/chicago.png"

STANDINGS = {
    "measured": "observed in the named city",
    "literature": "set from a work in the list of evidence, often after a judgement on how far it carries over",
    "calibrated": "fitted for each city to its documented levels",
    "judgement": "found by fitting the core, or chosen; no usable source",
}

_BEGIN = r"<!-- (?P<kind>table|file): (?P<name>.*?) -->"
_MARKED = re.compile(rf"({_BEGIN}\n).*?(<!-- end of (?P=kind) -->)", re.DOTALL)


def tables() -> dict[str, str]:
    """Return every generated table by the name of its marker, as Markdown that ends with one line break."""
    made: dict[str, Callable[[], str]] = {
        "steps": _steps,
        "standing": _standing,
        "parameters": _parameters,
        "calibration": _calibration,
        "outcomes": _outcomes,
        "measures": _measures,
        "conditions": _conditions,
        "levers": _levers,
        "mechanisms": lambda: _markdown(*mechanisms_table(MECHANISMS)),
        "loops": lambda: _markdown(*loops_table(MECHANISMS)),
        "trials": lambda: _markdown(*trials_table()),
        "published": lambda: _markdown(*published_table()),
        "left_out": lambda: _markdown(*left_out_table()),
    }
    return {name: make() for name, make in made.items()}


def files(root: Path = ROOT) -> dict[str, str]:
    """Return the text of every file that a document shows, by its path: Markdown as it is, a script as a block of code."""
    scripts = {path.relative_to(root).as_posix(): path for path in sorted((root / "examples").glob("*.py"))}
    shown = {name: f"```python\n{path.read_text('utf-8')}```\n" for name, path in scripts.items()}
    return shown | {GUIDE: (root / GUIDE).read_text("utf-8")}


def fill(text: str, made: Mapping[str, str]) -> str:
    """Return a document with the text between its markers replaced.

    Parameters
    ----------
    text
        The document.
    made
        Tables by name and files by path, as `tables` and `files` return them.

    Raises
    ------
    ValueError
        When a marker names no table or file, or has no end.
    """
    unknown = [(kind, name) for kind, name in re.findall(_BEGIN, text) if name not in made]
    if unknown:
        raise ValueError("there is no {} {!r}; there are {}".format(*unknown[0], ", ".join(made)))
    starts, ends = len(re.findall(_BEGIN, text)), len(re.findall("<!-- end of (?:table|file) -->", text))
    if starts != ends or starts != len(_MARKED.findall(text)):
        raise ValueError(f"{starts} tables or files begin and {ends} end; each begins and ends once")
    return _MARKED.sub(lambda found: f"{found[1]}{made[found['name']]}{found[4]}", text)


def rewrite(root: Path = ROOT) -> list[str]:
    """Rewrite the tables and files in every document, and return the names of the documents that changed.

    Parameters
    ----------
    root
        The folder that the documents are named from.
    """
    from experiments.store.outputs import write_file

    made = tables() | files()
    changed = []
    for name in DOCUMENTS:
        path = root / name
        before = path.read_text("utf-8")
        after = fill(before, made)
        if after != before:
            write_file(path, after.encode())
            changed.append(name)
    return changed


def draw_picture(folder: Path, to: Path) -> None:
    """Draw each policy's difference from the reference, with its interval, from stored results.

    Parameters
    ----------
    folder
        What `citysafety compare --out` wrote, such as `results/demo` after `make demo`.
    to
        The PNG file to write.

    Raises
    ------
    InputError
        When the folder holds no results, or they are incomplete or of another version.
    """
    from experiments.comparison.figures import differences, rendered
    from experiments.comparison.results import load_comparison
    from experiments.store.outputs import write_file

    figure = differences(load_comparison(folder), STUDIED)
    write_file(to, rendered(figure, "png"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite the tables, or draw the picture, and say what changed; return the exit code, 2 for unusable input."""
    parser = argparse.ArgumentParser(
        prog="python -m experiments.publish.documentation", description="Rewrite the generated parts of the documentation."
    )
    parser.add_argument("--figure", metavar="DIR", type=Path, help=f"draw {PICTURE} from the results in DIR instead")
    asked = parser.parse_args(arguments)
    try:
        if asked.figure is not None:
            draw_picture(asked.figure, ROOT / PICTURE)
            print(PICTURE)
        else:
            print("\n".join(rewrite()) or "every part is fresh")
    except (InputError, OSError) as error:
        print(f"documentation: {error}", file=sys.stderr)
        return 2
    return 0


# The tables -----------------------------------------------------------------------------------------------------------


def _steps() -> str:
    from sim.month import STEPS

    rows = [(str(number), f"`{step}`", says) for number, (step, says) in enumerate(STEPS, start=1)]
    return _markdown(("", "step", "what happens"), rows)


def _standing() -> str:
    found = Counter[str](each.status for each in PARAMETERS)
    rows = [(status, str(found[status]), means) for status, means in STANDINGS.items()]
    rows.append(("all", str(len(PARAMETERS)), ""))
    return _markdown(("standing", "parameters", "meaning"), rows)


def _parameters() -> str:
    """Return one table for each process, under its name."""
    processes = list(dict.fromkeys(each.process for each in PARAMETERS))
    heading = ("parameter", "default", "range", "spread", "unit", "standing", "evidence", "what it says")
    blocks = []
    for process in processes:
        rows = [_parameter(each) for each in PARAMETERS if each.process == process]
        blocks.append(f"**{process}**\n\n{_markdown(heading, rows)}")
    return "\n".join(blocks)


def _parameter(each: Parameter) -> tuple[str, ...]:
    spread = "log-uniform" if each.distribution == "loguniform" else each.distribution
    evidence = f"`{each.evidence}`" if each.status == "literature" else each.evidence
    limits = f"{each.low:g} to {each.high:g}"
    return f"`{each.field}`", f"{each.default:g}", limits, spread, each.unit, each.status, evidence, each.says


def _calibration() -> str:
    """Return the three calibrated numbers of every city, and how well they fit."""
    rows = []
    for name in list_cities():
        found = load_city(name).calibration
        numbers = (f"{value:g}" for value in (found.join_intercept, found.rivalry, found.disputes))
        rows.append((f"`{name}`", *numbers, found.date, f"{found.fit} {found.method}"))
    return _markdown(("city", "join_intercept", "rivalry", "disputes", "date", "fit, and how it was found"), rows)


def _outcomes() -> str:
    heading = ("outcome", "topic", "unit", "better", "city value", "least effect that matters", "what it is")
    return _markdown(heading, [_outcome(each) for each in OUTCOMES])


def _outcome(each: Outcome) -> tuple[str, ...]:
    value = {"sum": "sum", "residents": "mean over residents", "killings": "mean over expected killings"}[each.weight]
    least = f"{each.least:.0%}" + (f", at least {each.floor:g}" if each.floor else "") if each.least else "any"
    whole = f" Part of `{each.part_of}`." if each.part_of else ""
    return f"`{each.name}`", each.group, each.unit, each.better, value, least, f"{each.title}. {each.says}{whole}"


def _measures() -> str:
    heading = ("row", "measure", "pillar", "what is done", "lever", "parameters of its strength", "months to full effect",
               "months of fading", "months until results show", "US dollars and officers a year for one", "who commands",
               "met on the way", "grade")  # fmt: skip
    return _markdown(heading, [_measure(each) for each in MEASURES])


def _measure(each: Measure) -> tuple[str, ...]:
    title = f"{each.title} (`{each.name}`)"
    levers = ", ".join(dict.fromkeys(f"`{change.lever}`" for change in each.changes))
    strengths = ", ".join(f"`{change.parameter}`" for change in each.changes)
    months = (str(each.onset_months), str(each.fades_months), str(each.shows_after))
    price = f"{each.unit_cost:,.0f}".replace(",", " ")
    force = "" if not each.officers else f"{each.officers:g} {'soldiers' if each.stays else 'officers'}"
    takes = " and ".join(part for part in (price if each.unit_cost or not force else "", force) if part)
    cost = f"{takes} ({each.units}; {each.cost_evidence})"
    way = {"police": each.police, "partner": each.partner, "procurement": each.leaks, "contest": each.contested}
    met = ", ".join(name for name, meets in way.items() if meets)
    return each.row, title, each.pillar, each.says, levers, strengths, *months, cost, each.commands, met, each.grade


def _conditions() -> str:
    rows = [
        (each.row, f"`{name}`", condition.says, condition.on, _without(condition))
        for each in MEASURES
        for name, condition in each.conditions.items()
    ]
    return _markdown(("row", "condition", "what it is", "acts on", "without it"), rows)


def _levers() -> str:
    """Return what raises each lever, and what it does by way of which process."""
    rows = []
    for lever in LEVERS:
        does: dict[str, list[str]] = {}
        for link in LEVER_LINKS:
            if link.lever == lever:
                does.setdefault(link.process, []).append(f"{'more' if link.sign == '+' else 'less'} {link.effect}")
        told = "; ".join(f"`{process}`: {', '.join(effects)}" for process, effects in does.items())
        rows.append((f"`{lever}`", ", ".join(_raised_by(lever)), told))
    return _markdown(("lever", "raised by", "process that reads it: what there is more or less of"), rows)


def _raised_by(lever: str) -> list[str]:
    """Return the measures, conditions and shocks that raise a lever."""
    found = [each.row for each in MEASURES if any(change.lever == lever for change in each.changes)]
    for each in MEASURES:
        found += [f"{each.row} with `{name}`" for name, needs in each.conditions.items() if needs.carries == lever]
        found += [f"{each.row} without `{name}`" for name, needs in each.conditions.items() if needs.harms == lever]
    found += [f"shock `{kind}`" for kind, pulled in SHOCK_LEVERS.items() if pulled == lever]
    if lever.startswith("flow_"):
        found += ["shock `flow`", "shock `route`"]
    if lever.startswith("cut_"):
        found += ["shock `service cut`"]
    return found or ["who delivers a measure"]


def _without(condition: Condition) -> str:
    """Return what happens where a condition is not met at all."""
    told = (
        (condition.weight, f"{condition.weight:.0%} of the {condition.on} is lost"),
        (condition.carries, f"lever `{condition.carries}` stays at 0"),
        (condition.harms, f"lever `{condition.harms}` is pulled"),
        (condition.wears, f"the {condition.on} halves every {condition.wears} months"),
    )
    return "; ".join(text for said, text in told if said)


def _markdown(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; a bar within a cell is escaped."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "".join(f"| {' | '.join(' '.join(cell.split()).replace('|', '\\|') for cell in line)} |\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
