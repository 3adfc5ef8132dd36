"""Everything one authority has sent: found, checked, read into canonical tables, and its completeness said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pandas as pd

from swis.errors import ReadingNote, raise_if
from swis.frames import in_one_piece
from swis.params import Authority, Definitions
from swis.schemas import empty_table
from swis.sources import return_files as files
from swis.sources.annex_a import read_annex_a, with_referral_dates
from swis.sources.attainment import read_attainment
from swis.sources.census_extracts import Census
from swis.sources.cin_census import CinFile, read_cin_censuses
from swis.sources.gias import laestab_to_urn, read_gias
from swis.sources.own_csv import read_own_csv
from swis.sources.result import ReadResult, combine
from swis.sources.return_checks import check_returns
from swis.sources.return_completeness import completeness
from swis.sources.return_files import ReturnFile, find_returns
from swis.sources.roll import read_roll
from swis.sources.school_census import census_day, read_school_censuses
from swis.sources.ssda903 import read_ssda903_returns
from swis.sources.typed_table import source_file_of
from swis.workspace import Workspace

__all__ = ["ReturnFile", "check_returns", "completeness", "find_returns", "read_authority"]

# Table that Annex A and the census both fill → first reporting year whose census holds it.
FIRST_CENSUS_WITH = {"referrals": 0, "assessments": 0, "section47": 0, "cin_plans": 2022}


def read_authority(workspace: Workspace, authority: Authority, definitions: Definitions) -> ReadResult:
    """All canonical tables of one authority's returns, their faults and what was tolerated.

    Raises InputError with every problem of all its returns at once; then nothing has been read. Annex A fills the
    social care tables only for reporting years without a CIN census, so that no event is counted from both; plans of
    children in need also for those before 2022, whose census held none.
    """
    folder = workspace.returns(authority.slug)
    raise_if(check_returns(folder, authority, definitions))
    returns = find_returns(folder)
    schools = _register(workspace, authority, returns)
    results: list[ReadResult] = []
    for kind, group in groupby(returns, key=lambda found: found.kind):
        if kind == files.SCHOOL_CENSUS:
            results.append(_read_school_censuses(group, folder, authority, schools))
        elif kind != files.ANNEX_A:
            results.append(_read(kind, group, folder, authority))
    census_years = {int(found.period) for found in returns if found.kind == files.CIN_CENSUS}
    referrals = [one.tables["referrals"] for one in results if "referrals" in one.tables]
    for found in returns:
        if found.kind == files.ANNEX_A:
            result = _of_known_referrals(_read(found.kind, [found], folder, authority), referrals)
            results.append(_outside_census_years(result, census_years, source_file_of(found.paths[0], folder)))
    notes = [
        ReadingNote(source_file_of(path, folder), "file_not_recognised", 1, "not the name of a return: not read")
        for path in files.files_not_recognised(folder)
    ]
    whole = combine([*results, ReadResult(notes=notes)])
    return replace(whole, tables={name: in_one_piece(frame) for name, frame in whole.tables.items()})


def _read(kind: str, returns: Iterable[ReturnFile], folder: Path, authority: Authority) -> ReadResult:
    """All returns of one kind but school censuses."""
    slug = authority.slug
    if kind == files.CIN_CENSUS:
        named = [(path, int(found.period)) for found in returns for path in found.paths]
        parts = [CinFile(path, source_file_of(path, folder), year) for path, year in named]
        return read_cin_censuses(parts, authority=slug)
    if kind == files.SSDA903:
        dated = [(found, int(found.period)) for found in returns]
        sent = [(paths, year) for found, year in dated for paths in files.parts_by_code(found, authority).values()]
        return read_ssda903_returns(sent, authority=slug, folder=folder)
    return combine(_read_one(kind, path, slug, folder) for found in returns for path in found.paths)


def _read_school_censuses(
    returns: Iterable[ReturnFile], folder: Path, authority: Authority, schools: pd.DataFrame
) -> ReadResult:
    censuses = []
    for found in returns:
        year, term = found.period.split(" ")
        known = laestab_to_urn(schools, census_day(int(year), term))
        censuses.append(Census(files.census_modules(found, folder), int(year), term, known))
    return read_school_censuses(censuses, authority=authority.slug, folder=folder)


def _read_one(kind: str, path: Path, slug: str, folder: Path) -> ReadResult:
    if kind == files.ATTAINMENT:
        return read_attainment(path, authority=slug, folder=folder)
    if kind == files.ANNEX_A:
        return read_annex_a(path, authority=slug, folder=folder)
    if kind == "roll":
        return read_roll(path, authority=slug, folder=folder)
    return read_own_csv(path, kind, authority=slug, folder=folder)


def _register(workspace: Workspace, authority: Authority, returns: list[ReturnFile]) -> pd.DataFrame:
    """The authority's schools in the data set's register, for extracts that name schools by LAESTAB."""
    register = workspace.national / "gias.csv"
    if not register.is_file() or not any(found.kind == files.SCHOOL_CENSUS for found in returns):
        return empty_table("schools")
    schools = read_gias(register, None, folder=workspace.raw).tables["schools"]
    return schools[schools["old_la_code"].isin([code.old_la_code for code in authority.codes])]


def _of_known_referrals(result: ReadResult, referrals: list[pd.DataFrame]) -> ReadResult:
    """An Annex A result whose events take their referral from the census too: list 3 goes back a few months only."""
    listed = [result.tables["referrals"]] if "referrals" in result.tables else []
    known = pd.concat([*referrals, *listed], ignore_index=True) if referrals or listed else empty_table("referrals")
    filled, _ = with_referral_dates({**result.tables, "referrals": known})
    own = {name: frame if name == "referrals" else filled[name] for name, frame in result.tables.items()}
    return replace(result, tables=own)


def _outside_census_years(result: ReadResult, census_years: set[int], file: str) -> ReadResult:
    """An Annex A result without the events of reporting years that a CIN census covers."""
    tables: dict[str, pd.DataFrame] = {}
    left_out = 0
    for name, frame in result.tables.items():
        years = {year for year in census_years if year >= FIRST_CENSUS_WITH.get(name, year + 1)}
        covered = frame["return_year"].isin(years) if years else pd.Series(False, frame.index)
        covered = covered.fillna(False).astype(bool)
        left_out += int(covered.sum())
        tables[name] = frame[~covered].reset_index(drop=True)
    message = "events of years that a CIN census covers: taken from the census"
    notes = [ReadingNote(file, "covered_by_census", left_out, message)] if left_out else []
    return ReadResult(tables, result.faults, [*result.notes, *notes])
