"""Outcomes of the user's own as tables and texts name them: they have no title, unit or better side, only a name."""

from __future__ import annotations

from sim.outcomes import Outcome

__all__ = ["OutcomesByName", "own_outcome"]


def own_outcome(name: str) -> Outcome:
    """Return how an outcome of the user's own is described.

    No effect in it is too small to matter, for nobody said how large one must be.
    """
    return Outcome(
        name=name,
        title=name.replace("_", " ").capitalize(),
        unit="in its own unit",
        better="neither",
        weight="sum",
        says="An outcome of the user's own.",
        least=0.0,
    )


class OutcomesByName(dict[str, Outcome]):
    """Outcomes by name: those of the model, which it holds, and any other as one of the user's own."""

    def __missing__(self, name: str) -> Outcome:
        """Return the description of an outcome that the model does not have."""
        return own_outcome(name)
