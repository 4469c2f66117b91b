"""Each closed list is written once, and the numbers that kernels compare with are places in it."""

import ast
from pathlib import Path

import pytest

import sim
from sim import enumerations

ROOTS = (Path(sim.__file__).parent, Path(sim.__file__).parents[1] / "experiments")
LISTS = {
    "FLOWS": ("people", "drugs", "transport", "ideas", "money", "firearms", "goods"),
    "MARKETS": ("drugs", "transport", "goods", "firearms", "venues"),
    "MARKET_FIGURES": ("levied", "hits", "entry_violence", "closure"),
    "SERVICES": ("water", "waste", "clinic", "school", "justice", "transport"),
    "SUPPLIERS": ("state", "private", "armed group"),
    "PILLARS": ("regulation", "enforcement", "engagement", "resilience"),
    "AGENCIES": ("city", "police", "justice", "nation", "schools", "business", "donors"),
    "UNITS": ("city", "100 000 residents", "after-school place", "training place"),
    "INDICATORS": ("homicide_rate", "gang_members", "extortion_share", "deprivation"),
    "EVENTS": ("pact", "pact broken", "leader killed"),
    "COMMANDS": ("city", "joint", "national"),
}
NUMBERS = {
    "FLOWS": "PEOPLE DRUGS TRANSPORT IDEAS MONEY FIREARMS GOODS",
    "MARKETS": "MARKET_DRUGS MARKET_TRANSPORT MARKET_GOODS MARKET_FIREARMS MARKET_VENUES",
    "MARKET_FIGURES": "LEVIED HITS ENTRY_VIOLENCE CLOSURE",
    "SERVICES": "SERVICE_WATER SERVICE_WASTE SERVICE_CLINIC SERVICE_SCHOOL SERVICE_JUSTICE SERVICE_TRANSPORT",
    "SUPPLIERS": "SUPPLIED_BY_STATE SUPPLIED_PRIVATELY SUPPLIED_BY_ARMED_GROUP",
    "PILLARS": "REGULATION ENFORCEMENT ENGAGEMENT RESILIENCE",
    "UNITS": "UNIT_CITY UNIT_RESIDENTS UNIT_SCHOOL_PLACE UNIT_TRAINING_PLACE",
    "INDICATORS": "BY_HOMICIDE BY_MEMBERS BY_EXTORTION BY_DEPRIVATION",
    "EVENTS": "PACT PACT_BROKEN LEADER_KILLED",
}


def written_lists(tree):
    """Yield every tuple, list, set and `Literal` of texts in a module, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            texts = [each.value for each in node.elts if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            if texts and len(texts) == len(node.elts):
                yield node.lineno, tuple(texts)


def test_the_lists_are_those_of_the_framework():
    assert {name: getattr(enumerations, name) for name in LISTS} == LISTS


@pytest.mark.parametrize("name", NUMBERS)
def test_each_number_is_the_place_of_its_name(name):
    assert [getattr(enumerations, each) for each in NUMBERS[name].split()] == list(range(len(LISTS[name])))


def test_justice_pays_for_prisons_and_shocks_have_no_pillar():
    assert enumerations.AGENCIES[enumerations.JUSTICE] == "justice"
    assert enumerations.NO_PILLAR not in range(len(enumerations.PILLARS))


def test_no_list_is_written_a_second_time():
    found = [
        f"{path.name}:{line} repeats {name}"
        for root in ROOTS
        for path in sorted(root.rglob("*.py"))
        if path.name != "enumerations.py"
        for line, texts in written_lists(ast.parse(path.read_text("utf-8")))
        for name, members in LISTS.items()
        if set(texts) == set(members)
    ]
    assert found == []


@pytest.mark.parametrize(
    "again",
    ['A = ("city", "joint")', 'Kind = Literal["national", "joint", "city"]', 'if x in ["pact", "b"]: ...'],
)
def test_the_search_finds_a_list_in_any_order_and_form(again):
    assert len(list(written_lists(ast.parse(again)))) == 1
