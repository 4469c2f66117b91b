"""What validation measured, written into the pages that claim it.

    make validate                          writes results/validation.xml
    python -m experiments.publish.measured FILE
                                           fills the figures of docs/verification.md and docs/validation.md from it, and
                                           docs/measured.csv with everything that tests printed

Statistical tests print what they found, a figure a line. The cell before a test's name holds the first lines, so the page
cannot say what no test has measured; a test that printed nothing, or did not run, keeps its cell and its lines.
"""

from __future__ import annotations

import argparse
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from experiments.store.spreadsheets import csv_bytes, read_csv

__all__ = ["MOST", "cell", "cleaned", "fill", "found_in", "main"]

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = (DOCS / "verification.md", DOCS / "validation.md")
TABLE = DOCS / "measured.csv"
HEADER = ("test", "printed")

MOST = 3
"""Figures that a cell shows; all of them are in the table."""

LONGEST = 140
"""Characters of one figure in a cell."""

_ROW = re.compile(
    r"^(?P<before>\|.*\|) *(?P<figure>[^|]*?) *(?P<after>\| `(?P<test>tests/[\w/]+\.py::\w+)` \|)$", re.MULTILINE
)


def found_in(report: Path) -> dict[str, list[str]]:
    """Return the lines that each test printed, by "path::name"; the parameters of a test follow each other.

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
    found: dict[str, list[str]] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name', '').partition('[')[0]}"
        found.setdefault(name, []).extend(cleaned(case.findtext("system-out") or ""))
    return {name: lines for name, lines in found.items() if lines}


def cleaned(text: str) -> list[str]:
    """Return the lines of what a test printed, without margins, types of numbers and needless digits."""
    text = re.sub(r"np\.float64\(([^)]*)\)", r"\1", text)
    text = re.sub(r"\d+\.\d{4,}(?:e-?\d+)?", lambda number: f"{float(number.group()):.4g}", text)
    text = re.sub(r", (?:least|margin) -?[\d.]+ %", "", text)
    text = re.sub(r"[{}]|(?<!\w)'|'(?!\w)", "", text).replace("|", "/")
    lines = [line.strip() for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith("---")]


def cell(lines: Sequence[str]) -> str:
    """Return the first figures that a test printed, and how many more there are."""
    shown = [line if len(line) <= LONGEST else f"{line[:LONGEST].rsplit(' ', 1)[0]} ..." for line in lines[:MOST]]
    more = [f"and {len(lines) - MOST} more"] if len(lines) > MOST else []
    return "; ".join([*shown, *more])


def fill(page: str, found: Mapping[str, Sequence[str]]) -> str:
    """Return the page with the figures of every row whose test printed something."""

    def again(row: re.Match[str]) -> str:
        return f"{row['before']} {cell(found[row['test']]) if row['test'] in found else row['figure']} {row['after']}"

    return _ROW.sub(again, page)


def main(arguments: Sequence[str] | None = None) -> None:
    """Fill the figures of both pages, and the table, from the reports named on the command line."""
    parser = argparse.ArgumentParser(description="Fill the figures of docs/verification.md and docs/validation.md.")
    parser.add_argument("reports", type=Path, nargs="+", help="reports that `make validate` wrote")
    found: dict[str, list[str]] = {}
    for report in parser.parse_args(arguments).reports:
        found |= found_in(report)
    for page in PAGES:
        before = page.read_text("utf-8")
        after = fill(before, found)
        page.write_text(after, "utf-8")
        changed = sum(one != other for one, other in zip(before.splitlines(), after.splitlines(), strict=True))
        print(f"{page.name}: {changed} rows")
    lines = _kept() | found
    table = pd.DataFrame([(test, line) for test in sorted(lines) for line in lines[test]], columns=list(HEADER))
    TABLE.write_bytes(csv_bytes(table))
    print(f"{TABLE.name}: {sum(map(len, lines.values()))} lines of {len(lines)} tests")


def _kept() -> dict[str, list[str]]:
    """Return what the table holds of earlier reports, but for tests that are gone."""
    kept: dict[str, list[str]] = {}
    if TABLE.exists():
        for test, line in read_csv(TABLE).itertuples(index=False):
            kept.setdefault(test, []).append(line)
    return {test: lines for test, lines in kept.items() if _is_there(test)}


def _is_there(test: str) -> bool:
    path, _, name = test.partition("::")
    file = DOCS.parent / path
    return file.is_file() and re.search(rf"^ *def {re.escape(name)}\(", file.read_text("utf-8"), re.MULTILINE) is not None


if __name__ == "__main__":
    main()
