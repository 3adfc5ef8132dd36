"""What must hold for all cells, pupil numbers and census files, not only for examples."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from swis.sources.csv_text import load_csv
from swis.sources.text import parse_booleans, parse_dates, parse_integers, parse_numbers
from swis.sources.upn import ALPHABET, classify_upns, make_upns

ON_A_BUSY_MACHINE = settings(deadline=None, suppress_health_check=list(HealthCheck))
DATES = st.dates(date(1900, 1, 1), date(2100, 12, 31))
FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%Y-%b-%d 00:00:00", "%d-%b-%Y", "%Y-%m-%dT%H:%M:%S"]
BODIES = st.from_regex(rf"\A[0-9]{{11}}[0-9{ALPHABET}]\Z")
PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters='",;|='), min_size=1)


@ON_A_BUSY_MACHINE
@given(st.lists(st.tuples(DATES, st.sampled_from(FORMATS)), max_size=20))
def test_a_day_written_in_any_format_is_read_back(written: list[tuple[date, str]]) -> None:
    values, faulty = parse_dates([pd.Timestamp(day).strftime(form) for day, form in written])
    assert [value.date() for value in values] == [day for day, _ in written]
    assert not faulty.any()


@ON_A_BUSY_MACHINE
@given(st.lists(st.none() | st.text(max_size=12), max_size=20))
def test_parsers_never_fail_and_a_cell_is_read_or_blank_or_faulty(cells: list[str | None]) -> None:
    for parse in (parse_dates, parse_numbers, parse_integers, parse_booleans):
        values, faulty = parse(pd.Series(cells, dtype="string"))
        assert len(values) == len(faulty) == len(cells)
        assert not (values.notna() & faulty).any()
        blank = [cell is None or not cell.strip() for cell in cells]
        assert all(value or fault or empty for value, fault, empty in zip(values.notna(), faulty, blank, strict=True))
        assert not any(fault and empty for fault, empty in zip(faulty, blank, strict=True))


@ON_A_BUSY_MACHINE
@given(st.lists(st.integers(-(10**12), 10**12), max_size=20))
def test_whole_numbers_are_read_back_plain_as_floats_and_with_commas(numbers: list[int]) -> None:
    for form in ("{}", "{}.0", "{:,}"):
        values, faulty = parse_integers([form.format(number) for number in numbers])
        assert values.tolist() == numbers
        assert not faulty.any()


@ON_A_BUSY_MACHINE
@given(st.lists(BODIES, min_size=1, max_size=20))
def test_a_made_number_is_valid_and_its_last_character_says_which_kind(bodies: list[str]) -> None:
    kinds = classify_upns(make_upns(bodies)).tolist()
    assert kinds == ["permanent" if body[-1].isdigit() else "temporary" for body in bodies]


@ON_A_BUSY_MACHINE
@given(BODIES, st.integers(1, 12), st.integers(1, 9))
def test_changing_one_digit_is_always_found(body: str, place: int, step: int) -> None:
    upn = make_upns([body])[0]
    if upn[place].isdigit():
        changed = upn[:place] + str((int(upn[place]) + step) % 10) + upn[place + 1 :]
        assert classify_upns([changed]).tolist() == ["wrong check letter"]


@ON_A_BUSY_MACHINE
@given(st.lists(st.none() | st.text(max_size=14), max_size=10))
def test_classifying_never_fails(cells: list[str | None]) -> None:
    assert len(classify_upns(pd.Series(cells, dtype="string"))) == len(cells)


@ON_A_BUSY_MACHINE
@given(
    st.lists(st.tuples(PLAIN, PLAIN), max_size=8),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.booleans(),
)
def test_csv_rows_come_out_as_they_went_in(
    tmp_path: Path, rows: list[tuple[str, str]], end: str, encoding: str, quoted: bool
) -> None:
    stream = io.StringIO()
    pd.DataFrame([("A", "B"), *rows]).to_csv(stream, index=False, header=False, lineterminator=end, quoting=int(quoted))
    path = tmp_path / "f.csv"
    path.write_bytes(stream.getvalue().encode(encoding))
    text = load_csv(path, {"a": ["A"], "b": ["B"]}, required=["a", "b"])
    kept = [(a, b) for a, b in zip(text.frame["a"], text.frame["b"], strict=True)]
    blanks = {"NULL", "null", "#N/A"}
    assert [tuple(cell for cell in row if cell not in blanks) for row in rows] == [
        tuple(cell for cell in row if not pd.isna(cell)) for row in kept
    ]
