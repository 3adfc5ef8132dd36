"""Checks of the description (.meta.csv), and of whether it agrees with the data. Silent where there is none."""

from __future__ import annotations

from swis.report.screener.data_file import DataFile
from swis.report.screener.finding import FAIL, REVIEW, Said, some
from swis.report.screener.standard import FILTER, INDICATOR, META_COLUMNS, STANDARD, UNITS


def _names(file: DataFile, kind: str = "") -> list[str]:
    said = file.described
    return list(said.loc[said["col_type"] == kind, "col_name"] if kind else said["col_name"])


def _filled(file: DataFile, column: str, kind: str) -> list[str]:
    """Names of the columns of a kind whose description fills `column`."""
    said = file.described
    return list(said.loc[(said["col_type"] == kind) & (said[column] != ""), "col_name"])


def description_has_its_columns(file: DataFile) -> Said:
    """The description has the standard's eight columns and no other."""
    if file.meta is None:
        return
    if missing := [name for name in META_COLUMNS if name not in file.meta]:
        yield FAIL, f"no column {some(missing)} in the description"
    if other := [name for name in file.meta if name not in META_COLUMNS]:
        yield FAIL, f"the description has columns of its own: {some(other)}"


def every_column_is_described(file: DataFile) -> Said:
    """Each column but those of time and place, groups, and those that say one thing in every row."""
    if file.meta is None:
        return
    known = {*_names(file), *file.groupings}
    varied = [name for name in file.own_columns if file.cells[name].nunique() > 1]
    if found := [name for name in varied if name not in known]:
        yield FAIL, f"not described: {some(found)}"


def described_columns_are_there(file: DataFile) -> Said:
    """The description names no column that the file has not."""
    if found := [name for name in [*_names(file), *file.groupings] if name not in file.cells]:
        yield FAIL, f"described but not in the file: {some(found)}"


def columns_are_described_once(file: DataFile) -> Said:
    """The description names no column twice."""
    names = _names(file)
    if found := sorted({name for name in names if names.count(name) > 1}):
        yield FAIL, f"described more than once: {some(found)}"


def time_and_place_are_not_described(file: DataFile) -> Said:
    """Columns of the standard need no description."""
    if found := [name for name in _names(file) if name in STANDARD]:
        yield FAIL, f"columns of time and place in the description: {some(found)}"


def types_are_filter_or_indicator(file: DataFile) -> Said:
    """col_type is Filter or Indicator."""
    if found := sorted(set(file.described["col_type"]) - {FILTER, INDICATOR}):
        yield FAIL, f"col_type {some(found)}"


def labels_are_filled_and_differ(file: DataFile) -> Said:
    """Every column has a label of its own."""
    labels = list(file.described["label"])
    if blank := labels.count(""):
        yield FAIL, f"{blank} columns without a label"
    if found := sorted({label for label in labels if label and labels.count(label) > 1}):
        yield FAIL, f"several columns labelled {some(found)}"


def units_are_of_the_list(file: DataFile) -> Said:
    """indicator_unit is blank, %, pp, £ or £m, and of indicators only."""
    said = file.described
    if found := sorted(set(said["indicator_unit"]) - UNITS):
        yield FAIL, f"indicator_unit {some(found)}"
    if found := _filled(file, "indicator_unit", FILTER):
        yield FAIL, f"filters with a unit: {some(found)}"


def decimals_are_whole_numbers(file: DataFile) -> Said:
    """indicator_dp is a whole number, and of indicators only."""
    said = file.described
    texts = sorted(set(said.loc[said["indicator_dp"] != "", "indicator_dp"]))
    if found := [text for text in texts if not (text.isascii() and text.isdigit())]:
        yield FAIL, f"indicator_dp {some(found)}"
    if found := _filled(file, "indicator_dp", FILTER):
        yield FAIL, f"filters with decimals: {some(found)}"


def decimals_are_said(file: DataFile) -> Said:
    """Each indicator says its decimals; two are shown where it does not."""
    if found := [name for name in _names(file, INDICATOR) if name not in _filled(file, "indicator_dp", INDICATOR)]:
        yield REVIEW, f"no indicator_dp for {some(found)}: two decimals will be shown"


def hints_and_groups_are_of_filters(file: DataFile) -> Said:
    """filter_hint and filter_grouping_column are of filters only, and no group is described itself."""
    for column in ("filter_hint", "filter_grouping_column"):
        if found := _filled(file, column, INDICATOR):
            yield FAIL, f"indicators with a {column}: {some(found)}"
    if found := sorted(set(file.groupings) & set(_names(file))):
        yield FAIL, f"groups with a description of their own: {some(found)}"


def filters_leave_a_choice(file: DataFile) -> Said:
    """A filter that is described has at least two items."""
    if found := [name for name in _names(file, FILTER) if name in file.cells and file.cells[name].nunique() == 1]:
        yield FAIL, f"filters with one item, which are not described: {some(found)}"
