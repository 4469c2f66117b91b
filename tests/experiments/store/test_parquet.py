"""Parquet is read in one way, and no thread of Arrow's is left behind when a process ends."""

import ast
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.store.parquet import open_parquet, read_parquet

ROOT = Path(__file__).parents[3]
READERS = {"ParquetFile", "ParquetDataset", "read_table", "read_pandas", "read_row_group", "read_row_groups", "iter_batches"}
THREADED = {"to_pandas", "group_by", "join", *READERS}
"""What Arrow does with threads of its own unless it is told otherwise."""


def without_threads(call):
    return any(each.arg == "use_threads" and getattr(each.value, "value", None) is False for each in call.keywords)


def faults_in(source):
    """Yield the lines on which Arrow may start threads."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        of_pandas = isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) in {"pd", "str"}
        reads_table = name == "read" and "columns" in {each.arg for each in node.keywords}
        one_reader = name == "ParquetFile" and any(each.arg == "pre_buffer" for each in node.keywords)
        joins_text = name == "join" and isinstance(getattr(node.func, "value", None), ast.Constant | ast.Name)
        if (name in THREADED or reads_table) and not (without_threads(node) or one_reader or joins_text or of_pandas):
            yield node.lineno
        if of_pandas and name in {"read_parquet"}:
            yield node.lineno


def files_with_arrow():
    return [path for path in sorted((ROOT / "experiments").rglob("*.py")) if "pyarrow" in path.read_text("utf-8")]


@pytest.mark.parametrize("path", files_with_arrow(), ids=lambda path: path.stem)
def test_arrow_starts_no_threads(path):
    assert list(faults_in(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "line",
    [
        "pq.read_table(path)",
        "pq.ParquetFile(file).read(columns=names)",
        "pq.ParquetFile(file, pre_buffer=False).read(columns=names)",
        "table.to_pandas()",
        "table.to_pandas(use_threads=True)",
        "pd.read_parquet(path)",
        "file.read_row_group(0)",
    ],
)
def test_the_search_finds_threads(line):
    assert set(faults_in(line)) == {1}


@pytest.fixture
def table():
    return pa.table({"number": np.arange(5), "text": list("abcde")})


def test_a_file_and_what_it_holds_read_alike(table, tmp_path):
    path = tmp_path / "table.parquet"
    pq.write_table(table, path)
    assert read_parquet(path).equals(table)
    assert read_parquet(path.read_bytes(), ["text"]).equals(table.select(["text"]))
    with open_parquet(path) as file:
        assert file.metadata.num_rows == 5


def test_what_cannot_be_read_is_an_error_of_the_file_or_of_arrow(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_parquet(tmp_path / "none.parquet")
    with pytest.raises(pa.ArrowException):
        read_parquet(b"PAR1")


def test_reading_leaves_no_thread_behind(table, tmp_path):
    path = tmp_path / "table.parquet"
    pq.write_table(table, path)
    code = (
        "import os, sys; from pathlib import Path; import pyarrow.parquet\n"
        "from experiments.store.parquet import read_parquet\n"
        "before = len(os.listdir('/proc/self/task'))\n"
        "read_parquet(Path(sys.argv[1]))\n"
        "print(len(os.listdir('/proc/self/task')) - before)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "0"), done.stderr
