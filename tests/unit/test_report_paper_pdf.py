"""The PDF of a report, read back: whole, tagged, marked, the same every time."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from functools import cache
from typing import Any

import page
import pytest
from invented_paper_report import ALT, LONG, MANY_ROWS, awkward_report, figure, picture
from pypdf import PdfReader

from swis.report.model import Block, Column, Report, ReportError, Section, Table, paragraph
from swis.report.paper import pdf as pdf_module
from swis.report.paper import render_pdf
from swis.report.paper.runs import words_of
from swis.report.paper.walk import ANNEX_WORDS, tables_on_paper
from swis.report.render import SYNTHETIC_WORDS


@cache
def made(*, is_synthetic: bool = True, has_paper_annex: bool = True) -> bytes:
    return render_pdf(awkward_report(is_synthetic=is_synthetic, has_paper_annex=has_paper_annex))


def pages(content: bytes) -> list[str]:
    return [shown.extract_text() for shown in PdfReader(io.BytesIO(content)).pages]


def squeezed(text: str) -> str:
    """Text without blanks: where a line ends is the page's business."""
    return re.sub(r"[\s\u200b]+", "", text)


def elements(content: bytes, kind: str) -> list[Any]:
    reader = PdfReader(io.BytesIO(content))
    found = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if node.get("/S") == kind:
                found.append(node)
            if "/K" in node:
                walk(node["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def test_every_word_of_the_model_is_in_the_pdf() -> None:
    report, shown = awkward_report(), squeezed("".join(pages(made())))
    numbering = report.numbering
    for table in report.tables:
        assert squeezed(f"{numbering[table.id]}: {table.caption}") in shown
        for text in (*(column.label for column in table.shown_columns), table.note, table.source):
            assert squeezed(text) in shown, (table.id, text)
    for drawn in report.figures:
        assert squeezed(f"{numbering[drawn.id]}: {drawn.caption}") in shown
        assert squeezed(drawn.source) in shown
    for section in report.whole:
        assert squeezed(section.title) in shown
    for words in ("1. Not a list", "- nor this", "Bold of 1,234 <i>", "= second", report.subtitle, report.policy):
        assert squeezed(words) in shown, words
    assert "data set: invented" in "\n".join(pages(made()))


def test_every_cell_is_a_cell_of_its_table_in_the_tags() -> None:
    tables = elements(made(), "/Table")
    report = awkward_report()
    assert len(tables) == len(report.tables)
    for table, tagged in zip(report.tables, tables, strict=True):
        rows = [node for node in _children(tagged) if node["/S"] == "/TR"]
        data = len(table.rows) * len(table.shown_columns)
        assert sum(node["/S"] == "/TD" for row in rows for node in _children(row)) == data - len(table.rows)
        assert sum(_scope(node) == "/Row" for row in rows for node in _children(row)) == len(table.rows)


def test_numbers_of_every_row_stand_in_one_line_in_order() -> None:
    shown = squeezed("".join(pages(made())))
    for table in awkward_report().tables:
        if table.id in {"grouped", "long", "wide"}:
            for _, rows in table.row_groups:
                for row in rows:
                    assert squeezed("".join(map(words_of, row))) in shown, (table.id, row)


def test_headings_of_a_long_table_stand_on_every_page_of_it() -> None:
    with_rows = [text for text in pages(made()) if re.search(r"^row \d+", text, re.MULTILINE)]
    assert len(with_rows) > MANY_ROWS // 60
    assert all(re.search(r"Row\s+Number", text) for text in with_rows)


def test_nothing_reaches_over_the_edge_of_a_page() -> None:
    for shown in PdfReader(io.BytesIO(made())).pages:
        width = float(shown.mediabox.width)
        places: list[float] = []
        shown.extract_text(
            visitor_text=lambda text, user, matrix, font, size, kept=places: (
                kept.append(matrix[4] * user[0] + user[4]) if text.strip() else None
            )
        )
        assert places
        assert min(places) > 50
        assert max(places) < width - 50


def test_the_page_of_a_wide_table_lies_on_its_side() -> None:
    sizes = {
        float(shown.mediabox.width) > float(shown.mediabox.height)
        for shown in PdfReader(io.BytesIO(made())).pages
        if "Wide" in shown.extract_text() and "3,019" in shown.extract_text()
    }
    assert sizes == {True}


def test_it_is_tagged_with_language_and_title_and_no_checker_finds_anything(tmp_path: Any) -> None:
    reader = PdfReader(io.BytesIO(made()))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"
    assert reader.metadata is not None
    assert reader.metadata.title == f"{SYNTHETIC_WORDS}: {awkward_report().title}"
    path = tmp_path / "report.pdf"
    path.write_bytes(made())
    found = page.validate_pdf(str(path), profile=page.ValidationProfile.PDF_UA_1)
    assert "no failures" in str(found)


def test_the_checker_finds_what_is_missing_from_an_untagged_pdf(tmp_path: Any) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(made().replace(b"/Marked true", b"/Marked null"))
    assert "no failures" not in str(page.validate_pdf(str(path), profile=page.ValidationProfile.PDF_UA_1))


def test_pictures_carry_their_alt_text() -> None:
    assert [str(node["/Alt"]) for node in elements(made(), "/Figure")] == [f"{ALT} {LONG}"]


def test_a_picture_without_alt_text_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    from swis.report.paper import typst_form

    monkeypatch.setattr(typst_form, "alt_of", lambda figure: "")
    monkeypatch.setattr(typst_form, "string", lambda text, told=typst_form.string: told(text) if text else "none")
    with pytest.raises(ReportError, match="a figure without alt text"):
        render_pdf(awkward_report())


def test_synthetic_words_are_on_every_page_and_only_of_simulated_data() -> None:
    assert all(SYNTHETIC_WORDS in text for text in pages(made()))
    assert not any(SYNTHETIC_WORDS in text for text in pages(made(is_synthetic=False)))


def test_every_page_says_which_of_how_many_it_is() -> None:
    shown = pages(made())
    assert all(f"Page {number} of {len(shown)}" in text for number, text in enumerate(shown, 1))


def test_a_link_says_the_page_it_leads_to() -> None:
    shown = pages(made())
    last = next(number for number, text in enumerate(shown, 1) if "Checklist" in text and number > 1)
    assert squeezed(f"Look at the last part, page {last}.") in squeezed("".join(shown))
    assert squeezed("the first part, page 1") in squeezed(shown[last - 1])
    assert "nowhere, page" not in "".join(shown)


def test_contents_say_the_page_of_every_chapter() -> None:
    shown = pages(made())
    last = next(number for number, text in enumerate(shown, 1) if "Checklist" in text and number > 1)
    assert re.search(rf"The last part[ .]*{last}\b", shown[0])


def test_contents_of_a_book_name_sections_of_chapters_and_chapters_only_of_the_annex() -> None:
    words = (paragraph("Words"),)
    chapters = [
        Section(f"part-{n}", f"Chapter {n}", words, (Section(f"in-{n}", f"Within {n}", words),)) for n in range(20)
    ]
    report = Report("page", "Title", "Sub", tuple(chapters[:-1]), False, "", "a policy", annex=(chapters[-1],))
    contents = "".join(text for text in pages(render_pdf(report)) if " . . ." in text)
    assert "Chapter 19" in contents
    assert "Within 18" in contents
    assert "Within 19" not in contents


def test_a_figure_waits_for_the_foot_of_a_page_only_where_rows_fill_the_one_before() -> None:
    rows = tuple((f"row {place}", "5") for place in range(30))
    table = Table("rows", "Rows", (Column("Row"), Column("Number", "count")), rows, "a source")
    tall, ahead = figure("one", "Tall", "a source", picture(800, 600), 800), paragraph("Words ahead. " * 150)
    followed = pages(render_pdf(whole((ahead, tall, table))))
    last = pages(render_pdf(whole((ahead, tall))))
    assert "row 0" in followed[0]
    assert "Figure 1: Tall" in followed[1]
    assert "Figure 1: Tall" in last[1]
    assert "Source: a source" in last[1]


def test_an_annex_that_is_not_printed_is_told_of() -> None:
    short = squeezed("".join(pages(made(has_paper_annex=False))))
    assert squeezed(ANNEX_WORDS) in short
    assert "4,321" not in short
    assert squeezed(ANNEX_WORDS) not in squeezed("".join(pages(made())))


def test_the_same_report_gives_the_same_bytes() -> None:
    assert render_pdf(awkward_report()) == made()


def test_what_typst_says_is_not_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_module, "_opening", lambda report: "#panic(17)")
    with pytest.raises(ReportError) as told:
        render_pdf(awkward_report())
    assert str(told.value) == "typst could not set the report: its source"


def test_page_numbers_that_do_not_settle_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    opening = pdf_module._opening
    never = '#let seen = state("seen", 0)\n#context seen.update(seen.final() + 1)\n'
    monkeypatch.setattr(pdf_module, "_opening", lambda report: opening(report) + never)
    with pytest.raises(ReportError, match="did not settle"):
        render_pdf(awkward_report())


def whole(blocks: tuple[Block, ...]) -> Report:
    return Report("page", "Title", "Subtitle", (Section("part", "Part", blocks),), False, "", "a policy")


def test_a_figure_that_is_no_png_is_refused() -> None:
    with pytest.raises(ReportError, match="figure one is not a PNG"):
        render_pdf(whole((figure("one", "A caption", "a source", b"GIF89a", 100),)))


def test_wide_figures_lie_on_their_side() -> None:
    content = render_pdf(whole((figure("one", "A caption", "a source", picture(1600, 500), 1600),)))
    turned = [shown for shown in PdfReader(io.BytesIO(content)).pages if shown.mediabox.width > shown.mediabox.height]
    assert len(turned) == 1


def test_row_headings_of_two_columns_are_both_tagged() -> None:
    report = awkward_report()
    table = replace(tables_on_paper(report)[0], row_headers=2)
    content = render_pdf(replace(report, sections=(Section("part", "Part", (table,), is_synthetic=True),), annex=()))
    assert content.count(b"/Scope/Row") == 2 * len(table.rows)


def _children(node: Any) -> list[Any]:
    kids = node.get("/K", [])
    kids = kids if isinstance(kids, list) else [kids]
    found = [kid.get_object() for kid in kids if hasattr(kid, "get_object")]
    elements = [kid for kid in found if isinstance(kid, dict) and "/S" in kid]
    return [
        inner
        for kid in elements
        for inner in (_children(kid) if kid["/S"] in {"/TBody", "/THead", "/TFoot"} else [kid])
    ]


def _scope(node: Any) -> str | None:
    listed = node.get("/A", [])
    listed = listed if isinstance(listed, list) else [listed]
    return next((str(entry["/Scope"]) for entry in listed if "/Scope" in entry), None)


def test_tables_on_paper_are_those_of_the_report() -> None:
    report: Report = awkward_report(has_paper_annex=False)
    assert [table.id for table in tables_on_paper(report)] == ["small", "grouped", "long", "wide", "checklist"]
    assert isinstance(report.tables[-1], Table)
