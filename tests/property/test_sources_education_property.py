"""Properties of absence terms, reason codes and school numbers that hold for all inputs."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from swis.academic_year import academic_year_of, academic_years_between
from swis.sources.attendance import (
    AUTHORISED_CODES,
    HALF_TERM_2,
    OTHER_CODES,
    TERMLY,
    UNAUTHORISED_CODES,
    absence_period,
    sessions_by_reason,
)
from swis.sources.census_schools import school_of
from swis.sources.school_census import census_day
from swis.sources.suspensions import joined_reasons

TERMS = ["spring", "summer", "autumn"]
years = st.integers(min_value=2001, max_value=2098)
codes = st.sampled_from(sorted(AUTHORISED_CODES | UNAUTHORISED_CODES | OTHER_CODES | {"X"}))
details = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 200), codes), max_size=30)


def test_the_censuses_from_autumn_2018_to_spring_2024_carry_each_term_once():
    censuses = [(year, term) for year in range(2018, 2025) for term in TERMS]
    wanted = censuses[censuses.index((2018, "autumn")) : censuses.index((2024, "spring")) + 1]
    carried = [absence_period(year, term, prefix) for year, term in wanted for prefix in (TERMLY, HALF_TERM_2)]
    periods = [(period.academic_year, period.absence_term) for period in carried if period is not None]
    assert len(periods) == len(set(periods))
    terms = ["autumn", "spring", "summer", "summer half-term 2"]
    assert {(year, term) for year in academic_years_between("2018/19", "2022/23") for term in terms} <= set(periods)


@given(years, st.sampled_from(TERMS))
def test_absence_never_belongs_to_an_academic_year_after_census_day(year, term):
    period = absence_period(year, term)
    census_year = academic_year_of(pd.Series([census_day(year, term)])).item()
    assert period is not None
    assert (period.academic_year < census_year) if term == "autumn" else (period.academic_year == census_year)


@given(details, st.randoms(use_true_random=False))
def test_sessions_by_reason_do_not_depend_on_the_order_of_rows(rows, random):
    def summed(given_rows):
        frame = pd.DataFrame(given_rows, columns=["record_id", "sessions", "reason"]).astype("string")
        frame["source_record"] = pd.array(range(1, len(frame) + 1), dtype="Int64")
        return sessions_by_reason(frame, authority="x", source_file="f")[0].sort_index()

    shuffled = random.sample(rows, len(rows))
    pd.testing.assert_frame_equal(summed(rows), summed(shuffled))


@given(details)
def test_sessions_by_reason_add_up_to_the_rows_that_are_absence_or_code_x(rows):
    frame = pd.DataFrame(rows, columns=["record_id", "sessions", "reason"]).astype("string")
    frame["source_record"] = pd.array(range(1, len(frame) + 1), dtype="Int64")
    counts, faults = sessions_by_reason(frame, authority="x", source_file="f")
    counted = AUTHORISED_CODES | UNAUTHORISED_CODES | {"X"}
    assert counts.to_numpy().sum() == sum(sessions for _, sessions, code in rows if code in counted)
    assert faults.empty


@given(st.lists(st.text(max_size=8), max_size=10))
def test_a_school_number_is_a_urn_or_nothing(native_ids):
    urn, unknown = school_of(pd.Series(native_ids, dtype="string"), {})
    assert urn.dropna().str.fullmatch("[1-9][0-9]{5}").all()
    assert unknown.equals(urn.isna())


@given(st.lists(st.sampled_from(["DB", "PA", "pp", None]), min_size=3, max_size=3))
def test_joined_reasons_hold_each_code_once_in_order(reasons):
    row = pd.DataFrame([reasons], columns=["reason1", "reason2", "reason3"]).astype("string")
    expected = list(dict.fromkeys(code.upper() for code in reasons if code))
    joined = joined_reasons(row).item()
    assert ([] if pd.isna(joined) else joined.split()) == expected
