"""Which characters a text may hold, and how any text is shown as plain text: one rule for files, terminals and tables.

A character is hidden when it prints nothing, or changes how its neighbours are read: control characters, marks of
direction, zero-width spaces, soft hyphens, blank fillers, tags, and numbers that Unicode gives no meaning to. A hidden
character in a name makes two different names look alike, and in a terminal it is a command. Three kinds are kept where
writing needs them, and are hidden anywhere else:

* the zero-width joiner and non-joiner next to the sign that silences a vowel (Hindi, Bengali, Malayalam and their
  kin), between two letters of a joined script (Arabic, Persian, Urdu, Syriac, Mongolian), and the joiner between the
  parts of an emoji;
* variation selectors after an emoji, an ideograph or a Mongolian letter;
* the tags that turn a black flag into that of England, Scotland or Wales.

Combining marks are kept everywhere.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["escaped", "first_hidden"]

_JOINERS = "\u200c\u200d"
_EMOJI_JOINER = "\u200d"
_FLAGS = re.compile("\U0001f3f4(?:\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074"
                    "|\U000e0077\U000e006c\U000e0073)\U000e007f)")  # fmt: skip
"""Black flag, then gbeng, gbsct or gbwls in tags, then the tag that ends them."""
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters, marks and symbols by their category that nevertheless print nothing."""
_VISIBLE_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
"""Marks of Arabic, Syriac and Kaithi that Unicode counts as format characters, though they are drawn."""
_JOINED_SCRIPTS = ("ARABIC", "SYRIAC", "MANDAIC", "MONGOLIAN", "NKO", "PHAGS-PA", "MANICHAEAN", "ADLAM")
_OTHER_EMOJI = frozenset("\u203c\u2049\u2139\u2194\u25fd\u25fe\u3030\u303d")
"""Emoji that Unicode counts as letters, punctuation or signs of mathematics."""
_KEYCAP = "\u20e3"


def first_hidden(text: str) -> str | None:
    r"""Return the first hidden character of a text, None where there is none; line ends and tabs are not hidden.

    Parameters
    ----------
    text
        Any text, in Unicode's composed form (NFC) where it comes from a file.

    Examples
    --------
    >>> first_hidden("Villa\u200b Nueva") == "\u200b"
    True
    >>> first_hidden("می\u200cخواهم") is None
    True
    """
    if text.isprintable():
        suspects = [at for at, each in enumerate(text) if each in _BLANKS or _is_selector(each)]
        if not suspects:
            return None
    flags = {at for found in _FLAGS.finditer(text) for at in range(*found.span())}
    return next((each for at, each in enumerate(text) if at not in flags and _is_hidden(text, at)), None)


def escaped(text: str) -> str:
    r"""Return a text on one line with each hidden character, line end and tab written out, as ``\x1b`` or ``\u200b``.

    This is how a text of unknown origin may be printed to a terminal or put into a cell of a table: nothing in it can
    move the cursor, change colours or the direction of reading, or begin a line.

    Parameters
    ----------
    text
        Any text.

    Examples
    --------
    >>> print(escaped("red \x1b[31m"))
    red \x1b[31m
    """
    if text.isprintable() and first_hidden(text) is None:
        return text
    flags = {at for found in _FLAGS.finditer(text) for at in range(*found.span())}
    hidden = (each in "\t\n" or (at not in flags and _is_hidden(text, at)) for at, each in enumerate(text))
    return "".join(ascii(each)[1:-1] if hides else each for each, hides in zip(text, hidden, strict=True))


def _is_hidden(text: str, at: int) -> bool:
    """Return whether the character at a place is hidden there; flags of tags are looked at before."""
    character = text[at]
    if character in "\t\n" or character in _VISIBLE_FORMATS:
        return False
    if character in _JOINERS:
        return not _joins(text, at)
    if _is_selector(character):
        return not _selects(text, at)
    return character in _BLANKS or unicodedata.category(character) in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")


def _is_selector(character: str) -> bool:
    return (
        "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef" or "\u180b" <= character <= "\u180f"
    )


def _joins(text: str, at: int) -> bool:
    """Return whether a joiner or non-joiner stands where a script or an emoji needs it."""
    before, after = text[:at], text[at + 1 :]
    if not before:
        return False
    if unicodedata.combining(before[-1]) == 9 or (after and unicodedata.combining(after[0]) == 9):
        return True
    base = before.rstrip("".join({each for each in before if unicodedata.combining(each)}))
    if not base or not after:
        return False
    if _is_joined(base[-1]) and _is_joined(after[0]):
        return True
    return text[at] == _EMOJI_JOINER and _is_emoji(before.rstrip("\ufe0f")[-1:]) and _is_emoji(after[0])


def _selects(text: str, at: int) -> bool:
    """Return whether a variation selector follows something that has variants."""
    character, before, after = text[at], text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if not before:
        return False
    name = unicodedata.name(before, "")
    if character in "\ufe0e\ufe0f":
        return _is_emoji(before) or (before in "#*0123456789" and after == _KEYCAP)
    if "\u180b" <= character <= "\u180f":
        return name.startswith("MONGOLIAN")
    return name.startswith("CJK ") and (character >= "\U000e0100" or character <= "\ufe02")


def _is_joined(character: str) -> bool:
    is_letter = unicodedata.category(character) in ("Lo", "Lm", "Mn")
    return is_letter and unicodedata.name(character, "").startswith(_JOINED_SCRIPTS)


def _is_emoji(character: str) -> bool:
    if not character:
        return False
    return (
        unicodedata.category(character) == "So"
        or character in _OTHER_EMOJI
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # colours of skin
    )
