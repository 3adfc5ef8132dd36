"""Text as it is really met: encodings, and cells that should be dates, numbers or yes and no.

Every parser takes a column of text and returns the values and a mask of the cells that held something that
could not be read; a blank cell is missing and not a fault. Each distinct text is parsed once, so that a column
of half a million cells costs little more than its few thousand distinct values.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

BYTE_ORDER_MARKS = {
    "utf-8-sig": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}
MONTH = r"(\d{1,2}|[A-Za-z]{3,9})"
TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?(?:Z|[+-]\d{2}:?\d{2})?)?$"
YEAR_FIRST = re.compile(rf"^(\d{{4}})[-/.]{MONTH}[-/.](\d{{1,2}}){TIME}", re.ASCII)
DAY_FIRST = re.compile(rf"^(\d{{1,2}})[-/. ]{MONTH}[-/. ](\d{{4}}){TIME}", re.ASCII)
MONTH_NAMES = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
]  # fmt: skip
MONTHS = {spelt: number for number, name in enumerate(MONTH_NAMES, 1) for spelt in (name, name[:3])} | {"sept": 9}
THOUSANDS = re.compile(r"^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$", re.ASCII)
NUMBER = re.compile(r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?$", re.ASCII)
LARGEST_WHOLE = 2**53
YES_OR_NO = dict.fromkeys(["1", "1.0", "true", "t", "y", "yes"], True) | dict.fromkeys(
    ["0", "0.0", "false", "f", "n", "no"], False
)

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
    return pc.utf8_trim_whitespace(_as_arrow(values))


def _as_arrow(values: Any) -> pa.Array:
    if not isinstance(values, pa.Array | pa.ChunkedArray):
        values = pa.array(pd.Series(values, dtype="string"))
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    return values if pa.types.is_large_string(values.type) else values.cast(pa.string())


def _by_distinct(
    values: Any, parse: Callable[[str], Any], build: Callable[[list[Any]], pd.api.extensions.ExtensionArray]
) -> Parsed:
    """Trim and parse each distinct text once and spread the answers; faulty where text stood and nothing was read."""
    index = values.index if isinstance(values, pd.Series) else None
    encoded = _as_arrow(values).dictionary_encode()
    distinct = [*as_arrow_text(encoded.dictionary).to_pylist(), ""]
    read = [parse(text) if text else None for text in distinct]
    unread = np.array([bool(text) and value is None for text, value in zip(distinct, read, strict=True)])
    codes = pc.fill_null(encoded.indices, len(distinct) - 1).to_numpy(zero_copy_only=False)
    return pd.Series(build(read).take(codes), index=index), pd.Series(unread[codes], index=index)


def of_distinct(values: pd.Series, made_of: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """What a function of a column makes of each text, worked out once for each distinct one; missing stays missing."""
    codes, distinct = pd.factorize(values)
    return pd.Series(made_of(pd.Series(distinct)).array.take(codes, allow_fill=True), index=values.index)


def parse_dates(values: Any) -> Parsed:
    """Days written 2024-10-16, 16/10/2024, 16-10-2024, 16.10.2024, 16-Oct-2024 or 2024-Oct-16, time or none.

    Returns (datetime64[us] at midnight, faulty mask). A day comes before its month; a two-digit year is faulty.
    """
    return _by_distinct(values, _date, _as_dates)


@lru_cache(maxsize=100_000)  # the returns of an authority write the same few thousand days over and over
def _date(text: str) -> date | None:
    if match := YEAR_FIRST.match(text):
        year, month, day = match.groups()
    elif match := DAY_FIRST.match(text):
        day, month, year = match.groups()
    else:
        return None
    number = int(month) if month.isdigit() else MONTHS.get(month.lower(), 0)
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


def _as_dates(read: list[date | None]) -> pd.api.extensions.ExtensionArray:
    return pd.array(np.array(read, dtype="datetime64[D]").astype("datetime64[us]"))


def parse_numbers(values: Any) -> Parsed:
    """Numbers, with or without thousands commas: (float64, faulty mask). 'nan' and 'inf' are faulty."""
    values, faulty = _by_distinct(values, _number, lambda read: pd.array(read, dtype="Float64"))
    return values.astype("float64"), faulty


def _number(text: str) -> float | None:
    plain = text.replace(",", "") if THOUSANDS.match(text) else text
    return float(plain) if NUMBER.match(plain) else None


def parse_integers(values: Any) -> Parsed:
    """Whole numbers, also written 134.0: (Int64, faulty mask)."""
    return _by_distinct(values, _integer, lambda read: pd.array(read, dtype="Int64"))


def _integer(text: str) -> int | None:
    number = _number(text)
    return int(number) if number is not None and number.is_integer() and abs(number) < LARGEST_WHOLE else None


def parse_booleans(values: Any) -> Parsed:
    """Yes and no written 1/0, 1.0/0.0, true/false, t/f, y/n, yes/no in any case: (boolean, faulty mask)."""
    return _by_distinct(values, lambda text: YES_OR_NO.get(text.lower()), lambda read: pd.array(read, dtype="boolean"))


def blank_to_missing(values: Any) -> pd.Series:
    """Text without surrounding white space, blanks missing: dtype string."""
    text = as_arrow_text(values)
    blank = pc.equal(text, "")
    if isinstance(values, pd.Series) and isinstance(values.dtype, pd.StringDtype) and not pc.any(blank).as_py():
        given = pa.array(values)
        given = given.combine_chunks() if isinstance(given, pa.ChunkedArray) else given
        if text.equals(given):
            return values
    index = values.index if isinstance(values, pd.Series) else None
    return pd.Series(pc.if_else(blank, None, text).to_pandas().astype("string").array, index=index)
