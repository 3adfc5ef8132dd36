"""Checks of time_period and time_identifier."""

from __future__ import annotations

from swis.report.screener.data_file import DataFile
from swis.report.screener.finding import FAIL, REVIEW, Said, some
from swis.report.screener.standard import FOUR_DIGITS, SIX_DIGITS


def _texts(file: DataFile, name: str) -> list[str]:
    return sorted(file.cells[name].unique()) if name in file.cells else []


def time_identifiers_are_known(file: DataFile) -> Said:
    """time_identifier is one of the standard's words."""
    if found := [text for text in _texts(file, "time_identifier") if text not in SIX_DIGITS | FOUR_DIGITS]:
        yield FAIL, f"unknown time_identifier {some(found)}"


def time_is_of_one_kind(file: DataFile) -> Said:
    """One file holds one kind of period."""
    if len(found := _texts(file, "time_identifier")) > 1:
        yield FAIL, f"several kinds of period in one file: {some(found)}"


def time_periods_have_their_digits(file: DataFile) -> Said:
    """Academic years have six digits, reporting years four."""
    for identifier in _texts(file, "time_identifier"):
        digits = 6 if identifier in SIX_DIGITS else 4
        periods = file.cells.loc[file.cells["time_identifier"] == identifier].get("time_period")
        texts = [] if periods is None else sorted(periods.unique())
        if found := [text for text in texts if not (text.isascii() and text.isdigit() and len(text) == digits)]:
            yield FAIL, f"time_period of {identifier} is not {digits} digits: {some(found)}"


def six_digits_are_two_years_running(file: DataFile) -> Said:
    """202122 follows; 202123 does not."""
    six = [text for text in _texts(file, "time_period") if text.isdigit() and len(text) == 6]
    if found := [text for text in six if (int(text[2:4]) + 1) % 100 != int(text[4:])]:
        yield FAIL, f"time_period does not name two years running: {some(found)}"


def periods_leave_no_gap(file: DataFile) -> Said:
    """No year between the first and the last is missing."""
    years = sorted({int(text[:4]) for text in _texts(file, "time_period") if text[:4].isdigit()})
    if years and (missing := sorted(set(range(years[0], years[-1])) - set(years))):
        yield REVIEW, f"no period that begins in {some(missing)}"
