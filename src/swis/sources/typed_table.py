"""From columns of text to a canonical table: each column parsed as its schema says, each unread cell a fault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from swis.schemas import conform, table_schema
from swis.sources.result import NOT_A_BOOLEAN, NOT_A_DATE, NOT_A_NUMBER, fault_rows, stack_faults
from swis.sources.text import Parsed, blank_to_missing, parse_booleans, parse_dates, parse_integers, parse_numbers

PARSERS: dict[str, tuple[Callable[[pd.Series], Parsed], str]] = {
    "date": (parse_dates, NOT_A_DATE),
    "integer": (parse_integers, NOT_A_NUMBER),
    "number": (parse_numbers, NOT_A_NUMBER),
    "boolean": (parse_booleans, NOT_A_BOOLEAN),
}


def source_file_of(path: Path, folder: Path) -> str:
    """The name a file goes by in tables and messages: relative to the authority's folder, with forward slashes."""
    inside = path.is_relative_to(folder)
    return path.relative_to(folder).as_posix() if inside else path.name


def typed_table(
    text: pd.DataFrame, table: str, *, authority: str, source_file: str | pd.Series, records: pd.Series | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A canonical table from columns of text named as in its schema, and its faults (columns FAULT_COLUMNS).

    Text is parsed by the schema's type; a column that is no longer text is taken as it is; columns that the schema
    does not have are dropped. `source_file` is the file of all rows, or a column with that of each; `records` are the
    record numbers of faults (`source_record` of `text` if not given).
    """
    schema = table_schema(table)
    numbers = text["source_record"] if records is None else records
    said = {"authority": authority, "source_file": source_file}
    columns, faults = {}, []
    for column in schema.fields:
        if column.name not in text or column.name in said:
            continue
        values = text[column.name]
        if not pd.api.types.is_string_dtype(values.dtype):
            columns[column.name] = values
        elif column.type == "string":
            columns[column.name] = blank_to_missing(values)
        else:
            parse, fault = PARSERS[column.type]
            columns[column.name], unread = parse(values)
            if unread.any():
                where = unread.to_numpy()
                file = source_file if isinstance(source_file, str) else source_file[where]
                faults.append(
                    fault_rows(table, column.name, fault, numbers[where], authority=authority, source_file=file)
                )
    frame = pd.DataFrame(columns, index=text.index, copy=False).assign(**said)
    return conform(frame, table), stack_faults(faults)
