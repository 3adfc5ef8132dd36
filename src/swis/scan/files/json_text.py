"""JSON: its strings with their escapes undone, its lists and records as columns, and charts written as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from swis.scan.files.interactive import data_set_in_json
from swis.scan.layers import of_letter_numbers
from swis.scan.parts import Column, Found, Inside, Part, Text

LEAST_LETTERS = 8


def parsed(text: str) -> Any:
    """The value of a JSON text; None where it is none."""
    try:
        return json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None


def read_json(values: Any) -> Iterator[Part]:
    """Every string, every list and every key of records, and whether a chart with its data is among them."""
    strings: list[str] = []
    columns: dict[str, list[str]] = {}
    charts: list[str] = []
    _gather(values, "", strings, columns, charts)
    for cells in columns.values():
        raw = of_letter_numbers(map(int, cells)) if _may_be_letters(cells) else None
        if raw is not None:
            yield Inside("numbers of letters", raw, is_guess=True)
    if strings:
        yield Text("strings of JSON", "\n".join(strings), is_markup=any("</" in one for one in strings))
    for place, (header, cells) in enumerate(columns.items(), 1):
        yield Column(f"list {place} of JSON", header, cells)
    for kind in sorted(set(charts)):
        yield Found("JSON", kind, charts.count(kind))


def _may_be_letters(cells: list[str]) -> bool:
    """Whether a list is of whole numbers of two or three digits, enough for an identifier."""
    return len(cells) >= LEAST_LETTERS and all(cell.isdecimal() and 2 <= len(cell) <= 3 for cell in cells)


def _gather(value: Any, key: str, strings: list[str], columns: dict[str, list[str]], charts: list[str]) -> None:
    """Go through a value without recursion (JSON of others may be nested deep)."""
    waiting: list[tuple[Any, str]] = [(value, key)]
    while waiting:
        one, name = waiting.pop()
        if isinstance(one, dict):
            kind = data_set_in_json(one)
            if kind is not None:
                charts.append(kind)
            strings.extend(one)
            waiting.extend((held, str(own)) for own, held in reversed(one.items()))
        elif isinstance(one, list):
            waiting.extend((held, name) for held in reversed(one))
        elif isinstance(one, str):
            strings.append(one)
            columns.setdefault(name, []).append(one)
        elif isinstance(one, int) and not isinstance(one, bool):
            columns.setdefault(name, []).append(str(one))
