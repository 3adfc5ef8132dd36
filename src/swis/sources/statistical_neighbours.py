"""Readers of the DfE's statistical neighbour models: the ten authorities most like each, nearest first.

Three layouts are met: the April 2021 table (SN1, SNP, SN2, SNP, …; as CSV, or as xlsx with two rows of numbers
above the header), the 2025 wide CSV (SN_1, SN_1P, …), and our own long table. In the 2021 model Cumbria (909)
stands for what became Cumberland (942) and Westmorland and Furness (943) in April 2023.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import pandas as pd

from swis.errors import InputError, Problem
from swis.sources.text import decode

COLUMNS = ["old_la_code", "neighbour_old_la_code", "rank", "closeness", "model"]
OWN_CODE_NAMES = ["la number", "la num", "old_la_code"]
ROWS_SEARCHED_FOR_HEADER = 10


def read_statistical_neighbours(path: Path, *, model: str = "") -> pd.DataFrame:
    """One row a neighbour: old_la_code, neighbour_old_la_code, rank (1 nearest), closeness (as published), model.

    `model` is the year of the model; by default the year in the file's name. InputError where the file cannot be
    read, holds no such table, or does not say its year.
    """
    table = _table(path)
    header = _header_row(table, path.name)
    names = [str(cell).strip().lower() for cell in table.iloc[header]]
    body = table.iloc[header + 1 :]
    if "neighbour_old_la_code" in names:
        return _own_layout(body, names)
    year = model or _year_in(path.name)
    own = next(names.index(name) for name in OWN_CODE_NAMES if name in names)
    places = {rank: place for place, name in enumerate(names) if (rank := _rank_of(name))}
    parts = [
        pd.DataFrame(
            {"old_la_code": body[own], "neighbour_old_la_code": body[place], "rank": rank, "closeness": body[place + 1]}
        )
        for rank, place in places.items()
    ]
    return _typed(pd.concat(parts).assign(model=year))


def looks_like_neighbours(path: Path) -> bool:
    """Whether a file holds a table of statistical neighbours in a known layout."""
    try:
        _header_row(_table(path), path.name)
    except InputError:
        return False
    return True


def _table(path: Path) -> pd.DataFrame:
    problem = Problem(path.name, "cannot be read", "a CSV or xlsx table of neighbours", "download it again")
    try:
        if path.suffix == ".xlsx":
            table = pd.read_excel(path, header=None, dtype=str, engine="calamine", keep_default_na=False)
        else:
            text, _ = decode(path.read_bytes())
            table = pd.read_csv(io.StringIO(text), header=None, dtype=str, keep_default_na=False)
    except (OSError, ValueError, pd.errors.ParserError):
        raise InputError([problem]) from None
    return table.set_axis(range(table.shape[1]), axis=1).fillna("")


def _header_row(table: pd.DataFrame, file: str) -> int:
    for row in range(min(ROWS_SEARCHED_FOR_HEADER, len(table))):
        names = {str(cell).strip().lower() for cell in table.iloc[row]}
        if "neighbour_old_la_code" in names or (names & set(OWN_CODE_NAMES) and any(map(_rank_of, names))):
            return row
    action = "use the DfE's table of statistical neighbours"
    raise InputError([Problem(file, "no header of neighbours", "columns SN1 to SN10, or SN_1 to SN_10", action)])


def _rank_of(name: str) -> int:
    found = re.fullmatch(r"sn_?(\d{1,2})", name)
    return int(found[1]) if found else 0


def _year_in(file: str) -> str:
    found = re.search(r"20\d\d", file)
    if found:
        return found[0]
    raise InputError(
        [Problem(file, "no year in the file's name", "the year of the model", "name the file by its year")]
    )


def _own_layout(body: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    return _typed(body.set_axis(names, axis=1)[COLUMNS])


def _typed(rows: pd.DataFrame) -> pd.DataFrame:
    """Codes of three digits only (blank lines and the heading 'Old SNs:' go), one spelling of closeness, sorted."""
    tidy = pd.DataFrame(
        {
            "old_la_code": rows["old_la_code"].astype("string").str.strip().str.removesuffix(".0"),
            "neighbour_old_la_code": rows["neighbour_old_la_code"].astype("string").str.strip().str.removesuffix(".0"),
            "rank": pd.to_numeric(rows["rank"]).astype("Int64"),
            "closeness": rows["closeness"].astype("string").str.strip().str.capitalize(),
            "model": rows["model"].astype("string").str.strip(),
        }
    )
    coded = tidy["old_la_code"].str.fullmatch(r"\d{3}") & tidy["neighbour_old_la_code"].str.fullmatch(r"\d{3}")
    return tidy[coded.fillna(False)].sort_values(["model", "old_la_code", "rank"]).reset_index(drop=True)
