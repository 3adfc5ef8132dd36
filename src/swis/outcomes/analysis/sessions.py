"""Supervision sessions that each school of a trial was planned to have and had, by window."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from swis.derive.periods import BASELINE, trial_periods
from swis.outcomes.analysis.roster import Roster
from swis.params import Trial

SUPERVISOR = "supervising social worker"
COUNTED = ("sessions_planned", "sessions_held")


def sessions_by_window(roster: Roster, trial: Trial) -> dict[str, np.ndarray]:
    """Sessions planned and held by school in each window: column name → numbers.

    A session belongs to the window in which its month begins. A school without any has 0; where the authority sent no
    record of sessions, all are missing.
    """
    found = {}
    for window in (one for one in trial_periods(trial) if one.name != BASELINE):
        for what in COUNTED:
            found[received_column(what, window.name)] = sessions_at_schools(what, roster, window.start, window.end)
    return found


def sessions_at_schools(what: str, roster: Roster, start: pd.Timestamp, end: pd.Timestamp) -> np.ndarray:
    """Sessions planned or held (`what`, one of COUNTED) by school whose month begins in a half-open span of days."""
    rows = _sessions(roster)
    own = rows[rows["urn"].isin(roster.schools["urn"]) & (rows["month"] >= start) & (rows["month"] < end)]
    school = pd.Index(roster.schools["urn"]).get_indexer(pd.Index(own["urn"]))
    total = np.bincount(school, weights=own[what].fillna(0).to_numpy(float), minlength=roster.size)
    return total if len(rows) else np.full(roster.size, np.nan)


def schools_first_supervised(roster: Roster, start: pd.Timestamp, end: pd.Timestamp) -> np.ndarray:
    """1 for a school whose first month with a planned session begins in a half-open span of days, 0 for any other."""
    rows = _sessions(roster)
    if rows.empty:
        return np.full(roster.size, np.nan)
    first = rows[rows["sessions_planned"].fillna(0) > 0].groupby("urn")["month"].min()
    month = roster.schools["urn"].map(first)
    return ((month >= start) & (month < end)).to_numpy(float)


def _sessions(roster: Roster) -> pd.DataFrame:
    """Months of supervision on record in the authority, at schools of any trial."""
    months = roster.derived.delivery_months
    return months[(months["role"] == SUPERVISOR).fillna(False)]


def received_column(what: str, window: str) -> str:
    """Name of the column of a window: 'sessions_held', 'school year 2021/22' → sessions_held_school_year_2021_22."""
    return f"{what}_" + re.sub(r"\W+", "_", window)
