"""Who was in post: over all authorities, and in each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from swis.disclosure.protected import Protected
from swis.report.inputs import ALL, Inputs
from swis.report.model import Column, Section, Table, paragraph
from swis.report.tables import ARM_TITLES, symbols_note
from swis.report.wording import DASH, count_cell, number_text

PLACED = (
    "146 social workers were placed, and each authority of Social Workers in Schools had a team manager (the commission's "
    "figures). Below are all persons in post at any time of an academic year, successors too. Full-time months add up shares "
    "of full time; a post is open from the first day of the trial until its school left or its funding ended, and "
    "vacant on days without anybody in it. A worker left who went more than a month before that."
)
MANAGERS = "Team managers"


def staff_section(inputs: Inputs, tables: Mapping[str, Protected]) -> Section | None:
    """Social workers and managers by academic year, then by authority; absent where no authority sent a record."""
    staff = tables["staff"]
    if staff.is_empty:
        return None
    blocks = (paragraph(PLACED), _over_all(inputs, staff), _by_authority(inputs, staff))
    return Section("delivery-staff", "Social workers in post", blocks, is_synthetic=inputs.is_synthetic)


def _over_all(inputs: Inputs, staff: Protected) -> Table:
    shown = staff.where(authority=ALL)
    columns = (
        Column("Where"),
        Column("Academic year"),
        Column("Schools", "count"),
        Column("Schools with a worker", "count"),
        Column("Staff in post", "count"),
        Column("Full-time months", "count"),
        Column("Months vacant, % of open", "value"),
        Column("Staff who left", "count"),
        Column("% of staff", "value", over="Turnover"),
        Column("95% interval", "interval", over="Turnover"),
    )
    rows = [_row(row) for row in shown.frame.to_dict("records")]
    return Table(
        "delivery-staff-table",
        "Staff in post, full-time months, vacancies and turnover, by arm and academic year",
        columns,
        tuple(sorted(rows, key=lambda row: (row[0] == MANAGERS, row[0] == "Control schools"))),
        f"records of delivery; {inputs.data_source}",
        note=symbols_note(rows),
        row_headers=2,
        is_grouped=True,
        data=shown,
    )


def _row(row: Mapping[str, Any]) -> tuple[str, ...]:
    symbol = str(row["symbol"])
    has_school = row["arm"] in ARM_TITLES
    is_offered = row["arm"] == "intervention"
    schools = [count_cell(row[name], symbol) if has_school else DASH for name in ("schools", "schools_with_worker")]
    turnover = (
        (count_cell(row["leavers"], symbol), percent_cell(row["left"], symbol), limits_cell(row, "left_"))
        if is_offered
        else (DASH, DASH, DASH)
    )
    return (
        f"{ARM_TITLES[row['arm']]} schools" if has_school else MANAGERS,
        str(row["academic_year"]),
        *schools,
        count_cell(row["workers"], symbol),
        count_cell(row["full_time_months"], symbol),
        percent_cell(row["vacant"], symbol) if is_offered else DASH,
        *turnover,
    )


def _by_authority(inputs: Inputs, staff: Protected) -> Table:
    shown = staff.where(authority=list(inputs.authorities), arm="intervention")
    columns = (
        Column("Authority"),
        Column("Academic year"),
        Column("Schools", "count"),
        Column("Schools with a worker", "count"),
        Column("Staff in post", "count"),
        Column("Full-time months", "count"),
        Column("Months vacant, % of open", "value"),
    )
    rows = [
        (
            inputs.authorities[row["authority"]],
            str(row["academic_year"]),
            *(count_cell(row[name], str(row["symbol"])) for name in ("schools", "schools_with_worker", "workers")),
            count_cell(row["full_time_months"], str(row["symbol"])),
            percent_cell(row["vacant"], str(row["symbol"])),
        )
        for row in shown.frame.to_dict("records")
    ]
    return Table(
        "delivery-staff-by-authority",
        "Social workers of intervention schools, by authority and academic year",
        columns,
        tuple(rows),
        f"records of delivery; {inputs.data_source}",
        note=symbols_note(rows),
        row_headers=2,
        is_grouped=True,
        data=shown,
    )


def percent_cell(value: Any, symbol: str) -> str:
    """A whole percentage; the symbol where it is hidden, a dash where there is none."""
    missing = value is None or value != value or str(value) == "<NA>"
    return (symbol or DASH) if missing else number_text(value, decimals=0)


def limits_cell(row: Mapping[str, Any], prefix: str = "") -> str:
    """An interval of whole percentages, or a dash."""
    lower, upper = (percent_cell(row[f"{prefix}{name}"], "") for name in ("lower", "upper"))
    return DASH if DASH in (lower, upper) else f"{lower} to {upper}"
