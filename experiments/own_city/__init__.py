"""A city file of one's own: what it knows of each risk, and the fit that brings it to its own levels."""
