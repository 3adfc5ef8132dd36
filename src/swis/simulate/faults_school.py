"""Spoil single rows of school census files: one fault of each kind named, each in another row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from swis.simulate.days import MONTHS
from swis.simulate.faults import NO_SUCH_CODE, Fault

Tables = dict[str, pa.Table]
Place = tuple[str, int]
ON, OFF, AWAY = "pupilonroll", "pupilnolongeronroll", "termlyexclusionsonroll"
TRIES = 300


def with_cell(table: pa.Table, column: str, row: int, value: str | int) -> pa.Table:
    """A table with one cell changed (the rest is shared, not copied)."""
    values = table.column(column)
    changed = pa.chunked_array(
        [*values.slice(0, row).chunks, pa.array([value], type=values.type), *values.slice(row + 1).chunks],
        type=values.type,
    )
    return table.set_column(table.column_names.index(column), column, changed)


def with_row_again(table: pa.Table, row: int) -> pa.Table:
    """A table with one of its rows once more at the end."""
    return pa.concat_tables([table, table.slice(row, 1)])


def _get(table: pa.Table, column: str, row: int) -> str:
    return str(table.column(column)[row].as_py())


def _date(text: str) -> date:
    return date(int(text[:4]), MONTHS.index(text[5:8]) + 1, int(text[9:11]))


def _text(when: date) -> str:
    return f"{when.year}-{MONTHS[when.month - 1]}-{when.day:02d} 00:00:00"


Spoil = Callable[[Tables, int, "date"], Place | None]


def _cell(module: str, column: str, value: str | int) -> Spoil:
    """A fault that writes one value into a column."""

    def spoil(tables: Tables, row: int, on: date) -> Place | None:
        if column not in tables[module].column_names:
            return None
        tables[module] = with_cell(tables[module], column, row, value)
        return module, row

    return spoil


def _check_letter(tables: Tables, row: int, on: date) -> Place | None:
    upn = _get(tables[ON], "upn", row)
    tables[ON] = with_cell(tables[ON], "upn", row, ("B" if upn[0] != "B" else "C") + upn[1:])
    return ON, row


def _former_same(tables: Tables, row: int, on: date) -> Place | None:
    tables[ON] = with_cell(tables[ON], "formerupn", row, _get(tables[ON], "upn", row))
    return ON, row


def _moved(module: str, column: str, days: int) -> Spoil:
    def spoil(tables: Tables, row: int, on: date) -> Place | None:
        moved = _date(_get(tables[module], column, row)) + timedelta(days=days)
        tables[module] = with_cell(tables[module], column, row, _text(moved))
        return module, row

    return spoil


def _enters_after(tables: Tables, row: int, on: date) -> Place | None:
    tables[ON] = with_cell(tables[ON], "entrydate", row, _text(on + timedelta(days=9)))
    return ON, row


def _leaves_before(tables: Tables, row: int, on: date) -> Place | None:
    entered = _date(_get(tables[OFF], "entrydate", row))
    tables[OFF] = with_cell(tables[OFF], "leavingdate", row, _text(entered - timedelta(days=20)))
    return OFF, row


def _entry_before_birth(tables: Tables, row: int, on: date) -> Place | None:
    born = _date(_get(tables[ON], "dob", row))
    tables[ON] = with_cell(tables[ON], "entrydate", row, _text(born - timedelta(days=30)))
    return ON, row


def _year_group(tables: Tables, row: int, on: date) -> Place | None:
    group = _get(tables[ON], "ncyearactual", row)
    tables[ON] = with_cell(tables[ON], "ncyearactual", row, "2" if group not in {"R", "1", "2", "3"} else "9")
    return ON, row


def _row_again(module: str) -> Spoil:
    def spoil(tables: Tables, row: int, on: date) -> Place | None:
        tables[module] = with_row_again(tables[module], row)
        return module, tables[module].num_rows - 1

    return spoil


def _two_main(tables: Tables, row: int, on: date) -> Place | None:
    table = tables[ON]
    own = _get(table, "NativeId", row)
    other = next((urn for urn in table.column("NativeId").unique().to_pylist() if urn != own), None)
    if other is None or _get(table, "enrolstatus", row) != "C":
        return None
    table = with_row_again(table, row)
    last = table.num_rows - 1
    table = with_cell(table, f"{ON}tableid", last, 900_000 + row)
    tables[ON] = with_cell(table, "NativeId", last, other)
    return ON, last


def _sessions(column: str, value: str) -> Spoil:
    """A fault of a session count: only where the census carries counts and the pupil has some."""

    def spoil(tables: Tables, row: int, on: date) -> Place | None:
        table, name = tables[ON], f"termlysessions{column}"
        if name not in table.column_names or _get(table, "termlysessionspossible", row) in {"", "0.0", "None"}:
            return None
        tables[ON] = with_cell(table, name, row, value)
        return ON, row

    return spoil


def _over_possible(tables: Tables, row: int, on: date) -> Place | None:
    table = tables[ON]
    if "termlysessionsauthorised" not in table.column_names:
        return None
    possible = _get(table, "termlysessionspossible", row)
    if possible in {"", "0.0", "None"} or float(possible) > 160:
        return None
    tables[ON] = with_cell(table, "termlysessionsauthorised", row, f"{int(float(possible)) + 14}.0")
    return ON, row


def _code_x_late(tables: Tables, row: int, on: date) -> Place | None:
    if on < date(2022, 10, 1) or "termlysessionscodex" not in tables[ON].column_names:
        return None
    return _sessions("codex", "8.0")(tables, row, on)


def _on_sunday(tables: Tables, row: int, on: date) -> Place | None:
    start = _date(_get(tables[AWAY], "startdate", row))
    sunday = start - timedelta(days=start.weekday() + 1)
    tables[AWAY] = with_cell(tables[AWAY], "startdate", row, _text(sunday))
    return AWAY, row


SPOILERS: dict[str, tuple[str, Spoil]] = {
    "roll_upn_check_letter": (ON, _check_letter),
    "roll_upn_missing": (ON, _cell(ON, "upn", "")),
    "roll_former_upn_same": (ON, _former_same),
    "roll_school_unknown": (ON, _cell(ON, "NativeId", "899999")),
    "roll_enters_after_census": (ON, _enters_after),
    "roll_entry_no_date": (ON, _cell(ON, "entrydate", "2021-Foo-12 00:00:00")),
    "roll_entry_before_birth": (ON, _entry_before_birth),
    "roll_leaves_before_entry": (OFF, _leaves_before),
    "roll_birth_date_differs": (ON, _moved(ON, "dob", 61)),
    "roll_year_group_wrong": (ON, _year_group),
    "roll_sex_unknown": (ON, _cell(ON, "sex", "Z")),
    "roll_status_unknown": (ON, _cell(ON, "enrolstatus", "Q")),
    "roll_absence_over_possible": (ON, _over_possible),
    "roll_sessions_negative": (ON, _sessions("unauthorised", "-4.0")),
    "roll_sessions_too_many": (ON, _sessions("possible", "420.0")),
    "roll_sessions_not_a_number": (ON, _sessions("possible", "n/k")),
    "roll_code_x_out_of_time": (ON, _code_x_late),
    "suspension_on_sunday": (AWAY, _on_sunday),
    "suspension_too_long": (AWAY, _cell(AWAY, "sessions", "124.0")),
    "suspension_of_unknown_pupil": (AWAY, _cell(AWAY, f"{ON}tableid", 987_654)),
    "suspension_category_unknown": (AWAY, _cell(AWAY, "category", NO_SUCH_CODE)),
    "suspension_start_no_date": (AWAY, _cell(AWAY, "startdate", "2021-Sep-31 00:00:00")),
    "roll_row_twice": (ON, _row_again(ON)),
    "roll_two_main_schools": (ON, _two_main),
    "suspension_twice": (AWAY, _row_again(AWAY)),
}


def spoil_census(
    tables: Tables, names: list[str], *, authority: str, census: str, on: date, rng: np.random.Generator
) -> tuple[Tables, list[Fault], list[str]]:
    """The modules of one census with one fault of each kind named, what was planted where, and what found no place."""
    tables, faults, left = dict(tables), [], []
    lengths = {module: table.num_rows for module, table in tables.items()}
    used: set[Place] = set()
    for name, (module, spoil) in SPOILERS.items():
        if name not in names:
            continue
        for row in rng.permutation(lengths.get(module, 0))[:TRIES].tolist():
            if (module, row) in used:
                continue
            place = spoil(tables, row, on)
            if place is not None:
                used.add((module, row))
                faults.append(Fault(name, authority, f"school_census/{census}_{place[0]}.csv", place[1] + 1))
                break
        else:
            left.append(name)
    return tables, faults, left
