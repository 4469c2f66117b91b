"""`citysafety diagnose`: which risks a city file has measured, which it assumes, and which the model lacks."""

from __future__ import annotations

from experiments.commands import options
from experiments.commands.streams import print_json


def diagnose(city: options.CityName, as_json: options.Json = False) -> None:
    """Show how well a city file covers each risk.

    Each risk is measured (with a source), assumed, or not in the model. Nothing is simulated.
    """
    from experiments.comparison.fitted import fit_object, fit_text
    from experiments.own_city.diagnosis import json_object, table
    from sim.scenario import load_city

    loaded = load_city(city)
    if as_json:
        print_json(json_object(loaded) | {"fit": fit_object(loaded, {})})
        return
    said = fit_text(loaded)
    print("\n".join([*table(loaded), *(["", f"{said}."] if said else [])]))
