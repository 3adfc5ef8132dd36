"""Grouping columns of any kind become codes 0..m-1."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

# Numbers of schools or authorities are few and near one another: a table of all between them is then small.
MOST_EMPTY_CODES = 4


def group_codes(values: Any) -> np.ndarray:
    """Codes 0..m-1 of any grouping column (numbers with gaps, strings, categories); missing is -1.

    The order of codes is that of the sorted values, or of appearance where values of unlike types cannot be sorted.
    """
    column = pd.Series(values).reset_index(drop=True)
    if isinstance(column.dtype, np.dtype) and np.can_cast(column.dtype, np.int64) and column.size:
        whole = column.to_numpy(dtype=np.int64)
        least = int(whole.min())
        if (span := int(whole.max()) - least) <= MOST_EMPTY_CODES * whole.size:
            return _codes_by_counting(whole - least, span)
    if not (isinstance(column.dtype, np.dtype) and column.dtype.kind in "biuf"):
        column = column.astype(object)
    try:
        codes, _ = pd.factorize(column, sort=True)
    except TypeError:
        codes, _ = pd.factorize(column)
    return np.asarray(codes, dtype=np.intp)


def _codes_by_counting(places: np.ndarray, span: int) -> np.ndarray:
    """Codes of whole numbers from 0 to `span`: no sorting, no hashing."""
    is_there = np.zeros(span + 1, dtype=bool)
    is_there[places] = True
    if is_there.all():
        return places
    return (np.cumsum(is_there) - 1)[places]
