"""The chapter on costs, read back as a browser would: in order, in words, and absent where nothing was costed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from invented_economics import invented, through_the_door
from invented_report_inputs import invented_inputs
from lxml import html

from swis import report
from swis.economics.stage import Economics
from swis.report.inputs import ALL, Inputs
from swis.report.model import Figure, Section, Table


def inputs_with(held: Economics, *, is_synthetic: bool = True) -> Inputs:
    return replace(invented_inputs(ALL, is_synthetic=is_synthetic), further={"economics": through_the_door(held)})


@pytest.fixture(scope="module")
def chapter() -> Section:
    made = report.economics(inputs_with(invented()[2]))
    assert made is not None
    return made


def table(chapter: Section, name: str) -> Table:
    return next(block for block in chapter.walk() if isinstance(block, Table) and block.id == name)


def test_sections_stand_in_order_and_every_choice_is_told(chapter: Section) -> None:
    assert [section.id for section in chapter.sections] == [
        "economics-costs", "economics-value", "economics-consequences", "economics-sensitivity", "economics-extension",
        "economics-assumptions",
    ]  # fmt: skip
    assert len(table(chapter, "economics-assumptions-table").rows) == len(invented()[2].assumptions)


def test_net_benefit_comes_before_the_ratio_and_the_published_chance_beside_it(chapter: Section) -> None:
    rows = table(chapter, "economics-value-table").rows
    assert rows[0][0] == "Net benefit, an enquiry prevented worth £1,000"
    assert [row[-1] for row in rows[:3]] == ["1.3%", "1.1%", "6.1%"]
    assert rows[-1][0] == "Cost of an enquiry prevented"


def test_a_word_stands_where_the_ratio_would_mislead() -> None:
    held = invented()[2]
    worse = held.value.assign(
        word=held.value["word"].mask(held.value["quantity"] == "cost per event prevented", "dominated")
    )
    made = report.economics(inputs_with(replace(held, value=worse)))
    assert made is not None
    assert table(made, "economics-value-table").rows[-1][1] == "Dominated: it cost more and prevented no enquiry"


def test_figures_say_their_numbers_in_words(chapter: Section) -> None:
    figures = {block.id: block for block in chapter.walk() if isinstance(block, Figure)}
    assert set(figures) == {"economics-curve", "economics-plane"}
    assert (
        "Published trial: 1.3% at £1,000, 1.1% at £10,000, 6.1% at £20,000"
        in figures["economics-curve"].long_description
    )
    assert "Shares: " in figures["economics-plane"].long_description
    assert all(figure.png.startswith(b"\x89PNG") for figure in figures.values())


def test_hidden_numbers_are_symbols_and_figures_are_left_out() -> None:
    held = invented()[2]
    made = report.economics(inputs_with(replace(held, behind=held.behind.assign(count_control=1))))
    assert made is not None
    assert not [block for block in made.walk() if isinstance(block, Figure)]
    rows = table(made, "economics-value-table").rows
    assert {row[1] for row in rows} == {"[c]"}
    assert "[c]" in table(made, "economics-value-table").note


def test_the_chapter_is_absent_without_the_stage_or_without_prices() -> None:
    assert report.economics(invented_inputs(ALL)) is None
    held = invented()[2]
    assert report.economics(inputs_with(replace(held, prices=held.prices.iloc[:0]))) is None


def test_simulated_costs_are_called_so_and_real_ones_are_not() -> None:
    held = invented()[2]
    pages = [report.economics(inputs_with(held, is_synthetic=simulated)) for simulated in (True, False)]
    said = [html.document_fromstring(page._repr_html_()).text_content() for page in pages if page is not None]
    assert "every price is illustrative" in said[0]
    assert "simulated" not in said[1]
