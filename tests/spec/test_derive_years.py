"""Years: what recurs over returns counts once, and a return that did not come is no zero."""

from __future__ import annotations

import pandas as pd
import pytest
from derive_tables import AUTHORITY, SCHOOL_A, definitions, every_return, on_rolls, params, pupil_number, rows, world

from swis.derive.deduplicate import deduplicate_events
from swis.outcomes import derive_and_outcomes


def enquiry(child: str, referral: str, start: str, year: int, **more: object) -> dict[str, object]:
    return {"la_child_id": child, "referral_date": referral, "section47_start_date": start, "return_year": year, **more}


def counts(tables: dict[str, pd.DataFrame], measure: str, completeness: pd.DataFrame | None = None) -> pd.DataFrame:
    """Rows of a measure of the whole authority, by period."""
    _, found = derive_and_outcomes(tables, params(), AUTHORITY, completeness)
    table = found.outcomes
    own = table[(table["measure"] == measure) & (table["level"] == "authority")]
    return own.set_index("period")


def one_child(**tables: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Year 7 in 2018/19, so in Years 7 to 11 through all five academic years."""
    return world(
        pupils=rows("pupils", *on_rolls(1, year_group=7)),
        children=rows("children", {"la_child_id": "SYN1", "upn": pupil_number(1)}),
        **tables,
    )


# start of the enquiry, the academic year it counts in
ACADEMIC_YEARS = [
    ("2018-09-01", "2018/19"),
    ("2019-03-31", "2018/19"),
    ("2019-04-01", "2018/19"),
    ("2019-08-31", "2018/19"),
    ("2019-09-01", "2019/20"),
    ("2023-08-31", "2022/23"),
]


@pytest.mark.parametrize(("day", "academic_year"), ACADEMIC_YEARS)
def test_an_event_counts_in_the_academic_year_of_its_date_whatever_the_return(day: str, academic_year: str) -> None:
    tables = one_child(section47=rows("section47", enquiry("SYN1", "2018-08-20", day, 2024)))
    found = counts(tables, "section47_enquiries", every_return())
    assert found.loc[academic_year, "count"] == 1
    assert found.filter(like="/", axis="index")["count"].sum() == 1


# Returns of the same case: each row is (referral, start, return year, conference)
SAME_EVENT = {
    "open over three returns": (
        [("2021-03-01", "2021-03-20", 2021), ("2021-03-01", "2021-03-20", 2022),
         ("2021-03-01", "2021-03-20", 2023)], 1, 0,
    ),
    "two enquiries of one referral": ([("2021-03-01", "2021-03-20", 2021), ("2021-03-01", "2021-03-28", 2021)], 2, 0),
    "the same day under two referrals": (
        [("2021-03-01", "2021-03-20", 2021), ("2021-03-10", "2021-03-20", 2021)], 2, 0,
    ),
    "the next return corrects the day": (
        [("2021-03-01", "2021-03-20", 2021), ("2021-03-01", "2021-03-22", 2022)], 1, 1,
    ),
    "a new enquiry in the next year": ([("2021-03-01", "2021-03-20", 2021), ("2021-03-01", "2021-05-22", 2022)], 2, 0),
    "one kept and one new and late": (
        [("2021-03-01", "2021-03-20", 2021), ("2021-03-01", "2021-03-20", 2022),
         ("2021-03-01", "2021-03-30", 2022)], 2, 0,
    ),
    "a day more than a month away is another event": (
        [("2020-09-01", "2020-09-20", 2021), ("2020-09-01", "2021-02-22", 2022)], 2, 0,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SAME_EVENT)
def test_events_across_returns_count_once_and_changed_dates_are_reported(case: str) -> None:
    returned, events, changed = SAME_EVENT[case]
    table = rows("section47", *[enquiry("SYN1", referral, start, year) for referral, start, year in returned])
    kept, reported = deduplicate_events(table, "section47")
    assert (len(kept), reported) == (events, changed)


def test_the_latest_return_wins_because_it_holds_the_end() -> None:
    early = enquiry("SYN1", "2021-03-01", "2021-03-20", 2021)
    late = enquiry("SYN1", "2021-03-01", "2021-03-20", 2022, conference_date="2021-04-06")
    kept, _ = deduplicate_events(rows("section47", late, early), "section47")
    assert kept["return_year"].tolist() == [2022]
    assert kept["conference_date"].tolist() == [pd.Timestamp("2021-04-06")]


def test_a_changed_referral_date_is_reported_and_the_latest_return_wins() -> None:
    table = rows(
        "referrals",
        {"la_child_id": "SYN1", "referral_date": "2021-03-01", "return_year": 2021},
        {"la_child_id": "SYN1", "referral_date": "2021-03-03", "return_year": 2022},
    )
    kept, reported = deduplicate_events(table, "referrals")
    assert kept["referral_date"].tolist() == [pd.Timestamp("2021-03-03")]
    assert reported == 1


def test_a_missing_return_leaves_part_of_a_year_unobserved_in_count_and_person_time() -> None:
    # April 2020 to March 2021 did not come: of 2020/21 only April to August 2021 is observed.
    tables = one_child(
        section47=rows(
            "section47",
            enquiry("SYN1", "2020-10-01", "2020-10-10", 2022),
            enquiry("SYN1", "2021-05-01", "2021-05-10", 2022),
        )
    )
    found = counts(tables, "section47_enquiries", every_return(missing=(2021,))).loc["2020/21"]
    assert found["count"] == 1
    assert found["denominator"] == pytest.approx(153 / 365.25)
    assert found["observed_share"] == pytest.approx(153 / 365)
    assert found["comparability"] == "partly observed"


def test_a_year_without_any_return_is_missing_and_never_zero() -> None:
    found = counts(one_child(), "section47_enquiries", every_return(missing=(2021, 2022))).loc["2020/21"]
    assert pd.isna(found["count"]) and pd.isna(found["value"])
    assert (found["comparability"], found["status"]) == ("not observed", "not observed")


def test_without_a_completeness_record_the_tables_show_which_returns_came() -> None:
    children = [{"la_child_id": "SYN1", "upn": pupil_number(1), "return_year": year} for year in (2019, 2020)]
    tables = one_child() | {"children": rows("children", *children)}
    found = counts(tables, "section47_enquiries")
    assert found.loc["2018/19", "observed_share"] == 1
    assert found.loc["2020/21", "status"] == "not observed"


def test_a_re_referral_is_judged_only_where_the_look_back_was_returned() -> None:
    referral = {"la_child_id": "SYN1", "referral_date": "2021-05-01"}
    tables = one_child(referrals=rows("referrals", referral))
    whole = counts(tables, "rereferrals_within_12_months", every_return()).loc["2020/21"]
    blind = counts(tables, "rereferrals_within_12_months", every_return(missing=(2021,))).loc["2020/21"]
    assert (whole["count"], whole["denominator"]) == (0, 1)
    assert blind["status"] == "not observed"


def test_the_first_academic_year_needs_the_return_of_the_year_before_for_its_look_back() -> None:
    assert definitions().first_return_year == 2018
    received = every_return(missing=(2018,))
    found = counts(one_child(), "rereferrals_within_12_months", received).loc["2018/19"]
    assert found["observed_share"] < 1


def test_an_academy_takes_a_new_number_and_stays_the_same_school() -> None:
    tables = one_child(section47=rows("section47", enquiry("SYN1", "2021-10-01", "2021-10-10", 2022)))
    renamed = tables["pupils"].assign(
        urn=tables["pupils"]["urn"].where(tables["pupils"]["census_year"] < 2021, "900009")
    )
    tables["schools"].loc[tables["schools"]["urn"] == SCHOOL_A, "successor_urn"] = "900009"
    found = counts(tables | {"pupils": renamed}, "section47_enquiries").loc["2021/22"]
    assert (found["count"], found["status"]) == (1, "ok")
