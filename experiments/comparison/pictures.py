"""The figures of a comparison, or of a run, as files: each is drawn and rendered once, for its folder and for the page."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.comparison import figures, level_figures

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from experiments.comparison.compare import Comparison

__all__ = ["Pictures"]


class Pictures:
    """The figures of a comparison, or of a run without a policy; none is drawn before it is asked for, and none twice.

    Parameters
    ----------
    comparison
        What was compared, or run.
    """

    def __init__(self, comparison: Comparison) -> None:
        self._draw = figures.drawings(comparison) if comparison.policies else level_figures.drawings(comparison)
        self.figure = cache(self._figure)
        self.rendered = cache(self._rendered)

    def _figure(self, name: str) -> Figure:
        """Return a figure by the name under which it is saved."""
        return self._draw[name]()

    def _rendered(self, name: str, form: str) -> bytes:
        """Return a figure as the bytes of a file, "png" or "svg"."""
        return figures.rendered(self.figure(name), form)

    def save(self, folder: Path) -> list[Path]:
        """Write every figure as PNG and as SVG into a folder, made if missing, and return their paths, in order."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for name in self._draw:
            for form in ("png", "svg"):
                path = folder / f"{name}.{form}"
                path.write_bytes(self.rendered(name, form))
                paths.append(path)
        return paths
