"""The command `citysafety`: its table of commands, and how anything that goes wrong becomes one line and a code.

Codes: 0 done; 1 something failed (a future, a claim, doctor's check); 2 the input cannot be used;
3 a fit has not converged; 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from experiments.commands import (
    ablate,
    case,
    catalogue,
    diagnose,
    doctor,
    factorial,
    fit,
    folders,
    sensitivity,
    simulate,
    store,
    streams,
    sweep,
    tradeoffs,
    trial,
    upgrade,
    worker,
)
from experiments.execution import interrupts
from experiments.execution.runner import Cancelled
from sim.added_measures import restored

__all__ = ["app", "command", "main", "run_command"]

app = typer.Typer(
    name="citysafety",
    help="Compare policies for city safety: their effects on homicide and criminal governance in a simulated city.",
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("list")(catalogue.list_kind)
app.command("show")(catalogue.show)
app.command("run")(simulate.run)
app.command("compare")(simulate.compare)
app.command("new-city")(folders.new_city)
app.command("fit")(fit.fit)
app.command("report")(folders.report)
app.command("case")(case.case)
app.command("trial")(trial.trial)
app.command("ablate")(ablate.ablate)
app.command("diagnose")(diagnose.diagnose)
app.command("doctor")(doctor.doctor)
app.command("sensitivity")(sensitivity.sensitivity)
app.command("factorial")(factorial.factorial)
app.command("tradeoffs")(tradeoffs.tradeoffs)
app.command("sweep")(sweep.sweep)
app.add_typer(store.app, name="store")
app.command("upgrade")(upgrade.upgrade)
app.command("worker")(worker.worker)


@app.callback(invoke_without_command=True)
def _start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    if version:
        import importlib.metadata

        print(f"citysafety {importlib.metadata.version('citysafety')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())


@functools.cache
def command() -> Callable[..., Any]:
    """Return the command with all that belongs to it, which takes longer to build than most commands to run."""
    return typer.main.get_command(app)


def main() -> None:
    """Run the command that the arguments of this process ask for, and exit with its code."""
    streams.open_streams()
    _prepare_matplotlib()
    sys.exit(streams.close_streams(run_command(sys.argv[1:])))


def _prepare_matplotlib() -> None:
    """Let nothing of this person's settings of matplotlib end a run, or add lines to what we say.

    Our figures are files: no window is ever opened. Where matplotlib cannot write its own folder it takes a temporary one.
    """
    import logging

    os.environ["MPLBACKEND"] = "agg"
    logging.getLogger("matplotlib").setLevel(logging.ERROR)


def run_command(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; whatever is wrong is said in one line on the error stream.

    Parameters
    ----------
    arguments
        What follows `citysafety`.

    Returns
    -------
    int
        See the top of this file.
    """
    try:
        # What a plugin adds, it adds to this command alone.
        with restored(), interrupts.noted():
            code = command()(list(arguments), standalone_mode=False, prog_name="citysafety", obj=list(arguments))
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):
        # Whoever read our output has seen enough (typer turns that into SystemExit); nothing may complain at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except (Cancelled, KeyboardInterrupt, typer.Abort) as stopped:
        if isinstance(stopped.__cause__, EOFError):
            # The library of the command takes every end of a file for the end of what a person types; nobody types here.
            raise stopped.__cause__ from None
        return _say(str(stopped) or "stopped; nothing was written", 130)
    except Exception as error:
        return _explain(error)
    if code == 130:
        return _say("stopped; nothing was written", 130)
    return code if isinstance(code, int) else 0


def _explain(error: Exception) -> int:
    """Say what is wrong in one line where it is an answer, and raise it again where it is a fault of the program."""
    if hasattr(error, "format_message"):
        asked = getattr(getattr(error, "ctx", None), "command_path", "citysafety")
        if isinstance(error, typer.BadParameter) and error.message:
            return _say(error.message, 2)
        return _say(f"{error.format_message().rstrip('.')}; see {asked} --help", 2)

    from sim.errors import InputError

    if isinstance(error, InputError):
        return _say(str(error), 2)

    from experiments.execution.runner import FailedJobsError

    if isinstance(error, FailedJobsError):
        return _say(str(error), 1)
    raise error


def _say(line: str, code: int) -> int:
    """Print one line on the error stream and return the code."""
    print(f"citysafety: {line}", file=sys.stderr)
    return code


if __name__ == "__main__":
    main()
