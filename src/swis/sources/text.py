"""Text as it is really met: encodings, and cells that should be dates, numbers or yes and no.

Every parser takes a column of text and returns the values and a mask of the cells that held something that
could not be read; a blank cell is missing and not a fault. Each distinct text is parsed once, so that a column
of half a million cells costs little more than its few thousand distinct values.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

BYTE_ORDER_MARKS = {
    "utf-8-sig": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}
DATE_PART = r"^(\d{4}[-/.][A-Za-z\d]{1,9}[-/.]\d{1,2}|\d{1,2}[-/. ][A-Za-z\d]{1,9}[-/. ]\d{4})"
TIME_PART = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?(?:Z|[+-]\d{2}:?\d{2})?)?$"
DATE_FORMATS = ["%Y-%m-%d", "%d-%m-%Y", "%Y-%b-%d", "%d-%b-%Y", "%d-%B-%Y"]
THOUSANDS = r"^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$"
NUMBER = r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$"
YES = ["1", "1.0", "true", "t", "y", "yes"]
NO = ["0", "0.0", "false", "f", "n", "no"]

Parsed = tuple[pd.Series, pd.Series]


def detect_encoding(content: bytes, *, is_whole: bool = True) -> str:
    """Name of the encoding of some bytes: a marked one, UTF-8 where valid, else cp1252 (Excel on Windows).

    `is_whole` False says that the bytes are the beginning of a file, whose last letter may be cut in two.
    """
    for name, mark in BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return name
    try:
        codecs.getincrementaldecoder("utf-8")().decode(content, final=is_whole)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def decode(content: bytes) -> tuple[str, str]:
    """The text of some bytes, without byte order mark, and its encoding; undefined cp1252 bytes become �."""
    encoding = detect_encoding(content)
    return content.decode(encoding, errors="replace").removeprefix("\ufeff"), encoding


def as_arrow_text(values: Any) -> pa.Array:
    """A column of text (Series, list or Arrow array) as one Arrow string array, white space trimmed."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if not isinstance(values, pa.Array):
        series = pd.Series(values)
        values = pa.array(series.astype("string"), type=pa.string())
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    return pc.utf8_trim_whitespace(values.cast(pa.string()))


def _by_distinct(values: Any, parse: Callable[[pd.Series], pd.Series]) -> Parsed:
    """Parse each distinct text once and spread the answers; faulty where text stood and nothing was read."""
    index = values.index if isinstance(values, pd.Series) else None
    encoded = as_arrow_text(values).dictionary_encode()
    distinct = pd.Series([*encoded.dictionary.to_pylist(), None], dtype="string")
    read = parse(distinct)
    unread = (read.isna() & distinct.fillna("").ne("")).to_numpy(dtype=bool)
    codes = pc.fill_null(encoded.indices, len(distinct) - 1).to_numpy(zero_copy_only=False)
    spread = pd.Series(read.array.take(codes), index=index)
    return spread, pd.Series(unread[codes], index=index)


def parse_dates(values: Any) -> Parsed:
    """Days written 2024-10-16, 16/10/2024, 16-10-2024, 16.10.2024, 16-Oct-2024 or 2024-Oct-16, time or none.

    Returns (datetime64[us] at midnight, faulty mask). A day comes before its month; a two-digit year is faulty.
    """
    return _by_distinct(values, _dates_of_distinct)


def _dates_of_distinct(distinct: pd.Series) -> pd.Series:
    day = distinct.str.extract(DATE_PART + TIME_PART, expand=False).str.replace(r"[/. ]", "-", regex=True)
    read = pd.Series(pd.NaT, index=distinct.index, dtype="datetime64[us]")
    for written in DATE_FORMATS:
        waiting = read.isna() & day.notna()
        if not waiting.any():
            break
        read[waiting] = pd.to_datetime(day[waiting], format=written, errors="coerce").astype("datetime64[us]")
    return read


def parse_numbers(values: Any) -> Parsed:
    """Numbers, with or without thousands commas: (float64, faulty mask). 'nan' and 'inf' are faulty."""
    return _by_distinct(values, _numbers_of_distinct)


def _numbers_of_distinct(distinct: pd.Series) -> pd.Series:
    plain = distinct.where(~distinct.str.match(THOUSANDS).fillna(False), distinct.str.replace(",", ""))
    digits = plain.where(plain.str.match(NUMBER).fillna(False))
    return pd.to_numeric(digits.astype(object), errors="coerce").astype("float64")


def parse_integers(values: Any) -> Parsed:
    """Whole numbers, also written 134.0: (Int64, faulty mask)."""
    return _by_distinct(values, _integers_of_distinct)


def _integers_of_distinct(distinct: pd.Series) -> pd.Series:
    numbers = _numbers_of_distinct(distinct)
    return numbers.where(numbers.mod(1).eq(0) & numbers.abs().lt(2**53)).astype("Int64")


def parse_booleans(values: Any) -> Parsed:
    """Yes and no written 1/0, 1.0/0.0, true/false, t/f, y/n, yes/no in any case: (boolean, faulty mask)."""
    return _by_distinct(values, _booleans_of_distinct)


def _booleans_of_distinct(distinct: pd.Series) -> pd.Series:
    known = dict.fromkeys(YES, True) | dict.fromkeys(NO, False)
    return distinct.str.lower().astype(object).map(known).astype("boolean")


def blank_to_missing(values: Any) -> pd.Series:
    """Text without surrounding white space, blanks missing: dtype string."""
    index = values.index if isinstance(values, pd.Series) else None
    text = as_arrow_text(values)
    return pd.Series(pc.if_else(pc.equal(text, ""), None, text).to_pandas().astype("string").array, index=index)


def count_matching(values: Any, words: list[str]) -> int:
    """How many cells hold one of these texts (compared in lower case), for a note of what was tolerated."""
    text = pc.utf8_lower(as_arrow_text(values))
    return pc.sum(pc.is_in(text, value_set=pa.array(words))).as_py() or 0
