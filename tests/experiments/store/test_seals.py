"""A file's own hash: it holds however the file is read, and for no other bytes."""

from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from experiments.store.seals import NO_SEAL, seal, seal_holds

CONTENT = st.binary(max_size=200)
CUTS = st.lists(st.integers(0, 432), max_size=8)


def pieces(content, cuts):
    ends = [0, *sorted(cut for cut in cuts if cut < len(content)), len(content)]
    return [content[first:last] for first, last in pairwise(ends)]


def said(content, before):
    return content[len(before) : len(before) + len(NO_SEAL)].decode()


def one_place(before, after):
    """Whether the hash has one place, and that is where `before` ends: bytes that end or begin like it make others."""
    whole = before + NO_SEAL.encode() + after
    return whole.find(NO_SEAL.encode()) == whole.rfind(NO_SEAL.encode()) == len(before)


@given(before=CONTENT, after=CONTENT, cuts=CUTS)
def test_a_sealed_file_holds_in_whatever_pieces_it_is_read(before, after, cuts):
    assume(one_place(before, after))
    sealed = seal(before + NO_SEAL.encode() + after)
    assert seal_holds([sealed], said(sealed, before))
    assert seal_holds(pieces(sealed, cuts), said(sealed, before))


@given(before=CONTENT, after=CONTENT, cuts=CUTS, data=st.data())
def test_a_changed_byte_a_second_hash_and_a_missing_one_are_seen(before, after, cuts, data):
    assume(one_place(before, after))
    sealed = seal(before + NO_SEAL.encode() + after)
    own = said(sealed, before)
    place = data.draw(st.integers(0, len(sealed) - 1))
    changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
    assert not seal_holds(pieces(changed, cuts), own)
    assert not seal_holds(pieces(sealed + own.encode(), cuts), own)
    assert not seal_holds(pieces(before + after, cuts), own)
    assert not seal_holds(pieces(sealed, cuts), own[:-1])
