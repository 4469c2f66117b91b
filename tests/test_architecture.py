"""The shape of the code holds: what may know what, where luck comes from, one compiled entry, files one can read."""

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import networkx
import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
SIM = sorted((ROOT / "sim").rglob("*.py"))
EXPERIMENTS = sorted((ROOT / "experiments").rglob("*.py"))
PROCESSES = sorted(
    path for path in (ROOT / "sim" / "processes").rglob("*.py") if path.relative_to(ROOT).parts[2:] != ("__init__.py",)
)

LONGEST = 400
LONG = {
    "sim/build.py": "from a city file to a state, a function a table",
    "sim/mechanisms.py": "one table, an entry a mechanism",
    "sim/renamed.py": "one table, a line a name",
    "experiments/commands/catalogue.py": "everything that can be listed and shown, kind by kind",
    "experiments/comparison/findings.py": "what a comparison found, sentence by sentence",
    "experiments/comparison/figures.py": "every figure of a comparison, a function each",
}

# Process files that hold no equation of their own.
WITHOUT_EQUATIONS = {
    "initialise.py": "hands out first lives, which the burn-in then settles",
    "membership.py": "keeps counts true when a youth changes gang or freedom",
}
ROW = re.compile(r"\b[ECI]\d\d\b")
EQUATION = re.compile(r"^ .*\S +[-+*]?= +\S", re.MULTILINE)

MODULES_OF_LUCK = {"random", "secrets", "uuid", "numpy.random"}
WORDS_OF_LUCK = {"random", "rng", "default_rng", "RandomState", "SeedSequence", "shuffle_do", "urandom", "uuid4"}


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def tree_of(path):
    return ast.parse(path.read_text("utf-8"), str(path))


def imports_of(tree):
    """Yield every module that is imported, wherever it stands, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((each.name, node.lineno) for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{each.name}", node.lineno) for each in node.names)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            given = node.args[0] if node.args else None
            if called in ("import_module", "__import__") and isinstance(given, ast.Constant):
                yield str(given.value), node.lineno


def within(module, package):
    return module == package or module.startswith(f"{package}.")


def luck_in(tree):
    """Yield what brings in luck that is not keyed, with its line."""
    for module, line in imports_of(tree):
        if any(within(module, package) for package in MODULES_OF_LUCK):
            yield f"import {module}", line
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in WORDS_OF_LUCK:
            yield f".{node.attr}", node.lineno
        elif isinstance(node, ast.Name) and node.id in WORDS_OF_LUCK - {"rng"}:
            yield node.id, node.lineno


# What may know what


def test_there_are_files_to_look_at():
    assert len(SIM) > 25
    assert len(PROCESSES) > 10
    assert len(EXPERIMENTS) > 10


def test_the_model_knows_nothing_of_experiments():
    found = [
        f"{name_of(path)}:{line}"
        for path in SIM
        for module, line in imports_of(tree_of(path))
        if within(module, "experiments")
    ]
    assert found == []


def needs_of(path, files):
    """Yield the files that a file imports from; of a package, its own file where a name is taken that it defines."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in files)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module in files:
            for each in node.names:
                name = f"{node.module}.{each.name}"
                # Where there is only a description of types, it needs nothing.
                if not (ROOT / f"{name.replace('.', '/')}.pyi").is_file():
                    yield name if name in files else node.module


def test_no_file_needs_itself_by_way_of_others():
    # Wherever an import stands and whatever it is for: a type is a need as well.
    paths = (*SIM, *EXPERIMENTS)
    files = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}
    needs = networkx.DiGraph()
    for name, path in files.items():
        needs.add_edges_from((name, module) for module in needs_of(path, files) if module != name)
    assert needs.number_of_edges() > 500
    circles = [sorted(each) for each in networkx.strongly_connected_components(needs) if len(each) > 1]
    # An agent of Mesa knows its model, and the model makes the agents; a place knows its youths, and a youth its place.
    assert circles == [["sim.agents", "sim.model", "sim.youth_sets", "sim.youths"]]


def test_mesa_is_known_to_the_model_and_its_agents_only():
    knows = {
        name_of(path) for path in (*SIM, *EXPERIMENTS) for module, _ in imports_of(tree_of(path)) if within(module, "mesa")
    }
    assert knows == {"sim/model.py", "sim/agents.py", "sim/youths.py", "sim/youth_sets.py"}


def test_no_process_knows_the_facade_or_the_files():
    above = ("sim.model", "sim.agents", "sim.youths", "sim.youth_sets", "sim.run", "sim.scenario", "sim.build", "sim.month")
    found = [
        f"{name_of(path)}:{line} {module}"
        for path in PROCESSES
        for module, line in imports_of(tree_of(path))
        if any(within(module, package) for package in above)
    ]
    assert found == []


def test_scenarios_hold_no_code():
    (only,) = (ROOT / "scenarios").rglob("*.py")
    assert name_of(only) == "scenarios/__init__.py"
    (statement,) = tree_of(only).body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Constant)
    assert isinstance(statement.value.value, str)


def test_asking_for_the_package_loads_nothing_heavy():
    heavy = "{'mesa', 'numba', 'pandas', 'matplotlib', 'SALib'}"
    code = f"import sys, sim, experiments, scenarios; print(*sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == []


# Where luck comes from


def test_the_model_has_no_luck_but_keyed_draws():
    found = [f"{name_of(path)}:{line} {what}" for path in SIM for what, line in luck_in(tree_of(path))]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "import random",
        "import numpy.random as luck",
        "from numpy import random",
        "from numpy.random import default_rng",
        "import secrets",
        "from os import urandom\nurandom(4)",
        "np.random.rand()",
        "self.random.shuffle(agents)",
        "model.rng.normal()",
        "agents.shuffle_do('step')",
        "import_module('random')",
    ],
)
def test_the_search_for_luck_finds_it(line):
    assert list(luck_in(ast.parse(line))) != []


def test_every_decision_has_a_number_of_its_own():
    draws = importlib.import_module("sim.draws")
    tree = tree_of(ROOT / "sim" / "draws.py")
    block = tree.body[[getattr(node, "lineno", 0) for node in tree.body].index(line_of(tree, "PERSON_RISK")) :]
    names = [node.targets[0].id for node in block if isinstance(node, ast.Assign)]
    numbers = [getattr(draws, name) for name in names]
    assert len(names) > 20
    assert len(set(numbers)) == len(numbers)


def line_of(tree, name):
    return next(
        node.lineno for node in tree.body if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name
    )


# One compiled entry


def test_only_the_months_are_compiled_for_themselves():
    compilers = {"njit", "jit", "vectorize", "guvectorize", "cfunc"}
    uses = {
        name_of(path)
        for path in SIM
        for node in ast.walk(tree_of(path))
        if (isinstance(node, ast.Attribute) and node.attr in compilers)
        or (isinstance(node, ast.Name) and node.id in compilers)
    }
    entries = {
        f"{name_of(path)}:{node.name}"
        for path in SIM
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(each, ast.Name) and each.id in {"entry", "entry_in_one_piece"} for each in node.decorator_list)
    }
    assert uses == {"sim/compiled.py"}
    assert entries == {"sim/month.py:months"}


@pytest.mark.parametrize(("city", "scale"), [("sandbox", 0.1), ("chicago", 0.005)])
def test_the_months_are_compiled_once_for_every_city_and_policy(city, scale):
    from sim.month import months
    from sim.run import run_arms, warm
    from sim.scenario import load_city, load_policy, load_shock

    warm()
    shocks = [load_shock("pact")] if city == "sandbox" else []
    policies = [load_policy("baseline"), load_policy("all_four")]
    results = run_arms(load_city(city), policies, seed=2**63 - 1, months=13, scale=scale, shocks=shocks)
    assert all(np.isfinite(result.city_monthly).all() for result in results)
    assert len(months.signatures) == 1


# Files one can read


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.stem)
def test_every_process_says_its_equations_or_rows(path):
    text = ast.get_docstring(tree_of(path), clean=False) or ""
    assert len(text.splitlines()[0]) > 20
    if path.name not in WITHOUT_EQUATIONS:
        assert EQUATION.search(text) or ROW.search(text), "name the equations, or the rows of the framework"


def test_every_step_of_the_month_is_told_in_the_order_it_happens():
    month = importlib.import_module("sim.month")
    body = next(
        node
        for node in tree_of(ROOT / "sim" / "month.py").body
        if isinstance(node, ast.FunctionDef) and node.name == "month"
    ).body
    called = [ast.unparse(node.value.func) for node in body if isinstance(node.value, ast.Call)]
    assert called == [name for name, _ in month.STEPS]


def public(nodes, owner=""):
    """Yield every public function, method and class that stands in a file or in one of its public classes."""
    for node in nodes:
        if isinstance(node, ast.If | ast.Try):
            yield from public(node.body, owner)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield f"{owner}{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body, f"{owner}{node.name}.")


def test_every_public_function_of_the_model_says_what_it_does():
    silent = [
        f"{name_of(path)}:{node.lineno} {name}"
        for path in SIM
        for name, node in public(tree_of(path).body)
        if not ast.get_docstring(node)
    ]
    assert silent == []


def test_every_file_says_what_it_is():
    assert [name_of(path) for path in (*SIM, *EXPERIMENTS) if not ast.get_docstring(tree_of(path))] == []


def test_no_file_is_too_long_to_read():
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in (*SIM, *EXPERIMENTS)}
    assert {name: length for name, length in lengths.items() if length > LONGEST and name not in LONG} == {}
    assert [name for name in LONG if name not in lengths] == []


def test_no_file_is_a_drawer_for_odds_and_ends():
    drawers = {"utils", "util", "helpers", "helper", "misc", "common", "manager", "managers"}
    assert [name_of(path) for path in (*SIM, *EXPERIMENTS) if {path.stem, path.parent.name} & drawers] == []


# Rooms ----------------------------------------------------------------------------------------------------------------

ROOMS = {
    "execution": (),
    "page": (),
    "store": ("execution",),
    "own_city": ("execution",),
    "comparison": ("execution", "store", "own_city"),
    "evidence": ("execution", "store", "comparison"),
    "sensitivity": ("execution", "store", "comparison"),
    "tradeoffs": ("execution", "store", "comparison", "sensitivity"),
    "commands": ("execution", "store", "own_city", "comparison", "evidence", "sensitivity", "tradeoffs"),
    "publish": ("execution", "store", "comparison", "evidence", "sensitivity", "commands"),
}
"""Each room of `experiments` and the rooms it may know."""
MOST_FLOORS = 8


def arrows():
    """Return which room knows which, wherever the import stands, with the first place that says so."""
    known = networkx.DiGraph()
    known.add_nodes_from(path.name for path in (ROOT / "experiments").iterdir() if (path / "__init__.py").exists())
    for path in EXPERIMENTS:
        here = path.relative_to(ROOT).parts[1]
        for module, line in imports_of(tree_of(path)):
            there = module.split(".")[1] if within(module, "experiments") and "." in module else here
            if there != here and there in known and here in known:
                known.add_edge(here, there, at=f"{name_of(path)}:{line}")
    return known


def test_rooms_know_only_the_rooms_below_them():
    known = arrows()
    assert sorted(known) == sorted(ROOMS)
    strange = [f"{at}: {here} knows {there}" for here, there, at in known.edges(data="at") if there not in ROOMS[here]]
    assert strange == []
    assert networkx.is_directed_acyclic_graph(known)


def test_every_room_that_may_be_known_is():
    known = arrows()
    idle = [(here, there) for here, below in ROOMS.items() for there in below if not known.has_edge(here, there)]
    assert idle == []


def test_the_house_has_few_floors():
    known = arrows()
    # The model is the ground on which every room stands.
    known.add_edges_from((room, "sim") for room in ROOMS)
    floors = networkx.dag_longest_path(known)
    assert len(floors) <= MOST_FLOORS, floors


# Signatures -----------------------------------------------------------------------------------------------------------

MOST_PARAMETERS = 8
"""Of a public function outside the commands, whose options are parameters, and the compiled kernels."""


def parameters_of(node):
    """Return the names of a function's parameters, those of a method without itself."""
    every = [each.arg for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return [name for name in every if name not in ("self", "cls")]


def signatures():
    """Yield every public function and initialiser with where it stands, but commands and compiled kernels."""
    for path in (*SIM, *EXPERIMENTS):
        if within(".".join(path.relative_to(ROOT).parts), "experiments.commands"):
            continue
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.FunctionDef) or (node.name.startswith("_") and node.name != "__init__"):
                continue
            if any(isinstance(each, ast.Name) and each.id in KERNELS for each in node.decorator_list):
                continue
            yield f"{name_of(path)}:{node.lineno} {node.name}", node


KERNELS = {"compiled", "inlined", "entry"}


def test_no_public_function_has_a_long_signature():
    longest = {where: len(parameters_of(node)) for where, node in signatures()}
    assert len(longest) > 300
    assert {where: count for where, count in longest.items() if count > MOST_PARAMETERS} == {}


def test_what_comes_by_keyword_is_typed():
    # "**settings: Unpack[...]" names every key with its type; "**options: Any" would hide parameters. A few pass on what
    # belongs to another library, or facts of a log.
    loose = {
        where.split(":")[0]
        for where, node in signatures()
        if node.args.kwarg is not None and "Any" in ast.unparse(node.args.kwarg.annotation)
    }
    assert loose == {
        "sim/youth_sets.py",
        "experiments/comparison/timelines.py",
        "experiments/store/store.py",
        "experiments/store/views.py",
    }
