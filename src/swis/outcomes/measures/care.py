"""Children entering care and days in care, followed in the 903 whatever school comes later."""

from __future__ import annotations

import pandas as pd

from swis.derive.derived import Derived
from swis.derive.events import CARE_START
from swis.derive.observed import CARE
from swis.derive.periods import Period
from swis.outcomes.measures.event_rows import as_rows, events_in
from swis.params import Definitions


def count(derived: Derived, period: Period, definitions: Definitions) -> dict[str, pd.DataFrame]:
    """Children who started to be looked after in the period, each once, and days in care inside it."""
    started = events_in(derived, CARE_START, period).sort_values("event_date", kind="stable")
    first = started.drop_duplicates("upn")
    return {
        "children_entering_care": as_rows(first, 1.0, 0.0),
        "days_in_care": days_in_care(derived, period),
    }


def days_in_care(derived: Derived, period: Period) -> pd.DataFrame:
    """Days of each period of care inside the period and inside received returns, to the cut where it is still open.

    One row a child and school, so that the spread of days between children carries the interval.
    """
    own = derived.care_periods[derived.care_periods["urn"].notna()]
    days = derived.calendar(CARE).within(period.start, period.end).days_in(own["start"], own["end"])
    spent = own.assign(amount=days.astype(float))[days > 0]
    key = ["urn", "upn"]
    by_child = (
        spent.groupby(key, sort=True).agg(amount=("amount", "sum"), year_group=("year_group", "first")).reset_index()
    )
    return as_rows(by_child.assign(academic_year=pd.NA), by_child["amount"], 0.0)
