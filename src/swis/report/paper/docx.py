"""The Word document of a report: pandoc's tree on this project's reference document, packed anew."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from swis.io import write_bytes
from swis.report.model import Report
from swis.report.paper import pandoc
from swis.report.paper.book import ABOUT_ID, ABOUT_TITLE, about_lines, is_book, provenance_lines
from swis.report.paper.docx_form import FORM, DocxForm
from swis.report.paper.docx_parts import reference_document
from swis.report.paper.docx_sections import REFERENCES
from swis.report.paper.docx_text import bookmark, field_parts, paragraph, run
from swis.report.paper.packing import packed, unpacked
from swis.report.paper.pandoc import Node
from swis.report.paper.walk import tree_of
from swis.report.render import SYNTHETIC_MORE, SYNTHETIC_WORDS

DOCUMENT, PROPERTIES = "word/document.xml", "docProps/core.xml"
# The first day that a packed file can name, in seconds: pandoc must write one.
FIRST_DAY_SECONDS = 315_532_800
RUNNING = re.compile(r"<w:(?:header|footer)Reference [^>]*/>")
MADE_AT = re.compile(r"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")


def render_docx(report: Report) -> bytes:
    """The report as a Word document; ReportError, without a word of the report, where it cannot be written."""
    form = DocxForm(report)
    blocks = [*_opening(report), *tree_of(report, form), *_ending(report)]
    meta = {"title": report.title, "subtitle": report.subtitle, "lang": "en-GB"}
    # Pandoc reads its reference document as a file; the folder is private and goes when the document is written.
    with tempfile.TemporaryDirectory(prefix="report-") as folder:
        reference = Path(folder) / "reference.docx"
        write_bytes(reference, reference_document(report.title, form.mark, is_book=is_book(report)))
        options = ("--to", "docx", "--reference-doc", str(reference), "--output", "-")
        written = pandoc.convert(blocks, meta, *options, epoch=FIRST_DAY_SECONDS)
    return packed(_finished(unpacked(written)))


def _finished(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The parts of pandoc's document with the running lines in every section and without a date."""
    document = parts[DOCUMENT].decode("utf-8")
    running = "".join(dict.fromkeys(RUNNING.findall(document)))
    parts[DOCUMENT] = document.replace(REFERENCES, running).encode("utf-8")
    parts[PROPERTIES] = MADE_AT.sub("", parts[PROPERTIES].decode("utf-8")).encode("utf-8")
    return parts


def _opening(report: Report) -> Iterator[Node]:
    """What stands before the first heading: the banner, the policy, the contents."""
    if report.is_synthetic:
        banner = run(f"{SYNTHETIC_WORDS}. ", is_bold=True) + run(SYNTHETIC_MORE)
        yield pandoc.raw(FORM, paragraph(banner, "SyntheticBanner"))
    for words in about_lines(report):
        yield pandoc.raw(FORM, paragraph(run(words), "Quiet"))
    yield pandoc.raw(FORM, paragraph(run("Contents"), "TOCHeading") + _contents(report))


def _contents(report: Report) -> str:
    """A field of contents, filled with links to the headings; Word puts page numbers to them when it opens it."""
    depth = 2 if is_book(report) else 1
    begin, end = field_parts(f'TOC \\o "1-{depth}" \\h \\z \\u', is_stale=True)
    places = [
        (level, section.id, section.title)
        for chapter in report.on_paper
        for level, section in ((1, chapter), *((2, inner) for inner in chapter.sections))
        if level <= depth
    ]
    places.append((1, ABOUT_ID, ABOUT_TITLE))
    entries = [(f"TOC{level}", _entry(name, title)) for level, name, title in places]
    last = len(entries) - 1
    return "".join(
        paragraph((begin if place == 0 else "") + entry + (end if place == last else ""), style)
        for place, (style, entry) in enumerate(entries)
    )


def _entry(name: str, title: str) -> str:
    return f'<w:hyperlink w:anchor="{bookmark(name)}">{run(title)}</w:hyperlink>'


def _ending(report: Report) -> Iterator[Node]:
    """What stands at the end: how numbers are protected, where the annex is, and what the report was made from."""
    yield pandoc.heading(1, ABOUT_ID, [pandoc.words(ABOUT_TITLE)])
    about = [paragraph(run(line), "BodyText") for line in about_lines(report)]
    made = [paragraph(run(line), "Provenance") for line in provenance_lines(report)]
    yield pandoc.raw(FORM, "".join([*about, *made]))
