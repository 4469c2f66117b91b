"""The feedback loops of the model, found and drawn from what its mechanisms declare (`sim/mechanisms.py`).

Every mechanism names its links: a cause, an effect, and whether more of the one means more (+) or less (-) of the other.
Links laid end to end that come back to where they began are a loop. The product of its signs says what it does with a
push: a reinforcing loop carries it further, a balancing loop works against it. How strong a loop is stands nowhere here;
that is found by running the city without one of its mechanisms (`--without`).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import networkx

if TYPE_CHECKING:
    from sim.mechanisms import Mechanism

__all__ = [
    "KINDS",
    "OTHER",
    "PLACED",
    "THEMES",
    "Loop",
    "find_loops",
    "fingerprint",
    "loops_table",
    "mechanisms_table",
    "parts",
    "signed_links",
    "theme_of",
]

THEMES = {
    "Flows and economy": ("flows", "markets", "labour", "trafficking"),
    "Youth": ("demography", "recruitment", "risks", "membership", "substance_use", "lock_in"),
    "Gangs": ("gangs", "rivalry", "extortion", "truces"),
    "Violence": ("homicide", "victims", "war", "carrying"),
    "Justice": ("justice", "police_units"),
    "Community": (
        "community",
        "community_groups",
        "delivery_by_groups",
        "steady_state",
        "group_conflict",
        "recovery",
        "public_services",
    ),
    "City and government": ("government", "policy_delivery", "safety_fund", "wear", "years"),
}
"""Which process files belong together; a file that is not named here comes under `OTHER`."""
OTHER = "Other"

PLACED = {
    "Youth": ("exits of women",),
    "Gangs": ("rivalry", "infighting", "arms", "gang money", "services of gangs", "order of gangs"),
    "Violence": (
        "disputes",
        "killing",
        "memory of killings",
        "lethality",
        "emergency care",
        "guns",
        "communal killing",
        "robbery",
        "vigilantes",
    ),
    "Justice": ("clearance", "reporting", "state presence"),
    "Community": ("collective efficacy", "connectedness", "deprivation", "walls"),
    "City and government": ("services", "damage", "shock", "homes with a title", "homes far away"),
}
"""Causes and effects that belong elsewhere than the files of the mechanisms which name them would have it."""

LISTED = 30
"""Loops in the table: the shortest ones, and no more than these."""
LONGEST = 8
"""Links in the longest loop that is looked for."""

MORE, LESS, EITHER = "+", "-", "±"
KINDS = {MORE: "reinforcing", LESS: "balancing", EITHER: "either way"}


class Loop(NamedTuple):
    """Links that come back to where they began."""

    nodes: tuple[str, ...]
    """What is passed, each once; the last leads back to the first."""
    signs: tuple[str, ...]
    """The sign of the link that leaves each."""

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """Its links, from cause to effect."""
        return tuple(pairwise((*self.nodes, self.nodes[0])))

    @property
    def sign(self) -> str:
        """The product of its signs: what a push comes back as."""
        if EITHER in self.signs:
            return EITHER
        return LESS if self.signs.count(LESS) % 2 else MORE

    def __str__(self) -> str:
        there = "".join(f"{node} →({sign}) " for node, sign in zip(self.nodes, self.signs, strict=True))
        return f"{there}{self.nodes[0]}".replace(LESS + ")", "−)")


# What is linked -------------------------------------------------------------------------------------------------------


def signed_links(mechanisms: Iterable[Mechanism]) -> dict[tuple[str, str], str]:
    """Return the sign of each link by its cause and effect; ± where mechanisms work both ways.

    Parameters
    ----------
    mechanisms
        The mechanisms whose links are wanted.
    """
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for mechanism in mechanisms:
        for cause, effect, sign in mechanism.links:
            found[cause, effect].add(sign)
    return {link: signs.pop() if len(signs) == 1 else EITHER for link, signs in found.items()}


def theme_of(mechanisms: Iterable[Mechanism]) -> dict[str, str]:
    """Return the theme of each cause and effect: as `PLACED`, or that of the files which mostly make it, or else read it.

    Parameters
    ----------
    mechanisms
        The mechanisms whose causes and effects are wanted.
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for mechanism in mechanisms:
        file = Path(mechanism.process).stem
        theme = next((theme for theme, files in THEMES.items() if file in files), OTHER)
        for cause, effect, _ in mechanism.links:
            votes[cause][theme] += 1
            votes[effect][theme] += 1000
    placed = {node: theme for theme, nodes in PLACED.items() for node in nodes}
    return {node: placed.get(node) or count.most_common(1)[0][0] for node, count in votes.items()}


def find_loops(mechanisms: Iterable[Mechanism], *, most: int = LISTED, longest: int = LONGEST) -> list[Loop]:
    """Return the shortest feedback loops, shorter ones first, then by name.

    Parameters
    ----------
    mechanisms
        The mechanisms whose links are followed.
    most
        How many loops to return at the most.
    longest
        Most links in a loop.
    """
    signs = signed_links(mechanisms)
    graph = networkx.DiGraph(list(signs))
    cycles: list[tuple[str, ...]] = []
    for length in range(1, longest + 1):
        cycles = [_begun_at_first(cycle) for cycle in networkx.simple_cycles(graph, length_bound=length)]
        if len(cycles) >= most:
            break
    loops = [Loop(cycle, tuple(signs[step] for step in pairwise((*cycle, cycle[0])))) for cycle in cycles]
    return sorted(loops, key=lambda loop: (len(loop.nodes), loop.nodes))[:most]


def _begun_at_first(cycle: Sequence[str]) -> tuple[str, ...]:
    """Return a cycle so that it begins at the first of its names by the alphabet."""
    start = cycle.index(min(cycle))
    return (*cycle[start:], *cycle[:start])


def parts(links: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Return a number for each cause and effect; a link is within some loop where both its ends have the same number.

    Parameters
    ----------
    links
        Causes and effects.
    """
    found = networkx.strongly_connected_components(networkx.DiGraph(list(links)))
    return {node: number for number, part in enumerate(found) for node in part}


def fingerprint(mechanisms: Iterable[Mechanism]) -> str:
    """Return 16 hexadecimal digits that stand for all links and themes; the pictures carry them.

    Parameters
    ----------
    mechanisms
        The mechanisms that are drawn.
    """
    listed = tuple(mechanisms)
    signs = sorted((*link, sign) for link, sign in signed_links(listed).items())
    text = json.dumps([signs, sorted(theme_of(listed).items())], ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


# Rows of tables -------------------------------------------------------------------------------------------------------


def mechanisms_table(mechanisms: Iterable[Mechanism]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the heading and the rows of the table of mechanisms.

    Parameters
    ----------
    mechanisms
        The mechanisms, in the order of the table.
    """
    heading = ("mechanism", "rows", "what it does", "process", "switched off by", "where its lack shows")
    return heading, [_mechanism(each) for each in mechanisms]


def _mechanism(each: Mechanism) -> tuple[str, ...]:
    off = ", ".join(f"`{parameter}` = {value:g}" for parameter, value in each.off.items())
    drives = ", ".join(f"`{name}`" for name in each.drives)
    return f"{each.title} (`{each.name}`)", ", ".join(each.rows), each.says, Path(each.process).stem, off, drives


def loops_table(mechanisms: Iterable[Mechanism]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the heading and the rows of the table of loops: the shortest, and the mechanisms that carry each.

    Parameters
    ----------
    mechanisms
        The mechanisms whose links are followed.
    """
    listed = tuple(mechanisms)
    carriers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for mechanism in listed:
        for cause, effect, _ in mechanism.links:
            carriers[cause, effect].append(f"`{mechanism.name}`")
    rows: list[tuple[str, ...]] = []
    for loop in find_loops(listed):
        carried = dict.fromkeys(name for step in loop.steps for name in carriers[step])
        rows.append((str(loop), KINDS[loop.sign], ", ".join(carried)))
    return ("loop", "what it does with a push", "mechanisms that carry it"), rows
