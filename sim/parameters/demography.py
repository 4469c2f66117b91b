"""Parameters of `sim.processes.demography`: ages, newcomers and removals."""

from __future__ import annotations

from sim.parameters.declaration import CHOSEN, FORM, JUDGEMENT, LITERATURE, LOGUNIFORM, UNIFORM, Parameter

__all__ = ["PARAMETERS"]

PARAMETERS = (
    Parameter("demography.share_exposed_at_home", 0.15, 0.05, 0.3, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Children who live with violence at home."),
    Parameter("demography.female_proneness_ratio", 0.15, 0.08, 0.3, "ratio", UNIFORM, JUDGEMENT, "viol.age_crime_peak", "Women's part in street violence against men's."),
    Parameter("demography.inflow_on_turnover", 1.0, 0.3, 2.0, "ratio", LOGUNIFORM, JUDGEMENT, CHOSEN, "Rise of the turnover of residents with the flow of people."),
    Parameter("demography.member_ties_kept", 0.9, 0.5, 1.0, "share", UNIFORM, JUDGEMENT, CHOSEN, "Share of moves of members after which the gang is as large as before, since ties last within the city or a newcomer brings such ties."),
    Parameter("demography.family_on_exposure", 0.3, 0.0, 0.6, "log per SD", UNIFORM, JUDGEMENT, CHOSEN, "Rise of exposure to violence at home with risk of the family."),
    Parameter("demography.disruption_on_family_risk", 0.6, 0.2, 1.0, "SD per share", UNIFORM, JUDGEMENT, CHOSEN, "Difference in risk of the family between children with and without steady care."),
    Parameter("demography.early_childhood_on_risk", 0.40, 0.1, 0.6, "SD", LOGUNIFORM, LITERATURE, "res.perry_early_childhood", "Reduction of risk by care in early childhood."),
    Parameter("demography.early_childhood_coverage", 0.6, 0.2, 0.8, "share", LOGUNIFORM, JUDGEMENT, CHOSEN, "Share of a cohort that care in early childhood reaches at full level."),
    Parameter("demography.clearance_displacement", 0.05, 0.01, 0.15, "share a year", LOGUNIFORM, JUDGEMENT, CHOSEN, "Residents whom clearance drives out."),
    Parameter("demography.division_displacement", 0.1, 0.02, 0.3, "share a year", LOGUNIFORM, JUDGEMENT, CHOSEN, "Residents whom a full division drives out."),
    Parameter("demography.early_childhood_family_ratio", 0.5, 0.0, 1.0, "ratio", UNIFORM, JUDGEMENT, FORM, "Effect of care in early childhood on family risk against personal risk."),
    Parameter("demography.efficacy_on_isolation", 2.0, 0.5, 4.0, "per share", LOGUNIFORM, JUDGEMENT, FORM, "Fall of isolation with cohesion within the neighbourhood."),
    Parameter("demography.exposure_without_deprivation", 0.5, 0.1, 1.0, "share", LOGUNIFORM, JUDGEMENT, FORM, "Exposure of children to violence at home without deprivation."),
    Parameter("demography.risk_on_proneness", 0.5, 0.25, 0.75, "log per SD", UNIFORM, JUDGEMENT, FORM, "Rise of proneness to street violence with risk of the person."),
)
