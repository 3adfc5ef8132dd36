"""Checks of columns and cells whatever they hold."""

from __future__ import annotations

import re

from swis.report.screener.data_file import DataFile
from swis.report.screener.finding import FAIL, REVIEW, Said, some
from swis.report.screener.standard import INDICATOR, LONGEST_COLUMN_NAME, MANDATORY, STANDARD

SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


def mandatory_columns_are_there(file: DataFile) -> Said:
    """Time, level and country are columns of every file."""
    if missing := [name for name in MANDATORY if name not in file.header]:
        yield FAIL, f"no column {some(missing)}"


def standard_columns_come_first(file: DataFile) -> Said:
    """Time and place stand before filters, filters before indicators."""
    kinds = dict.fromkeys(STANDARD, 0) | dict.fromkeys(file.filters, 1) | dict.fromkeys(file.indicators, 2)
    order = [kinds[name] for name in file.header if name in kinds]
    if order != sorted(order):
        yield REVIEW, f"columns are not in the order time and place, filters, {INDICATOR.lower()}s"


def column_names_have_no_spaces(file: DataFile) -> Said:
    """No column name is blank or holds a space."""
    if found := [name for name in file.header if not name or re.search(r"\s", name)]:
        yield FAIL, f"blank names or names with spaces: {some(found)}"


def column_names_are_snake_case(file: DataFile) -> Said:
    """Column names are lower case with underscores and begin with a letter."""
    if found := [name for name in file.header if not SNAKE_CASE.fullmatch(name)]:
        yield REVIEW, f"not in snake_case: {some(found)}"


def column_names_are_short(file: DataFile) -> Said:
    """Column names are at most 35 characters long."""
    if found := [name for name in file.header if len(name) > LONGEST_COLUMN_NAME]:
        yield REVIEW, f"longer than {LONGEST_COLUMN_NAME} characters: {some(found)}"


def columns_are_named_once(file: DataFile) -> Said:
    """No two columns have one name."""
    if found := sorted({name for name in file.header if file.header.count(name) > 1}):
        yield FAIL, f"several columns named {some(found)}"


def cells_have_no_stray_spaces(file: DataFile) -> Said:
    """No cell begins or ends with a space."""
    found = [
        (name, text)
        for name in file.cells
        for text in file.cells[name].unique()
        if text != text.strip() or "\xa0" in text
    ]
    if found:
        yield FAIL, f"stray spaces: {some(f'{name}: {text}' for name, text in found)}"


def rows_are_told_apart(file: DataFile) -> Said:
    """No two rows have the same time, place and filters."""
    by = [name for name in file.cells if name not in file.indicators]
    if by and (twice := int(file.cells.duplicated(by).sum())):
        yield FAIL, f"{twice} rows repeat the time, place and filters of an earlier one"
