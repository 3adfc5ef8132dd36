"""Who counts: which school a pupil belongs to on a day, for how long, and in which year groups."""

from __future__ import annotations

import pandas as pd
import pytest
from derive_tables import (
    AUTHORITY,
    SCHOOL_A,
    SCHOOL_B,
    every_return,
    on_rolls,
    params,
    pupil_number,
    rows,
    world,
)

from swis.derive.enrolment import enrolments
from swis.outcomes import derive_and_outcomes


def census(year: int, term: str, **more: object) -> dict[str, object]:
    row = {
        "upn": pupil_number(1),
        "census_year": year,
        "census_term": term,
        "year_group": 8,
        "entry_date": "2019-09-01",
    }
    return {**row, **more}


def spells(*records: dict[str, object], others: tuple[dict[str, object], ...] = ()) -> list[tuple[str, str, str]]:
    """School, first and last day on roll of pupil 1, academic years joined."""
    pupils = rows("pupils", *records, *others)
    found = enrolments(pupils.assign(pupil=pupils["upn"]))
    own = found[(found["upn"] == pupil_number(1)) & found["is_main"]].sort_values("start")
    joined: list[list[object]] = []
    for row in own.itertuples():
        if joined and joined[-1][0] == row.urn and joined[-1][2] == row.start:
            joined[-1][2] = row.end
        else:
            joined.append([row.urn, row.start, row.end])
    day = pd.Timedelta(days=1)
    return [(str(urn), f"{start:%Y-%m-%d}", f"{end - day:%Y-%m-%d}") for urn, start, end in joined]


# A classmate stays to the end, so that every census of the school is known to have come.
CLASSMATE = tuple(on_rolls(9, year_group=7, first=2018, last=2022))
ROLLS = {
    "leaves on the leaving date": (
        [census(2019, "autumn"), census(2020, "spring", is_on_roll=False, leaving_date="2019-11-29")],
        [(SCHOOL_A, "2019-09-01", "2019-11-29")],
    ),
    "kept through the summer holiday without a leaving date": (
        [census(2019, "autumn"), census(2020, "spring"), census(2020, "summer")],
        [(SCHOOL_A, "2019-09-01", "2020-08-31")],
    ),
    "a leaving date in the summer ends the stay there": (
        [census(2020, "summer"), census(2020, "autumn", is_on_roll=False, leaving_date="2020-07-17")],
        [(SCHOOL_A, "2019-09-01", "2020-07-17")],
    ),
    "a late joiner counts from the entry date": (
        [census(2020, "spring", entry_date="2019-11-18"), census(2020, "summer", entry_date="2019-11-18")],
        [(SCHOOL_A, "2019-11-18", "2020-08-31")],
    ),
    "missing from the next census: gone at the end of the term": (
        [census(2019, "autumn")], [(SCHOOL_A, "2019-09-01", "2019-12-31")],
    ),
    "missing from the summer census: gone at Easter": (
        [census(2019, "autumn"), census(2020, "spring")], [(SCHOOL_A, "2019-09-01", "2020-04-12")],
    ),
    "missing from one census and back in the next: never left": (
        [census(2019, "autumn"), census(2020, "summer")], [(SCHOOL_A, "2019-09-01", "2020-08-31")],
    ),
    "left and came back": (
        [
            census(2019, "autumn"),
            census(2020, "spring", is_on_roll=False, leaving_date="2019-10-18"),
            census(2020, "spring", entry_date="2020-01-06"),
            census(2020, "summer", entry_date="2020-01-06"),
        ],
        [(SCHOOL_A, "2019-09-01", "2019-10-18"), (SCHOOL_A, "2020-01-06", "2020-08-31")],
    ),
    "a corrected entry date is one stay, not two": (
        [census(2019, "autumn"), census(2020, "spring", entry_date="2019-09-03"), census(2020, "summer")],
        [(SCHOOL_A, "2019-09-01", "2020-08-31")],
    ),
    "a mover belongs to the new school from its entry date": (
        [census(2019, "autumn"), census(2020, "spring", urn=SCHOOL_B, entry_date="2019-12-02"),
         census(2020, "summer", urn=SCHOOL_B, entry_date="2019-12-02")],
        [(SCHOOL_A, "2019-09-01", "2019-12-01"), (SCHOOL_B, "2019-12-02", "2020-08-31")],
    ),
    "a subsidiary registration is not the school": (
        [census(2020, "summer"), census(2020, "summer", urn=SCHOOL_B, enrolment_status="S")],
        [(SCHOOL_A, "2019-09-01", "2020-08-31")],
    ),
    "dual main counts as main": (
        [census(2020, "summer", enrolment_status="M")], [(SCHOOL_A, "2019-09-01", "2020-08-31")],
    ),
    "off roll, never seen on roll, no leaving date: no stay": ([census(2020, "spring", is_on_roll=False)], []),
}  # fmt: skip


@pytest.mark.parametrize("case", ROLLS)
def test_stay_on_roll(case: str) -> None:
    records, expected = ROLLS[case]
    assert spells(*records, others=CLASSMATE) == expected


def test_without_a_later_census_a_pupil_stays_to_31_august() -> None:
    assert spells(census(2020, "spring")) == [(SCHOOL_A, "2019-09-01", "2020-08-31")]


def test_a_closed_school_keeps_no_pupil_beyond_its_last_day() -> None:
    pupils = rows("pupils", census(2020, "spring"))
    closed = pd.Series({SCHOOL_A: pd.Timestamp("2020-04-30")})
    found = enrolments(pupils.assign(pupil=pupils["upn"]), closed)
    assert found["end"].max() == pd.Timestamp("2020-05-01")


def outcome(
    tables: dict[str, pd.DataFrame], measure: str, period: str, level: str = "arm", **changed: object
) -> pd.DataFrame:
    _, found = derive_and_outcomes(tables, params(**changed), AUTHORITY, every_return())
    table = found.outcomes
    own = table[(table["measure"] == measure) & (table["period"] == period) & (table["level"] == level)]
    return own.set_index("arm")


def two_children(**tables: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Pupil 1 moves from the intervention to the control school on 1 February 2021; pupil 2 is always at control."""
    stays = on_rolls(1, year_group=7, first=2018)
    before = [row for row in stays if (row["census_year"], row["census_term"]) in [(2018, "autumn"), (2019, "spring"),
              (2019, "summer"), (2019, "autumn"), (2020, "spring"), (2020, "summer"), (2020, "autumn"),
              (2021, "spring")]]  # fmt: skip
    after = [{**row, "urn": SCHOOL_B, "entry_date": "2021-02-01"} for row in stays if row not in before]
    return world(
        pupils=rows("pupils", *before, *after, *on_rolls(2, year_group=7, urn=SCHOOL_B)),
        children=rows(
            "children", {"la_child_id": "SYN1", "upn": pupil_number(1)}, {"la_child_id": "SYN2", "upn": pupil_number(2)}
        ),
        **tables,
    )


def enquiries(*days: str, child: str = "SYN1") -> pd.DataFrame:
    found = [{"la_child_id": child, "referral_date": "2020-09-01", "section47_start_date": day} for day in days]
    return rows("section47", *found)


# The day of the enquiry, the arm it counts for (the school on the day), and for the school on 1 September 2020
MOVER = [("2020-12-01", "intervention", "intervention"), ("2021-03-01", "control", "intervention")]


@pytest.mark.parametrize(("day", "on_the_day", "on_1_september_2020"), MOVER)
def test_a_movers_event_counts_for_the_school_of_the_day_or_of_1_september_2020(
    day: str, on_the_day: str, on_1_september_2020: str
) -> None:
    tables = two_children(section47=enquiries(day))
    by_day = outcome(tables, "section47_enquiries", "23 months")["count"]
    closed = outcome(tables, "section47_enquiries", "23 months", school_attribution="school on 1 September 2020")[
        "count"
    ]
    assert by_day[on_the_day] == 1 and by_day.sum() == 1
    assert closed[on_1_september_2020] == 1 and closed.sum() == 1


def test_person_time_of_the_closed_cohort_stays_with_the_first_school() -> None:
    tables = two_children()
    by_day = outcome(tables, "section47_enquiries", "2020/21")["denominator"]
    closed = outcome(tables, "section47_enquiries", "2020/21", school_attribution="school on 1 September 2020")[
        "denominator"
    ]
    assert by_day["intervention"] == pytest.approx(153 / 365.25)
    assert by_day["control"] == pytest.approx((365 + 212) / 365.25)
    assert closed["intervention"] == pytest.approx(365 / 365.25)


def test_before_1_september_2020_the_closed_cohort_has_no_denominator() -> None:
    found = outcome(two_children(), "section47_enquiries", "2018/19", school_attribution="school on 1 September 2020")
    assert found["status"].tolist() == ["no denominator", "no denominator"]


def test_each_enquiry_counts_or_each_child_once() -> None:
    tables = two_children(section47=enquiries("2021-03-01", "2021-04-01", "2021-10-01"))
    assert outcome(tables, "section47_enquiries", "23 months")["count"]["control"] == 3
    children = outcome(tables, "section47_enquiries", "23 months", count_basis="children")["count"]
    assert children["control"] == 1


def test_denominator_is_pupil_years_or_the_january_headcount() -> None:
    tables = two_children()
    years = outcome(tables, "section47_enquiries", "2020/21")
    heads = outcome(tables, "section47_enquiries", "2020/21", denominator="january headcount")
    assert years["denominator"].sum() == pytest.approx(2 * 365 / 365.25)
    # On 21 January 2021 pupil 1 was still at the intervention school.
    assert heads["denominator"].to_dict() == {"control": 1.0, "intervention": 1.0}
    assert set(heads["unit"]) == {"per 1,000 pupils in January"}


# Year group on the day of the event, whether it counts in a trial of Years 7 to 11
YEAR_GROUPS = [(6, 0), (7, 1), (11, 1), (12, 0), (13, 0)]


@pytest.mark.parametrize(("year_group", "count"), YEAR_GROUPS)
def test_only_years_7_to_11_count_in_secondary_schools(year_group: int, count: int) -> None:
    tables = world(
        pupils=rows("pupils", *on_rolls(1, year_group=year_group, first=2020, last=2021)),
        children=rows("children", {"la_child_id": "SYN1", "upn": pupil_number(1)}),
        section47=enquiries("2020-11-02"),
    )
    found = outcome(tables, "section47_enquiries", "2020/21")
    assert found["count"].sum() == count
    assert (found["denominator"].sum() > 0) == bool(count)


@pytest.mark.parametrize(("year_group", "count"), [(-1, 0), (0, 1), (6, 1), (7, 0)])
def test_only_reception_to_year_6_count_in_primary_trials(year_group: int, count: int) -> None:
    authority = "invented-one-to-one-authority-1"
    tables = world(
        pupils=rows("pupils", *on_rolls(1, year_group=year_group, first=2021, last=2022, authority=authority)),
        children=rows("children", {"la_child_id": "SYN1", "upn": pupil_number(1), "authority": authority}),
        section47=enquiries("2021-11-02").assign(authority=authority),
    )
    tables["schools"]["phase"] = "primary"
    tables["allocation"] = tables["allocation"].assign(trial="dsls_one_to_one", stratum=authority)
    _, found = derive_and_outcomes(tables, params(), authority, every_return())
    own = found.outcomes.query("measure == 'section47_enquiries' and period == '2021/22' and level == 'authority'")
    assert own["count"].tolist() == [count]


def test_windows_end_on_31_july_and_academic_years_on_31_august_so_they_do_not_sum() -> None:
    tables = two_children(section47=enquiries("2022-07-31", "2022-08-01"))
    authority = "authority"
    window = outcome(tables, "section47_enquiries", "23 months", authority).iloc[0]
    years = [outcome(tables, "section47_enquiries", year, authority).iloc[0] for year in ("2020/21", "2021/22")]
    assert window["count"] == 1 and sum(year["count"] for year in years) == 2
    assert window["denominator"] == pytest.approx(2 * 699 / 365.25)
    assert sum(year["denominator"] for year in years) == pytest.approx(2 * 730 / 365.25)


def test_35_months_and_the_baseline_have_person_time_from_dates() -> None:
    tables = two_children()
    assert outcome(tables, "section47_enquiries", "35 months", "authority").iloc[0]["denominator"] == pytest.approx(
        2 * 1064 / 365.25
    )
    assert outcome(tables, "section47_enquiries", "baseline", "authority").iloc[0]["denominator"] == pytest.approx(
        2 * 547 / 365.25
    )
