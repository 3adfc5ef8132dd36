"""The chapter on delivery: absent without its stage, numbers only from the door, and claims read by their intervals."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from invented_delivery import TRIAL, invented_delivery
from invented_report_inputs import POLICY, invented_inputs

from swis.disclosure.book import Book, Shown, cells_of
from swis.disclosure.book.delivery import delivery_book
from swis.disclosure.book.delivery_frames import protect_delivery
from swis.disclosure.engine.protect import protect
from swis.disclosure.protected import Protected
from swis.report.chapters.delivery import delivery
from swis.report.chapters.delivery.amounts import amounts_section
from swis.report.chapters.delivery.claims import FEWER, MORE, _of_support, _says
from swis.report.inputs import ALL, Inputs
from swis.report.model import Block, Figure, Paragraph, Table


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
        "delivery-sessions-by-authority", "delivery-community-table", "delivery-bands-table", "delivery-views-table",
        "delivery-aims-table",
    ]  # fmt: skip
    first, *_ = tables["delivery-staff-table"].rows
    assert first == ("Intervention schools", "2021/22", "19", "19", "21", "213", "7", "[c]", "[c]", "–")
    assert tables["delivery-staff-table"].rows[-1][0] == "Team managers"


def test_each_aim_of_the_extension_has_an_indicator(inputs: Inputs) -> None:
    rows = tables_of(inputs)["delivery-aims-table"].rows
    assert [row[0] for row in rows] == ["Experience kept", "Delivery continued", "Lessons shared", "Outcomes gathered"]
    assert rows[0][2:] == ("16", "21", "76", "55 to 89")
    assert rows[3][4] == "92", "11 of 12 returns"


def blocks_of(inputs: Inputs, section: str) -> list[Block]:
    chapter = delivery(inputs)
    assert chapter is not None
    return list(next(part for part in chapter.sections if part.id == section).blocks)


def words_of(inputs: Inputs, section: str) -> str:
    return " ".join(str(block.text) for block in blocks_of(inputs, section) if isinstance(block, Paragraph))


def without_views(inputs: Inputs) -> Inputs:
    tables = inputs.further["delivery"]
    none = Protected(tables["views"].frame.iloc[:0], ("schools", "asked", "answered"), POLICY.title)
    return replace(inputs, further={"delivery": {**tables, "views": none}})


def test_views_of_school_staff_stand_with_scale_leads_mean_and_interval(inputs: Inputs) -> None:
    rows = tables_of(inputs)["delivery-views-table"].rows
    scale = "Social Workers in Schools: scale from 1 to 5"
    assert rows[0] == (scale, "Intervention schools", "Baseline", "19", "41", "41", "3.10", "2.90 to 3.30")
    assert rows[1] == (scale, "Intervention schools", "Follow-up", "19", "[c]", "39", "3.60", "3.40 to 3.80")
    assert rows[-1][3:] == ("[c]", "[c]", "[c]", "[c]", "–"), "two schools"
    said = words_of(inputs, "delivery-views")
    assert "ratio of two sums over schools" in said
    assert said.count("(illustrative), 5 items of 1 to 5") == 1, "both trials ask on one scale"


def test_it_is_said_plainly_where_no_survey_asked_for_the_view_of_school_staff(inputs: Inputs) -> None:
    said = words_of(inputs, "delivery-views")
    assert "No survey with a scale of support was returned for " in said
    assert inputs.trials["dsls_group"].title in said
    none = without_views(inputs)
    assert [type(block) for block in blocks_of(none, "delivery-views")] == [Paragraph]
    assert "No survey with a scale of support was returned. " in words_of(none, "delivery-views")


def test_the_figures_say_in_words_what_they_show_and_nothing_that_is_hidden(inputs: Inputs) -> None:
    (views,) = (block for block in blocks_of(inputs, "delivery-views") if isinstance(block, Figure))
    assert "Control: baseline 3.00, follow-up 3.10" in views.long_description
    assert inputs.trials[TRIAL].title not in views.long_description, "every mean of it is hidden"
    (amounts,) = (block for block in blocks_of(inputs, "delivery-amounts") if isinstance(block, Figure))
    assert (
        "full-time months of social workers: 2021/22 213 delivered of 228, 2022/23 213 delivered of 228"
        in amounts.long_description
    )
    assert "sessions of supervision: 2021/22 63 held of 77" in amounts.long_description


def test_a_hidden_amount_is_a_symbol_in_the_figure(inputs: Inputs) -> None:
    tables = inputs.further["delivery"]
    staff = tables["staff"].frame
    one = (staff["authority"] == ALL) & (staff["arm"] == "intervention") & (staff["academic_year"] == "2021/22")
    hidden = staff.assign(full_time_months=staff["full_time_months"].mask(one), symbol=staff["symbol"].mask(one, "[c]"))
    counts = ("schools", "full_time_months")
    changed = {**tables, "staff": Protected(hidden, counts, POLICY.title)}
    blocks = blocks_of(replace(inputs, further={"delivery": changed}), "delivery-amounts")
    (amounts,) = (block for block in blocks if isinstance(block, Figure))
    assert "2021/22 [c] delivered of 228, 2022/23 213 delivered of 228" in amounts.long_description


def test_without_amounts_to_show_there_is_no_figure_of_them(inputs: Inputs) -> None:
    tables = inputs.further["delivery"]
    none = {name: Protected(tables[name].frame.iloc[:0], (), POLICY.title) for name in ("staff", "sessions")}
    assert amounts_section(inputs, {**tables, **none}) is None


def test_the_claim_on_support_stands_beside_what_leads_answered(inputs: Inputs) -> None:
    title = inputs.trials["swis"].title
    first, second = _of_support(inputs)
    assert first[0] == "School staff are supported well on risk"
    assert first[2:] == (
        f"{title}, follow-up",
        "Intervention 3.60 (3.40 to 3.80); Control 3.10 (2.86 to 3.34)",
        "Described, not estimated",
    )
    assert second[3] == "Intervention [c]; Control [c]"
    (none,) = _of_support(without_views(inputs))
    assert none[1:] == ("No survey with a scale of support was returned", "–", "–", "Open")


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
