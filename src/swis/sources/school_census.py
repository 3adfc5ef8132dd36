"""The school census as an authority's database exports it: one CSV a module, for pupils on roll and since left.

Only the columns the measures need are read: no names and no addresses. Module and column names follow the DfE school
census (CBDS) as used in authority extracts of 2015 to 2026; columns that came, went or changed name between vintages
are accepted in every spelling.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from swis.errors import Problem, ReadingNote, raise_if
from swis.sources import attendance, suspensions
from swis.sources.census_extracts import Census, Extracts, Vintage, stack
from swis.sources.census_schools import check_native_ids
from swis.sources.csv_text import check_csv
from swis.sources.enrolment import in_our_words
from swis.sources.result import NOT_A_DATE, NOT_A_NUMBER, ReadResult, combine, fault_rows, stack_faults
from swis.sources.school_census_layout import MODULES, SIDES, Side, columns_of
from swis.sources.text import parse_dates
from swis.sources.typed_table import source_file_of, typed_table

UNKNOWN_SCHOOL = "unknown school"
WANTED_ON_ROLL = ("birth_date", "year_group", "enrolment_status", "termlysessions_sessions_possible")


def census_day(year: int, term: str) -> pd.Timestamp:
    """Census day: first Thursday of October, third Thursday of January or May (DfE school census guide)."""
    month, week = {"autumn": (10, 0), "spring": (1, 2), "summer": (5, 2)}[term]
    first = pd.Timestamp(year=year, month=month, day=1)
    return first + pd.Timedelta(days=(3 - first.weekday()) % 7 + 7 * week)


def check_school_census(paths_by_module: Mapping[str, Path], *, folder: Path) -> list[Problem]:
    """Every module that could not be read (missing, empty, required column missing), from its first lines."""
    problems: list[Problem] = []
    for module, path in paths_by_module.items():
        if module in MODULES:
            columns, required = columns_of(module, paths_by_module)
            problems += check_csv(path, columns, required=required, file=source_file_of(path, folder))
    problems += check_native_ids(paths_by_module.values(), folder)
    if paths_by_module and not {side.pupils for side in SIDES} & set(paths_by_module):
        first = source_file_of(next(iter(paths_by_module.values())), folder)
        action = "send the module of pupils on roll of this census as well"
        problems.append(Problem(first, "no module of pupils in this census", "a pupilonroll file beside it", action))
    return problems


def read_school_census(
    paths_by_module: Mapping[str, Path],
    *,
    authority: str,
    folder: Path,
    census_year: int,
    census_term: str,
    laestab_to_urn: Mapping[str, str] | None = None,
) -> ReadResult:
    """Tables pupils, attendance and suspensions of one census: `read_school_censuses` of that one."""
    census = Census(paths_by_module, census_year, census_term, laestab_to_urn or {})
    return read_school_censuses([census], authority=authority, folder=folder)


def read_school_censuses(censuses: Sequence[Census], *, authority: str, folder: Path) -> ReadResult:
    """Tables pupils, attendance and suspensions of all censuses of an authority, in their order.

    The year of a census is the calendar year of census day. A school is found by URN, by the file `native_ids.csv`
    beside the modules (columns native_id, urn) or by LAESTAB; a row whose school is not known keeps a missing urn and
    is a fault. Raises InputError with the problems of every module at once.
    """
    raise_if(problem for census in censuses for problem in check_school_census(census.modules, folder=folder))
    extracts = Extracts(censuses, authority, folder)
    read = combine([_read_side(side, extracts) for side in SIDES])
    files = [
        extracts.file_of(census, module)
        for census in censuses
        for side in SIDES
        for module in (side.pupils, side.exclusions)
        if module in census.modules
    ]
    return replace(read, tables={name: _in_order(frame, files) for name, frame in read.tables.items()})


def _in_order(table: pd.DataFrame, files: Sequence[str]) -> pd.DataFrame:
    """Rows in the order of their files; those of one file as they stand."""
    codes, distinct = pd.factorize(table["source_file"])
    place = np.array([files.index(file) for file in distinct], dtype=np.int64)
    return table.take(np.argsort(place[codes], kind="stable")).reset_index(drop=True)


def _read_side(side: Side, extracts: Extracts) -> ReadResult:
    vintages, results = _load_pupils(side, extracts)
    pupils = []
    for vintage in vintages:
        rows, result = _pupils(vintage, side, extracts)
        pupils.append(rows)
        results.append(result)
        results += [_attendance(replace(vintage, rows=rows), prefix, side, extracts) for prefix in side.details]
    return combine([*results, _suspensions(pupils, side, extracts)])


def _load_pupils(side: Side, extracts: Extracts) -> tuple[list[Vintage], list[ReadResult]]:
    """The pupil modules of a side by vintage, and what was found on loading them."""
    results = []
    alike: dict[tuple[object, ...], list[tuple[Census, str, pd.DataFrame]]] = {}
    for census in extracts.with_module(side.pupils):
        text, said, bad = extracts.load(census, side.pupils, "pupils")
        rows, faults = text.frame, [bad]
        absent = [name for name in WANTED_ON_ROLL if side.is_on_roll and name not in rows]
        message = f"columns this census does not have: {', '.join(absent)}"
        absence = [ReadingNote(said["source_file"], "column_absent", len(absent), message)] if absent else []
        sent = [module for module in side.modules if module in census.modules]
        kind = (*rows.columns, *sent)
        rows["urn"] = extracts.urn_of(rows["native_id"], census)
        if "record_id" not in rows:
            rows["record_id"] = pd.Series(pd.NA, rows.index, "string")
        if side.fsm_periods in census.modules and "is_fsm_eligible" not in rows:
            rows["is_fsm_eligible"], more = _eligible_on_census_day(rows, side, census, extracts)
            faults += more
        alike.setdefault(kind, []).append((census, said["source_file"], rows))
        results.append(ReadResult({}, stack_faults(faults), [*text.notes, *absence]))
    return [stack(*zip(*parts, strict=True)) for parts in alike.values()], results


def _pupils(vintage: Vintage, side: Side, extracts: Extracts) -> tuple[pd.DataFrame, ReadResult]:
    """Pupils of a vintage in our words, still as text, and as the table."""
    rows, is_yearless = in_our_words(vintage.rows.assign(is_on_roll=side.is_on_roll))
    notes = vintage.notes("no_year_group", is_yearless, "pupils who follow no national curriculum year (X or M)")
    said = {"authority": extracts.authority, "source_file": rows["source_file"]}
    table, faults = typed_table(rows, "pupils", **said)
    schoolless = _faults_where(rows["urn"].isna(), rows, "pupils", "urn", UNKNOWN_SCHOOL, extracts)
    return rows, ReadResult({"pupils": table}, stack_faults([faults, schoolless]), notes)


def _faults_where(
    mask: pd.Series, rows: pd.DataFrame, table: str, column: str, fault: str, extracts: Extracts
) -> pd.DataFrame:
    """A fault for each of the rows in the mask."""
    found = rows.loc[mask, ["source_record", "source_file"]]
    said = {"authority": extracts.authority, "source_file": found["source_file"]}
    return fault_rows(table, column, fault, found["source_record"], **said)


def _eligible_on_census_day(
    pupils: pd.DataFrame, side: Side, census: Census, extracts: Extracts
) -> tuple[pd.Series, list[pd.DataFrame]]:
    text, said, bad = extracts.load(census, side.fsm_periods, "pupils")
    starts, start_unread = parse_dates(text.frame["start"])
    ends, end_unread = parse_dates(text.frame["end"])
    day = census_day(census.year, census.term)
    eligible = text.frame.loc[starts.le(day) & (ends.isna() | ends.ge(day)) & ~end_unread, "record_id"]
    unread = text.frame.loc[start_unread | end_unread, "source_record"]
    faults = fault_rows("pupils", "is_fsm_eligible", NOT_A_DATE, unread, **said)
    return pupils["record_id"].isin(eligible).astype("boolean"), [bad, faults]


def _attendance(pupils: Vintage, prefix: str, side: Side, extracts: Extracts) -> ReadResult:
    """The sessions that the censuses of a vintage carry in the columns of one prefix."""
    periods = [attendance.absence_period(census.year, census.term, prefix) for census in pupils.censuses]
    if not any(periods):
        return ReadResult()
    carried = np.array([period is not None for period in periods])[pupils.part]
    rows = pupils.rows.assign(
        academic_year=pupils.of_each([period.academic_year if period else "" for period in periods]),
        absence_term=pupils.of_each([period.absence_term if period else "" for period in periods]),
    )[carried]
    by_reason, faults, notes = _reasons(rows, prefix, side, pupils.censuses, extracts)
    counted, unread = attendance.attendance_rows(rows, prefix, by_reason)
    table, _ = typed_table(counted, "attendance", authority=extracts.authority, source_file=counted["source_file"])
    faults += [_faults_where(mask, rows, "attendance", name, NOT_A_NUMBER, extracts) for name, mask in unread.items()]
    unknown = counted["sessions_authorised"].isna().reindex(pupils.rows.index, fill_value=False)
    message = "pupils with possible sessions but no count of absence"
    notes += pupils.notes(f"{prefix}_without_absence", unknown, message)
    return ReadResult({"attendance": table}, stack_faults(faults), notes)


def _reasons(
    pupils: pd.DataFrame, prefix: str, side: Side, censuses: Iterable[Census], extracts: Extracts
) -> tuple[pd.DataFrame | None, list[pd.DataFrame], list[ReadingNote]]:
    """Sessions by reason and pupil record, from the modules that hold a row a reason; None where none was sent."""
    module, summed, faults, notes = side.details[prefix], [], [], []
    for census in censuses:
        if module in census.modules and attendance.absence_period(census.year, census.term, prefix):
            text, said, bad = extracts.load(census, module, "attendance")
            by_reason, unread = attendance.sessions_by_reason(text.frame, **said)
            met = set(by_reason.index.get_indexer(pupils["record_id"])) - {-1}
            strange = len(by_reason) - len(met)
            message = "pupils with attendance rows who are not in the pupil module"
            without = [ReadingNote(said["source_file"], "reasons_without_pupil", strange, message)] if strange else []
            summed.append(by_reason)
            faults += [bad, unread]
            notes += [*text.notes, *without]
    return pd.concat(summed) if summed else None, faults, notes


def _suspensions(pupils: Sequence[pd.DataFrame], side: Side, extracts: Extracts) -> ReadResult:
    censuses = extracts.with_module(side.exclusions)
    if not censuses:
        return ReadResult()
    loaded = [extracts.load(census, side.exclusions, "suspensions") for census in censuses]
    for (text, _, _), census in zip(loaded, censuses, strict=True):
        text.frame["urn"] = extracts.urn_of(text.frame["native_id"], census)
    files = [said["source_file"] for _, said, _ in loaded]
    given = stack(censuses, files, [text.frame for text, _, _ in loaded]).rows
    rows, unlinked = suspensions.suspension_text(given, pupils)
    table, faults = typed_table(rows, "suspensions", authority=extracts.authority, source_file=rows["source_file"])
    more = [
        _faults_where(rows["urn"].isna(), rows, "suspensions", "urn", UNKNOWN_SCHOOL, extracts),
        _faults_where(unlinked, rows, "suspensions", "upn", suspensions.UNLINKED, extracts),
    ]
    notes = [note for text, _, _ in loaded for note in text.notes]
    return ReadResult({"suspensions": table}, stack_faults([*(bad for _, _, bad in loaded), faults, *more]), notes)
