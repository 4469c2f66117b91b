"""What a result shows of itself: one line in a session, a table in a notebook, and its figures by name."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from sim.notebook import clipped, html_table

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["Displayed"]


class Displayed(ABC):
    """A result with a short text, a table for notebooks, and figures.

    The module that draws a result knows the result, so it is named here and loaded when a figure is asked for.
    """

    @abstractmethod
    def headline(self) -> str:
        """Return in one line what this is and how it was run."""

    @abstractmethod
    def overview(self) -> pd.DataFrame:
        """Return the table that a notebook shows."""

    @property
    @abstractmethod
    def drawn_by(self) -> str:
        """The module whose `drawings` returns what draws each figure of this result, by name."""

    @property
    def more_outcomes(self) -> tuple[str, ...]:
        """Outcomes with figures besides those that a report shows; none unless a result says so."""
        return ()

    def figures(self) -> tuple[str, ...]:
        """Return the names of the figures that `plot` draws."""
        return tuple(self._drawings())

    def plot(self, figure: str | None = None) -> Figure:
        """Draw one figure of this result.

        Parameters
        ----------
        figure
            One of `figures()`, the first when left out; or the name of an outcome for the first figure about it.

        Returns
        -------
        matplotlib.figure.Figure
            `savefig` writes it to a file; it belongs to no window.

        Raises
        ------
        InputError
            When there is no such figure.
        """
        from sim.errors import InputError, did_you_mean

        drawings = self._drawings()
        about = [name for name in drawings if figure is None or name == figure or name.endswith(f"_{figure}")]
        if not about:
            raise InputError(f"figure {figure} is not one of this result; {did_you_mean(str(figure), drawings)}")
        return drawings[figure if figure in about else about[0]]()

    def _drawings(self) -> Mapping[str, Callable[[], Figure]]:
        """Return what draws each figure, by name."""
        besides = (self.more_outcomes,) if self.more_outcomes else ()
        drawings: Mapping[str, Callable[[], Figure]] = import_module(self.drawn_by).drawings(self, *besides)
        return drawings

    def __repr__(self) -> str:
        return clipped(f"<{type(self).__name__}: {self.headline()}>")

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        table = self.overview()
        return html_table(self.headline(), [str(name) for name in table.columns], table.itertuples(index=False, name=None))
