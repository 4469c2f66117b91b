"""A folder of results that was damaged, cut, swapped or made up is told in one line, and never believed."""

import dataclasses
import json
import shutil

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plausible import plausible

from experiments.commands.cli import run_command
from experiments.comparison.results import DATA, IN_FORCE, MONTHLY, YEARLY, load_comparison, write_results
from experiments.store.manifests import MANIFEST, file_hash
from sim.errors import InputError
from sim.in_force import InForce

LIST = "0" * 32


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    made_up = plausible(arms=1, replications=2, months=13)
    acted = tuple(InForce(3, False, (1, 2)) for _ in made_up.policies[0].measures)
    known = {"made_with": {"model": "made up"}, "events": ({}, {"overflow": 1}), "in_force": (((), ()), (acted, acted))}
    write_results(dataclasses.replace(made_up, **known), folder)
    assert load_comparison(folder).in_force == known["in_force"]
    return folder


@pytest.fixture
def folder(whole, tmp_path):
    shutil.copytree(whole, tmp_path / "results")
    return tmp_path / "results"


def manifest_of(folder):
    return json.loads((folder / MANIFEST).read_bytes())


def put_manifest(folder, manifest):
    (folder / MANIFEST).write_text(json.dumps(manifest), "utf-8")


def listed_anew(folder, name):
    """Put the true hash of a changed file into the manifest, as whoever makes up results would."""
    manifest = manifest_of(folder)
    manifest["files"][name] = file_hash(folder / name)
    put_manifest(folder, manifest)


def says(**changes):
    """Return a damage: another value of a field of the manifest."""

    def damage(folder):
        put_manifest(folder, manifest_of(folder) | changes)

    return damage


def lacks(field):
    def damage(folder):
        put_manifest(folder, {name: value for name, value in manifest_of(folder).items() if name != field})

    return damage


def reads(content):
    """Return a damage: another text of the manifest, made from the true one where it is a function."""

    def damage(folder):
        before = (folder / MANIFEST).read_bytes()
        (folder / MANIFEST).write_bytes(content(before) if callable(content) else content)

    return damage


def edits(name, change):
    """Return a damage: another content of a file, with its hash redone."""

    def damage(folder):
        (folder / name).write_bytes(change((folder / name).read_bytes()))
        listed_anew(folder, name)

    return damage


def tables(name, change):
    """Return a damage: another table in a Parquet file, with its hash redone."""

    def damage(folder):
        pq.write_table(change(pq.read_table(folder / name, use_threads=False)), folder / name)
        listed_anew(folder, name)

    return damage


def column(name, change):
    """Return a change of one column of a table, by numpy."""

    def changed(table):
        at = table.schema.get_field_index(name)
        return table.set_column(at, name, pa.array(change(np.array(table.column(name).to_pylist(), dtype=object)).tolist()))

    return changed


def typed(name, kind):
    def changed(table):
        at = table.schema.get_field_index(name)
        return table.set_column(at, name, table.column(name).cast(kind))

    return changed


def poisoned(value):
    def changed(table):
        at = table.schema.get_field_index("homicide_rate")
        values = table.column("homicide_rate").to_numpy().copy()
        values[3] = value
        return table.set_column(at, "homicide_rate", pa.array(values))

    return changed


def typed_values(name, value, kind):
    """Return a change of a column to one value throughout."""

    def changed(table):
        at = table.schema.get_field_index(name)
        return table.set_column(at, table.schema.field(name), pa.array([value] * table.num_rows, kind))

    return changed


def gone(name):
    return lambda folder: (folder / name).unlink()


def cut(name, keep):
    def damage(folder):
        (folder / name).write_bytes((folder / name).read_bytes()[:keep])

    return damage


def longer(name):
    def damage(folder):
        with (folder / name).open("ab") as file:
            file.write(b"\n")

    return damage


def swapped(one, other):
    def damage(folder):
        content = (folder / one).read_bytes()
        (folder / one).write_bytes((folder / other).read_bytes())
        (folder / other).write_bytes(content)
        for name in (one, other):
            listed_anew(folder, name)

    return damage


def linked(name):
    def damage(folder):
        (folder / name).rename(folder.parent / "elsewhere")
        (folder / name).symlink_to(folder.parent / "elsewhere")

    return damage


def foldered(name):
    def damage(folder):
        (folder / name).unlink()
        (folder / name).mkdir()

    return damage


def huge(name, size):
    def damage(folder):
        with (folder / name).open("r+b") as file:
            file.truncate(size)

    return damage


def unlisted(name):
    def damage(folder):
        manifest = manifest_of(folder)
        del manifest["files"][name]
        put_manifest(folder, manifest)

    return damage


def lists(name, digest=LIST):
    def damage(folder):
        manifest = manifest_of(folder)
        manifest["files"][name] = digest
        put_manifest(folder, manifest)

    return damage


def nested(table):
    return table.set_column(0, "policy", pa.array([{"name": each} for each in table.column("policy").to_pylist()]))


def dictionary(table):
    return table.set_column(0, "policy", table.column("policy").dictionary_encode())


def empty_cell(table):
    at = table.schema.get_field_index("fear")
    values = table.column("fear").to_pylist()
    values[0] = None
    return table.set_column(at, "fear", pa.array(values, pa.float32()))


def claims(folder):
    """Let manifest and scenario agree on more futures than fit into memory."""
    (folder / "scenario.yaml").write_bytes(
        (folder / "scenario.yaml").read_bytes().replace(b"replications: 2\n", b"replications: 100000\n")
    )
    put_manifest(folder, manifest_of(folder) | {"replications": 100_000, "seeds": list(range(100_000))})
    listed_anew(folder, "scenario.yaml")


def line(before, after):
    """Return a change of a text file: one text for another, which must be there."""

    def change(content):
        assert before in content
        return content.replace(before, after, 1)

    return change


FIELDS = ("made_with", "date", "command", "city", "against", "policies", "months", "replications", "seed", "seeds", "scale",
          "scale_chosen", "parameters", "without", "outcomes", "events", "files", "format")  # fmt: skip
DAMAGES = {
    **{f"manifest lacks {field}": lacks(field) for field in FIELDS},
    **{f"{field} is {value!r}": says(**{field: value}) for field in FIELDS for value in (None, "x")},
    "manifest is gone": gone(MANIFEST),
    "manifest is empty": reads(b""),
    "manifest is a list": reads(b"[]"),
    "manifest is cut": reads(lambda text: text[: len(text) // 2]),
    "manifest is no JSON": reads(b"{format: 2}"),
    "manifest in UTF-16": reads(lambda text: text.decode().encode("utf-16")),
    "manifest in Latin-1": reads(lambda text: text.replace(b'"command": []', b'"command": ["caf\xe9"]')),
    "manifest with a mark of order": reads(lambda text: b"\xef\xbb\xbf" + text),
    "manifest nested deeply": reads(b"[" * 100_000),
    "manifest with a long number": reads(lambda text: text.replace(b'"seed": 1', b'"seed": ' + b"9" * 5000)),
    "manifest with NaN": reads(lambda text: text.replace(b'"scale": 0.1', b'"scale": NaN')),
    "manifest with infinity": reads(lambda text: text.replace(b'"scale": 0.1', b'"scale": Infinity')),
    "manifest with 1e999": reads(lambda text: text.replace(b'"scale": 0.1', b'"scale": 1e999')),
    "manifest with a key twice": reads(lambda text: text.replace(b'"seed": 1', b'"seed": 1, "seed": 1')),
    "manifest of zeros": reads(bytes(5000)),
    "manifest of 2 GB": huge(MANIFEST, 2 * 1024**3),
    "manifest is a link": linked(MANIFEST),
    "manifest is a folder": foldered(MANIFEST),
    "manifest with an unknown key": says(more=1),
    "format of another version": says(format=3),
    "format of the first version": says(format=1),
    "format is a truth value": says(format=True),
    "scale 0": says(scale=0.0),
    "scale above 1": says(scale=1.5),
    "scale below 0": says(scale=-0.1),
    "scale is text": says(scale="0.1"),
    "another scale": says(scale=0.2),
    "another city": says(city="chicago"),
    "another reference": says(against="truce"),
    "another policy": says(policies=["truce"]),
    "a policy more": says(policies=["regulation", "truce"]),
    "no policy": says(policies=[]),
    "a month more": says(months=14),
    "no month": says(months=0),
    "a million months": says(months=10**6),
    "a future more": says(replications=3),
    "no future": says(replications=0),
    "half a future": says(replications=2.5),
    "another seed": says(seed=2),
    "a seed below 0": says(seed=-1),
    "a seed too large": says(seed=2**70),
    "no seeds": says(seeds=[]),
    "one seed": says(seeds=[11]),
    "a seed twice": says(seeds=[11, 11]),
    "other seeds": says(seeds=[11, 13]),
    "seeds as text": says(seeds=["11", "12"]),
    "a changed parameter": says(parameters={"homicide.base": 0.5}),
    "a mechanism off": says(without=["fear"]),
    "an outcome less": says(outcomes=["homicide_rate"]),
    "events of another policy": says(events={"x": {}, "baseline": {}}),
    "events below 0": says(events={"regulation": {"overflow": -1}, "baseline": {}}),
    "no files": says(files={}),
    "a hash that is none": lists("scenario.yaml", "x"),
    "a file outside": lists("../other.csv"),
    "an absolute file": lists("/etc/passwd"),
    "a file with a backslash": lists("a\\b"),
    "a hidden file": lists(".bashrc"),
    "the manifest itself": lists(MANIFEST),
    **{f"{name} is gone": gone(name) for name in DATA},
    **{f"{name} is empty": cut(name, 0) for name in DATA},
    **{f"{name} is longer": longer(name) for name in DATA},
    **{f"{name} is not listed": unlisted(name) for name in DATA},
    "a file is a link": linked(MONTHLY),
    "a file is a folder": foldered(YEARLY),
    "a file of 20 MB": huge("summary.csv", 20 * 1024**2),
    "tables swapped": swapped(MONTHLY, YEARLY),
    "text and table swapped": swapped("scenario.yaml", MONTHLY),
    "monthly cut, hash redone": edits(MONTHLY, lambda content: content[: len(content) // 2]),
    "monthly without its end, hash redone": edits(MONTHLY, lambda content: content[:-4]),
    "monthly of zeros, hash redone": edits(MONTHLY, lambda content: bytes(len(content))),
    "monthly is its magic number": edits(MONTHLY, lambda content: b"PAR1PAR1"),
    "monthly with a huge footer": edits(MONTHLY, lambda content: content[:-8] + b"\xff\xff\xff\x7fPAR1"),
    "yearly empty, hash redone": edits(YEARLY, lambda content: b""),
    "a column more": tables(MONTHLY, lambda table: table.append_column("more", pa.array([0.0] * table.num_rows))),
    "a column less": tables(MONTHLY, lambda table: table.drop_columns(["fear"])),
    "a column renamed": tables(MONTHLY, lambda table: table.rename_columns(["policy2", *table.column_names[1:]])),
    "columns in another order": tables(YEARLY, lambda table: table.select(table.column_names[::-1])),
    "a column twice": tables(MONTHLY, lambda table: table.append_column("fear", table.column("fear"))),
    "outcomes in double precision": tables(MONTHLY, typed("fear", pa.float64())),
    "outcomes as text": tables(MONTHLY, typed("fear", pa.string())),
    "seeds as numbers with a point": tables(MONTHLY, typed("seed", pa.float64())),
    "policies nested": tables(MONTHLY, nested),
    "policies as a dictionary": tables(MONTHLY, dictionary),
    "rows fewer": tables(MONTHLY, lambda table: table.slice(0, table.num_rows - 1)),
    "no rows": tables(MONTHLY, lambda table: table.slice(0, 0)),
    "rows twice": tables(YEARLY, lambda table: pa.concat_tables([table, table])),
    "rows in another order": tables(MONTHLY, lambda table: table.take(list(range(table.num_rows))[::-1])),
    "an empty cell": tables(MONTHLY, empty_cell),
    "an outcome that is not a number": tables(MONTHLY, poisoned(np.nan)),
    "an infinite outcome": tables(MONTHLY, poisoned(np.inf)),
    "an infinite outcome of a neighbourhood": tables(YEARLY, poisoned(-np.inf)),
    "another neighbourhood": tables(YEARLY, column("neighbourhood", lambda names: np.roll(names, 1))),
    "another policy in the rows": tables(MONTHLY, column("policy", lambda names: np.where(names == "baseline", "x", names))),
    "a beginning before month 1": tables(IN_FORCE, typed_values("began", 0, pa.int16())),
    "a beginning after the end": tables(IN_FORCE, typed_values("began", 14, pa.int16())),
    "worst areas that are none": tables(IN_FORCE, typed_values("neighbourhoods", ["x"], pa.list_(pa.string()))),
    "worst areas twice": tables(IN_FORCE, typed_values("neighbourhoods", ["Downtown"] * 2, pa.list_(pa.string()))),
    "worst areas missing": tables(IN_FORCE, typed_values("neighbourhoods", None, pa.list_(pa.string()))),
    "an end that is missing": tables(IN_FORCE, typed_values("ended_by_election", None, pa.bool_())),
    "another measure in force": tables(IN_FORCE, typed_values("name", "x", pa.string())),
    "in force fewer": tables(IN_FORCE, lambda table: table.slice(1)),
    "in force with a column less": tables(IN_FORCE, lambda table: table.drop_columns(["began"])),
    "scenario empty, hash redone": edits("scenario.yaml", lambda content: b""),
    "scenario no YAML": edits("scenario.yaml", lambda content: b"a: [\n"),
    "scenario with a tag": edits("scenario.yaml", lambda content: content + b"more: !!python/object:os.system {}\n"),
    "scenario with an unknown key": edits("scenario.yaml", lambda content: content + b"more: 1\n"),
    "scenario in UTF-16": edits("scenario.yaml", lambda content: content.decode().encode("utf-16")),
    "scenario of other months": edits("scenario.yaml", line(b"months: 13", b"months: 12")),
    "scenario of other futures": edits("scenario.yaml", line(b"replications: 2", b"replications: 3")),
    "scenario of another scale": edits("scenario.yaml", line(b"scale: 0.1", b"scale: 0.2")),
    "a claim of a hundred thousand futures": claims,
    "scenario with an escape": edits("scenario.yaml", line(b"title: The sandbox", b'title: "\\e[31m"')),
}


def test_there_are_enough_ways_to_damage_a_folder():
    assert len(DAMAGES) > 120


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_folder_is_refused_in_one_line(folder, damage):
    damage(folder)
    with pytest.raises(InputError) as found:
        load_comparison(folder)
    assert str(found.value).startswith(str(folder))
    assert "\n" not in str(found.value)


@pytest.mark.parametrize("damage", list(DAMAGES.values())[::12], ids=list(DAMAGES)[::12])
def test_the_command_ends_with_2_and_touches_nothing(folder, damage, capsys):
    damage(folder)
    before = {path: path.lstat().st_mtime_ns for path in folder.rglob("*")}
    code = run_command(["report", str(folder)])
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert err.startswith("citysafety: ")
    assert {path: path.lstat().st_mtime_ns for path in folder.rglob("*")} == before


def fresh_copy(whole, folder):
    """Copy the results into a folder in which nothing is left of the example before."""
    shutil.rmtree(folder, ignore_errors=True)
    return shutil.copytree(whole, folder)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_flipped_bit_anywhere_is_seen_or_changes_nothing(whole, tmp_path, data):
    folder = fresh_copy(whole, tmp_path / "flipped")
    name = data.draw(st.sampled_from((*DATA, MANIFEST, MANIFEST, MANIFEST)))
    content = bytearray((folder / name).read_bytes())
    at = data.draw(st.integers(0, len(content) * 8 - 1))
    content[at // 8] ^= 1 << at % 8
    (folder / name).write_bytes(content)
    if name == MANIFEST:
        # What describes the results without being needed to read them may differ; the numbers may not.
        try:
            again = load_comparison(folder)
        except InputError:
            return
        expected = load_comparison(whole)
        assert again.city_monthly.tobytes() == expected.city_monthly.tobytes()
        assert (again.months, again.seeds, again.scale) == (expected.months, expected.seeds, expected.scale)
    else:
        with pytest.raises(InputError, match="was changed since it was written"):
            load_comparison(folder)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_made_up_bytes_in_a_table_are_read_as_numbers_or_refused(whole, tmp_path, data):
    folder = fresh_copy(whole, tmp_path / "made-up")
    content = bytearray((folder / MONTHLY).read_bytes())
    footer = data.draw(st.booleans())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(max(0, len(content) - 4000) if footer else 0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    (folder / MONTHLY).write_bytes(content)
    listed_anew(folder, MONTHLY)
    try:
        again = load_comparison(folder)
    except InputError:
        return
    assert np.isfinite(again.city_monthly).all()
    assert again.city_monthly.shape == load_comparison(whole).city_monthly.shape
