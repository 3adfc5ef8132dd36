"""The school census as an authority's database exports it: one CSV a module, for pupils on roll and since left.

Only the columns the measures need are read: no names and no addresses. Module and column names follow the DfE school
census (CBDS) as used in authority extracts of 2015 to 2026; columns that came, went or changed name between vintages
are accepted in every spelling.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from swis.errors import Problem, ReadingNote, raise_if
from swis.sources import attendance, suspensions
from swis.sources.census_schools import check_native_ids, native_ids_beside, school_of
from swis.sources.csv_text import CsvText, check_csv, load_csv
from swis.sources.enrolment import in_our_words
from swis.sources.result import NOT_A_DATE, NOT_A_NUMBER, ReadResult, combine, fault_rows, stack_faults
from swis.sources.school_census_layout import MODULES, SIDES, Side, columns_of
from swis.sources.text import parse_dates
from swis.sources.typed_table import source_file_of, typed_table

UNKNOWN_SCHOOL = "unknown school"
WANTED_ON_ROLL = ("birth_date", "year_group", "enrolment_status", "termlysessions_sessions_possible")
NOT_LAID_OUT = "row does not fit the header"


@dataclass(frozen=True)
class Census:
    """One census of one authority: where it comes from and which schools its identifiers mean."""

    authority: str
    folder: Path
    year: int
    term: str
    schools: Mapping[str, str]

    def load(
        self, path: Path, columns: Mapping[str, list[str]], required: list[str]
    ) -> tuple[CsvText, dict[str, str], pd.DataFrame]:
        """A module as text, the provenance of its faults, and the faults of rows that could not be laid out."""
        name = source_file_of(path, self.folder)
        text = load_csv(path, columns, required=required, file=name)
        said = {"authority": self.authority, "source_file": name}
        return text, said, fault_rows("pupils", "", NOT_LAID_OUT, text.bad_rows, **said)


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
    """Tables pupils, attendance and suspensions of one census.

    `census_year` is the calendar year of census day. A school is found by URN, by the file `native_ids.csv` beside the
    modules (columns native_id, urn) or by LAESTAB; a row whose school is not known keeps a missing urn and is a fault.
    Raises InputError with the problems of every module at once.
    """
    raise_if(check_school_census(paths_by_module, folder=folder))
    schools = dict(laestab_to_urn or {}) | native_ids_beside(paths_by_module.values(), folder)
    census = Census(authority, folder, census_year, census_term, schools)
    return combine([_read_side(side, paths_by_module, census) for side in SIDES])


def _read_side(side: Side, paths: Mapping[str, Path], census: Census) -> ReadResult:
    results = []
    pupils = None
    if side.pupils in paths:
        pupils, result = _read_pupils(side, paths, census)
        results.append(result)
        results += [_read_attendance(pupils, prefix, side, paths, census) for prefix in side.details]
    if side.exclusions in paths:
        results.append(_read_suspensions(pupils, side, paths[side.exclusions], census))
    return combine(results)


def _read_pupils(side: Side, paths: Mapping[str, Path], census: Census) -> tuple[pd.DataFrame, ReadResult]:
    text, said, bad = census.load(paths[side.pupils], *columns_of(side.pupils, paths))
    rows, notes = text.frame, list(text.notes)
    if "record_id" not in rows:
        rows["record_id"] = pd.Series(pd.NA, rows.index, "string")
    absent = [name for name in WANTED_ON_ROLL if side.is_on_roll and name not in rows]
    notes += _note(said, "column_absent", len(absent), f"columns this census does not have: {', '.join(absent)}")
    urn, unknown = school_of(rows["native_id"], census.schools)
    rows = rows.assign(urn=urn, is_on_roll=side.is_on_roll, census_year=census.year, census_term=census.term)
    rows, yearless = in_our_words(rows)
    notes += _note(said, "no_year_group", yearless, "pupils who follow no national curriculum year (X or M)")
    fsm_faults: list[pd.DataFrame] = []
    if side.fsm_periods in paths and "is_fsm_eligible" not in rows:
        rows["is_fsm_eligible"], fsm_faults = _eligible_on_census_day(rows, paths[side.fsm_periods], side, census)
    table, faults = typed_table(rows, "pupils", **said)
    schoolless = fault_rows("pupils", "urn", UNKNOWN_SCHOOL, rows.loc[unknown, "source_record"], **said)
    return rows, ReadResult({"pupils": table}, stack_faults([bad, faults, schoolless, *fsm_faults]), notes)


def _note(said: Mapping[str, str], kind: str, count: int, message: str) -> list[ReadingNote]:
    return [ReadingNote(said["source_file"], kind, int(count), message)] if count else []


def _eligible_on_census_day(
    pupils: pd.DataFrame, path: Path, side: Side, census: Census
) -> tuple[pd.Series, list[pd.DataFrame]]:
    text, said, bad = census.load(path, *columns_of(side.fsm_periods))
    starts, start_unread = parse_dates(text.frame["start"])
    ends, end_unread = parse_dates(text.frame["end"])
    day = census_day(census.year, census.term)
    eligible = text.frame.loc[starts.le(day) & (ends.isna() | ends.ge(day)) & ~end_unread, "record_id"]
    unread = text.frame.loc[start_unread | end_unread, "source_record"]
    faults = fault_rows("pupils", "is_fsm_eligible", NOT_A_DATE, unread, **said)
    return pupils["record_id"].isin(eligible).astype("boolean"), [bad, faults]


def _read_attendance(
    pupils: pd.DataFrame, prefix: str, side: Side, paths: Mapping[str, Path], census: Census
) -> ReadResult:
    period = attendance.absence_period(census.year, census.term, prefix)
    if period is None:
        return ReadResult()
    said = {"authority": census.authority, "source_file": source_file_of(paths[side.pupils], census.folder)}
    by_reason, faults, notes = _reasons(pupils, side.details[prefix], paths, census)
    rows, unread = attendance.attendance_rows(pupils, prefix, period, by_reason)
    table, _ = typed_table(rows, "attendance", **said)
    faults += [
        fault_rows("attendance", column, NOT_A_NUMBER, pupils.loc[mask, "source_record"], **said)
        for column, mask in unread.items()
        if mask.any()
    ]
    unknown = table["sessions_authorised"].isna().sum()
    notes += _note(said, f"{prefix}_without_absence", unknown, "pupils with possible sessions but no count of absence")
    return ReadResult({"attendance": table}, stack_faults(faults), notes)


def _reasons(
    pupils: pd.DataFrame, module: str, paths: Mapping[str, Path], census: Census
) -> tuple[pd.DataFrame | None, list[pd.DataFrame], list[ReadingNote]]:
    if module not in paths:
        return None, [], []
    text, said, bad = census.load(paths[module], *columns_of(module, paths))
    by_reason, faults = attendance.sessions_by_reason(text.frame, **said)
    met = set(by_reason.index.get_indexer(pupils["record_id"])) - {-1}
    message = "pupils with attendance rows who are not in the pupil module"
    notes = text.notes + _note(said, "reasons_without_pupil", len(by_reason) - len(met), message)
    return by_reason, [bad.assign(table="attendance"), faults], notes


def _read_suspensions(pupils: pd.DataFrame | None, side: Side, path: Path, census: Census) -> ReadResult:
    text, said, bad = census.load(path, *columns_of(side.exclusions))
    urn, unknown = school_of(text.frame["native_id"], census.schools)
    rows, unlinked = suspensions.suspension_text(text.frame.assign(urn=urn), pupils)
    table, faults = typed_table(rows, "suspensions", **said)
    records = rows["source_record"]
    more = [
        fault_rows("suspensions", "urn", UNKNOWN_SCHOOL, records[unknown & rows["urn"].isna()], **said),
        fault_rows("suspensions", "upn", suspensions.UNLINKED, records[unlinked], **said),
    ]
    return ReadResult(
        {"suspensions": table}, stack_faults([bad.assign(table="suspensions"), faults, *more]), text.notes
    )
