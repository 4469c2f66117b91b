"""Where a value is in the file it was read from, so that a message can name the line."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import yaml

__all__ = ["Mark", "Source"]


class Mark(NamedTuple):
    """One place in a file: the line, counted from 1; the text of a single value as written; whether it is in quotes."""

    line: int
    text: str | None
    quoted: bool


class Source:
    """The file that something was read from.

    Two sources are equal whatever they hold: where a policy was read is no part of what it says.

    Parameters
    ----------
    shown
        What to call the file in a message; empty for what was made without a file.
    text
        Its text, which has been read as plain YAML before.
    """

    def __init__(self, shown: str = "", text: str = "") -> None:
        self.shown = shown
        self.text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Source)

    def __hash__(self) -> int:
        return 0

    def mark(self, path: Sequence[str | int]) -> Mark | None:
        """Return where a path ends; a key that is missing is looked for where its mapping begins.

        Parameters
        ----------
        path
            Keys and places in lists, from the top of the file.
        """
        if not self.text:
            return None
        node: yaml.Node | None = yaml.compose(self.text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        if node is None:
            return None
        line = node.start_mark.line
        for step in path:
            if isinstance(node, yaml.MappingNode):
                found = next(((key, value) for key, value in node.value if _same(key, step)), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                found = (node.value[step], node.value[step])
            else:
                found = None
            if found is None:
                return Mark(line + 1, None, quoted=False)
            line, node = found[0].start_mark.line, found[1]
        if not isinstance(node, yaml.ScalarNode):
            return Mark(line + 1, None, quoted=False)
        return Mark(node.start_mark.line + 1, node.value, quoted=node.style in ("'", '"'))


def _same(key: yaml.Node, step: str | int) -> bool:
    return isinstance(key, yaml.ScalarNode) and unicodedata.normalize("NFC", key.value) == step
