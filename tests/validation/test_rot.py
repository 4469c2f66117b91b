"""A thousand bits that turn over, anywhere in a store: none unseen by `store check`, and no command ends in a traceback."""

import random
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from rotting import KEEP, faults_of, files_of, fill, flip, jobs_of, tiny_store

from experiments.commands.cli import run_command
from experiments.execution.execution import Execution
from experiments.execution.executors import begin
from experiments.store.maintenance import merge
from experiments.store.query import ask
from experiments.store.repair import repair
from experiments.store.run_id import run_ids
from experiments.store.store import Store, existing
from experiments.store.sweep import sweep
from sim.errors import InputError

pytestmark = pytest.mark.validate

FLIPS = 1_000
EACH = 10
"""Every how many flips the other commands are tried too."""


def test_a_thousand_bits_that_turn_over_are_all_seen(tmp_path, capsys):
    path = tiny_store(tmp_path / "store")
    files = files_of(path)
    luck = random.Random(1)
    struck = dict.fromkeys(sorted({file.parent.name for file in files}), 0)
    for number in range(FLIPS):
        file = luck.choice(files)
        before = file.read_bytes()
        flip(file, luck.randrange(8 * len(before)))
        struck[file.parent.name] += 1
        assert len(faults_of(path)) == 1, file
        if number % EACH == 0:
            assert run_command(["store", "check", str(path)]) == 1
            kept = {each: each.read_bytes() for each in files}
            commands = [["store", "compact", path], ["store", "query", path, "SELECT count(*) FROM runs, city, places, log"]]
            for command in commands:
                assert run_command([str(each) for each in command]) in (0, 2)
            assert run_command(["worker", "--store", str(path), "--quiet"]) in (0, 2)
            with suppress(InputError):
                sweep(jobs_of(6), existing(path), Execution(executor="in-process"))
            assert {each: each.read_bytes() for each in files} == kept
        file.write_bytes(before)
        capsys.readouterr()
    print(struck)
    assert faults_of(path) == []
    assert min(struck.values()) > 30


def test_several_files_that_rot_at_once_are_healed_by_repair_and_the_same_runs(tmp_path):
    luck = random.Random(2)
    for number in range(40):
        path = tiny_store(tmp_path / f"store-{number}")
        parts = sorted((path / "parts").iterdir())
        files = luck.sample([file for file in files_of(path) if file.name != "store.json"], 4)
        for file in files:
            flip(file, luck.randrange(8 * file.stat().st_size))
        assert faults_of(path) != []
        repair(path)
        assert faults_of(path) == []
        lost = [job for job in jobs_of(6) if run_ids(job)[0] not in existing(path).done()]
        if lost:
            fill(existing(path), lost)
        assert (faults_of(path), len(existing(path).done())) == ([], 6)
        # What was noted as lost is written again by the same study, which runs nothing for it.
        assert sweep(jobs_of(6), existing(path), Execution(executor="in-process")).ran == 0
        assert sorted((path / "parts").iterdir()) == parts
        assert faults_of(path) == []


def squares(batch, tell):
    return [number * number for number in batch]


def test_a_scheduler_with_certificates_is_used_and_one_without_is_refused(tmp_path):
    distributed = pytest.importorskip("distributed")
    import dask

    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    try:
        subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    pair = {"cert": str(certificate), "key": str(key)}
    own = {f"tls_{who}_{what}": path for who in ("scheduler", "worker", "client") for what, path in pair.items()}
    security = distributed.Security(tls_ca_file=str(certificate), require_encryption=True, **own)
    wishes = {"n_workers": 1, "threads_per_worker": 1, "processes": False, "dashboard_address": None}
    with distributed.LocalCluster(protocol="tls", security=security, **wishes) as cluster:
        with pytest.raises(InputError, match="tls:// needs certificates"):
            begin("dask", squares, scheduler=cluster.scheduler_address)
        settings = {"ca-file": str(certificate), "client.cert": str(certificate), "client.key": str(key)}
        with dask.config.set({f"distributed.comm.tls.{name}": value for name, value in settings.items()}):
            used = begin("dask", squares, scheduler=cluster.scheduler_address)
            assert used.slots() == 1
            used.submit(0, [2, 3])
            until = 200
            while until and not (found := used.wait(0.1, lambda: True)):
                until -= 1
            assert found[0].value == [4, 9]
            used.close()


def test_who_looks_while_others_write_and_merge_sees_no_fault_and_no_run_twice(tmp_path):
    path = tmp_path / "store"
    Store.open(path, KEEP)

    def write(number):
        store = Store.open(path)
        small = []
        for place in range(60):
            small.append(fill(store, jobs_of(2, first=1_000 * number + 2 * place)))
            if len(small) == 4:
                merge(store, small)
                small.clear()

    before = 0
    with ThreadPoolExecutor(2) as pool:
        writers = [pool.submit(write, number) for number in range(2)]
        while not all(writer.done() for writer in writers):
            assert faults_of(path) == []
            now = len(existing(path).statuses())
            (found,) = ask(existing(path), "SELECT count(*) AS rows, count(DISTINCT id) AS runs FROM runs").to_dict(
                "records"
            )
            assert before <= now <= found["rows"] == found["runs"]
            before = now
        assert [writer.result() for writer in writers] == [None, None]
    assert (len(existing(path).done()), faults_of(path)) == (240, [])
