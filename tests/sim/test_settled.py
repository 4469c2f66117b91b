"""A settled city that is kept is, byte for byte, the city that would settle again."""

import hashlib
import os

import numba
import numpy as np
import pytest

from sim import settled
from sim.compiled import source_hash
from sim.run import begin_city, run_arms
from sim.scenario import load_city, load_policy
from sim.settled import Settled, settled_name

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is kept")
SMALL = {"seed": 3, "scale": 0.02}


def of_state(part):
    """Return the hash of every array of a city, scratch and all that a month overwrites apart."""
    digest = hashlib.sha256()
    for array in settled._changing(part):
        digest.update(array.tobytes())
    return digest.hexdigest()


@pytest.fixture(autouse=True)
def own(monkeypatch, tmp_path):
    """Folders of one's own, that among the temporary files too, and nothing in memory."""
    monkeypatch.setenv("CITYSAFETY_CACHE", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    monkeypatch.setattr(settled, "_written", 0)
    settled.forget()
    yield tmp_path / "citysafety" / source_hash()
    settled.forget()


def kept_in(folder):
    return sorted(folder.glob("settled-*.city"))


@pytest.mark.parametrize("name", ["sandbox", "san_salvador", "chicago"])
def test_from_memory_and_from_disk_it_is_the_same_city(own, name):
    city = load_city(name)
    fresh, params = begin_city(city, **SMALL)
    wanted = of_state(fresh)
    # Whoever has it may change it: what is kept stays as it was.
    fresh.neighbourhood["fear"] += 1.0
    fresh.youth.gang[:] = -1
    remembered, _ = begin_city(city, **SMALL)
    assert of_state(remembered) == wanted
    settled.forget()
    (file,) = kept_in(own)
    read, again = begin_city(city, **SMALL)
    assert of_state(read) == wanted
    assert kept_in(own) == [file]
    assert all(np.array_equal(a, b) for a, b in zip(params, again, strict=True))
    assert read.outcome_values.base is not None
    assert np.shares_memory(read.outcome_values, read.outcome)
    assert np.shares_memory(read.lever_values, read.levers)


def test_arms_that_start_from_it_have_the_same_bytes(own):
    city = load_city("sandbox")
    policies = [load_policy("baseline"), load_policy("all_four")]
    runs = []
    for _ in range(3):
        runs.append(run_arms(city, policies, months=24, **SMALL))
        if len(runs) == 2:
            settled.forget()
    for results in runs[1:]:
        for one, other in zip(runs[0], results, strict=True):
            assert one.city_monthly.tobytes() == other.city_monthly.tobytes()
            assert one.place_yearly.tobytes() == other.place_yearly.tobytes()
            assert one.events == other.events


def test_its_name_tells_apart_whatever_it_depends_on():
    city = load_city("sandbox")
    _, params = begin_city(city, **SMALL, burn_in=2)
    _, other = begin_city(city, **SMALL, burn_in=2, settings={"homicide.patrol_on_violence": 0.2})
    asked = [
        (city, params, 3, 0.02),
        (city, other, 3, 0.02),
        (load_city("san_salvador"), params, 3, 0.02),
        (city.model_copy(update={"youth_share": 0.31}), params, 3, 0.02),
        (city, params, 4, 0.02),
        (city, params, 3, 0.03),
    ]
    assert len({settled_name(*each) for each in asked}) == len(asked)
    assert settled_name(*asked[0]) == settled_name(*asked[0])


@pytest.mark.parametrize("spoil", ["cut", "flip", "empty", "longer"])
def test_a_file_that_is_not_whole_is_settled_again(own, spoil):
    city = load_city("sandbox")
    wanted = of_state(begin_city(city, **SMALL)[0])
    settled.forget()
    (file,) = kept_in(own)
    whole = file.read_bytes()
    broken = {
        "cut": whole[:-9],
        "flip": whole[:99] + bytes([whole[99] ^ 1]) + whole[100:],
        "empty": b"",
        "longer": whole * 2,
    }
    file.write_bytes(broken[spoil])
    assert of_state(begin_city(city, **SMALL)[0]) == wanted
    assert file.read_bytes() == whole


def test_memory_holds_the_last_used_and_no_more_than_it_may():
    city, _ = begin_city(load_city("sandbox"), **SMALL, burn_in=2)
    size = sum(array.nbytes for array in settled._arrays(city))
    some = Settled(5 * size)
    for number in range(9):
        some.put(f"city {number}", city)
        assert some.get("city 0") is not None
        assert some.bytes <= 5 * size
    kept = [number for number in range(9) if some.get(f"city {number}") is not None]
    assert kept == [0, 5, 6, 7, 8]
    none = Settled(3 * size)
    none.put("too large", city)
    assert (none.get("too large"), none.bytes) == (None, 0)


def test_disk_holds_the_last_used_and_no_more_than_it_may(own):
    city = load_city("sandbox")
    for seed in range(1, 6):
        begin_city(city, seed=seed, scale=0.02)
        settled.forget()
    files = kept_in(own)
    assert len(files) == 5
    for age, file in enumerate(files):
        os.utime(file, (1_000_000 - age, 1_000_000 - age))
    # Reading a city counts as using it: that of seed 1 becomes the last used, wherever it stood.
    begin_city(city, seed=1, scale=0.02)
    last = max(files, key=lambda file: file.stat().st_mtime_ns)
    settled.bound_disk(2 * files[0].stat().st_size)
    assert set(kept_in(own)) == {last, next(file for file in files if file != last)}


def test_a_process_writes_no_more_than_is_kept(own, monkeypatch):
    monkeypatch.setattr(settled, "MOST_BYTES", 1)
    begin_city(load_city("sandbox"), **SMALL)
    assert kept_in(own) == []


def test_where_nothing_can_be_written_cities_settle_as_ever(own, monkeypatch):
    wanted = of_state(begin_city(load_city("sandbox"), **SMALL)[0])
    settled.forget()
    monkeypatch.setenv("CITYSAFETY_CACHE", "/dev/null")
    monkeypatch.setattr("tempfile.tempdir", "/dev/null")
    assert of_state(begin_city(load_city("sandbox"), **SMALL)[0]) == wanted
