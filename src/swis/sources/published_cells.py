"""Cells of DfE statistics: figures and the symbols that stand where there is none, filter values, periods.

Symbols follow the Government Analysis Function guidance as the DfE applies it: c suppressed, x not available,
z not applicable, u low reliability, k or low rounds to zero. Files of the old vintage used x for suppressed.
"""

from __future__ import annotations

import re

import pandas as pd

from swis.errors import ReadingNote
from swis.sources.published_measures import names
from swis.sources.text import parse_numbers

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
NOT_AVAILABLE = "not available"


def is_old_vintage(time_periods: pd.Series) -> bool:
    """Whether a file's last period ends before the year in which x changed its meaning."""
    ends = end_year(time_periods).dropna()
    return bool(len(ends)) and int(ends.max()) < int(names()["old_vintage_before"])


def end_year(time_periods: pd.Series) -> pd.Series:
    """Calendar year a period ends in: 2024 for '2024', 2022 for '202122'."""
    first = pd.to_numeric(time_periods.str[:4], errors="coerce")
    return first + time_periods.str.len().eq(6).astype("int64")


def clean_periods(text: pd.Series) -> pd.Series:
    """Periods as 4 or 6 digits; '2018/19', '2018-19' and '2018/2019' become '201819'; else missing."""
    digits = text.str.strip().str.replace(r"[/\- ]", "", regex=True).str.replace(r"\.0$", "", regex=True)
    short = digits.where(digits.str.len().ne(8), digits.str[:4] + digits.str[6:])
    follows = pd.to_numeric(short.str[4:], errors="coerce").eq(
        (pd.to_numeric(short.str[:4], errors="coerce") + 1) % 100
    )
    return short.where(short.str.fullmatch(r"\d{4}") | (short.str.fullmatch(r"\d{6}") & follows))


def figures_of(text: pd.Series, *, is_old: bool) -> pd.DataFrame:
    """Columns value, symbol (why there is no figure) and is_faulty of a column of cells.

    `is_old` says that the file is of the vintage in which x meant suppressed. A blank cell is not available.
    """
    cells = text.astype("string").fillna("")
    codes, distinct = pd.factorize(cells, use_na_sentinel=False)
    words = pd.Series(distinct, dtype="string").str.strip().str.strip("[]")
    known = names()["symbols"]["old" if is_old else "current"]
    symbol = words.str.lower().astype(object).map(known).astype("string").mask(words.eq(""), NOT_AVAILABLE)
    value, _ = parse_numbers(words.where(symbol.isna()).str.removesuffix("%"))
    read = pd.DataFrame({"value": value.to_numpy(), "symbol": symbol})
    read["is_faulty"] = read["value"].isna() & read["symbol"].isna()
    return read.take(codes).set_index(text.index)


def clean_filters(filters: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[ReadingNote]]:
    """Filter values without stray spaces, with one spelling of each and with Excel's damage to bands mended.

    Excel turns the bands 1-5, 6-10 and 11-15 into the dates 01-May, 06-Oct and Nov-15; the DfE has published them so.
    """
    notes: list[ReadingNote] = []
    cleaned = {name: _clean_filter(filters[name], file, notes) for name in filters}
    return pd.DataFrame(cleaned, index=filters.index), notes


def _clean_filter(values: pd.Series, file: str, notes: list[ReadingNote]) -> pd.Series:
    codes, distinct = pd.factorize(values.fillna(""), use_na_sentinel=False)
    original = pd.Series(distinct, dtype="string")
    trimmed = original.str.strip().str.replace(r"\s+", " ", regex=True)
    mended = trimmed.map(mend_band).astype("string")
    spelt = mended.map(_one_spelling(mended)).astype("string")
    changes = {
        "stray_space": (original.ne(trimmed), "filter values with stray spaces"),
        "excel_damaged_band": (trimmed.ne(mended), "bands that Excel had turned into dates, mended"),
        "case_variants": (mended.ne(spelt), "filter values spelt in two cases"),
    }
    for kind, (changed, message) in changes.items():
        count = int(changed.to_numpy()[codes].sum())
        if count:
            notes.append(ReadingNote(file, kind, count, f"{values.name}: {message}"))
    return pd.Series(spelt.array.take(codes), index=values.index)


def mend_band(text: str) -> str:
    """'01-May' becomes '1 to 5', 'Nov-15' becomes '11 to 15'; any other text stays."""
    day_first = re.fullmatch(r"(\d{1,2})-([A-Z][a-z]{2})", text)
    if day_first and day_first[2] in MONTHS:
        return f"{int(day_first[1])} to {MONTHS.index(day_first[2]) + 1}"
    month_first = re.fullmatch(r"([A-Z][a-z]{2})-(\d{2})", text)
    if month_first and month_first[1] in MONTHS:
        return f"{MONTHS.index(month_first[1]) + 1} to {int(month_first[2])}"
    return text


def _one_spelling(values: pd.Series) -> dict[str, str]:
    """For each value the spelling with the most capitals among those that differ in case only."""
    by_case: dict[str, list[str]] = {}
    for text in values.unique():
        by_case.setdefault(text.lower(), []).append(text)
    best = {low: min(texts, key=lambda text: (text.lower() == text, text)) for low, texts in by_case.items()}
    return {text: best[low] for low, texts in by_case.items() for text in texts}
