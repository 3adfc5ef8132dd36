"""Columns on paper: no word is cut, no table is wider than its page."""

from __future__ import annotations

import pytest
from invented_paper_report import awkward_report

from swis.report.model import Column, Table
from swis.report.paper.lettering import breakable, pieces_of, width_em
from swis.report.paper.runs import words_of
from swis.report.paper.widths import EASY_SIZES, GUTTER_EM, SIDEWAYS, SMALL_SIZES, UPRIGHT, layout_of, row_heads

TABLES = {table.id: table for table in awkward_report().tables}


@pytest.mark.parametrize("scale", [1.0, 1.17])
@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_word_fits_its_column_and_every_table_its_page(name: str, scale: float) -> None:
    table, layout = TABLES[name], layout_of(TABLES[name], scale)
    assert sum(layout.widths) <= (SIDEWAYS if layout.is_sideways else UPRIGHT)
    em = layout.size * scale
    rows = [row for _, rows in table.row_groups for row in rows]
    for place, (column, width) in enumerate(zip(table.shown_columns, layout.widths, strict=True)):
        is_head = place < row_heads(table)
        words = [(piece, True) for piece in pieces_of(column.label)]
        words += [(piece, is_head) for row in rows for piece in pieces_of(words_of(row[place]))]
        # A hundredth of a point is lost where widths are rounded down.
        assert all((width_em(piece, is_heavy=heavy) + GUTTER_EM) * em <= width + 0.01 for piece, heavy in words)


def test_few_columns_keep_the_large_lettering_and_fill_the_page() -> None:
    layout = layout_of(TABLES["long"])
    assert layout.size == EASY_SIZES[0]
    assert not layout.is_sideways
    assert sum(layout.widths) == pytest.approx(UPRIGHT, abs=0.1)


def test_what_fits_no_page_is_shared_out_alike_in_the_smallest_lettering() -> None:
    columns = tuple(Column(f"Unbreakable{place}") for place in range(60))
    layout = layout_of(Table("one", "A caption", columns, (tuple("x" for _ in columns),), "a source"))
    assert layout.size == SMALL_SIZES[-1]
    assert layout.is_sideways
    assert sum(layout.widths) == pytest.approx(SIDEWAYS, abs=1)


def test_a_heading_over_columns_widens_them_until_its_longest_word_fits() -> None:
    over = "Antidisestablishmentarianism"
    columns = (Column("Name"), Column("a", "count", over), Column("b", "count", over), *(Column("c") for _ in range(9)))
    layout = layout_of(Table("one", "A caption", columns, (tuple("x" for _ in columns),), "a source"))
    assert sum(layout.widths[1:3]) >= width_em(over, is_heavy=True) * layout.size


def test_a_row_without_cells_and_a_table_without_rows_have_widths() -> None:
    columns = (Column("Name"), Column("Number", "count"))
    assert len(layout_of(Table("one", "A caption", columns, (), "a source")).widths) == len(columns)


def test_long_paths_may_end_a_line_after_a_stroke_and_short_words_not() -> None:
    path = "tables/evaluation/swis-social-care-table.csv"
    assert breakable(path).replace("\u200b", "") == path
    assert breakable(path).split("\u200b")[0] == "tables/"
    assert breakable("2018/19") == "2018/19"
    assert max(map(len, pieces_of(path))) < len(path) // 2


def test_figures_are_as_wide_as_one_another() -> None:
    assert {width_em(figure) for figure in "0123456789"} == {width_em("0")}
