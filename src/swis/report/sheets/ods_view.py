"""Which rows of an OpenDocument sheet stay in sight: a setting of the view, by sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from odf.config import ConfigItem, ConfigItemMapEntry, ConfigItemMapIndexed, ConfigItemMapNamed, ConfigItemSet

from swis.report.sheets.workbook import Sheet

FROZEN, LOWER_LEFT = "2", "2"


def freeze(book: Any, sheets: Sequence[Sheet]) -> None:
    """Keep the first rows of each sheet that says so in sight."""
    tables = ConfigItemMapNamed(name="Tables")
    for sheet in sheets:
        if sheet.frozen_rows:
            tables.addElement(_frozen(sheet))
    view = ConfigItemMapEntry()
    view.addElement(_item("ViewId", "string", "view1"))
    view.addElement(tables)
    views = ConfigItemMapIndexed(name="Views")
    views.addElement(view)
    settings = ConfigItemSet(name="ooo:view-settings")
    settings.addElement(views)
    book.settings.addElement(settings)


def _frozen(sheet: Sheet) -> Any:
    rows = str(sheet.frozen_rows)
    entry = ConfigItemMapEntry(name=sheet.name)
    for name, kind, value in (
        ("VerticalSplitMode", "short", FROZEN),
        ("VerticalSplitPosition", "int", rows),
        ("ActiveSplitRange", "short", LOWER_LEFT),
        ("PositionTop", "int", "0"),
        ("PositionBottom", "int", rows),
    ):
        entry.addElement(_item(name, kind, value))
    return entry


def _item(name: str, kind: str, value: str) -> Any:
    return ConfigItem(name=name, type=kind, text=value)
