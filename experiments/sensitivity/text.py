"""A sensitivity study as text: which parameters drive the results, how sure that is, and which of them are judgements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from experiments.comparison.findings import BY_NAME, list_words, reading, significant, within
from experiments.comparison.text import aligned
from experiments.comparison.windows import said_months
from experiments.sensitivity.estimators import NESTED, Method
from experiments.sensitivity.factors import DUMMY, SEED
from experiments.sensitivity.influence import GATES, INFLUENTIAL, legend
from experiments.sensitivity.tables import QUANTITIES, Sensitivity

__all__ = ["INDEX_WORDS", "is_share", "judgement_lines", "shown_index", "study_text", "unit_of"]

SHOWN = 8
"""Factors listed for each quantity."""
ENOUGH_TRAJECTORIES = 8
"""Morris trajectories below which a reader is warned."""

INDEX_WORDS: dict[Method, str] = {
    "sobol": "total index: share of the variance of the expected outcome, interactions included",
    "morris": "mean elementary effect over the whole range",
    "shapley": "Shapley share of the variance of the expected outcome",
    "pawn": "PAWN median distance, 0 to 1",
    "delta": "shift of the density, 0 to 1",
    "rbd-fast": "first-order index: share of the variance of the expected outcome that each explains alone",
}
"""What the main index of each method is."""


def is_share(method: Method) -> bool:
    """Whether a method's main index is a share of the variance."""
    return method in ("sobol", "shapley", "rbd-fast")


def study_text(study: Sensitivity) -> str:
    """Return what a study found, as lines for a terminal, the screening first.

    Parameters
    ----------
    study
        What was found.

    Returns
    -------
    str
        Without an end of line after the last.
    """
    blocks = []
    if study.screening is not None:
        kept = [factor.name for factor in study.design.factors if factor.name not in (SEED, DUMMY)]
        many = len(study.screening.design.factors) - 2
        blocks.append(
            f"Screening: {study.screening.runs} runs of a Morris design over {many} factors; passed on, since they moved a\n"
            f"level or an effect most and stand above the dummy: {', '.join(kept)}."
        )
    blocks.append(_heading(study))
    for outcome in study.outcomes:
        blocks += [_block(study, outcome, quantity) for quantity in study.quantities]
    blocks.append("\n".join([*study.notes, *judgement_lines(study), *_reading_help(study)]))
    return "\n\n".join(blocks)


def unit_of(study: Sensitivity, outcome: str, quantity: str) -> tuple[float, str]:
    """Return what figures of a quantity are multiplied with to be shown, and their unit then."""
    if quantity == "relative_effect":
        return 100.0, "% of the level without"
    shown = reading(BY_NAME[outcome], study.city.currency)
    return shown.factor, shown.change if quantity == "effect" else shown.unit


def shown_index(study: Sensitivity, outcome: str, quantity: str) -> tuple[float, str]:
    """Return what a main index is multiplied with to be shown, and its unit then."""
    if is_share(study.method):
        return 100.0, "% of the variance"
    if study.method == "morris":
        return unit_of(study, outcome, quantity)
    return 1.0, "0 to 1"


def judgement_lines(study: Sensitivity) -> list[str]:
    """Say in words what of the study rests on judgement: the factors varied, those that matter, and all ranges."""
    statuses = {factor.name: factor.status for factor in study.design.factors if factor.kind == "parameter"}
    if not statuses:
        return ["What was varied are measures or mechanisms, not parameters; the parameters stand at their values."]
    judged = [name for name, status in statuses.items() if status == "judgement"]
    influential = list(dict.fromkeys(study.indices.loc[study.indices["verdict"] == INFLUENTIAL, "factor"]))
    guessed = [name for name in influential if name in judged]
    lines = [
        f"{len(judged)} of the {len(statuses)} parameters varied rest on judgement, the others on literature or a fit. "
        "A range is what evidence spans, or where the equation is valid, and is itself a choice: a wider range makes a "
        "factor more influential."
    ]
    if guessed:
        lines.append(f"Influential here and resting on judgement, so worth measuring first: {list_words(guessed)}.")
    elif influential:
        lines.append("None of the parameters that are influential here rests on judgement.")
    return lines


def _heading(study: Sensitivity) -> str:
    policy = "no policy" if study.policy is None else f"no policy and {within(study.policy.title)}, paired"
    varied = len(study.design.factors) - 2
    return (
        f"{study.city.title}, {said_months(study.months, study.window)}, scale {study.scale:g}: {policy}\n"
        f"{study.method}, {study.design.samples} samples over {varied} factors, the seed and a dummy: {study.runs} runs"
    )


def _block(study: Sensitivity, outcome: str, quantity: str) -> str:
    table = study.of(outcome, quantity)
    if table.empty:
        return f"{BY_NAME[outcome].title}, {QUANTITIES[quantity]}: cannot be computed, see below."
    factor, unit = unit_of(study, outcome, quantity)
    noise = _row(study.noise, outcome, quantity)
    level = (
        f"mean {significant(noise['mean'] * factor)}, standard deviation {significant(noise['deviation'] * factor)} {unit}"
    )
    lines = [f"{BY_NAME[outcome].title}, {QUANTITIES[quantity]}: {level}"]
    if table["index"].isna().all():
        return "\n".join([*lines, f"  {table['verdict'].iloc[0]}"])
    lines.append(f"  {_noise_words(noise)}")
    times, index_unit = shown_index(study, outcome, quantity)
    rows = []
    own = table[~table["factor"].isin((SEED, DUMMY))].head(SHOWN)
    for each in own.to_dict("records"):
        interval = f"({significant(each['low'] * times)} to {significant(each['high'] * times)})"
        rows.append((f"  {each['factor']}", significant(each["index"] * times), interval, each["verdict"], each["status"]))
    lines += [
        f"  {INDEX_WORDS[study.method]}, {index_unit}:",
        *aligned([("  factor", "index", "(95 % interval)", "verdict", "known from"), *rows]),
    ]
    left = len(table) - 2 - len(own)
    if left:
        lines.append(f"  and {left} more")
    lines.append(f"  {_settled_words(study, _row(study.convergence, outcome, quantity))}")
    return "\n".join(lines)


def _noise_words(noise: dict[str, Any]) -> str:
    said = f"chance carries {noise['share']:.0%} of the variance between runs ({noise['low']:.0%} to {noise['high']:.0%})"
    if noise["interacts"]:
        return f"{said}, more of it in some settings than in others: the seed interacts"
    return said


def _settled_words(study: Sensitivity, settled: dict[str, Any]) -> str:
    ranks = f"the same five on top in {settled['ranks']:.0%} of resamples"
    if not is_share(study.method):
        return f"{'ranks have settled' if settled['converged'] else 'ranks have not settled'}: {ranks}"
    if settled["converged"]:
        return f"converged: {ranks}, intervals {settled['width']:.2f} wide at most"
    wanted = f"asked {GATES.width:g}, {GATES.change:g} and {GATES.ranks:.0%}"
    return (
        f"not converged, sizes are rough: widest interval {settled['width']:.2f}, change from half the sample "
        f"{settled['change']:.2f}, {ranks} ({wanted})"
    )


def _reading_help(study: Sensitivity) -> Sequence[str]:
    lines = [f"In brackets: 95 % interval. {legend(study.method)}"]
    if study.method not in NESTED:
        lines.append(
            f"The intervals of {study.method} rank factors and have not been tested against known results; "
            "sizes to report come from sobol or shapley."
        )
    morris = study.screening if study.method != "morris" else study
    if morris is not None and morris.design.samples < ENOUGH_TRAJECTORIES:
        lines.append(
            f"Only {morris.design.samples} Morris trajectories: with fewer than {ENOUGH_TRAJECTORIES} a factor that matters "
            "may be missed by chance."
        )
    return [*lines, "In this model; no forecast."]


def _row(table: Any, outcome: str, quantity: str) -> dict[str, Any]:
    found: dict[str, Any] = table[(table["outcome"] == outcome) & (table["quantity"] == quantity)].to_dict("records")[0]
    return found
