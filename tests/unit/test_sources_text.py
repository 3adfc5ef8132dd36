"""Cells and encodings as they are really met."""

from __future__ import annotations

import pandas as pd
import pytest

from swis.sources.text import (
    blank_to_missing,
    decode,
    detect_encoding,
    of_distinct,
    parse_booleans,
    parse_dates,
    parse_integers,
    parse_numbers,
)


@pytest.mark.parametrize(
    "written",
    [
        "2024-10-16",
        "16/10/2024",
        "16-10-2024",
        "16.10.2024",
        "2024-Oct-16 00:00:00",
        "16-Oct-2024",
        "16 October 2024",
        " 2024-10-16T09:30:00Z ",
        "16/10/2024 00:00",
        "2024-10-16 00:00:00.000",
    ],
)
def test_every_way_of_writing_a_day_gives_the_day(written: str) -> None:
    values, faulty = parse_dates(pd.Series([written], dtype="string"))
    assert values[0] == pd.Timestamp("2024-10-16")
    assert not faulty[0]


@pytest.mark.parametrize("written", ["31/02/2020", "13/25/2020", "16/10/24", "soon", "20241", "2024-13-01", "45000"])
def test_what_is_no_day_is_missing_and_faulty(written: str) -> None:
    values, faulty = parse_dates([written])
    assert values.isna()[0]
    assert faulty[0]


def test_a_blank_cell_is_missing_and_not_a_fault() -> None:
    for parse in (parse_dates, parse_numbers, parse_integers, parse_booleans):
        values, faulty = parse(pd.Series(["", None, "  "], dtype="string"))
        assert values.isna().all()
        assert not faulty.any()


def test_parsers_keep_the_index_of_the_column_they_are_given() -> None:
    values, faulty = parse_dates(pd.Series(["2024-10-16", "x"], index=[7, 9], dtype="string"))
    assert list(values.index) == [7, 9]
    assert list(faulty.index) == [7, 9]


def test_an_empty_column_gives_empty_values_of_the_right_type() -> None:
    assert str(parse_dates([])[0].dtype) == "datetime64[us]"
    assert str(parse_integers([])[0].dtype) == "Int64"
    assert str(parse_booleans([])[0].dtype) == "boolean"


def test_numbers_take_commas_and_refuse_nan_and_words() -> None:
    values, faulty = parse_numbers(["1,234.5", "134.0", "-3", ".5", "nan", "inf", "12a"])
    assert values[:4].tolist() == [1234.5, 134.0, -3.0, 0.5]
    assert faulty.tolist() == [False] * 4 + [True] * 3


def test_whole_numbers_may_be_written_as_floats_but_not_hold_a_part() -> None:
    values, faulty = parse_integers(["134.0", "7", "1.5"])
    assert values.tolist()[:2] == [134, 7]
    assert faulty.tolist() == [False, False, True]


def test_yes_and_no_in_every_form() -> None:
    values, faulty = parse_booleans(["1", "true", "Y", "Yes", "0", "FALSE", "n", "2"])
    assert values[:7].tolist() == [True] * 4 + [False] * 3
    assert faulty.tolist() == [False] * 7 + [True]


def test_blank_to_missing_trims_every_kind_of_space() -> None:
    assert blank_to_missing(["\u00a0a ", " "]).tolist() == ["a", pd.NA]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"plain", "utf-8"),
        ("café".encode(), "utf-8"),
        (b"\xef\xbb\xbfa", "utf-8-sig"),
        ("café".encode("cp1252"), "cp1252"),
        ("a".encode("utf-16"), "utf-16-le"),
    ],
)
def test_the_encoding_is_found(content: bytes, encoding: str) -> None:
    assert detect_encoding(content) == encoding


def test_decoding_drops_the_byte_order_mark_and_never_fails() -> None:
    assert decode(b"\xef\xbb\xbfa") == ("a", "utf-8-sig")
    assert decode(b"\x81") == ("\ufffd", "cp1252")


def test_a_letter_cut_in_two_at_the_end_of_a_sniff_is_still_utf8() -> None:
    assert detect_encoding("é".encode()[:1], is_whole=False) == "utf-8"


def test_what_is_made_of_texts_is_asked_once_for_each_and_keeps_index_and_blanks() -> None:
    asked: list[list[str]] = []

    def in_capitals(texts: pd.Series) -> pd.Series:
        asked.append(texts.to_list())
        return texts.str.upper()

    given = pd.Series(["b", None, "a", "b"], index=[7, 5, 3, 1], dtype="string")
    expected = pd.Series(["B", None, "A", "B"], index=[7, 5, 3, 1], dtype="string")
    pd.testing.assert_series_equal(of_distinct(given, in_capitals), expected)
    assert asked == [["b", "a"]]
    nothing = pd.Series([None, None], dtype="string")
    pd.testing.assert_series_equal(of_distinct(nothing, in_capitals), nothing)
