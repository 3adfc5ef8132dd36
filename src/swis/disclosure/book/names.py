"""The name of a cell: `statistic|key=value|…`, so that one number met in two tables is one cell."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

SEPARATOR = "|"


def cell_names(frame: pd.DataFrame, statistic: str | pd.Series, keys: Sequence[str]) -> pd.Series:
    """The name of each row's cell, keys in the order given; `statistic` is of all rows or each row's own."""
    made = pd.Series(statistic, index=frame.index, dtype=object)
    for key in keys:
        made = made + f"{SEPARATOR}{key}=" + frame[key].astype(object).astype(str)
    return made


def statistic_of(name: str) -> str:
    """The statistic a cell is of: what a message may say about it."""
    return name.split(SEPARATOR, 1)[0]
