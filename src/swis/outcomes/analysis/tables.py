"""The tables of the outcomes stage from which effects are estimated, and how they are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from swis.derive.derived import Derived
from swis.derive.periods import BASELINE, Period, trial_periods
from swis.kept_tables import KeptTables
from swis.outcomes.analysis.by_pupil import (
    care_days_by_placement,
    care_days_by_pupil,
    pupil_results,
    pupils_in_window,
)
from swis.outcomes.analysis.covariates import school_covariates
from swis.outcomes.analysis.delivered import counts_of, delivered
from swis.outcomes.analysis.groups import group_counts
from swis.outcomes.analysis.roster import rosters
from swis.outcomes.analysis.survey import survey_scores
from swis.outcomes.borders import counted_under
from swis.params import Authority, Definitions, Trial


@dataclass(frozen=True)
class AnalysisTables(KeptTables):
    """Tables of one authority, each a parquet file of the same name; restricted, never published.

    school_covariates: what models adjust for, by trial and school.
    group_counts: counts and pupil-years by school, window, measure and group of pupils.
    pupil_results: results at the end of key stage 4 by pupil.
    care_days_by_pupil, pupils_in_window: days in care of pupils who had any, and the pupils of each school.
    survey_scores: what safeguarding leads answered, by lead and scale; no rows without a survey.
    care_days_by_placement: the same days by placement.
    delivered: full-time months and other quantities of what was delivered, by school and year of the trial.
    costs: prices of them, the authority's own or else those of the whole data set.
    """

    school_covariates: pd.DataFrame
    group_counts: pd.DataFrame
    pupil_results: pd.DataFrame
    care_days_by_pupil: pd.DataFrame
    pupils_in_window: pd.DataFrame
    survey_scores: pd.DataFrame
    care_days_by_placement: pd.DataFrame
    delivered: pd.DataFrame
    costs: pd.DataFrame


def load_analysis_tables(folder: Path) -> AnalysisTables:
    """The tables that `AnalysisTables.save` wrote."""
    return AnalysisTables.load(folder)


def analysis_tables(
    derived: Derived,
    *,
    authority: Authority,
    trials: Mapping[str, Trial],
    definitions: Definitions,
    cross_border: pd.DataFrame | None = None,
) -> AnalysisTables:
    """Every table from the derived tables of one authority, for the windows of its trials (not their baselines).

    `cross_border` as in `measure_outcomes`.
    """
    derived = counted_under(derived, definitions, cross_border)
    held = rosters(derived, definitions)
    pairs = [(held[name], window) for name in held for window in windows_of(trials[name])]
    return AnalysisTables(
        school_covariates=_stacked(
            school_covariates(held[name], derived, authority, trials[name], definitions) for name in held
        ),
        group_counts=_stacked(group_counts(roster, derived, window, definitions) for roster, window in pairs),
        pupil_results=_stacked(pupil_results(roster) for roster in held.values()),
        care_days_by_pupil=_stacked(care_days_by_pupil(roster, derived, window) for roster, window in pairs),
        pupils_in_window=_stacked(pupils_in_window(roster, derived, window) for roster, window in pairs),
        survey_scores=_stacked(survey_scores(roster, derived, trials[name]) for name, roster in held.items()),
        care_days_by_placement=_stacked(care_days_by_placement(roster, derived, window) for roster, window in pairs),
        delivered=_stacked(
            delivered(held[name], window, counts_of(trials[name]))
            for name in held
            for window in windows_of(trials[name])
        ),
        costs=derived.costs.assign(authority=authority.slug),
    )


def windows_of(trial: Trial) -> list[Period]:
    """The windows of a trial without its baseline."""
    return [period for period in trial_periods(trial) if period.name != BASELINE]


def _stacked(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(list(frames), ignore_index=True)
