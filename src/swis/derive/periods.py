"""The periods outcomes are counted over: academic years, and the windows and baseline of each trial.

An academic year runs to 31 August and a trial window to 31 July, so academic years never sum to a window.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from swis.academic_year import academic_year_window
from swis.params import Definitions, Trial

ACADEMIC_YEAR = "academic year"
WINDOW = "window"
BASELINE = "baseline"


@dataclass(frozen=True)
class Period:
    """A half-open span of days of one kind; a window belongs to one trial, an academic year to all (`trial` empty)."""

    kind: str
    name: str
    start: pd.Timestamp
    end: pd.Timestamp
    trial: str = ""

    @property
    def years(self) -> float:
        """Length in years of 365.25 days."""
        return (self.end - self.start).days / 365.25


def academic_year_periods(definitions: Definitions) -> list[Period]:
    """Every academic year of the evaluation."""
    windows = [academic_year_window(name) for name in definitions.academic_years]
    return [Period(ACADEMIC_YEAR, window.name, window.start, window.end_exclusive) for window in windows]


def trial_periods(trial: Trial) -> list[Period]:
    """The windows of a trial by the plan's names, and its baseline under the name 'baseline'."""
    named = {**trial.windows, BASELINE: trial.baseline}
    spans = [span.as_window(name) for name, span in named.items()]
    return [Period(WINDOW, span.name, span.start, span.end_exclusive, trial.name) for span in spans]


def all_periods(definitions: Definitions, trials: Mapping[str, Trial]) -> list[Period]:
    """Academic years, then the windows of every trial given."""
    windows = [period for name in sorted(trials) for period in trial_periods(trials[name])]
    return [*academic_year_periods(definitions), *windows]
