"""Functions and classes of users are known by what they do, and built elsewhere from that."""

import linecache
import math
import pickle
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from numpy import exp

from experiments.execution.user_code import NoContentError, content_of
from sim.outcomes import OUTCOMES

LEVEL = 3.0
TABLE = {"a": 1, "b": [1, 2.5, "x"]}
COUNTS = np.zeros(3)


def doubled(x, times=2):
    return x * times + LEVEL


def many(r: "int", *, power=2.0) -> float:
    """Words."""
    a: int = 3  # more words
    return doubled(r) ** power + math.pi + exp(0.0) + TABLE["a"] + len(OUTCOMES) + a


def adding(n):
    def inner(r):
        return r + n

    return inner


def and_one(function):
    def wrapper(*given):
        return function(*given) + 1

    return wrapper


@and_one
def decorated(r):
    return r * 10


def even(n):
    return n == 0 or odd(n - 1)


def odd(n):
    return n != 0 and even(n - 1)


class First:
    def value(self):
        return 1


class Second(First):
    more: int = 4

    def value(self):
        return super().value() + self.more + doubled(1)

    def again(self):
        return Second()


PAIR = [lambda r: r + 1, lambda r: r + 2]


@pytest.mark.parametrize(
    ("function", "given"),
    [(many, 2.0), (adding(5), 1), (decorated, 2), (PAIR[0], 1), (PAIR[1], 1), (even, 10), (lambda r: r - LEVEL, 7)],
)
def test_a_function_is_built_again_from_its_content(function, given):
    built = pickle.loads(pickle.dumps(content_of(function))).build()
    assert built is not function
    assert built(given) == function(given)


def test_a_class_is_built_again_from_its_content():
    built = pickle.loads(pickle.dumps(content_of(Second))).build()
    assert built is not Second
    assert built().value() == built().again().value() == Second().value()


def test_the_hash_follows_values_and_not_objects():
    assert content_of(adding(5)).digest == content_of(adding(5)).digest
    assert content_of(adding(5)).digest != content_of(adding(6)).digest
    assert content_of(adding(1)).digest != content_of(adding(True)).digest
    assert content_of(PAIR[0]).digest != content_of(PAIR[1]).digest


BEFORE = """
LIMIT = 3
def lower(x):
    return min(x, LIMIT)
class Base:
    rate = 2
def asked(result, share=0.5):
    return lower(result) * share * Base.rate
"""


def loaded(text, name="code_of_a_user.py"):
    """Run some text as a file that is only known to `linecache`, as a notebook's cells are."""
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    names = {"__name__": "code_of_a_user"}
    exec(compile(text, name, "exec"), names)
    return names


@pytest.mark.parametrize(
    ("old", "new", "differs"),
    [
        ("    return min", "    # a comment\n    return min", False),
        ("def lower(x):", 'def lower(x: "a number") -> float:', False),
        ("return lower", "'words'\n    return lower", False),
        ("LIMIT = 3", "UNUSED = 1\nLIMIT = 3", False),
        ("LIMIT = 3", "LIMIT = 4", True),
        ("min(x", "max(x", True),
        ("share=0.5", "share=0.25", True),
        ("rate = 2", "rate = 3", True),
    ],
)
def test_words_leave_the_hash_alone_and_whatever_is_used_changes_it(old, new, differs):
    first = content_of(loaded(BEFORE)["asked"])
    changed = loaded(BEFORE.replace(old, new))["asked"]
    assert (content_of(changed).digest != first.digest) is differs
    assert content_of(changed).build()(10) == changed(10)


def test_a_file_that_was_edited_since_it_was_loaded_is_refused():
    asked = loaded(BEFORE)["asked"]
    text = BEFORE.replace("* share *", "+ share +")
    linecache.cache["code_of_a_user.py"] = (len(text), None, text.splitlines(keepends=True), "code_of_a_user.py")
    with pytest.raises(NoContentError, match=r"asked: its source .* was changed since it was loaded"):
        content_of(asked)


def holding(r):
    return r + COUNTS.sum()


def changing(r):
    global LEVEL
    LEVEL = 4
    return r


def lost(r):
    return r + nowhere  # noqa: F821


def local_class():
    class Inner:
        pass

    return Inner


@pytest.mark.parametrize(
    ("thing", "reason"),
    [
        (len, "it is built in"),
        (math.sqrt, "it is built in"),
        (adding(np.ones(2)), "it uses n, an object of type ndarray"),
        (holding, "it uses COUNTS, an object of type ndarray"),
        (changing, "changing changes the global name LEVEL"),
        (lost, "it uses nowhere, which is defined nowhere"),
        (local_class(), "class Inner is defined within a function"),
        (eval("lambda r: r"), "has no source that can be read"),
        (First(), "it is an object of type First"),
    ],
)
def test_what_cannot_be_told_is_refused_with_the_reason(thing, reason):
    with pytest.raises(NoContentError, match=reason):
        content_of(thing)


def test_a_module_that_is_a_file_of_ones_own_is_refused(tmp_path, monkeypatch):
    (tmp_path / "own_file_of_a_user.py").write_text("def f(r):\n    return r\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    names = loaded("import own_file_of_a_user\ndef asked(r):\n    return own_file_of_a_user.f(r)\n")
    with pytest.raises(NoContentError, match="module own_file_of_a_user is a file of your own"):
        content_of(names["asked"])
    # A function of it is followed like one of the same file.
    names = loaded("from own_file_of_a_user import f\ndef asked(r):\n    return f(r)\n")
    assert content_of(names["asked"]).build()(3) == 3


def test_another_process_finds_the_same_hash_in_a_script(tmp_path):
    script = tmp_path / "script.py"
    ending = """
    from experiments.execution.user_code import content_of
    if __name__ == "__main__":
        print(content_of(asked).digest)
    """
    script.write_text(BEFORE + textwrap.dedent(ending), "utf-8")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [content_of(loaded(BEFORE)["asked"]).digest]
