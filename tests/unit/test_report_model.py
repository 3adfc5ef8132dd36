"""The report model refuses what may not be built."""

from __future__ import annotations

import pandas as pd
import pytest
from lxml import html

from swis.disclosure.protected import Protected
from swis.report.model import Column, Figure, Report, ReportError, Section, Table, paragraph
from swis.report.render import render_report

TABLE = Table("one", "A caption", (Column("Name"), Column("Number", "count")), (("a", "5"),), "a source")
ALT = "Line chart: 5 in 2018/19 and 10 in 2022/23."
LONG = "Line chart: 5 in 2018/19, 7 in 2019/20, 8 in 2020/21, 9 in 2021/22 and 10 in 2022/23."
BEHIND = Protected(pd.DataFrame({"year": ["2018/19"], "number": [5]}), ("number",), "a policy")


def section(*blocks: object, id: str = "part", is_synthetic: bool = False) -> Section:
    return Section(id, "A part", tuple(blocks), is_synthetic=is_synthetic)  # type: ignore[arg-type]


def report(*sections: Section, is_synthetic: bool = False) -> Report:
    return Report("page", "Title", "Subtitle", sections, is_synthetic, "", "a policy")


def figure(alt: str = ALT, long_description: str = LONG) -> Figure:
    return Figure("one", "A caption", alt, long_description, b"", b"", "a source", 100, BEHIND)


@pytest.mark.parametrize("words", ["", "   ", "a chart"])
def test_a_figure_without_words_that_could_stand_for_it_is_refused(words: str) -> None:
    with pytest.raises(ReportError, match="no alt text"):
        figure(alt=words)
    with pytest.raises(ReportError, match="no long description"):
        figure(long_description=words)


@pytest.mark.parametrize(("caption", "source"), [("", "a source"), ("A caption", " ")])
def test_a_table_without_caption_or_source_is_refused(caption: str, source: str) -> None:
    with pytest.raises(ReportError, match="caption and a source"):
        Table("one", caption, (Column("Name"),), (), source)


def test_a_ragged_table_is_refused() -> None:
    with pytest.raises(ReportError, match="unequal length"):
        Table("one", "A caption", (Column("Name"), Column("Number")), (("a",),), "a source")


def test_a_column_of_unknown_kind_is_refused() -> None:
    with pytest.raises(ReportError, match="unknown kind: secret"):
        Table("one", "A caption", (Column("Name", "secret"),), (("a",),), "a source")


def test_a_heading_with_nothing_under_it_is_refused() -> None:
    with pytest.raises(ReportError, match="nothing under"):
        section()


def test_one_id_used_twice_is_refused() -> None:
    with pytest.raises(ReportError, match="used twice in report page: one"):
        report(section(TABLE), section(TABLE, id="other"))


def test_synthetic_and_real_sections_never_share_a_page() -> None:
    with pytest.raises(ReportError, match="mixes"):
        report(section(paragraph("a")), section(paragraph("b"), id="other", is_synthetic=True))


def test_text_given_as_plain_is_escaped() -> None:
    assert str(paragraph("a < b & c").text) == "a &lt; b &amp; c"


def test_grouped_rows_show_their_first_cell_once() -> None:
    rows = (("a", "1", "5"), ("a", "2", "5"), ("b", "1", "10"))
    columns = (Column("Group"), Column("Year"), Column("Number", "count"))
    table = Table("one", "A caption", columns, rows, "a source", row_headers=2, is_grouped=True)
    assert table.row_groups == [("a", [("1", "5"), ("2", "5")]), ("b", [("1", "10")])]
    assert [column.label for column in table.shown_columns] == ["Year", "Number"]


def test_columns_under_one_heading_are_grouped() -> None:
    columns = (Column("Year"), Column("Number", over="Control"), Column("Value", over="Control"), Column("Remark"))
    table = Table("one", "A caption", columns, (), "a source")
    assert [(over, len(run)) for over, run in table.column_groups] == [("", 1), ("Control", 2), ("", 1)]


def test_both_texts_of_a_sound_figure_are_on_the_page_and_the_picture_points_to_the_long_one() -> None:
    page = html.document_fromstring(render_report(report(section(figure()))))
    (picture,) = page.xpath("//img")
    assert picture.get("alt") == ALT
    assert page.get_element_by_id(picture.get("aria-describedby")).text_content() == LONG
