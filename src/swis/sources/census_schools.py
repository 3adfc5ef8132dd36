"""Which school a school census row means: its NativeId is a URN, a LAESTAB, or a number of the authority's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from swis.errors import Problem
from swis.sources.csv_text import check_csv, load_csv
from swis.sources.text import of_distinct
from swis.sources.typed_table import source_file_of

NATIVE_IDS = "native_ids.csv"
COLUMNS = {"native_id": ["native_id", "NativeId"], "urn": ["urn"]}
URN = r"[1-9]\d{5}"
LAESTAB = r"\d{3}[/ -]?\d{4}"


def _beside(paths: Iterable[Path]) -> list[Path]:
    return sorted(path for path in {path.parent / NATIVE_IDS for path in paths} if path.is_file())


def check_native_ids(paths: Iterable[Path], folder: Path) -> list[Problem]:
    """Why a `native_ids.csv` beside the census modules could not be read; none where there is no such file."""
    return [
        problem
        for path in _beside(paths)
        for problem in check_csv(path, COLUMNS, required=list(COLUMNS), file=source_file_of(path, folder))
    ]


def native_ids_beside(paths: Iterable[Path], folder: Path) -> dict[str, str]:
    """The authority's own school numbers, from `native_ids.csv` (columns native_id, urn) beside the census modules."""
    found: dict[str, str] = {}
    for path in _beside(paths):
        text = load_csv(path, COLUMNS, required=list(COLUMNS), file=source_file_of(path, folder)).frame
        found |= dict(zip(*text.dropna()[["native_id", "urn"]].to_dict("list").values(), strict=True))
    return found


def school_of(native_ids: pd.Series, known: Mapping[str, str]) -> tuple[pd.Series, pd.Series]:
    """(urn, mask of rows whose school is not known). `known` maps LAESTAB (7 digits) or own numbers to URN.

    A number of the `known` ones comes first, then a six-digit number as a URN; blanks count as not known.
    """

    def schools(ids: pd.Series) -> pd.Series:
        return pd.Series([_school(text, known) for text in ids.str.removesuffix(".0")], dtype="string")

    urn = of_distinct(native_ids, schools)
    return urn, urn.isna()


def _school(text: str, known: Mapping[str, str]) -> str | None:
    if text in known:
        return known[text]
    if re.fullmatch(URN, text):
        return text
    if re.fullmatch(LAESTAB, text):
        return known.get("".join(filter(str.isdigit, text)))
    return None
