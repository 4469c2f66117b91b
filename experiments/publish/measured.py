"""What validation measured, written into the pages that claim it.

    make validate                          writes results/validation.xml
    python -m experiments.publish.measured FILE
                                           fills the figures of docs/verification.md and docs/validation.md from it

Statistical tests tell what they found. The cell before a test's name holds that text, so the page cannot say what no test
has measured; a test that told nothing, or did not run, keeps its cell.
"""

from __future__ import annotations

import argparse
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping, Sequence
from pathlib import Path

__all__ = ["LONGEST", "fill", "found_in", "main", "told_briefly"]

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = (DOCS / "verification.md", DOCS / "validation.md")

LONGEST = 420
"""Characters of a cell; what comes after is told by the test itself."""

_ROW = re.compile(
    r"^(?P<before>\|.*\|) *(?P<figure>[^|]*?) *(?P<after>\| `(?P<test>tests/[\w/]+\.py::\w+)` \|)$", re.MULTILINE
)


def found_in(report: Path) -> dict[str, str]:
    """Return what each test told, by "path::name"; the parameters of a test are told one after the other.

    Parameters
    ----------
    report
        A report in JUnit's form, with what was printed (`-o junit_logging=system-out`).

    Raises
    ------
    OSError
        If it cannot be read.
    ElementTree.ParseError
        If it is not such a report.
    """
    told: dict[str, list[str]] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name', '').partition('[')[0]}"
        told.setdefault(name, []).append(case.findtext("system-out") or "")
    return {name: brief for name, parts in told.items() if (brief := told_briefly("\n".join(parts)))}


def told_briefly(text: str) -> str:
    """Return lines that a test printed as one line: no margins, no types of numbers, no more than `LONGEST` characters."""
    text = re.sub(r"np\.float64\(([^)]*)\)", r"\1", text)
    text = re.sub(r"\d+\.\d{4,}(?:e-?\d+)?", lambda number: f"{float(number.group()):.4g}", text)
    text = re.sub(r", (?:least|margin) -?[\d.]+ %", "", text)
    text = re.sub(r"[{}]|(?<!\w)'|'(?!\w)", "", text).replace("|", "/")
    lines = [line.strip() for line in text.splitlines()]
    said = "; ".join(line for line in lines if line and not line.startswith("---"))
    if len(said) <= LONGEST:
        return said
    return said[: said.rfind(";", 0, LONGEST) if ";" in said[:LONGEST] else LONGEST] + "; ..."


def fill(page: str, told: Mapping[str, str]) -> str:
    """Return the page with the figure of every row whose test told something."""

    def again(row: re.Match[str]) -> str:
        return f"{row['before']} {told.get(row['test'], row['figure'])} {row['after']}"

    return _ROW.sub(again, page)


def main(arguments: Sequence[str] | None = None) -> None:
    """Fill the figures of both pages from the reports named on the command line."""
    parser = argparse.ArgumentParser(description="Fill the figures of docs/verification.md and docs/validation.md.")
    parser.add_argument("reports", type=Path, nargs="+", help="reports that `make validate` wrote")
    told: dict[str, str] = {}
    for report in parser.parse_args(arguments).reports:
        told |= found_in(report)
    for page in PAGES:
        before = page.read_text("utf-8")
        after = fill(before, told)
        page.write_text(after, "utf-8")
        changed = sum(one != other for one, other in zip(before.splitlines(), after.splitlines(), strict=True))
        print(f"{page.name}: {changed} rows")


if __name__ == "__main__":
    main()
