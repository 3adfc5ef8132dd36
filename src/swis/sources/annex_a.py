"""Annex A, the workbook of child-level lists an authority keeps for inspection (Ofsted), lists 1 to 6.

Sheets and headers are found in the spellings they really have; coded cells carry a letter, a code and a meaning in one
('e) 2A: Schools'). Names of workers, teams and children are never read.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from swis.academic_year import reporting_year_of
from swis.errors import InputError, Problem, ReadingNote, raise_if
from swis.schemas import empty_table, table_schema
from swis.sources.annex_a_lists import LISTS, AnnexList
from swis.sources.annex_a_workbook import Sheet, open_workbook, sheet_text
from swis.sources.csv_text import match_columns
from swis.sources.result import ReadResult, combine
from swis.sources.typed_table import source_file_of, typed_table

LETTER = r"^\s*\(?[A-Za-z]{1,2}\)\s*"
SOURCE_CODES = tuple(table_schema("referrals").field("referral_source").allowed_values or ())
FIRST_LIST_AFTER_REFERRALS = 4
EXCEL_DAY_ZERO = pd.Timestamp("1899-12-30")


def check_annex_a(path: Path, *, folder: Path | None = None) -> list[Problem]:
    """Why a workbook could not be read: not a workbook, no list in it, a required column missing."""
    try:
        _lists(path, source_file_of(path, folder or path.parent))
    except InputError as error:
        return error.problems
    return []


def read_annex_a(path: Path, *, authority: str, folder: Path | None = None) -> ReadResult:
    """Tables contacts, early_help, referrals, assessments, section47 and cin_plans from an Annex A workbook.

    A workbook is no return of one year: `return_year` is the reporting year (to 31 March) of each event. It does not
    say which referral an assessment, enquiry or plan belongs to: assumed, the child's last in list 3 on or before it;
    missing where list 3 has none. Referrals have no closure.
    `source_record` is the data row in its sheet, `source_file` the workbook and the sheet. Raises InputError for a
    workbook that cannot be used.
    """
    name = source_file_of(path, folder or path.parent)
    lists = _lists(path, name)
    read = combine([_read_list(one, sheet, authority=authority, file=name) for one, sheet in lists])
    tables, without = with_referral_dates(read.tables)
    notes = _absent(name, {one.number for one, _ in lists})
    if without:
        message = "assessments, enquiries and plans of children without an earlier referral in list 3"
        notes.append(ReadingNote(name, "no_referral", without, message))
    return ReadResult(tables, read.faults, [*read.notes, *notes])


def with_referral_dates(tables: dict[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], int]:
    """The tables with the referral_date of each event set to the child's last referral on or before it.

    Also the number of events that have none. Tables other than assessments, section47 and cin_plans stay as they are.
    """
    referrals = tables.get("referrals", empty_table("referrals"))[["la_child_id", "referral_date"]]
    known = referrals.dropna().drop_duplicates().sort_values("referral_date")
    filled, without = dict(tables), 0
    for one in LISTS:
        if one.number >= FIRST_LIST_AFTER_REFERRALS and one.table in tables:
            dates = _last_before(tables[one.table], one.event_date, known)
            filled[one.table] = tables[one.table].assign(referral_date=dates)
            without += int(dates.isna().sum())
    return filled, without


def _last_before(events: pd.DataFrame, event_date: str, referrals: pd.DataFrame) -> pd.Series:
    dated = events[["la_child_id", event_date]].dropna().sort_values(event_date, kind="stable")
    matched = pd.merge_asof(
        dated.reset_index(), referrals, left_on=event_date, right_on="referral_date", by="la_child_id"
    )
    return matched.set_index("index")["referral_date"].reindex(events.index)


def _absent(file: str, present: set[int]) -> list[ReadingNote]:
    missing = [f"List {one.number}" for one in LISTS if one.number not in present]
    message = f"lists that are not in the workbook: {', '.join(missing)}"
    return [ReadingNote(file, "list_missing", len(missing), message)] if missing else []


def _lists(path: Path, file: str) -> list[tuple[AnnexList, Sheet]]:
    sheets = open_workbook(path, file)
    found = [(one, sheets[one.number]) for one in LISTS if one.number in sheets]
    problems = []
    if not found:
        action = "name the sheets 'List 1' to 'List 6'"
        problems.append(Problem(file, "none of the lists 1 to 6 is there", "sheets named by list", action))
    for one, sheet in found:
        where = f"{file} (List {one.number})"
        problems += match_columns(sheet.header, one.columns, required=one.required, file=where)[1]
    raise_if(problems)
    return found


def _read_list(one: AnnexList, sheet: Sheet, *, authority: str, file: str) -> ReadResult:
    where = f"{file} (List {one.number})"
    places, _ = match_columns(sheet.header, one.columns, required=one.required, file=where)
    text, serials = _serials_as_dates(sheet_text(sheet, places), one.table)
    for column in {"source_code", "referral_source"} & set(text):
        text[column] = code_of(text[column], SOURCE_CODES)
    for column in {"no_further_action", "conference_not_required"} & set(text):
        text[column] = text[column].str.replace(LETTER, "", regex=True)
    table, faults = typed_table(text, one.table, authority=authority, source_file=where)
    if "return_year" in table:
        table["return_year"] = reporting_year_of(table[one.event_date])
    said = [*sheet.notes, ("serial_date", serials, "dates written as Excel's day numbers")]
    notes = [ReadingNote(where, kind, count, message) for kind, count, message in said if count]
    return ReadResult({one.table: table}, faults, notes)


def _serials_as_dates(text: pd.DataFrame, table: str) -> tuple[pd.DataFrame, int]:
    """Excel's day numbers (44090) in date columns written as dates, and how many there were."""
    count = 0
    for column in [field.name for field in table_schema(table).fields if field.type == "date" and field.name in text]:
        serial = text[column].str.fullmatch(r"[2-6]\d{4}").fillna(False)
        days = pd.to_timedelta(text.loc[serial, column].astype("int64"), unit="D")
        text.loc[serial, column] = (EXCEL_DAY_ZERO + days).dt.strftime("%Y-%m-%d").astype("string")
        count += int(serial.sum())
    return text, count


def code_of(cells: pd.Series, codes: tuple[str, ...]) -> pd.Series:
    """The code in 's) 8: Other', '8 - Other', '8: Other' or '8'; a cell without one stays as it is."""
    plain = cells.str.replace(LETTER, "", regex=True).str.strip()
    first = plain.str.extract(r"^([0-9]{1,2}[A-Za-z]?)(?=\s*[:\-–]|\s|$)", expand=False).str.upper()
    return first.where(first.isin(codes)).astype("string").fillna(cells)
