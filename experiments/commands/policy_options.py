"""The policies that a command is given: by --policy or --factor, and by --pillars, which makes one of pillars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sim.scenario import Policy

__all__ = ["Pillars", "RepeatedPillars", "how_often", "named_factors", "named_policies"]

Pillars = Annotated[
    list[str] | None,
    typer.Option(
        "--pillars",
        metavar="NAME[=LEVEL],...",
        help="Policies of pillars as one policy, each at a level up to 1: regulation=0.5,engagement; all names the four.",
    ),
]
RepeatedPillars = Annotated[
    list[str] | None,
    typer.Option(
        "--pillars",
        metavar="NAME[=LEVEL],...",
        help="Policies of pillars as one policy more, each at a level up to 1: regulation=0.5,engagement; all names the "
        "four; repeatable.",
    ),
]


def named_policies(context: typer.Context) -> list[Policy]:
    """Return the policies that --policy names, then those that --pillars makes, each in the order given."""
    from sim.scenario import load_policy

    return [*(load_policy(name) for name in context.params["policy"] or ()), *_made(context)]


def named_factors(context: typer.Context) -> tuple[Policy, ...]:
    """Return the factors that --factor names, then those that --pillars makes; the four pillars where neither is given."""
    from experiments.tradeoffs.portfolios import load_factors

    made, named = _made(context), context.params["factor"] or []
    return (*(load_factors(named) if named or not made else ()), *made)


def how_often(context: typer.Context, count: int) -> str:
    """Say how many policies are given, to a command that takes another number of them."""
    by_pillars = len(context.params["pillars"] or ())
    if not by_pillars:
        return f"--policy is given {count} times"
    return f"--pillars is given {count} times" if by_pillars == count else f"--policy and --pillars are given {count} times"


def _made(context: typer.Context) -> list[Policy]:
    from sim.scenario import pillar_policy

    return [pillar_policy(text, source="--pillars") for text in context.params["pillars"] or ()]
