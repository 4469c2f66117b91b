"""A question reads the views of its store and nothing else, can be stopped, and prints nothing that acts on a terminal."""

import json
import os
import signal
import threading
import time

import pytest
from rotting import tiny_store

from experiments.commands.cli import run_command
from experiments.store.query import ask, at_work
from experiments.store.store import existing
from sim.errors import InputError


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return existing(tiny_store(tmp_path_factory.mktemp("asked") / "store"))


@pytest.fixture
def elsewhere(tmp_path):
    """A file that is nobody's business, and a place where nothing may appear."""
    (tmp_path / "secret.csv").write_text("word\nxyzzy\n", "utf-8")
    return tmp_path


EVERY_KIND = "SELECT id, id, x'00ff'::BLOB, INTERVAL 1 DAY, {'a': [1]}, 1.5::DECIMAL(4, 2), now(), 'nan'::DOUBLE FROM runs"

ANSWERED = {
    "SELECT count(*) AS n FROM runs": 1,
    "WITH r AS (SELECT id FROM runs) SELECT * FROM r JOIN city USING (id)": 36,
    "FROM places": 54,
    "TABLE log": 12,
    "DESCRIBE city": 4,
    "SHOW TABLES": 4,
    "SUMMARIZE city": 4,
    "EXPLAIN SELECT * FROM runs": 1,
    "VALUES (1), (2)": 2,
    "SELECT 'a;b' -- ; drop": 1,
    "SELECT * FROM (PIVOT runs ON policy IN ('baseline') USING count(*) GROUP BY city)": 1,
    "explain analyze WITH r AS (FROM runs) SELECT * FROM r": 1,
    "SELECT * FROM range(3) JOIN unnest([1, 2]) ON true": 6,
    "SELECT policy, unnest([1, 2]) FROM runs": 12,
    EVERY_KIND: 6,
}


@pytest.mark.parametrize(("sql", "rows"), ANSWERED.items())
def test_what_only_reads_the_views_is_answered(store, capsys, sql, rows):
    assert run_command(["store", "query", str(store.path), sql, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out.splitlines()[-1])) == rows


REFUSED = [
    "SELECT * FROM read_csv('{there}/secret.csv', header = false)",
    "SELECT * FROM '{there}/secret.csv'",
    'SELECT * FROM "{there}/secret.csv"',
    "SELECT * FROM read_text('{there}/secret.csv')",
    "SELECT * FROM read_blob('{there}/secret.csv')",
    "SELECT * FROM read_parquet('{store}/runs/*.parquet')",
    "SELECT * FROM parquet_metadata('{store}/runs/*.parquet')",
    "SELECT * FROM read_json('{store}/store.json')",
    "SELECT * FROM sniff_csv('{there}/secret.csv')",
    "SELECT * FROM glob('{there}/*')",
    "SELECT * FROM read_csv('https://127.0.0.1:9/x.csv')",
    "SELECT * FROM query('SELECT * FROM read_text(''{there}/secret.csv'')')",
    "SELECT count(*) FROM runs, read_text('{there}/secret.csv')",
    "EXPLAIN ANALYZE COPY runs TO '{there}/new.csv'",
    "EXPLAIN ANALYZE CREATE TABLE mine AS SELECT 1",
    "COPY runs TO '{there}/new.csv'",
    "COPY (SELECT 1) TO '{there}/new.csv'",
    "EXPORT DATABASE '{there}/new'",
    "IMPORT DATABASE '{there}/new'",
    "ATTACH '{there}/new.db'",
    "ATTACH ':memory:' AS other",
    "DETACH memory",
    "USE memory",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '{there}/secret.csv'",
    "SET threads = 1",
    "SET enable_external_access = true",
    "RESET lock_configuration",
    "PRAGMA enable_profiling",
    "PRAGMA threads = 1",
    "CALL enable_logging()",
    "SELECT * FROM enable_logging(storage := 'file', storage_path := '{there}/new')",
    "SELECT * FROM enable_profiling(save_location := '{there}/new.json')",
    "CREATE TABLE mine AS SELECT 1",
    "CREATE VIEW mine AS SELECT 1",
    "CREATE MACRO mine() AS 1",
    "CREATE SECRET (TYPE s3)",
    "CREATE OR REPLACE VIEW runs AS SELECT 1",
    "DROP VIEW runs",
    "INSERT INTO runs VALUES (1)",
    "UPDATE runs SET id = 'a'",
    "DELETE FROM runs",
    "ALTER TABLE runs RENAME TO mine",
    "SELECT getenv('HOME')",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM duckdb_settings()",
    "SUMMARIZE SELECT * FROM duckdb_settings()",
    "SELECT 1 WHERE EXISTS (FROM duckdb_settings())",
    "SELECT * FROM query('SELECT * FROM runs')",
    "SELECT * FROM query_table('runs')",
    "SELECT * FROM which_secret('x', 's3')",
    "PRAGMA database_list",
    "PRAGMA version",
    "EXPLAIN SELECT * FROM duckdb_settings()",
    "EXPLAIN ANALYZE EXPLAIN COPY runs TO '{there}/new.csv'",
    "/* explain */ EXPLAIN ANALYZE CREATE TABLE mine AS SELECT 1",
    "PREPARE mine AS SELECT 1",
    "EXECUTE mine",
    "BEGIN",
    "COMMIT",
    "CHECKPOINT",
    "VACUUM",
    "SELECT 1; SELECT 2",
    "SELECT 1; COPY runs TO '{there}/new.csv'",
    "",
    ";",
    "/* nothing */",
    "SELEC",
    "SELECT * FROM store",
    "SELECT * FROM self",
    "SELECT * FROM connection",
    "SELECT feer FROM runs",
    "\x00",
]


@pytest.mark.parametrize("sql", REFUSED)
def test_whatever_else_is_asked_is_refused_in_one_line(store, elsewhere, capsys, sql):
    before = {each: each.stat().st_mtime_ns for each in store.path.rglob("*")}
    sql = sql.format(there=elsewhere, store=store.path)
    code = run_command(["store", "query", str(store.path), sql])
    out, err = capsys.readouterr()
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("citysafety: query: ")
    assert "xyzzy" not in err
    assert [each.name for each in elsewhere.iterdir()] == ["secret.csv"]
    assert {each: each.stat().st_mtime_ns for each in store.path.rglob("*")} == before


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("SELECT * FROM rums", r"there is no view 'rums'; did you mean runs\?"),
        ("SELECT * FROM nothing_like_it", "there is no view 'nothing_like_it'; known: runs, places, city, log"),
        ("SELECT feer FROM runs", '"fear"'),
        ("SELECT nosuch(1) FROM runs", "nosuch does not exist"),
        ("SELECT * FROM '/etc/hostname'", "there is no view '/etc/hostname'"),
        ("SELECT 1; SELECT 2", "this is 2 statements; give one"),
        ("DROP VIEW runs", "a statement of the kind DROP is not allowed; ask with SELECT"),
        ("SELECT * FROM range(10000000000)", "the answer is larger than 1 000 000 rows and 1 GB"),
    ],
)
def test_what_is_wrong_names_what_exists(store, sql, says):
    with pytest.raises(InputError, match=says):
        ask(store, sql)


def test_an_endless_question_ends_by_itself(store):
    began = time.monotonic()
    with pytest.raises(InputError, match=r"query: stopped after 0.5 s without an answer; .* --timeout SECONDS"):
        ask(store, "SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b", timeout=0.5)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("given", ["0", "-1", "a", "nan", "inf", "1.5", "86401"])
def test_a_time_that_cannot_be_is_refused(store, capsys, given):
    assert run_command(["store", "query", str(store.path), "SELECT 1", "--timeout", given]) == 2
    assert "give a whole number from 1 to 86400, such as --timeout 60" in capsys.readouterr().err


def test_ctrl_c_stops_an_endless_question_at_once(store, capsys, answers_to_interrupts):
    struck = []

    def strike():
        struck.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    ask(store, "SELECT 1")
    timer = threading.Timer(1.0, strike)
    timer.start()
    sql = "SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b"
    assert run_command(["store", "query", str(store.path), sql]) == 130
    assert time.monotonic() - struck[0] < 2
    out, err = capsys.readouterr()
    assert (out, err) == ("", "citysafety: stopped; nothing was written\n")
    assert not at_work()


def test_an_answer_of_every_kind_is_printed(store, capsys):
    assert run_command(["store", "query", str(store.path), EVERY_KIND]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 7


def test_nothing_that_acts_on_a_terminal_is_printed(store, capsys):
    sql = "SELECT chr(27) || '[31mred' AS \"a\x1b[2J\", chr(10) || chr(7) || chr(8238) AS b, parameters FROM runs LIMIT 1"
    assert run_command(["store", "query", str(store.path), sql]) == 0
    assert run_command(["store", "query", str(store.path), sql, "--json"]) == 0
    out = capsys.readouterr().out
    assert all(each.isprintable() or each == "\n" for each in out)
    assert "\\x1b[31mred" in out


def test_a_long_cell_is_shortened_in_a_table_and_whole_in_json(store, capsys):
    sql = "SELECT repeat('ab', 5000) AS long, 1 AS short"
    assert run_command(["store", "query", str(store.path), sql]) == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) < 80
    assert "baba..." in out
    assert run_command(["store", "query", str(store.path), sql, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [{"long": "ab" * 5000, "short": 1}]
