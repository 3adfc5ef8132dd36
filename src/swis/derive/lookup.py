"""Look-ups and sorts over many rows by whole numbers instead of text: each distinct key is handled once."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


def look_up(keys: pd.Series, table: pd.Series) -> pd.Series:
    """The value of `table` at each key, on the keys' index and in the table's type; missing for an unknown key.

    `table` has unique index labels and a type that can hold a missing value.
    """
    positions = positions_in(keys, table.index)
    return pd.Series(table.array.take(positions, allow_fill=True), index=keys.index, name=keys.name)


def positions_in(keys: pd.Series, index: pd.Index) -> np.ndarray:
    """Place of each key in a unique index; -1 for a key that is missing or not there."""
    if isinstance(keys.dtype, pd.StringDtype) and isinstance(index.dtype, pd.StringDtype):
        return _places_of_texts(keys, index)
    codes, distinct = pd.factorize(keys)
    if not len(distinct):
        return np.full(len(keys), -1, dtype=np.intp)
    places = index.get_indexer(pd.Index(distinct))
    return np.where(codes >= 0, places.take(codes), -1)


def _places_of_texts(keys: pd.Series, index: pd.Index) -> np.ndarray:
    """The same in Arrow, where no text becomes an object of Python."""
    known = pa.array(index).cast(pa.large_string())
    places = pc.index_in(pa.array(keys).cast(pa.large_string()), value_set=known, skip_nulls=True)
    return pc.fill_null(places, -1).to_numpy(zero_copy_only=False).astype(np.intp)


def is_among(keys: pd.Series, values: pd.Series) -> pd.Series:
    """Whether each key is one of `values`; a missing key is not."""
    known = pd.Index(values.dropna().unique())
    return pd.Series(positions_in(keys, known) >= 0, index=keys.index)


def of_distinct_dates(dates: pd.Series, label: object) -> pd.Series:
    """The text that `label` (a function of a series of dates) gives, worked out once for each distinct date."""
    codes, distinct = pd.factorize(dates)
    if not len(distinct):
        return pd.Series(pd.NA, index=dates.index, dtype="string")
    texts = label(pd.Series(distinct)).astype("string").array  # type: ignore[operator]
    return pd.Series(texts.take(codes, allow_fill=True), index=dates.index)


def sort_codes(frame: pd.DataFrame, key: list[str]) -> np.ndarray:
    """One whole number a column of `key` and row, ordered as the values are; missing values come last."""
    columns = []
    for name in key:
        codes, distinct = pd.factorize(frame[name], sort=True)
        columns.append(np.where(codes >= 0, codes, len(distinct)))
    return np.column_stack(columns) if columns else np.zeros((len(frame), 0), dtype=np.int64)


def order_of(codes: np.ndarray) -> np.ndarray:
    """Row numbers in the order of the columns of `codes`, the first column first; ties keep their order."""
    return np.lexsort(codes.T[::-1])


def number_of(codes: np.ndarray) -> np.ndarray:
    """A whole number for each distinct row of `codes`, in the order in which they are first met."""
    joined = np.zeros(len(codes), dtype=np.int64)
    for column in codes.T:
        joined = joined * (column.max(initial=0) + 1) + column
    return pd.factorize(joined)[0]


def is_last_of_group(codes: np.ndarray) -> np.ndarray:
    """For rows already ordered: whether the next row has other codes."""
    changes = np.any(codes[1:] != codes[:-1], axis=1) if len(codes) else np.zeros(0, dtype=bool)
    return np.append(changes, True) if len(codes) else np.zeros(0, dtype=bool)
