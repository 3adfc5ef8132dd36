"""Everything published that a checkout holds: the compact tables that ship, and the DfE's own files beside them."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

import pandas as pd

from swis.errors import InputError, Problem, ReadingNote
from swis.published.figures import FIGURE
from swis.schemas import conform, table_schema
from swis.sources.explore_education_statistics import read_explore_education_statistics
from swis.sources.lait import DICTIONARY_NAME, read_lait
from swis.sources.published_files import META, looks_tidy, read_published_table
from swis.sources.published_measures import measures
from swis.sources.result import ReadResult, combine
from swis.sources.statistical_neighbours import looks_like_neighbours, read_statistical_neighbours

COMPACT_PREFIX = "published_figures_"
FIRST_PUBLICATIONS = "first_publications.csv"
NEIGHBOURS_FILE = "statistical_neighbours.csv"
MODEL_OF_TRIAL_YEARS = "2021"


def load_published(folder: Path, wanted: Collection[str] | None = None) -> pd.DataFrame:
    """Every figure under `folder` as schema `published`; the DfE's own files take over from the compact tables.

    `wanted` are the measures read; without it, all. A figure (measure, breakdown, area, period) that is in a DfE file
    replaces the compact table's, with its own vintage named; two DfE releases of one figure are both kept. InputError
    with every unreadable file.
    """
    return read_published(folder, wanted).tables["published"]


def read_published(folder: Path, wanted: Collection[str] | None = None) -> ReadResult:
    """As `load_published`, with the faults and the notes of what was tolerated."""
    ours, theirs = _files(folder)
    compact = combine([_read_compact(path, wanted) for path in ours] or [ReadResult({"published": _nothing()})])
    problems: list[Problem] = []
    named = set(measures()) if wanted is None else set(wanted)
    read = [result for path in theirs if (result := _read_dfe_file(path, folder, named, problems)) is not None]
    if problems:
        raise InputError(problems)
    own = combine(read) if read else ReadResult({"published": _nothing()})
    figures, notes = _taken_over(compact.tables["published"], own.tables["published"])
    first = folder / FIRST_PUBLICATIONS
    whole = [figures, read_published_table(first)] if first.is_file() else [figures]
    both = combine([compact, own])
    return ReadResult({"published": pd.concat(whole, ignore_index=True)}, both.faults, sorted({*both.notes, *notes}))


def load_neighbours(folder: Path, *, model: str = MODEL_OF_TRIAL_YEARS) -> pd.DataFrame:
    """Statistical neighbours of one model: old_la_code, neighbour_old_la_code, rank, closeness, model.

    The DfE's own table of that model, where it lies under `folder`, takes over from the one that ships. The April
    2021 model is the one of the trial years.
    """
    tables = _found(folder, "*.csv", "*.xlsx")
    named = [path for path in tables if re.search(r"neighbour|(^|_)sn_", path.name.lower())]
    candidates = [path for path in named if path.name != NEIGHBOURS_FILE and looks_like_neighbours(path)]
    for path in [*candidates, folder / NEIGHBOURS_FILE]:
        if path.is_file():
            table = read_statistical_neighbours(path)
            if table["model"].eq(model).any():
                return table[table["model"].eq(model)].reset_index(drop=True)
    action = "put the DfE's table of neighbours there"
    raise InputError([Problem(NEIGHBOURS_FILE, f"no model {model}", "a table of statistical neighbours", action)])


def _nothing() -> pd.DataFrame:
    return conform(pd.DataFrame(), "published")


def _found(folder: Path, *patterns: str) -> list[Path]:
    return sorted({path for pattern in patterns for path in folder.rglob(pattern) if path.is_file()})


def _files(folder: Path) -> tuple[list[Path], list[Path]]:
    """Compact tables, and files of the DfE: tidy CSVs and the parquet of LAIT."""
    data = [path for path in _found(folder, "*.csv", "*.csv.gz", "*.zip") if not path.name.endswith(META)]
    ours = [path for path in data if path.parent == folder and path.name.startswith(COMPACT_PREFIX)]
    others = [path for path in data if path not in ours and path != folder / FIRST_PUBLICATIONS]
    tidy = [path for path in others if looks_tidy(path)]
    return ours, tidy + _found(folder, "*.parquet")


def _read_compact(path: Path, wanted: Collection[str] | None) -> ReadResult:
    """A compact table: tidy as the DfE's, with blanks where a figure was not carried over."""
    read = read_explore_education_statistics(path, measures=wanted)
    figures = read.tables["published"]
    carried = figures[figures["value_as_published"].ne("")].reset_index(drop=True)
    return ReadResult({"published": carried}, read.faults, [note for note in read.notes if note.kind != "blank_cell"])


def _read_dfe_file(path: Path, folder: Path, wanted: set[str], problems: list[Problem]) -> ReadResult | None:
    name = path.relative_to(folder).as_posix()
    try:
        if path.suffix == ".parquet":
            return read_lait(path, dictionary=path.with_name(DICTIONARY_NAME), file=name)
        return read_explore_education_statistics(path, measures=wanted, file=name)
    except InputError as error:
        problems.extend(error.problems)
        return None


def _taken_over(compact: pd.DataFrame, own: pd.DataFrame) -> tuple[pd.DataFrame, list[ReadingNote]]:
    keys = list(table_schema("published").primary_key)
    unique = own.drop_duplicates([*keys, "value", "symbol"])
    again = unique.duplicated(keys)
    told = "figures given twice by one release with different values: the first was kept"
    notes = [ReadingNote("published", "figure_given_twice", int(again.sum()), told)] if again.any() else []
    replaced = pd.MultiIndex.from_frame(compact[FIGURE]).isin(pd.MultiIndex.from_frame(own[FIGURE]))
    return pd.concat([unique[~again], compact[~replaced]], ignore_index=True), notes
