"""The tables of a report as spreadsheets that a screen reader can follow and an author can calculate with."""

from __future__ import annotations

from swis.report.model import Report
from swis.report.sheets.make import workbook_of
from swis.report.sheets.ods import write_ods
from swis.report.sheets.xlsx import write_xlsx

__all__ = ["render_ods", "render_xlsx", "workbook_of"]


def render_xlsx(report: Report) -> bytes:
    """Every table of a report as an Excel workbook; the same report gives the same bytes."""
    return write_xlsx(workbook_of(report))


def render_ods(report: Report) -> bytes:
    """Every table of a report as an OpenDocument spreadsheet; the same report gives the same bytes."""
    return write_ods(workbook_of(report))
