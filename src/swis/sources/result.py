"""What every reader returns: canonical tables, the cells that did not parse, and what was tolerated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd

from swis.errors import ReadingNote
from swis.schemas import conform

FAULT_COLUMNS = ["authority", "table", "source_file", "source_record", "column", "fault"]
NOT_A_DATE = "not a date"
NOT_A_NUMBER = "not a number"
NOT_A_BOOLEAN = "not a boolean"
NOT_IN_THE_LIST = "not in the list"
RECORD_WITHOUT_KEY = "record without its key"


def empty_faults() -> pd.DataFrame:
    """A frame of faults with no rows."""
    return _no_faults().copy()


@cache
def _no_faults() -> pd.DataFrame:
    types = dict.fromkeys(FAULT_COLUMNS, "string") | {"source_record": "Int64"}
    return pd.DataFrame({name: pd.Series(dtype=types[name]) for name in FAULT_COLUMNS})


@dataclass(frozen=True)
class ReadResult:
    """Canonical tables by name, faults (FAULT_COLUMNS, never the value), and notes of what was tolerated."""

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    faults: pd.DataFrame = field(default_factory=empty_faults)
    notes: list[ReadingNote] = field(default_factory=list)


def fault_rows(
    table: str,
    column: str,
    fault: str,
    records: Iterable[int] | np.ndarray | pd.Series,
    *,
    authority: str,
    source_file: str | pd.Series,
) -> pd.DataFrame:
    """One fault row for each record number given (ordinals in the file, from 1); the value is never kept.

    `source_file` is the file of all records, or a column with that of each.
    """
    held = list(records)
    if not held:
        return empty_faults()
    numbers = pd.Series(np.asarray(held), dtype="Int64")
    files = [source_file] * len(held) if isinstance(source_file, str) else source_file
    said = {
        "authority": [authority] * len(held),
        "table": [table] * len(held),
        "source_file": files,
        "column": [column] * len(held),
        "fault": [fault] * len(held),
    }
    rows = pd.DataFrame({name: pd.array(texts, dtype="string") for name, texts in said.items()})
    rows["source_record"] = numbers
    return rows[FAULT_COLUMNS]


def stack_faults(faults: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Fault frames one below the other; a frame of no rows where there is none."""
    filled = [frame for frame in faults if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else empty_faults()


def combine(results: Iterable[ReadResult]) -> ReadResult:
    """All results as one: tables of the same name stacked in the order given, faults and notes gathered."""
    gathered = list(results)
    parts: dict[str, list[pd.DataFrame]] = {}
    for result in gathered:
        for name, frame in result.tables.items():
            parts.setdefault(name, []).append(frame)
    return ReadResult(
        tables={name: _stack(name, frames) for name, frames in parts.items()},
        faults=stack_faults(result.faults for result in gathered),
        notes=[note for result in gathered for note in result.notes],
    )


def _stack(name: str, frames: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return conform(frames[0], name)
    return filled[0] if len(filled) == 1 else pd.concat(filled, ignore_index=True)
