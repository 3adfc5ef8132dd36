"""The report model refuses what may not be built."""

from __future__ import annotations

import pytest

from swis.report.model import Column, Figure, Report, ReportError, Section, Table, paragraph

TABLE = Table("one", "A caption", (Column("Name"), Column("Number", "count")), (("a", "5"),), "a source")
ALT = "Line chart: 5 in 2018/19 and 10 in 2022/23."


def section(*blocks: object, id: str = "part", is_synthetic: bool = False) -> Section:
    return Section(id, "A part", tuple(blocks), is_synthetic=is_synthetic)  # type: ignore[arg-type]


def report(*sections: Section, is_synthetic: bool = False) -> Report:
    return Report("page", "Title", "Subtitle", sections, is_synthetic, "", "a policy")


@pytest.mark.parametrize("alt", ["", "   ", "a chart"])
def test_a_figure_without_an_alt_text_that_could_stand_for_it_is_refused(alt: str) -> None:
    with pytest.raises(ReportError, match="alt text"):
        Figure("one", "A caption", alt, b"", "a source", 100)


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


def test_alt_text_of_a_sound_figure_is_kept() -> None:
    assert Figure("one", "A caption", ALT, b"", "a source", 100).alt == ALT
