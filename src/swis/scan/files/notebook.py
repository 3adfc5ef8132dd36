"""Jupyter notebooks: sources, outputs of every kind, metadata, attachments."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from typing import Any

from swis.scan.files import interactive, plain_text
from swis.scan.parts import DATA_SET, TRACEBACK, Found, Inside, Part, Text


def is_notebook(values: Any) -> bool:
    """Whether a JSON value is a notebook (of format 4; older ones keep worksheets)."""
    return isinstance(values, dict) and "nbformat" in values and ("cells" in values or "worksheets" in values)


def read_notebook(values: dict[str, Any]) -> Iterator[Part]:
    """Every cell's source and outputs as they are shown, and what is not shown: metadata and attachments."""
    yield from _metadata(values, "metadata of the notebook")
    cells = values.get("cells") or [cell for sheet in values.get("worksheets", []) for cell in sheet.get("cells", [])]
    for number, cell in enumerate(cells, 1):
        place = f"cell {number}"
        yield Text(f"{place}, source", _joined(cell.get("source", cell.get("input", ""))))
        yield from _metadata(cell, f"{place}, metadata")
        for held in (cell.get("attachments") or {}).values():
            yield from _bundle(held, f"{place}, attachment")
        for output in cell.get("outputs", []):
            yield from _output(output, f"{place}, output")


def _output(output: dict[str, Any], place: str) -> Iterator[Part]:
    yield from _metadata(output, f"{place}, metadata")
    if output.get("output_type") in {"error", "pyerr"}:
        yield Found(place, TRACEBACK)
        yield Text(place, "\n".join([str(output.get("evalue", "")), *map(str, output.get("traceback", []))]))
    yield Text(place, _joined(output.get("text", "")))
    yield from _bundle(output.get("data") or {}, place)


def _bundle(bundle: dict[str, Any], place: str) -> Iterator[Part]:
    """One result in several mime types."""
    for mime, held in bundle.items():
        if interactive.MIMES.search(mime):
            yield Found(place, DATA_SET)
        if mime.startswith(("image/", "application/pdf", "audio/", "video/")) and mime != "image/svg+xml":
            yield from _binary(_joined(held), place)
        elif isinstance(held, (str, list)):
            text = _joined(held)
            if "javascript" in mime:
                yield from interactive.data_sets_in_script(text)
            yield from plain_text.read_decoded(text)
        else:
            yield from plain_text.read_decoded(json.dumps(held, ensure_ascii=False))


def _binary(text: str, place: str) -> Iterator[Part]:
    try:
        yield Inside(place, base64.b64decode(text))
    except binascii.Error:
        yield Text(place, text)


def _metadata(holder: dict[str, Any], place: str) -> Iterator[Part]:
    metadata = holder.get("metadata")
    if metadata:
        yield Text(place, json.dumps(metadata, ensure_ascii=False))
        if "widgets" in metadata:
            yield Found(place, DATA_SET)


def _joined(lines: Any) -> str:
    return "".join(map(str, lines)) if isinstance(lines, list) else str(lines)
