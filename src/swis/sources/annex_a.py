"""Annex A, the workbook of child-level lists an authority keeps for inspection (Ofsted), lists 1 to 6.

Sheets and headers are found in the spellings they really have; coded cells carry a letter, a code and a meaning in one
('e) 2A: Schools'). Names of workers, teams and children are never read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from swis.academic_year import reporting_year_of
from swis.errors import InputError, Problem, ReadingNote, raise_if
from swis.schemas import table_schema
from swis.sources.annex_a_workbook import Sheet, open_workbook, sheet_text
from swis.sources.csv_text import match_columns
from swis.sources.result import ReadResult, combine
from swis.sources.typed_table import source_file_of, typed_table

LETTER = r"^\s*\(?[A-Za-z]{1,2}\)\s*"
SOURCE_CODES = tuple(table_schema("referrals").field("referral_source").allowed_values or ())
EXCEL_DAY_ZERO = pd.Timestamp("1899-12-30")
CHILD = ["Child Unique ID", "Child ID", "Child Unique Identifier", "Unique Child ID", "Child's Unique ID"]


@dataclass(frozen=True)
class AnnexList:
    """One list: the table it fills, its columns in their spellings, what must be there, and the date of its events."""

    number: int
    table: str
    event_date: str
    columns: dict[str, list[str]]
    required: tuple[str, ...]


LISTS = (
    AnnexList(
        1,
        "contacts",
        "contact_date",
        {
            "la_child_id": CHILD,
            "contact_date": ["Date of Contact", "Contact Date"],
            "source_code": ["Contact Source", "Source of Contact"],
        },
        ("contact_date",),
    ),
    AnnexList(
        2,
        "early_help",
        "assessment_start_date",
        {
            "la_child_id": CHILD,
            "assessment_start_date": ["Assessment start date", "Early Help Assessment start date"],
            "assessment_end_date": ["Assessment completion date", "Assessment completed date", "Assessment end date"],
            "organisation": ["Organisation completing assessment", "Organisation completing the assessment"],
        },
        ("la_child_id", "assessment_start_date"),
    ),
    AnnexList(
        3,
        "referrals",
        "referral_date",
        {
            "la_child_id": CHILD,
            "referral_date": ["Date of Referral", "Referral Date"],
            "referral_source": ["Referral Source", "Source of Referral"],
            "no_further_action": ["Referral NFA?", "Referral NFA", "NFA"],
        },
        ("la_child_id", "referral_date"),
    ),
    AnnexList(
        4,
        "assessments",
        "assessment_start_date",
        {
            "la_child_id": CHILD,
            "assessment_start_date": ["Continuous Assessment Start Date", "Assessment Start Date"],
            "assessment_end_date": ["Continuous Assessment Date of Authorisation", "Date of Authorisation"],
        },
        ("la_child_id", "assessment_start_date"),
    ),
    AnnexList(
        5,
        "section47",
        "section47_start_date",
        {
            "la_child_id": CHILD,
            "section47_start_date": [
                "Strategy discussion initiating Section 47 Enquiry Start Date",
                "Section 47 Enquiry Start Date",
                "Section 47 Start Date",
                "Strategy discussion date",
            ],
            "conference_not_required": [
                "Was an Initial Child Protection Conference deemed unnecessary?",
                "Was an ICPC deemed unnecessary?",
                "ICPC deemed unnecessary",
            ],
            "conference_date": ["Date of Initial Child Protection Conference", "Date of ICPC"],
        },
        ("la_child_id", "section47_start_date"),
    ),
    AnnexList(
        6,
        "cin_plans",
        "plan_start_date",
        {
            "la_child_id": CHILD,
            "plan_start_date": ["CIN Start Date", "Child in Need Start Date", "CIN Plan Start Date"],
            "plan_end_date": ["CIN Closure Date", "CIN End Date", "CIN Plan End Date"],
        },
        ("la_child_id", "plan_start_date"),
    ),
)


def check_annex_a(path: Path, *, folder: Path | None = None) -> list[Problem]:
    """Why a workbook could not be read: not a workbook, no list in it, a required column missing."""
    try:
        _lists(path, source_file_of(path, folder or path.parent))
    except InputError as error:
        return error.problems
    return []


def read_annex_a(path: Path, *, authority: str, folder: Path | None = None) -> ReadResult:
    """Tables contacts, early_help, referrals, assessments, section47 and cin_plans from an Annex A workbook.

    A workbook is no return of one year: `return_year` is the reporting year (to 31 March) of each event. It names no
    referral for assessments, enquiries and plans, so their referral_date is missing, and no closure for referrals.
    `source_record` is the data row in its sheet, `source_file` the workbook and the sheet. Raises InputError for a
    workbook that cannot be used.
    """
    name = source_file_of(path, folder or path.parent)
    lists = _lists(path, name)
    return combine(
        [
            *[_read_list(one, sheet, authority=authority, file=name) for one, sheet in lists],
            ReadResult(notes=_absent(name, {one.number for one, _ in lists})),
        ]
    )


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
