"""From a report to files: the page, its tables as CSV, its figures as PNG, all through the labelled door."""

from __future__ import annotations

from pathlib import Path

from swis.disclosure.label import Releasable, releasable_figure, releasable_page, releasable_table, release
from swis.report.chapters.lists import file_of
from swis.report.model import Figure, Report, Table
from swis.report.pages import EVALUATION_ID
from swis.report.render import render_report


def outputs_of(report: Report) -> list[Releasable]:
    """Every file of a report, the page last, so that a page never stands without its files."""
    outputs = [_file(block, report.id) for block in report.files]
    return [
        *(output for output in outputs if output is not None),
        releasable_page(page_path(report.id), render_report(report)),
    ]


def page_path(report_id: str) -> str:
    """Where a report's page is, relative to the run's folder of reports."""
    return f"{EVALUATION_ID}.html" if report_id == EVALUATION_ID else f"authorities/{report_id}.html"


def publish(report: Report, reports: Path) -> list[Path]:
    """Write a report below the run's folder of reports; gives the paths written."""
    return release(reports, report.id, outputs_of(report))


def _file(block: Table | Figure, report_id: str) -> Releasable | None:
    path = file_of(block, report_id)
    if path is None:
        return None
    if isinstance(block, Figure):
        return releasable_figure(path, block.png)
    return releasable_table(path, block.data) if block.data is not None else None
