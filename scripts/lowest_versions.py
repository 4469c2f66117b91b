"""Print a constraint for each package that pyproject.toml names: the lowest version that it allows.

    python scripts/lowest_versions.py EXTRAS        EXTRAS such as dev,maps

What these packages need besides is left to pip.
"""

import re
import sys
import tomllib
from pathlib import Path

NAME = re.compile(r"[A-Za-z0-9._-]+")
LOWEST = re.compile(r">=\s*([0-9][0-9A-Za-z.]*)")


def lowest(requirement: str) -> str:
    """Return `name==version` for a requirement with a lower bound.

    Raises
    ------
    ValueError
        If the requirement has no lower bound.
    """
    name, bound = NAME.match(requirement), LOWEST.search(requirement)
    if name is None or bound is None:
        raise ValueError(f"pyproject.toml: {requirement!r} has no lower bound; write name>=version")
    return f"{name[0]}=={bound[1]}"


def main() -> None:
    """Print the constraints of the project and of the extras that are named."""
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    chosen = [extra for extra in sys.argv[1].split(",") if extra] if len(sys.argv) > 1 else []
    for requirement in [*project["dependencies"], *(each for extra in chosen for each in extras[extra])]:
        print(lowest(requirement))


if __name__ == "__main__":
    main()
