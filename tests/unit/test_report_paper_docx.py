"""The Word document of a report, read back: whole, in real styles, marked, the same every time."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import unescape

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from invented_paper_report import ALT, LONG, awkward_report
from pypdf import PdfReader

from swis.report.model import ReportError, paragraph
from swis.report.paper import pandoc, render_docx
from swis.report.paper.docx_text import LONGEST_NAME, bookmark
from swis.report.paper.packing import packed, unpacked
from swis.report.paper.runs import words_of
from swis.report.paper.walk import ANNEX_WORDS
from swis.report.paper.widths import row_heads
from swis.report.render import NUMERIC, SYNTHETIC_WORDS


@cache
def made(*, is_synthetic: bool = True, has_paper_annex: bool = True) -> bytes:
    return render_docx(awkward_report(is_synthetic=is_synthetic, has_paper_annex=has_paper_annex))


def opened(content: bytes) -> Document:
    return docx.Document(io.BytesIO(content))


def paragraphs(content: bytes) -> list[tuple[str, str]]:
    return [(shown.style.name, shown.text) for shown in opened(content).paragraphs if shown.style is not None]


def test_every_cell_is_in_its_place() -> None:
    tables = opened(made()).tables
    assert len(tables) == len(awkward_report().tables)
    for table, shown in zip(awkward_report().tables, tables, strict=True):
        cells = iter([[cell.text for cell in row.cells] for row in shown.rows])
        headings = [next(cells) for _ in range(1 + (len(table.column_groups) < len(table.shown_columns)))]
        assert headings[-1][1:] == [column.label for column in table.shown_columns][1:]
        for label, rows in table.row_groups:
            if label:
                assert set(next(cells)) == {label}
            for row in rows:
                assert next(cells) == [words_of(cell) for cell in row]
        assert next(cells, None) is None


def test_headings_captions_and_text_have_words_own_styles() -> None:
    report, shown = awkward_report(), paragraphs(made())
    assert ("Title", report.title) in shown
    assert ("Subtitle", report.subtitle) in shown
    assert ("Heading 1", report.sections[0].title) in shown
    assert ("Heading 2", "A part within") in shown
    for block in report.files:
        assert ("Caption", f"{report.numbering[block.id]}: {block.caption}") in shown
        assert ("Under", f"Source: {block.source}") in shown
    assert ("Key Message", "Bold of 1,234 <i>") in shown
    assert ("Aside", "- nor this") in shown
    assert ("Lead", "Look at the last part.") in shown
    assert "1. Not a list" in [text for _, text in shown]
    assert "= second" in [text for _, text in shown]


def test_headings_of_a_table_repeat_and_its_first_column_heads_rows() -> None:
    for table, shown in zip(awkward_report().tables, opened(made()).tables, strict=True):
        assert shown.style is not None
        assert shown.style.name == "Report Table"
        repeated = [row._tr.find(f"./{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in shown.rows]
        rows = 1 + (len(table.column_groups) < len(table.shown_columns))
        assert repeated == [True] * rows + [False] * (len(repeated) - rows)
        look = shown._tbl.tblPr.find(qn("w:tblLook"))
        assert look.get(qn("w:firstColumn")) == str(min(1, row_heads(table)))


def test_numbers_stand_to_the_right() -> None:
    for table, shown in zip(awkward_report().tables, opened(made()).tables, strict=True):
        sides = [cell.paragraphs[0].alignment for cell in shown.rows[-1].cells]
        numeric = [column.kind in NUMERIC for column in table.shown_columns]
        assert [side is not None for side in sides] == numeric


def test_pictures_carry_their_alt_text() -> None:
    described = re.findall(r'<wp:docPr [^>]*descr="([^"]*)"', xml("word/document.xml"))
    assert [unescape(words, {"&quot;": '"'}) for words in described] == [f"{ALT} {LONG}"]


def test_language_title_and_no_date_are_in_its_properties() -> None:
    properties = opened(made()).core_properties
    assert properties.title == awkward_report().title
    assert properties.language == "en-GB"
    assert "dcterms" not in re.sub(r'xmlns:dcterms="[^"]*"', "", xml("docProps/core.xml"))


def test_every_section_has_the_running_lines_and_the_wide_table_lies_on_its_side() -> None:
    sections = opened(made()).sections
    assert [section.page_width > section.page_height for section in sections] == [False, True, False]
    for section in sections:
        assert section.header.paragraphs[0].text == SYNTHETIC_WORDS
        assert not section.header.is_linked_to_previous
        assert [field.strip() for field in re.findall(r"(PAGE|NUMPAGES) <", xml("word/footer1.xml"))] == [
            "PAGE",
            "NUMPAGES",
        ]


def test_real_data_carry_no_synthetic_words() -> None:
    content = made(is_synthetic=False)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [archive.read(name).decode("utf-8") for name in archive.namelist() if name.endswith(".xml")]
    assert not any(SYNTHETIC_WORDS in part for part in parts)


def test_links_and_contents_lead_to_bookmarks_that_are_there() -> None:
    document = xml("word/document.xml")
    targets = set(re.findall(r'w:anchor="([^"]*)"', document))
    assert {"first", "last-part", "middle", "annexed"} <= targets
    assert targets <= set(re.findall(r'<w:bookmarkStart [^>]*w:name="([^"]*)"', document))
    assert "nowhere" not in targets


def test_ids_of_bookmarks_are_told_apart() -> None:
    numbers = re.findall(r'<w:bookmarkStart [^>]*w:id="([^"]*)"', xml("word/document.xml"))
    assert len(numbers) == len(set(numbers))


def test_chapters_of_a_book_begin_pages_and_those_of_a_short_report_do_not() -> None:
    assert "pageBreakBefore" not in xml("word/styles.xml")
    report = awkward_report()
    chapters = tuple(
        replace(report.sections[-1], id=f"last-{place}", blocks=(paragraph("Words"),)) for place in range(20)
    )
    book = unpacked(render_docx(replace(report, sections=(*report.sections, *chapters))))
    assert "pageBreakBefore" in book["word/styles.xml"].decode("utf-8")


def test_long_names_are_cut_to_what_word_takes_and_stay_apart() -> None:
    names = [f"{'x' * LONGEST_NAME}-{place}" for place in range(3)]
    assert len({bookmark(name) for name in names}) == len(names)
    assert all(len(bookmark(name)) <= LONGEST_NAME for name in names)


def test_an_annex_that_is_not_printed_is_told_of() -> None:
    assert ANNEX_WORDS in [text for _, text in paragraphs(made(has_paper_annex=False))]
    assert ANNEX_WORDS not in [text for _, text in paragraphs(made())]
    assert len(opened(made(has_paper_annex=False)).tables) == len(opened(made()).tables) - 1


def test_the_same_report_gives_the_same_bytes_and_no_file_in_it_has_a_date() -> None:
    assert render_docx(awkward_report()) == made()
    with zipfile.ZipFile(io.BytesIO(made())) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_packing_and_unpacking_keep_every_part() -> None:
    parts = {"b.xml": b"<b/>", "[Content_Types].xml": b"<t/>", "a.png": b"png"}
    assert unpacked(packed(parts)) == parts
    assert next(iter(unpacked(packed(parts)))) == "[Content_Types].xml"


def test_what_pandoc_says_is_not_passed_on() -> None:
    with pytest.raises(ReportError, match=r"^pandoc could not write the report \(its exit status is \d+\)$"):
        pandoc.convert([{"t": "Secret", "c": []}], {}, "--to", "docx")


def test_libreoffice_shows_every_cell(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        assert "CI" not in os.environ, "continuous integration installs LibreOffice"
        pytest.skip("LibreOffice is not installed: the Word document was not opened by it")
    (tmp_path / "report.docx").write_bytes(made())
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    turn = [
        office,
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "report.docx"),
    ]
    subprocess.run(turn, check=True, capture_output=True, timeout=120)
    pages = [shown.extract_text() for shown in PdfReader(tmp_path / "report.pdf").pages]
    assert all(SYNTHETIC_WORDS in text for text in pages)
    shown = squeezed("".join(pages))
    for table in awkward_report().tables:
        for cell in (cell for row in table.rows for cell in row):
            assert squeezed(words_of(cell)) in shown, (table.id, cell)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b]+", "", text)


def xml(name: str) -> Any:
    return unpacked(made())[name].decode("utf-8")
