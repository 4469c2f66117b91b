"""Whatever a file holds, it loads or is refused in one line."""

import copy
import json

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario import City, InputError, assemble, canonical, load_city
from tests.sim.scenario.trees import SANDBOX, SCENARIOS

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([0, -1, 2**63, 10**25, 10**400, "", " ", "x" * 5000, "*", "&a", "../x", "\x00", "\u2028", "Aldoo"]),
    st.floats(),
    st.text(max_size=20),
    st.lists(st.one_of(st.integers(), st.text(max_size=3)), max_size=4),
    st.dictionaries(st.text(max_size=5), st.floats(), max_size=3),
    st.integers(1, 40).map(lambda depth: json.loads("[" * depth + "]" * depth)),
)


def places(tree, path=()):
    """Every path in a tree."""
    yield path
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield from places(value, (*path, key))


DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
PLACES = [path for path in places(SANDBOX) if path]
TEXT = (SCENARIOS / "cities" / "sandbox.yaml").read_bytes()
GARBAGE = (
    *(b"&a ", b"*a", b"!!python/name:os.system ", b"\n---\n", b"[" * 50, b"{", b"<<: *a", b"? ", b"%YAML 1.1\n"),
    *(b".nan", b"-.inf", b"1e999", b"-9", b"\xff\xfe", b"\x00", b"\n- ", b"\t", b": ", b"#", b"'", b'"', b"|"),
)


@st.composite
def changed_trees(draw):
    """The sandbox with a few values deleted, replaced, doubled, renamed or shared, as a file."""
    tree = copy.deepcopy(SANDBOX)
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(PLACES))
        holder = tree
        try:
            for step in way:
                holder = holder[step]
            value = holder[last]
            kind = draw(st.sampled_from(["replace", "delete", "wrap", "rename", "share", "text", "sign"]))
            if kind == "replace":
                holder[last] = draw(ODD)
            elif kind == "delete":
                del holder[last]
            elif kind == "wrap":
                holder[last] = [value]
            elif kind == "rename":
                holder[f"{last}{draw(st.sampled_from('sx_'))}"] = holder.pop(last)
            elif kind == "share":
                holder[last] = tree[draw(st.sampled_from(sorted(tree)))]
            elif kind == "text":
                holder[last] = str(value)
            else:
                holder[last] = -value
        except (KeyError, IndexError, TypeError, AttributeError):
            continue
    return yaml.dump(tree, Dumper=DUMPER, sort_keys=False, allow_unicode=True).encode("utf-8", "surrogatepass")


@st.composite
def changed_bytes(draw):
    """The text of the sandbox with bytes cut out, put in, or numbers replaced."""
    raw = TEXT
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.sampled_from([0, 0, 1, 2, 30, 2000])))
        put = draw(
            st.one_of(
                st.binary(max_size=8),
                st.sampled_from(GARBAGE),
            )
        )
        raw = raw[:start] + put + raw[end:]
    return raw


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("anything")


@settings(max_examples=1000, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(raw=st.one_of(changed_trees(), changed_trees(), changed_bytes()))
def test_a_thousand_mutated_files_load_or_are_refused_in_one_line(folder, raw):
    file = folder / "mutated.yaml"
    file.write_bytes(raw)
    try:
        city = load_city(file)
    except InputError as refused:
        message = str(refused)
        assert message.startswith(f"{file}: ")
        assert message.isprintable()
        assert len(message) < len(str(file)) + 700
    else:
        assert isinstance(city, City)
        assert canonical(assemble(city, []))
    assert [each.name for each in folder.iterdir()] == ["mutated.yaml"]
    assert file.read_bytes() == raw
