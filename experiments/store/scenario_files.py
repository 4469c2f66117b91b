"""The file of a scenario, scenario.yaml: a command writes it into the folder of its results, and runs it when given it.

    schema:     2, the number of the form of the file
    city, policies, shocks, months, replications, seed, scale, parameters, without     as in `sim.scenario.Scenario`
    study:      command (which command it is for), then the own options of that study
    plugins:    names and hashes of what was used of plugins (`experiments.store.plugins_used`)

A file never loads code: a plugin has to be given to the command beside the file that names its hash.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.execution.extensions import NOTHING_MORE, Extensions
from experiments.store.plugins_used import check_used, used_code, used_measures
from sim.errors import InputError, show
from sim.files import check_file, parse_mapping, read_text
from sim.renamed import SCHEMA
from sim.scenario import Scenario

__all__ = ["NAME", "ScenarioFile", "find_scenario_file", "read_scenario_file", "scenario_text"]

NAME = "scenario.yaml"
"""What the file is called in a folder of results."""


@dataclass(frozen=True, kw_only=True)
class ScenarioFile:
    """A file that was read and checked.

    Attributes
    ----------
    scenario
        What is run.
    study
        The study's own options as they are in the file, not checked yet; `command` says whose they are.
    plugins
        What the study used of plugins; measures are loaded, outcomes and a rule of the user's own are not looked for yet
        (`experiments.store.plugins_used.check_code`).
    shown
        What to call the file in a message.
    text
        The whole text of the file.
    """

    scenario: Scenario
    study: Mapping[str, Any]
    plugins: Sequence[Mapping[str, Any]]
    shown: str
    text: str


def scenario_text(scenario: Scenario, study: Mapping[str, Any], extensions: Extensions = NOTHING_MORE) -> str:
    """Return a scenario and a study's own options as YAML that `read_scenario_file` reads.

    Parameters
    ----------
    scenario
        What was run, with the scale that was used.
    study
        The command and its own options, as plain values.
    extensions
        Outcomes and a rule of the user's own, whose names and hashes are written.
    """
    import yaml

    class Dumper(yaml.SafeDumper):
        """Writes texts that begin with anything but a letter in quotes, and no aliases."""

        def ignore_aliases(self, data: object) -> bool:
            return True

    def quote(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
        style = None if text[:1].isalpha() else '"'
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    Dumper.add_representer(str, quote)
    values = {"schema": SCHEMA} | scenario.model_dump(mode="json", exclude_none=True) | {"study": dict(study)}
    if plugins := [*used_measures(scenario.policies), *used_code(extensions)]:
        values["plugins"] = plugins
    return yaml.dump(values, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=120)


def find_scenario_file(text: str) -> ScenarioFile | None:
    """Return the scenario file that an argument of a command names, or None where it names a city.

    Parameters
    ----------
    text
        The name of a city, the path of a city file, or that of a scenario file, which has a city within it.

    Raises
    ------
    InputError
        When it is a scenario file that cannot be used.
    """
    path = Path(text)
    if path.suffix not in (".yaml", ".yml") or not path.is_file():
        return None
    content = read_text(path, text)
    if not isinstance(parse_mapping(content, text).get("city"), dict):
        return None
    return _checked(content, text)


def read_scenario_file(path: Path) -> ScenarioFile:
    """Return the scenario file at a path.

    Raises
    ------
    InputError
        When it cannot be read or used: one line with file, field, value and remedy.
    """
    return _checked(read_text(path, str(path)), str(path))


def _checked(text: str, shown: str) -> ScenarioFile:
    values = parse_mapping(text, shown)
    study, plugins = values.pop("study", {}), values.pop("plugins", [])
    check_used(plugins, shown)
    if not isinstance(study, dict):
        raise InputError(f"{shown}: study is {show(study)}; it holds a study's own options, such as command: compare")
    return ScenarioFile(
        scenario=check_file(Scenario, values, shown, text), study=study, plugins=plugins, shown=shown, text=text
    )
