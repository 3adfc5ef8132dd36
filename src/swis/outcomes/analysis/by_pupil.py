"""What is analysed by pupil: results at the end of key stage 4, and days in care."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.derive.calendar import DAYS, day_numbers
from swis.derive.derived import Derived
from swis.derive.observed import CARE
from swis.derive.periods import Period
from swis.derive.person_time import DAYS_A_YEAR, SCHOOL
from swis.derive.traits import LEVELS
from swis.outcomes.analysis.roster import Roster
from swis.outcomes.measures.attainment import LAST_EXAM_DAY
from swis.outcomes.measures.care import days_in_care

PRIORS = ["ks2_reading_scaled", "ks2_maths_scaled"]
RESULT_COLUMNS = [
    *SCHOOL, "academic_year", "pupil", "attainment8", "progress8", "english_maths_grade5", "ks2_prior", *LEVELS,
    "years_on_roll", "graded_by",
]  # fmt: skip
CARE_DAY_COLUMNS = [*SCHOOL, "window", "pupil", "days"]
PLACEMENT_DAY_COLUMNS = [*SCHOOL, "window", "pupil", "placement", "days"]
PUPIL_COLUMNS = [*SCHOOL, "window", "pupils"]


def pupil_results(roster: Roster) -> pd.DataFrame:
    """One row a pupil at the end of key stage 4 and academic year (RESULT_COLUMNS).

    ks2_prior is the mean of the scaled scores in reading and maths, of the one where only one is known (assumed), and
    missing without either. years_on_roll is the time from the pupil's first day at the school, no earlier than April
    2015, to the last day of exams: who joined late often has no prior. `pupil` is a number that stands for the same
    pupil in every table of the authority.
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
        years_on_roll=_years_on_roll(roster, school, number, rows["academic_year"]),
        graded_by=rows["graded_by"].array,
    )[RESULT_COLUMNS]


def _years_on_roll(roster: Roster, school: np.ndarray, pupil: np.ndarray, academic_year: pd.Series) -> np.ndarray:
    """Years of each pupil at the school by the last day of exams; missing where the rolls do not show the pupil."""
    spells, width = roster.registered, len(roster.pupils.index) + 1
    key = spells.school * np.int64(width) + spells.pupil
    order = np.lexsort((spells.start, key))
    known, first = np.unique(key[order], return_index=True)
    place = pd.Index(known).get_indexer(pd.Index(school * np.int64(width) + pupil))
    entry = np.append(spells.start[order][first], DAYS).astype(float)[place]
    exams = academic_year.str[:4].astype("int64") + 1
    last_exam = pd.to_datetime({"year": exams, "month": LAST_EXAM_DAY[0], "day": LAST_EXAM_DAY[1]})
    years = (day_numbers(last_exam) - entry) / DAYS_A_YEAR
    return np.where((place >= 0) & (years > 0), years, np.nan)


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


def care_days_by_placement(roster: Roster, derived: Derived, window: Period) -> pd.DataFrame:
    """Days in care in the window by pupil and placement, at the school their care belongs to (PLACEMENT_DAY_COLUMNS).

    Over the placements of a pupil they add up to the days of `care_days_by_pupil`.
    """
    held = derived.care_placements
    days = derived.calendar(CARE).within(window.start, window.end).days_in(held["start"], held["end"])
    rows, school = roster.in_scope(held.assign(days=days.astype(float))[days > 0])
    frame = _named(roster, school).assign(
        window=pd.array([window.name] * len(rows), dtype="string"),
        pupil=roster.pupils.numbers(rows["upn"]),
        placement=rows["placement"].array,
        days=rows["days"].to_numpy(float),
    )
    keys = PLACEMENT_DAY_COLUMNS[:-1]
    return frame.groupby(keys, as_index=False, dropna=False)["days"].sum()[PLACEMENT_DAY_COLUMNS]


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
