"""What the families of social care events share: the counted events of a kind in a period."""

from __future__ import annotations

import pandas as pd

from swis.derive.derived import Derived
from swis.derive.periods import Period
from swis.params import Definitions

ROW_COLUMNS = ["urn", "upn", "year_group", "academic_year", "amount", "base"]
# Of an event, what the measures look at: selecting rows of every column would cost three times as much.
EVENT_COLUMNS = [
    "urn", "upn", "year_group", "academic_year", "event_date", "from_school", "no_further_action", "is_rereferral",
    "days_from_referral", "days_from_start", "conference_precedes",
]  # fmt: skip


def events_in(derived: Derived, kind: str, period: Period) -> pd.DataFrame:
    """Events of a kind (EVENT_COLUMNS) that count for a trial school, with their date in the period."""
    events = derived.counted.get(kind)
    if events is None:
        events = derived.events.iloc[:0]
    inside = (events["event_date"] >= period.start) & (events["event_date"] < period.end)
    return events.loc[inside.to_numpy(bool), EVENT_COLUMNS]


def each(events: pd.DataFrame, definitions: Definitions) -> pd.DataFrame:
    """Each event as one; or each child once a school, where the basis of counting is children."""
    if definitions.count_basis == "children":
        events = events.sort_values("event_date", kind="stable").drop_duplicates(["urn", "upn"])
    return events.assign(amount=1.0, base=0.0)[ROW_COLUMNS]


def share(events: pd.DataFrame, condition: pd.Series) -> pd.DataFrame:
    """Each event with 1 where the condition holds; events for which it is not known are left out."""
    known = condition.notna().to_numpy(bool)
    amount = condition[known].astype(bool).astype(float)
    return events[known].assign(amount=amount, base=1.0)[ROW_COLUMNS]


def values(events: pd.DataFrame, amount: pd.Series) -> pd.DataFrame:
    """Each event with its own amount; those without one are left out."""
    known = amount.notna().to_numpy(bool)
    return events[known].assign(amount=amount[known].astype(float), base=1.0)[ROW_COLUMNS]
