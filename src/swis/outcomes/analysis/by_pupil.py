"""What is analysed by pupil: results at the end of key stage 4, and days in care."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.derive.derived import Derived
from swis.derive.observed import CARE
from swis.derive.periods import Period
from swis.derive.person_time import SCHOOL
from swis.derive.traits import LEVELS
from swis.outcomes.analysis.roster import Roster
from swis.outcomes.measures.care import days_in_care

PRIORS = ["ks2_reading_scaled", "ks2_maths_scaled"]
RESULT_COLUMNS = [
    *SCHOOL, "academic_year", "pupil", "attainment8", "progress8", "english_maths_grade5", "ks2_prior", *LEVELS,
    "graded_by",
]  # fmt: skip
CARE_DAY_COLUMNS = [*SCHOOL, "window", "pupil", "days"]
PUPIL_COLUMNS = [*SCHOOL, "window", "pupils"]


def pupil_results(roster: Roster) -> pd.DataFrame:
    """One row a pupil at the end of key stage 4 and academic year (RESULT_COLUMNS).

    ks2_prior is the mean of the scaled scores in reading and maths, of the one where only one is known (assumed), and
    missing without either. `pupil` is a number that stands for the same pupil in every table of the authority.
    """
    results = roster.derived.attainment
    own = results[(results["key_stage"] == "KS4").to_numpy(bool)].assign(year_group=pd.NA)
    rows, school = roster.in_scope(own)
    number = roster.pupils.numbers(rows["upn"])
    scores = {name: rows[name].to_numpy(float) for name in ("attainment8", "progress8")}
    return _named(roster, school).assign(
        academic_year=rows["academic_year"].array,
        pupil=number,
        **scores,
        english_maths_grade5=rows["english_maths_grade5"].to_numpy(float, na_value=np.nan),
        ks2_prior=rows[PRIORS].mean(axis=1).to_numpy(float),
        **{name: roster.pupils.words(name, number) for name in LEVELS},
        graded_by=rows["graded_by"].array,
    )[RESULT_COLUMNS]


def care_days_by_pupil(roster: Roster, derived: Derived, window: Period) -> pd.DataFrame:
    """Pupils with at least one day in care in the window, at the school their care belongs to (CARE_DAY_COLUMNS).

    The school is the one on roll at the start of the period of care, so a pupil may have left it before the window.
    """
    rows, school = roster.in_scope(days_in_care(derived, window))
    return _named(roster, school).assign(
        window=pd.array([window.name] * len(rows), dtype="string"),
        pupil=roster.pupils.numbers(rows["upn"]),
        days=rows["amount"].to_numpy(float),
    )[CARE_DAY_COLUMNS]


def pupils_in_window(roster: Roster, derived: Derived, window: Period) -> pd.DataFrame:
    """Different pupils on roll on any day of the window that the return on care covers, by school (PUPIL_COLUMNS).

    Where no day was returned the number is missing.
    """
    observed = derived.calendar(CARE).within(window.start, window.end)
    spells = roster.attributed[1]
    there = spells.days(observed.running()) > 0
    distinct = np.unique(spells.school[there] * np.int64(len(roster.pupils.index) + 1) + spells.pupil[there])
    counts = np.bincount(distinct // (len(roster.pupils.index) + 1), minlength=roster.size)
    unseen = np.full(roster.size, not observed.observed.any())
    return _named(roster, np.arange(roster.size)).assign(
        window=pd.array([window.name] * roster.size, dtype="string"),
        pupils=pd.arrays.IntegerArray(counts.astype(np.int64), unseen),
    )[PUPIL_COLUMNS]


def _named(roster: Roster, school: np.ndarray) -> pd.DataFrame:
    return roster.schools[SCHOOL].take(school).reset_index(drop=True)
