"""Nothing in a store rots, is cut, swapped or lost unseen; loss is told as loss, and the same study heals it."""

import random
import shutil

import pytest
from crashing import contents
from rotting import faults_of, files_of, flip, jobs_of, of_version_0_1_0, of_version_0_2_0, tiny_store

from experiments.commands.cli import run_command
from experiments.execution.execution import Execution
from experiments.store.logs import log_files, read_log
from experiments.store.maintenance import compact
from experiments.store.parts import ran, recorder
from experiments.store.plans import load_plan, save_plan
from experiments.store.query import ask
from experiments.store.repair import repair
from experiments.store.run_id import part_hash
from experiments.store.seals import DamagedError, read_lines, seal, seal_holds, sealed_line
from experiments.store.shards import encode
from experiments.store.soundness import check, leavings, look_at
from experiments.store.store import Keep, Store, existing
from experiments.store.sweep import horizon_means, sweep
from sim.errors import InputError

FLIPS = 60
DATA = ("runs", "city", "places")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return tiny_store(tmp_path_factory.mktemp("whole") / "store")


@pytest.fixture
def path(whole, tmp_path):
    """A store of one's own."""
    return shutil.copytree(whole, tmp_path / "store")


@pytest.fixture
def say(capsys):
    """Run a command; return its code and all that it printed."""

    def run(*arguments):
        code = run_command([str(each) for each in arguments])
        out, err = capsys.readouterr()
        return code, out + err

    return run


def a_shard(path, place=0):
    return Store.open(path).committed()[place]


# Rot ------------------------------------------------------------------------------------------------------------------


def test_no_bit_that_turns_over_is_unseen(path):
    luck = random.Random(11)
    assert faults_of(path) == []
    files = files_of(path)
    assert {each.parent.name for each in files} == {*DATA, "commits", "log", "parts", "plan", "store"}
    for number in range(FLIPS):
        file = files[number % len(files)]
        before = file.read_bytes()
        flip(file, luck.randrange(8 * len(before)))
        (fault,) = faults_of(path)
        assert str(file.stem) in fault
        if file.parent.name in DATA:
            with pytest.raises(DamagedError):
                existing(path).read(file.parent.name, ["id"])
            if number < len(files):
                with pytest.raises(DamagedError):
                    ask(existing(path), f"SELECT count(*) FROM {file.parent.name}")
        elif file.parent.name == "plan":
            with pytest.raises(InputError, match="make it again with --dry-run"):
                load_plan(existing(path), "study")
        file.write_bytes(before)
    assert faults_of(path) == []


def test_the_ends_of_a_log_are_watched_too(path):
    (log, _) = log_files(Store.open(path))
    size = 8 * len(log.read_bytes())
    for bit in range(size - 8 * 24, size, 3):
        flip(log, bit)
        assert len(read_log(Store.open(path), log).damaged) >= 1, bit
        flip(log, bit)


@pytest.mark.parametrize("folder", [*DATA, "plan"])
@pytest.mark.parametrize("way", ["cut", "emptied", "longer", "replaced", "swapped"])
def test_a_file_that_is_cut_replaced_or_swapped_is_seen(path, folder, way):
    files = sorted((path / folder).iterdir())
    content = files[0].read_bytes()
    if way == "swapped":
        other = files[-1] if len(files) > 1 else files[0].with_name("another.parquet")
        other.write_bytes(content)
    else:
        ways = {"cut": content[:-100], "emptied": b"", "longer": content + b"\n"}
        replaced = encode(Store.open(path).read("runs", ["id"])) if way == "replaced" else b""
        files[0].write_bytes(ways.get(way, replaced))
    assert faults_of(path) != []


def test_logs_that_change_places_or_lose_a_line_are_seen(path):
    one, other = log_files(Store.open(path))
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    assert len(faults_of(path)) == 2
    one.write_bytes(first.split(b"\n", 1)[1])
    other.write_bytes(second)
    (fault,) = faults_of(path)
    assert "1 line is damaged (the first: line 1)" in fault


def test_a_line_that_a_crash_cut_short_is_no_damage(path):
    (log, _) = log_files(Store.open(path))
    log.write_bytes(log.read_bytes() + b'{"event": "sto')
    assert faults_of(path) == []
    assert len(ask(existing(path), "SELECT * FROM log")) == 12


def test_a_hash_is_of_all_other_bytes():
    sealed = seal(b"a" + b"0" * 32 + b"b")
    said = sealed[1:33].decode()
    assert seal_holds([sealed], said)
    assert not seal_holds([sealed + b"c"], said)
    assert not seal_holds([sealed], "a")
    with pytest.raises(ValueError, match="one place"):
        seal(b"")
    line, found = sealed_line({"ids": ["a"]}, "session")
    assert read_lines(line, "session", must_be_sealed=True).said == [{"ids": ["a"]}]
    assert read_lines(line, "other", must_be_sealed=True).damaged == [1]
    assert found in line.decode()


# Loss -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", [["runs"], ["city"], ["places"], ["runs", "city"], ["runs", "commits"], [*DATA, "commits"]])
def test_a_lost_shard_is_told_as_loss_and_nothing_of_it_is_removed(path, say, lost):
    name = a_shard(path)
    for folder in lost:
        Store.open(path).shard(folder, name).unlink()
    code, said = say("store", "check", path)
    assert code == 1
    assert "3 runs are lost" in said or "3 of the runs that the log says were stored are lost" in said
    assert "left behind by a crash" not in said
    before = contents(path)
    code, said = say("store", "compact", path)
    assert (code, said.count("\n")) == (2, 1)
    assert "lost" in said
    assert contents(path) == before


def test_a_lost_record_is_no_loss(path, say):
    Store.open(path).shard("commits", a_shard(path)).unlink()
    code, said = say("store", "check", path)
    assert code == 0
    assert "whole, but without a record of the hashes (a crash, or a lost file): 1" in said
    assert len(existing(path).done()) == 6
    assert repair(path) != []
    assert look_at(existing(path)).unrecorded == set()
    Store.open(path).shard("commits", a_shard(path)).unlink()
    compact(existing(path))
    assert look_at(existing(path)).unrecorded == set()


@pytest.mark.parametrize(("folder", "way"), [("runs", "lost"), ("places", "rotten")])
def test_the_same_study_heals_what_repair_cleared_away(core, tmp_path, say, folder, way):
    store = Store.open(tmp_path / "store", Keep(monthly=("fear",), places="yearly"))
    jobs = jobs_of(6)
    sweep(jobs[:3], store, Execution(executor="in-process"))
    sweep(jobs[3:], store, Execution(executor="in-process"))
    compact(store)
    before = contents(store.path)
    sweep(jobs_of(2, first=6), store, Execution(executor="in-process"))
    means = horizon_means(jobs, store)
    name = next(each for each in store.committed() if store.kept_record(each).runs == 6)
    file = store.shard(folder, name)
    if way == "lost":
        file.unlink()
    else:
        flip(file, 800)
    if folder == "runs":
        with pytest.raises(DamagedError, match=r"6 runs are lost; citysafety store repair .* the same study runs"):
            sweep(jobs, store, Execution(executor="in-process"))
    code, said = say("store", "repair", store.path)
    assert (code, f"shard {name}: cleared away" in said, "6 runs are lost" in said) == (0, True, True)
    assert check(store) == []
    core.ran.clear()
    assert sweep(jobs, store, Execution(executor="in-process")).ran == 6
    assert sorted(core.ran) == list(range(6))
    assert (horizon_means(jobs, store) == means).all()
    assert check(store) == []
    compact(store)
    assert len(store.done()) == 8
    assert before != contents(store.path)
    assert say("store", "repair", store.path) == (0, "nothing is damaged\n")


def test_a_file_that_is_not_the_stores_is_left_alone(path):
    (path / "runs" / "notes.txt").write_text("mine", "utf-8")
    (path / "city" / "stray.parquet").write_bytes(b"PAR1")
    assert "cannot be read" in faults_of(path)[0]
    with pytest.raises(DamagedError):
        compact(existing(path))
    (path / "city" / "stray.parquet").unlink()
    compact(existing(path))
    assert (path / "runs" / "notes.txt").read_text("utf-8") == "mine"


def test_whole_folders_that_are_gone_are_told(path, say):
    shutil.rmtree(path / "city")
    code, said = say("store", "check", path)
    assert code == 1
    assert said.count("is missing, so 3 runs are lost") == 2
    shutil.rmtree(path / "runs")
    shutil.rmtree(path / "commits")
    assert say("store", "check", path)[0] == 1


# Settings -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["flip", "gone", "empty", "words"])
def test_settings_that_are_lost_are_written_again_from_the_runs(path, say, way):
    settings = path / "store.json"
    before = settings.read_bytes()
    if way == "flip":
        flip(settings, 8 * before.index(b"fear") + 1)
    elif way == "gone":
        settings.unlink()
    else:
        settings.write_bytes(b"" if way == "empty" else b"[" * 100_000)
    for command in (["check", path], ["compact", path], ["query", path, "SELECT 1"]):
        code, said = say("store", *command)
        assert (code, said.count("\n")) == (1 if command[0] == "check" else 2, 1)
        assert "citysafety store repair" in said
    with pytest.raises(DamagedError):
        Store.open(path)
    assert say("store", "repair", path)[0] == 0
    assert settings.read_bytes() == before
    assert faults_of(path) == []


def test_settings_of_an_empty_store_cannot_be_guessed(tmp_path, say):
    store = Store.open(tmp_path / "store")
    (store.path / "store.json").write_bytes(b"{")
    code, said = say("store", "repair", store.path)
    assert (code, said.count("\n")) == (2, 1)
    assert "no whole shard tells what it said" in said


# Stores of version 0.1.0 ----------------------------------------------------------------------------------------------


def test_a_store_without_hashes_is_read_and_says_so(path, say):
    rows = ask(existing(path), "SELECT * FROM city ORDER BY id, month")
    of_version_0_1_0(path)
    code, said = say("store", "check", path)
    assert code == 0
    assert "written by version 0.1.0, without hashes: damage in it may go unseen" in said
    assert ask(existing(path), "SELECT * FROM city ORDER BY id, month").equals(rows)
    assert len(ask(existing(path), "SELECT * FROM log")) == 12


def test_compact_gives_hashes_to_a_store_without(path):
    of_version_0_1_0(path)
    compact(existing(path))
    assert (existing(path).format, faults_of(path)) == (2, [])
    assert len(existing(path).done()) == 6
    for file in files_of(path):
        flip(file, 100)
        assert faults_of(path) != []
        flip(file, 100)


@pytest.mark.parametrize("before", [of_version_0_1_0, of_version_0_2_0])
def test_a_store_of_an_earlier_version_is_read_and_queried_and_never_added_to(core, path, say, before):
    before(path)
    rows = ask(existing(path), "SELECT count(*) AS n, avg(homicide_rate) AS rate FROM runs")
    assert rows["n"].item() == 6
    kept = {file: file.read_bytes() for file in files_of(path)}
    says = r"was written by version 0\.[12]\.0, whose runs have other ids.*name another folder"
    with pytest.raises(InputError, match=says):
        sweep(jobs_of(1, first=9), existing(path), Execution(executor="in-process"))
    with pytest.raises(InputError, match=says):
        save_plan(existing(path), "other", jobs_of(1))
    assert core.ran == []
    assert {file: file.read_bytes() for file in files_of(path)} == kept
    code, said = say("store", "check", path)
    assert code == 0
    assert f"written by version 0.{'1' if before is of_version_0_1_0 else '2'}.0" in said


def test_settings_of_a_store_of_version_0_2_0_are_written_again_as_they_were(path):
    of_version_0_2_0(path)
    settings = path / "store.json"
    before = settings.read_bytes()
    settings.unlink()
    repair(path)
    assert settings.read_bytes() == before


# Parts ----------------------------------------------------------------------------------------------------------------

LOSSES = (None, b"{}", b'{"name":"sandbox"')
"""What becomes of the file of a part: it is gone, is another, is cut short."""


def spoil(path, content):
    path.unlink()
    if content is not None:
        path.write_bytes(content)


@pytest.mark.parametrize("content", LOSSES)
def test_a_store_is_sound_after_a_part_was_lost_and_noted_and_the_same_study_writes_it_again(core, path, say, content):
    lost = path / "parts" / f"{part_hash(jobs_of(1)[0].city)}.json"
    whole = lost.read_bytes()
    spoil(lost, content)
    (fault,) = faults_of(path)
    assert lost.name in fault
    assert "the runs are whole" in fault
    assert "noted as lost; the runs with it are whole" in say("store", "repair", path)[1]
    assert (faults_of(path), len(existing(path).done())) == ([], 6)
    assert "noted as lost: 1" in say("store", "check", path)[1]
    assert say("store", "repair", path)[1] == "nothing is damaged\n"
    row = ask(existing(path), "SELECT * FROM runs LIMIT 1").to_dict("records")[0]
    with pytest.raises(DamagedError, match=r"cannot be read.*; the next study that asks for a run with it writes it again"):
        ran(path, row)
    assert sweep(jobs_of(6), existing(path), Execution(executor="in-process")).ran == 0
    assert core.ran == []
    assert lost.read_bytes() == whole
    assert ran(path, row) in jobs_of(6)
    assert "noted as lost" not in say("store", "check", path)[1]
    assert {each.suffix for each in lost.parent.iterdir()} == {".json"}


@pytest.mark.parametrize("content", LOSSES)
def test_the_part_of_todays_outcomes_is_known_without_its_file_and_written_again_by_repair(core, path, content):
    lost = path / "parts" / f"{recorder()[0]}.json"
    whole = lost.read_bytes()
    spoil(lost, content)
    assert len(faults_of(path)) == 1
    assert sweep(jobs_of(6), existing(path), Execution(executor="in-process")).ran == 0
    assert core.ran == []
    (says,) = repair(path)
    assert says == f"{lost}: written again"
    assert (lost.read_bytes(), faults_of(path)) == (whole, [])


def test_a_damaged_part_is_written_whole_by_the_next_run_with_it(core, path):
    parts = sorted((path / "parts").iterdir())
    before = [part.read_bytes() for part in parts]
    for part in parts:
        flip(part, 100)
    sweep(jobs_of(1, first=9), existing(path), Execution(executor="in-process"))
    assert [part.read_bytes() for part in parts] == before
    assert faults_of(path) == []


def test_a_damaged_part_that_no_run_needs_is_cleared_away(path):
    other = path / "parts" / f"{'0' * 32}.json"
    other.write_bytes(b"{}")
    assert len(faults_of(path)) == 1
    assert repair(path) == [f"{other}: cleared away; no run needs it"]
    assert faults_of(path) == []
    assert {each.suffix for each in other.parent.iterdir()} == {".json"}


@pytest.mark.parametrize("folder", DATA)
def test_loss_in_a_store_without_hashes_is_told_by_its_log(path, folder):
    of_version_0_1_0(path)
    store = existing(path)
    store.shard(folder, a_shard(path)).unlink()
    assert "lost" in faults_of(path)[0]
    assert leavings(store) == []
    with pytest.raises(DamagedError):
        compact(store)
    repair(path)
    assert faults_of(path) == []
    assert len(existing(path).done()) == 3


def test_rot_in_a_store_without_hashes_ends_in_no_traceback(path):
    of_version_0_1_0(path)
    luck = random.Random(3)
    files = [each for each in files_of(path) if each.parent.name in DATA]
    for number in range(15):
        file = files[number % len(files)]
        before = file.read_bytes()
        flip(file, luck.randrange(8 * len(before)))
        assert all("\n" not in fault for fault in faults_of(path))
        file.write_bytes(before)
