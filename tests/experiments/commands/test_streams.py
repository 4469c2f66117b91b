"""What is printed arrives in every encoding; what cannot arrive is told in one line, and nothing else is lost with it."""

import io
import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.commands import cli, streams
from experiments.commands.streams import _Outlet, _replace

ENCODINGS = ["ascii", "cp1252", "latin-1", "koi8-r", "utf-8", "utf-16"]
TEXT = "São Paulo: −3.2 ± 1 000 – “half” × ½ … 日本 😀 \udcff"
SAID = "import sys; from experiments.commands import cli; cli.command = lambda: lambda *given, **more: {}; cli.main()"
SMALL = ["compare", "sandbox", "--policy", "truce", "--months", "1", "--replications", "2", "--scale", "0.02", "--quiet"]


def started(*arguments, says=None, shell="", **environment):
    """Run the command in a process of its own; `says` stands in for what it does, `shell` for where its streams go."""
    code = ["-m", "experiments.commands.cli"] if says is None else ["-c", SAID.format(says)]
    command = [sys.executable, *code, *arguments]
    if shell:
        command = ["sh", "-c", f'exec "$@" {shell}', "sh", *command]
    return subprocess.run(command, capture_output=True, check=False, env=os.environ | environment)


def written(text, encoding):
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding=encoding, errors="citysafety") as stream:
        stream.write(text)
        stream.flush()
        return raw.getvalue().decode(encoding)


@pytest.fixture(scope="module", autouse=True)
def handler():
    streams.codecs.register_error("citysafety", _replace)


# Every text in every encoding


@given(text=st.text(st.characters(exclude_categories=[])), encoding=st.sampled_from(ENCODINGS))
def test_every_text_can_be_written_in_every_encoding(text, encoding):
    plain = written(text, encoding)
    assert "\0" not in plain or "\0" in text or encoding == "utf-16"
    if encoding.startswith("utf") and text.isprintable():
        assert plain == text


def test_what_an_encoding_has_stays_as_it_is_and_the_rest_is_likened():
    assert written("São −3.2 ± 1\u202f000", "latin-1") == "São -3.2 ± 1 000"
    assert written("São −3.2 ± 1\u202f000 × ½ … “x” Łódź", "ascii") == "Sao -3.2 +- 1 000 x 1/2 ... 'x' Lodz"
    assert written("日 😀", "ascii") == "\\u65e5 \\U0001f600"
    assert written("\udcff", "utf-8") == "\\udcff"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_command_prints_in_any_encoding(encoding):
    done = started(says=f"print({TEXT!a})", PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Paulo: " in done.stdout.decode(encoding)
    assert done.stdout.decode(encoding).endswith("\\udcff\n")


def test_the_locale_of_a_bare_machine_will_do():
    done = started(says=f"print({TEXT!a})", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", PYTHONIOENCODING="")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"Sao Paulo: -3.2 +- 1")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_what_is_wrong_is_said_in_any_encoding(encoding):
    done = started("run", "Tijuana−😀", PYTHONIOENCODING=encoding)
    assert done.returncode == 2
    assert len(done.stderr.decode(encoding).splitlines()) == 1


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_json_is_json_in_any_encoding(encoding, monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding, errors="citysafety"))
    streams.print_json({"text": TEXT})
    sys.stdout.flush()
    found = json.loads(raw.getvalue().decode(encoding))
    # Half of a pair of Unicode has no bytes of its own in it.
    assert found == {"text": TEXT}


@pytest.mark.parametrize("encoding", ["ascii", "utf-16"])
def test_lists_come_whole_in_any_encoding(encoding):
    done = started("list", "cities", "--json", PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(json.loads(done.stdout.decode(encoding))) > 10


def test_help_comes_whole_in_any_encoding():
    done = started("compare", "--help", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "--policy" in done.stdout.decode("ascii")


# Output that is lost


@pytest.mark.parametrize(
    ("shell", "unbuffered", "why"),
    [
        (">/dev/full", "", "no space left on device"),
        (">/dev/full", "1", "no space left on device"),
        (">&- <&-", "", "it is closed"),
        (">&-", "1", "it is closed"),
    ],
)
def test_output_that_is_lost_is_told_in_one_line(shell, unbuffered, why):
    done = started("list", "cities", shell=shell, PYTHONUNBUFFERED=unbuffered)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode() == f"citysafety: the output could not be written: {why}\n"


@pytest.mark.parametrize("shell", ["2>/dev/full", "<&- 2>&-"])
def test_nothing_that_is_asked_for_needs_the_other_streams(shell):
    done = started("list", "cities", shell=shell)
    assert (done.returncode, done.stdout.count(b"\n") > 10) == (0, True)
    assert started("run", "nowhere", shell=shell).returncode == 2


def test_no_output_at_all_is_no_loss():
    assert started(says="0", shell=">&-").returncode == 0


def test_whoever_reads_only_the_first_line_is_not_told_off():
    done = subprocess.run(
        ["bash", "-c", '"$@" | head -1; exit ${PIPESTATUS[0]}', "bash", sys.executable, "-c",
         SAID.format("[print('x' * 1000) for _ in range(10_000)]")],
        capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (141, b"x" * 1000 + b"\n", b"")


def test_a_comparison_is_printed_where_there_is_no_minus_sign(tmp_path):
    printed = tmp_path / "said.txt"
    done = started(*SMALL, shell=f">{printed}", PYTHONIOENCODING="cp1252")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Homicide rate" in printed.read_text("cp1252")


def test_a_home_that_cannot_be_written_adds_no_lines_of_matplotlib():
    says = "print(__import__('matplotlib').get_cachedir())"
    done = started(says=says, HOME="/dev/null/home", XDG_CACHE_HOME="", XDG_CONFIG_HOME="", MPLCONFIGDIR="/dev/null/here")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.strip()


def test_files_opened_later_do_not_get_the_number_of_a_closed_stream(tmp_path):
    path = tmp_path / "result"
    says = f"(open({str(path)!r}, 'w').write('kept'), print('lost'))"
    assert started(says=says, shell=">&-").returncode == 1
    assert path.read_text("utf-8") == "kept"


def test_a_stream_that_takes_little_at_a_time_gets_everything():
    class Slow:
        taken = b""
        turns = 0

        def write(self, data):
            self.turns += 1
            if self.turns % 2:
                return None
            self.taken += bytes(data[:3])
            return min(3, len(data))

    slow = Slow()
    assert _Outlet(slow).write(b"0123456789") == 10
    assert slow.taken == b"0123456789"


# What ends early


def test_the_end_of_a_damaged_file_is_not_taken_for_ctrl_c(monkeypatch, capsys):
    def damaged():
        raise EOFError("Ran out of input")

    app = cli.typer.Typer()
    app.command()(damaged)
    monkeypatch.setattr(cli, "command", lambda: app)
    with pytest.raises(EOFError):
        cli.run_command([])
    assert "stopped" not in capsys.readouterr().err
