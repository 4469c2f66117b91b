"""No text of a table is a formula to a spreadsheet, numbers are numbers, and nothing is lost on the way back."""

import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.store.spreadsheets import csv_bytes, guarded, read_csv, unguarded

ROOT = Path(__file__).parents[3]
DANGEROUS = [
    '=HYPERLINK("http://evil","x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "  =1",
    "\u00a0=1",
    "\u200b=1",
    '"=1',
    "'=1",
    "“=1",
    " ' \"=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "\u22121",
    "-0.5",
]
texts = st.text(st.sampled_from("=+-@＝'\" ;\t\n\r,ab1é“")) | st.text(st.characters(codec="utf-8", exclude_characters="\0"))


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_formula_becomes_a_text(text):
    assert guarded(text).startswith("'")
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["truce; =1", "truce;=1", "truce\t=1", "truce\n=1", "truce\n '=1"])
def test_a_cell_that_begins_within_a_text_is_guarded_too(text):
    assert "'" in guarded(text)[5:]
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["", "North-East", "a=b", "'s-Hertogenbosch", "O'Neill", "50% of x", "5 + 3", "a, -3 %"])
def test_an_ordinary_text_stays_as_it_is(text):
    assert guarded(text) == text == unguarded(text)


@given(texts)
def test_every_text_comes_back(text):
    assert unguarded(guarded(text)) == text
    for cell in guarded(text).replace("\t", ";").replace("\n", ";").replace("\r", ";").split(";"):
        assert cell.strip(" '\"“")[:1] not in tuple("=+-@＝") or cell.startswith("'")


def test_a_table_is_written_for_a_spreadsheet_and_read_again_without_loss(tmp_path):
    table = pd.DataFrame(
        {
            "neighbourhood": ["=1+1", "São José", "NA", None, "-0.5"],
            "=policy": pd.Categorical(["a", "@b", "a", "a", "a"]),
            "mean": [-0.5, 1e-300, math.nan, 3.0, -2.0],
            "months": np.arange(5),
            "clear": [True, False, True, True, False],
        }
    )
    content = csv_bytes(table)
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    assert content.decode("utf-8-sig").splitlines()[:3] == [
        "neighbourhood,'=policy,mean,months,clear",
        "'=1+1,a,-0.5,0,True",
        "São José,'@b,1e-300,1,False",
    ]
    (tmp_path / "table.csv").write_bytes(content)
    again = read_csv(tmp_path / "table.csv")
    assert list(again.columns) == list(table.columns)
    assert again["neighbourhood"].where(again["neighbourhood"].notna(), None).tolist() == table["neighbourhood"].tolist()
    for name in ("=policy", "mean", "months", "clear"):
        np.testing.assert_array_equal(again[name].to_numpy(), table[name].to_numpy())


def test_no_other_code_writes_csv():
    writes = re.compile(r"\bto_csv\b|\bwrite_csv\b|\bcsv\.(?:writer|DictWriter)\b|^\s*from csv\b|pyarrow\.csv", re.MULTILINE)
    writers = {
        path.relative_to(ROOT).as_posix()
        for folder in ("sim", "experiments", "benchmarks", "scripts")
        for path in (ROOT / folder).rglob("*.py")
        if writes.search(path.read_text("utf-8"))
    }
    assert writers == {"experiments/store/spreadsheets.py"}
