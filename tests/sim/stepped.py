"""Models that are lived month by month, and what their states hold."""

import functools

from sim.model import CitySafetyModel
from sim.outcomes import outcome_index


def model_of(sandbox, policy=None, **options):
    return CitySafetyModel(sandbox, policy, **{"seed": 5, "scale": 0.1, "months": 24, **options})


def arrays_of(part, name="state"):
    """Every array of a state, by name."""
    if not isinstance(part, tuple):
        return {name: part}
    return {
        key: array for field in part._fields for key, array in arrays_of(getattr(part, field), f"{name}.{field}").items()
    }


def same_bytes(one, other):
    return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()


@functools.cache
def last_rate(policy, seed):
    model = CitySafetyModel("sandbox", policy, rng=seed, months=3, scale=0.01)
    model.run_model()
    return float(model.city_monthly[-1, outcome_index("homicide_rate")])
