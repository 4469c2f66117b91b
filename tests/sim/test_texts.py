"""No character hides in a name, none that writing needs is lost, and whatever is printed stays on its line."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.files import parse_mapping
from sim.texts import escaped, first_hidden

NEEDED = {
    "Persian": "می\u200cخواهم",
    "Hindi": "क्\u200dष",
    "Bengali": "র\u200d্যাব",
    "Malayalam at the end": "അവന്\u200d",
    "Sinhala": "ශ්\u200dරී",
    "Mongolian": "ᠮᠣᠩᠭᠣᠯ\u180e\u1820",
    "family": "👩\u200d👩\u200d👧",
    "profession with a colour of skin": "👩🏽\u200d⚕\ufe0f",
    "rainbow": "🏳\ufe0f\u200d🌈",
    "Scotland": "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "keycap": "1\ufe0f\u20e3",
    "heart": "❤\ufe0f",
    "Katsushika": "葛\U000e0100飾",
    "Vietnamese": "Đà Nẵng",
    "mark that has no composed form": "M\u0304unich x\u0323",
    "Arabic": "شارع الحمرا",
    "lines": "one\n\ttwo",
    "no-break space": "14\u00a0000",
}
HIDDEN = {
    "zero-width space": "Villa\u200b Nueva",
    "joiner between Latin letters": "Villa\u200dNueva",
    "non-joiner between Latin letters": "Villa\u200cNueva",
    "joiner at the start": "\u200dVilla",
    "non-joiner at the end": "می\u200c",
    "byte-order mark within": "Villa\ufeffNueva",
    "soft hyphen": "Vil\u00adla",
    "word joiner": "Villa\u2060Nueva",
    "mark of direction": "Villa\u200fNueva",
    "reordering": "Villa\u202eNueva",
    "isolate": "Villa\u2066Nueva",
    "escape": "\x1b[31mVilla",
    "bell": "Villa\x07",
    "delete": "Villa\x7f",
    "carriage return": "Villa\rNueva",
    "next line": "Villa\x85",
    "line separator": "Villa\u2028",
    "tag": "Villa\U000e0041",
    "tags after a flag that spell something else": "🏴\U000e0068\U000e0069\U000e007f",
    "variation selector after a letter": "Villa\ufe0f",
    "selector of ideographs after a letter": "Villa\U000e0101",
    "filler": "\u3164",
    "halfwidth filler": "\uffa0",
    "grapheme joiner": "Vil\u034fla",
    "blank of Braille": "\u2800",
    "private use": "Villa\ue000",
    "last private use": "\U0010fffd",
    "not assigned": "Villa\u0378",
    "no character": "Villa\ufdd0",
    "half of a pair": "Villa\ud800",
    "invisible plus": "Villa\u2064",
}


@pytest.mark.parametrize("text", NEEDED.values(), ids=NEEDED)
def test_what_writing_needs_is_kept(text):
    assert first_hidden(text) is None
    if "\n" not in text:
        assert escaped(text) == text
        assert parse_mapping(f'title: "{text}"', "x.yaml")["title"] == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("text", HIDDEN.values(), ids=HIDDEN)
def test_what_hides_is_refused_where_names_are_read_and_written_out_where_they_are_shown(text):
    hidden = first_hidden(text)
    assert hidden is not None
    shown = escaped(text)
    assert hidden not in shown
    assert ascii(hidden)[1:-1] in shown
    quoted = "".join(f"\\U{ord(each):08X}" for each in text)
    with pytest.raises(InputError, match=r"^x\.yaml: "):
        parse_mapping(f'title: "{quoted}"', "x.yaml")
    with pytest.raises(InputError, match=r"^x\.yaml: "):
        parse_mapping(f'"{quoted}": 1', "x.yaml")


def test_every_invisible_character_of_unicode_is_hidden_alone():
    visible = {0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
    kinds = ("Cc", "Cf", "Co", "Cs")
    looked_at = (*range(0x20000), *range(0xE0000, 0xF0100), sys.maxunicode - 2)
    found = [code for code in looked_at if unicodedata.category(chr(code)) in kinds]
    let_in = {code for code in found if first_hidden(chr(code)) is None}
    assert let_in == visible & set(found) | {0x09, 0x0A}


@given(st.text())
def test_what_is_shown_stays_on_its_line_and_hides_nothing(text):
    shown = escaped(text)
    assert first_hidden(shown) is None
    assert not set("\n\t\r") & set(shown)
    assert escaped(shown) == shown
