"""Checks of filters: what a user of the file chooses rows by."""

from __future__ import annotations

import re

import pandas as pd

from swis.report.screener.data_file import DataFile
from swis.report.screener.finding import FAIL, REVIEW, Said, some
from swis.report.screener.standard import PLACES, TOTAL

MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
DAMAGED_BAND = re.compile(rf"\d{{1,2}}-(?:{MONTH})|(?:{MONTH})-\d{{1,2}}")


def _items(file: DataFile, name: str) -> list[str]:
    return sorted(file.cells[name].unique())


def filters_are_filled(file: DataFile) -> Said:
    """No filter cell is blank."""
    if found := [name for name in file.filters if (file.cells[name] == "").any()]:
        yield FAIL, f"blank cells in {some(found)}"


def filter_labels_are_spelt_one_way(file: DataFile) -> Said:
    """No two labels of a filter differ only in capitals or spaces."""
    for name in file.filters:
        spelt: dict[str, list[str]] = {}
        for item in _items(file, name):
            spelt.setdefault(re.sub(r"\s+", " ", item.strip().casefold()), []).append(item)
        if found := [item for items in spelt.values() if len(items) > 1 for item in items]:
            yield FAIL, f"{name} has one label spelt several ways: {some(found)}"


def filters_have_a_total(file: DataFile) -> Said:
    """Each filter has the item Total, which a table tool shows first."""
    chosen = [name for name in file.filters if name not in file.groupings]
    if found := [name for name in chosen if len(_items(file, name)) > 1 and TOTAL not in _items(file, name)]:
        yield REVIEW, f"no item '{TOTAL}' in {some(found)}"


def bands_are_not_dates(file: DataFile) -> Said:
    """No band was turned into a date by a spreadsheet program."""
    for name in file.filters:
        if found := [item for item in _items(file, name) if DAMAGED_BAND.fullmatch(item)]:
            yield FAIL, f"{name} has bands that became dates: {some(found)}"


def every_combination_has_its_row(file: DataFile) -> Said:
    """In each place, every item of a filter that it has meets every item of the others in every period."""
    chosen = [name for name in file.filters if name not in file.groupings]
    place = [name for name in ("geographic_level", *PLACES) if name in file.cells and name != "new_la_code"]
    if "time_period" not in file.cells or file.cells.empty or not place:
        return
    rows = file.cells[[*place, "time_period", *chosen]].drop_duplicates()
    sizes = rows.groupby(place, sort=False).agg(dict.fromkeys(["time_period", *chosen], "nunique"))
    missing = int((sizes.prod(axis=1) - rows.groupby(place, sort=False).size()).sum())
    if missing:
        yield FAIL, f"{missing} combinations of period and filters have no row"


def groups_hold_each_item_once(file: DataFile) -> Said:
    """An item of a grouped filter belongs to one group."""
    for name, group in _grouped(file):
        pairs = file.cells[[name, group]].drop_duplicates()
        if found := sorted(set(pairs.loc[pairs.duplicated(name), name])):
            yield FAIL, f"{name} has items in several groups of {group}: {some(found)}"


def _grouped(file: DataFile) -> list[tuple[str, str]]:
    said: pd.DataFrame = file.described[["col_name", "filter_grouping_column"]]
    pairs = [(str(name), str(group)) for name, group in said.itertuples(index=False)]
    return [(name, group) for name, group in pairs if name in file.cells and group in file.cells]
