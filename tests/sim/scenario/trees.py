"""A scenario file as a tree, changed at one place; and the one line it is refused with."""

import copy
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from sim.files import read_mapping
from sim.scenario import InputError

SCENARIOS = Path(str(files("scenarios")))
SANDBOX = read_mapping(SCENARIOS / "cities" / "sandbox.yaml", "sandbox.yaml")
SANDBOX.pop("schema")  # what is checked besides: tests/sim/test_renamed.py


def sandbox_with(change):
    """The sandbox as a tree, after a change."""
    tree = copy.deepcopy(SANDBOX)
    change(tree)
    return tree


def at(path, value):
    """A change that puts a value at a path such as 'neighbourhoods.3.poverty'."""

    def change(tree):
        *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        for step in way:
            tree = tree[step]
        if value is Ellipsis:
            del tree[last]
        elif isinstance(tree, list) and last == len(tree):
            tree.append(value)
        else:
            tree[last] = value

    return change


def refusal(load, tree, folder):
    """The one line that a file with this tree is refused with, without the name of the file."""
    file = folder / "my.yaml"
    file.write_text(tree if isinstance(tree, str) else yaml.safe_dump(tree, sort_keys=False), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(file)
    message = str(caught.value)
    assert message.startswith(f"{file}: ")
    assert message.isprintable()
    return message.removeprefix(f"{file}: ")


def policy_with(*uses):
    return {"name": "mine", "title": "Mine", "about": "A test.", "measures": list(uses)}
