"""The rows of a Sobol' design, made when they are asked for: of each block only its two ends are kept.

A block is A, A with each group in turn of B, with pairs also B with each group in turn of A, then B. So a row is told by its
block and by which of its factors come from B: a study of a thousand blocks over four hundred factors is kept in megabytes,
and would be gigabytes written out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.comparison.paired import Floats

__all__ = ["LevelRows", "SobolRows"]


class SobolRows:
    """The points of the unit cube of all rows, float64 [row, factor]; every block comes once for each of its futures.

    Parameters
    ----------
    ends
        float64 [block, 2, factor that is drawn]: A and B of each block.
    groups
        The group of each factor that is drawn.
    second_order
        Whether blocks have rows for pairs.
    drawn
        Places of these factors among all.
    chance
        float64 [block, future]: where the others stand, in each of the block's futures.
    width
        How many factors there are.
    """

    def __init__(
        self,
        ends: Floats,
        groups: Sequence[str],
        *,
        second_order: bool,
        drawn: Sequence[int],
        chance: Floats,
        width: int,
    ) -> None:
        self._ends = ends
        self._drawn = list(drawn)
        self._chance = chance
        of_group = np.array([[group == name for group in groups] for name in dict.fromkeys(groups)])
        none, every = (np.full((1, len(groups)), value) for value in (False, True))
        self._from_b = np.concatenate([none, of_group, *([~of_group] if second_order else []), every])
        """[row of a block, factor that is drawn]: whether it comes from B."""
        self.shape = (chance.size * len(self._from_b), width)

    @property
    def block(self) -> int:
        """How many rows a block has."""
        return len(self._from_b)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, where: Any) -> Floats:
        """Return some rows written out; a second index chooses among their columns."""
        rows, columns = where if isinstance(where, tuple) else (where, slice(None))
        wanted: NDArray[np.int64] = np.arange(len(self))[rows]
        turn, place = np.divmod(wanted, self.block)
        block, future = np.divmod(turn, self._chance.shape[1])
        a, b = self._ends[block, 0], self._ends[block, 1]
        found = np.empty((*wanted.shape, self.shape[1]))
        found[...] = self._chance[block, future][..., None]
        found[..., self._drawn] = np.where(self._from_b[place], b, a)
        chosen: Floats = found[..., columns]
        return chosen

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Floats:
        """Return all rows written out."""
        return np.asarray(self[:], dtype=dtype)


class LevelRows:
    """The points of a design whose coordinates take few values, such as Morris's: a byte each, written out when asked for.

    Parameters
    ----------
    unit
        float64 [row, factor], of at most 256 different values.
    """

    def __init__(self, unit: Floats) -> None:
        self._levels, codes = np.unique(unit, return_inverse=True)
        if self._levels.size > np.iinfo(np.uint8).max + 1:
            raise ValueError(f"{self._levels.size} levels do not go into a byte")
        self._codes = codes.reshape(unit.shape).astype(np.uint8)
        self.shape = unit.shape

    def __len__(self) -> int:
        return len(self._codes)

    def __getitem__(self, where: Any) -> Floats:
        """Return some rows written out; a second index chooses among their columns."""
        found: Floats = self._levels[self._codes[where]]
        return found

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Floats:
        """Return all rows written out."""
        return np.asarray(self[:], dtype=dtype)
