"""An open-data file and the description beside it, as text: what every check looks at."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from swis.report.screener.standard import FILTER, INDICATOR, OBSOLETE, STANDARD, SYMBOLS

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
NUMBER = r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"


@dataclass(frozen=True)
class DataFile:
    """The cells of a file as they are written, its header as it is written, and its description (`meta`, if any).

    encoding: 'utf-8', 'utf-8 with mark' or 'other'. uneven_lines: how many lines are longer or shorter than the header.
    """

    name: str
    header: tuple[str, ...]
    cells: pd.DataFrame = field(repr=False)
    meta_name: str = ""
    meta: pd.DataFrame | None = field(default=None, repr=False)
    encoding: str = "utf-8"
    uneven_lines: int = 0

    @cached_property
    def own_columns(self) -> list[str]:
        """Columns that are neither time nor place."""
        return [name for name in self.cells.columns if name not in STANDARD]

    @cached_property
    def described(self) -> pd.DataFrame:
        """The description's rows, with every column the checks ask for; no row where there is no description."""
        wanted = ["col_name", "col_type", "label", "indicator_unit", "indicator_dp", "filter_hint"]
        meta = self.meta if self.meta is not None else pd.DataFrame(columns=wanted, dtype=str)
        return meta.reindex(columns=[*dict.fromkeys([*wanted, "filter_grouping_column", *meta.columns])], fill_value="")

    @cached_property
    def groupings(self) -> list[str]:
        """Columns that group the items of a filter."""
        return [name for name in self.described["filter_grouping_column"] if name]

    @cached_property
    def filters(self) -> list[str]:
        """Filter columns and those that group them: as the description says, else those that hold words."""
        return [*self._of_type(FILTER), *[name for name in self.groupings if name in self.cells]]

    @cached_property
    def indicators(self) -> list[str]:
        """Indicator columns: as the description says, else those that hold numbers and symbols."""
        return self._of_type(INDICATOR)

    def _of_type(self, kind: str) -> list[str]:
        if self.meta is not None:
            said = self.described.loc[self.described["col_type"] == kind, "col_name"]
            return [name for name in dict.fromkeys(said) if name in self.own_columns]
        return [name for name in self.own_columns if (_holds_numbers(self.cells[name])) is (kind == INDICATOR)]


def _holds_numbers(cells: pd.Series) -> bool:
    """Whether more than half of a column's different texts are numbers or symbols; all blank counts as an indicator."""
    texts = pd.Series(cells.unique(), dtype=str)
    is_figure = texts.str.fullmatch(NUMBER) | texts.isin(SYMBOLS | OBSOLETE | {""})
    return bool(is_figure.mean() > 0.5)


def data_file(name: str, content: bytes, meta_name: str = "", meta: bytes | None = None) -> DataFile:
    """Read a file and its description from their bytes; nothing of them is mended."""
    header, rows, uneven = _rows(_text(content)[0])
    described = None
    if meta is not None:
        meta_header, meta_rows, _ = _rows(_text(meta)[0])
        described = _frame(meta_header, meta_rows)
    encoding = _text(content)[1]
    return DataFile(name, tuple(header), _frame(header, rows), meta_name, described, encoding, uneven)


def _text(content: bytes) -> tuple[str, str]:
    if content.startswith(BYTE_ORDER_MARK):
        return content.decode("utf-8-sig", errors="replace"), "utf-8 with mark"
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "other"


def _rows(text: str) -> tuple[list[str], list[list[str]], int]:
    lines = list(csv.reader(io.StringIO(text)))
    header, rows = (lines[0], lines[1:]) if lines else ([], [])
    uneven = sum(len(row) != len(header) for row in rows)
    width = len(header)
    return header, [(row + [""] * width)[:width] if len(row) != width else row for row in rows], uneven


def _frame(header: list[str], rows: list[list[str]]) -> pd.DataFrame:
    """The first column of each name; a second of the same name is told of by the check that looks for it."""
    frame = pd.DataFrame(rows, columns=header, dtype=str)
    return frame.loc[:, ~frame.columns.duplicated()]
