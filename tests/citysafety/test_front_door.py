"""`import citysafety` gives the public interface, quickly, and its own packages: nobody else's of the same names."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import citysafety
from citysafety import own_packages

ROOT = Path(__file__).parents[2]
SCRIPT = """
if __name__ == "__main__":
    # Imported here and not above: a worker process that runs this script once more does not come by this line.
    import sys
    import citysafety as cs
    small = {"months": 12, "replications": 4, "scale": 0.02}
    ways = [cs.Execution(executor=executor, workers=1) for executor in sys.argv[1:]]
    found = [cs.compare("sandbox", ["all_four"], execution=way, **small) for way in ways]
    print(*{each.city_monthly.tobytes().hex()[-40:] for each in found}, sys.modules["sim"].__path__[0])
"""


@pytest.fixture
def beside_others(tmp_path):
    """A folder in which `sim` and `experiments` are somebody else's packages."""
    for name in ("sim", "experiments"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(
            f"raise RuntimeError('{name} of {tmp_path.name} was imported')", "utf-8"
        )
    return tmp_path


def python(*arguments, cwd, interpreter=sys.executable, **options):
    return subprocess.run([interpreter, *arguments], capture_output=True, text=True, check=False, cwd=cwd, **options)


# Whose packages


def test_a_script_beside_packages_of_the_same_names_gets_ours_in_threads_and_in_processes(beside_others):
    (beside_others / "script.py").write_text(SCRIPT, "utf-8")
    done = python("script.py", "threads", "processes", cwd=beside_others)
    assert done.returncode == 0, done.stderr
    (_, folder) = done.stdout.split()  # one result for both
    assert Path(folder) == ROOT / "sim"


def test_the_module_is_the_command_beside_packages_of_the_same_names(beside_others):
    done = python("-m", "citysafety", "list", "cities", cwd=beside_others)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("bogota ")


@pytest.mark.parametrize("name", own_packages.PACKAGES)
def test_a_package_of_the_same_name_that_was_there_first_is_told_in_one_line(tmp_path, name):
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text("", "utf-8")
    done = python("-c", f"import {name}, citysafety", cwd=tmp_path)
    said = done.stderr.splitlines()[-1]
    assert done.returncode == 1
    assert said.startswith(f"ImportError: citysafety has a package called {name}, and another one was imported before (")
    assert str(tmp_path / name) in said
    assert said.endswith("import citysafety first, or rename the other")


def test_a_folder_without_code_that_was_imported_first_is_told_too(tmp_path):
    (tmp_path / "sim").mkdir()
    code = "import sys; hidden = sys.path[1:]; sys.path[1:] = []; import sim; sys.path[1:] = hidden; import citysafety"
    done = python("-c", code, cwd=tmp_path)
    assert f"another one was imported before ({tmp_path / 'sim'})" in done.stderr


def test_a_package_that_cannot_be_loaded_leaves_nothing_behind(tmp_path, monkeypatch):
    for name in own_packages.PACKAGES:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise ValueError('damaged')", "utf-8")
    monkeypatch.setattr(own_packages, "HOME", tmp_path)
    kept = {name: module for name, module in sys.modules.items() if name.partition(".")[0] not in own_packages.PACKAGES}
    monkeypatch.setattr(sys, "modules", kept)
    with pytest.raises(ValueError, match="damaged"):
        own_packages.load_own_packages()
    assert not set(own_packages.PACKAGES) & set(sys.modules)


@pytest.mark.validate
def test_the_wheel_works_in_a_fresh_environment_beside_packages_of_the_same_names(beside_others, tmp_path_factory):
    """Dependencies are those of this environment; citysafety itself is what the wheel holds. About two minutes."""
    folder = tmp_path_factory.mktemp("wheel")
    built = python("-m", "pip", "wheel", "--no-deps", "--quiet", "--wheel-dir", folder, ROOT, cwd=folder)
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("citysafety-*.whl")
    assert python("-m", "venv", "--without-pip", folder / "fresh", cwd=folder).returncode == 0
    (packages,) = (folder / "fresh" / "lib").glob("python3*/site-packages")
    assert python("-m", "zipfile", "-e", wheel, packages, cwd=folder).returncode == 0
    # Another folder of packages, as `.pth` files name them: the editable install in it is not followed.
    (packages / "dependencies.pth").write_text(str(Path(pytest.__file__).parents[1]), "utf-8")
    assert all((packages / name / "py.typed").is_file() for name in (*own_packages.PACKAGES, "citysafety"))
    (beside_others / "script.py").write_text(SCRIPT, "utf-8")
    here = {"cwd": beside_others, "interpreter": folder / "fresh" / "bin" / "python", "env": {"HOME": str(folder)}}
    done = python("script.py", "threads", "processes", "dask", **here)
    assert done.returncode == 0, done.stderr
    (_, loaded) = done.stdout.split()
    assert Path(loaded) == packages / "sim"
    assert python("-m", "citysafety", "doctor", **here).returncode == 0


# The interface


def test_every_public_name_is_there_and_told_to_type_checkers():
    assert all(getattr(citysafety, name) is not None for name in citysafety.__all__)
    assert set(citysafety.__all__) <= set(dir(citysafety))
    tree = ast.parse(Path(citysafety.__file__).read_text("utf-8"))
    (typed,) = (node for node in tree.body if isinstance(node, ast.If))
    told = {each.name: line.module for line in typed.body for each in line.names}
    assert told == {name: module for module, names in citysafety._HOLDS.items() for name in names}
    assert set(told) == set(citysafety.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        citysafety.nothing  # noqa: B018


def test_importing_it_loads_nothing_heavy():
    heavy = "{'mesa', 'numba', 'numpy', 'pandas', 'matplotlib', 'pydantic', 'yaml'}"
    code = f"import sys, citysafety; dir(citysafety); print(*sorted({heavy} & set(sys.modules)))"
    done = python("-c", code, cwd=ROOT)
    assert (done.returncode, done.stdout.split()) == (0, [])


def test_the_help_loads_nothing_heavy():
    code = "import sys; from citysafety.__main__ import main; sys.argv[1:] = ['--help']; main()"
    heavy = "{'mesa', 'numba', 'numpy', 'pandas', 'matplotlib', 'pydantic', 'yaml', 'rich'}"
    ending = f"import atexit, sys; atexit.register(lambda: print(*sorted({heavy} & set(sys.modules)), file=sys.stderr))"
    done = python("-c", f"{ending}; {code}", cwd=ROOT)
    assert done.returncode == 0
    assert "tradeoffs" in done.stdout
    assert done.stderr.split() == []


def test_the_command_that_is_installed_is_the_module():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["scripts"] == {"citysafety": "citysafety.__main__:main"}


def test_every_package_in_the_wheel_says_that_it_is_typed():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert sorted(packages) == sorted([*own_packages.PACKAGES, "citysafety"])
    assert [name for name in packages if not (ROOT / name / "py.typed").is_file()] == []
