"""The tables one trial is analysed from: those the outcomes stage left, over all authorities of the trial."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from pandas.api.extensions import take

from swis.outcomes import load_outcomes
from swis.outcomes.analysis import load_analysis_tables

SCHOOL_LEVEL = "school"
SCHOOL_KEY = ["authority", "urn", "arm"]
OF_A_SCHOOL = ("count", "denominator", "value", "observed_share")


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

    def of_schools(self, measure: str, period: str) -> dict[str, pd.Series]:
        """Count, denominator, value and observed share of one measure and period, by the rows of `school_covariates`.

        Missing where `outcomes` has no row of the school. ValueError where it has two.
        """
        rows = self._rows_of_outcomes.get((measure, period), np.empty(0, dtype=np.intp))
        places = self._places_of_outcomes[rows]
        known = places >= 0
        at = np.full(len(self.school_covariates), -1)
        at[places[known]] = rows[known]
        if (at >= 0).sum() < known.sum():
            raise ValueError(f"two rows of one school for {measure} in {period}")
        index = self.school_covariates.index
        return {
            name: pd.Series(take(self.outcomes[name].array, at, allow_fill=True), index=index) for name in OF_A_SCHOOL
        }

    @cached_property
    def _rows_of_outcomes(self) -> Mapping[tuple[str, str], np.ndarray]:
        """Positions of the rows of `outcomes` by measure and period."""
        return dict(self.outcomes.groupby(["measure", "period"], observed=True).indices)

    @cached_property
    def _places_of_outcomes(self) -> np.ndarray:
        """For each row of `outcomes` the position of its school in `school_covariates`, -1 where it is not there."""
        schools = pd.MultiIndex.from_frame(self.school_covariates[SCHOOL_KEY])
        return schools.get_indexer(pd.MultiIndex.from_frame(self.outcomes[SCHOOL_KEY]))

    def by_name(self) -> dict[str, pd.DataFrame]:
        """The tables by their names."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def rows(self) -> pd.DataFrame:
        """How many rows and schools each table has, for display."""
        held = self.by_name()
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
