"""The tagged PDF of a report: pandoc's tree in typst's source, set by typst."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Literal

import typst

from swis.io import read_text, write_bytes
from swis.report.model import Report, ReportError
from swis.report.paper.book import ABOUT_TITLE, about_lines, is_book, provenance_lines
from swis.report.paper.lettering import FAMILY, FOLDER
from swis.report.paper.pandoc import convert
from swis.report.paper.row_headings import with_row_headings
from swis.report.paper.typst_form import TypstForm
from swis.report.paper.typst_text import string, truth
from swis.report.paper.walk import tables_on_paper, tree_of
from swis.report.paper.widths import MARGIN_MM, row_heads
from swis.report.render import SYNTHETIC_MORE, SYNTHETIC_WORDS

# With it typst refuses an image without words that stand for it, and a document without title or language.
STANDARD: Literal["ua-1"] = "ua-1"


def render_pdf(report: Report) -> bytes:
    """The report as a PDF of pages A4; ReportError, without a word of the report, where it cannot be set."""
    form = TypstForm(report)
    body = convert(tree_of(report, form), {}, "--to", "typst-smart", "--wrap", "none")
    source = "\n".join([_opening(report), body.decode("utf-8"), _ending(report)])
    # Typst reads pictures as files below its root; the folder is private and goes when the report is set.
    with tempfile.TemporaryDirectory(prefix="report-") as folder:
        for name, png in form.pictures.items():
            write_bytes(Path(folder) / name, png)
        pdf = _set(source.encode("utf-8"), Path(folder))
    return with_row_headings(pdf, [row_heads(table) for table in tables_on_paper(report)])


def _set(source: bytes, folder: Path) -> bytes:
    main = folder / "report.typ"
    write_bytes(main, source)
    compiler = typst.Compiler(root=folder, font_paths=_fonts())
    try:
        pdf, warnings = compiler.compile_with_warnings(main, format="pdf", pdf_standards=STANDARD)
    except typst.TypstError as error:
        # The message of typst can quote the report, so only what kind of thing it is about is passed on.
        about = "a figure without alt text" if "alt" in error.message else "its source"
        raise ReportError(f"typst could not set the report: {about}") from None
    if any("converge" in warning.message for warning in warnings):
        raise ReportError("typst could not set the report: its page numbers did not settle")
    assert isinstance(pdf, bytes)  # a list of pages is what pictures come as
    return pdf


def _opening(report: Report) -> str:
    fields = {
        "title": report.title,
        "subtitle": report.subtitle,
        "synthetic": SYNTHETIC_WORDS if report.is_synthetic else "",
        "synthetic-more": SYNTHETIC_MORE,
        "family": FAMILY,
    }
    values = [f"#let {name} = {string(text)}" for name, text in fields.items()]
    values += [
        f"#let about = {_strings(about_lines(report))}",
        f"#let is-book = {truth(is_book(report))}",
        f"#let margin = {MARGIN_MM}mm",
    ]
    return "\n".join([*values, read_text(Path(__file__).parent / "templates" / "paper.typ")])


def _ending(report: Report) -> str:
    return (
        f"#report-ending({string(ABOUT_TITLE)}, {_strings(about_lines(report))}, {_strings(provenance_lines(report))})"
    )


def _strings(lines: list[str]) -> str:
    return f"({''.join(f'{string(line)}, ' for line in lines)})"


@cache
def _fonts() -> typst.Fonts:
    """The report's own fonts, and for a letter they lack those inside typst; none of the machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FOLDER)])
