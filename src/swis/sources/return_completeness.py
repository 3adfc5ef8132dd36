"""Which returns were expected, which came, and why one did not: a period without its return is unobserved, not zero."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from swis.errors import InputError
from swis.params import Authority, Definitions
from swis.sources import return_files as files
from swis.sources.cin_header import read_header
from swis.sources.own_csv import load_own_csv
from swis.sources.return_files import ReturnFile, find_returns

COLUMNS = ["authority", "returns", "period", "status", "reason"]
RECEIVED, MISSING, KNOWN_GAP, NOT_EXPECTED = "received", "missing", "known gap", "not expected"
TERMS = ["spring", "summer", "autumn"]
ANY_PERIOD = "all"


def completeness(folder: Path, authority: Authority, definitions: Definitions) -> pd.DataFrame:
    """One row a return and period: columns authority, returns, period, status and reason.

    Status is received, missing, known gap (with the reason from `params/authorities`) or not expected (it came, but
    no measure asks for it). A CIN census of an authority that was split is received when each code's file is there.
    """
    returns = find_returns(folder) if folder.is_dir() else []
    received = {(found.kind, found.period): found for found in returns} | _from_roll(returns, folder)
    rows = []
    expected = _expected(authority, definitions)
    for kind, period in expected:
        found = _any_of(kind, received) if period == ANY_PERIOD else received.get((kind, period))
        rows.append((kind, period, *_status(kind, period, found, authority)))
    for kind, period in sorted(set(received) - set(expected)):
        if (kind, ANY_PERIOD) not in expected:
            reason = "received, but outside the years and kinds of return the evaluation expects"
            rows.append((kind, period, NOT_EXPECTED, reason))
    frame = pd.DataFrame(rows, columns=COLUMNS[1:], dtype="string")
    frame.insert(0, "authority", pd.array([authority.slug] * len(frame), dtype="string"))
    return frame


def expected_censuses(definitions: Definitions) -> list[str]:
    """The school censuses of the evaluation, in order: '2018 autumn' to '2024 spring'."""
    first_year, first_term = definitions.first_census.split(" ")
    last_year, last_term = definitions.last_census.split(" ")
    every = [(year, term) for year in range(int(first_year), int(last_year) + 1) for term in TERMS]
    start, end = every.index((int(first_year), first_term)), every.index((int(last_year), last_term))
    return [f"{year} {term}" for year, term in every[start : end + 1]]


def _expected(authority: Authority, definitions: Definitions) -> list[tuple[str, str]]:
    years = [str(year) for year in definitions.return_years]
    periods = {
        files.CIN_CENSUS: years,
        files.SSDA903: years,
        files.SCHOOL_CENSUS: expected_censuses(definitions),
    }
    kinds = authority.returns_expected
    return [(kind, period) for kind in kinds for period in periods.get(kind, [ANY_PERIOD])]


def _any_of(kind: str, received: dict[tuple[str, str], ReturnFile]) -> ReturnFile | None:
    return next((found for (its_kind, _), found in sorted(received.items()) if its_kind == kind), None)


def _status(kind: str, period: str, found: ReturnFile | None, authority: Authority) -> tuple[str, str]:
    gaps = {(gap.returns, gap.period): gap.reason for gap in authority.known_gaps}
    gap = gaps.get((kind, period), gaps.get((kind, ANY_PERIOD)))
    absent = _codes_absent(kind, period, found, authority) if found else []
    if found and not absent:
        return RECEIVED, "received although listed as a known gap" if gap else ""
    if gap:
        return KNOWN_GAP, gap
    if absent:
        return MISSING, f"only part of the authority: no file with code {' or '.join(absent)}"
    return MISSING, "no file found"


def _codes_absent(kind: str, period: str, found: ReturnFile, authority: Authority) -> list[str]:
    """Codes the authority had in that year for which no CIN census, or no part of a divided 903, came."""
    if kind not in (files.CIN_CENSUS, files.SSDA903):
        return []
    codes = {code.old_la_code for code in authority.codes_in_return(int(period))}
    if kind == files.CIN_CENSUS:
        return sorted(codes - {_code_of(path) for path in found.paths})
    parts = files.parts_by_code(found, authority)
    return [] if "" in parts else sorted(codes - set(parts))


def _code_of(path: Path) -> str:
    try:
        return read_header(path).la_code
    except InputError:
        return ""


def _from_roll(returns: list[ReturnFile], folder: Path) -> dict[tuple[str, str], ReturnFile]:
    """The school censuses that an authority's own roll file stands in for."""
    covered: dict[tuple[str, str], ReturnFile] = {}
    for found in (one for one in returns if one.kind == "roll"):
        try:
            rows = load_own_csv(found.paths[0], "roll", folder=folder).frame
        except InputError:
            continue
        words = rows.reindex(columns=["census_year", "census_term"]).fillna("").agg(" ".join, axis=1)
        year = words.str.extract(r"(20\d\d)", expand=False)
        term = words.str.lower().str.extract(r"(autumn|spring|summer)", expand=False)
        covered |= {(files.SCHOOL_CENSUS, period): found for period in (year + " " + term).dropna().unique()}
    return covered
