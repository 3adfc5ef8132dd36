"""Whether a school census or results are of the time and the authority their place says: they name neither inside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import pandas as pd

from swis.errors import InputError, Problem
from swis.params import Authority
from swis.sources.attainment import ATTAINMENT_COLUMNS
from swis.sources.csv_text import load_csv
from swis.sources.gias import GIAS_COLUMNS
from swis.sources.return_files import ReturnFile, census_modules
from swis.sources.school_census import census_day
from swis.sources.school_census_layout import ROLL_COLUMNS
from swis.sources.text import parse_dates
from swis.sources.typed_table import source_file_of
from swis.workspace import NATIONAL

PUPILS_ON_ROLL = "pupilonroll"
FEWEST_PUPILS_TO_JUDGE = 50
LATEST_ENTRIES = 0.999
LONGEST_WITHOUT_ENTRY = pd.Timedelta(days=400)
LATEST_AFTER_CENSUS = pd.Timedelta(days=120)
MOST_OF = 0.5
# The first schools of a roll show its time and authority as well as all of them, at a tenth of the cost.
READ_BYTES = 500_000


def check_rolls(censuses: Iterable[ReturnFile], folder: Path, authority: Authority) -> list[Problem]:
    """Rolls whose pupils entered at another time than the file name says, or attend another authority's schools.

    A school takes pupils in every autumn: a roll without an entry in the 13 months before census day, or with entries
    well after it, is of another year. Schools are looked up in the register of the data set, where there is one.
    """
    problems = []
    known = _authorities_of_schools(folder.parent / NATIONAL / "gias.csv")
    for census in censuses:
        path = census_modules(census, folder).get(PUPILS_ON_ROLL)
        rows = _beginning(path, {name: ROLL_COLUMNS[name] for name in ("native_id", "entry_date")})
        if path is not None and rows is not None:
            name = source_file_of(path, folder)
            problems += _wrong_time(rows["entry_date"], census.period, name)
            problems += _wrong_authority(rows["native_id"], known, authority, name)
    return problems


def check_results(paths: Iterable[Path], folder: Path, authority: Authority) -> list[Problem]:
    """Files of results whose pupils attend another authority's schools, by the register of the data set."""
    problems = []
    known = _authorities_of_schools(folder.parent / NATIONAL / "gias.csv")
    for path in paths:
        rows = _beginning(path, {"urn": ATTAINMENT_COLUMNS["urn"]})
        if rows is not None:
            problems += _wrong_authority(rows["urn"], known, authority, source_file_of(path, folder))
    return problems


def _beginning(path: Path | None, columns: Mapping[str, list[str]]) -> pd.DataFrame | None:
    """The columns of the first pupils of a file; None where it cannot be read or holds too few to judge by."""
    if path is None:
        return None
    try:
        rows = load_csv(path, columns, required=list(columns), limit_bytes=READ_BYTES).frame
    except InputError:
        return None
    return rows if len(rows) >= FEWEST_PUPILS_TO_JUDGE else None


def _wrong_time(entries: pd.Series, period: str, name: str) -> list[Problem]:
    year, term = period.split(" ")
    day = census_day(int(year), term)
    latest = parse_dates(entries)[0].quantile(LATEST_ENTRIES)
    if pd.isna(latest) or day - LONGEST_WITHOUT_ENTRY <= latest <= day + LATEST_AFTER_CENSUS:
        return []
    side = "end long before" if latest < day else "go on long after"
    where = f"wrong year: the entry dates {side} the census of {term} {year}"
    return [Problem(name, where, f"the roll of {term} {year}", "check that the right file was put here")]


def _wrong_authority(native_ids: pd.Series, known: pd.Series, authority: Authority, name: str) -> list[Problem]:
    codes = {code.old_la_code for code in authority.codes}
    owners = native_ids.map(known).dropna()
    if len(owners) < MOST_OF * len(native_ids) or owners.isin(codes).mean() >= MOST_OF:
        return []
    where = "wrong authority: most pupils attend schools the register places in another authority"
    return [Problem(name, where, "schools of this authority", "move the file to its authority's folder")]


def _authorities_of_schools(gias: Path) -> pd.Series:
    """Three-digit authority code by URN; empty where the data set has no register."""
    if not gias.is_file():
        return pd.Series(dtype="string")
    return _read_register(gias, gias.stat().st_mtime_ns)


@cache
def _read_register(gias: Path, modified: int) -> pd.Series:
    """The register's codes, kept until the file is `modified` (in nanoseconds): another time is another file."""
    columns = {name: GIAS_COLUMNS[name] for name in ("urn", "old_la_code")}
    try:
        schools = load_csv(gias, columns, required=list(columns)).frame.dropna()
    except InputError:
        return pd.Series(dtype="string")
    return schools.drop_duplicates("urn").set_index("urn")["old_la_code"]
