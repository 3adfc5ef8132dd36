"""From a report to files: the page, its other forms, its tables, its figures with their data, all through the door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from swis.disclosure.bundle import write_part
from swis.disclosure.label import Releasable, releasable_page, releasable_table, release
from swis.disclosure.protected import Protected
from swis.report.chapters.lists import file_of
from swis.report.figure_files import figure_files
from swis.report.forms import forms_of, links_to_forms, page_path
from swis.report.model import Figure, Report, Table
from swis.report.render import SYNTHETIC_WORDS, render_report
from swis.report.to_checker import part_of

# Names of columns inside this package, and the plainer ones of the files: those that all files share, those of tables,
# those of rules, and those of the table of borders, whose share is of another thing than elsewhere.
HEADERS = {
    "count": "number",
    "denominator": "out_of",
    "lower": "interval_lower",
    "upper": "interval_upper",
}
HEADERS_OF_TABLES = {
    **HEADERS,
    "rows": "records",
    "rows_failed": "records",
    "allocated": "schools_allocated",
    "left": "schools_that_left",
    "without_outcomes": "schools_without_outcomes",
    "analysed": "schools_with_outcomes",
    "pupils": "pupils_in_january",
    "words": "reason_in_words",
    "reason": "reason_code",
}
# Of a rule the title says what it found; of anything else it is its title.
HEADERS_OF_RULES = {**HEADERS_OF_TABLES, "title": "what_was_found"}
HEADERS_OF_BORDERS = {
    **HEADERS_OF_TABLES,
    "kind": "event_in_words",
    "own_count": "in_own_return",
    "cross_border_count": "only_in_another_return",
    "share": "share_across_a_border_percent",
}


def outputs_of(report: Report, beside: Sequence[Releasable] = ()) -> list[Releasable]:
    """Every file of a report, the page last, so that a page never stands without its files."""
    files = [output for block in report.files for output in _files(block, report)]
    page = releasable_page(page_path(report.id), render_report(report, links_to_forms(report.id)), report.numbers)
    return [*files, *beside, *forms_of(report, page), page]


def publish(report: Report, reports: Path, bundle: Path | None = None, beside: Sequence[Releasable] = ()) -> list[Path]:
    """Write a report, and the labelled files `beside` it, below the run's folder of reports; gives the paths written.

    With `bundle`, the folder of the output-check bundle, what it says of its files to the checker is kept there.
    """
    outputs = outputs_of(report, beside)
    written = release(reports, report.id, outputs, report.policy)
    if bundle is not None:
        write_part(bundle, part_of(report, outputs, beside=beside))
    return written


def _files(block: Table | Figure, report: Report) -> list[Releasable]:
    if isinstance(block, Figure):
        shown = tidy(block.behind, HEADERS, is_synthetic=report.is_synthetic)
        return figure_files(block, report.id, shown, report.numbers)
    path = file_of(block, report.id)
    if path is None or block.data is None:
        return []
    return [releasable_table(path, tidy(block.data, _headers(block.data), is_synthetic=report.is_synthetic))]


def _headers(data: Protected) -> Mapping[str, str]:
    if "cross_border_count" in data.frame:
        return HEADERS_OF_BORDERS
    return HEADERS_OF_RULES if "rule" in data.frame else HEADERS_OF_TABLES


def tidy(data: Protected, headers: Mapping[str, str] = HEADERS_OF_TABLES, *, is_synthetic: bool) -> Protected:
    """The frame as a file shows it: plain headers, policy, and the marker in every row of simulated data."""
    shown = data.frame.drop(columns="decimals", errors="ignore")
    if "observed_share" in shown:
        shown["observed_share"] = shown["observed_share"].astype("Float64").round(2)
    if is_synthetic:
        shown = shown.assign(remark=SYNTHETIC_WORDS)
    named = shown.assign(disclosure_policy=data.policy).rename(columns=headers)
    return Protected(named, tuple(headers.get(name, name) for name in data.counts), data.policy)
