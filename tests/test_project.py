"""The project's own files agree with each other, and its set-up finds a fitting Python."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
MADE_HERE = {"build", "dist", "results", "site", "__pycache__"}


def constraint_lines() -> list[str]:
    return (ROOT / "constraints.txt").read_text("utf-8").splitlines()


def text_files() -> Iterator[tuple[Path, str]]:
    """Every text file of the project, without what was made here (environments, caches, results)."""
    folders = [ROOT]
    while folders:
        for path in sorted(folders.pop().iterdir()):
            hidden = path.name.startswith(".") and path.name not in {".ci", ".github", ".gitignore"}
            if hidden or path.name in MADE_HERE or path.suffix == ".egg-info" or (path / "pyvenv.cfg").exists():
                continue
            if path.is_dir():
                folders.append(path)
                continue
            try:
                yield path.relative_to(ROOT), path.read_text("utf-8")
            except UnicodeDecodeError:
                continue


def test_constraints_are_names_and_versions_only():
    assert [line for line in constraint_lines() if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", line)] == []


def test_constraints_name_each_package_once_and_not_the_project():
    names = [canonicalize_name(line.split("==")[0]) for line in constraint_lines()]
    assert len(names) == len(set(names))
    assert PROJECT["name"] not in names


@pytest.mark.parametrize("part", ["core", "dev", "maps"])
def test_constraints_pin_every_declared_dependency_to_a_version_it_allows(part):
    pinned = {canonicalize_name(name): version for name, version in (line.split("==") for line in constraint_lines())}
    declared = PROJECT["dependencies"] if part == "core" else PROJECT["optional-dependencies"][part]
    for requirement in map(Requirement, declared):
        name = canonicalize_name(requirement.name)
        assert name in pinned, f"{requirement} is not in constraints.txt"
        assert pinned[name] in requirement.specifier, f"constraints.txt has {name} {pinned[name]}, not {requirement}"


NAMED_OTHERWISE = {"pyshp": "shapefile"}


@pytest.mark.parametrize("extra", sorted(set(PROJECT["optional-dependencies"]) - {"dev"}))
def test_every_package_of_an_extra_is_used(extra):
    code = "\n".join(path.read_text("utf-8") for part in ("sim", "experiments") for path in (ROOT / part).rglob("*.py"))
    for requirement in map(Requirement, PROJECT["optional-dependencies"][extra]):
        module = NAMED_OTHERWISE.get(requirement.name, requirement.name)
        assert re.search(rf"import {module}\b|from {module}\b|\"{module}\"", code), f"nothing uses {requirement.name}"


def test_every_dependency_has_a_lowest_version_that_can_be_tried():
    extras = ",".join(PROJECT["optional-dependencies"])
    done = subprocess.run(
        [sys.executable, "-I", ROOT / "scripts" / "lowest_versions.py", extras], capture_output=True, text=True, check=True
    )
    pins = [Requirement(line) for line in done.stdout.splitlines()]
    everything = [*PROJECT["dependencies"], *(each for extra in PROJECT["optional-dependencies"].values() for each in extra)]
    for requirement, pin in zip(map(Requirement, everything), pins, strict=True):
        (only,) = pin.specifier
        assert (pin.name, only.operator) == (requirement.name, "==")
        assert only.version in requirement.specifier


def test_a_dependency_without_a_lowest_version_is_refused(tmp_path):
    (tmp_path / "scripts").mkdir()
    script = shutil.copy(ROOT / "scripts" / "lowest_versions.py", tmp_path / "scripts")
    project = '[project]\ndependencies = ["numpy<3"]\noptional-dependencies = {}\n'
    (tmp_path / "pyproject.toml").write_text(project, "utf-8")
    done = subprocess.run([sys.executable, "-I", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "'numpy<3' has no lower bound" in done.stderr


def test_no_file_says_where_packages_come_from():
    # The words are put together here so that this file does not hold them.
    words = ["py" + "pi.org", "python" + "hosted.org", "ana" + "conda.", "index" + "-url", "find" + "-links"]
    found = [f"{path}: {word}" for path, text in text_files() for word in words if word in text.lower()]
    assert found == []


def test_the_version_is_the_same_everywhere():
    changelog = re.search(r"^## \[(\d+\.\d+\.\d+)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert changelog is not None
    assert {PROJECT["version"]} == {changelog[1], citation["version"]}


def test_the_licence_is_the_same_everywhere():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert {PROJECT["license"], citation["license"]} == {"MIT"}
    assert (ROOT / "LICENSE").read_text("utf-8").startswith("MIT License\n")


def test_every_promised_target_exists_and_says_what_it_does():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    described = set(re.findall(r"^([a-z]+):.*##", makefile, re.MULTILINE))
    assert described == {"help", "setup", "demo", "test", "lowest", "newest", "lint", "docs", "validate", "bench", "clean"}
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    assert described <= set(phony[1].split())


def test_continuous_integration_runs_the_tests():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text("utf-8").splitlines()[-1] == "exec make test"


def find_python(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run scripts/find_python.sh with no commands but those in `folder`."""
    shell = shutil.which("sh")
    assert shell is not None
    return subprocess.run(
        [shell, str(ROOT / "scripts" / "find_python.sh"), *arguments],
        env={"PATH": str(folder), "HOME": str(folder), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def command(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
    path.chmod(0o755)
    return path


WORKING = f'exec "{sys.executable}" "$@"'
FAILING = 'echo "shim: no such version" >&2; exit 127'


def test_a_python_that_exists_but_fails_is_passed_over(tmp_path):
    command(tmp_path / "python3.12", FAILING)
    command(tmp_path / "python3", WORKING)
    found = find_python(tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    assert Path(found.stdout.strip()).samefile(sys._base_executable)


@pytest.mark.parametrize("root", [".pyenv", "elsewhere with space"])
def test_versions_of_pyenv_are_found_without_its_shims(tmp_path, root):
    command(tmp_path / root / "versions" / "3.11.7" / "bin" / "python", FAILING)
    command(tmp_path / root / "versions" / "3.12.1" / "bin" / "python", WORKING)
    found = find_python(tmp_path, PYENV_ROOT=str(tmp_path / root))
    assert (found.returncode, found.stderr) == (0, "")


def test_without_a_fitting_python_one_line_says_what_to_do(tmp_path):
    command(tmp_path / "python3", FAILING)
    found = find_python(tmp_path)
    assert (found.returncode, found.stdout) == (1, "")
    assert len(found.stderr.splitlines()) == 1
    assert "make PYTHON=" in found.stderr


def test_a_named_python_is_used_or_refused_but_never_replaced(tmp_path):
    command(tmp_path / "python3.12", WORKING)
    chosen = command(tmp_path / "my python", WORKING)
    assert find_python(tmp_path, str(chosen)).returncode == 0
    refused = find_python(tmp_path, str(command(tmp_path / "old", FAILING)))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert len(refused.stderr.splitlines()) == 1
