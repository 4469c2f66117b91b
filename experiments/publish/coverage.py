"""What of the framework is shown, clause by clause: docs/coverage.md, made from one table and from the marks of tests.

    python -m experiments.publish.coverage     write docs/coverage.md and the count in the README

`tests/framework_rows.yaml` holds what each row asks, parted into clauses. A test says by a mark which clauses it carries,
and the table which claims of cases do. The verdict on a clause is worked out: it counts as shown where a test or a claim
carries it, none of these fails, and the table declares it neither weaker than asked, nor wired, nor not shown.
"""

from __future__ import annotations

import argparse
import ast
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, get_args

import yaml
from pydantic import BaseModel, ConfigDict

from experiments.evidence.claims import by_kind
from experiments.evidence.schema import list_cases, load_case

__all__ = [
    "ABSENT",
    "PAGE",
    "README",
    "TABLE",
    "VERDICTS",
    "Clause",
    "Row",
    "Table",
    "Verdict",
    "judged",
    "load_table",
    "main",
    "marks",
    "not_borne_out",
    "page",
    "quoted",
    "sentence",
    "standing",
]

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "coverage.md"
TABLE = ROOT / "tests" / "framework_rows.yaml"
README = ROOT / "README.md"
CASE_TESTS = ROOT / "tests" / "scenarios" / "test_case_files.py"

Verdict = Literal["shown", "weaker", "wired", "not shown"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
ABSENT = "not in the model"
"""Why no clause of a row is shown that the model has nothing of."""

SECTIONS = {"E": "Entities and dynamics", "P": "Measures", "C": "Cases", "A": "Analyses", "I": "Outcomes"}
"""The kinds of rows by the first letter of their ids, in the order of the page."""

_QUOTE = re.compile(r"(<!-- shown -->\n).*?(<!-- end of shown -->)", re.DOTALL)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Row(_Part):
    """What one row asks and where the model has it; what clauses are told by their number, from 1."""

    holds: str
    asks: str
    absent: bool = False
    measure: str | None = None
    files: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    claims: dict[int, tuple[str, ...]] = {}
    weaker: dict[int, str] = {}
    wired: dict[int, str] = {}
    not_shown: dict[int, str] = {}

    def clauses(self) -> list[str]:
        """Return the words of each clause."""
        return [" ".join(part.split()).rstrip(";,") for part in self.asks.split("|")]


class Table(_Part):
    """Every row, and what makes a clause fail or count for nothing."""

    later: tuple[str, ...]
    failing: dict[str, dict[str, str]]
    formulas: dict[str, str]
    rows: dict[str, Row]


class Clause(NamedTuple):
    """One clause of a row, what carries it, and what is to be thought of it."""

    row: str
    number: int
    says: str
    verdict: Verdict
    why: str
    tests: tuple[str, ...]
    claims: tuple[str, ...]

    @property
    def id(self) -> str:
        """Its name: that of the row and its number."""
        return f"{self.row}.{self.number}"


# What is read ---------------------------------------------------------------------------------------------------------


def load_table(file: Path = TABLE) -> Table:
    """Return the table of rows.

    Parameters
    ----------
    file
        Where it is.
    """
    return Table.model_validate(yaml.safe_load(file.read_text("utf-8")))


def marks(root: Path = ROOT) -> dict[str, list[str]]:
    """Return the tests that carry each clause, "path::name" by "E07.1", from the marks in the files of tests.

    Parameters
    ----------
    root
        The folder of the project.
    """
    carried: dict[str, list[str]] = {}
    for file in sorted((root / "tests").rglob("test_*.py")):
        text = file.read_text("utf-8")
        if "mark.shows(" not in text:
            continue
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef):
                for clause in _shown_by(node):
                    carried.setdefault(clause, []).append(f"{file.relative_to(root).as_posix()}::{node.name}")
    return carried


def _shown_by(test: ast.FunctionDef) -> list[str]:
    """Return the clauses that the marks of a test name."""
    calls = [each for each in test.decorator_list if isinstance(each, ast.Call)]
    named = [call.args for call in calls if ast.unparse(call.func) == "pytest.mark.shows"]
    return [str(ast.literal_eval(clause)) for clauses in named for clause in clauses]


def not_borne_out(file: Path = CASE_TESTS) -> dict[str, str]:
    """Return the claims of cases that the model does not bear out, and why, as the tests of cases list them.

    Parameters
    ----------
    file
        The tests of case files.
    """
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "NOT_BORNE_OUT":
            found: dict[str, str] = ast.literal_eval(node.value)
            return found
    raise ValueError(f"{file} has no NOT_BORNE_OUT")


# What is made of it ---------------------------------------------------------------------------------------------------


def judged(table: Table, carried: Mapping[str, Sequence[str]], refuted: Mapping[str, str]) -> list[Clause]:
    """Return every clause with its verdict, in the order of the table.

    Parameters
    ----------
    table
        The rows.
    carried
        The tests that carry each clause, as `marks` returns them.
    refuted
        The claims of cases that do not hold, as `not_borne_out` returns them.

    Raises
    ------
    ValueError
        When nothing carries a clause and nothing says why, or it is declared in two ways.
    """
    failing = {f"{file}::{name}": why for file, tests in table.failing.items() for name, why in tests.items()}
    found = []
    for row, asked in table.rows.items():
        for number, says in enumerate(asked.clauses(), start=1):
            tests, claims = tuple(carried.get(f"{row}.{number}", ())), asked.claims.get(number, ())
            fails = [failing[test] for test in tests if test in failing]
            fails += [f"{claim}: {refuted[claim].rstrip('.')}" for claim in claims if claim in refuted]
            verdict, why = _verdict(f"{row}.{number}", asked, number, fails, bool(tests or claims))
            found.append(Clause(row, number, says, verdict, why, tests, claims))
    return found


def _verdict(clause: str, row: Row, number: int, fails: Sequence[str], is_carried: bool) -> tuple[Verdict, str]:
    declared: dict[Verdict, dict[int, str]] = {"weaker": row.weaker, "wired": row.wired, "not shown": row.not_shown}
    exceptions = [(verdict, reasons[number]) for verdict, reasons in declared.items() if number in reasons]
    if row.absent:
        exceptions.append(("not shown", ABSENT))
    if len(exceptions) > 1:
        raise ValueError(f"{clause} is declared in two ways: {exceptions}")
    if exceptions and exceptions[0][0] == "not shown":
        return exceptions[0]
    if fails:
        return "not shown", "; ".join(fails)
    if exceptions:
        return exceptions[0]
    if not is_carried:
        raise ValueError(f"{clause} has no test, no claim and no reason")
    return "shown", ""


def standing(root: Path = ROOT) -> tuple[Table, list[Clause]]:
    """Return the table and every clause as things are.

    Parameters
    ----------
    root
        The folder of the project.
    """
    table = load_table(root / TABLE.relative_to(ROOT))
    return table, judged(table, marks(root), not_borne_out(root / CASE_TESTS.relative_to(ROOT)))


# What is written ------------------------------------------------------------------------------------------------------


def sentence(table: Table, clauses: Sequence[Clause]) -> str:
    """Return what the README says of coverage.

    Parameters
    ----------
    table, clauses
        As `standing` returns them.
    """
    count = Counter(clause.verdict for clause in clauses)
    return (
        f"Of the {len(clauses)} clauses in {len(table.rows)} rows that the framework documents ask for, "
        f"{count['shown']} are shown;\nsomething weaker than asked is found for {count['weaker']}, {count['wired']} hold by "
        f"construction, and {count['not shown']} are not shown.\n[The coverage](docs/coverage.md) lists each in the "
        "framework's words, with the test or case that carries it.\n"
    )


def page(table: Table, clauses: Sequence[Clause]) -> str:
    """Return docs/coverage.md.

    Parameters
    ----------
    table, clauses
        As `standing` returns them.
    """
    parts = [_HEAD, _counts(table, clauses), _MEANING, _not_shown(clauses)]
    for letter, title in SECTIONS.items():
        note = _on_cases() if letter == "C" else _NOTES.get(letter, "")
        parts.append(f"## {title}\n{note}\n" + _section(table, clauses, letter))
    return "\n".join(parts)


_HEAD = """# Coverage

Every row that the framework documents ask for, clause by clause in the framework's own words, with what is to be thought of
each and which test or case carries it. Written by `python -m experiments.publish.coverage` from the table of rows
(`tests/framework_rows.yaml`) and from the marks of tests; rows keep their ids for good.

## How much is shown
"""

_MEANING = """
- **Shown**: an outcome at least two processes away from what was changed answers as asked, over many paired futures, and a
  test or claim that passes asks it.
- **Weaker**: something near the clause holds, and what was asked instead is said: less than 5 %, another quantity, fewer
  cases, no control.
- **Wired**: true by construction, a check of the code. The outcome is a formula of the lever or of the city's file, its
  interval over the futures is narrower than a fifth of a point, its size was read back from the same studies, or no process
  reads it.
- **Not shown**: the model has nothing of it, no test asks it, or the test or claim fails; then the figure is told.

A clause that could be either is counted as the lower. What is shown is shown in this model, and in nothing else: what was
compared with real cities is on [the page on validation](validation.md). By which margin a claim is judged is said in its
test and in [verification](verification.md).
"""

_NOTES = {
    "E": "\nNames in *italics* are mechanisms ([mechanisms.md](mechanisms.md)); `--without` switches each off.\n",
    "I": "\nEach outcome is recorded every month, by neighbourhood and for the city.\n",
}


def _on_cases() -> str:
    """Say what kinds of claims cases make, how many of each, and how many hold."""
    claims, refuted = [claim for name in list_cases() for claim in load_case(name).expected], not_borne_out()
    of_kind = {kind: len(those) for kind, those in by_kind(claims).items()}
    held = {kind: sum(each.id not in refuted for each in those) for kind, those in by_kind(claims).items()}
    return (
        "\n`citysafety case C01` runs and judges a case. D: a framework document states it as something that happened or\n"
        "holds. R: one advises or hopes for it. X: evidence outside them, or a judgement. "
        f"Of {len(claims)} claims {of_kind['D']} are D, {of_kind['R']} R and {of_kind['X']} X.\n"
        f"The model bears out {sum(held.values())}: {held['D']} D, {held['R']} R and {held['X']} X.\n"
    )


def _counts(table: Table, clauses: Sequence[Clause]) -> str:
    by_kind = {title: [each for each in clauses if each.row[0] == letter] for letter, title in SECTIONS.items()}
    groups = {"all rows": list(clauses)}
    groups[f"all but {_listed(table.later)}"] = [each for each in clauses if each.row not in table.later]
    groups |= {title.lower(): each for title, each in by_kind.items()}
    lines = ["| | rows | clauses | shown | weaker | wired | not shown | share shown |", "|---|" + "---:|" * 7]
    for title, of_group in groups.items():
        count = Counter(each.verdict for each in of_group)
        cells = [len({each.row for each in of_group}), len(of_group), *(count[verdict] for verdict in VERDICTS)]
        lines.append(f"| {title} | {' | '.join(map(str, cells))} | {100 * count['shown'] / len(of_group):.0f} % |")
    return "\n".join(lines) + "\n"


def _listed(rows: Iterable[str]) -> str:
    *most, last = rows
    return f"{', '.join(most)} and {last}"


def _not_shown(clauses: Iterable[Clause]) -> str:
    lines = ["## What is not shown", "", "| clause | in the framework's words | why |", "|---|---|---|"]
    lines += [f"| {each.id} | {_cell(each.says)} | {_cell(each.why)} |" for each in clauses if each.verdict == "not shown"]
    return "\n".join(lines) + "\n"


def _section(table: Table, clauses: Sequence[Clause], letter: str) -> str:
    lines = ["| row | in the framework's words | verdict | where |", "|---|---|---|---|"]
    for row, asked in table.rows.items():
        if row[0] == letter:
            of_row = [each for each in clauses if each.row == row]
            shown = sum(each.verdict == "shown" for each in of_row)
            lines.append(f"| **{row}** | **{_cell(asked.holds)}** | {shown} of {len(of_row)} shown | {_held_by(asked)} |")
            lines += [f"| {each.id} | {_cell(each.says)} | {_told(each)} | {_carried_by(each)} |" for each in of_row]
    return "\n".join(lines) + "\n"


def _held_by(row: Row) -> str:
    parts = [f"the measure `{row.measure}`"] if row.measure else []
    parts += [", ".join(f"`{file}`" for file in row.files)] if row.files else []
    parts += ["the outcomes " + ", ".join(f"`{name}`" for name in row.outcomes)] if row.outcomes else []
    mechanisms = f" ({', '.join(f'*{name}*' for name in row.mechanisms)})" if row.mechanisms else ""
    return "; ".join(parts) + mechanisms


def _told(clause: Clause) -> str:
    return f"{clause.verdict}: {_cell(clause.why)}" if clause.why else clause.verdict


def _carried_by(clause: Clause) -> str:
    claims = [f"claim{'s' if len(clause.claims) > 1 else ''} {', '.join(clause.claims)}"] if clause.claims else []
    return ", ".join([*(f"`{test}`" for test in clause.tests), *claims])


def _cell(text: str) -> str:
    return text.rstrip(".").replace("|", "\\|")


def quoted(readme: str, said: str) -> str:
    """Return the README with what it says of coverage replaced, between `<!-- shown -->` and `<!-- end of shown -->`.

    Parameters
    ----------
    readme
        Its text.
    said
        What `sentence` returned.

    Raises
    ------
    ValueError
        When the marks are not there once.
    """
    filled, times = _QUOTE.subn(lambda found: f"{found[1]}{said}{found[2]}", readme)
    if times != 1:
        raise ValueError(f"the README quotes the count of shown clauses {times} times, not once")
    return filled


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the page and what the README quotes of it, and say which changed."""
    argparse.ArgumentParser(prog="python -m experiments.publish.coverage", description=__doc__).parse_args(arguments)
    table, clauses = standing()
    made = {PAGE: page(table, clauses), README: quoted(README.read_text("utf-8"), sentence(table, clauses))}
    changed = [file for file, text in made.items() if not file.exists() or file.read_text("utf-8") != text]
    for file in changed:
        file.write_text(made[file], "utf-8")
    print("\n".join(file.name for file in changed) or "both are fresh")


if __name__ == "__main__":
    main()
