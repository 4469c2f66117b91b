"""The tables of the page on trials, made from the trials and their roles; what is held out is named without its figure."""

from __future__ import annotations

from experiments.evidence.load import list_trials, load_left_out, load_roles, load_trial
from experiments.evidence.trial import Figure, Trial, error_of, how_known

__all__ = ["left_out_table", "published_table", "trials_table"]

type Table = tuple[list[str], list[list[str]]]


def _trials() -> list[Trial]:
    """Return all trials, by pillar and within it by their first figure."""
    trials = [load_trial(name) for name in list_trials()]
    return sorted(trials, key=lambda trial: "REGS".index(trial.figures[0].id[0]))


def trials_table() -> Table:
    """Return the heading and a row for each trial: design, city, role, what was seen, and what is asked of the model."""
    roles = load_roles()
    heading = ["trial", "what", "figures", "design", "city", "role", "seen", "asked of the model"]
    rows = []
    for trial in _trials():
        asked = [figure for figure in trial.figures if figure.run is not None]
        by = ", ".join(dict.fromkeys(figure.run.estimator for figure in asked if figure.run is not None))
        ids = ", ".join(figure.id for figure in trial.figures)
        seen = ", ".join(dict.fromkeys(source.seen for source in trial.sources.values()))
        role, design = roles[trial.figures[0].id].role, f"{trial.design}, {trial.quality}"
        told = f"{len(asked)} of {len(trial.figures)}: {by}" if asked else "no"
        rows.append([f"`{trial.name}`", trial.title, ids, design, f"`{trial.city}`", role, seen, told])
    return heading, rows


def published_table() -> Table:
    """Return the heading and a row for each figure that is not held out, with its published size and error."""
    roles = load_roles()
    rows = [
        [
            figure.id,
            figure.says,
            figure.scale,
            _size(figure),
            how_known(figure),
            f"{error_of(figure):.2f}",
            figure.discrepancy,
        ]
        for trial in _trials()
        for figure in trial.figures
        if roles[figure.id].role != "held out"
    ]
    return ["figure", "what", "scale", "published", "error from", "error", "discrepancy"], rows


def _size(figure: Figure) -> str:
    ends = "" if figure.interval is None else f" ({figure.interval[0]:g} to {figure.interval[1]:g})"
    return f"{figure.value:g}{ends}"


def left_out_table() -> Table:
    """Return the heading and a row for each figure and study that is in no trial, with the reason."""
    roles, left_out = load_roles(), load_left_out()
    rows = [[f"{name}: {roles[name].of}", reason] for name, reason in left_out.figures.items()]
    rows += [[study, " ".join(reason.split())] for study, reason in left_out.studies.items()]
    return ["left out", "why"], rows
