"""Laws of counting that hold whatever the data: boundaries, order, sums of parts, cuts."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
from derive_tables import AUTHORITY, SCHOOL_A, SCHOOL_B, every_return, on_rolls, params, pupil_number, rows, world
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from swis.academic_year import academic_year_of, academic_year_window
from swis.derive.calendar import DayCalendar
from swis.derive.cut import cut_table
from swis.derive.enrolment import enrolments
from swis.derive.working_days import working_days_between
from swis.outcomes import derive_and_outcomes, pool
from swis.outcomes.intervals import median_with_limits, poisson_exact, wilson

DAYS = st.dates(date(2018, 9, 1), date(2023, 8, 31))
SCHOOL_DAYS = st.dates(date(2018, 9, 1), date(2024, 3, 1))


@given(st.dates(date(2016, 1, 1), date(2030, 12, 31)))
def test_every_date_lies_in_the_academic_year_it_is_given(day: date) -> None:
    window = academic_year_window(academic_year_of(pd.Series([pd.Timestamp(day)])).iloc[0])
    assert window.first_day <= day <= window.last_day


@given(st.integers(2010, 2029))
def test_31_august_and_1_september_are_in_different_academic_years(year: int) -> None:
    both = academic_year_of(pd.Series([pd.Timestamp(year, 8, 31), pd.Timestamp(year, 9, 1)]))
    assert both.tolist() == [f"{year - 1}/{year % 100:02d}", f"{year}/{(year + 1) % 100:02d}"]


@given(st.lists(st.tuples(st.integers(1, 5), DAYS, st.integers(2019, 2024)), min_size=1, max_size=12), st.randoms())
@settings(max_examples=4, deadline=None, phases=[Phase.explicit, Phase.generate])
def test_the_order_of_rows_is_irrelevant(events: list[tuple[int, date, int]], random: object) -> None:
    def count(given: list[tuple[int, date, int]]) -> pd.DataFrame:
        tables = world(
            pupils=rows("pupils", *[row for number in range(1, 6) for row in on_rolls(number, year_group=7)]),
            children=rows("children", *[{"la_child_id": f"SYN{n}", "upn": pupil_number(n)} for n in range(1, 6)]),
            section47=rows(
                "section47",
                *[{"la_child_id": f"SYN{n}", "referral_date": "2018-09-01", "section47_start_date": day,
                   "return_year": year}
                  for n, day, year in given],
            ),
        )  # fmt: skip
        tables["pupils"] = tables["pupils"].sample(frac=1, random_state=len(given))
        return derive_and_outcomes(tables, params(), AUTHORITY, every_return())[1].outcomes

    shuffled = events.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(count(events), count(shuffled))


@given(st.lists(st.tuples(SCHOOL_DAYS, st.integers(1, 900)), min_size=1, max_size=8), SCHOOL_DAYS)
@settings(deadline=None)
def test_splitting_a_window_sums_its_person_time(stays: list[tuple[date, int]], middle: date) -> None:
    spells = pd.DataFrame({"start": pd.to_datetime([day for day, _ in stays])})
    spells["end"] = spells["start"] + pd.to_timedelta([length for _, length in stays], unit="D")
    first, last, cut = pd.Timestamp("2018-09-01"), pd.Timestamp("2024-08-31"), pd.Timestamp(middle)
    calendar = DayCalendar.everything()

    def days(start: pd.Timestamp, end: pd.Timestamp) -> int:
        return int(calendar.within(start, end).days_in(spells["start"], spells["end"]).sum())

    assert days(first, cut) + days(cut, last) == days(first, last)


@given(st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=8), DAYS, DAYS)
@settings(deadline=None)
def test_a_cut_is_idempotent_and_monotone(episodes: list[tuple[date, date]], one: date, other: date) -> None:
    early, late = sorted([one, other])
    given_rows = [
        {"la_child_id": f"SYN{n}", "episode_start_date": min(pair), "episode_end_date": max(pair)}
        for n, pair in enumerate(episodes)
    ]
    table = rows("care_episodes", *given_rows)
    at_early, at_late = (cut_table(table, "care_episodes", day) for day in (early, late))
    pd.testing.assert_frame_equal(cut_table(at_early, "care_episodes", early), at_early)
    pd.testing.assert_frame_equal(cut_table(at_late, "care_episodes", early), at_early)
    assert len(at_early) <= len(at_late)
    assert at_early["episode_end_date"].notna().sum() <= at_late["episode_end_date"].notna().sum()


@given(
    st.lists(st.tuples(st.sampled_from([SCHOOL_A, SCHOOL_B]), SCHOOL_DAYS, st.integers(0, 500)), min_size=1, max_size=6)
)
@settings(max_examples=40, deadline=None)
def test_a_pupil_has_at_most_one_main_school_a_day(stays: list[tuple[str, date, int]]) -> None:
    found = []
    for urn, entry, length in stays:
        row = {"upn": pupil_number(1), "urn": urn, "entry_date": entry, "census_year": 2024, "census_term": "spring"}
        found.append({**row, "year_group": 9, "leaving_date": entry + timedelta(days=length)})
    pupils = rows("pupils", *found)
    spells = enrolments(pupils.assign(pupil=pupils["upn"]))
    on_roll = np.zeros(4000, dtype=int)
    for row in spells.itertuples():
        start = (row.start - pd.Timestamp("2018-01-01")).days
        on_roll[start : start + (row.end - row.start).days] += 1
    assert on_roll.max(initial=0) <= 1


@given(st.lists(st.integers(0, 6), min_size=2, max_size=2))
@settings(max_examples=3, deadline=None, phases=[Phase.explicit, Phase.generate])
def test_pooled_is_the_sum_of_its_parts(counts: list[int]) -> None:
    found = []
    for number, count in enumerate(counts):
        enquiries = [
            {"la_child_id": "SYN1", "referral_date": "2020-09-01", "section47_start_date": f"2020-10-{day + 1:02d}"}
            for day in range(count)
        ]
        tables = world(
            pupils=rows("pupils", *on_rolls(1 + number, year_group=7)),
            children=rows("children", {"la_child_id": "SYN1", "upn": pupil_number(1 + number)}),
            section47=rows("section47", *enquiries),
        )
        found.append(derive_and_outcomes(tables, params(), AUTHORITY, every_return())[1])
    pooled = pool([one.outcomes for one in found], [one.distributions for one in found], params().definitions)
    key = ["trial", "level", "arm", "period_kind", "period", "measure"]
    stacked = pd.concat([one.outcomes for one in found]).query("level != 'school'")
    summed = stacked.groupby(key)[["count", "denominator"]].sum(min_count=1)
    both = pooled.set_index(key)[["count", "denominator"]].join(summed, suffixes=("", "_parts"))
    pd.testing.assert_series_equal(both["count"], both["count_parts"], check_names=False)
    pd.testing.assert_series_equal(both["denominator"], both["denominator_parts"], check_names=False)


@given(st.integers(0, 500), st.integers(0, 500))
def test_limits_hold_the_estimate_and_stay_in_range(one: int, other: int) -> None:
    count, base = min(one, other), max(one, other, 1)
    low, high = (limit[0] for limit in wilson(np.array([count]), np.array([base]), 0.95))
    assert 0 <= low <= count / base + 1e-12 and count / base - 1e-12 <= high <= 1
    low, high = (limit[0] for limit in poisson_exact(np.array([count]), 0.95))
    assert 0 <= low <= count <= high


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40))
def test_the_median_of_counted_values_is_the_median_of_the_values(values: list[int]) -> None:
    distinct, counts = np.unique(values, return_counts=True)
    middle, low, high = median_with_limits(distinct.astype(float), counts, 0.95)
    assert middle == np.median(values)
    if len(values) >= 6:
        assert low <= middle <= high
    else:
        assert np.isnan(low) and np.isnan(high)


@given(DAYS, st.integers(0, 90), st.integers(0, 90))
def test_working_days_add_up_and_never_exceed_days(start: date, first: int, second: int) -> None:
    days = pd.Series(pd.to_datetime([start, start + timedelta(first), start + timedelta(first + second)]))
    part, rest, whole = (
        working_days_between(days[[a]].reset_index(drop=True), days[[b]].reset_index(drop=True)).iloc[0]
        for a, b in ((0, 1), (1, 2), (0, 2))
    )
    assert part + rest == whole
    assert 0 <= whole <= first + second
