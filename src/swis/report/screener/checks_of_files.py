"""Checks of the files themselves: names, encoding, lines."""

from __future__ import annotations

import re

from swis.report.screener.data_file import DataFile
from swis.report.screener.finding import FAIL, REVIEW, Said
from swis.report.screener.standard import LONGEST_FILE_NAME

NAME = re.compile(r"[a-z0-9][a-z0-9_-]*\.csv")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?:\d\d)?(?!\d)")


def file_name_is_plain(file: DataFile) -> Said:
    """The name is lower-case letters, digits, underscores and hyphens."""
    if not NAME.fullmatch(file.name):
        yield FAIL, f"'{file.name}' holds other than lower-case letters, digits, _ and -"


def file_name_is_short(file: DataFile) -> Said:
    """The name is at most 50 characters long."""
    stem = file.name.removesuffix(".csv")
    if len(stem) > LONGEST_FILE_NAME:
        yield REVIEW, f"the name is {len(stem)} characters long; {LONGEST_FILE_NAME} at most"


def file_name_has_no_year(file: DataFile) -> Said:
    """The name can be used again next year."""
    if found := YEAR.search(file.name):
        yield REVIEW, f"the name holds the year {found[0]}, and next year's file could not be called so"


def description_is_beside_it(file: DataFile) -> Said:
    """The description stands beside the file under the same name with .meta.csv."""
    wanted = file.name.removesuffix(".csv") + ".meta.csv"
    if file.meta is None:
        yield FAIL, f"no {wanted} beside it"
    elif file.meta_name != wanted:
        yield FAIL, f"described by {file.meta_name}, not {wanted}"


def encoding_is_utf8(file: DataFile) -> Said:
    """The file is UTF-8."""
    if file.encoding == "other":
        yield FAIL, "not UTF-8"
    elif file.encoding != "utf-8":
        yield REVIEW, "begins with a byte order mark, which some programs read as part of the first column's name"


def lines_are_even(file: DataFile) -> Said:
    """Every line has as many cells as the header."""
    if file.uneven_lines:
        yield FAIL, f"{file.uneven_lines} lines are longer or shorter than the header"


def file_has_rows(file: DataFile) -> Said:
    """There is at least one row."""
    if file.cells.empty:
        yield FAIL, "no rows"
