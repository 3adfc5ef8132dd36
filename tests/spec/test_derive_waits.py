"""Waits in working days: bank holidays, competing ends, what is open at the cut, and contacts with their referral."""

from __future__ import annotations

import pandas as pd
import pytest
from derive_tables import AUTHORITY, every_return, on_rolls, params, pupil_number, rows, world

from swis.derive.calendar import DayCalendar
from swis.derive.waits import ENQUIRY, REFERRAL, contact_waits, enquiry_waits, referral_waits
from swis.outcomes import derive_and_outcomes

SEEN = DayCalendar.of_spans(pd.DataFrame({"start": [pd.Timestamp(2021, 4, 1)], "end": [pd.Timestamp(2022, 7, 1)]}))
# Half-open, so that the last day observed is Thursday 30 June 2022.


def dates(*days: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(days))).astype("datetime64[us]")


def cases(number: int, **columns: object) -> pd.DataFrame:
    frame = pd.DataFrame({"authority": "hull", "la_child_id": [f"C{place}" for place in range(number)]})
    return frame.assign(**columns)


@pytest.mark.parametrize(
    ("start", "met", "days"),
    [
        ("2022-03-01", "2022-03-01", 0),
        ("2022-03-01", "2022-03-02", 1),
        ("2022-03-04", "2022-03-07", 1),  # Friday to Monday
        ("2022-03-05", "2022-03-07", 0),  # Saturday counts from Monday
        ("2022-04-14", "2022-04-19", 1),  # over Good Friday and Easter Monday
        ("2022-05-31", "2022-06-06", 2),  # over the spring bank holiday and the Platinum Jubilee of 2 and 3 June
        ("2021-12-24", "2022-01-04", 4),  # Christmas and Boxing Day of a weekend, with substitutes, and New Year's
    ],
)
def test_only_working_days_count_and_the_start_is_day_0(start: str, met: str, days: int) -> None:
    enquiries = cases(
        1, referral_date=dates(start), section47_start_date=dates(start), conference_date=dates(met),
        conference_not_required=pd.array([False], dtype="boolean"),
    )  # fmt: skip
    (row,) = enquiry_waits(enquiries, SEEN, 15).to_dict("records")
    assert (row["days"], row["ended"]) == (days, "event")


def test_a_conference_not_required_is_a_competing_end_and_an_undecided_enquiry_is_open_at_the_last_day() -> None:
    start = dates("2022-03-01", "2022-03-01", "2022-06-27", "2022-06-27")
    enquiries = cases(
        4, referral_date=start, section47_start_date=start, conference_date=dates(None, None, None, "2022-07-05"),
        conference_not_required=pd.array([True, False, True, False], dtype="boolean"),
    )  # fmt: skip
    found = enquiry_waits(enquiries, SEEN, 15).set_index("la_child_id")
    assert found["ended"].to_dict() == {"C0": "competing", "C1": "open", "C2": "open", "C3": "open"}
    assert found["days"].to_dict() == {"C0": 15, "C1": 82, "C2": 3, "C3": 3}
    assert found["covered"].to_dict() == {"C0": 82, "C1": 82, "C2": 3, "C3": 3}, "however they ended"


def test_a_conference_before_its_enquiry_leaves_none_to_come() -> None:
    start = dates("2022-03-01")
    enquiries = cases(
        1, referral_date=start, section47_start_date=start, conference_date=dates("2022-02-25"),
        conference_not_required=pd.array([False], dtype="boolean"),
    )  # fmt: skip
    assert enquiry_waits(enquiries, SEEN, 15)[["days", "ended"]].to_numpy().tolist() == [[0.0, "competing"]]


def test_a_referral_ends_with_its_first_completed_assessment_or_otherwise() -> None:
    start = dates("2022-03-01", "2022-03-01", "2022-03-01", "2022-03-01", "2023-03-01")
    referrals = cases(
        5, referral_date=start, closure_date=dates(None, "2022-03-10", "2022-03-03", "2022-05-03", None),
        no_further_action=pd.array([False, False, True, False, False], dtype="boolean"),
    )  # fmt: skip
    assessments = pd.DataFrame(
        {
            "authority": "hull", "la_child_id": ["C0", "C0", "C3", "C3"], "referral_date": dates(*["2022-03-01"] * 4),
            "assessment_end_date": dates("2022-03-29", "2022-03-08", "2022-05-03", None),
        }
    )  # fmt: skip
    found = referral_waits(referrals, assessments, SEEN).set_index("la_child_id")
    assert found["ended"].to_dict() == {"C0": "event", "C1": "competing", "C2": "competing", "C3": "event"}
    assert found["days"].to_dict() == {"C0": 5, "C1": 7, "C2": 2, "C3": 42}, "Easter and May Day lie between"


def test_a_contact_belongs_to_the_next_referral_of_its_child_within_the_span() -> None:
    days = dates("2022-03-01", "2022-03-01", "2022-03-01", "2022-03-01", "2022-06-20")
    contacts = cases(5, contact_date=days, source_code="2A", urn=None)
    contacts = pd.concat([contacts, contacts.iloc[[0]]], ignore_index=True)
    referrals = pd.DataFrame(
        {
            "authority": "hull",
            "la_child_id": ["C0", "C0", "C1", "C2", "C4"],
            "referral_date": dates("2022-02-28", "2022-03-03", "2022-04-20", "2022-03-29", "2022-06-21"),
        }
    )
    found = contact_waits(contacts, referrals, SEEN, 20).set_index("la_child_id")["days"]
    # C1's came after 34 working days, C3 had none, and of C4 the span of 20 days is not wholly seen.
    assert found.to_dict() == {"C0": 2, "C2": 20}


def test_only_contacts_that_schools_made_wait_for_a_referral() -> None:
    day = dates(*["2022-03-01"] * 4)
    # As Annex A list 1 has them: by a school, by the police, by nobody known; and as the form has one, by its school.
    sources, schools = pd.Series(["2A", "6", None, None]), pd.Series([None, None, None, "100001"])
    contacts = cases(4, contact_date=day, source_code=sources, urn=schools)
    found = contact_waits(contacts, cases(4, referral_date=day), SEEN, 20)
    assert found["la_child_id"].tolist() == ["C0", "C3"]


def test_waits_begun_are_the_referrals_and_enquiries_that_are_counted() -> None:
    days = ["2019-01-10", "2020-11-02", "2020-11-02", "2021-03-01", "2023-05-02"]
    flat = [{"la_child_id": f"C{place}", "referral_date": day} for place, day in enumerate(days)]
    # The last child is on no trial roll.
    children = [{"la_child_id": f"C{place}", "upn": pupil_number(place + 1)} for place in range(5)]
    pupils = [row for place in range(4) for row in on_rolls(place + 1, year_group=7)]
    tables = world(
        pupils=rows("pupils", *pupils), children=rows("children", *children), referrals=rows("referrals", *flat),
        section47=rows("section47", *[{**one, "section47_start_date": one["referral_date"]} for one in flat[:3]]),
    )  # fmt: skip
    derived, outcomes = derive_and_outcomes(tables, params(), AUTHORITY, every_return())
    own = outcomes.outcomes[(outcomes.outcomes["level"] == "authority")].set_index(["measure", "period"])["count"]
    begun = derived.waits.groupby(["wait", "academic_year"]).size()
    for wait, measure in ((REFERRAL, "referrals"), (ENQUIRY, "section47_enquiries")):
        for year in ("2018/19", "2020/21"):
            assert begun[wait, year] == own[measure, year], (wait, year)
    assert begun.sum() == 4 + 3
