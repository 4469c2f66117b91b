"""Killings by police, in attacks and over markets, and what all causes share: guns, and who the dead are."""

import pytest

from sim.processes.group_conflict import communal_killing
from sim.processes.homicide import police_contact
from sim.processes.homicide.rivalry import calm_of
from sim.processes.policy_delivery import killings_expected
from tests.sim.processes.homicide.changes import both, lever


def test_fewer_guns_mean_fewer_deaths_per_equal_events(struck, params):
    """E15: the same quarrels, in the street and at home, kill less; nothing else of them changes."""
    param, plain = params.homicide[0], struck()
    fewer = struck(lambda city: city.city_state["guns"].__setitem__(0, 0.7))
    for cause in ("dispute", "domestic", "rivalry"):
        ratio = fewer.neighbourhood[8][f"deaths_{cause}"] / plain.neighbourhood[8][f"deaths_{cause}"]
        assert ratio == pytest.approx(0.7**param.gun_stock_on_lethality, rel=0.01), cause
    assert fewer.neighbourhood[8].domestic == plain.neighbourhood[8].domestic


def test_an_abusive_force_kills_in_proportion(struck, params):
    plain, abusive = struck(), struck(lambda city: city.police["abuse"].__setitem__(8, 2 * city.police["abuse"][8]))
    assert abusive.neighbourhood[8].deaths_police / plain.neighbourhood[8].deaths_police == pytest.approx(2.0)
    neighbourhood = plain.neighbourhood[3]
    expected = params.homicide[0].police_killing_rate * neighbourhood.population * police_contact(plain, params, 3)
    assert neighbourhood.deaths_police == pytest.approx(expected / plain.city_state[0].contact_reference)


def test_contact_with_police_by_hand(quiet, params):
    quiet.police["abuse"][3] = 0.5
    quiet.neighbourhood["deprivation"][3] = 0.4
    assert police_contact(quiet, params, 3) == pytest.approx(0.5 * (0.3 + 0.4))


def test_a_city_at_its_ordinary_contact_keeps_its_level_of_killings_by_police(struck, params):
    """While the city settles the reference follows the mean over residents; then it stands, and the rest follows abuse."""
    people = struck().neighbourhood["population"]

    def settle(city):
        city.city_state["anchoring"] = 1.0
        city.city_state["contact_reference"] = 0.0

    settled = struck(settle)
    rate = params.homicide[0].police_killing_rate
    assert settled.neighbourhood["deaths_police"].sum() == pytest.approx(rate * people.sum())
    harsher = struck(both(settle, lambda city: city.police["abuse"].__imul__(1.2)))
    assert harsher.neighbourhood["deaths_police"].sum() == pytest.approx(rate * people.sum())

    def worsen(city):
        city.city_state["contact_reference"] = settled.city_state[0].contact_reference
        city.police["abuse"] *= 1.2

    assert struck(worsen).neighbourhood["deaths_police"].sum() == pytest.approx(1.2 * rate * people.sum())


def test_answers_of_police_to_gangs_are_part_of_the_level(struck, params):
    """Last month police killed twice the level: the reference doubles, so that ordinary killings make room for answers."""
    before = struck()
    people = before.neighbourhood["population"]

    def settle(city):
        city.city_state["anchoring"] = 1.0
        city.neighbourhood["deaths_police_on_average"] = 2.0 * params.homicide[0].police_killing_rate * people

    assert struck(settle).city_state[0].contact_reference == pytest.approx(2.0 * before.city_state[0].contact_reference)


def test_where_no_contact_was_ever_found_police_kill_nobody(struck):
    assert (
        not struck(lambda city: city.city_state["contact_reference"].__setitem__(0, 0.0))
        .neighbourhood["deaths_police"]
        .any()
    )


def test_raids_and_soldiers_kill(struck, params):
    param, plain = params.homicide[0], struck().neighbourhood[8].deaths_police
    raided = struck(both(lever("raid", 0.5), lever("military_deployment", 0.4))).neighbourhood[8].deaths_police
    ordinary = 1 + struck().police[8].raids_anchor * param.raid_on_police_killings
    by_raids = (ordinary + 0.5 * param.raid_on_police_killings) / ordinary
    assert raided / plain == pytest.approx(by_raids * (1 + 0.4 * param.soldiers_on_police_killings))


def test_where_all_policing_is_raids_their_end_leaves_a_third_of_those_killed(struck):
    """enf.police_raid_ban: two thirds fewer; the rise with raids of 2 stands for it."""

    def raiding(city):
        city.police["raids"] = city.police["raids_anchor"] = 1.0

    ends = both(raiding, lambda city: city.police["raids"].fill(0.0))
    assert struck(ends).neighbourhood[8].deaths_police == pytest.approx(struck(raiding).neighbourhood[8].deaths_police / 3)
    assert struck(raiding).neighbourhood[8].deaths_police == pytest.approx(struck().neighbourhood[8].deaths_police)


def test_attacks_kill_by_their_size_and_sparks_along_group_lines(struck, params):
    """E03, E33."""
    param = params.homicide[0]
    assert not struck().neighbourhood["deaths_communal"].any()
    neighbourhood = struck(lever("attack", 0.5)).neighbourhood
    assert neighbourhood[8].deaths_communal == pytest.approx(0.5 * param.attack_death_share * neighbourhood[8].population)
    assert neighbourhood[7].deaths_communal == 0.0

    def spark(city):
        city.levers["contested_election"][8] = 0.5
        city.neighbourhood["edge"][8] = 0.4
        city.city_state[0].segregation = 0.6

    city = struck(spark)
    assert city.neighbourhood[8].deaths_communal > 0
    assert city.neighbourhood[8].deaths_communal == pytest.approx(communal_killing(city, params, 8))


def test_killings_over_markets_are_the_hits_and_the_entries_calmed_as_the_street_is(struck, params):
    """E06."""

    def trade(city):
        city.hits[8] = [1e-3, 2e-3, 0.0, 0.0, 4e-3]
        city.entry_violence[8] = [0.0, 1e-3, 0.0, 2e-3, 0.0]

    assert struck(trade).neighbourhood[8].deaths_market == pytest.approx(1e-2)
    calmed = struck(both(trade, lambda city: city.city_state["guns"].__setitem__(0, 0.5)))
    calm = calm_of(calmed, params, 8)
    assert calmed.neighbourhood[8].deaths_market == pytest.approx(1e-2 * calm)
    assert calmed.hits[8, 4] == pytest.approx(4e-3 * calm)
    assert calmed.entry_violence[8, 3] == pytest.approx(2e-3 * calm)
    assert calm < 1


def test_nobody_killed_is_nobody_dead(struck, params):
    for cause in (
        "rivalry_attack_rate",
        "dispute_killing_rate",
        "home_killing_rate",
        "police_killing_rate",
        "vigilante_killing_rate",
        "discipline_ratio",
    ):
        params.homicide[0][cause] = 0.0

    def trade(city):
        city.hits[:] = city.entry_violence[:] = 0.0

    city = struck(trade)
    assert city.neighbourhood["killed"].sum() == 0
    assert killings_expected(city.neighbourhood[8]) == 0


def test_youths_are_half_of_those_killed_in_the_street_and_all_of_those_killed_between_gangs(struck, params):
    param, neighbourhood = params.homicide[0], struck(lever("attack")).neighbourhood[8]
    assert neighbourhood.deaths_youth == pytest.approx(
        neighbourhood.deaths_rivalry
        + neighbourhood.deaths_discipline
        + 0.5 * neighbourhood.deaths_bystander
        + param.youth_share_disputes
        * (neighbourhood.deaths_dispute + neighbourhood.deaths_vigilante + neighbourhood.deaths_communal)
        + param.youth_share_police * neighbourhood.deaths_police
    )


def test_women_are_a_small_part_of_those_killed_in_the_street_and_most_at_home(struck, params):
    param, neighbourhood = params.homicide[0], struck(lever("attack")).neighbourhood[8]
    assert neighbourhood.deaths_communal > 0
    street = (
        neighbourhood.deaths_dispute
        + neighbourhood.deaths_bystander
        + neighbourhood.deaths_police
        + neighbourhood.deaths_officers
        + neighbourhood.deaths_vigilante
    )
    assert neighbourhood.deaths_female == pytest.approx(
        param.female_share_street * street
        + param.female_share_communal * neighbourhood.deaths_communal
        + param.female_share_home * neighbourhood.deaths_domestic
        + param.female_share_gang * (neighbourhood.deaths_rivalry + neighbourhood.deaths_discipline)
    )
