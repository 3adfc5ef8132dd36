"""Open an Annex A workbook: its lists by number, headers as one line, cells as text.

Excel shows a formula's last result; a workbook written by a program may have formulas without one. Those of the form
'=H2+5' (a cell plus whole days) are worked out here; any other is left blank and counted.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import openpyxl
import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from swis.errors import InputError, Problem

SHEET_NAME = re.compile(r"^\W*list\W*_*0*(\d{1,2})\b.*$", re.IGNORECASE)
FORMULA = re.compile(r"^=\s*\$?([A-Z]{1,3})\$?(\d+)\s*(?:([+-])\s*(\d+))?\s*$")
QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " ", "\u2013": "-"})


@dataclass(frozen=True)
class Sheet:
    """One list: its header cells, its filled rows with their ordinals below the header (from 1), and what was
    tolerated as (kind, count, message).
    """

    header: list[str]
    rows: list[list[Any]]
    records: list[int]
    notes: list[tuple[str, int, str]] = field(default_factory=list)


def one_line(cell: Any) -> str:
    """A header cell on one line: plain quotes and spaces, no line breaks."""
    return " ".join(str(cell).translate(QUOTES).split())


def open_workbook(path: Path, file: str) -> dict[int, Sheet]:
    """The sheets named as lists, by number; InputError for a file that is missing, empty or no workbook."""
    if not path.is_file():
        raise InputError([Problem(file, "file missing", "an Annex A workbook", "put the file there")])
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        named = [(SHEET_NAME.match(one_line(name)), name) for name in workbook.sheet_names]
        lists = {int(match.group(1)): name for match, name in named if match}
        formulas = _formulas(path)
        return {
            number: _sheet(workbook.get_sheet_by_name(name).to_python(skip_empty_area=False), formulas.get(name, {}))
            for number, name in lists.items()
        }
    except (CalamineError, BadZipFile, OSError, KeyError, ValueError):
        problem = Problem(file, "the file cannot be opened as a workbook", "an .xlsx file", "save it again as .xlsx")
        raise InputError([problem]) from None


def _formulas(path: Path) -> dict[str, dict[tuple[int, int], str]]:
    """Cells with a formula but no stored result, by sheet: (row, column) from 0 to the formula."""
    if path.suffix.lower() not in (".xlsx", ".xlsm") or not _has_formulas(path):
        return {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        written = openpyxl.load_workbook(path, read_only=False, data_only=False)
    found: dict[str, dict[tuple[int, int], str]] = {}
    for sheet in written.worksheets:
        cells = (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f")
        found[sheet.title] = {(cell.row - 1, cell.column - 1): str(cell.value) for cell in cells}
    return found


def _has_formulas(path: Path) -> bool:
    with ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        return any(b"<f>" in content or b"<f " in content for content in map(archive.read, sheets))


def _sheet(cells: list[list[Any]], formulas: dict[tuple[int, int], str]) -> Sheet:
    worked_out, unknown = 0, 0
    for row, column in sorted(formulas):
        if row < len(cells) and column < len(cells[row]) and cells[row][column] in ("", None):
            value = _value_of(formulas[row, column], cells)
            cells[row][column] = value
            worked_out, unknown = worked_out + (value != ""), unknown + (value == "")
    top = next((index for index, row in enumerate(cells) if sum(cell not in ("", None) for cell in row) >= 2), None)
    if top is None:
        return Sheet([], [], [])
    below = enumerate(cells[top + 1 :], start=1)
    filled = [(record, row) for record, row in below if any(cell not in ("", None) for cell in row)]
    said = [
        ("formula_worked_out", worked_out, "cells with a formula but no stored result: worked out"),
        ("formula_left_blank", unknown, "cells with a formula but no stored result: not understood, left blank"),
        ("header_not_in_first_row", int(top > 0), "the header stands below other rows"),
    ]
    return Sheet(
        header=[one_line(cell) for cell in cells[top]],
        rows=[row for _, row in filled],
        records=[record for record, _ in filled],
        notes=[note for note in said if note[1]],
    )


def _value_of(formula: str, cells: list[list[Any]]) -> Any:
    """The value of '=H2', '=H2+5' or '=H2-5' where H2 is a date or a number; blank for any other formula."""
    match = FORMULA.match(formula)
    if match is None:
        return ""
    letters, row, sign, number = match.groups()
    place = (int(row) - 1, openpyxl.utils.column_index_from_string(letters) - 1)
    if place[0] >= len(cells) or place[1] >= len(cells[place[0]]):
        return ""
    start = cells[place[0]][place[1]]
    added = int(number or 0) * (-1 if sign == "-" else 1)
    if isinstance(start, date):
        return start + timedelta(days=added)
    return start + added if isinstance(start, int | float) else ""


def sheet_text(sheet: Sheet, places: dict[str, int]) -> pd.DataFrame:
    """The wanted columns as text, with `source_record` (data row in the sheet, from 1): dates as 2020-09-16."""
    columns: dict[str, Any] = {"source_record": pd.array(sheet.records, dtype="Int64")}
    for name, place in places.items():
        values = [_text(row[place]) if place < len(row) else None for row in sheet.rows]
        columns[name] = pd.array(values, dtype="string")
    return pd.DataFrame(columns)


def _text(cell: Any) -> str | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = one_line(cell)
    return text or None
