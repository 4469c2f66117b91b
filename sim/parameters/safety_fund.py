"""Parameters of `sim.processes.safety_fund`: what is given to a safety fund, lost by its board, and bought with the money."""

from __future__ import annotations

from sim.parameters.declaration import CHOSEN, JUDGEMENT, LOGUNIFORM, UNIFORM, Parameter

__all__ = ["PARAMETERS"]

PARAMETERS = (
    Parameter("safety_fund.offer_per_resident", 2.7, 1.0, 6.0, "US dollars of 2019 a year", LOGUNIFORM, JUDGEMENT, "eng.security_trust_fund", "Money offered to a safety fund for each resident, at US prices, where all of business supports the city's programmes."),
    Parameter("safety_fund.police_share", 0.6, 0.3, 0.9, "share", UNIFORM, JUDGEMENT, "eng.security_trust_fund", "Share of the money of a safety fund that the police get."),
    Parameter("safety_fund.police_money_on_investigation", 0.5, 0.2, 0.9, "share", UNIFORM, JUDGEMENT, CHOSEN, "Share of what a safety fund pays the police that helps to solve cases; the rest is vehicles and gear that solve none."),
    Parameter("safety_fund.closed_board_leakage", 0.5, 0.2, 0.9, "share", UNIFORM, JUDGEMENT, "eng.security_votes", "Share of the money of a safety fund that is lost where its board is not public and nobody is honest."),
)
