"""A file from a user is read as plain data, or refused in one clear line."""

import os
import time
from pathlib import Path

import pytest
import yaml

from sim.errors import InputError, did_you_mean, dotted, show
from sim.files import (
    DEPTH_LIMIT,
    SIZE_LIMIT,
    find,
    find_packaged,
    names,
    parse_mapping,
    read_mapping,
    read_number,
    write_city_template,
)
from sim.scenario import City, Scenario, load_city


def refusal(text):
    with pytest.raises(InputError) as caught:
        parse_mapping(text, "my.yaml")
    message = str(caught.value)
    assert message.startswith("my.yaml: ")
    assert "\n" not in message
    assert len(message) < 400
    return message


def refusal_of_file(path):
    with pytest.raises(InputError) as caught:
        read_mapping(path, path.name)
    return str(caught.value)


# What is read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("-3", -3),
        ("010", 10),
        ("0.5", 0.5),
        (".5", 0.5),
        ("2.8e-6", 2.8e-6),
        ("1e-6", 1e-6),
        ("true", True),
        ("no", "no"),
        ("NO", "NO"),
        ("1:30", "1:30"),
        ("1_000", "1_000"),
        ("0x10", "0x10"),
        ("2026-11-22", "2026-11-22"),
        ('"12"', "12"),
        ("~", None),
        ("", None),
        ("[1, a, {b: 2}]", [1, "a", {"b": 2}]),
        ("two words", "two words"),
    ],
)
def test_a_plain_value_is_what_it_looks_like(text, value):
    found = parse_mapping(f"key: {text}", "my.yaml")["key"]
    assert found == value
    assert type(found) is type(value)


def test_accents_are_one_character_however_they_were_typed():
    assert parse_mapping("name: Medelli\u0301n", "my.yaml") == {"name": "Medell\u00edn"}


def test_a_mark_at_the_start_of_the_file_is_skipped(tmp_path):
    file = tmp_path / "my.yaml"
    file.write_bytes(b"\xef\xbb\xbfname: x\r\n")
    assert read_mapping(file, "my.yaml") == {"name": "x"}


def test_a_merge_key_is_only_a_key():
    assert parse_mapping("'<<': {b: 1}", "my.yaml") == {"<<": {"b": 1}}


# What is refused in a text


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "\n".join(
    f"{after}: &{after} [{', '.join([f'*{before}'] * 9)}]" for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (BOMB, "anchor or alias"),
        ("a: &x 1", "anchor or alias"),
        ("a: 1\nb: *x", "anchor or alias"),
        ("&x a: 1", "not plain text"),
        ("a: {<<: *x}", "anchor or alias"),
        ("a: !!python/object/apply:os.system [ls]", "the tag"),
        ("a: !!set {b}", "the tag"),
        ("a: !!binary aGk=", "the tag"),
        ("a: !mine 1", "the tag"),
        ("!!map {a: 1}", "the tag"),
        ("a: 1\n---\nb: 2", "line 2 starts a second document"),
        ("a: 1\na: 2", "gives the key 'a' twice"),
        ("a: {b: 1, b: 2}", "a (line 1) gives the key 'b' twice"),
        ("? [1, 2]\n: 3", "a key that is not plain text"),
        ("a: [", "not valid YAML"),
        ("a: b: c", "line 1 is not valid YAML"),
        ("a:\n\t- b", "line 2 is not valid YAML"),
        ("%YAML 9.9\n---\na: 1", "not valid YAML"),
        ("", "the file is empty"),
        ("# nothing but a comment\n", "the file is empty"),
        ("---\n...\n", "the file is empty"),
        ("null", "the file is empty"),
        ("- a\n- b", "is a list of 2; it must be a mapping"),
        ("just words", "is 'just words'; it must be a mapping"),
        ("17", "is 17; it must be a mapping"),
        ('a: "\\x1b[31m"', "U+001B, which does not print"),
        ('a: "\\0"', "U+0000, which does not print"),
        ('a: "\\u202e"', "U+202E, which does not print"),
        ('"\\x07": 1', "a character that does not print"),
        ("a: \x01", "not valid YAML"),
        ('a: "\\UFFFFFFFF"', "not valid YAML"),
        ('a: "\\ud800"', ""),
        ("%YAML 1." + "9" * 5000 + "\n---\na: 1", "not valid YAML"),
        ("a: " + "[" * 5000, "nested deeper"),
        ("a: " + "{b: " * 5000, "nested deeper"),
        ("- " * 5000 + "a", "nested deeper"),
    ],
)
@pytest.mark.parametrize("parser", ["CSafeLoader", "SafeLoader"])
def test_what_a_scenario_may_not_say_is_refused(monkeypatch, parser, text, says):
    monkeypatch.setattr(yaml, "CSafeLoader", getattr(yaml, parser, yaml.SafeLoader), raising=False)
    assert says in refusal(text)


def test_nesting_is_counted_from_the_top():
    deepest = "a: " + "[" * (DEPTH_LIMIT - 1) + "]" * (DEPTH_LIMIT - 1)
    assert parse_mapping(deepest, "my.yaml")
    assert "nested deeper than 12 levels" in refusal("a: " + "[" * (DEPTH_LIMIT + 1) + "]" * (DEPTH_LIMIT + 1))


def test_the_field_is_named_with_its_place_in_the_list():
    assert "neighbourhoods[1].poverty (line 3)" in refusal("neighbourhoods:\n- {name: a}\n- {name: b, poverty: &x 1}")


def test_a_yaml_bomb_is_refused_at_once():
    begin = time.process_time()
    refusal(BOMB)
    refusal("a: " + "[" * (SIZE_LIMIT - 10))
    assert time.process_time() - begin < 0.5


# What is refused of a file


def test_a_file_of_two_hundred_megabytes_is_refused_before_it_is_read(tmp_path, monkeypatch):
    file = tmp_path / "huge.yaml"
    with file.open("wb") as sparse:
        sparse.truncate(200_000_000)
    monkeypatch.setattr(Path, "open", lambda *_, **__: pytest.fail("a huge file was opened"))
    assert refusal_of_file(file) == (
        "huge.yaml: the file has 200.00 MB; the limit is 4 MB, remove what is not part of a scenario"
    )


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path, monkeypatch):
    file = tmp_path / "my.yaml"
    file.write_bytes(b"a" * (SIZE_LIMIT + 1))

    class Status:
        st_mode = 0o100644
        st_size = 10

    monkeypatch.setattr(Path, "stat", lambda *_, **__: Status())
    assert "the limit is 4 MB" in refusal_of_file(file)


def test_a_missing_file_a_folder_and_a_pipe_are_refused(tmp_path):
    assert "no such file" in refusal_of_file(tmp_path / "absent.yaml")
    assert "this is a folder" in refusal_of_file(tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.yaml")
        assert "not an ordinary file" in refusal_of_file(tmp_path / "pipe.yaml")


@pytest.mark.parametrize("name", ["nul\0.yaml", "x" * 5000 + ".yaml"])
def test_a_path_that_no_system_takes_is_refused(name):
    assert "cannot be read" in refusal_of_file(Path(name))


def test_a_file_without_permission_is_refused(tmp_path, monkeypatch):
    file = tmp_path / "my.yaml"
    file.write_text("a: 1")

    def deny(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", deny)
    assert refusal_of_file(file) == ("my.yaml: cannot be read (Permission denied); check the path and its permissions")


def test_what_is_not_utf8_is_refused_with_its_line(tmp_path):
    file = tmp_path / "my.yaml"
    file.write_bytes("name: x\ntitle: São Paulo".encode("latin-1"))
    assert refusal_of_file(file) == "my.yaml: line 2 is not UTF-8 text; save the file as UTF-8"
    file.write_bytes("name: x".encode("utf-16"))
    assert "not UTF-8" in refusal_of_file(file)


# Names and paths


def test_every_packaged_city_is_listed():
    assert "sandbox" in names("cities")
    assert names("policies") == sorted(names("policies"))
    assert find_packaged("cities", "sandbox").is_file()


@pytest.mark.parametrize(
    "name",
    [
        "../cities/sandbox",
        "..",
        ".",
        "",
        "sandbox.yaml",
        "/etc/passwd",
        "SANDBOX",
        "sand box",
        "sandbox\n",
        "a\0b",
        "~",
    ],
)
def test_a_name_is_never_a_path(name):
    with pytest.raises(InputError, match="names hold only"):
        find_packaged("cities", name)


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "/dev/zero", "a/../b", "https://example.org/x"])
def test_a_path_is_only_to_a_yaml_file(path):
    with pytest.raises(InputError, match=r"ends in \.yaml or \.yml"):
        find("cities", path)


def test_an_unknown_name_brings_the_nearest():
    with pytest.raises(InputError, match=r"city sandbx is unknown; did you mean sandbox\?"):
        find("cities", "sandbx")
    with pytest.raises(InputError, match=r"policy truse is unknown; did you mean truce\?"):
        find("policies", "truse")


def test_a_path_may_be_given_in_any_form(tmp_path):
    assert find("cities", "my.yaml") == (Path("my.yaml"), "my.yaml")
    assert find("cities", tmp_path / "my.YML") == (tmp_path / "my.YML", str(tmp_path / "my.YML"))
    assert find("cities", "sandbox")[1] == "scenarios/cities/sandbox.yaml"


# The template of a new city


@pytest.mark.parametrize("name", ["harbour_town", "2026", "true", "null", "1e5", "-", "x" * 60])
def test_the_template_of_a_new_city_loads_as_it_is(tmp_path, name):
    path = write_city_template(name, tmp_path)
    assert path == tmp_path / f"{name}.yaml"
    city = load_city(path)
    assert city.name == name
    assert len(city.neighbourhoods) <= 9


def test_the_template_gives_the_city_a_title(tmp_path):
    assert load_city(write_city_template("harbour_town", tmp_path)).title == "Harbour town"


def test_the_template_explains_every_field(tmp_path):
    text = write_city_template("x", tmp_path).read_text(encoding="utf-8")

    def fields(model):
        for name, field in model.model_fields.items():
            yield name
            for part in (field.annotation, *getattr(field.annotation, "__args__", ())):
                if hasattr(part, "model_fields"):
                    yield from fields(part)

    missing = [name for name in fields(City) if f"{name}:" not in text]
    assert not missing


def test_the_template_overwrites_nothing(tmp_path):
    (tmp_path / "mine.yaml").write_text("precious")
    with pytest.raises(InputError, match="there is a file of that name"):
        write_city_template("mine", tmp_path)
    assert (tmp_path / "mine.yaml").read_text() == "precious"


@pytest.mark.parametrize("name", ["../mine", "my city", "", "Mine", "a/b", "mine.yaml", "x" * 61, "mine\n"])
def test_the_template_takes_only_a_plain_name(tmp_path, name):
    with pytest.raises(InputError, match="a-z, 0-9"):
        write_city_template(name, tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_template_needs_a_folder(tmp_path):
    with pytest.raises(InputError, match="cannot be written"):
        write_city_template("mine", tmp_path / "absent")


# Sentences


def test_a_message_is_one_line_without_control_characters():
    assert str(InputError("a\nb\x1b[31m  c\u2028d")) == "a b [31m c d"


def test_a_path_is_dotted():
    assert dotted(("neighbourhoods", 3, "poverty")) == "neighbourhoods[3].poverty"
    assert dotted(()) == ""


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "empty"), (True, "true"), (1.7, "1.7"), ("x", "'x'"), ([1, 2], "a list of 2"), ({}, "a mapping")],
)
def test_a_value_is_shown_as_in_the_file(value, shown):
    assert show(value) == shown


def test_a_long_value_is_cut():
    assert len(show("x" * 10_000)) < 50


def test_the_nearest_words_are_offered_else_all_of_them():
    assert did_you_mean("POVERTY", ["poverty", "income"]) == "did you mean poverty?"
    assert did_you_mean("zzz", ["a", "b"]) == "known: a, b"
    assert did_you_mean("zzz", [f"w{i}" for i in range(20)]).endswith("and 8 more")
    assert did_you_mean("zzz", []) == "none is known here"


@pytest.mark.parametrize(("text", "number"), [("2.0", 2.0), (" -1e-3 ", -0.001), ("7", 7.0)])
def test_a_number_is_read(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1e999", "1_000", "", "two", "0x10", "1,5"])
def test_what_is_no_finite_number_is_not_read(text):
    assert read_number(text) is None


def test_a_scenario_names_no_path():
    text = str(Scenario.model_json_schema()).lower()
    assert "filepath" not in text
    assert "'format': 'path'" not in text
