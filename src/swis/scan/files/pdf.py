"""PDF: the words of every page, notes, forms, metadata, attachments, pictures, scripts, and charts of many marks."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

import pypdf
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, IndirectObject, NameObject, StreamObject

from swis.scan.files.marks import MOST_MARKS, too_many
from swis.scan.parts import APPENDED, CODE, ENCRYPTED, MARKS, UNREADABLE, Found, Inside, Part, Text

END = b"%%EOF"
CURVES_OF_A_CIRCLE = range(3, 9)
SCRIPTS = {"/JS", "/JavaScript", "/Launch", "/RichMedia"}
PACKED_TABLES = {"/ObjStm", "/XRef"}


def read_pdf(content: bytes) -> Iterator[Part]:
    """Everything in the file that is shown, or that a program would find beside it."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    yield from _after_end(content)
    try:
        opened = pypdf.PdfReader(io.BytesIO(content))
        if opened.is_encrypted and not opened.decrypt(""):
            yield Found("document", ENCRYPTED)
            return
        yield from _pages(opened)
        yield from _objects(opened)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError):
        # A broken PDF may break any of pypdf's assumptions: whatever it was, the file has not been read.
        yield Found("document", UNREADABLE)


def _after_end(content: bytes) -> Iterator[Part]:
    end = content.rfind(END)
    if end >= 0 and content[end + len(END) :].strip(b"\x00\r\n "):
        yield Found("after the document", APPENDED)
        yield Inside("after the document", content[end + len(END) :], is_guess=True)


def _pages(opened: pypdf.PdfReader) -> Iterator[Part]:
    texts = []
    for number, page in enumerate(opened.pages, 1):
        contents = _parsed_once(page, opened)
        texts.append(page.extract_text())
        marks = _marks_of(contents)
        if marks:
            yield Found(f"page {number}", MARKS, marks)
    yield Text("text of the pages", "\n".join(texts))


def _parsed_once(page: pypdf.PageObject, opened: pypdf.PdfReader) -> ContentStream | None:
    """What the page draws, put in the page's own place: its words and its marks are then read from one parsing."""
    held = page.get("/Contents")
    contents = None if held is None else held.get_object()
    if not isinstance(contents, ArrayObject | StreamObject):
        return None
    # "bytes" as pypdf itself reads them where it looks for words.
    parsed = ContentStream(contents, opened, "bytes")
    page[NameObject("/Contents")] = parsed
    return parsed


def _objects(opened: pypdf.PdfReader) -> Iterator[Part]:
    """Every string and stream that any object of the file holds: metadata, notes, forms, attachments, pictures."""
    strings: list[str] = []
    scripts = 0
    for number in sorted(_numbers(opened)):
        held = opened.get_object(IndirectObject(number, 0, opened))
        scripts += _gather(held, strings)
        if isinstance(held, StreamObject) and held.get("/Type") not in PACKED_TABLES:
            yield from _stream(held, opened)
    scripts += _gather(opened.trailer, strings)
    yield Text("strings of the document", "\n".join(strings))
    if scripts:
        yield Found("document", CODE, scripts)


def _numbers(opened: pypdf.PdfReader) -> set[int]:
    return {number for table in opened.xref.values() for number in table} | set(opened.xref_objStm)


def _gather(held: Any, strings: list[str]) -> int:
    """Put the strings within an object on the list (references are met by themselves); how many scripts there are."""
    waiting, scripts = [held], 0
    while waiting:
        one = waiting.pop()
        if isinstance(one, DictionaryObject):
            scripts += len(SCRIPTS & set(one)) + (one.get("/S") in SCRIPTS)
            strings.extend(str(key) for key in one if len(key) > 8)
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, str) and len(one) >= 4:
            strings.append(str(one))
        elif isinstance(one, bytes):
            strings.append(one.decode("latin-1"))
    return scripts


def _stream(held: StreamObject, opened: pypdf.PdfReader) -> Iterator[Part]:
    if held.get("/Subtype") == "/Image":
        if str(held.get("/Filter", "")).find("DCT") >= 0:
            yield Inside("picture", held._data, is_guess=True)
        return
    if held.get("/Subtype") == "/Form":
        marks = _marks_of(ContentStream(held, opened))
        if marks:
            yield Found("drawing", MARKS, marks)
    yield Inside("stream", held.get_data(), is_guess=True)


def _marks_of(contents: ContentStream | None) -> int:
    """Marks drawn again and again (a shape kept and placed, or a circle of curves), and lines one a child."""
    if contents is None:
        return 0
    marks: list[tuple[str, float, float]] = []
    place, start, curves, strokes, lines = (0.0, 0.0), (0.0, 0.0), 0, 0, 0
    held: list[tuple[float, float]] = []
    for operands, operator in contents.operations:
        if operator == b"q":
            held.append(place)
        elif operator == b"Q":
            place = held.pop() if held else (0.0, 0.0)
        elif operator == b"cm":
            place = (place[0] + float(operands[4]), place[1] + float(operands[5]))
        elif operator == b"Do":
            marks.append((f"form {operands[0]}", *place))
        elif operator == b"m":
            start, curves, strokes = (float(operands[0]), float(operands[1])), 0, 0
        elif operator in {b"c", b"v", b"y"}:
            curves += 1
        elif operator == b"l":
            strokes += 1
        elif operator in PAINTED:
            if curves in CURVES_OF_A_CIRCLE and strokes <= 1:
                marks.append(("circle", place[0] + start[0], place[1] + start[1]))
            lines += operator == b"S" and strokes >= 2 and not curves
            curves = strokes = 0
    return max(too_many(marks), lines if lines > MOST_MARKS else 0)


PAINTED = {b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"}
