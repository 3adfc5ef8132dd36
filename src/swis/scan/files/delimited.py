"""Text that is a table: cells parted by commas, semicolons, tabs or bars, or one cell a line."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.csv as pa_csv

from swis.scan.parts import Column

DELIMITERS = ",;\t|"
LINES_LOOKED_AT = 20
LONGEST_LINE_OF_A_LIST = 60
LEAST_LINES_OF_A_LIST = 2


def read_delimited(text: str) -> Iterator[Column]:
    """The columns of a table in text; nothing where the text is no table."""
    delimiter = _delimiter(text)
    if delimiter is None:
        lines = text.split("\n")
        if len(lines) >= LEAST_LINES_OF_A_LIST and max(map(len, lines)) <= LONGEST_LINE_OF_A_LIST:
            yield Column("lines", lines[0], [line.strip() for line in lines if line.strip()])
        return
    for number, (header, cells) in enumerate(_columns(text, delimiter), 1):
        yield Column(f"column {number}", header, cells)


def _delimiter(text: str) -> str | None:
    """The delimiter that stands equally often, and at all, in most of the first lines."""
    lines = [line for line in text[:20_000].splitlines()[:LINES_LOOKED_AT] if line.strip()]
    for delimiter in DELIMITERS:
        counts = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
        width, often = counts.most_common(1)[0] if counts else (0, 0)
        if width > 1 and often >= 0.6 * len(lines) and len(lines) > 1:
            return delimiter
    return None


def _columns(text: str, delimiter: str) -> Iterator[tuple[str, list[str]]]:
    content = text.encode("utf-8", "replace")
    heads = next(csv.reader(io.StringIO(text[:1_000_000]), delimiter=delimiter), [])
    names = [str(place) for place in range(len(heads))]
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(content),
            read_options=pa_csv.ReadOptions(column_names=names, skip_rows=1, use_threads=False),
            parse_options=pa_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=_skip),
            convert_options=pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
        )
    except pa.ArrowInvalid:
        yield from _columns_line_by_line(text, delimiter)
        return
    for head, column in zip(heads, table.columns, strict=True):
        yield head, [cell for cell in column.to_pylist() if cell]


def _skip(_: object) -> str:
    """A row of another width: its text is read with the rest all the same."""
    return "skip"


def _columns_line_by_line(text: str, delimiter: str) -> Iterator[tuple[str, list[str]]]:
    rows = list(csv.reader(text.splitlines(), delimiter=delimiter))
    for at, head in enumerate(rows[0] if rows else []):
        yield head, [row[at] for row in rows[1:] if len(row) > at and row[at]]
