"""How the verdict on a clause is worked out, from the table, the marks of tests and the claims of cases."""

import pytest

from experiments.publish.coverage import Row, Table, judged, marks, not_borne_out, page, quoted, sentence

A_TEST = "tests/test_made.py::test_a"


def verdicts(row, carried=(), refuted=(), failing=None):
    """The verdict and reason of each clause of one row, carried by tests of these clauses."""
    table = Table(later=(), failing=failing or {}, formulas={}, rows={"E01": Row.model_validate(row)})
    found = judged(table, {clause: [A_TEST] for clause in carried}, dict.fromkeys(refuted, "Not enough."))
    return [(each.verdict, each.why) for each in found]


ROW = {"holds": "a thing", "asks": "one falls; | another\nrises"}


def test_clauses_are_the_parts_between_bars_without_the_mark_at_the_end():
    assert Row.model_validate(ROW).clauses() == ["one falls", "another rises"]


def test_what_a_test_or_a_claim_carries_is_shown():
    assert verdicts(ROW | {"claims": {2: ["C01a"]}}, ["E01.1"]) == [("shown", ""), ("shown", "")]


@pytest.mark.parametrize("kind", ["weaker", "wired", "not_shown"])
def test_what_is_declared_is_what_is_told(kind):
    told = verdicts(ROW | {kind: {2: "because"}}, ["E01.1", "E01.2"])
    assert told == [("shown", ""), (kind.replace("_", " "), "because")]


@pytest.mark.parametrize("kind", ["weaker", "wired"])
def test_a_test_that_fails_shows_nothing_whatever_is_declared(kind):
    failing = {"tests/test_made.py": {"test_a": "2 % [1, 3], 5 asked"}}
    told = verdicts(ROW | {kind: {2: "because"}}, ["E01.1", "E01.2"], failing=failing)
    assert told == [("not shown", "2 % [1, 3], 5 asked")] * 2


def test_a_claim_that_does_not_hold_shows_nothing_even_beside_one_that_does():
    told = verdicts(ROW | {"claims": {1: ["C01a", "C01b"], 2: ["C01b"]}}, refuted=["C01a"])
    assert told == [("not shown", "C01a: Not enough"), ("shown", "")]
    told = verdicts(ROW | {"claims": {1: ["C01a", "C01b"], 2: ["C01c"]}}, refuted=["C01a", "C01b"])
    assert told == [("not shown", "C01a: Not enough; C01b: Not enough"), ("shown", "")]


def test_nothing_of_a_row_is_shown_that_the_model_does_not_have():
    assert verdicts(ROW | {"absent": True}) == [("not shown", "not in the model")] * 2


def test_a_clause_without_test_or_reason_is_refused():
    with pytest.raises(ValueError, match=r"E01\.2 has no test, no claim and no reason"):
        verdicts(ROW, ["E01.1"])


def test_a_clause_that_is_declared_in_two_ways_is_refused():
    with pytest.raises(ValueError, match=r"E01\.1 is declared in two ways"):
        verdicts(ROW | {"weaker": {1: "less"}, "wired": {1: "a formula"}}, ["E01.1", "E01.2"])


def test_a_word_that_the_table_does_not_know_is_refused():
    with pytest.raises(ValueError, match="shown"):
        Row.model_validate(ROW | {"shown": {1: "yes"}})


def test_marks_are_read_from_the_files_of_tests(tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_made.py").write_text(
        'import pytest\n\n\n@pytest.mark.validate\n@pytest.mark.shows("E01.1", "E02.1")\ndef test_a():\n    pass\n\n\n'
        '@pytest.mark.shows("E01.1")\ndef test_b():\n    pass\n\n\ndef test_c():\n    pass\n',
        "utf-8",
    )
    assert marks(tmp_path) == {"E01.1": [A_TEST, "tests/test_made.py::test_b"], "E02.1": [A_TEST]}


def test_a_file_without_a_list_of_claims_that_fail_is_refused(tmp_path):
    (tmp_path / "made.py").write_text("OTHER = {}\n", "utf-8")
    with pytest.raises(ValueError, match="has no NOT_BORNE_OUT"):
        not_borne_out(tmp_path / "made.py")


def test_the_page_tells_words_verdict_reason_and_test_of_each_clause():
    rows = {
        "E01": Row.model_validate(ROW | {"files": ["sim/month.py"], "mechanisms": ["jobs"], "wired": {2: "a formula."}}),
        **{row: Row(holds="more", asks="all", absent=True) for row in ("P-R1", "C01", "A01", "I01")},
    }
    table = Table(later=("A01", "I01"), failing={}, formulas={}, rows=rows)
    found = judged(table, {"E01.1": [A_TEST]}, {})
    text = page(table, found)
    assert "| all rows | 5 | 6 | 1 | 0 | 1 | 4 | 17 % |" in text
    assert "| all but A01 and I01 | 3 | 4 | 1 | 0 | 1 | 2 | 25 % |" in text
    assert "| **E01** | **a thing** | 1 of 2 shown | `sim/month.py` (*jobs*) |" in text
    assert f"| E01.1 | one falls | shown | `{A_TEST}` |" in text
    assert "| E01.2 | another rises | wired: a formula |  |" in text
    assert "| A01.1 | all | not in the model |" in text
    assert sentence(table, found).startswith("Of the 6 clauses in 5 rows that the framework documents ask for, 1 are shown;")


def test_the_readme_is_left_as_it_is_but_for_what_it_quotes():
    before = "# One\n<!-- shown -->\nold\n<!-- end of shown -->\nrest\n"
    assert quoted(before, "new\n") == before.replace("old", "new")
    for wrong in ("no marks", before + before):
        with pytest.raises(ValueError, match="not once"):
            quoted(wrong, "new\n")
