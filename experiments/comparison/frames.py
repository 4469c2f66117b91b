"""Results in other forms: long tables, a value a row, and labelled arrays for xarray."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["labelled_arrays", "long_table"]


def long_table(values: NDArray[np.float32], axes: Mapping[str, Sequence[object]]) -> pd.DataFrame:
    """Return an array as a long table.

    Parameters
    ----------
    values
        float32, one axis for each entry of `axes`.
    axes
        Name of each axis, and what its places are called.

    Returns
    -------
    DataFrame
        A row for each value, the last axis running fastest: a column for each axis (texts as categories, in their order),
        then `value`.
    """
    import pandas as pd

    places = np.indices(values.shape, dtype=np.int32).reshape(values.ndim, -1)
    columns: dict[str, Any] = {}
    for (name, labels), place in zip(axes.items(), places, strict=True):
        if isinstance(labels[0], str):
            columns[name] = pd.Categorical.from_codes(place, categories=pd.Index(list(labels)))
        else:
            columns[name] = np.asarray(labels)[place]
    return pd.DataFrame(columns | {"value": values.reshape(-1)})


def labelled_arrays(
    arrays: Mapping[str, tuple[Sequence[str], NDArray[np.float32]]],
    labels: Mapping[str, Sequence[object]],
    about: Mapping[str, object],
) -> Any:
    """Return arrays as one `xarray.Dataset`.

    Parameters
    ----------
    arrays
        Name of each, the names of its axes, and its values.
    labels
        What the places of an axis are called.
    about
        Attributes of the whole.

    Raises
    ------
    InputError
        When xarray is not installed.
    """
    from sim.errors import InputError

    try:
        xarray: Any = importlib.import_module("xarray")
    except ImportError:
        raise InputError("to_xarray needs one more package; install citysafety[xarray]") from None
    coordinates = {name: list(places) for name, places in labels.items()}
    return xarray.Dataset({name: (tuple(axes), values) for name, (axes, values) in arrays.items()}, coordinates, dict(about))
