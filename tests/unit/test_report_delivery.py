"""The chapter on delivery: absent without its stage, numbers only from the door, and claims read by their intervals."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from invented_delivery import invented_delivery
from invented_report_inputs import POLICY, invented_inputs

from swis.disclosure import Protected
from swis.disclosure.book import Book, Shown, cells_of
from swis.disclosure.book.delivery import delivery_book
from swis.disclosure.book.delivery_frames import protect_delivery
from swis.disclosure.engine.protect import protect
from swis.report.chapters.delivery import delivery
from swis.report.chapters.delivery.claims import FEWER, MORE, _says
from swis.report.inputs import ALL, Inputs
from swis.report.model import Table


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    book = Book()
    delivery_book(book, invented_delivery(), {})
    cells = cells_of(book, POLICY)
    tables = protect_delivery(invented_delivery(), {}, Shown.of(cells, protect(cells).hidden, POLICY))
    return replace(invented_inputs(ALL), further={"delivery": tables})


def tables_of(inputs: Inputs) -> dict[str, Table]:
    chapter = delivery(inputs)
    assert chapter is not None
    return {block.id: block for block in chapter.walk() if isinstance(block, Table)}


def test_without_its_stage_there_is_no_chapter() -> None:
    assert delivery(invented_inputs(ALL)) is None


def test_every_table_stands_with_what_it_may_show(inputs: Inputs) -> None:
    tables = tables_of(inputs)
    assert list(tables) == [
        "delivery-staff-table", "delivery-staff-by-authority", "delivery-sessions-table",
        "delivery-sessions-by-authority", "delivery-community-table", "delivery-bands-table", "delivery-aims-table",
    ]  # fmt: skip
    first, *_ = tables["delivery-staff-table"].rows
    assert first == ("Intervention schools", "2021/22", "19", "19", "21", "213", "7", "[c]", "[c]", "–")
    assert tables["delivery-staff-table"].rows[-1][0] == "Team managers"


def test_each_aim_of_the_extension_has_an_indicator(inputs: Inputs) -> None:
    rows = tables_of(inputs)["delivery-aims-table"].rows
    assert [row[0] for row in rows] == ["Experience kept", "Delivery continued", "Lessons shared", "Outcomes gathered"]
    assert rows[0][2:] == ("16", "21", "76", "55 to 89")
    assert rows[3][4] == "92", "11 of 12 returns"


def test_it_is_said_plainly_that_no_data_hold_the_view_of_school_staff(inputs: Inputs) -> None:
    chapter = delivery(inputs)
    assert chapter is not None
    views = next(section for section in chapter.sections if section.id == "delivery-views")
    assert "is in no return" in str(views.blocks[0].text)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("scale", "lower", "upper", "way", "says"),
    [
        ("rate ratio", 0.8, 0.95, FEWER, "In its favour"),
        ("rate ratio", 0.8, 0.95, MORE, "Against it"),
        ("rate ratio", 0.8, 1.1, FEWER, "Not shown: the interval holds no difference"),
        ("mean difference", 0.1, 0.4, MORE, "In its favour"),
        ("mean difference", 0.1, 0.4, FEWER, "Against it"),
        ("odds ratio", float("nan"), float("nan"), MORE, "Open: too little stands behind it"),
    ],
)
def test_a_claim_is_read_by_the_interval_of_its_estimate(
    scale: str, lower: float, upper: float, way: str, says: str
) -> None:
    assert _says({"scale": scale, "lower": lower, "upper": upper, "symbol": ""}, way) == says


def test_a_hidden_estimate_says_nothing_of_a_claim() -> None:
    row = {"scale": "rate ratio", "lower": 0.5, "upper": 0.6, "symbol": "[c]"}
    assert _says(row, FEWER).startswith("Open")


def test_the_by_authority_table_names_authorities_and_no_school(inputs: Inputs) -> None:
    rows = tables_of(inputs)["delivery-staff-by-authority"].rows
    assert {row[0] for row in rows} == {inputs.authorities[slug] for slug in ("hull", "ealing", "devon")}
    assert all(isinstance(one, Protected) for one in inputs.further["delivery"].values())
    assert not any(pd.Series(one.frame.columns).eq("urn").any() for one in inputs.further["delivery"].values())
