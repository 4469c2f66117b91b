"""The twin: the youth part of the month in plain Mesa, one `mesa.Agent` a youth, attributes its own, rules in Python.

What youths decide, and what happens to them, is done here agent by agent through `AgentSet.do`: activity, birthdays
and removals, joining and leaving, who is killed, arrest, prison and release, places in programmes. What places and
gangs are in that month (jobs, pull, hazards, hardness of the police, offers) is noted from the compiled model as it
lives the same month: `live_and_note`. Both see the same keyed numbers, made in blocks by the compiled generator:
`prepare_luck`. So the two must agree youth by youth, to the last month.

A month is one pass of `do` a line, in the compiled month's order where order matters:
    live           activity; the thirtieth birthday; moving away           labour.choose_activity, demography.update
    join_or_leave                                                          recruitment.update
    (relabel       splits, mergers and births of gangs: told, not decided  gangs.update)
    (die           who leaves the table for the dead: told, not decided    homicide.update)
    face_justice   arrest, release, recruitment inside, prisoners counted  justice._arrest, _keep, government.update
    attend         after-school and training places, where offered         community._run_after_school, _run_training

Closed formulas that take numbers and give a number (`join_probability` and the like) are called from `sim`, as the
plain Python they are. The killed are counted for places and gangs, not asked youth by youth, so who dies is told.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, NamedTuple

import mesa
import numpy as np
import numpy.typing as npt

from benchmarks.stages import STAGES, draw, draw_four, live_stages
from sim import distributions, draws
from sim.enumerations import AFTER_SCHOOL, FIREARMS, JOB_TRAINING, MARKET_DRUGS
from sim.parameters import Parameters
from sim.processes.demography import risk
from sim.processes.justice import arrest_hazard, sweep_reach
from sim.processes.recruitment import (
    _aggrieved,
    join_probability,
    leave_probability,
    place_pull,
    shield,
)
from sim.processes.steady_state import log_ratio, logistic
from sim.state import (
    DEAD,
    FORMAL,
    FREE,
    INFORMAL,
    NEITHER,
    NO_GANG,
    PRISON,
    SCHOOL,
    SPAN,
    YOUNGEST,
    City,
)

__all__ = ["COMPARED", "Luck", "ScreeningYouth", "TwinCity", "TwinYouth", "live_and_note", "prepare_luck"]

# The columns in which the twin and the compiled model must agree.
COMPARED = ("status", "gang", "activity", "record", "release")

_EVERYTHING = len(STAGES)


class Luck(NamedTuple):
    """The numbers of one month: one a youth and decision, four where a newcomer's traits are drawn."""

    activity: list[float]
    move: list[float]
    join: list[float]
    join_which: list[float]
    arrest: list[float]
    arrest_cause: list[float]
    sentence: list[float]
    prison_join: list[float]
    prison_gang: list[float]
    place_school: list[float]
    place_training: list[float]
    training_job: list[float]
    person_risk: list[list[float]]
    person_life: list[list[float]]


_ONE = (
    draws.ACTIVITY,
    draws.MOVE,
    draws.JOIN,
    draws.JOIN_WHICH,
    draws.ARREST,
    draws.ARREST_CAUSE,
    draws.SENTENCE,
    draws.PRISON_JOIN,
    draws.PRISON_GANG,
    draws.PLACE_SCHOOL,
    draws.PLACE_TRAINING,
    draws.TRAINING_JOB,
)


def prepare_luck(city: City, seed: int, t: int) -> Luck:
    """Draw every youth's numbers of month t, all decisions, in blocks."""
    number = len(city.youth.home)
    one = np.empty(number)
    several = np.empty((number, 4))
    columns: list[Any] = []
    for decision in _ONE:
        draw(one, city.scratch, np.uint64(seed), decision, t)
        columns.append(one.tolist())
    for decision in (draws.PERSON_RISK, draws.PERSON_LIFE):
        draw_four(several, np.uint64(seed), decision, t)
        columns.append(several.tolist())
    return Luck(*columns)


@dataclass
class Surroundings:
    """What places and gangs are to their youths in one month. Lists: [place], [gang] or [place][gang]."""

    idleness: list[float]  # shared part of the log odds of neither school nor work
    school_quality: list[float]
    informality: list[float]
    efficacy: list[float]
    deprivation: list[float]
    domestic: list[float]
    moving: list[float]
    treated: list[float]  # children cared for when they were small
    pull: list[float]
    rent: list[float]
    cheap: list[float]
    young: list[float]
    held: list[float]  # what mothers' groups leave of a troubled family
    exposed: list[float]  # pull of violence at home
    named: list[float]  # for a child whose risk is named
    helped: list[float]  # on leaving: exposed, with a way back or without
    changed: list[float]  # on leaving: the whole group is worked with
    locked: list[float]  # on leaving: women and girls, where drugs pay
    choice: list[list[float]]  # how gangs share those who join
    cohesion: list[float]
    comrades: list[float]
    relabelled: list[tuple[int, int]]  # (row, gang) after splits, mergers and births
    died: list[int]  # rows removed for the dead
    reached: list[float]  # what a sweep reaches of members
    endless: list[float]  # share of those swept up who are held without a term
    solved: list[float]
    other: list[float]
    swept_up: list[float]
    conviction: list[float]
    inmates: list[float]
    prison_join: float
    school_offer: list[float | None]  # None where nothing runs
    training_offer: list[float | None]
    school_effect: list[float]
    training_effect: list[float]
    missed: list[float]  # how far those most at risk are missed


def live_and_note(city: City, params: Parameters, seed: int, t: int) -> Surroundings:
    """Live month t in the compiled model, stage by stage, and note what the twin's youths need to know of it."""
    key = np.uint64(seed)
    neighbourhood, gang, city_state = city.neighbourhood, city.gang, city.city_state[0]
    places = range(len(neighbourhood))
    stage = 0

    def live_to(last: str | None) -> None:
        nonlocal stage
        end = _EVERYTHING if last is None else STAGES.index(last) + 1
        live_stages(city, params, key, t, stage, end)
        stage = end

    def column(name: str) -> list[float]:
        noted: list[float] = neighbourhood[name].tolist()
        return noted

    live_to("labour.update")
    param = params.labour[0]
    jobs = np.log(neighbourhood["jobs"])
    ordinary = (
        param.idleness_base + param.deprivation_on_idleness * neighbourhood["deprivation"] - param.jobs_on_idleness * jobs
    )
    idleness = (ordinary - param.upgrading_on_idleness * city.levers["housing_jobs"]).tolist()
    param = params.demography[0]
    arrivals = city.flows.supply[:, 0] / np.maximum(city.flows.hub[:, 0], 1e-9)
    driven = (
        param.clearance_displacement * city.levers["slum_clearance"] + param.division_displacement * neighbourhood["divided"]
    )
    moving = np.minimum(
        0.5, neighbourhood["in_migration"] * (1.0 + param.inflow_on_turnover * (arrivals - 1.0)) + driven
    ).tolist()
    efficacy, domestic = column("collective_efficacy"), column("domestic")

    live_to("demography.update")
    pull = [float(place_pull(city, params, i)) for i in places]
    rent = [
        float(log_ratio(neighbourhood[i].rent, neighbourhood[i].rent_reference) * shield(params, neighbourhood[i].connected))
        for i in places
    ]
    cheap = (-np.log(city.flows.price[:, FIREARMS])).tolist()
    param = params.recruitment[0]
    lever = city.levers
    young = (param.deprivation_on_child_joining * (neighbourhood["deprivation"] - 0.5)).tolist()
    held = (1.0 - param.mothers_groups_on_family_risk * lever["mothers_groups"]).tolist()
    exposed = (param.home_violence_on_joining * (1.0 - param.safe_spaces_on_exposure * lever["safe_spaces"])).tolist()
    named = (
        param.criminalisation_on_joining * lever["criminalisation"] - param.referral_on_joining * lever["early_referral"]
    ).tolist()
    helped = (
        param.reintegration_on_exit * lever["reintegration"] - param.stigmatisation_on_exit * lever["stigmatisation"]
    ).tolist()
    changed = (
        param.transformation_on_exit
        * lever["group_transformation"]
        * (param.transformation_without_credibility + neighbourhood["credibility"])
    ).tolist()
    drugs = city.market_rent[:, MARKET_DRUGS], city.market_reference[:, MARKET_DRUGS]
    locked = [
        param.drug_rent_on_female_exit * max(0.0, float(log_ratio(now, before))) for now, before in zip(*drugs, strict=True)
    ]
    ideas = np.array([param.ideas_on_choice * (lever[i].flow_ideas + _aggrieved(city, param, i)) for i in places])
    appeal = np.exp(param.demand_on_choice * gang["demand"] + ideas[:, None] * gang["ideological"])
    choice = (city.control**param.control_on_choice * appeal).tolist()
    cohesion = gang["cohesion"].tolist()
    comrades = (gang["expected_dead"] / np.maximum(gang["members"], 1.0)).tolist()

    live_to("recruitment.update")
    before = city.youth.gang.copy()
    live_to("gangs.update")
    moved = np.flatnonzero(before != city.youth.gang)
    relabelled = list(zip(moved.tolist(), city.youth.gang[moved].tolist(), strict=True))

    alive = city.youth.status != DEAD
    live_to("homicide.update")
    died = np.flatnonzero(alive & (city.youth.status == DEAD)).tolist()

    live_to("extortion.update")
    conviction = gang["conviction"].tolist()
    inmates = (gang["inmates"] * (gang["alive"] == 1)).tolist()
    param = params.justice[0]
    crowding = 1.0
    if city_state.prison_places > 0.0:
        crowding = min(param.crowding_limit, max(1.0, city_state.prisoners / city_state.prison_places))
    live_to("justice.update")
    people = np.maximum(1.0, (neighbourhood["last"] - neighbourhood["first"]) * neighbourhood["weight"])
    sweep = np.minimum(1.0, lever["mass_arrests"] + lever["raid"])
    other = param.arrest_rate_others * (
        param.arrests_without_deprivation + param.deprivation_on_arrests * neighbourhood["deprivation"]
    )
    other *= 1.0 - param.diversion_share * lever["diversion"]

    offers = _note_offers(city, params)
    missed = (params.community[0].risk_on_agency_reach * (1.0 - lever["local_delivery"])).tolist()
    live_to(None)
    return Surroundings(
        idleness=idleness,
        school_quality=column("school_quality"),
        informality=column("informality"),
        efficacy=efficacy,
        deprivation=column("deprivation"),
        domestic=domestic,
        moving=moving,
        treated=column("treated"),
        pull=pull,
        rent=rent,
        cheap=cheap,
        young=young,
        held=held,
        exposed=exposed,
        named=named,
        helped=helped,
        changed=changed,
        locked=locked,
        choice=choice,
        cohesion=cohesion,
        comrades=comrades,
        relabelled=relabelled,
        died=died,
        reached=[float(sweep_reach(param, each)) for each in sweep],
        endless=np.minimum(1.0, lever["detention_without_term"] / np.where(sweep > 0.0, sweep, np.inf)).tolist(),
        solved=(
            neighbourhood["clearance"] * param.solved_cases_youth_share * neighbourhood["deaths_dispute"] / people
        ).tolist(),
        other=other.tolist(),
        swept_up=(
            param.mass_arrest_rate_others
            * np.maximum(0.0, neighbourhood["deprivation"] - param.mass_arrest_deprivation_threshold)
            * sweep
        ).tolist(),
        conviction=conviction,
        inmates=inmates,
        prison_join=min(0.5, param.prison_joining_chance * crowding),
        school_offer=offers[0],
        training_offer=offers[1],
        school_effect=city.place_effect[:, AFTER_SCHOOL].tolist(),
        training_effect=city.place_effect[:, JOB_TRAINING].tolist(),
        missed=missed,
    )


def _note_offers(city: City, params: Parameters) -> tuple[list[float | None], list[float | None]]:
    """Return the monthly chance of a place in each neighbourhood's programmes, None where none runs."""
    param = params.community[0]
    neighbourhood, lever = city.neighbourhood, city.levers
    trusted = param.delivery_without_credibility + neighbourhood["credibility"]
    school = param.after_school_coverage * np.minimum(1.0, lever["after_school_places"]) * trusted
    training = param.training_coverage * param.training_uptake * np.minimum(1.0, lever["job_training"]) * trusted

    def offers(share: npt.NDArray[np.float64], months: float, runs: npt.NDArray[np.bool_]) -> list[float | None]:
        share = np.minimum(share, 0.9)
        chance = np.minimum(1.0, share / (months * (1.0 - share)))
        return [float(each) if on else None for each, on in zip(chance, runs, strict=True)]

    return (
        offers(
            school, param.after_school_months, (lever["after_school_places"] > 0.0) | (neighbourhood["school_places"] > 0.0)
        ),
        offers(training, param.training_months, (lever["job_training"] > 0.0) | (neighbourhood["training_touched"] > 0.0)),
    )


def _single(x: float) -> float:
    """Round as a float32 column does."""
    return float(np.float32(x))


class TwinYouth(mesa.Agent):  # type: ignore[misc]
    """One youth, with attributes of its own."""

    model: TwinCity
    home: int
    phase: int
    female: int
    status: int
    activity: int
    gang: int
    release: int
    record: int
    gang_peers: int
    exposed_at_home: int
    school_place: int
    training: int
    training_effect: float
    person: float
    family: float
    friends: float
    school: float
    isolation: float
    proneness: float

    def __init__(self, model: TwinCity, row: int, **columns: float) -> None:
        super().__init__(model)
        self.row = row
        self.__dict__.update(columns)
        self.z = risk(self.person, self.family, self.friends, self.school)
        self.peers: list[TwinYouth] = []

    def age(self) -> float:
        """Return the age in years."""
        months: int = YOUNGEST + (self.model.month - self.phase) % SPAN
        return months / 12.0

    # One pass a method, in the order of the month.

    def live(self) -> None:
        """Change activity now and then; turn thirty and make room for a child of ten; move away and make room."""
        self.choose_activity()
        model = self.model
        if self.phase == model.month % SPAN:
            self.quit_gang()
            if self.status == PRISON:
                self.set_free()
            self.status = FREE
            self.arrive(moved=False)
        elif self.status == FREE and (self.row // 4 - model.month) % 12 == 0 and self.moves_away():
            self.quit_gang()
            self.arrive(moved=True)

    def moves_away(self) -> bool:
        """Return whether the family moves, in the one month of the year in which it could."""
        return self.model.luck.move[self.row] < self.model.around.moving[self.home]

    def choose_activity(self) -> None:
        """Look anew at school and work, if it is this youth's turn."""
        param = self.model.labour
        u = self.model.luck.activity[self.row] / param.activity_review_rate
        if u >= 1.0 or self.status != FREE:
            return
        around = self.model.around
        age = self.age()
        idle = logistic(
            around.idleness[self.home]
            + param.risk_on_idleness * self.z
            + param.prison_record_on_idleness * self.record
            - param.training_on_idleness * self.training_effect
        )
        if age < 14.0:
            idle *= param.idleness_ratio_under_14
        elif age < 16.0:
            idle *= param.idleness_ratio_14_to_15
        if u < idle:
            self.activity = NEITHER
            return
        rest = (u - idle) / (1.0 - idle)
        quality = around.school_quality[self.home]
        studying = 1.0
        if age >= 24.0:
            studying = param.study_share_24_and_over
        elif age >= 19.0:
            studying = param.study_share_19_to_23 * quality
        elif age >= 16.0:
            studying = min(1.0, param.study_share_16_to_18 + (1.0 - param.study_share_16_to_18) * quality)
        if rest < studying:
            self.activity = SCHOOL
        elif (rest - studying) / (1.0 - studying) < around.informality[self.home]:
            self.activity = INFORMAL
        else:
            self.activity = FORMAL

    def arrive(self, *, moved: bool) -> None:
        """Become a new person: a child of ten, or one of the same age who moved in."""
        model = self.model
        around = model.around
        param = model.demography
        person, family, friends, school = (distributions.normal(u) for u in model.luck.person_risk[self.row])
        sex, alone, home, care = model.luck.person_life[self.row]
        if not moved and care < around.treated[self.home]:
            person = max(-2.5, person - param.early_childhood_on_risk)
            family = max(-2.5, family - param.early_childhood_family_ratio * param.early_childhood_on_risk)
            school = max(-2.5, school - param.early_childhood_on_risk)
        self.person = _single(person)
        self.family = _single(family)
        self.friends = _single(friends)
        self.school = _single(school)
        self.z = risk(self.person, self.family, self.friends, self.school)
        self.female = int(sex < 0.5)
        connected = 0.0 if moved else param.efficacy_on_isolation * around.efficacy[self.home]
        self.isolation = _single(alone ** (1.0 + connected))
        exposed = (
            param.share_exposed_at_home
            * (param.exposure_without_deprivation + around.deprivation[self.home])
            * around.domestic[self.home]
        )
        self.exposed_at_home = int(home < exposed)
        spread = math.exp(param.risk_on_proneness * risk(person, family, friends, school))
        self.proneness = _single(spread * (param.female_proneness_ratio if self.female else 1.0))
        self.record = 0
        self.school_place = 0
        self.training = 0
        self.training_effect = 0.0
        if not moved:
            self.activity = SCHOOL

    def join_or_leave(self) -> None:
        """Leave the gang, or join one."""
        model = self.model
        around = model.around
        u = model.luck.join[self.row]
        if self.gang != NO_GANG:
            if self.status == PRISON:
                leaving = model.recruitment.exit_rate_in_prison
            else:
                leaving = leave_probability(
                    model.recruitment,
                    around.cohesion[self.gang],
                    around.comrades[self.gang],
                    self.age(),
                    self.activity,
                    self.record,
                    self.female,
                    self.training_effect,
                    around.helped[self.home] - around.locked[self.home] * self.female,
                    around.changed[self.home],
                )
            if u < leaving:
                self.quit_gang()
        elif self.status == FREE:
            here = self.home
            age = self.age()
            family = self.family * around.held[here] if self.family > 0.0 else self.family
            z = risk(self.person, family, self.friends, self.school)
            named = around.named[here] if z > model.recruitment.referral_risk_threshold and age < 18.0 else 0.0
            joining = join_probability(
                model.recruitment,
                around.pull[here] + named,
                around.rent[here],
                around.cheap[here],
                age,
                self.female,
                z,
                self.activity,
                self.gang_peers,
                self.isolation,
                around.exposed[here] * self.exposed_at_home,
                around.school_effect[here] if self.school_place > 0 else 0.0,
                self.training_effect,
                around.young[here],
            )
            if u < joining:
                self.join()

    def join(self) -> None:
        """Join a gang, in proportion to what draws recruits here."""
        weights = self.model.around.choice[self.home]
        total = sum(weights)
        if total > 0.0:
            self.enlist(_pick(weights, self.model.luck.join_which[self.row] * total))

    def die(self) -> None:
        """Leave the table for one counted dead; the row stays empty until its cohort turns thirty."""
        self.quit_gang()
        self.status = DEAD
        self.school_place = 0
        self.training = 0
        self.training_effect = 0.0

    def face_justice(self) -> None:
        """Be arrested, or serve, or be released; be counted if inside."""
        if self.status == FREE:
            self.face_arrest()
        if self.status == PRISON:
            model = self.model
            if self.release <= model.month:
                self.set_free()
                return
            model.prisoners[self.home] += 1
            inmates = sum(model.around.inmates)
            recruited = model.luck.prison_join[self.row] < model.around.prison_join
            if recruited and self.gang == NO_GANG and inmates > 0.0:
                self.enlist(_pick(model.around.inmates, model.luck.prison_gang[self.row] * inmates))

    def face_arrest(self) -> None:
        """Be arrested and sentenced, or not."""
        member = self.gang != NO_GANG
        if not member and (self.female or self.age() < 14.0):
            return
        model = self.model
        around = model.around
        param = model.justice
        here = self.home
        hazard, killing, swept = arrest_hazard(
            param,
            around.reached[here],
            around.conviction[self.gang] if member else 0.0,
            member,
            self.proneness,
            around.other[here],
            around.swept_up[here],
            around.solved[here],
        )
        if model.luck.arrest[self.row] >= 1.0 - math.exp(-hazard):
            return
        mark = model.luck.arrest_cause[self.row] * hazard - killing
        mean = param.sentence_months
        if mark < 0.0:
            mean = param.sentence_months_killing
        elif mark < swept:
            without = mark < swept * around.endless[here]
            mean = param.detention_months_without_term if without else param.sentence_months_mass_arrest
        months = max(1.0, math.floor(distributions.exponential(model.luck.sentence[self.row], mean)))
        self.status = PRISON
        self.release = min(model.month + int(min(months, 480.0)), 32_000)
        self.school_place = 0
        self.training = 0
        if member:
            self.tell_peers(-1)

    def attend(self) -> None:
        """Go on in a programme, finish it, or be offered a place."""
        if self.status != FREE:
            return
        around = self.model.around
        offer = around.school_offer[self.home]
        if offer is not None:
            if self.school_place > 0:
                self.school_place -= 1
            elif self.gang == NO_GANG and self.age() < 17.0 and self.model.luck.place_school[self.row] < offer:
                self.school_place = int(self.model.community.after_school_months)
        offer = around.training_offer[self.home]
        if offer is not None:
            self.train(offer)

    def train(self, offer: float) -> None:
        """Go on in training, finish it into work, let its effect fade, or be offered a place."""
        param = self.model.community
        full = self.model.around.training_effect[self.home]
        if self.training_effect > 0.0:
            faded = self.training_effect * math.exp(-math.log(2.0) * (1.0 / param.training_half_life))
            self.training_effect = _single(faded) if faded > 0.01 else 0.0
        if self.training > 0:
            self.training_effect = max(self.training_effect, _single(full))
            self.training -= 1
            if self.training == 0 and self.model.luck.training_job[self.row] < full:
                self.activity = FORMAL
            return
        at_risk = self.activity == NEITHER and self.z > param.training_risk_threshold
        eligible = self.gang != NO_GANG or self.record == 1 or at_risk
        found = offer * math.exp(-self.model.around.missed[self.home] * max(self.z, 0.0))
        if eligible and self.age() >= 16.0 and self.model.luck.place_training[self.row] < found:
            self.training = int(param.training_months)
            self.training_effect = max(self.training_effect, _single(full))

    # The acts that peers must hear of.

    def tell_peers(self, change: int) -> None:
        """Let the eight peers know of one gang member more, or fewer, among theirs."""
        for peer in self.peers:
            peer.gang_peers += change

    def enlist(self, gang: int) -> None:
        """Become a member, free or inside."""
        self.gang = gang
        if self.status == FREE:
            self.tell_peers(1)

    def quit_gang(self) -> None:
        """End the membership, if there is one."""
        if self.gang != NO_GANG:
            self.gang = NO_GANG
            if self.status == FREE:
                self.tell_peers(-1)

    def set_free(self) -> None:
        """Leave prison, with a record."""
        self.status = FREE
        self.record = 1
        if self.gang != NO_GANG:
            self.tell_peers(1)


class ScreeningYouth(TwinYouth):
    """A youth that asks first whether its number could matter at all, as the compiled model does."""

    def join_or_leave(self) -> None:
        """Leave the gang, or join one."""
        bound = self.model.recruitment.joining_limit if self.gang == NO_GANG else self.model.recruitment.exit_rate_limit
        if self.model.luck.join[self.row] < bound:
            super().join_or_leave()

    def face_arrest(self) -> None:
        """Be arrested and sentenced, or not."""
        around = self.model.around
        here = self.home
        most_prone = math.exp(5.0 * self.model.demography.risk_on_proneness)
        most = (around.other[here] + around.solved[here]) * most_prone + around.swept_up[here]
        if self.gang != NO_GANG or self.model.luck.arrest[self.row] < most:
            super().face_arrest()


def _pick(weights: Sequence[float], mark: float) -> int:
    """Return the first index at which the running sum of weights passes the mark, or the last with any weight."""
    chosen = 0
    for k, weight in enumerate(weights):
        if weight > 0.0:
            chosen = k
            mark -= weight
            if mark < 0.0:
                break
    return chosen


# What a youth begins with: the columns named in the annotations of `TwinYouth`, all but its model.
_READ = tuple(name for name in TwinYouth.__annotations__ if name != "model")


class TwinCity(mesa.Model):  # type: ignore[misc]
    """The youths of a city as Mesa agents, begun from the compiled model's columns.

    Parameters
    ----------
    city
        Whose youths; nothing of it is changed or kept.
    params
        The parameters.
    kind
        `TwinYouth`, or `ScreeningYouth`.
    """

    def __init__(self, city: City, params: Parameters, kind: type[TwinYouth] = TwinYouth) -> None:
        super().__init__(rng=0)
        for name, table in zip(params._fields, params, strict=True):
            setattr(self, name, SimpleNamespace(**{field: float(table[0][field]) for field in table.dtype.names}))
        columns = {name: getattr(city.youth, name).tolist() for name in _READ}
        self.listed = [
            kind(self, row, **dict(zip(columns, values, strict=True)))
            for row, values in enumerate(zip(*columns.values(), strict=True))
        ]
        for youth, peers in zip(self.listed, city.youth.peers.tolist(), strict=True):
            youth.peers = [self.listed[row] for row in peers]
        self.youths = self.agents_by_type[kind]
        self.places = len(city.neighbourhood)

    labour: SimpleNamespace
    demography: SimpleNamespace
    recruitment: SimpleNamespace
    justice: SimpleNamespace
    community: SimpleNamespace
    month: int
    around: Surroundings
    luck: Luck
    prisoners: list[int]

    def live(self, t: int, around: Surroundings, luck: Luck) -> None:
        """Live the youth part of month t."""
        self.month = t
        self.around = around
        self.luck = luck
        self.prisoners = [0] * self.places
        youths = self.youths
        youths.do("live")
        youths.do("join_or_leave")
        for row, gang in around.relabelled:
            self.relabel(self.listed[row], gang)
        for row in around.died:
            self.listed[row].die()
        youths.do("face_justice")
        if any(each is not None for each in (*around.school_offer, *around.training_offer)):
            youths.do("attend")

    def relabel(self, youth: TwinYouth, gang: int) -> None:
        """Let a youth's gang be what the gangs decided: another name for members, a first gang for founders."""
        if youth.gang == NO_GANG:
            youth.enlist(gang)
        else:
            youth.gang = gang

    def differing(self, city: City) -> dict[str, list[int]]:
        """Return the rows at which a compared column of the compiled model differs, by column; empty where none."""
        found = {}
        for name in COMPARED:
            mine = np.array([getattr(youth, name) for youth in self.listed])
            rows = np.flatnonzero(mine != getattr(city.youth, name)).tolist()
            if rows:
                found[name] = rows
        return found
