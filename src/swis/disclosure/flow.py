"""The flow of schools through each trial: allocated, with and without outcomes, and of these who left."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from swis.academic_year import academic_year_of
from swis.params import Trial

PRIMARY = "section47_enquiries"
LEFT = ["withdrew", "merged", "closed"]
SCHOOLS = ["allocated", "without_outcomes", "analysed", "left"]
COUNTS = [*SCHOOLS, "pupils"]


def flow(
    trial_schools: pd.DataFrame, pooled: pd.DataFrame, participants: pd.DataFrame, trials: Mapping[str, Trial]
) -> pd.DataFrame:
    """By trial and arm: schools allocated, without and with outcomes in the first window, that left, and pupils.

    `trial_schools` [trial, arm, reason]: one row an allocated school, `reason` why it left; `pooled` and `participants`
    are over all authorities. A school that left has outcomes of the time before, where returns hold them. Pupils are
    the January headcount of the academic year in which the window begins.
    """
    keys = ["trial", "arm"]
    grouped = trial_schools.assign(left=trial_schools["reason"].isin(LEFT)).groupby(keys, as_index=False)
    allocated = grouped.agg(allocated=("arm", "size"), left=("left", "sum"))
    analysed = pd.concat([_analysed(pooled, trial) for trial in trials.values()], ignore_index=True)
    pupils = pd.concat([_pupils(participants, trial) for trial in trials.values()], ignore_index=True)
    whole = allocated.merge(analysed, on=keys, how="left").merge(pupils, on=keys, how="left")
    whole = whole.assign(without_outcomes=whole["allocated"] - whole["analysed"])
    return whole[[*keys, *COUNTS]]


def _analysed(pooled: pd.DataFrame, trial: Trial) -> pd.DataFrame:
    first = next(iter(trial.windows))
    rows = pooled[
        (pooled["trial"] == trial.name)
        & (pooled["measure"] == PRIMARY)
        & (pooled["period"] == first)
        & (pooled["level"] == "arm")
    ]
    return rows[["trial", "arm", "schools"]].rename(columns={"schools": "analysed"})


def _pupils(participants: pd.DataFrame, trial: Trial) -> pd.DataFrame:
    is_year = participants["academic_year"] == year_of_flow(trial)
    return participants.loc[(participants["trial"] == trial.name) & is_year, ["trial", "arm", "pupils"]]


def year_of_flow(trial: Trial) -> str:
    """The academic year in which the trial's first window begins: the pupils of the flow are of its January."""
    first_day = min(window.first_day for window in trial.windows.values())
    return str(academic_year_of(pd.Series([first_day])).iloc[0])
