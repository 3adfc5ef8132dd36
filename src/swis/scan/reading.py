"""From the bytes of one file to what was found in it: readers and judge in turn, down to a stated depth."""

from __future__ import annotations

import io
import pickletools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from swis.scan.files import arrow_table, kinds, office, packed, pdf, picture, plain_text, raw_bytes
from swis.scan.files.kinds import carrier_of, kind_of
from swis.scan.judge import Hit, Judge
from swis.scan.parts import CARRIER, CHILD_ID, TOO_DEEP, UNKNOWN, UNREADABLE, UPN, Column, Found, Inside, Part, Text

# An archive in a notebook in an archive, its text in base64 of gzip: eight steps.
MOST_DEPTH = 8
MOST_CELLS_AT_ONCE = 1_000_000
MOST_BYTES_OF_A_FILE = 2_000_000_000
# Excel keeps them in every workbook that was once printed: the memory of a printer's driver, of no format.
SETTINGS_OF_A_PRINTER = re.compile(r"printerSettings\d+\.bin$")
WITHHELD = "[name withheld]"
PACKED = {"gzip", "zlib", "bzip2", "xz", "lzma"}


@dataclass
class FileReading:
    """What has been found in one file so far; values are held only to count different ones, and never told."""

    judge: Judge
    values: dict[Hit, str] = field(default_factory=dict)
    found: dict[tuple[str, str], int] = field(default_factory=dict)
    bytes_read: int = 0
    _texts: set[int] = field(default_factory=set)
    _cells: list[str] = field(default_factory=list)

    def read(self, content: bytes, name: str) -> list[Found]:
        """Everything found in a file of that name."""
        try:
            self._inside(Inside("", content, name), 0)
            self._judge_cells()
        except Exception:
            # Whatever a strange file does to a reader: it has not been read whole, and no traceback may show its rows.
            self._note(Found("", UNREADABLE))
        return sorted(self._result())

    def _result(self) -> Iterator[Found]:
        numbers = {value for kind, value in self.values if kind == UPN}
        counts: dict[tuple[str, str], int] = dict(self.found)
        for (kind, value), place in self.values.items():
            if kind != CHILD_ID or value not in numbers:
                counts[place, kind] = counts.get((place, kind), 0) + 1
        return (Found(place, kind, count) for (place, kind), count in counts.items())

    def _inside(self, part: Inside, depth: int) -> None:
        self.bytes_read += len(part.content)
        if depth > MOST_DEPTH or self.bytes_read > MOST_BYTES_OF_A_FILE:
            self._note(Found(part.place, TOO_DEEP))
            return
        for one in parts_of(part):
            self._part(one, part.place, depth)

    def _part(self, part: Part, above: str, depth: int) -> None:
        place = " > ".join(step for step in (above, part.place) if step)
        if isinstance(part, Found):
            self._note(Found(place, part.kind, part.count))
        elif isinstance(part, Inside):
            named = f"{place} ({self._shown(part.name)})" if part.name else place
            self._inside(Inside(named, part.content, part.name, part.is_guess), depth + 1)
        elif isinstance(part, Column):
            self._keep(self.judge.column(part), place)
            self._cells += part.values
            if len(self._cells) > MOST_CELLS_AT_ONCE:
                self._judge_cells()
        else:
            self._text(part, place, depth)

    def _shown(self, name: str) -> str:
        """The name of a file within this one, so that it can be found; unless the name itself tells of a child."""
        return WITHHELD if self.judge.text(Text("name", name))[0] else name

    def _judge_cells(self) -> None:
        # All columns together: a search for each of many short columns takes longer than the columns.
        self._keep(self.judge.cells("".join(self._cells)), "cells below each other")
        self._cells.clear()

    def _text(self, part: Text, place: str, depth: int) -> None:
        # The same text comes again from several readings of one file: once is enough.
        if not part.text or hash(part.text) in self._texts:
            return
        self._texts.add(hash(part.text))
        hits, more = self.judge.text(part)
        self._keep(hits, place)
        for further in more:
            if depth >= MOST_DEPTH:
                self._note(Found(place, TOO_DEEP))
                return
            if isinstance(further, Inside):
                self._inside(Inside(f"{place} > {further.place}", further.content, "", further.is_guess), depth + 1)
            else:
                self._text(further, f"{place} > {further.place}", depth + 1)

    def _keep(self, hits: set[Hit], place: str) -> None:
        for hit in sorted(hits):
            self.values.setdefault(hit, place)

    def _note(self, found: Found) -> None:
        key = (found.place, found.kind)
        self.found[key] = self.found.get(key, 0) + found.count


def parts_of(part: Inside) -> Iterator[Part]:
    """The parts of some bytes, by what they are; of a guess only what is surely something is said."""
    kind = kind_of(part.content)
    carrier = carrier_of(part.content, PurePosixPath(part.name).name)
    if carrier and (not part.is_guess or _is_surely_a_pickle(part.content)):
        yield Found(f"format {carrier}", CARRIER)
    if part.is_guess:
        yield from _guessed(part.content, kind)
    elif kind == "unknown" and (carrier or SETTINGS_OF_A_PRINTER.search(part.name)):
        yield from raw_bytes.strings_of(part.content)
    else:
        yield from _read(part.content, kind)


def _guessed(content: bytes, kind: str) -> Iterator[Part]:
    """Parts of bytes that may be no file at all: that they cannot be read is then no fault."""
    if kind == "unknown" or (kind == "text" and not content.isascii() and not kinds.is_utf8(content)):
        yield from raw_bytes.strings_of(content)
        return
    parts = list(_read(content, kind))
    if any(isinstance(one, Found) and one.kind == UNREADABLE for one in parts):
        yield from raw_bytes.strings_of(content)
        return
    yield from parts


def _read(content: bytes, kind: str) -> Iterator[Part]:
    if kind == "text":
        yield from plain_text.read_plain(content)
    elif kind == "utf-16":
        yield from plain_text.read_wide(content)
    elif kind == "png":
        yield from picture.read_png(content)
    elif kind in {"picture", "bitmap"}:
        yield from picture.read_picture(content)
    elif kind == "pdf":
        yield from pdf.read_pdf(content)
    elif kind == "zip":
        yield from packed.read_zip(content)
    elif kind == "tar":
        yield from packed.read_tar(content)
    elif kind == "parquet":
        yield from arrow_table.read_parquet(content)
    elif kind in PACKED:
        yield from packed.read_packed(content, kind)
    elif kind == "font":
        yield from raw_bytes.strings_of(content)
    elif kind == "ole":
        yield from office.read_ole(content)
    elif kind != "empty":
        yield Found("file", UNKNOWN)
        yield from raw_bytes.strings_of(content)


def _is_surely_a_pickle(content: bytes) -> bool:
    """Whether bytes that may be anything are a whole pickle (two bytes alone are met by chance)."""
    try:
        steps = sum(1 for _ in pickletools.genops(io.BytesIO(content)))
    except (ValueError, IndexError, UnicodeDecodeError, OverflowError, KeyError, AttributeError):
        return False
    return steps > 2
