"""Every draw of the model: a number between 0 and 1 that depends on nothing but its key.

    u = uniform(seed, decision, month, identity[, other, index])

The key says who or what the draw is for (identity, and other where two are involved), in which month, and for which
decision. The same key gives the same number under every policy, in any order, on any number of workers: that is what makes
two arms of one seed the same city with the same chance events. No generator object exists anywhere in `sim`.

Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, Parallel random numbers: as easy as 1, 2, 3). Key: the low and the
high word of the seed. Counter: (identity // 4, other, month, decision * 256 + index); the identity's remainder picks one
of the four words, so that four neighbours in the youth table share one call. u = (word + 1/2) / 2**32, never 0 or 1.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.compiled import compiled, inlined
from sim.state import Floats, Scratch

__all__ = [
    "ask",
    "fill",
    "fill_listed",
    "four",
    "philox",
    "uniform",
    "uniforms",
]

MASK = np.uint64(0xFFFFFFFF)
MULTIPLIER_0 = np.uint64(0xD2511F53)
MULTIPLIER_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint64(0x9E3779B9)
WEYL_1 = np.uint64(0xBB67AE85)
WORD = np.uint64(32)
ZERO = np.uint64(0)
ONE = np.uint64(1)
TWO = np.uint64(2)
ROUNDS = 10
SCALE = 2.0**-32

# Youths are handled in blocks of this many rows, so that a block's draws stay in the first-level cache.
BLOCK = 1024

# Months before month 0 are negative; the counter holds them shifted, so that every key is a plain unsigned word.
MONTH_SHIFT = 1 << 20

# The decisions. A number is given once and never reused: it is part of every key.
PERSON_RISK = 1
PERSON_LIFE = 2
PEERS = 8
BUILD_GANG = 9
BUILD_WHICH = 10
BUILD_TENURE = 11
BUILD_ACTIVITY = 12
ACTIVITY = 20
MOVE = 21
JOIN = 22
JOIN_WHICH = 23
PLACE_TRAINING = 24
PLACE_SCHOOL = 25
TRAINING_JOB = 26
LEADER_LOST = 30
LEADER_FOUND = 31
SPLIT = 32
SPLIT_SIDE = 33
BIRTH = 34
BIRTH_SEED = 35
MERGE = 36
VICTIM = 40
KILLER = 41
ARREST = 50
SENTENCE = 51
ARREST_CAUSE = 52
PRISON_JOIN = 53
PRISON_GANG = 54
ELECTION = 60
KILLED_RIVALRY = 61
KILLED_DISCIPLINE = 62
KILLED_IN_CITY = 63
KILLED_INSIDE = 64
VICTIM_PLACE = 65
REMOVED_FROM = 66
DEATH_BALANCE = 67
KILLER_IN_GANG = 68
KILLER_IN_STREET = 69
TRUCE_COLLAPSED = 70
YEARS_COMMON = 71
YEARS_RIVALRY = 72
KILLER_BALANCE = 73
DRUG_USE = 80
DRUG_USE_AT_FIRST = 81
GROUP_ACTIVITY = 84
GROUP_ENDED = 85
GROUP_FOUNDED = 86


@inlined
def philox(counter_0: Any, counter_1: Any, counter_2: Any, counter_3: Any, key_0: Any, key_1: Any) -> Any:
    """Turn a counter and a key into four random words.

    Parameters
    ----------
    counter_0, counter_1, counter_2, counter_3, key_0, key_1 : uint64
        Each below 2**32.

    Returns
    -------
    tuple of four uint64
        Each below 2**32, as the published test vectors of Random123 have them.
    """
    for _ in range(ROUNDS):
        product_0 = MULTIPLIER_0 * counter_0
        product_1 = MULTIPLIER_1 * counter_2
        counter_0 = (product_1 >> WORD) ^ counter_1 ^ key_0
        counter_1 = product_1 & MASK
        counter_2 = (product_0 >> WORD) ^ counter_3 ^ key_1
        counter_3 = product_0 & MASK
        key_0 = (key_0 + WEYL_0) & MASK
        key_1 = (key_1 + WEYL_1) & MASK
    return counter_0, counter_1, counter_2, counter_3


@compiled
def uniform(seed: np.uint64, decision: int, month: int, identity: int, other: int = 0, index: int = 0) -> float:
    """Return the one number that belongs to this decision of this identity in this month.

    Parameters
    ----------
    seed : uint64
    decision, month, identity, other, index : int
        Decision below 2**24, index below 256, identity and other non-negative; months may be negative.

    Returns
    -------
    float
        Strictly between 0 and 1.
    """
    words = philox(
        np.uint64(identity >> 2),
        np.uint64(other),
        np.uint64(month + MONTH_SHIFT),
        np.uint64(decision * 256 + index),
        np.uint64(seed) & MASK,
        np.uint64(seed) >> WORD,
    )
    lane = identity & 3
    if lane == 0:
        word = words[0]
    elif lane == 1:
        word = words[1]
    elif lane == 2:
        word = words[2]
    else:
        word = words[3]
    return (float(np.int64(word)) + 0.5) * SCALE


@compiled
def _make_words(words: npt.NDArray[np.uint32], seed: np.uint64, decision: int, month: int, first: int, blocks: int) -> None:
    """Write the four words of each call to four rows, and the smallest of the four to a fifth.

    Lane by lane, without a step between: a loop that the compiler can vectorise.
    """
    block = first >> 2
    key_0 = np.uint64(seed) & MASK
    key_1 = np.uint64(seed) >> WORD
    month_word = np.uint64(month + MONTH_SHIFT)
    decision_word = np.uint64(decision * 256)
    lane_0 = words[0]
    lane_1 = words[1]
    lane_2 = words[2]
    lane_3 = words[3]
    least = words[4]
    for b in range(blocks):
        w0, w1, w2, w3 = philox(np.uint64(block + b), np.uint64(0), month_word, decision_word, key_0, key_1)
        lane_0[b] = np.uint32(w0)
        lane_1[b] = np.uint32(w1)
        lane_2[b] = np.uint32(w2)
        lane_3[b] = np.uint32(w3)
        least[b] = np.uint32(min(min(w0, w1), min(w2, w3)))


@compiled
def fill(
    buffer: Floats, words: npt.NDArray[np.uint32], seed: np.uint64, decision: int, month: int, first: int, number: int
) -> int:
    """Write the numbers of the identities first .. first + number - 1 to the buffer: `uniform`, many at a time.

    Parameters
    ----------
    buffer : float64 [BLOCK + 8]
        Receives the numbers; see the returned offset.
    words : uint32 [5, BLOCK // 4 + 2]
        Scratch.
    seed : uint64
    decision, month, first, number : int
        `number` is at most BLOCK.

    Returns
    -------
    int
        Where the first identity's number is in the buffer: first % 4.
    """
    shift = first & 3
    blocks = (shift + number + 3) >> 2
    _make_words(words, seed, decision, month, first, blocks)
    for b in range(blocks):
        for lane in range(4):
            buffer[4 * b + lane] = (float(words[lane, b]) + 0.5) * SCALE
    return shift


@compiled
def fill_listed(buffer: Floats, listed: npt.NDArray[np.int32], seed: np.uint64, decision: int, month: int) -> None:
    """Write the numbers of the listed identities to the buffer, in their order: `uniform`, in a loop of vector instructions.

    Parameters
    ----------
    buffer : float64 [at least as long as the list]
    listed : int32 [identity]
    seed : uint64
    decision, month : int
    """
    key_0 = np.uint64(seed) & MASK
    key_1 = np.uint64(seed) >> WORD
    month_word = np.uint64(month + MONTH_SHIFT)
    decision_word = np.uint64(decision * 256)
    for n in range(listed.size):
        identity = np.uint64(listed[n])
        w0, w1, w2, w3 = philox(identity >> TWO, np.uint64(0), month_word, decision_word, key_0, key_1)
        low = w0 if identity & ONE == ZERO else w1
        high = w2 if identity & ONE == ZERO else w3
        word = low if identity & TWO == ZERO else high
        buffer[n] = (float(np.int64(word)) + 0.5) * SCALE


@compiled
def ask(scratch: Scratch, seed: np.uint64, decision: int, month: int, first: int, number: int, bound: float) -> int:
    """Find the identities whose number lies below a bound: the only ones worth a closer look.

    Most decisions of a month are rare, so a rule first bounds its probability and then looks at few youths in full.
    Calls whose smallest word lies too high are passed over; positions are gathered without a branch a youth.

    Parameters
    ----------
    scratch : Scratch
        `picked` receives the positions 0 .. number - 1, `luck` their numbers.
    seed : uint64
    decision, month, first, number : int
        `number` is at most BLOCK.
    bound : float

    Returns
    -------
    int
        How many were found.
    """
    words = scratch.words
    calls = scratch.calls
    picked = scratch.picked
    luck = scratch.luck
    lane_0 = words[0]
    lane_1 = words[1]
    lane_2 = words[2]
    lane_3 = words[3]
    least = words[4]
    shift = first & 3
    blocks = (shift + number + 3) >> 2
    _make_words(words, seed, decision, month, first, blocks)
    # u = (word + 1/2) / 2**32 lies below the bound where the word lies below this.
    limit = np.int64(math.ceil(bound / SCALE - 0.5))
    low = 0
    for b in range(blocks):
        calls[low] = b
        low += 1 if np.int64(least[b]) < limit else 0
    found = 0
    for n in range(low):
        b = calls[n]
        position = 4 * b - shift
        found = _pick(picked, luck, found, position, lane_0[b], limit)
        found = _pick(picked, luck, found, position + 1, lane_1[b], limit)
        found = _pick(picked, luck, found, position + 2, lane_2[b], limit)
        found = _pick(picked, luck, found, position + 3, lane_3[b], limit)
    while found > 0 and picked[found - 1] >= number:
        found -= 1
    return found


@compiled
def _pick(
    picked: npt.NDArray[np.int64], luck: npt.NDArray[np.float64], found: int, position: int, word: np.uint32, limit: np.int64
) -> int:
    """Note a position and its number; keep them, by counting on, where the word is low enough."""
    picked[found] = position
    luck[found] = (float(word) + 0.5) * SCALE
    return found + (1 if (word < limit) & (position >= 0) else 0)


@compiled
def four(seed: np.uint64, decision: int, month: int, identity: int) -> tuple[float, float, float, float]:
    """Return the four numbers that belong to this decision of this identity in this month: one call instead of four.

    A decision is either drawn by `uniform` (and `fill`) or by `four`, never by both.
    """
    key_0 = np.uint64(seed) & MASK
    key_1 = np.uint64(seed) >> WORD
    month_word = np.uint64(month + MONTH_SHIFT)
    words = philox(np.uint64(identity), np.uint64(0), month_word, np.uint64(decision * 256), key_0, key_1)
    return (
        (float(np.int64(words[0])) + 0.5) * SCALE,
        (float(np.int64(words[1])) + 0.5) * SCALE,
        (float(np.int64(words[2])) + 0.5) * SCALE,
        (float(np.int64(words[3])) + 0.5) * SCALE,
    )


def uniforms(
    seed: int, decision: int, month: int, identities: npt.NDArray[np.int64], index: int = 0
) -> npt.NDArray[np.float64]:
    """Return the numbers of many identities at once, outside compiled code: `uniform` for arrays.

    Parameters
    ----------
    seed, decision, month, index
        The rest of the key.
    identities : int64 [n]

    Returns
    -------
    float64 [n]
    """
    # Four neighbours share a call, so each call is made once.
    calls, place = np.unique(identities >> 2, return_inverse=True)
    ones = np.ones(calls.shape, dtype=np.uint64)
    words = philox(
        calls.astype(np.uint64),
        ones * np.uint64(0),
        ones * np.uint64(month + MONTH_SHIFT),
        ones * np.uint64(decision * 256 + index),
        ones * (np.uint64(seed) & MASK),
        ones * (np.uint64(seed) >> WORD),
    )
    picked = np.stack(words)[identities & 3, place]
    return (picked.astype(np.float64) + 0.5) * SCALE
