"""Read our own CSV forms (contacts, delivery, costs, …) as their schemas describe them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from swis.errors import Problem
from swis.schemas import table_schema
from swis.sources.csv_text import CsvText, check_csv, load_csv
from swis.sources.own_formats import own_form, required_columns
from swis.sources.result import ReadResult, fault_rows, stack_faults
from swis.sources.typed_table import source_file_of, typed_table

NOT_LAID_OUT = "row does not fit the header"


def check_own_csv(path: Path, form: str, *, folder: Path | None = None) -> list[Problem]:
    """Why a file of one of our forms could not be read (missing, empty, required column missing)."""
    columns = {column.key: column.spellings for column in own_form(form)}
    name = source_file_of(path, folder or path.parent)
    return check_csv(path, columns, required=required_columns(form), file=name)


def load_own_csv(path: Path, form: str, *, folder: Path) -> CsvText:
    """A file of one of our forms as text columns named by canonical column; InputError with all its problems."""
    columns = {column.key: column.spellings for column in own_form(form)}
    return load_csv(path, columns, required=required_columns(form), file=source_file_of(path, folder))


def read_own_csv(path: Path, form: str, *, authority: str, folder: Path | None = None) -> ReadResult:
    """The table of one of our forms: allocation, contacts, costs, delivery, dsl_survey or suspensions.

    Columns may stand in any order and case; values of a closed list may be in any case. Cells that do not parse
    become missing and give a fault. Raises InputError for a file that cannot be used.
    """
    within = folder or path.parent
    said = {"authority": authority, "source_file": source_file_of(path, within)}
    text = load_own_csv(path, form, folder=within)
    table, faults = typed_table(as_listed(text.frame, form), form, **said)
    bad = fault_rows(form, "", NOT_LAID_OUT, text.bad_rows, **said)
    return ReadResult({form: table}, stack_faults([bad, faults]), text.notes)


def as_listed(text: pd.DataFrame, table: str) -> pd.DataFrame:
    """Text with each value of a closed list in the list's own letter case; other values stay as they are."""
    columns = {}
    for field in table_schema(table).fields:
        if field.allowed_values and field.type == "string" and field.name in text:
            listed = {str(value).lower(): str(value) for value in field.allowed_values}
            given = text[field.name]
            columns[field.name] = given.str.lower().map(listed).astype("string").fillna(given)
    return text.assign(**columns)
