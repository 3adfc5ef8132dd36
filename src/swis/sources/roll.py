"""Our own roll CSV, for an authority that holds no school census extract: the same tables as the census gives."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from swis.sources import attendance
from swis.sources.enrolment import in_our_words
from swis.sources.own_csv import NOT_LAID_OUT, load_own_csv
from swis.sources.result import NOT_A_NUMBER, ReadResult, combine, fault_rows, stack_faults
from swis.sources.text import parse_integers
from swis.sources.typed_table import source_file_of, typed_table

PREFIXES = {"termly": attendance.TERMLY, "half_term_2": attendance.HALF_TERM_2}


def read_roll(path: Path, *, authority: str, folder: Path | None = None) -> ReadResult:
    """Tables pupils and attendance from a roll CSV (`swis templates` writes an empty one).

    A row is a pupil, school and census; census_year is the calendar year of census day, and a census_term written
    '2021 spring' may hold both. Session counts are one term in arrears, as in the school census. A row with a
    leaving date is a leaver. Raises InputError for a file that cannot be used.
    """
    within = folder or path.parent
    said = {"authority": authority, "source_file": source_file_of(path, within)}
    text = load_own_csv(path, "roll", folder=within)
    rows, _ = in_our_words(_with_census(text.frame))
    rows = rows.assign(record_id=rows["source_record"].astype("string"))
    rows = rows.assign(is_on_roll=rows.get("leaving_date", pd.Series(pd.NA, rows.index, "string")).isna())
    table, faults = typed_table(rows, "pupils", **said)
    bad = fault_rows("pupils", "", NOT_LAID_OUT, text.bad_rows, **said)
    enrolment = ReadResult({"pupils": table}, stack_faults([bad, faults]), text.notes)
    return combine([enrolment, *_attendance(rows, said)])


def _with_census(rows: pd.DataFrame) -> pd.DataFrame:
    """The year taken out of a census_term such as '2021 spring' where the year column is blank."""
    year = rows["census_term"].str.extract(r"\b(20\d\d)\b", expand=False)
    term = rows["census_term"].str.extract(r"([A-Za-z]+)", expand=False).str.lower()
    given = rows["census_year"] if "census_year" in rows else pd.Series(pd.NA, rows.index, "string")
    return rows.assign(census_year=given.fillna(year).astype("string"), census_term=term.astype("string"))


def _attendance(rows: pd.DataFrame, said: dict[str, str]) -> list[ReadResult]:
    year, _ = parse_integers(rows["census_year"])
    results = []
    for (census_year, census_term), part in rows.groupby([year, rows["census_term"]], dropna=True):
        for ours, prefix in PREFIXES.items():
            period = _period(int(census_year), str(census_term), prefix)
            columns = {f"{ours}_{name}": f"{prefix}_{name}" for name in attendance.SESSION_COLUMNS}
            if period is not None and set(columns) & set(part):
                results.append(_one_period(part.rename(columns=columns), prefix, period, said))
    return results


def _period(census_year: int, census_term: str, prefix: str) -> attendance.AbsencePeriod | None:
    known = census_term in ("autumn", "spring", "summer")
    return attendance.absence_period(census_year, census_term, prefix) if known else None


def _one_period(part: pd.DataFrame, prefix: str, period: attendance.AbsencePeriod, said: dict[str, str]) -> ReadResult:
    part = part.assign(
        academic_year=period.academic_year, absence_term=period.absence_term, source_file=said["source_file"]
    )
    counted, unread = attendance.attendance_rows(part, prefix, None)
    table, _ = typed_table(counted, "attendance", **said)
    faults = [
        fault_rows("attendance", column, NOT_A_NUMBER, part.loc[mask, "source_record"], **said)
        for column, mask in unread.items()
    ]
    return ReadResult({"attendance": table}, stack_faults(faults), [])
