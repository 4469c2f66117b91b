"""A cache folder for each test, and a file that was compiled once for all."""

import pytest
from caching import double, only_file, started

from sim import cache
from sim.compiled import cache_folders


@pytest.fixture(autouse=True)
def own(monkeypatch, tmp_path):
    """A cache folder of one's own, and one for temporary files."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("CITYSAFETY_CACHE", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture(scope="module")
def compiled_once(tmp_path_factory):
    """The file of `double`, compiled once for all tests: its name and its bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CITYSAFETY_CACHE", str(tmp_path_factory.mktemp("cache")))
        assert started(double) == "compiled"
        path = only_file(cache_folders()[0])
        return path.name, path.read_bytes()


@pytest.fixture
def stored(compiled_once):
    """That file, in the cache folder of this test."""
    name, content = compiled_once
    folder = cache_folders()[0]
    folder.mkdir(parents=True)
    (folder / cache.MARKER).write_text(cache.MARK, "utf-8")
    (folder / name).write_bytes(content)
    (folder / name).chmod(0o644)
    return folder / name
