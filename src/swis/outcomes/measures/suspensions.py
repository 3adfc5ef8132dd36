"""Suspensions and permanent exclusions by their own start date, per 100 pupils in January."""

from __future__ import annotations

import pandas as pd

from swis.derive.derived import Derived
from swis.derive.periods import Period
from swis.outcomes.measures.event_rows import ROW_COLUMNS
from swis.params import Definitions

MOST_SESSIONS_A_YEAR = 90
"""A pupil may be suspended for at most 45 school days in an academic year (Education Act 2002, section 51A)."""


def count(derived: Derived, period: Period, definitions: Definitions) -> dict[str, pd.DataFrame]:
    """Suspensions, pupils suspended (once an academic year), exclusions, disruptive behaviour and sessions lost."""
    rows = derived.suspensions
    inside = rows[(rows["start_date"] >= period.start) & (rows["start_date"] < period.end)]
    suspended = inside[inside["category"] == "suspension"]
    by_pupil = suspended.groupby(["urn", "upn", "academic_year"], sort=True)
    pupils = by_pupil.agg(sessions=("sessions", "sum"), year_group=("year_group", "first")).reset_index()
    return {
        "suspensions": _ones(suspended),
        "pupils_suspended": _ones(pupils),
        "permanent_exclusions": _ones(inside[inside["category"] == "permanent"]),
        "suspensions_persistent_disruptive_behaviour": _ones(suspended[suspended["is_disruptive"].astype(bool)]),
        "sessions_lost_to_suspension": pupils.assign(
            amount=pupils["sessions"].clip(upper=MOST_SESSIONS_A_YEAR), base=0.0
        )[ROW_COLUMNS],
    }


def _ones(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(amount=1.0, base=0.0)[ROW_COLUMNS]
