"""The tables one trial is analysed from: those the outcomes stage left, over all authorities of the trial."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import pandas as pd

from swis.outcomes import load_outcomes
from swis.outcomes.analysis import load_analysis_tables

SCHOOL_LEVEL = "school"


@dataclass(frozen=True)
class TrialTables:
    """Restricted tables of one trial; rows of a school carry authority, urn and arm.

    outcomes: one row a school, measure and period (academic years, windows, 'baseline') with count, denominator, value,
    observed_share. school_covariates, group_counts, pupil_results, care_days_by_pupil, pupils_in_window and
    survey_scores: as `swis.outcomes.analysis` describes them.
    """

    outcomes: pd.DataFrame
    school_covariates: pd.DataFrame
    group_counts: pd.DataFrame
    pupil_results: pd.DataFrame
    care_days_by_pupil: pd.DataFrame
    pupils_in_window: pd.DataFrame
    survey_scores: pd.DataFrame

    def rows(self) -> pd.DataFrame:
        """How many rows and schools each table has, for display."""
        held = {field.name: getattr(self, field.name) for field in fields(self)}
        return pd.DataFrame(
            {
                "table": list(held),
                "rows": [len(frame) for frame in held.values()],
                "authorities": [frame["authority"].nunique() for frame in held.values()],
            }
        )


def read_trial_tables(folders: Mapping[str, Path], trial: str) -> TrialTables:
    """The tables of one trial from the outcomes folders of its authorities, by authority."""
    outcomes = [load_outcomes(folder).outcomes for folder in folders.values()]
    kept = [one[one["level"] == SCHOOL_LEVEL] for one in outcomes]
    held = [load_analysis_tables(folder) for folder in folders.values()]
    stacked = {
        field.name: _of_trial([getattr(one, field.name) for one in held], trial)
        for field in fields(TrialTables)
        if field.name != "outcomes"
    }
    return TrialTables(outcomes=_of_trial(kept, trial), **stacked)


def _of_trial(frames: list[pd.DataFrame], trial: str) -> pd.DataFrame:
    """Rows of the trial, over authorities; columns that only some have are missing in the others."""
    mine = [frame[frame["trial"] == trial] for frame in frames]
    held = [frame for frame in mine if len(frame)] or mine[:1]
    return pd.concat(held, ignore_index=True)
