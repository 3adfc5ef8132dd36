"""What the analyses of a trial ask of its file: the plan, the primary analysis, the length of a window, the January."""

from __future__ import annotations

from datetime import timedelta

from swis.derive.terms import january_before
from swis.params import Trial
from swis.plan import Analysis, AnalysisPlan, planned_analyses

DAYS_A_MONTH = 365.25 / 12


def plan_of(trial: Trial) -> AnalysisPlan:
    """The plan of a trial; ValueError for one that has none."""
    if trial.plan is None:
        raise ValueError(f"trial {trial.name} has no analysis plan")
    return trial.plan


def primary_analysis(trial: Trial) -> Analysis:
    """The one primary analysis of the trial's plan."""
    known = planned_analyses(plan_of(trial), trial.deviations).values()
    return next(one for one in known if one.role == "primary" and one.kind == "main")


def months_of(trial: Trial, window: str) -> float:
    """Months of a window: calendar months, and days left over at 365.25 / 12 to the month."""
    first, end = trial.windows[window].first_day, trial.windows[window].last_day + timedelta(days=1)
    return 12.0 * (end.year - first.year) + end.month - first.month + (end.day - first.day) / DAYS_A_MONTH


def january_of(trial: Trial) -> int:
    """The year of the last January census before the trial: that of its schools' size and free school meals."""
    return january_before(trial.first_day)
