"""How fast the model is, against the same rules in plain Mesa and against what the machine allows."""
