"""Read a children in need census return (XML, years 2017 to 2026) child by child, in memory flat in file size.

A block the reader does not know (such as the pre-proceedings block of 2026) is counted and passed over. The order
of elements inside a block, their namespace and the case of their names do not matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from lxml import etree

from swis.errors import InputError, Problem, ReadingNote
from swis.schemas import conform
from swis.sources import cin_layout as layout
from swis.sources.cin_batches import Batch, Names, lay_out
from swis.sources.cin_header import (
    PARSER_OPTIONS,
    encoding_override,
    raise_if_document_type,
    raise_if_no_content,
    read_header,
)
from swis.sources.result import FAULT_COLUMNS, ReadResult, empty_faults, stack_faults

CHILDREN_PER_BATCH = 2000
PANDAS_TYPES = {
    pa.string(): pd.StringDtype(),
    pa.bool_(): pd.BooleanDtype(),
    pa.int64(): pd.Int64Dtype(),
}
MESSAGES = {
    "boolean_as_word": "yes and no written as words, not 0 and 1",
    "sex_as_number": "Sex holds a number, read as M, F or U",
    "stray_text": "text between elements, passed over",
    "element_not_read": "elements no measure needs, or of a block not known, passed over",
    "element_repeated": "an element that stands twice in its block: the first is read",
    "block_outside_case": "a block outside any CINdetails of its child, left out",
    "dates_in_another_form": "batches of children with dates not in the form 2021-03-31",
    "booleans_in_another_form": "batches of children with yes and no in other forms",
    "integers_in_another_form": "batches of children with numbers in other forms",
    "byte_order_mark": "begins with a byte order mark",
    "cp1252": "not UTF-8: read as Windows text (cp1252)",
    "reference_date_not_31_march": "the header's ReferenceDate is not a 31 March",
    "no_children": "the return holds no child",
}


@dataclass(frozen=True)
class CinFile:
    """One file of a return: the name it goes by, and the year it ends in where that is not the header's."""

    path: Path
    source_file: str
    return_year: int | None = None


def read_cin_census(path: Path, *, authority: str, source_file: str = "", return_year: int | None = None) -> ReadResult:
    """The tables of one file: `read_cin_censuses` of that one."""
    return read_cin_censuses([CinFile(path, source_file or path.name, return_year)], authority=authority)


def read_cin_censuses(files: Sequence[CinFile], *, authority: str) -> ReadResult:
    """Tables children, referrals, assessments, section47, conferences, protection_plans and cin_plans of some files.

    `source_record` is the ordinal of the Child in its file. Raises InputError where a file is missing, empty, not XML,
    cut off (naming the last whole child), or has no year.
    """
    read = [_read_file(one) for one in files]
    batches = [batch for of_file, _ in read for batch in of_file]
    tables = {name: _as_frame(name, batches, authority) for name in layout.TABLES}
    faults = [_faults(of_file, authority, one.source_file) for (of_file, _), one in zip(read, files, strict=True)]
    return ReadResult(tables, stack_faults(faults), [note for _, notes in read for note in notes])


def _read_file(one: CinFile) -> tuple[list[Batch], list[ReadingNote]]:
    """The batches of a file, whose tables say which file and year they are of, and what was tolerated."""
    header = read_header(one.path, file=one.source_file)
    year = one.return_year if one.return_year is not None else header.return_year
    if year is None:
        where, action = "no Year in the header", "export the return again"
        raise InputError([Problem(one.source_file, where, "the year it ends in", action)])
    batches = list(read_batches(one.path, file=one.source_file))
    oddities: Counter[str] = sum((batch.oddities for batch in batches), Counter())
    oddities["byte_order_mark"] += _has_byte_order_mark(one.path)
    oddities["cp1252"] += encoding_override(one.path) is not None
    reference = header.reference_date
    oddities["reference_date_not_31_march"] += reference is not None and (reference.month, reference.day) != (3, 31)
    oddities["no_children"] += not any(len(batch.tables[layout.CHILDREN.table]) for batch in batches)
    same: dict[str, str | int] = {"source_file": one.source_file, "return_year": year}
    for batch in batches:
        batch.tables = {name: _with_same(table, same) for name, table in batch.tables.items()}
    kinds = sorted(oddities.items())
    return batches, [ReadingNote(one.source_file, kind, int(n), MESSAGES[kind]) for kind, n in kinds if n > 0]


def _with_same(table: pa.Table, same: Mapping[str, str | int]) -> pa.Table:
    """A table with columns that hold the same value in every row."""
    for name, value in same.items():
        table = table.append_column(name, pa.repeat(value, len(table)))
    return table


def read_batches(path: Path, *, file: str = "", children_per_batch: int = CHILDREN_PER_BATCH) -> Iterator[Batch]:
    """The children of a file in batches of Arrow tables, in file order; holds one batch in memory at a time.

    Raises InputError, with the ordinal of the last whole child, where the XML breaks off or is not well formed.
    """
    name = file or path.name
    raise_if_no_content(path, name)
    names = Names()
    read = first = stray = 0
    codes: list[int] = []
    texts: list[str | None] = []
    try:
        for child in _children(path, name):
            nodes = list(child.iter("*"))
            found = [names[node.tag] for node in nodes]
            if names.enquiry in found and names.conference in found:
                _mark_conferences(nodes, found, names)
            codes += found
            texts += [node.text for node in nodes]
            stray += _stray_tails(nodes)
            read += 1
            if read - first == children_per_batch:
                yield _finish(codes, texts, names, first + 1, stray)
                codes, texts, stray, first = [], [], 0, read
    except etree.XMLSyntaxError as error:
        where = f"breaks off or is not well formed after child {read} (line {error.lineno or 1})"
        raise InputError([Problem(name, where, "a whole Message", "export or send the return again")]) from None
    if codes:
        yield _finish(codes, texts, names, first + 1, stray)


def count_whole_children(path: Path) -> int:
    """How many children stand whole in a file that may be cut off."""
    count = 0
    try:
        for _ in _children(path, path.name):
            count += 1
    except etree.XMLSyntaxError:
        pass
    return count


def _children(path: Path, name: str) -> Iterator[Any]:
    """Each Child element; it and all before it are freed when the next is asked for."""
    options = PARSER_OPTIONS | {"remove_blank_text": True, "encoding": encoding_override(path)}
    with path.open("rb") as stream:
        is_first = True
        for _, child in etree.iterparse(stream, events=("end",), tag="{*}Child", **options):
            if is_first:
                raise_if_document_type(child, name)
                is_first = False
            yield child
            child.clear()
            parent = child.getparent()
            while child.getprevious() is not None:
                del parent[0]


def _mark_conferences(nodes: list[Any], codes: list[int], names: Names) -> None:
    """Give the conference date of an enquiry its own name, to tell it from that of the case in any order."""
    for place, node in enumerate(nodes):
        if codes[place] == names.conference and names[node.getparent().tag] == names.enquiry:
            codes[place] = names.conference_of_enquiry


def _stray_tails(nodes: list[Any]) -> int:
    tails = [node.tail for node in nodes if node.tail]
    return sum(not tail.isspace() for tail in tails)


def _finish(codes: list[int], texts: list[str | None], names: Names, first_record: int, stray: int) -> Batch:
    batch = lay_out(codes, texts, names, first_record)
    batch.oddities["stray_text"] += stray
    return batch


def _has_byte_order_mark(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(3).startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))


def _as_frame(name: str, batches: list[Batch], authority: str) -> pd.DataFrame:
    if not batches:
        return conform(pd.DataFrame(), name)
    table = pa.concat_tables([batch.tables[name] for batch in batches])
    stamps = [
        column.cast(pa.timestamp("us")) if pa.types.is_date32(column.type) else column for column in table.columns
    ]
    frame = pa.table(stamps, names=table.column_names).to_pandas(types_mapper=PANDAS_TYPES.get)
    return conform(frame.assign(authority=authority), name)


def _faults(batches: list[Batch], authority: str, file: str) -> pd.DataFrame:
    found = [fault for batch in batches for fault in batch.faults]
    if not found:
        return empty_faults()
    frame = pd.DataFrame(found, columns=["table", "column", "fault", "source_record"])
    frame = frame.assign(authority=authority, source_file=file)[FAULT_COLUMNS]
    return frame.astype(dict.fromkeys(FAULT_COLUMNS, "string") | {"source_record": "Int64"})
