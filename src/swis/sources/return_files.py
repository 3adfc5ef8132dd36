"""Find what one authority has sent: which file is which return, for which period.

Names are guides, not contracts: a year may stand in a folder or a file name, a CIN census names its year inside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from swis.errors import InputError
from swis.params import Authority
from swis.sources.cin_header import read_header, years_in_name

CIN_CENSUS = "cin_census"
SSDA903 = "ssda903"
SCHOOL_CENSUS = "school_census"
ATTAINMENT = "attainment"
ANNEX_A = "annex_a"
OWN_FORMS = ("contacts", "costs", "delivery", "dsl_survey", "roll", "suspensions")
UNKNOWN_PERIOD = "unknown"
FOLDERS = {
    CIN_CENSUS: ("cin", "cin_census"),
    SSDA903: ("ssda903", "903"),
    SCHOOL_CENSUS: ("school_census",),
    ATTAINMENT: ("attainment",),
    ANNEX_A: ("annex_a",),
}
ENDINGS = {
    CIN_CENSUS: (".xml",),
    SSDA903: (".csv", ".csv.gz", ".xlsx", ".xlsm", ".xls", ".xml"),
    SCHOOL_CENSUS: (".csv", ".csv.gz"),
    ATTAINMENT: (".csv", ".csv.gz"),
    ANNEX_A: (".xlsx", ".xlsm", ".xls"),
}
CENSUS_NAME = re.compile(r"^(20\d\d)[_ -]?(autumn|spring|summer)[_ -]?(\w+?)\.csv(?:\.gz)?$", re.IGNORECASE)
NATIVE_IDS = "native_ids.csv"


@dataclass(frozen=True, order=True)
class ReturnFile:
    """One return: its kind, its period ('2021', '2021 autumn', a file's stem, or 'unknown'), and its files."""

    kind: str
    period: str
    paths: tuple[Path, ...]


def find_returns(folder: Path) -> list[ReturnFile]:
    """Every return in an authority's folder, sorted by kind and period; several files of one period stay together."""
    found = [
        *_grouped(CIN_CENSUS, ((_year_of_cin(path), path) for path in files_of(folder, CIN_CENSUS))),
        *_grouped(SSDA903, ((_year_of_903(path, folder), path) for path in files_of(folder, SSDA903))),
        *_grouped(SCHOOL_CENSUS, _censuses(folder)),
        *_grouped(ATTAINMENT, ((path.name.split(".")[0], path) for path in files_of(folder, ATTAINMENT))),
        *_grouped(ANNEX_A, ((path.stem, path) for path in files_of(folder, ANNEX_A))),
    ]
    for form in OWN_FORMS:
        found += _grouped(form, (("all", path) for path in sorted(folder.glob(f"{form}.csv*")) if path.is_file()))
    return sorted(found)


def files_of(folder: Path, kind: str) -> list[Path]:
    """The files in the folder of one kind of return that could be such a return, sorted."""
    every = (path for name in FOLDERS[kind] for path in (folder / name).rglob("*") if path.is_file())
    fitting = (path for path in every if path.name.lower().endswith(ENDINGS[kind]))
    return sorted(path for path in fitting if not path.name.startswith((".", "~$")) and path.name != NATIVE_IDS)


def files_not_recognised(folder: Path) -> list[Path]:
    """Files in the folders of returns that no reader will read, so that they can be named."""
    every = (path for names in FOLDERS.values() for name in names for path in (folder / name).rglob("*"))
    seen = {path for kind in FOLDERS for path in files_of(folder, kind)}
    seen -= {path for path in files_of(folder, SCHOOL_CENSUS) if census_parts(path, folder) is None}
    return sorted(p for p in every if p.is_file() and p not in seen and p.name != NATIVE_IDS and p.name[0] not in ".~")


def _grouped(kind: str, dated: Iterable[tuple[str, Path]]) -> list[ReturnFile]:
    groups: dict[str, list[Path]] = {}
    for period, path in dated:
        groups.setdefault(period, []).append(path)
    return [ReturnFile(kind, period, tuple(paths)) for period, paths in groups.items()]


def _year_of_cin(path: Path) -> str:
    try:
        year = read_header(path).return_year
    except InputError:
        year = None
    named = years_in_name(path.name)
    if year is None and len(named) == 1:
        year = named.pop()
    return UNKNOWN_PERIOD if year is None else str(year)


def _year_of_903(path: Path, folder: Path) -> str:
    """The year of the folder the file stands in, else of the file's name."""
    for name in reversed(path.relative_to(folder).parts[1:-1]):
        if len(years_in_name(name)) == 1:
            return str(years_in_name(name).pop())
    named = years_in_name(path.name)
    return str(named.pop()) if len(named) == 1 else UNKNOWN_PERIOD


def _censuses(folder: Path) -> list[tuple[str, Path]]:
    parts = [(census_parts(path, folder), path) for path in files_of(folder, SCHOOL_CENSUS)]
    return [(f"{found[0]} {found[1]}", path) for found, path in parts if found is not None]


def census_parts(path: Path, folder: Path) -> tuple[int, str, str] | None:
    """Calendar year, term and module that a school census file's name (or its folder's and its own) states."""
    inside = path.relative_to(folder).parts[1:]
    for name in (inside[-1], "_".join(inside)):
        match = CENSUS_NAME.match(name)
        if match:
            return int(match.group(1)), match.group(2).lower(), match.group(3).lower()
    return None


def census_modules(census: ReturnFile, folder: Path) -> dict[str, Path]:
    """The files of one school census by module; of two files of one module the first."""
    modules: dict[str, Path] = {}
    for path in census.paths:
        parts = census_parts(path, folder)
        if parts is not None:
            modules.setdefault(parts[2], path)
    return modules


def parts_by_code(found: ReturnFile, authority: Authority) -> dict[str, tuple[Path, ...]]:
    """The files of a return by authority code, where the authority had several codes that year; else all under ''.

    An authority that was split sends one return a code; the code then stands in each file's name or folder.
    """
    codes = [code.old_la_code for code in authority.codes_in_return(int(found.period))]
    named = {
        path: [c for c in codes if re.search(rf"(?<!\d){c}(?!\d)", "/".join(path.parts[-2:]))] for path in found.paths
    }
    if len(codes) < 2 or any(len(its) != 1 for its in named.values()):
        return {"": found.paths}
    return {code: tuple(p for p, its in named.items() if its == [code]) for code in codes if [code] in named.values()}
