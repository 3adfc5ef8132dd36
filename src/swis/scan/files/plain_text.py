"""Text in any encoding: as it is, its lines of JSON, its columns where it is a table, its tags where it is markup."""

from __future__ import annotations

from collections.abc import Iterator

from swis.scan.files import delimited, html_page, json_text, notebook, svg_chart
from swis.scan.layers import without_blobs
from swis.scan.parts import Part, Text

MARKUP_STARTS = 4096


def read_plain(content: bytes) -> Iterator[Part]:
    """The text, and what its form tells; svg and html also within other text (an email, a notebook's output)."""
    yield from read_decoded(decode(content))


def read_decoded(text: str) -> Iterator[Part]:
    """The same for text that is decoded already."""
    start = text[:MARKUP_STARTS].lstrip("\ufeff \r\n\t")
    if start[:1] in set("{["):
        values = json_text.parsed(text)
        if values is not None:
            yield Text("text", text, is_markup=looks_marked_up(text))
            yield from notebook.read_notebook(values) if notebook.is_notebook(values) else json_text.read_json(values)
            return
    # Pictures within a page are most of it and none of its words: they are taken out once for all that follows.
    bare, blobs = without_blobs(text)
    yield from blobs
    yield Text("text", bare, is_markup=looks_marked_up(bare))
    if "<svg" in bare:
        yield from svg_chart.read_svg(bare)
    if "<" in start:
        yield from html_page.read_html(bare)
    else:
        yield from delimited.read_delimited(bare)


def decode(content: bytes) -> str:
    """Bytes as text: by the byte order mark, else UTF-8, else the Latin letters of Windows."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def read_wide(content: bytes) -> Iterator[Part]:
    """UTF-16 with or without its mark."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", "replace")
    else:
        text = content.decode("utf-16-be" if content[:1] == b"\x00" else "utf-16-le", "replace")
    yield from read_decoded(text)


def looks_marked_up(text: str) -> bool:
    """Whether tags may stand between the letters of a word."""
    return "</" in text or "/>" in text
