"""The schools of a comparison: those of the trial's own main analysis whose cost is known."""

from __future__ import annotations

import pandas as pd

from swis.economics.school_costs import SCHOOL, by_basis, on_observed_days
from swis.effects.analysis import TrialTables, plan_of
from swis.effects.analysis.samples import schools_of
from swis.effects.ledger import require
from swis.outcomes.analysis.delivered import INTERVENTION
from swis.params import Trial
from swis.plan.analyses import MAIN, analysis_id

BEHIND_COLUMNS = [
    "window", "outcome", "schools_intervention", "schools_control", "count_intervention", "count_control",
]  # fmt: skip
LEFT_OUT_COLUMNS = ["window", "reason", "intervention", "control"]
OF_SCHOOL = [*SCHOOL, "count", "pupil_years", "observed_share"]
NO_RECORD, ONE_ARM = "no record of delivery", "no school of the other arm in the authority"


def compared_schools(
    tables: TrialTables, trial: Trial, costs: pd.DataFrame, window: str, outcome: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Schools [OF_SCHOOL, a column of pounds a basis], and those left out (LEFT_OUT_COLUMNS).

    They are those of the main analysis of the outcome in the window, in the arm they were drawn to, so that cost and
    effect are of the same schools as the effect that the trial reports; less those without a record of delivery, and
    those of an authority that then has schools of one arm only. Pounds are of the days whose events were observed, as
    count and pupil-years are. InputError where no plan has that analysis.
    """
    plan = plan_of(trial)
    analysis = require(plan, trial.deviations, analysis_id(outcome, window, MAIN))
    analysed, excluded = schools_of(tables, trial, analysis)
    wide = by_basis(costs[costs["trial"] == trial.name], window)
    bases = [name for name in wide.columns if name not in SCHOOL]
    own = analysed.rename(columns={"denominator": "pupil_years"})[OF_SCHOOL]
    joined = on_observed_days(own.merge(wide, on=SCHOOL, how="left"), bases)
    has_record = joined[bases].notna().all(axis=1)
    with_record = joined[has_record]
    has_both = with_record.groupby("authority")["arm"].transform("nunique") == 2
    lost = [(NO_RECORD, joined[~has_record]), (ONE_ARM, with_record[~has_both])]
    rows = [(reason, *_by_arm(left)) for reason, left in lost if len(left)]
    said = pd.concat(
        [excluded[LEFT_OUT_COLUMNS[1:]], pd.DataFrame(rows, columns=LEFT_OUT_COLUMNS[1:])], ignore_index=True
    )
    return with_record[has_both].reset_index(drop=True), said.assign(window=window)[LEFT_OUT_COLUMNS]


def behind(schools: pd.DataFrame, window: str, outcome: str) -> pd.DataFrame:
    """One row (BEHIND_COLUMNS): how many schools and events stand behind a comparison, by arm."""
    counts = [float(schools.loc[is_arm, "count"].sum()) for is_arm in _arms(schools)]
    row = (window, outcome, *_by_arm(schools), *counts)
    return pd.DataFrame([row], columns=BEHIND_COLUMNS)


def _by_arm(schools: pd.DataFrame) -> tuple[int, int]:
    treated, usual = _arms(schools)
    return int(treated.sum()), int(usual.sum())


def _arms(schools: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    treated = schools["arm"] == INTERVENTION
    return treated, ~treated
