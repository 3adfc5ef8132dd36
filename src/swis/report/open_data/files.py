"""The files of open data: made, screened, and labelled for release."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from swis.disclosure.label import Releasable, releasable_cells
from swis.report.inputs import Inputs
from swis.report.measures import MeasureText
from swis.report.open_data.description import description_of
from swis.report.open_data.families import FAMILIES, Family, members
from swis.report.open_data.matrix import ACADEMIC_YEAR, rows_of
from swis.report.render import SYNTHETIC_WORDS
from swis.report.screener import data_file, failures, screen

FOLDER = "open_data"


class UnsoundFileError(Exception):
    """A file of open data that the screener fails; it is not released."""


@dataclass(frozen=True)
class OpenDataTable:
    """A file and the description beside it; `counts` are the columns that count people, events or schools."""

    name: str
    cells: pd.DataFrame = field(repr=False)
    description: pd.DataFrame = field(repr=False)
    counts: tuple[str, ...]


def open_data_files(inputs: Inputs) -> list[Releasable]:
    """Every file of open data of an evaluation with its description, below the run's folder of reports.

    UnsoundFileError where the screener fails one, DisclosureError where a count has not passed the door.
    """
    let_through = _let_through(inputs)
    files = []
    for table in open_data_tables(inputs):
        path = f"{FOLDER}/{table.name}"
        made = releasable_cells(f"{path}.csv", table.cells, table.counts, let_through)
        described = releasable_cells(f"{path}.meta.csv", table.description, (), let_through)
        _raise_if_unsound(made, described)
        files += [made, described]
    return files


def open_data_tables(inputs: Inputs) -> list[OpenDataTable]:
    """The tables before they become files; none of an authority report, whose numbers stand in the evaluation's."""
    if inputs.by_authority is None:
        return []
    outcomes = pd.concat([inputs.outcomes.frame, inputs.by_authority.frame], ignore_index=True)
    years = outcomes[outcomes["period_kind"] == ACADEMIC_YEAR]
    texts = [text for text in inputs.measures.values() if text.name in set(years["measure"])]
    found = [(family, members(family, texts)) for family in FAMILIES]
    return [_table(family, kept, years, inputs) for family, kept in found if kept]


def _table(family: Family, outcomes: list[MeasureText], years: pd.DataFrame, inputs: Inputs) -> OpenDataTable:
    kept = years[years["measure"].isin([text.name for text in outcomes])]
    cells = pd.DataFrame(rows_of(family, outcomes, kept, inputs))
    described = description_of(family, cells, int(kept["decimals"].max()))
    marks = {"data_status": SYNTHETIC_WORDS} if inputs.is_synthetic else {}
    told = cells.assign(**marks, disclosure_policy=inputs.outcomes.policy)
    return OpenDataTable(family.file, told, described, family.counts)


def _let_through(inputs: Inputs) -> frozenset[int]:
    """Every count of outcomes that has passed the door."""
    parts = [part for part in (inputs.outcomes, inputs.by_authority) if part is not None]
    columns = [part.frame[name].dropna() for part in parts for name in part.counts]
    return frozenset(int(value) for column in columns for value in column.unique())


def _raise_if_unsound(made: Releasable, described: Releasable) -> None:
    file = data_file(made.path.name, made.content, described.path.name, described.content)
    if found := failures(screen(file)):
        lines = "; ".join(f"{finding.check}: {finding.message}" for finding in found)
        raise UnsoundFileError(f"{made.path} may not be released: {lines}")
