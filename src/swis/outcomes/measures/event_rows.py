"""What the families of social care events share: the counted events of a kind in a period."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.derive.derived import Derived
from swis.derive.periods import Period
from swis.params import Definitions

NAMES = ["urn", "upn", "year_group", "academic_year"]
ROW_COLUMNS = [*NAMES, "amount", "base"]


def as_rows(
    found: pd.DataFrame, amount: pd.Series | float, base: pd.Series | float, kept: np.ndarray | None = None
) -> pd.DataFrame:
    """ROW_COLUMNS of what was found, or of those kept of it, each with its amount and base.

    Of a frame with further columns only these are selected: that is most of the cost of a measure.
    """
    names = {name: found[name] if kept is None or kept.all() else found[name][kept] for name in NAMES}
    return pd.DataFrame({**names, "amount": amount, "base": base}, copy=False)


def events_in(derived: Derived, kind: str, period: Period) -> pd.DataFrame:
    """Events of a kind that count for a trial school, with their date in the period."""
    events = derived.counted.get(kind)
    if events is None:
        events = derived.events.iloc[:0]
    inside = (events["event_date"] >= period.start) & (events["event_date"] < period.end)
    return events[inside.to_numpy(bool)]


def each(events: pd.DataFrame, definitions: Definitions) -> pd.DataFrame:
    """Each event as one; or each child once a school, where the basis of counting is children."""
    if definitions.count_basis == "children":
        events = events.sort_values("event_date", kind="stable").drop_duplicates(["urn", "upn"])
    return as_rows(events, 1.0, 0.0)


def share(events: pd.DataFrame, condition: pd.Series) -> pd.DataFrame:
    """Each event with 1 where the condition holds; events for which it is not known are left out."""
    known = condition.notna().to_numpy(bool)
    return as_rows(events, condition[known].astype(bool).astype(float), 1.0, known)


def values(events: pd.DataFrame, amount: pd.Series) -> pd.DataFrame:
    """Each event with its own amount; those without one are left out."""
    known = amount.notna().to_numpy(bool)
    return as_rows(events, amount[known].astype(float), 1.0, known)
