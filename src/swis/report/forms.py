"""The forms of a report beside its page: on paper and as sheets, all made of the one model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from swis.disclosure.label import Releasable, releasable_form
from swis.report.inputs import EVALUATION_ID
from swis.report.model import Report
from swis.report.paper import render_docx, render_pdf
from swis.report.sheets import render_ods, render_xlsx


@dataclass(frozen=True)
class Form:
    """One form: what it is called, what it is for, and how it is made."""

    title: str
    words: str
    render: Callable[[Report], bytes]


FORMS: Mapping[str, Form] = {
    ".pdf": Form("PDF", "to print and to read", render_pdf),
    ".docx": Form("Word", "to edit", render_docx),
    ".xlsx": Form("Excel", "every table as a sheet", render_xlsx),
    ".ods": Form("OpenDocument", "every table as a sheet", render_ods),
}


def page_path(report_id: str) -> str:
    """Where a report's page is, relative to the run's folder of reports."""
    return f"{EVALUATION_ID}.html" if report_id == EVALUATION_ID else f"authorities/{report_id}.html"


def form_path(report_id: str, ending: str) -> str:
    """Where a form of a report is: beside its page, under the same name."""
    return str(PurePosixPath(page_path(report_id)).with_suffix(ending))


def forms_of(report: Report, page: Releasable) -> list[Releasable]:
    """Every form of a report whose page has been proven; ReportError where one cannot be made."""
    return [releasable_form(form_path(report.id, ending), form.render(report), page) for ending, form in FORMS.items()]


def links_to_forms(report_id: str) -> list[tuple[str, str, str]]:
    """Title, purpose and file name of each form, as the page beside them links to them."""
    return [
        (form.title, form.words, PurePosixPath(form_path(report_id, ending)).name) for ending, form in FORMS.items()
    ]
