"""The command: `citysafety ...` and `python -m citysafety ...`."""

from __future__ import annotations

from experiments.commands.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
