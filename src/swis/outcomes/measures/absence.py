"""Absence from school: sessions missed of those possible, and enrolments that missed a tenth or half of their own."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.derive.derived import Derived
from swis.derive.periods import Period
from swis.outcomes.measures.event_rows import as_rows
from swis.outcomes.registry import measures
from swis.params import Definitions

PERSISTENT, SEVERE = 0.10, 0.50


def count(derived: Derived, period: Period, definitions: Definitions) -> dict[str, pd.DataFrame]:
    """Absence over the terms that lie wholly inside the period, one row an enrolment (pupil and school)."""
    enrolments = sessions_by_enrolment(derived, period)
    missed = enrolments["authorised"] + enrolments["unauthorised"]
    return {
        "overall_absence": as_rows(enrolments, missed, enrolments["possible"]),
        "authorised_absence": as_rows(enrolments, enrolments["authorised"], enrolments["possible"]),
        "unauthorised_absence": as_rows(enrolments, enrolments["unauthorised"], enrolments["possible"]),
        "persistent_absence": as_rows(enrolments, _missed_at_least(missed, enrolments["possible"], PERSISTENT), 1.0),
        "severe_absence": as_rows(enrolments, _missed_at_least(missed, enrolments["possible"], SEVERE), 1.0),
    }


def sessions_by_enrolment(derived: Derived, period: Period) -> pd.DataFrame:
    """Sessions possible and missed by school and pupil over the period's terms; year group is the latest."""
    attendance = derived.attendance
    numbers, enrolments = derived.enrolment_numbers
    inside = (attendance["first_day"] >= period.start) & (attendance["last_day"] < period.end)
    without = measures()["overall_absence"].not_published_years
    kept = (inside & ~attendance["academic_year"].isin(without)).to_numpy(bool)
    rows, size = numbers[kept], len(enrolments)
    summed = {
        name: np.bincount(rows, weights=attendance[name].to_numpy(float)[kept], minlength=size)
        for name in ("possible", "authorised", "unauthorised")
    }
    year_group = np.full(size, -1, dtype=np.int64)
    np.maximum.at(year_group, rows, attendance["year_group"].to_numpy(dtype=np.int64, na_value=-1)[kept])
    present = summed["possible"] > 0
    # An enrolment lies over the years of the period and belongs to none.
    unsaid = pd.Series(pd.NA, index=enrolments.index, dtype="string")
    described = enrolments.assign(**summed, year_group=year_group, academic_year=unsaid)
    return described[present].reset_index(drop=True)


def _missed_at_least(missed: pd.Series, possible: pd.Series, share: float) -> pd.Series:
    tolerance = 1e-9
    return (missed >= possible * share - tolerance).astype(float)
