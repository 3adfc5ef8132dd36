"""Lay out a batch of CIN census children as typed Arrow columns, one table a block.

The parser gives the elements of many children as two long lists, names and texts in document order. Everything
after that is arithmetic on positions: a value belongs to the latest start of its block before it, and no Python
object is made for a cell.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from swis.sources import cin_layout as layout
from swis.sources.cin_header import local_name
from swis.sources.result import NOT_A_BOOLEAN, NOT_A_DATE, NOT_A_NUMBER
from swis.sources.text import parse_booleans, parse_dates, parse_integers

KINDS = {
    "dates": (pa.date32(), parse_dates, NOT_A_DATE),
    "booleans": (pa.bool_(), parse_booleans, NOT_A_BOOLEAN),
    "integers": (pa.int64(), parse_integers, NOT_A_NUMBER),
}
SEX = {"1": "M", "2": "F", "0": "U", "9": "U", "N": "U"}
KNOWN = layout.known_elements()
NONE = np.empty(0, dtype=np.int64)


@dataclass
class Batch:
    """Typed rows of some children by table, faults as (table, column, fault, record), and counts of oddities."""

    tables: dict[str, pa.Table] = field(default_factory=dict)
    faults: list[tuple[str, str, str, int]] = field(default_factory=list)
    oddities: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Elements:
    """The elements of a batch: all texts, and the positions of each name, in document order."""

    texts: pa.StringArray
    positions: dict[str, np.ndarray]
    first_record: int

    def at(self, name: str) -> np.ndarray:
        """Positions of the elements of one name, ascending."""
        return self.positions.get(name, NONE)

    @property
    def children(self) -> np.ndarray:
        """Positions at which a child begins."""
        return self.at(layout.CHILD)

    def child_of(self, positions: np.ndarray) -> np.ndarray:
        """Which child of the batch each position lies in."""
        return latest_start(positions, self.children)


@dataclass(frozen=True)
class Rows:
    """The rows of one block: where each starts, its child, and its case (all as indices inside the batch)."""

    starts: np.ndarray
    child: np.ndarray
    case: np.ndarray


def latest_start(positions: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Index of the last start at or before each position, -1 where there is none."""
    return np.searchsorted(starts, positions, side="right") - 1


class Names(dict[str, int]):
    """A number for each element name (in lower case, without namespace), given when a tag is first met.

    Numbers take the place of names in the long lists, because a tag would be a new text for every element.
    """

    def __init__(self) -> None:
        """Number the names the reader must be able to tell while it reads."""
        super().__init__()
        self.listed: list[str] = []
        self.enquiry = self.number(layout.SECTION_47)
        self.conference = self.number(layout.CONFERENCE)
        self.conference_of_enquiry = self.number(layout.CONFERENCE_OF_ENQUIRY)

    def number(self, name: str) -> int:
        """The number of a name, a new one for a new name."""
        if name not in self.listed:
            self.listed.append(name)
        return self.listed.index(name)

    def __missing__(self, tag: str) -> int:
        """Remember the number of a tag that is met for the first time."""
        self[tag] = self.number(local_name(tag))
        return self[tag]


def lay_out(codes: list[int], texts: list[str | None], names: Names, first_record: int) -> Batch:
    """Typed tables of a batch of children whose elements are given in document order (`codes` from `names`).

    `first_record` is the ordinal in the file of the first child. Columns are those of the tables' schemas except
    authority, return_year and source_file, which are the same for a whole file.
    """
    batch = Batch()
    elements = _index(codes, texts, names, first_record)
    cases = _rows_of(batch, elements, layout.CASE)
    ids = elements.texts.take(_places(batch, elements, "lachildid", elements.children))
    dates = _converted(batch, elements, layout.REFERRALS.table, "referral_date", "dates", cases, "cinreferraldate")
    for block in layout.BLOCKS:
        _lay_out_block(batch, elements, block, ids, dates)
    batch.tables["conferences"] = _conferences(batch, elements, cases, ids, dates)
    _count_oddities(batch, elements)
    return batch


def _index(codes: list[int], texts: list[str | None], names: Names, first_record: int) -> Elements:
    """Positions by name, ascending; texts trimmed, blank ones missing."""
    numbers = np.array(codes, dtype=np.int32)
    order = np.argsort(numbers, kind="stable")
    ends = np.cumsum(np.bincount(numbers, minlength=len(names.listed)))
    positions = dict(zip(names.listed, np.split(order, ends[:-1]), strict=True))
    trimmed = pc.utf8_trim_whitespace(pa.array(texts, type=pa.string()))
    return Elements(pc.if_else(pc.equal(trimmed, ""), None, trimmed), positions, first_record)


def _rows_of(batch: Batch, elements: Elements, name: str) -> Rows:
    """The rows of a block; one that stands in no case of its child is left out and counted."""
    starts = elements.at(name)
    child = elements.child_of(starts)
    if name == layout.CHILD:
        return Rows(starts, child, np.full(len(starts), -1))
    cases = elements.at(layout.CASE)
    case = latest_start(starts, cases)
    inside = case >= 0
    inside[inside] = elements.child_of(cases[case[inside]]) == child[inside]
    batch.oddities["block_outside_case"] += int((~inside).sum())
    return Rows(starts[inside], child[inside], case[inside])


def _members(elements: Elements, name: str, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the elements of a name that lie in one of the blocks, and the block of each."""
    positions = elements.at(name)
    row = latest_start(positions, starts)
    inside = row >= 0
    inside[inside] = elements.child_of(starts[row[inside]]) == elements.child_of(positions[inside])
    return positions[inside], row[inside]


def _places(batch: Batch, elements: Elements, name: str, starts: np.ndarray) -> pa.Array:
    """Position of the element of a name in each block, missing where it has none; the first of several."""
    positions, row = _members(elements, name, starts)
    place = np.full(len(starts), -1)
    place[row[::-1]] = positions[::-1]
    batch.oddities["element_repeated"] += len(positions) - int((place >= 0).sum())
    return pa.array(place, mask=place < 0)


def _converted(
    batch: Batch, elements: Elements, table: str, column: str, kind: str, rows: Rows, element: str
) -> pa.Array:
    """A typed column of a block: by Arrow where every cell is in the form the census asks, else with tolerance."""
    arrow_type, parse, fault = KINDS[kind]
    texts = elements.texts.take(_places(batch, elements, element, rows.starts))
    if kind == "booleans":
        batch.oddities["boolean_as_word"] += pc.sum(pc.greater(pc.utf8_length(texts), 1)).as_py() or 0
    try:
        return texts.cast(arrow_type)
    except pa.ArrowInvalid:
        values, faulty = parse(texts)
    records = rows.child[faulty.to_numpy()] + elements.first_record
    batch.faults.extend((table, column, fault, int(record)) for record in records)
    batch.oddities[f"{kind}_in_another_form"] += 1
    return pa.array(values, from_pandas=True).cast(arrow_type)


def _lay_out_block(
    batch: Batch, elements: Elements, block: layout.Block, ids: pa.Array, referral_dates: pa.Array
) -> None:
    rows = _rows_of(Batch() if block is layout.REFERRALS else batch, elements, block.element)
    records = pa.array(rows.child + elements.first_record)
    columns = {"source_record": records, "la_child_id": ids.take(rows.child)}
    if block is not layout.CHILDREN:
        columns["referral_date"] = referral_dates.take(rows.case)
    for column, names in block.texts.items():
        if column not in columns:
            columns[column] = _text(batch, elements, column, names, rows.starts)
    for kind in KINDS:
        for column, name in getattr(block, kind).items():
            if column not in columns:
                columns[column] = _converted(batch, elements, block.table, column, kind, rows, name)
    for column, name in block.lists.items():
        columns[column] = _joined(elements, name, rows.starts)
    for column, name in block.counts.items():
        row = _members(elements, name, rows.starts)[1]
        columns[column] = pa.array(np.bincount(row, minlength=len(rows.starts)))
    batch.tables[block.table] = pa.table(columns)


def _text(batch: Batch, elements: Elements, column: str, names: tuple[str, ...], starts: np.ndarray) -> pa.Array:
    found = [elements.texts.take(_places(batch, elements, name, starts)) for name in names]
    if column != "sex":
        return pc.coalesce(*found)
    numbers = pa.array(["0", "1", "2", "9"])
    batch.oddities["sex_as_number"] += pc.sum(pc.is_in(found[0], value_set=numbers)).as_py() or 0
    encoded = pc.coalesce(*found).dictionary_encode()
    letters = [SEX.get(text.upper(), text.upper()) for text in encoded.dictionary.to_pylist()]
    return pa.array(letters, type=pa.string()).take(encoded.indices)


def _joined(elements: Elements, name: str, starts: np.ndarray) -> pa.Array:
    """The codes of each block, sorted and joined with spaces; missing where it has none."""
    positions, row = _members(elements, name, starts)
    codes = elements.texts.take(pa.array(positions))
    held = pc.is_valid(codes).to_numpy(zero_copy_only=False)
    codes, row = codes.filter(pa.array(held)), row[held]
    rank = pc.rank(codes, tiebreaker="dense").to_numpy() if len(codes) else NONE
    order = np.lexsort([rank, row])
    counts = np.bincount(row, minlength=len(starts))
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    lists = pa.ListArray.from_arrays(pa.array(offsets), codes.take(pa.array(order)))
    return pc.if_else(pa.array(counts > 0), pc.binary_join(lists, " "), pa.scalar(None, pa.string()))


def _conferences(batch: Batch, elements: Elements, cases: Rows, ids: pa.Array, referral_dates: pa.Array) -> pa.Table:
    """Conferences dated in the enquiry or directly in the case, one row each place that holds a date."""
    enquiries = batch.tables["section47"]
    in_enquiry = pa.table(
        {
            "source_record": enquiries["source_record"],
            "la_child_id": enquiries["la_child_id"],
            "referral_date": enquiries["referral_date"],
            "conference_date": enquiries["conference_date"],
            "recorded_in": pa.array(["section47"] * len(enquiries), type=pa.string()),
        }
    )
    in_case = pa.table(
        {
            "source_record": pa.array(cases.child + elements.first_record),
            "la_child_id": ids.take(cases.child),
            "referral_date": referral_dates,
            "conference_date": _converted(
                batch, elements, "conferences", "conference_date", "dates", cases, layout.CONFERENCE
            ),
            "recorded_in": pa.array(["referral"] * len(cases.starts), type=pa.string()),
        }
    )
    both = pa.concat_tables([in_enquiry, in_case])
    return both.filter(pc.is_valid(both["conference_date"]))


def _count_oddities(batch: Batch, elements: Elements) -> None:
    for name, positions in elements.positions.items():
        if name in layout.CONTAINERS:
            stray = elements.texts.take(pa.array(positions))
            batch.oddities["stray_text"] += len(stray) - stray.null_count
        elif name not in KNOWN:
            batch.oddities["element_not_read"] += len(positions)
