"""Checks of indicators: numbers, and the symbols that stand where there is none."""

from __future__ import annotations

import re

import pandas as pd

from swis.report.screener.data_file import NUMBER, DataFile
from swis.report.screener.finding import FAIL, REVIEW, Said, some
from swis.report.screener.standard import OBSOLETE, SYMBOLS

DRESSED = re.compile(r"\[.*\]|[£(]?-?[\d,]*\d(?:\.\d+)?[%)]?|[A-Z]+")


def _others(file: DataFile, name: str) -> list[str]:
    """Texts of an indicator that are neither blank, nor a number, nor a symbol in force."""
    texts = pd.Series(file.cells[name].unique(), dtype=str)
    return sorted(texts[~(texts.str.fullmatch(NUMBER) | texts.isin(SYMBOLS | {""}))])


def _is_dressed(text: str) -> bool:
    """Whether a number or symbol only stands in brackets, capitals, commas or beside its unit."""
    bare = text.strip("[]()£%").replace(",", "").lower()
    return bool(DRESSED.fullmatch(text)) and (bool(re.fullmatch(NUMBER, bare)) or bare in SYMBOLS)


def indicators_are_filled(file: DataFile) -> Said:
    """No indicator cell is blank: a symbol says why there is no number."""
    if found := [name for name in file.indicators if (file.cells[name] == "").any()]:
        yield FAIL, f"blank cells in {some(found)}"


def indicators_are_numbers_or_symbols(file: DataFile) -> Said:
    """An indicator cell is a number or one of the standard's symbols."""
    for name in file.indicators:
        if found := [text for text in _others(file, name) if text not in OBSOLETE and not _is_dressed(text)]:
            yield FAIL, f"{name} holds {some(found)}"


def numbers_are_bare(file: DataFile) -> Said:
    """Numbers have no commas, units or brackets, and symbols no brackets."""
    for name in file.indicators:
        if found := [text for text in _others(file, name) if text not in OBSOLETE and _is_dressed(text)]:
            yield FAIL, f"{name} holds {some(found)}: numbers and symbols stand bare"


def symbols_are_in_force(file: DataFile) -> Said:
    """No symbol that the standard has given up."""
    for name in file.indicators:
        if found := [text for text in _others(file, name) if text in OBSOLETE]:
            yield FAIL, f"{name} holds the obsolete symbol {some(found)}"


def indicators_hold_numbers(file: DataFile) -> Said:
    """No indicator holds symbols only."""
    empty = [name for name in file.indicators if set(file.cells[name].unique()) <= SYMBOLS | {""}]
    if empty and not file.cells.empty:
        yield REVIEW, f"no number at all in {some(empty)}"


def percentages_lie_between_0_and_100(file: DataFile) -> Said:
    """An indicator whose unit is % lies from 0 to 100."""
    percent = file.described.loc[file.described["indicator_unit"] == "%", "col_name"]
    for name in (one for one in percent if one in file.indicators):
        numbers = pd.to_numeric(file.cells[name], errors="coerce")
        if outside := int((~numbers.dropna().between(0, 100)).sum()):
            yield REVIEW, f"{outside} cells of {name} lie outside 0 to 100"
