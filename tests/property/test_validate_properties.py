"""Properties of validation that hold for any data: overlaps as by brute force, order of rows is no matter."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from swis.schemas import conform, table_schema
from swis.validate.set_aside import separate
from swis.validate.shape import column_checks, failing_cells
from swis.validate.statutory import statutory_rules
from swis.validate.tables import FAR_FUTURE, Tables, repeats_in, starts_inside_an_earlier
from swis.validate.working_days import working_days_before

DAYS = st.integers(0, 40).map(lambda offset: pd.Timestamp("2021-01-01") + pd.Timedelta(days=offset))
SPANS = st.lists(st.tuples(st.sampled_from(["a", "b"]), st.none() | DAYS, st.none() | DAYS), min_size=1, max_size=12)


def frame_of(spans: list[tuple[str, pd.Timestamp | None, pd.Timestamp | None]]) -> pd.DataFrame:
    frame = pd.DataFrame(spans, columns=["child", "start", "end"])
    return frame.assign(start=pd.to_datetime(frame["start"]), end=pd.to_datetime(frame["end"]))


@given(SPANS)
def test_a_span_starts_inside_an_earlier_one_exactly_where_brute_force_says(
    spans: list[tuple[str, pd.Timestamp | None, pd.Timestamp | None]],
) -> None:
    frame = frame_of(spans)
    rows = [row for row in frame.itertuples() if pd.notna(row.start)]
    order = sorted(rows, key=lambda row: (row.child, row.start, FAR_FUTURE if pd.isna(row.end) else row.end))
    expected = set()
    for place, row in enumerate(order):
        earlier = [one for one in order[:place] if one.child == row.child]
        if any((FAR_FUTURE if pd.isna(one.end) else one.end) > row.start for one in earlier):
            expected.add(row.Index)
    found = starts_inside_an_earlier(frame, ["child"], "start", "end")
    assert set(found.index[found]) == expected


@given(SPANS, st.randoms(use_true_random=False))
def test_how_many_spans_overlap_does_not_depend_on_the_order_of_rows(spans: list, random: object) -> None:
    frame = frame_of(spans)
    shuffled = frame.sample(frac=1, random_state=random.randint(0, 2**31))  # type: ignore[attr-defined]
    one = starts_inside_an_earlier(frame, ["child"], "start", "end").sum()
    assert one == starts_inside_an_earlier(shuffled.reset_index(drop=True), ["child"], "start", "end").sum()


@given(st.dates(date(2018, 1, 1), date(2024, 12, 31)), st.integers(1, 60))
@settings(max_examples=60)
def test_counting_back_working_days_lands_on_one_and_goes_far_enough(day: date, count: int) -> None:
    found = working_days_before(day, count).date()
    assert found.weekday() < 5
    assert day - timedelta(days=3 * count + 14) < found <= day - timedelta(days=count)


CODES = st.none() | st.sampled_from(["M", "F", "U", "X", "1"])


@given(st.lists(CODES, min_size=1, max_size=20))
def test_a_missing_cell_breaks_no_constraint_but_that_it_is_required(values: list[str | None]) -> None:
    column = table_schema("children").field("sex")
    cells = pd.Series(values, dtype="string")
    failing = failing_cells(cells, column, "closed list")
    assert failing.tolist() == [value is not None and value not in ("M", "F", "U") for value in values]
    assert failing_cells(cells, column, "required").tolist() == [value is None for value in values]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 2), st.integers(0, 1)), max_size=20))
def test_rows_kept_after_exact_repeats_are_the_distinct_rows(rows: list[tuple[str, int, int]]) -> None:
    frame = pd.DataFrame(rows, columns=["child", "day", "flag"]).assign(source_record=range(len(rows)))
    repeats = repeats_in(frame, ["child"])[0]
    assert (~repeats).sum() == len(set(rows))


def test_every_column_check_belongs_to_a_column_of_its_table() -> None:
    for name in ("children", "pupils", "attendance", "allocation"):
        columns = set(table_schema(name).columns)
        assert {check.column for check in column_checks(name)} <= columns


@given(st.lists(st.tuples(st.sampled_from(["SYN1", "SYN2"]), DAYS, st.none() | DAYS), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_clean_and_set_aside_rows_are_a_partition(rows: list) -> None:
    frame = pd.DataFrame(rows, columns=["la_child_id", "assessment_start_date", "assessment_end_date"])
    frame["assessment_end_date"] = pd.to_datetime(frame["assessment_end_date"])
    tables = Tables({"assessments": conform(frame.assign(referral_date=pd.Timestamp("2021-01-10")), "assessments")})
    rules = [rule for rule in statutory_rules() if rule.code in {"CIN 1103", "CIN 8608"}]
    masks = [rule.failing(tables)["assessments"] for rule in rules]
    from swis.validate.engine import Judged
    from swis.validate.results import finding

    found = [
        finding(
            rule, "assessments", Judged("failed", len(mask), int(mask.sum())), mask.to_numpy(), tables["assessments"]
        )
        for rule, mask in zip(rules, masks, strict=True)
    ]
    sides = separate(tables, found)
    aside = len(sides.set_aside.get("assessments", []))
    assert aside == int((masks[0] | masks[1]).sum())
    assert len(sides.clean["assessments"]) + aside == len(frame)
