"""Every number that decides what a month does is a declared parameter; what is left in the code stands in a list here."""

import ast
import importlib
from pathlib import Path

import pytest

import sim.build
import sim.month
import sim.processes

FOLDER = Path(sim.processes.__file__).parent

FREE = (0, 1, 2)
"""Numbers that need no reason: nothing, all, a pair, a square."""

# By reason, function or module constant: each number that stands in the code, as often as it stands there.
ALLOWED: dict[str, dict[str, tuple[float, ...]]] = {
    "ages in years or months, and the eldest of the table": {
        # Twenty-four: the months for which a first member has belonged at most, which no rule reads.
        "initialise.initialise": (15.0, 18.0, 24.0, 25.0),
        "programmes.run_after_school": (17.0,),
        "programmes._may_train": (16.0,),
        "labour.choose_activity": (14.0, 16.0, 16.0, 19.0, 24.0),
        "births._may_found": (15.0, 25.0),
        "government.FOURTEEN": (48,),
        "government.EIGHTEEN": (96,),
        "recruitment._join": (18.0,),
        "risks.OF_FAMILY": (14.0,),
        "risks.OF_SCHOOL": (18.0,),
        "recruitment._most_leaving": (30.0,),
        "hazards.FIFTEEN": (60,),
        "hazards.EIGHTEEN": (96,),
        "hazards.exposure": (15.0,),
        "hazards.share_of_child_members": (18.0,),
        "riots._share_of_children": (18.0,),
        "substance_use.EARLY": (16.0,),
        "substance_use.OF_AGE": (18.0,),
        "substance_use.SURVEYED": (60,),
    },
    "units: months a year, residents of a rate, millions, per cent": {
        "costs.PER_100_000": (100000.0,),
        "costs._in_millions": (1000000.0,),
        "safety_fund.PER_100_000": (100000.0,),
        "police_units.PER_100_000": (100000.0,),
        "police_units.record_police": (12.0, 12.0, 12.0, 1000000.0),
        "outcome_recorder.PER_YEAR": (12.0,),
        "outcome_recorder.PER_100_000": (100000.0,),
        "outcome_recorder._governance": (4.0, 100.0, 100.0),
        "outcome_recorder._record_killing": (100000.0, 100000.0),
        "births.be_born_and_end": (1000.0,),
        "demography.age_in_years": (12.0,),
        "month.months": (12, 12, 12),
        "truces.asked_while_it_holds": (12.0,),
        "trafficking.PER_YEAR": (12.0,),
        "years.YEAR": (12.0,),
        # The variance between the means of two years in a row of a random walk, (2 n^2 + 1) / (3 n) with n = 12.
        "years.BETWEEN_YEARS": (36.0, 289.0),
    },
    "how many there are of something, or where it stands in a row": {
        "outcome_recorder.update": (3, 4),
        "membership.FEW": (16,),
        "drawing.ARRESTING": (3,),
        "drawing.ARRESTING_MEMBERS": (4,),
        "drawing.MOVING": (5,),
        "drawing.DECISIONS": (10,),
        "drawing.STARTING_USE": (6,),
        "drawing.DEPENDING": (7,),
        "drawing.STOPPING_USE": (8,),
        "drawing.RECOVERING": (9,),
        "victims.DOMESTIC": (3,),
        "victims.MARKET": (4,),
        "victims.VIGILANTE": (5,),
        "victims.COMMUNAL": (6,),
        "victims.OFFICER": (7,),
        "victims.CITY_CAUSES": (8,),
    },
    "parts of a mean, or of a sum of standard normals; what makes the mean of a lognormal one": {
        "risks.follows": (0.5,),
        # Student's t of five degrees of freedom: five squares below the root, variance five thirds, kept within six.
        "years.student": (3.0, 6, 6.0, 6.0),
        "demography.risk": (0.5,),
    },
    "who there is: males of 15 to 24 among ages 10 to 29, women and girls among residents": {
        "initialise.ELIGIBLE": (0.25,),
        "outcome_recorder._who_dies": (0.5, 0.5),
    },
    "what an outcome is by its definition: a fifth, a tenth at 1.28 standard deviations": {
        "policy_delivery._rank": (5,),
        "programmes._top_risk": (1.28,),
    },
    "guards: shares off their ends, logs off zero, a month's part below all, what is too little to matter": {
        "steady_state.logit": (0.002, 0.998),
        "steady_state.equilibrium": (4.0, 4.0),
        "policy_delivery.NOT_BEGUN": (1000000,),
        "policy_delivery.MOST_FLOW": (1000.0,),
        "policy_delivery._keep_soldiers": (0.01,),
        "policy_delivery._befall": (0.02,),
        "programmes.run_training": (0.01,),
        "places.offer_of": (0.5, 0.9),
        "community._move_groups": (0.05,),
        "labour.LEAST_BUSINESS": (0.05,),
        "extortion.pressure": (0.1,),
        "flows.update": (0.05, 0.6, 3.0, 3.0, 20.0),
        "risks.FARTHEST": (2.5,),
        "police_units.WIDEST": (20.0,),
        "membership.imprison": (32000,),
        "recovery.update": (0.9,),
        "recruitment._most": (0.67,),
        "justice._keep": (0.5,),
        "substance_use.MOST_STARTING": (0.4,),
        "substance_use._use_at_first": (1e-09,),
        "substance_use._set_place": (1e-09,),
        "substance_use._against": (4.0,),
        "trafficking.update": (0.5, 0.5, 0.9),
        "trafficking._escape": (0.5,),
    },
    "how a burn-in of thirty years begins, of which nothing is left at its end": {
        "substance_use.FIRST_RATE": (0.4,),
        "substance_use.PACE_SPEED": (0.005,),
        "substance_use.FIRST_USE": (12.0,),
        "substance_use.FIRST_SPAN": (6.0,),
        "substance_use.FIRST_DEPENDENT": (0.15,),
        "substance_use.FIRST_EARLY": (0.6,),
    },
    "how rows that stand for many are drawn: a way of computing, and no claim about a city": {
        "drawing.SINGLE": (1.5,),
        "drawing.SLOWEST": (0.5,),
        "killers.PAIRS": (4096,),
        "removal.EXTRA": (8,),
        "removal.WIDER": (15,),
    },
    "several of these: months a year, halves of one effect on two sides, the middle from which a slope is told, guards": {
        "community._move_states": (1e-09, 0.05, 0.05, 4.0),
        "labour.update": (0.5, 12.0, 12.0),
        "control.contest": (0.0001, 0.02, 0.2, 0.2, 0.2, 1000.0),
        "changes.change": (0.02, 0.02, 0.05, 100.0),
        "mergers.merge": (1.1, 3),
        "government.update": (0.05, 0.05, 0.05, 0.05, 0.05, 0.2, 0.95, 0.95, 3.0, 3.0),
        "justice._arrest": (14.0, 480.0),
        "outcome_recorder._record_resilience": (3.0, 3.0, 4.0, 4.0),
        "demography.arrive_as_newcomer": (0.5, 0.5, 3, 3),
        "demography.update": (1e-09, 0.5, 4, 4, 4, 4, 4, 12, 12),
        "police_units._hear_calls": (0.5,),
        "recovery._settle_in": (3.0, 12.0, 12.0),
        "recruitment.update": (0.5, 18.0),
        "recruitment.place_pull": (0.02, 0.5),
        "recruitment.join_probability": (3.0, 18.0),
        "recruitment.leave_probability": (0.3, 0.5, 1.3, 18.0),
        "disputes.set_street_violence": (0.5, 0.5),
        "home.set_home_violence": (0.5,),
        "removal._sum_risks": (0.5,),
        "killers._in_the_street": (0.5,),
        "substance_use.start_chance": (0.5,),
        "substance_use._look_at_youths": (0.05, 4, 4, 4, 4, 4, 12, 12, 20.0),
        "trafficking.offer": (0.5, 20.0),
    },
}


def functions_of(module):
    """Yield the functions and the module constants of a source file, with their syntax trees."""
    tree = ast.parse(Path(module.__file__).read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            yield ast.unparse(target), node


def numbers_in(node):
    """Return every number written in a piece of code, tuples and ranges included, besides those that need no reason."""
    return [
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and type(each.value) in (int, float) and each.value not in FREE
    ]


def reached():
    """Return the numbers of each function and constant of the processes, by "module.name".

    `sim.month.months` calls nothing but the processes, the draws and the tables of the state; the draws are an algorithm
    with constants of its own and are checked against its published numbers, the state holds no equation.
    """
    found = {}
    for path in sorted(FOLDER.rglob("*.py")):
        parts = path.relative_to(FOLDER).with_suffix("").parts
        module = importlib.import_module(".".join(("sim", "processes", *parts)).removesuffix(".__init__"))
        for name, node in functions_of(module):
            if numbers := numbers_in(node):
                found[f"{module.__name__.rpartition('.')[2]}.{name}"] = numbers
    for name, node in functions_of(sim.month):
        if name in ("month", "months") and (numbers := numbers_in(node)):
            found[f"month.{name}"] = numbers
    return found


def test_no_effect_or_shape_is_hidden_in_a_process():
    allowed = {name: sorted(numbers) for names in ALLOWED.values() for name, numbers in names.items()}
    assert {name: sorted(numbers) for name, numbers in reached().items()} == allowed


def test_no_name_is_excused_twice():
    names = [name for group in ALLOWED.values() for name in group]
    assert len(names) == len(set(names))


def test_processes_reach_no_other_code_with_numbers():
    """Besides one another: how to compile, draws, distributions, tables, where an outcome stands, and `sim.state.views`."""
    found = set()
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and not node.module.startswith(("sim.processes", "typing")):
                found.add(node.module)
    known = {
        "sim.compiled",
        "sim.distributions",
        "sim.draws",
        "sim.enumerations",
        "sim.outcomes",
        "sim.parameters",
        "sim.state",
    }
    assert found == {"__future__"} | known


# What a file leaves out: no line of these may stand in the code.
BUILT = {
    "_build_neighbourhoods": (1.2e6, 4.0),  # a yearly rate per 100 000; a mean of four
    "_edge": (4.0,),  # so that two halves meet fully
    "_build_gangs": (),
    "_build_police": (100_000.0,),  # officers of a rate per 100 000
    "_build_flows": (),
}


@pytest.mark.parametrize("name", BUILT)
def test_no_rule_of_imputation_is_hidden_in_the_building_of_a_city(name):
    node = dict(functions_of(sim.build))[name]
    numbers = [each for each in numbers_in(node) if each != 1_000_000]
    assert sorted(numbers) == sorted(BUILT[name])


@pytest.mark.parametrize(
    ("code", "numbers"),
    [
        ("def f(x):\n    return 0.35 * x + 2.0", [0.35]),
        ("SHAPE = (0.5, 0.25)", [0.5, 0.25]),
        ("def f(x):\n    return x ** -0.5", [0.5]),
    ],
)
def test_the_search_finds_a_number(code, numbers):
    assert numbers_in(ast.parse(code)) == numbers
