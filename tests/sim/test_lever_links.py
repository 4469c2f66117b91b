"""Every lever that a process reads has its link, every link is read and its sign holds, every measure reaches a process."""

import ast
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.enumerations import SERVICES
from sim.lever_links import LEVER_LINKS
from sim.levers import LEVERS, enforce
from sim.measures import MEASURES
from sim.mechanisms import MECHANISMS
from sim.month import months
from sim.outcomes import OUTCOMES, outcome_index
from sim.run import begin_city
from sim.scenario import MeasureUse, Policy
from sim.state import copy_city

PROCESSES = Path(sim.__file__).parent / "processes"
FLOW_LEVERS = {lever for lever in LEVERS if lever.startswith("flow_")}


def is_levers(node):
    """Whether an expression is a row of levers: `city.levers[i]`."""
    return isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "levers"


def rows_in(function):
    """The names in a function that hold a row of levers: assigned from `city.levers[i]`, or a typed parameter."""
    names = {each.arg for each in function.args.args if each.annotation and ast.unparse(each.annotation) == "views.Levers"}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and is_levers(node.value):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def levers_read(tree):
    """The levers that a file reads by name, and those of flows where it reads them by place without setting any."""
    read = set()
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        rows = rows_in(function)
        for node in ast.walk(function):
            if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Load):
                continue
            if is_levers(node.value) or (isinstance(node.value, ast.Name) and node.value.id in rows):
                read.add(node.attr)
    by_place = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "lever_values"]
    sets = any(isinstance(node, ast.Attribute) and node.attr == "change" for node in ast.walk(tree))
    return read | (FLOW_LEVERS if by_place and not sets else set())


def parameters_read(tree):
    """The names of attributes that a file reads: fields of parameters among them."""
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)}


def trees(folder):
    """The syntax tree of each process by its name: that of its file, or of its folder where a process is one."""
    named = {(path.parent if path.stem == "__init__" else path).stem: path for path in sorted(folder.rglob("*.py"))}
    return {name: ast.parse(path.read_text("utf-8")) for name, path in named.items()}


def reads_of(folder):
    """Every (process, lever) of which the process reads the lever."""
    return {(process, lever) for process, tree in trees(folder).items() for lever in levers_read(tree)}


def compared(read, links):
    """What is read and not linked, and what is linked and not read, a sentence each."""
    linked = {(link.process, link.lever) for link in links}
    unlinked = "{}.py reads the lever {}; sim/lever_links.py has no link of it"
    unread = "sim/lever_links.py says that {}.py reads the lever {}, which it does not"
    return [unlinked.format(*each) for each in sorted(read - linked)] + [
        unread.format(*each) for each in sorted(linked - read)
    ]


READ = reads_of(PROCESSES)


def faults_of(measures, folder):
    """What measures raise or name that no process reads, a sentence each."""
    sources = trees(folder)
    levers = {process: levers_read(tree) for process, tree in sources.items()}
    fields = {process: parameters_read(tree) for process, tree in sources.items()}
    found = []
    for measure in measures:
        conditions = [lever for each in measure.conditions.values() for lever in (each.carries, each.harms) if lever]
        for lever in (*(change.lever for change in measure.changes), *conditions):
            if not any(lever in read for read in levers.values()):
                found.append(f"{measure.row} raises the lever {lever}, which no process reads")
        for change in measure.changes:
            if not any(change.parameter.partition(".")[2] in read for read in fields.values()):
                found.append(f"{measure.row} names the parameter {change.parameter}, which no process reads")
    return list(dict.fromkeys(found))


def test_every_lever_that_a_process_reads_has_its_link_and_every_link_is_read():
    assert compared(READ, LEVER_LINKS) == []


def test_every_measure_reaches_a_process_and_names_parameters_that_are_read():
    assert faults_of(MEASURES, PROCESSES) == []


def test_every_lever_has_a_link_and_none_has_it_twice():
    linked = {link.lever for link in LEVER_LINKS}
    assert [f"the link of {lever} is of no lever" for lever in sorted(linked - set(LEVERS))] == []
    assert [f"the lever {lever} has no link" for lever in sorted(set(LEVERS) - linked)] == []
    assert len(set(LEVER_LINKS)) == len(LEVER_LINKS)
    told = [(link.process, link.lever, link.effect) for link in LEVER_LINKS]
    assert len(set(told)) == len(told), "a lever cannot do both to one effect"


def test_what_a_lever_does_is_a_part_of_a_mechanism_or_an_outcome():
    known = {side for mechanism in MECHANISMS for link in mechanism.links for side in (link.cause, link.effect)}
    known |= {outcome.name.replace("_", " ") for outcome in OUTCOMES}
    assert [link for link in LEVER_LINKS if link.effect not in known] == []


def test_what_switches_a_mechanism_off_is_read_by_a_process():
    read = set().union(*map(parameters_read, trees(PROCESSES).values()))
    # Read where a policy comes into force, and where a city is built, before the first month.
    for name in ("levers.py", "build.py"):
        read |= parameters_read(ast.parse((PROCESSES.parent / name).read_text("utf-8")))
    idle = [
        f"{mechanism.name}: {name}"
        for mechanism in MECHANISMS
        for name in mechanism.off
        if name.partition(".")[2] not in read and ".partner_" not in name
    ]
    assert idle == []


# Signs ------------------------------------------------------------------------------

OUTCOME_OF = {outcome.name.replace("_", " "): outcome.name for outcome in OUTCOMES}
LOST_IN_LUCK = {("local_delivery", "exits"), ("work_alone", "exits")}
"""So few more or fewer leave that chance hides them in one city and two years; tests/sim/processes/test_programmes.py and
test_community.py hold what these levers do."""
SEEN = [link for link in LEVER_LINKS if link.effect in OUTCOME_OF and (link.lever, link.effect) not in LOST_IN_LUCK]
CUT = {f"cut_{service}": 0.5 for service in SERVICES}
"""What a measure needs that mends services."""
CREDIT = {"participation": 0.5, "basic_services": 0.5}
ACTS_BESIDE = {
    "preparedness": {"disaster_damage": 0.5},
    "care_after_shock": {"disaster_damage": 0.5, "attack": 0.5},
    "community_policing": CREDIT,
    "military_deployment": CREDIT,
    "detention_without_term": {"mass_arrests": 0.8},
    "work_alone": {"job_training": 0.8},
    "closed_board": {"safety_fund": 0.5},
    "participation": {"community_policing": 0.5, "basic_services": 0.5},
}
"""What a lever needs to act on: damage and trauma, services for which somebody takes credit, a sweep, places or a fund."""
LIVED, DOSE = 24, 0.8


@pytest.fixture(scope="module")
def difference(sandbox, seed):
    """Monthly outcomes of every youth's city with a lever pulled everywhere, less those without it, [month, outcome]."""
    city, params = begin_city(sandbox, seed=int(seed), scale=1.0, burn_in=24)
    one_measure = Policy(name="one", title="One", about="Any.", measures=(MeasureUse(measure="P-R3", ramp=0),))
    start = enforce(city, sandbox, one_measure, (), params)
    start.change[:] = 0.0

    def outcomes(levers):
        pulled, monthly = copy_city(start), np.zeros((LIVED, len(OUTCOMES)), np.float32)
        for lever, dose in levers.items():
            pulled.change[0, LEVERS.index(lever)] = dose
        months(pulled, params, seed, 0, LIVED, monthly, np.zeros((LIVED // 12, 9, len(OUTCOMES)), np.float32))
        return monthly.astype(float)

    def of(link):
        mends = link.process == "public_services" and link.lever not in CUT
        beside = CUT if mends else ACTS_BESIDE.get(link.lever, {})
        return outcomes({**beside, link.lever: DOSE}) - outcomes(beside)

    return of


@pytest.mark.parametrize("link", SEEN, ids=lambda link: f"{link.process} {link.lever} {link.effect}")
def test_a_lever_first_moves_an_outcome_the_way_its_link_says(link, difference):
    """Later, what follows from it may outweigh it, and often does where an armed group takes the credit for services."""
    moved = difference(link)[:, outcome_index(OUTCOME_OF[link.effect])]
    first = moved[np.flatnonzero(moved)[0]]
    assert first > 0 if link.sign == "+" else first < 0


def test_every_link_to_an_outcome_but_two_is_seen():
    assert len(SEEN) == sum(link.effect in OUTCOME_OF for link in LEVER_LINKS) - 2 > 60


# Faults that are planted ------------------------------------------------------------------------------


@pytest.fixture
def copied(tmp_path):
    """The processes, copied to be changed."""
    return Path(shutil.copytree(PROCESSES, tmp_path / "processes", ignore=shutil.ignore_patterns("__pycache__")))


def plant(folder, process, code):
    path = folder / f"{process}.py"
    path.write_text(path.read_text("utf-8") + code, "utf-8")


@pytest.mark.parametrize(
    "code",
    [
        "\ndef planted(city, i):\n    return city.levers[i].street_lights\n",
        "\ndef planted(city, i):\n    lever = city.levers[i]\n    return 1.0 - lever.street_lights\n",
        "\ndef planted(lever: views.Levers) -> float:\n    return lever.street_lights\n",
    ],
)
def test_a_process_that_reads_a_lever_without_a_link_is_named_with_it(copied, code):
    plant(copied, "justice", code)
    assert compared(reads_of(copied), LEVER_LINKS) == [
        "justice.py reads the lever street_lights; sim/lever_links.py has no link of it"
    ]


def test_each_link_that_is_forgotten_is_named():
    for process, lever in sorted({(link.process, link.lever) for link in LEVER_LINKS}):
        left = [link for link in LEVER_LINKS if (link.process, link.lever) != (process, lever)]
        said = f"{process}.py reads the lever {lever}; sim/lever_links.py has no link of it"
        assert compared(READ, left) == [said]


def test_a_link_that_no_process_reads_is_named(copied):
    path = copied / "markets.py"
    path.write_text(re.sub(r"lever\.rules_without_incentives", "0.0", path.read_text("utf-8")), "utf-8")
    assert compared(reads_of(copied), LEVER_LINKS) == [
        "sim/lever_links.py says that markets.py reads the lever rules_without_incentives, which it does not"
    ]


def test_a_lever_that_is_only_set_is_not_read(copied):
    plant(copied, "justice", "\ndef planted(city, i):\n    city.levers[i].street_lights = 0.0\n")
    assert compared(reads_of(copied), LEVER_LINKS) == []


def test_a_measure_that_no_process_reads_is_named_with_its_lever(copied):
    for path in (copied / "markets.py", copied / "trafficking.py"):
        path.write_text(path.read_text("utf-8").replace("lever.venue_rules", "0.0"), "utf-8")
    assert faults_of(MEASURES, copied) == ["P-R2 raises the lever venue_rules, which no process reads"]


def test_a_measure_whose_parameter_no_process_reads_is_named_with_it(copied):
    path = copied / "extortion.py"
    (measure,) = [each for each in MEASURES if each.row == "P-R4"]
    parameter = measure.changes[0].parameter
    field = parameter.partition(".")[2]
    path.write_text(re.sub(rf"\b\w+\.{field}\b", "0.5", path.read_text("utf-8")), "utf-8")
    assert faults_of(MEASURES, copied) == [f"P-R4 names the parameter {parameter}, which no process reads"]
