"""The four aims of the extension, with an indicator each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from swis.disclosure.protected import Protected
from swis.report.chapters.delivery.staff import limits_cell, percent_cell
from swis.report.inputs import Inputs
from swis.report.model import Column, Section, Table, paragraph
from swis.report.tables import symbols_note
from swis.report.wording import DASH, count_cell, number_text

OPENING = (
    "The extension into the last academic year was to keep and build the experience of the social workers, to share lessons "
    "in a community of practice, to continue delivery where it existed, and to go on gathering outcomes. One indicator "
    "for each aim; none was named when the aims were set, so they are our choice."
)
STAYED = {
    "workers": ("Experience kept", "Social workers in post in the year before who were still in post in {year}"),
    "schools": ("Delivery continued", "Schools with a worker in the year before that had one in {year}"),
}
MET = ("Lessons shared", "Months in post in {year} in which social workers came to the community of practice")
GATHERED = ("Outcomes gathered", "Returns of {year} that came, of those expected")


def aims_section(inputs: Inputs, tables: Mapping[str, Protected]) -> Section:
    """The table of aims and indicators, of the last academic year."""
    year = inputs.academic_years[-1]
    rows = [*_stayed(tables["stayed_on"], year), *_met(tables["community"], year), _gathered(tables, year)]
    columns = (
        Column("Aim of the extension"),
        Column("Indicator"),
        Column("Number", "count"),
        Column("Out of", "count"),
        Column("%", "value"),
        Column("95% interval", "interval"),
    )
    table = Table(
        "delivery-aims-table",
        f"Aims of the extension, with an indicator each, {year}",
        columns,
        tuple(rows),
        f"records of delivery; {inputs.data_source}",
        note=" ".join(["Returns count nobody and are given as a percentage only.", symbols_note(rows)]).strip(),
        row_headers=2,
        data=_told(tables, year),
    )
    return Section(
        "delivery-aims", "What the extension was for", (paragraph(OPENING), table), is_synthetic=inputs.is_synthetic
    )


def _told(tables: Mapping[str, Protected], year: str) -> Protected:
    """The indicators that have numbers, one row each, for the file of the table."""
    stayed = tables["stayed_on"].where(academic_year=year)
    met = tables["community"].where(academic_year=year, role="social worker").frame
    named = {"attended": "number", "months": "of", "lower": "share_lower", "upper": "share_upper"}
    met = met.rename(columns=named).assign(trial="swis", what="months with the community of practice")
    return stayed.with_frame(pd.concat([stayed.frame, met[stayed.frame.columns]], ignore_index=True))


def _stayed(stayed: Protected, year: str) -> list[tuple[str, ...]]:
    return [
        (
            STAYED[row["what"]][0],
            STAYED[row["what"]][1].format(year=year),
            *_numbers(row, "number", "of", "share", "share_"),
        )
        for row in stayed.where(academic_year=year).frame.to_dict("records")
    ]


def _met(community: Protected, year: str) -> list[tuple[str, ...]]:
    return [
        (MET[0], MET[1].format(year=year), *_numbers(row, "attended", "months", "share", ""))
        for row in community.where(academic_year=year, role="social worker").frame.to_dict("records")
    ]


def _numbers(row: Mapping[str, Any], number: str, of: str, share: str, limits: str) -> tuple[str, ...]:
    symbol = str(row["symbol"])
    return (
        count_cell(row[number], symbol),
        count_cell(row[of], symbol),
        percent_cell(row[share], symbol),
        limits_cell(row, limits),
    )


def _gathered(tables: Mapping[str, Protected], year: str) -> tuple[str, ...]:
    came: pd.Series = tables["gathered"].frame[["received", "expected"]].sum()
    share = number_text(100 * came["received"] / came["expected"], decimals=0) if came["expected"] else DASH
    return (GATHERED[0], GATHERED[1].format(year=year), DASH, DASH, share, DASH)
