"""A city's arrays by name, and the comparison of two cities to the byte."""

import numpy as np


def columns(part, name="city"):
    """Every array of a state with its path; tables of records come field by field. Scratch is no state."""
    if isinstance(part, tuple):
        for field in part._fields:
            if field != "scratch":
                yield from columns(getattr(part, field), f"{name}.{field}")
    elif part.dtype.names:
        for field in part.dtype.names:
            yield f"{name}.{field}", part[field]
    else:
        yield name, part


def differing(one, other):
    """The columns in which two states differ by at least a bit, each with the largest difference."""
    found = {}
    for (name, left), (_, right) in zip(columns(one), columns(other), strict=True):
        if left.shape != right.shape:
            found[name] = np.inf
        elif left.tobytes() != right.tobytes():
            found[name] = float(np.abs(left.astype(float) - right.astype(float)).max())
    return found
