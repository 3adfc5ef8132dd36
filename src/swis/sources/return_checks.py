"""Whether one authority's returns can be used: every problem at once, before anything is read in full.

A problem here stops the authority. A return that is simply not there does not: its period is unobserved, and
`return_completeness` says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from swis.errors import InputError, Problem
from swis.params import Authority, Definitions
from swis.sources import return_files as files
from swis.sources.annex_a import check_annex_a
from swis.sources.attainment import check_attainment
from swis.sources.cin_census import count_whole_children
from swis.sources.cin_header import check_header, is_whole, read_header, years_in_name
from swis.sources.marker import check_mixture
from swis.sources.own_csv import check_own_csv
from swis.sources.return_completeness import expected_censuses
from swis.sources.return_files import ReturnFile, find_returns
from swis.sources.roll_checks import PUPILS_ON_ROLL, check_results, check_rolls
from swis.sources.school_census import check_school_census
from swis.sources.ssda903 import check_ssda903
from swis.sources.typed_table import source_file_of

DATED = (files.CIN_CENSUS, files.SSDA903, files.SCHOOL_CENSUS)


def check_returns(folder: Path, authority: Authority, definitions: Definitions) -> list[Problem]:
    """Every problem that makes an authority's returns unusable, sorted; empty where they can be read.

    Truncated, empty or unreadable files, wrong year, wrong authority, a required column or module missing, two files
    for one period, simulated and real returns mixed. Messages name files and columns, never a child's value.
    """
    if not folder.is_dir():
        where = "no folder of returns"
        return [Problem(folder.name, where, f"the returns of {authority.name}", "put them there")]
    returns = find_returns(folder)
    if not returns:
        return [Problem(folder.name, "no return in the folder", "returns as data_raw/README.md says", "put them there")]
    problems = _none_of_the_years(returns, definitions)
    problems += check_mixture(folder, [path for found in returns for path in found.paths])
    for found in returns:
        problems += _check_return(found, folder, authority)
    problems += check_rolls([found for found in returns if found.kind == files.SCHOOL_CENSUS], folder, authority)
    named = {problem: f"{folder.name}/{problem.file}".removesuffix("/.") for problem in problems}
    return sorted(replace(problem, file=file) for problem, file in named.items())


def _none_of_the_years(returns: list[ReturnFile], definitions: Definitions) -> list[Problem]:
    """A problem where no dated return is of a period the evaluation covers: then these are not its returns."""
    expected = {str(year) for year in definitions.return_years} | set(expected_censuses(definitions))
    periods = {found.period for found in returns if found.kind in DATED} - {files.UNKNOWN_PERIOD}
    if not periods or periods & expected:
        return []
    years = f"{definitions.first_return_year} to {definitions.last_return_year}"
    where = f"wrong year: returns of {', '.join(sorted(periods))} only"
    return [Problem(".", where, f"returns of {years}", "check that these are the returns of the evaluation")]


def _check_return(found: ReturnFile, folder: Path, authority: Authority) -> list[Problem]:
    if found.kind == files.CIN_CENSUS:
        return _check_cin(found, folder, authority)
    if found.kind == files.SSDA903:
        return _check_903(found, folder, authority)
    if found.kind == files.SCHOOL_CENSUS:
        modules = files.census_modules(found, folder)
        problems = check_school_census(modules, folder=folder) or _without_roll(modules, folder)
        return _twice(found, folder, len(modules)) + problems
    if found.kind == files.ATTAINMENT:
        problems = [problem for path in found.paths for problem in check_attainment(path, folder=folder)]
        return problems + check_results(found.paths, folder, authority)
    if found.kind == files.ANNEX_A:
        return [problem for path in found.paths for problem in check_annex_a(path, folder=folder)]
    problems = [problem for path in found.paths for problem in check_own_csv(path, found.kind, folder=folder)]
    return _twice(found, folder, 1) + problems


def _check_cin(found: ReturnFile, folder: Path, authority: Authority) -> list[Problem]:
    problems: list[Problem] = []
    codes: list[str] = []
    for path in found.paths:
        name = source_file_of(path, folder)
        try:
            header = read_header(path, file=name)
        except InputError as error:
            problems += error.problems
            continue
        codes.append(header.la_code)
        problems += check_header(header, file=name, authority=authority)
        if not is_whole(path):
            where = f"cut off after child {count_whole_children(path)}"
            problems.append(Problem(name, where, "a file that ends with its Message", "export or send it again"))
    if len(codes) != len(set(codes)):
        problems += _twice(found, folder, len(set(codes)))
    return problems


def _check_903(found: ReturnFile, folder: Path, authority: Authority) -> list[Problem]:
    first = source_file_of(found.paths[0], folder)
    if found.period == files.UNKNOWN_PERIOD:
        action = "put the files in a folder named by the year of the 31 March the return ends on"
        return [Problem(first, "no year in the folder or file name", "ssda903/<year>/", action)]
    problems = []
    for path in found.paths:
        named = years_in_name(path.name)
        if named and int(found.period) not in named:
            where = f"wrong year: the file name says {max(named)}, the folder {found.period}"
            action = "check that the right file was put here"
            problems.append(Problem(source_file_of(path, folder), where, "the same year in both", action))
    for paths in files.parts_by_code(found, authority).values():
        problems += check_ssda903(paths, return_year=int(found.period), folder=folder)
    return problems


def _without_roll(modules: Mapping[str, Path], folder: Path) -> list[Problem]:
    """A problem where a census came without its roll: the absence of those who left would stand for everybody's."""
    if not modules or PUPILS_ON_ROLL in modules:
        return []
    first = source_file_of(min(modules.values()), folder)
    action = "send the module of pupils on roll of this census as well"
    return [Problem(first, "no module of pupils on roll in this census", "a pupilonroll file beside it", action)]


def _twice(found: ReturnFile, folder: Path, wanted: int) -> list[Problem]:
    """A problem where a period has more files than it has parts."""
    if len(found.paths) <= wanted:
        return []
    names = [source_file_of(path, folder) for path in found.paths]
    where = f"two files for one period ({found.kind.replace('_', ' ')} {found.period}), beside {', '.join(names[1:])}"
    return [Problem(names[0], where, "one file", "keep the one that was returned last")]
