"""Parquet: every value of every column that can hold text, a whole number or a date, and all metadata."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from swis.scan.parts import ENCRYPTED, UNREADABLE, Column, Found, Inside, Part, Text


def read_parquet(content: bytes) -> Iterator[Part]:
    """Metadata of the file and its columns, then the values, one row group at a time."""
    if content[-4:] == b"PARE":
        yield Found("table", ENCRYPTED)
        return
    try:
        opened = pq.ParquetFile(pa.BufferReader(content))
    except (pa.ArrowException, OSError):
        yield Found("table", UNREADABLE)
        return
    yield from _metadata(opened)
    for group in range(opened.num_row_groups):
        try:
            table = opened.read_row_group(group)
        except (pa.ArrowException, OSError):
            yield Found("table", UNREADABLE)
            return
        yield from _rows(table)


def _metadata(opened: pq.ParquetFile) -> Iterator[Part]:
    schema = opened.schema_arrow
    held = [*(opened.metadata.metadata or {}).items(), *(schema.metadata or {}).items()]
    held += [pair for column in schema for pair in (column.metadata or {}).items()]
    for key, value in held:
        # Arrow keeps a copy of its own schema as base64, metadata and all: what it holds has been read here.
        if key != b"ARROW:schema":
            yield Inside("metadata of the table", key + b": " + value, is_guess=True)
    yield Text("metadata of the table", "\n".join([opened.metadata.created_by or "", *schema.names]))


def _rows(table: pa.Table) -> Iterator[Part]:
    texts = []
    for number, (name, column) in enumerate(zip(table.column_names, table.columns, strict=True), 1):
        if pa.types.is_floating(column.type) and not _is_whole(column):
            continue
        values = [_cell(value) for value in column.to_pylist() if value is not None]
        yield Column(f"column {number}", name, values)
        texts.append(values)
    # Row by row as well, for what is split over the cells of a row.
    if texts:
        yield Text("values of the table", "\n".join(" ".join(row) for row in zip(*texts, strict=False)))
        yield Text("values of the table", "\n".join("\n".join(values) for values in texts))


def _cell(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _is_whole(column: pa.ChunkedArray) -> bool:
    """Whether numbers kept as decimals are whole ones (identifiers, where some are missing)."""
    some = column.drop_null().slice(0, 100).to_pylist()
    return bool(some) and all(value == value and abs(value) < 1e15 and value == int(value) for value in some)
