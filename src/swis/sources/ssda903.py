"""Read the header and episodes of a looked-after children return (SSDA903).

Codes outside their list, dummy values and numbers of a wrong length are kept as they stand for validation to judge;
only what must be a date or yes/no and is not becomes missing, with a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from swis.errors import InputError, Problem, ReadingNote
from swis.frames import stacked
from swis.sources.result import ReadResult, combine, fault_rows, stack_faults
from swis.sources.ssda903_files import EPISODES, HEADER, ModuleText, open_modules
from swis.sources.text import blank_to_missing, parse_dates
from swis.sources.typed_table import typed_table

SEXES = {"1": "M", "2": "F", "0": "U", "9": "U", "N": "U"}
UPN_UNKNOWN = r"^UN\s?[1-7]$"
NOT_LAID_OUT = "row does not fit the header"
FEWEST_ENDS_TO_JUDGE = 20
LEAST_SHARE_IN_YEAR = 0.05
MOST_SHARE_AFTER_YEAR = 0.5


def read_ssda903(paths: Iterable[Path], *, authority: str, return_year: int, folder: Path | None = None) -> ReadResult:
    """The tables of one return: `read_ssda903_returns` of that one."""
    given = sorted(paths)
    return read_ssda903_returns([(given, return_year)], authority=authority, folder=folder or _common_folder(given))


def read_ssda903_returns(returns: Iterable[tuple[Iterable[Path], int]], *, authority: str, folder: Path) -> ReadResult:
    """Tables looked_after_children and care_episodes of returns (CSV files of modules, a workbook, or XML), in order.

    With the files of each goes the year of the 31 March it ends on; `folder` is what `source_file` is relative to.
    Raises InputError with every problem of the files of a return at once.
    """
    opened = [(*open_modules(sorted(paths), folder=folder), year) for paths, year in returns]
    children = [_children(modules[HEADER]) for modules, _, _ in opened]
    headers = [(modules[HEADER], rows, year) for (modules, _, year), rows in zip(opened, children, strict=True)]
    episodes = [(modules[EPISODES], modules[EPISODES].frame, year) for modules, _, year in opened]
    read = combine([_table(headers, "looked_after_children", authority), _table(episodes, "care_episodes", authority)])
    notes = [
        note
        for (modules, found, _), rows in zip(opened, children, strict=True)
        for note in [*found, *_notes(modules, rows), *(one for module in modules.values() for one in module.notes)]
    ]
    return replace(read, notes=sorted(notes))


def check_ssda903(paths: Iterable[Path], *, return_year: int, folder: Path | None = None) -> list[Problem]:
    """Why a return could not be used: unreadable, a module or required column missing, or another year's."""
    given = sorted(paths)
    try:
        modules, _ = open_modules(given, folder=folder or _common_folder(given))
    except InputError as error:
        return error.problems
    return _wrong_year(modules[EPISODES], return_year)


def _common_folder(paths: list[Path]) -> Path:
    return paths[0].parent if paths else Path()


def _table(parts: Sequence[tuple[ModuleText, pd.DataFrame, int]], table: str, authority: str) -> ReadResult:
    """One table of the rows of a module in several returns, each with its year."""
    text = stacked(rows.assign(return_year=year, source_file=module.file) for module, rows, year in parts)
    frame, faults = typed_table(text, table, authority=authority, source_file=text["source_file"])
    bad = [
        fault_rows(table, "", NOT_LAID_OUT, module.bad_rows, authority=authority, source_file=module.file)
        for module, _, _ in parts
    ]
    return ReadResult({table: frame}, stack_faults([*bad, faults]))


def _children(module: ModuleText) -> pd.DataFrame:
    """Header rows with sex as M, F or U, and the reason for no UPN apart from the UPN."""
    text = module.frame
    upn, sex = blank_to_missing(text["upn"]).str.upper(), blank_to_missing(text["sex"]).str.upper()
    has_reason = upn.str.match(UPN_UNKNOWN).fillna(False)
    return text.assign(
        sex=sex.map(SEXES).astype("string").fillna(sex),
        upn=upn.mask(has_reason),
        upn_unknown_reason=upn.where(has_reason).str.replace(" ", ""),
    )


def _notes(modules: dict[str, ModuleText], children: pd.DataFrame) -> list[ReadingNote]:
    header, episodes = modules[HEADER], modules[EPISODES].frame
    by_child = children.dropna(subset=["la_child_id"]).groupby("la_child_id")
    births = int(by_child["birth_date"].nunique().gt(1).sum())
    twice = int(children["la_child_id"].dropna().duplicated().sum())
    dummies = int(sum(episodes[column].eq("*DUMMY*").sum() for column in episodes.columns.drop("source_record")))
    long_urns = 0
    if "placement_urn" in episodes:
        long_urns = int(episodes["placement_urn"].str.fullmatch(r"\d{7,}").fillna(False).sum())
    found = [
        (header.file, "several_birth_dates", births, "children with more than one date of birth"),
        (header.file, "child_repeated", twice, "rows of children who are in the header already"),
        (modules[EPISODES].file, "dummy_value", dummies, "cells that hold a dummy value"),
        (modules[EPISODES].file, "urn_not_six_digits", long_urns, "placement numbers of more than six digits"),
    ]
    return [ReadingNote(file, kind, count, message) for file, kind, count, message in found if count]


def _wrong_year(episodes: ModuleText, year: int) -> list[Problem]:
    """A return names no year inside: one whose episodes hardly ever end in the year is another year's."""
    first, last = pd.Timestamp(year - 1, 4, 1), pd.Timestamp(year, 3, 31)
    starts, ends = (
        parse_dates(episodes.frame[name])[0].dropna() for name in ("episode_start_date", "episode_end_date")
    )
    after = starts.gt(last).mean() if len(starts) else 0.0
    inside = ends.between(first, last).mean() if len(ends) >= FEWEST_ENDS_TO_JUDGE else 1.0
    if after <= MOST_SHARE_AFTER_YEAR and inside >= LEAST_SHARE_IN_YEAR:
        return []
    where = f"wrong year: hardly any episode ends between 1 April {year - 1} and 31 March {year}"
    if after > MOST_SHARE_AFTER_YEAR:
        where = f"wrong year: most episodes begin after 31 March {year}"
    return [Problem(episodes.file, where, f"the return for {year}", "check that the right file was put here")]
