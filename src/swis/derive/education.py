"""Attendance, suspensions and attainment of trial schools, each row with its pupil's year group and school.

Terms and dates are the event's own, never the census that carried it. Code X (coronavirus) is a possible session and
not an absence from 1 September 2020 to 31 March 2022, and not a possible session otherwise (DfE absence guide).
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from swis.academic_year import academic_year_of
from swis.derive.attribute import school_of_rows
from swis.derive.lookup import look_up
from swis.derive.pupils import pupil_of
from swis.derive.schools import to_allocated
from swis.derive.terms import term_calendar
from swis.params import Definitions

OFFICIAL_X_DAYS = (pd.Timestamp(2020, 9, 1), pd.Timestamp(2022, 3, 31))
"""Days of the DfE's rule, which the totals that schools returned already follow."""
FIRST_AGE, LAST_AGE = 5, 15
LAST_COMPULSORY_YEAR = 11
HALF_TERM_2 = "summer half-term 2"
ATTENDANCE_COLUMNS = [
    "urn", "upn", "academic_year", "absence_term", "first_day", "last_day", "year_group", "possible", "authorised",
    "unauthorised",
]  # fmt: skip
BY_COHORT = "school on 1 September 2020"


def own_rows(frame: pd.DataFrame, lineage: pd.Series, numbers: pd.DataFrame) -> pd.DataFrame:
    """Rows of trial schools, urn being the allocated school and upn the pupil behind the number."""
    urn = to_allocated(frame["urn"], lineage)
    kept = frame.assign(urn=urn)[urn.notna()]
    return kept.assign(upn=pupil_of(kept["upn"], numbers)).reset_index(drop=True)


def attendance_rows(
    attendance: pd.DataFrame, pupils: pd.DataFrame, spells: pd.DataFrame, definitions: Definitions
) -> pd.DataFrame:
    """Sessions by pupil and term (ATTENDANCE_COLUMNS) of pupils aged 5 to 15 on 31 August before the academic year.

    Year 11 is counted without summer half-term 2. Rows with unknown or no possible sessions have no rate and are
    left out; absence above possible sessions is kept for validation to judge.
    """
    once = attendance.drop_duplicates(["urn", "upn", "academic_year", "absence_term"], keep="last")
    found = school_of_rows(once, spells, by_cohort=definitions.school_attribution == BY_COHORT)
    starts = sorted({int(year[:4]) for year in found["academic_year"].dropna().unique()})
    terms = term_calendar(starts)[["academic_year", "absence_term", "first_day", "last_day"]]
    dated = found.merge(terms, on=["academic_year", "absence_term"], how="left")
    counted = dated.assign(
        possible=possible_sessions(dated, definitions.code_x_first_day, definitions.code_x_last_day),
        authorised=dated["sessions_authorised"].fillna(0).astype("float64"),
        unauthorised=dated["sessions_unauthorised"].fillna(0).astype("float64"),
    )
    beyond = (counted["year_group"] >= LAST_COMPULSORY_YEAR) & (counted["absence_term"] == HALF_TERM_2)
    known = dated["sessions_authorised"].notna() & dated["sessions_unauthorised"].notna()
    keep = counted["urn"].notna() & known & (counted["possible"] > 0) & ~beyond.fillna(False) & has_age(counted, pupils)
    return counted.loc[keep.fillna(False).astype(bool), ATTENDANCE_COLUMNS].reset_index(drop=True)


def possible_sessions(terms: pd.DataFrame, first_day: date, last_day: date) -> pd.Series:
    """Possible sessions under a rule for code X that holds from `first_day` to `last_day` (both included).

    Returned totals follow the DfE's own days. Where the rule given differs for a term, its code X sessions are added or
    taken out; a term in which the rule ends part-way follows its first day, for totals cannot be split.
    """
    inside = _begins_within(terms, pd.Timestamp(first_day), pd.Timestamp(last_day))
    returned = _begins_within(terms, *OFFICIAL_X_DAYS)
    code_x = terms["sessions_code_x"].fillna(0).astype("float64")
    return terms["sessions_possible"].astype("float64") + code_x * (inside.astype(int) - returned.astype(int))


def _begins_within(terms: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.Series:
    return (terms["first_day"] >= first) & (terms["first_day"] <= last)


def has_age(rows: pd.DataFrame, pupils: pd.DataFrame) -> pd.Series:
    """Whether each row's pupil was 5 to 15 on the 31 August before its academic year; an unknown birth date passes."""
    born = pupils.dropna(subset=["birth_date"]).drop_duplicates("pupil", keep="last").set_index("pupil")["birth_date"]
    birth = look_up(rows["upn"], born)
    start = rows["academic_year"].str[:4].astype("int64")
    # On 31 August a birthday later in the year has not come yet.
    not_yet = (birth.dt.month > 8).astype("Int64")
    age = start - birth.dt.year - not_yet
    return age.between(FIRST_AGE, LAST_AGE).where(birth.notna(), True).astype(bool)


def suspension_rows(suspensions: pd.DataFrame, spells: pd.DataFrame, definitions: Definitions) -> pd.DataFrame:
    """Suspensions and permanent exclusions by their own start date: urn, upn, academic_year, start_date, year_group …

    Also category, sessions, and is_disruptive (reason DB, persistent disruptive behaviour, among up to three reasons).
    One row a pupil, school, start date and category; lunchtime suspensions are not suspensions.
    """
    key = ["urn", "upn", "start_date", "category"]
    once = suspensions.dropna(subset=["start_date"]).drop_duplicates(key, keep="last")
    dated = once[once["category"].isin(["suspension", "permanent"])]
    dated = dated.assign(academic_year=academic_year_of(dated["start_date"]).astype("string"))
    found = school_of_rows(dated, spells, by_cohort=definitions.school_attribution == BY_COHORT)
    codes = found["reasons"].fillna("").str.split().map(set)
    disruptive = np.array(["DB" in held for held in codes], dtype=bool)
    named = found.assign(is_disruptive=disruptive, sessions=found["sessions"].fillna(0.0))
    columns = ["urn", "upn", "academic_year", "start_date", "year_group", "category", "sessions", "is_disruptive"]
    return named.loc[named["urn"].notna(), columns].reset_index(drop=True)


def attainment_rows(attainment: pd.DataFrame, spells: pd.DataFrame, definitions: Definitions) -> pd.DataFrame:
    """Results of pupils at the end of a key stage at trial schools: the school the results name, or the cohort's."""
    key = ["upn", "key_stage", "academic_year"]
    once = attainment.drop_duplicates(key, keep="last")
    if definitions.school_attribution == BY_COHORT:
        once = school_of_rows(once, spells, by_cohort=True).drop(columns="year_group")
    return once[once["urn"].notna()].reset_index(drop=True)
