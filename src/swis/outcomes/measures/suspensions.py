"""Suspensions and permanent exclusions by their own start date, per 100 pupils in January."""

from __future__ import annotations

import pandas as pd

from swis.derive.derived import Derived
from swis.derive.periods import Period
from swis.outcomes.measures.event_rows import as_rows
from swis.params import Definitions

MOST_SESSIONS_A_YEAR = 90
"""A pupil may be suspended for at most 45 school days in an academic year (Education Act 2002, section 51A)."""


def count(derived: Derived, period: Period, definitions: Definitions) -> dict[str, pd.DataFrame]:
    """Suspensions, pupils suspended (once an academic year), exclusions, disruptive behaviour and sessions lost."""
    rows = derived.suspensions
    inside = rows[(rows["start_date"] >= period.start) & (rows["start_date"] < period.end)]
    suspended = inside[inside["category"] == "suspension"]
    disruptive = suspended[suspended["is_disruptive"].astype(bool)]
    by_pupil = suspended.groupby(["urn", "upn", "academic_year"], sort=True)
    pupils = by_pupil.agg(sessions=("sessions", "sum"), year_group=("year_group", "first")).reset_index()
    return {
        "suspensions": as_rows(suspended, 1.0, 0.0),
        "pupils_suspended": as_rows(pupils, 1.0, 0.0),
        "permanent_exclusions": as_rows(inside[inside["category"] == "permanent"], 1.0, 0.0),
        "suspensions_persistent_disruptive_behaviour": as_rows(disruptive, 1.0, 0.0),
        "sessions_lost_to_suspension": as_rows(pupils, pupils["sessions"].clip(upper=MOST_SESSIONS_A_YEAR), 0.0),
    }
