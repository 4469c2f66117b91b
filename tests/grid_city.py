"""A city of any number of neighbourhoods for tests: the template's figures on a grid, poorer towards one corner."""

from sim.scenario import load_city

__all__ = ["grid_city", "grid_values"]

TEMPLATE = "scenarios/city_template.yaml"
WIDTH = 6


def grid_values(places, residents=12_000, gangs=4):
    """Return a city of `places` neighbourhoods as the tree that a file holds."""
    values = load_city(TEMPLATE).model_dump(mode="json", exclude_none=True)
    tiles = [(k % WIDTH, k // WIDTH) for k in range(places)]
    names = [f"Area {k}" for k in range(places)]
    areas = []
    for k, (column, row) in enumerate(tiles):
        beside = [(column - 1, row), (column + 1, row), (column, row - 1), (column, row + 1)]
        poor = k / (places - 1)
        areas.append(
            {
                "name": names[k],
                "population": residents + 500 * (k % 5),
                "poverty": round(0.08 + 0.4 * poor, 3),
                "unemployment": round(0.05 + 0.15 * poor, 3),
                "no_high_school": round(0.08 + 0.28 * poor, 3),
                "income": round(32_000.0 - 22_000.0 * poor),
                "adjacent": [names[tiles.index(each)] for each in beside if each in tiles],
                "tile": [column, row],
            }
        )
    homes = [names[places - 1 - k * places // (2 * gangs)] for k in range(gangs)]
    packs = [{"name": f"Gang {k}", "homes": [home], "organisation": "loose"} for k, home in enumerate(homes)]
    changed = {"name": f"grid_{places}", "title": f"Grid of {places}", "neighbourhoods": areas, "gangs": packs}
    return values | changed | {"groups": [], "ordinary_groups": 1.0, "corridors": []}


def grid_city(places, **levels):
    """Return such a city, with some of its levels set."""
    from sim.scenario import City

    values = grid_values(places)
    return City.model_validate(values | {"levels": values["levels"] | levels})
