"""The fields of every table of records, for type checkers alone.

Made by `python -m experiments.publish.typed_views`; do not edit it, and make it anew after a table or parameter changed.
"""

from typing import Any, overload

import numpy as np
import numpy.typing as npt

class Table[Row](np.ndarray[tuple[int], np.dtype[Any]]):
    """A table of records: a row by its number, a column by its name."""

    @overload  # type: ignore[override]
    def __getitem__(self, key: int | np.integer[Any], /) -> Row: ...
    @overload
    def __getitem__(self, key: str, /) -> npt.NDArray[Any]: ...
    @overload
    def __getitem__(self, key: slice | npt.NDArray[Any] | list[int], /) -> Table[Row]: ...
    def __setitem__(self, key: Any, value: Any, /) -> None: ...
    def copy(self, order: Any = ...) -> Table[Row]: ...

class Record:
    """A row of a table: its fields are attributes, and can be read by name."""

    def __getitem__(self, field: str, /) -> Any: ...
    def __setitem__(self, field: str, value: Any, /) -> None: ...

class Place(Record):
    """One neighbourhood: a row of `City.place`."""

    first: int
    last: int
    fifth: int
    population: float
    weight: float
    deprivation: float
    inequality: float
    in_migration: float
    informality: float
    services: float
    school_quality: float
    family_disruption: float
    disorganisation: float
    enclave: float
    tenure: float
    minority: float
    edge: float
    displaced_anchor: float
    efficacy_anchor: float
    bridging_anchor: float
    state_anchor: float
    police_anchor: float
    criminal_anchor: float
    fear_anchor: float
    testimony_anchor: float
    reporting_anchor: float
    collective_efficacy: float
    bridging: float
    state_legitimacy: float
    police_legitimacy: float
    criminal_legitimacy: float
    fear: float
    testimony: float
    business: float
    jobs: float
    extortion: float
    turnover_taken: float
    service_reach: float
    services_now: float
    care: float
    damage: float
    rebuilt: float
    trauma: float
    prepared: float
    displaced: float
    included: float
    divided: float
    housed: float
    garrison: float
    lingering: float
    certainty: float
    lawful: float
    unlicensed: float
    treated: float
    domestic: float
    violence: float
    street: float
    violence_reference: float
    extortion_reference: float
    settled_reference: float
    rent_reference: float
    gang_services_reference: float
    rent: float
    controlled: float
    domination: float
    settled: float
    fighting: float
    governing: float
    closure: float
    clearance: float
    reporting: float
    recruits: float
    recruits_under_18: float
    exits: float
    arrested: float
    deaths_rivalry: float
    deaths_discipline: float
    deaths_dispute: float
    deaths_bystander: float
    deaths_police: float
    deaths_domestic: float
    deaths_market: float
    deaths_vigilante: float
    deaths_communal: float
    deaths_inside: float
    deaths_youth: float
    deaths_female: float
    killed: float
    killed_children: float
    disputes_lost: float
    near_violence: float
    near_patrol: float
    near_district: float
    gang_services: float
    captured: float
    connected: float
    evicted: float
    allocated: float
    firm_entry: float
    firm_exit: float
    robberies: float
    prison_recruits: float
    female_exits: float
    female_members: float
    idle: float
    out_of_school: float
    school_places: float
    training_places: float
    training_touched: float
    places_at_risk: float
    groups: float
    governing_reference: float
    prisoners: float
    credibility: float

class Gang(Record):
    """One gang slot: a row of `City.gang`."""

    alive: int
    ideological: int
    organisation: int
    home: int
    leader: int
    founded: int
    cohesion_anchor: float
    cohesion: float
    arms: float
    money: float
    money_reference: float
    succession: float
    pact: float
    pact_anchor: float
    grievance: float
    prison_reference: float
    members: float
    inmates: float
    expected_dead: float
    expected_killings: float
    demand: float
    conviction: float
    style: float

class Police(Record):
    """The police of one neighbourhood: a row of `City.police`."""

    patrol: float
    abuse: float
    abuse_anchor: float

class Group(Record):
    """One community group: a row of `City.group`."""

    kind: int
    home: int
    credibility: float
    credibility_anchor: float
    capacity: float
    independence: float

class Town(Record):
    """The city as a whole: the row of `City.town`."""

    start: int
    command: int
    anchoring: float
    population: float
    clearance_anchor: float
    clearance: float
    integrity_anchor: float
    integrity: float
    guns: float
    caseload: float
    caseload_reference: float
    fighting_reference: float
    rivalry_reference: float
    threat_reference: float
    appetite: float
    jobs: float
    follows: float
    alignment: float
    fit: float
    diverted: float
    linkage_anchor: float
    linkage: float
    grievance_anchor: float
    grievance: float
    segregation: float
    reform: float
    scrutiny: float
    phones: float
    care_anchor: float
    elderly: float
    bubbles_anchor: float
    bubbles: float
    laundered: float
    politics: float
    leakage: float
    leaked: float
    prisoners: float
    youths: float
    membership: float
    money_per_dollar: float
    cost: float
    seizures_true: float
    seizures_recorded: float
    bribes: float
    permit_bribes: float
    cost_regulation: float
    cost_enforcement: float
    cost_engagement: float
    cost_resilience: float
    truce: float
    prison_places: float
    gangs_at_start: float
    births: float
    splits: float
    splits_now: float
    merges: float
    ends: float
    overflow: float

class Levers(Record):
    """The levers of one neighbourhood: a row of `City.levers`."""

    transport_rules: float
    bare_rules: float
    venue_rules: float
    closing: float
    allocation: float
    security_rules: float
    building_rules: float
    guns: float
    integrity: float
    public_space: float
    eviction: float
    patrol: float
    investigation: float
    focused: float
    misread: float
    witness: float
    watch: float
    mass_arrest: float
    soldiers: float
    leaders: float
    oversight: float
    findings: float
    diversion: float
    reform: float
    forum: float
    community_policing: float
    participation: float
    over_promise: float
    district: float
    truce: float
    campaign: float
    women: float
    linkage: float
    lawfulness: float
    compact: float
    referral: float
    criminalise: float
    after_school: float
    mothers: float
    interruption: float
    training: float
    expose: float
    shaming: float
    transform: float
    housing: float
    tenure: float
    rules_shown: float
    housing_jobs: float
    early_childhood: float
    care: float
    services: float
    safe_spaces: float
    preparedness: float
    reach: float
    subversion: float
    slump: float
    influx: float
    damage: float
    epidemic: float
    attack: float
    spark: float
    riot: float
    raid: float
    flow_people: float
    flow_drugs: float
    flow_transport: float
    flow_ideas: float
    flow_money: float
    flow_firearms: float
    flow_goods: float

class Measure(Record):
    """One measure in force: a row of `City.programme`."""

    start: int
    stop: int
    began: int
    trigger: int
    worst: int
    by: int
    gang: int
    home: int
    act: int
    key: int
    police: int
    pillar: int
    shows_after: int
    cut: int
    unit: int
    payers: int
    stays: int
    level: float
    ramp: float
    fades: float
    above: float
    unit_cost: float
    leaks: float
    contested: float
    wear: float
    vote: float
    asked: float
    dose: float

class Outcomes(Record):
    """The outcomes of one neighbourhood: a row of `City.outcome`."""

    homicide_rate: float
    gang_homicide_rate: float
    discipline_homicide_rate: float
    dispute_homicide_rate: float
    bystander_homicide_rate: float
    domestic_homicide_rate: float
    police_killings: float
    vigilante_homicide_rate: float
    communal_homicide_rate: float
    market_homicide_rate: float
    homicides: float
    homicides_recorded: float
    homicides_counted: float
    killings_expected: float
    female_homicide_rate: float
    youth_homicide_rate: float
    serious_assaults: float
    gang_members: float
    recruits: float
    recruits_under_18: float
    exits: float
    prison_recruits: float
    female_members: float
    female_exits: float
    ideological_members: float
    splits: float
    gang_cohesion: float
    gang_arms: float
    gang_services: float
    gangs: float
    criminal_governance_index: float
    protection: float
    territory: float
    closure: float
    order: float
    extortion_share: float
    turnover_taken: float
    gang_control: float
    state_legitimacy: float
    police_legitimacy: float
    criminal_legitimacy: float
    collective_efficacy: float
    bridging: float
    fear: float
    testimony: float
    reporting: float
    connectedness: float
    state_connection: float
    community_strength: float
    positive_resilience: float
    negative_resilience: float
    tips: float
    protest: float
    clearance: float
    arrests: float
    prisoners: float
    prison_members: float
    abuse: float
    complaints: float
    police_alignment: float
    soldiers: float
    seizures_true: float
    seizures_recorded: float
    drug_price: float
    goods_price: float
    firearms_price: float
    drugs_levied: float
    drugs_hits: float
    drugs_entry_violence: float
    drugs_closure: float
    transport_levied: float
    transport_hits: float
    transport_entry_violence: float
    transport_closure: float
    goods_levied: float
    goods_hits: float
    goods_entry_violence: float
    goods_closure: float
    firearms_levied: float
    firearms_hits: float
    firearms_entry_violence: float
    firearms_closure: float
    venues_levied: float
    venues_hits: float
    venues_entry_violence: float
    venues_closure: float
    unlicensed: float
    housing_allocated_by_gangs: float
    laundered: float
    bought_politics: float
    permit_bribes: float
    leakage: float
    rents: float
    firearms: float
    integrity: float
    bribes: float
    business: float
    jobs: float
    firm_entry: float
    firm_exit: float
    linkage: float
    idle_share: float
    out_of_school: float
    services: float
    damage: float
    trauma: float
    displaced: float
    evictions: float
    enclaves: float
    divided: float
    robberies: float
    venue_violence: float
    school_violence: float
    domestic_violence: float
    places_filled: float
    places_at_risk: float
    children_killed: float
    ratio_female: float
    ratio_young_men: float
    ratio_elderly: float
    ratio_displaced: float
    ratio_marginalised: float
    homicide_gap: float
    cost: float
    cost_regulation: float
    cost_enforcement: float
    cost_engagement: float
    cost_resilience: float
    paid_by_city: float
    paid_by_police: float
    paid_by_justice: float
    paid_by_nation: float
    paid_by_schools: float
    paid_by_business: float
    paid_by_donors: float

class BeginningRates(Record):
    """The parameters of `beginning`: the row of `Rates.beginning`."""

    poverty_ceiling: float
    unemployment_ceiling: float
    schooling_ceiling: float
    weight_poverty: float
    weight_unemployment: float
    weight_schooling: float
    slope_efficacy: float
    slope_state: float
    slope_police: float
    slope_criminal: float
    slope_fear: float
    slope_testimony: float
    slope_reporting: float
    slope_abuse: float
    tenure_efficacy: float
    tenure_state: float
    groups_bridging: float

class CalendarRates(Record):
    """The parameters of `calendar`: the row of `Rates.calendar`."""

    leakage: float
    erosion: float
    linkage_funds: float
    election_cut: float
    patrol_reach: float
    soldiers_leave: float
    soldiers_relieved: float
    partner_leadership: float
    partner_clean: float
    partner_no_party: float
    partner_no_violence: float
    partner_no_rivalry: float
    partner_trusted: float
    partner_age_gap: float

class FlowsRates(Record):
    """The parameters of `flows`: the row of `Rates.flows`."""

    supply_elasticity: float
    demand_elasticity: float
    seizure_share: float
    seizure_patrol: float
    honesty_half: float
    value_drugs: float
    value_transport: float
    value_goods: float
    value_firearms: float
    value_venues: float
    venue_shrinks: float

class MarketsRates(Record):
    """The parameters of `markets`: the row of `Rates.markets`."""

    market_speed: float
    rent_organises: float
    rules_on_organising: float
    organised_sticks: float
    levy_most: float
    levy_half: float
    rules_on_levies: float
    rules_conflict: float
    venues_on_levies: float
    venues_move: float
    unlicensed: float

class EconomyRates(Record):
    """The parameters of `economy`: the row of `Rates.economy`."""

    business_speed: float
    jobs_speed: float
    extortion_on_business: float
    fear_on_business: float
    district_on_business: float
    activity_change: float
    idle_base: float
    idle_deprivation: float
    idle_jobs: float
    idle_risk: float
    idle_record: float
    idle_training: float
    compact_on_business: float
    linkage_on_business: float
    damage_on_business: float
    inclusion_on_business: float
    idle_upgrading: float

class LifecourseRates(Record):
    """The parameters of `lifecourse`: the row of `Rates.lifecourse`."""

    exposed_at_home: float
    female_proneness: float
    arrivals: float
    early_on_risk: float
    early_cover: float
    eviction: float
    divided_drives: float

class RecruitmentRates(Record):
    """The parameters of `recruitment`: the row of `Rates.recruitment`."""

    join_intercept: float
    join_deprivation: float
    presence_half: float
    join_jobs: float
    join_criminal_legitimacy: float
    join_efficacy: float
    join_police_legitimacy: float
    join_abuse: float
    join_violence: float
    demand_gain: float
    choice_control: float
    choice_gain: float
    age_peak: float
    age_width_below: float
    age_width_above: float
    join_female: float
    join_risk: float
    join_idle: float
    peer_gain: float
    peer_half: float
    join_isolation: float
    join_rent: float
    join_exposed: float
    cheap_guns_on_children: float
    children_deprivation: float
    join_cap: float
    after_school_on_joining: float
    training_on_joining: float
    exit_loose: float
    exit_cohesive: float
    exit_in_prison: float
    exit_work: float
    exit_age: float
    exit_record: float
    exit_female: float
    exit_comrades: float
    exit_deaths_scale: float
    training_on_exit: float
    join_ideas: float
    choice_ideas: float
    join_trauma: float
    join_divided: float
    connected_shields: float
    mothers_on_family: float
    safe_on_exposed: float
    referral_on_joining: float
    criminalise_on_joining: float
    knit_blocks: float
    expose_on_exit: float
    shaming_on_exit: float
    transform_on_exit: float
    exit_female_drugs: float

class GangsRates(Record):
    """The parameters of `gangs`: the row of `Rates.gangs`."""

    reach: float
    home_bonus: float
    home_months: float
    contest_exponent: float
    control_speed: float
    state_strength: float
    state_loss: float
    succession_weakness: float
    pact_absence: float
    levy_weight: float
    rent_on_demand: float
    saturation: float
    gang_speed: float
    rivalry_speed: float
    prison_knits: float
    money_knits: float
    threat_felt: float
    truce_knits: float
    truce_rearms: float
    truce_grievance: float
    grievance_speed: float
    grievance_months: float
    succession_months: float
    leader_loss: float
    leader_found: float
    leader_loss_on_cohesion: float
    split_cohesion: float
    split_members: float
    split_chance: float
    split_memory: float
    money_splits: float
    merge_size: float
    merge_memory: float
    merge_chance: float
    birth_chance: float
    birth_members: float
    cohesion_loose: float
    cohesion_integrated: float
    cohesion_weak: float
    soldiers_strength: float
    services_on_state_strength: float
    misread_knits: float
    leaders_removed: float
    pact_governs: float
    threat_preys: float
    leak_feeds: float

class IdentityRates(Record):
    """The parameters of `identity`: the row of `Rates.identity`."""

    communal: float
    spark_divides: float
    divided_months: float
    divided_kills: float
    participation_on_grievance: float

class ViolenceRates(Record):
    """The parameters of `violence`: the row of `Rates.violence`."""

    rivalry: float
    disputes: float
    branching: float
    branching_cap: float
    memory_months: float
    memory_cap: float
    hazard_cap: float
    discipline: float
    infighting: float
    money_infighting: float
    succession_violence: float
    breach_burst: float
    bystanders: float
    dispute_deprivation: float
    dispute_disorganisation: float
    dispute_efficacy: float
    dispute_jobs: float
    dispute_fear: float
    street_branching: float
    street_months: float
    domestic: float
    domestic_fear: float
    police_killings: float
    market_killings: float
    youth_share: float
    youth_share_police: float
    member_weight: float
    female_share_street: float
    female_share_home: float
    female_share_gang: float
    gun_elasticity: float
    certainty_speed: float
    deterrence_elasticity: float
    patrol_effect: float
    patrol_displaced: float
    patrol_diffusion: float
    closing_on_disputes: float
    district_on_disputes: float
    enclave_security: float
    focused_on_attacks: float
    focused_on_answers: float
    interrupters_on_answers: float
    interrupters_on_attacks: float
    truce_on_attacks: float
    truce_on_answers: float
    pact_on_attacks: float
    pact_on_answers: float
    training_on_attacks: float
    vigilantes: float
    vigilantes_fear: float
    vigilantes_trust: float
    attack_deaths: float
    care_on_lethality: float
    soldiers_effect: float
    soldiers_on_police: float
    raid_on_police: float
    raid_on_attacks: float
    trauma_on_disputes: float
    unsettled_on_disputes: float
    divided_on_disputes: float
    bubbles_displace: float
    compact_on_disputes: float
    security_on_venues: float
    security_on_bubbles: float
    public_space_on_disputes: float
    public_space_on_robberies: float
    robberies_jobs: float
    robberies_patrol: float
    robberies_displaced: float
    women_on_answers: float
    women_on_disputes: float
    transform_on_attacks: float
    domestic_services: float
    domestic_trauma: float
    mothers_on_home: float
    safe_on_home: float
    female_share_communal: float

class ExtortionRates(Record):
    """The parameters of `extortion`: the row of `Rates.extortion`."""

    extortion_most: float
    extortion_half: float
    extortion_speed: float
    fight_or_levy: float
    settled_boundaries: float
    extortion_efficacy: float
    extortion_clearance: float
    extortion_integrity: float
    turnover_share: float
    lawful_on_pressure: float
    allocation_cut: float
    allocation_on_order: float

class JusticeRates(Record):
    """The parameters of `justice`: the row of `Rates.justice`."""

    clearance_testimony: float
    clearance_integrity: float
    clearance_reporting: float
    clearance_caseload: float
    investigation_skill: float
    arrest_member: float
    arrest_other: float
    mass_arrest_member: float
    mass_arrest_bystander: float
    sentence: float
    sentence_mass: float
    sentence_killing: float
    prison_joining: float
    abuse_integrity: float
    abuse_mass_arrest: float
    abuse_patrol: float
    abuse_focused: float
    abuse_speed: float
    reporting_police_legitimacy: float
    reporting_fear: float
    reporting_criminal_legitimacy: float
    reform_on_integrity: float
    reform_speed: float
    abuse_soldiers: float
    abuse_raid: float
    abuse_findings: float
    abuse_antagonism: float
    watch_on_reporting: float
    campaign_on_reporting: float
    referral_on_tips: float
    criminalise_on_tips: float
    clearance_diverted: float
    diversion_share: float
    riot_deaths: float
    riot_knits: float

class RecoveryRates(Record):
    """The parameters of `recovery`: the row of `Rates.recovery`."""

    repair_speed: float
    prepared_on_damage: float
    prepared_on_repair: float
    prepared_speed: float
    care_on_repair: float
    care_on_trauma: float
    care_reach: float
    build_back: float
    rebuilt_months: float
    damage_on_trauma: float
    attack_on_trauma: float
    raid_on_trauma: float
    trauma_months: float
    epidemic_on_care: float
    epidemic_diverts: float
    shock_diverts: float
    services_gain: float
    services_speed: float
    housing_on_services: float
    housing_speed: float
    settle_speed: float
    inclusion_speeds: float
    included_months: float
    arrive_unsettled: float

class CommunityRates(Record):
    """The parameters of `community`: the row of `Rates.community`."""

    violence_speed: float
    fear_violence: float
    fear_robberies: float
    fear_up: float
    fear_down: float
    trust_up: float
    trust_down: float
    cohesion_down: float
    testimony_police: float
    testimony_clearance: float
    police_abuse: float
    police_clearance: float
    community_policing_on_trust: float
    focused_on_trust: float
    efficacy_income: float
    district_on_efficacy: float
    bridging_uneven: float
    district_on_bridging: float
    ideas_on_state: float
    credibility_state: float
    credibility_capture: float
    credibility_without_group: float
    after_school_cover: float
    after_school_months: float
    training_cover: float
    training_risk: float
    training_uptake: float
    training_months: float
    training_half_life: float
    witness_on_testimony: float
    watch_on_trust: float
    promises_on_police: float
    promises_on_state: float
    participation_on_state: float
    participation_on_efficacy: float
    participation_on_bridging: float
    women_on_efficacy: float
    housed_on_efficacy: float
    housed_on_state: float
    rebuilt_on_efficacy: float
    rebuilt_on_state: float
    trauma_on_fear: float
    trauma_on_efficacy: float
    bubbles_on_bridging: float
    compact_heals: float
    divided_on_bridging: float
    unsettled_on_bridging: float
    services_on_state: float
    services_on_criminal: float
    served_on_criminal: float
    captured_on_criminal: float
    linkage_on_state: float
    lawfulness_speed: float
    lawful_on_state: float
    campaign_on_state: float
    politics_on_state: float
    subversion_on_criminal: float
    subversion_on_groups: float
    agency_misses: float

class GovernmentRates(Record):
    """The parameters of `government`: the row of `Rates.government`."""

    integrity_rise: float
    integrity_speed: float
    money_on_integrity: float
    gun_stock_cut: float
    gun_stock_speed: float
    firearms_on_stock: float
    caseload_speed: float
    building_cut: float
    politics_speed: float
    pact_pays: float
    rules_on_bribes: float
    forum_gain: float
    linkage_on_alignment: float
    alignment_speed: float
    linkage_gain: float
    linkage_speed: float
    grievance_speed: float
    spark_on_grievance: float
    scrutiny_speed: float

class LedgerRates(Record):
    """The parameters of `ledger`: the row of `Rates.ledger`."""

    lethality: float
    observed: float
    complaints: float
    weight_protection: float
    weight_territory: float
    weight_closure: float
    weight_order: float
    prison_year: float
    complaints_heard: float
    elderly_street: float
    elderly_home: float
    displaced_risk: float
