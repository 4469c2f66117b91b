"""Cities of one's own stand at their levels after a fit, over other seeds; slow, so it runs by `make validate`."""

import pytest

from experiments.comparison.compare import compare
from experiments.comparison.fitted import off_levels
from experiments.own_city.fit import fit_city
from sim.scenario import load_city
from tests.grid_city import grid_city
from tests.validation.futures import ALIKE

pytestmark = pytest.mark.validate

LEVELS = {"high": {"homicide_rate": 45.0, "membership": 0.06}, "low": {"homicide_rate": 12.0}}


@pytest.mark.parametrize("levels", LEVELS)
@pytest.mark.parametrize("places", [7, 20, 78])
def test_a_fitted_city_stands_at_its_levels_over_other_seeds(places, levels):
    city = grid_city(places, **LEVELS[levels]) if places > 7 else load_city("scenarios/city_template.yaml")
    city = city.model_copy(update={"levels": city.levels.model_copy(update=LEVELS[levels])})
    fit = fit_city(city)
    assert fit.converged
    fitted = city.model_copy(update={"calibration": city.calibration.model_copy(update=fit.numbers)})
    youths = sum(each.population for each in city.neighbourhoods) * city.youth_share
    after = compare(fitted, [], replications=120, seed=77, scale=fit.scale, without=ALIKE)
    for name, target, factor in (
        ("homicide_rate", city.levels.homicide_rate, 1.0),
        ("gang_members", city.levels.membership, youths),
    ):
        mean = after.level("baseline", name).mean / factor
        print(f"{places} areas, {name}: {mean:.4g} of {target:g}")
        assert mean == pytest.approx(target, rel=0.03)
    assert off_levels(after) == {}
