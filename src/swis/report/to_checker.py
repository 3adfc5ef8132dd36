"""What a report says of its own files to the output checker: titles, who is counted, in which unit, and the numbers."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from swis.disclosure.bundle import HiddenCells, MeasureDefinition, ReleasedOutput, ReportPart
from swis.disclosure.label import Releasable
from swis.disclosure.symbols import HIDDEN
from swis.outcomes.registry import measures
from swis.report.chapters.lists import file_of
from swis.report.figure_files import FIGURE_FORMS, figure_path
from swis.report.forms import FORMS, form_path
from swis.report.model import Figure, Report, Table

# Kinds of columns that count nobody of ours.
ABOUT_NOBODY = frozenset({"text", "plain", "published", "status"})


def part_of(
    report: Report,
    outputs: Sequence[Releasable],
    hidden: Mapping[str, HiddenCells] | None = None,
    beside: Sequence[Releasable] = (),
) -> ReportPart:
    """The part of a report in the bundle; `outputs` are its files as they are released, those `beside` it among them.

    `hidden` tells, by id of the table or figure, how many cells were hidden for their own sake and for others'; where
    it says nothing, the symbols in the protected frame are counted.
    """
    files = {str(output.path): output for output in outputs}
    page_path, page = next((path, output) for path, output in files.items() if path.endswith(".html"))
    told = hidden or {}
    blocks = [_table(table, report, files, page_path, told.get(table.id)) for table in report.tables]
    blocks += [one for figure in report.figures for one in _figure(figure, report, files, told.get(figure.id))]
    first = ReleasedOutput(page_path, "page", "page", report.title, report.subtitle, **_bytes(page))
    known = measures()
    named = sorted({name for block in blocks for name in block.measures})
    definitions = {
        name: MeasureDefinition(
            name, known[name].title, known[name].numerator, known[name].denominator, known[name].unit
        )
        for name in named
    }
    return ReportPart(
        report.id, report.title, (first, *_forms(report, files), *_beside(report, beside), *blocks), definitions
    )


def _forms(report: Report, files: Mapping[str, Releasable]) -> list[ReleasedOutput]:
    """The same report on paper and as sheets: whole files, each with the numbers of the page."""
    return [
        ReleasedOutput(
            path, "page", f"page{ending}", f"{report.title} ({form.title})", report.subtitle, **_bytes(files[path])
        )
        for ending, form in FORMS.items()
        if (path := form_path(report.id, ending)) in files
    ]


def _beside(report: Report, beside: Sequence[Releasable]) -> list[ReleasedOutput]:
    """Open data: the numbers of the report's tables once more, in the DfE's form, with the description of each."""
    return [
        ReleasedOutput(
            str(one.path), "table", one.path.name, f"Open data: {one.path.name}", report.subtitle,
            note="The numbers of the outcome tables once more.", is_about_nobody=_is_description(one),
            behind=None if _is_description(one) else pd.read_csv(io.BytesIO(one.content), dtype=str), **_bytes(one),
        )
        for one in beside
    ]  # fmt: skip


def _is_description(output: Releasable) -> bool:
    return output.path.name.endswith(".meta.csv")


def index_part(name: str, title: str, outputs: Sequence[Releasable]) -> ReportPart:
    """The part of a page that holds no numbers of people: the front page of a run."""
    told = [
        ReleasedOutput(
            str(one.path), "page", "page", title, "nobody: names and links", is_about_nobody=True, **_bytes(one)
        )
        for one in outputs
    ]
    return ReportPart(name, title, tuple(told), {})


def _table(
    table: Table, report: Report, files: Mapping[str, Releasable], page: str, hidden: HiddenCells | None
) -> ReleasedOutput:
    path = file_of(table, report.id)
    file = files.get(path) if path else None
    is_about_nobody = all(column.kind in ABOUT_NOBODY for column in table.columns)
    shown = pd.DataFrame(table.rows, columns=[column.label for column in table.columns])
    frame = table.data.frame if table.data else shown
    if hidden is None and table.data is not None:
        hidden = HiddenCells.counted(frame, table.data.counts, HIDDEN)
    return ReleasedOutput(
        path if path and file else page,
        "table",
        table.id,
        table.caption,
        table.source,
        unit=_unit(frame, table.data.counts if table.data else ()),
        measures=_measures(frame),
        note=table.note,
        is_about_nobody=is_about_nobody,
        hidden=hidden,
        behind=None if is_about_nobody and table.data is None else frame,
        **(_bytes(file) if file else {}),
    )


def _figure(
    figure: Figure, report: Report, files: Mapping[str, Releasable], hidden: HiddenCells | None
) -> list[ReleasedOutput]:
    frame = figure.behind.frame
    paths = [figure_path(figure, report.id, form) for form in FIGURE_FORMS]
    return [
        ReleasedOutput(
            path,
            "figure",
            figure.id,
            figure.caption,
            figure.source,
            unit=_unit(frame, figure.behind.counts),
            measures=_measures(frame),
            hidden=hidden,
            behind=frame,
            **_bytes(files[path]),
        )
        for path in paths
    ]


def _bytes(output: Releasable) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(output.content).hexdigest(), "size_bytes": len(output.content)}


def _unit(frame: pd.DataFrame, counts: Sequence[str]) -> str:
    if "unit" in frame:
        return ", ".join(sorted(frame["unit"].dropna().astype(str).unique()))
    return f"numbers: {', '.join(counts)}" if counts else ""


def _measures(frame: pd.DataFrame) -> tuple[str, ...]:
    if "measure" not in frame:
        return ()
    return tuple(sorted(set(frame["measure"].dropna().astype(str)) & set(measures())))
