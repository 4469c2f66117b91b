"""A core of the model that costs nothing."""

import sys
import types

import pytest
from made_up import Core

import sim


@pytest.fixture
def core(monkeypatch):
    made_up = Core()
    module = types.ModuleType("sim.run")
    module.warm, module.run_arms = made_up.warm, made_up.run_arms
    monkeypatch.setitem(sys.modules, "sim.run", module)
    monkeypatch.setattr(sim, "run", module, raising=False)
    return made_up
