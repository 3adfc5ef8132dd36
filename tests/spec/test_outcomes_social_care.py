"""Every social care measure: these events of one child, this count, denominator and value."""

from __future__ import annotations

import pandas as pd
import pytest
from derive_tables import AUTHORITY, every_return, on_rolls, params, pupil_number, rows, world

from swis.outcomes import derive_and_outcomes

YEAR = "2021/22"


def measured(measure: str, **tables: pd.DataFrame) -> pd.Series:
    given = world(
        pupils=rows("pupils", *on_rolls(1, year_group=7), *on_rolls(2, year_group=7)),
        children=rows(
            "children", {"la_child_id": "SYN1", "upn": pupil_number(1)}, {"la_child_id": "SYN2", "upn": pupil_number(2)}
        ),
        **tables,
    )
    _, found = derive_and_outcomes(given, params(), AUTHORITY, every_return())
    own = found.outcomes.query("measure == @measure and period == @YEAR and level == 'authority'")
    return own.iloc[0]


def referral(day: str, child: str = "SYN1", **more: object) -> dict[str, object]:
    return {"la_child_id": child, "referral_date": day, **more}


def referrals(*given: dict[str, object]) -> pd.DataFrame:
    return rows("referrals", *given)


PUPIL_YEARS = 2 * 365 / 365.25


def test_a_rate_is_count_over_pupil_years_times_a_thousand() -> None:
    found = measured(
        "section47_enquiries",
        section47=rows("section47", {**referral("2021-10-01"), "section47_start_date": "2021-10-04"}),
    )
    assert (found["count"], found["denominator"]) == (1, pytest.approx(PUPIL_YEARS))
    assert found["value"] == pytest.approx(1000 / PUPIL_YEARS)
    # Exact Poisson limits of 1 event: 0.0253 and 5.572.
    assert found["lower"] == pytest.approx(25.318 / PUPIL_YEARS, rel=1e-4)
    assert found["upper"] == pytest.approx(5571.6 / PUPIL_YEARS, rel=1e-4)
    assert (found["unit"], found["schools"]) == ("per 1,000 pupil-years", 1)


REFERRALS = {
    "each referral counts": ((referral("2021-10-01"), referral("2021-12-01")), "referrals", 2),
    "several on one day are one": (
        (referral("2021-10-01", source_record=1), referral("2021-10-01", source_record=2)), "referrals", 1,
    ),
    "source 2A is schools": (
        (referral("2021-10-01", referral_source="2A"), referral("2021-12-01", referral_source="2B")),
        "referrals_from_schools", 1,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFERRALS)
def test_referrals(case: str) -> None:
    given, measure, count = REFERRALS[case]
    assert measured(measure, referrals=referrals(*given))["count"] == count


# earlier referral, later referral, whether the later one is a re-referral
LOOK_BACK = [
    ("2020-11-15", "2021-11-15", True),
    ("2020-11-14", "2021-11-15", False),
    ("2021-11-14", "2021-11-15", True),
    ("2021-03-31", "2021-11-15", True),
]


@pytest.mark.parametrize(("earlier", "later", "again"), LOOK_BACK)
def test_re_referral_within_12_months_also_over_returns(earlier: str, later: str, again: bool) -> None:
    given = (referral(earlier, return_year=2021, closure_date=earlier), referral(later, return_year=2022))
    found = measured("rereferrals_within_12_months", referrals=referrals(*given))
    before = 1 if earlier >= "2021-09-01" else 0
    assert (found["count"], found["denominator"]) == (int(again), 1 + before)


def test_another_childs_referral_is_no_look_back() -> None:
    given = (referral("2021-10-01"), referral("2021-11-15", child="SYN2"))
    assert measured("rereferrals_within_12_months", referrals=referrals(*given))["count"] == 0


def test_no_further_action_is_a_share_of_referrals() -> None:
    given = (
        referral("2021-10-01", no_further_action=True), referral("2021-12-01"), referral("2022-02-01"),
        referral("2022-04-01"),
    )  # fmt: skip
    found = measured("referrals_no_further_action", referrals=referrals(*given))
    assert (found["count"], found["denominator"], found["value"]) == (1, 4, 25.0)
    # Wilson's limits of 1 in 4.
    assert (found["lower"], found["upper"]) == (pytest.approx(4.56, abs=0.01), pytest.approx(69.94, abs=0.01))


def assessment(start: str, end: str | None, referred: str = "2021-10-01") -> pd.DataFrame:
    row = {"la_child_id": "SYN1", "referral_date": referred, "assessment_start_date": start, "assessment_end_date": end}
    return rows("assessments", row)


ASSESSMENTS = {
    "started and open": (("2021-10-04", None), 1, 0),
    "started and completed": (("2021-10-04", "2021-11-04"), 1, 1),
    "started last year, completed this year": (("2021-08-10", "2021-09-14"), 0, 1),
    "completed next year": (("2022-08-10", "2022-09-14"), 1, 0),
}


@pytest.mark.parametrize("case", ASSESSMENTS)
def test_assessments_by_start_and_by_completion(case: str) -> None:
    dates, started, completed = ASSESSMENTS[case]
    table = assessment(*dates, referred="2021-08-09")
    assert measured("section17_assessments_started", assessments=table)["count"] == started
    assert measured("section17_assessments_completed", assessments=table)["count"] == completed


# referral, authorisation, working days between (bank holidays of 27 and 28 December 2021 and 3 January 2022), in time
TIMELINESS = [
    ("2021-10-01", "2021-12-03", True),
    ("2021-10-01", "2021-12-06", False),
    ("2021-12-01", "2022-02-07", True),
    ("2021-12-01", "2022-02-08", False),
]


@pytest.mark.parametrize(("referred", "authorised", "in_time"), TIMELINESS)
def test_assessments_within_45_working_days_of_the_referral(referred: str, authorised: str, in_time: bool) -> None:
    table = assessment("2021-12-02" if referred > "2021-11" else "2021-10-04", authorised, referred)
    found = measured("assessments_within_45_working_days", assessments=table)
    assert (found["count"], found["denominator"]) == (int(in_time), 1)


def test_a_later_assessment_of_an_open_case_counts_from_its_own_start() -> None:
    first = {"la_child_id": "SYN1", "referral_date": "2021-01-04", "assessment_start_date": "2021-01-05"}
    later = {**first, "assessment_start_date": "2021-10-04", "assessment_end_date": "2021-11-04"}
    table = rows("assessments", {**first, "assessment_end_date": "2021-02-04"}, later)
    found = measured("assessments_within_45_working_days", assessments=table)
    assert (found["count"], found["denominator"]) == (1, 1)


def test_median_duration_is_in_working_days_from_the_start() -> None:
    ends = ["2021-10-05", "2021-10-08", "2021-10-11"]
    rows_given = [
        {"la_child_id": "SYN1", "referral_date": f"2021-10-0{day}", "assessment_start_date": "2021-10-04",
         "assessment_end_date": end} for day, end in enumerate(ends, start=1)
    ]  # fmt: skip
    found = measured("assessment_duration_median_working_days", assessments=rows("assessments", *rows_given))
    assert (found["value"], found["count"], found["unit"]) == (4.0, 3, "working days")


# start of the enquiry, conference, in time
CONFERENCES = [
    ("2021-10-04", "2021-10-25", True),
    ("2021-10-04", "2021-10-26", False),
    ("2021-12-20", "2022-01-13", True),
    ("2021-12-20", "2022-01-14", False),
    ("2021-10-04", "2021-10-01", False),
]


@pytest.mark.parametrize(("start", "held", "in_time"), CONFERENCES)
def test_conferences_within_15_working_days_and_none_before_the_enquiry(start: str, held: str, in_time: bool) -> None:
    table = rows("section47", {**referral("2021-10-01"), "section47_start_date": start, "conference_date": held})
    found = measured("conferences_within_15_working_days", section47=table)
    assert (found["count"], found["denominator"]) == (int(in_time), 1)


def test_a_conference_of_two_enquiries_counts_once() -> None:
    given = [
        {**referral("2021-10-01"), "section47_start_date": day, "conference_date": "2021-10-25"}
        for day in ("2021-10-04", "2021-10-11")
    ]
    assert measured("conferences_within_15_working_days", section47=rows("section47", *given))["denominator"] == 1


def test_protection_plans_count_by_their_start() -> None:
    given = [
        {**referral("2021-06-01", child=child), "plan_start_date": day}
        for child, day in (("SYN1", "2021-08-31"), ("SYN2", "2021-09-01"))
    ]
    assert measured("protection_plans_started", protection_plans=rows("protection_plans", *given))["count"] == 1
