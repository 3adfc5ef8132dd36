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
    months = roster.derived.delivery_months
    sessions = months[(months["role"] == SUPERVISOR).fillna(False)]
    own = sessions[sessions["urn"].isin(roster.schools["urn"])]
    school = pd.Index(roster.schools["urn"]).get_indexer(pd.Index(own["urn"]))
    found = {}
    for window in (one for one in trial_periods(trial) if one.name != BASELINE):
        inside = ((own["month"] >= window.start) & (own["month"] < window.end)).to_numpy(bool)
        for what in COUNTED:
            counted = own[what].fillna(0).to_numpy(float)
            total = np.bincount(school[inside], weights=counted[inside], minlength=roster.size)
            found[received_column(what, window.name)] = total if len(sessions) else np.full(roster.size, np.nan)
    return found


def received_column(what: str, window: str) -> str:
    """Name of the column of a window: 'sessions_held', 'school year 2021/22' → sessions_held_school_year_2021_22."""
    return f"{what}_" + re.sub(r"\W+", "_", window)
