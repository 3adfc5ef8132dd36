"""Checks of geographic_level and the columns of places."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from swis.report.screener.data_file import DataFile
from swis.report.screener.finding import FAIL, REVIEW, Said, some
from swis.report.screener.standard import AUTHORITY, COUNTRIES, LEVELS, NO_CODE

PATTERNS: Mapping[str, str] = {
    "region_code": r"E1[23]\d{6}",
    "old_la_code": r"\d{3}",
    "new_la_code": r"E(?:0[6-9]|10)\d{6}",
}
MAY_BE_BLANK = frozenset({"new_la_code"})  # authorities that ended before 2009 have none


def _levels(file: DataFile) -> list[str]:
    return sorted(file.cells["geographic_level"].unique()) if "geographic_level" in file.cells else []


def _rows_of(file: DataFile, level: str) -> pd.DataFrame:
    return file.cells[file.cells["geographic_level"] == level]


def levels_are_known(file: DataFile) -> Said:
    """geographic_level is national, regional or local authority."""
    if found := [level for level in _levels(file) if level not in LEVELS]:
        yield FAIL, f"geographic_level {some(found)}; this screener knows {some(LEVELS)}"


def levels_have_their_columns(file: DataFile) -> Said:
    """The columns that a level needs are there."""
    for level in _levels(file):
        if missing := [name for name in LEVELS.get(level, ()) if name not in file.cells]:
            yield FAIL, f"level {level} needs the column {some(missing)}"


def levels_have_their_columns_filled(file: DataFile) -> Said:
    """The columns that a level needs hold something in its rows."""
    for level in _levels(file):
        rows = _rows_of(file, level)
        needed = [name for name in LEVELS.get(level, ()) if name in rows and name not in MAY_BE_BLANK]
        blank = {
            name: int((rows[name] == "").sum()) for name in ("country_code", "country_name", *needed) if name in rows
        }
        if found := [f"{name} ({count})" for name, count in blank.items() if count]:
            yield FAIL, f"blank in rows of level {level}: {some(found)}"


def columns_of_other_levels_are_blank(file: DataFile) -> Said:
    """A national row names no region and no authority, a regional one no authority."""
    for level in (one for one in _levels(file) if one in LEVELS):
        others = [name for name in LEVELS[AUTHORITY] if name not in LEVELS[level] and name in file.cells]
        if filled := [name for name in others if (_rows_of(file, level)[name] != "").any()]:
            yield FAIL, f"rows of level {level} fill {some(filled)}"


def country_is_the_codes(file: DataFile) -> Said:
    """country_name and country_code belong together."""
    if not {"country_code", "country_name"} <= set(file.cells):
        return
    pairs = file.cells[["country_code", "country_name"]].drop_duplicates()
    if found := [f"{name} {code}" for code, name in pairs.itertuples(index=False) if COUNTRIES.get(name) != code]:
        yield FAIL, f"country {some(found)}; England is {COUNTRIES['England']}"


def codes_look_like_codes(file: DataFile) -> Said:
    """Codes have the shape of official ones, or say that there is none."""
    for name, pattern in PATTERNS.items():
        texts = sorted(set(file.cells[name]) - NO_CODE) if name in file.cells else []
        if found := [text for text in texts if not re.fullmatch(pattern, text)]:
            yield REVIEW, f"{name} that no official area carries: {some(found)}"


def one_place_has_one_name(file: DataFile) -> Said:
    """A code has one name, and a name one code, within a period."""
    for code, name in (("region_code", "region_name"), ("old_la_code", "la_name"), ("new_la_code", "la_name")):
        if not {code, name, "time_period"} <= set(file.cells):
            continue
        pairs = file.cells.loc[~file.cells[code].isin(NO_CODE), ["time_period", code, name]].drop_duplicates()
        for one, other in ((code, name), (name, code)):
            if twice := sorted(set(pairs.loc[pairs.duplicated(["time_period", one]), one])):
                yield FAIL, f"several {other} of one {one} in one period: {some(twice)}"
