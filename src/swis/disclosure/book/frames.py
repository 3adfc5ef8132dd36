"""Back from cells to any table of counts."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from swis.disclosure.book.kinds import Kind
from swis.disclosure.book.shown import Shown
from swis.disclosure.symbols import NOT_AVAILABLE

# Column of the frame → the names of its cells and what it counts.
Columns = Mapping[str, tuple[pd.Series, Kind]]


def protected_frame(frame: pd.DataFrame, columns: Columns, shown: Shown) -> pd.DataFrame:
    """The frame with its number columns as shown, missing where hidden, and `symbol`, why a row lacks one.

    '[c]' where something of the row is hidden, '[x]' where nothing was known, '[low]' where under rounding the first
    column is zero; '' where nothing is missing. Columns that are not named are left as they are and must count nobody.
    """
    made = frame.reset_index(drop=True)
    known = pd.Series(False, index=made.index)
    hidden = pd.Series(False, index=made.index)
    for column, (names, kind) in columns.items():
        values = made[column].astype("Float64").astype(float)
        numbers = shown.number(values, names.reset_index(drop=True), kind)
        known |= values.notna()
        hidden |= values.notna() & numbers.isna()
        made[column] = numbers
    first = made[next(iter(columns))]
    low = (first == 0).fillna(False).astype(bool) & (shown.policy.round_to > 1)
    symbol = pd.Series("", index=made.index, dtype=object).mask(low, shown.policy.symbols.low)
    symbol = symbol.mask(hidden, shown.policy.symbols.hidden).mask(~known, NOT_AVAILABLE)
    return made.assign(symbol=symbol.astype("str"))
