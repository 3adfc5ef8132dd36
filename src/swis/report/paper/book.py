"""Which reports are long enough to be bound as a book, and the words that every form on paper adds at its ends."""

from __future__ import annotations

from swis.report.model import Report
from swis.report.paper.walk import annex_words

# A report of more chapters than this has a title page and contents of its own, with the sections within chapters.
CHAPTERS_OF_A_BOOK = 16
ABOUT_ID, ABOUT_TITLE = "about-this-report", "About this report"


def is_book(report: Report) -> bool:
    """Whether a report has a title page, and contents with the sections within chapters."""
    return len(report.on_paper) > CHAPTERS_OF_A_BOOK


def about_lines(report: Report) -> list[str]:
    """How the numbers were protected, and where the annex is if it is not printed."""
    return [line for line in (f"Disclosure policy: {report.policy}.", annex_words(report)) if line]


def provenance_lines(report: Report) -> list[str]:
    """What the report was made from, a line each."""
    return [line.strip() for line in report.provenance.splitlines() if line.strip()]
