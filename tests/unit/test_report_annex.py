"""Long tables go to the annex, none is lost, and the words in their place give the number they have there."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swis.report.annex import LONGEST_READ, is_long, with_annex
from swis.report.model import Column, Paragraph, Report, Section, Table, paragraph, walk_sections


def table(id: str, rows: int, *, stays: bool = False) -> Table:
    return Table(id, f"Caption of {id}", (Column("Name"),), (("a",),) * rows, "a source", stays=stays)


def report_of(chapters: list[Section], looked_up: list[Section]) -> Report:
    read, annex = with_annex(chapters, looked_up)
    return Report("page", "Title", "Subtitle", read, True, "", "a policy", annex=annex)


def chapter(id: str, *blocks: Table | Paragraph, sections: tuple[Section, ...] = ()) -> Section:
    return Section(id, f"Title of {id}", blocks or (paragraph("words"),), sections, is_synthetic=True)


def inner(id: str, *blocks: Table) -> Section:
    return Section(id, f"Title of {id}", blocks)


@pytest.mark.parametrize(("rows", "stays", "moves"), [(LONGEST_READ, False, False), (LONGEST_READ + 1, False, True),
                                                      (LONGEST_READ + 1, True, False)])  # fmt: skip
def test_a_table_moves_when_it_is_longer_than_what_is_read_and_may_move(rows: int, stays: bool, moves: bool) -> None:
    made = report_of([chapter("one", table("a", rows, stays=stays))], [])
    assert [block.id for section in made.annex for block in section.walk() if isinstance(block, Table)] == ["a"] * moves
    assert is_long(table("a", rows, stays=stays)) is moves


def test_in_its_place_stands_a_link_with_the_number_it_has_in_the_annex() -> None:
    made = report_of([chapter("one", table("a", 30), table("b", 3)), chapter("two", table("c", 3))], [])
    (words,) = [block for block in made.sections[0].blocks if isinstance(block, Paragraph)]
    assert words.text == 'In the annex: <a href="#a">Table 3</a>, Caption of a.'
    assert made.numbering["a"] == "Table 3"


def test_the_annex_keeps_the_headings_of_the_chapter_where_several_sections_have_long_tables() -> None:
    parts = (inner("x", table("a", 30)), inner("y", table("b", 3)), inner("z", table("c", 30)))
    (made,) = report_of([chapter("one", sections=parts)], []).annex
    assert (made.id, made.title) == ("annex-one", "Tables: Title of one")
    assert [section.title for section in made.sections] == ["Title of x", "Title of z"]


@given(st.lists(st.lists(st.integers(1, 40), max_size=4), min_size=1, max_size=4), st.integers(0, 2))
def test_every_table_is_in_the_report_once_and_every_reference_gives_its_number(
    lengths: list[list[int]], looked_up: int
) -> None:
    chapters = [
        chapter(f"c{place}", *(table(f"t{place}-{number}", rows) for number, rows in enumerate(of, 1)))
        for place, of in enumerate(lengths)
    ]
    made = report_of(chapters, [chapter(f"l{place}", table(f"u{place}", 50)) for place in range(looked_up)])
    held = sorted(one.id for one in made.tables)
    assert held == sorted([*(block.id for one in chapters for block in one.walk() if isinstance(block, Table)),
                           *(f"u{place}" for place in range(looked_up))])  # fmt: skip
    for section in walk_sections(made.sections):
        for block in section.blocks:
            if isinstance(block, Paragraph) and block.tone == "see":
                found = re.search(r'href="#(.*?)">(Table \d+)<', block.text)
                assert found is not None
                assert made.numbering[found[1]] == found[2]
