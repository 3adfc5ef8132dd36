"""Absence in the school census: which term it belongs to, and what the attendance codes count as.

The census carries absence one term in arrears: spring carries the autumn of its own academic year, summer carries the
spring, and autumn carries the summer (to the end of May) of the academic year before, with the second half of that
summer term apart. Codes: DfE school census guide and 'Working together to improve school attendance'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from swis.sources.result import NOT_A_NUMBER, NOT_IN_THE_LIST, fault_rows, stack_faults
from swis.sources.text import parse_integers

AUTHORISED_CODES = frozenset(["C", "C1", "C2", "E", "H", "I", "J1", "M", "R", "S", "T"])
UNAUTHORISED_CODES = frozenset(["G", "N", "O", "U"])
CODE_X = frozenset(["X"])
OTHER_CODES = frozenset(["/", "\\", "B", "D", "J", "K", "L", "P", "Q", "V", "W", "Y", "Z", "#"]) | {
    f"Y{number}" for number in range(1, 8)
}
"""Present, at an approved activity, or not a possible session: neither authorised nor unauthorised absence."""
KINDS: dict[str, frozenset[str]] = {
    "sessions_authorised": AUTHORISED_CODES,
    "sessions_unauthorised": UNAUTHORISED_CODES,
    "sessions_code_x": CODE_X,
}
TERMLY = "termlysessions"
HALF_TERM_2 = "summerhalfterm2sessions"
SESSION_COLUMNS = ["sessions_possible", *KINDS]


@dataclass(frozen=True)
class AbsencePeriod:
    """Where the sessions of one set of census columns fell."""

    academic_year: str
    absence_term: str


def absence_period(census_year: int, census_term: str, prefix: str = TERMLY) -> AbsencePeriod | None:
    """The period whose sessions a census carries in the columns of this prefix; None where it carries none.

    `census_year` is the calendar year of census day, `census_term` autumn, spring or summer.
    """
    year = f"{census_year - 1}/{census_year % 100:02d}"
    if prefix == HALF_TERM_2:
        return AbsencePeriod(year, "summer half-term 2") if census_term == "autumn" else None
    earlier = {"spring": "autumn", "summer": "spring", "autumn": "summer"}
    return AbsencePeriod(year, earlier[census_term])


def session_columns(prefix: str) -> dict[str, list[str]]:
    """Our name of each session count of a roll file (prefixed) and the spellings it has had.

    Code X has a column of its own in the censuses of 2020/21 and 2021/22; `…codex` is this project's extension.
    """
    return {
        f"{prefix}_sessions_possible": [f"{prefix}possible"],
        f"{prefix}_sessions_authorised": [f"{prefix}authorised"],
        f"{prefix}_sessions_unauthorised": [f"{prefix}unauthorised"],
        f"{prefix}_sessions_code_x": [f"{prefix}codex", f"{prefix}coronavirus"],
    }


def sessions_by_reason(details: pd.DataFrame, *, authority: str, source_file: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sessions of each pupil record by kind, from reason-code rows, and the faults of those rows.

    `details` has text columns record_id, sessions, reason and `source_record`. Returns a frame indexed by record_id
    with the columns of KINDS (sessions, Int64), and faults for unread numbers and unknown codes.
    """
    sessions, unread = parse_integers(details["sessions"])
    code = details["reason"].str.upper()
    known = code.isin(set().union(*KINDS.values(), OTHER_CODES))
    counts = pd.DataFrame({kind: sessions.where(code.isin(codes), 0) for kind, codes in KINDS.items()})
    said = {"authority": authority, "source_file": source_file}
    faults = [
        fault_rows("attendance", "sessions", NOT_A_NUMBER, details.loc[unread, "source_record"], **said),
        fault_rows("attendance", "attendancereason", NOT_IN_THE_LIST, details.loc[~known, "source_record"], **said),
    ]
    return counts.fillna(0).groupby(details["record_id"]).sum().astype("Int64"), stack_faults(faults)


def attendance_rows(
    pupils: pd.DataFrame, prefix: str, by_reason: pd.DataFrame | None
) -> tuple[pd.DataFrame, Mapping[str, pd.Series]]:
    """One attendance row a pupil record that carries any session count, and the unread cells of each column.

    `pupils` holds urn, upn, record_id, source_file, source_record, academic_year and absence_term of the sessions, and
    the prefixed session columns as text. Where a vintage has no column for a kind of absence it is summed from the
    reason rows (none for a pupil means none missed); where a cell is blank the reason rows of that pupil fill it.
    """
    counts, unread = {}, {}
    for column in SESSION_COLUMNS:
        name = f"{prefix}_{column}"
        given, unread[column] = parse_integers(pupils.get(name, pd.Series(pd.NA, pupils.index, "string")))
        if by_reason is not None and column in by_reason:
            summed = pupils["record_id"].map(by_reason[column]).astype("Int64")
            given = given.fillna(summed) if name in pupils else summed.fillna(0)
        counts[column] = given
    rows = pupils[["urn", "upn", "source_file", "source_record", "academic_year", "absence_term"]].assign(**counts)
    carried = pd.DataFrame(counts)[[c for c in SESSION_COLUMNS if f"{prefix}_{c}" in pupils]].notna().any(axis=1)
    return rows[carried], unread
