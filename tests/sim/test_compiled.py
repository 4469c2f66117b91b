"""What decides how the month is compiled, and what does not."""

import ast
from pathlib import Path

from sim import compiled

SIM = Path(compiled.__file__).parent


def runtime_imports(tree):
    """Every module that is imported when the code runs, and what is imported from it."""
    todo = list(tree.body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)
        todo.extend(ast.iter_child_nodes(node))


def reached(name):
    """The files of `sim` that a module of it needs, itself included."""
    files = {
        ".".join(("sim", *path.relative_to(SIM).with_suffix("").parts)).removesuffix(".__init__"): path
        for path in SIM.rglob("*.py")
    }
    found, todo = set(), [name]
    while todo:
        if (each := todo.pop()) in files and files[each] not in found:
            found.add(files[each])
            todo.extend(runtime_imports(ast.parse(files[each].read_text("utf-8"))))
    return found


def test_no_month_depends_on_a_file_that_is_left_out_of_its_hash():
    month = {path.relative_to(SIM).as_posix() for path in reached("sim.month")}
    assert {
        "month.py",
        "processes/homicide/rivalry.py",
        "blocks.py",
        "block_types.py",
        "state/tables.py",
        "draws.py",
    } <= month
    assert month & set(compiled.FACES) == set()
    assert all((SIM / name).is_file() for name in compiled.FACES)
