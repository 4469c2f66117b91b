"""What is declared before a calibration: trials, roles and what is left out, as one number that a test compares.

    python -m experiments.evidence.declared      write the number of what is declared now

A trial that is changed after a calibration changes the number, so that the calibration no longer answers to it. While no
calibration is recorded, no figure that is held out may be asked of the model.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from experiments.evidence.load import BESIDE, Role, list_trials, load_roles
from experiments.evidence.trial import Trial
from sim.errors import InputError
from sim.files import find_packaged, read_mapping

__all__ = ["digest", "is_calibrated", "may_run", "recorded", "refuse_held_out"]

RECORD = "declared.txt"
CALIBRATION = Path("evidence_draws") / "record.yaml"
"""The record of a calibration, within `scenarios`."""


def _folder() -> Path:
    return find_packaged("trials", "roles").parent


def digest() -> str:
    """Return the number of all that is declared, the same for the same content however it is written."""
    trees = {name: read_mapping(find_packaged("trials", name), name) for name in (*BESIDE, *list_trials())}
    return hashlib.sha256(json.dumps(trees, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def recorded() -> str:
    """Return the number that was written when trials were declared."""
    return (_folder() / RECORD).read_text(encoding="ascii").strip()


def is_calibrated() -> bool:
    """Return whether a calibration is recorded."""
    return (_folder().parent / CALIBRATION).is_file()


def may_run(role: Role) -> bool:
    """Return whether a figure of this role may be asked of the model now."""
    return role.role != "held out" or is_calibrated()


def refuse_held_out(trial: Trial) -> None:
    """Raise where no figure of a trial may be asked of the model now.

    Raises
    ------
    InputError
        When all of them are held out and no calibration is recorded.
    """
    roles = load_roles()
    if not any(may_run(roles[figure.id]) for figure in trial.figures):
        says = "is held out until a calibration is recorded, so that it can judge it; `--declared` shows it without a run"
        raise InputError(f"{trial.name} {says}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the number of what is declared now; return the exit code."""
    from experiments.store.outputs import write_file

    write_file(_folder() / RECORD, f"{digest()}\n".encode())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
