"""Pages and other markup: tables as columns, leaves of XML as columns, scripts that carry rows, comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from swis.scan.files.interactive import data_sets_in_page
from swis.scan.files.json_text import parsed, read_json
from swis.scan.parts import Column, Part

PAGE = re.compile(r"<(?:!doctype html|html|head|body|div|p|table|span)\b", re.IGNORECASE)
PAGE_STARTS = 4096
LEAF = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)(?:\s[^<>]*)?>([^<>]+)</")
# Not <table:table-cell>, of which a spreadsheet has thousands: for each the whole rest would be searched for an end.
TABLE = re.compile(r"<table(?![\w:.-]).*?</table\s*>", re.IGNORECASE | re.DOTALL)
JSON_SCRIPT = re.compile(r"<script\b[^>]*json[^>]*>(.*?)</script", re.IGNORECASE | re.DOTALL)
PAGE_TAGS = {
    "td",
    "th",
    "p",
    "span",
    "div",
    "a",
    "li",
    "b",
    "i",
    "em",
    "strong",
    "code",
    "option",
    "h1",
    "h2",
    "h3",
    "h4",
}


def read_html(text: str) -> Iterator[Part]:
    """The columns of every table and of every leaf tag, and scripts that carry data."""
    yield from data_sets_in_page(text)
    for number, match in enumerate(TABLE.finditer(text), 1):
        yield from _columns(match.group(), f"table {number}")
    for script in JSON_SCRIPT.finditer(text):
        values = parsed(script.group(1))
        if values is not None:
            yield from read_json(values)
    if not PAGE.search(text, 0, PAGE_STARTS):
        yield from _leaves(text)


def _leaves(text: str) -> Iterator[Column]:
    """Texts of XML by the name of their tag; tags of pages say nothing of what they hold."""
    held: dict[str, list[str]] = {}
    for match in LEAF.finditer(text):
        if match.group(1).lower() not in PAGE_TAGS:
            held.setdefault(match.group(1), []).append(match.group(2).strip())
    for number, (tag, values) in enumerate(held.items(), 1):
        yield Column(f"tag {number}", tag, values)


def _columns(table: str, place: str) -> Iterator[Column]:
    try:
        root = html.fragment_fromstring(table, create_parent=True)
    except (etree.ParserError, ValueError):
        return
    rows = [[_cell(cell) for cell in row.iter("td", "th")] for row in root.iter("tr")]
    width = max((len(row) for row in rows), default=0)
    heads = next((row for row in rows if len(row) == width), [])
    for at in range(width):
        # Rows with row-spans are shorter: a cell is counted from the right, where the values stand.
        cells = [row[at - width] for row in rows if len(row) >= width - at]
        yield Column(f"{place}, column {at + 1}", heads[at], [cell for cell in cells[1:] if cell])


def _cell(cell: Any) -> str:
    return "".join(cell.itertext()).strip()
