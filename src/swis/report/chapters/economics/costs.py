"""What was paid for, and what it came to a school, a pupil and a supervised lead."""

from __future__ import annotations

from collections.abc import Mapping

from swis.disclosure.protected import Protected
from swis.report.inputs import Inputs
from swis.report.model import Block, Column, Section, Table, paragraph
from swis.report.tables import ARM_TITLES, symbols_note
from swis.report.wording import count_cell, pounds_text, sentence_case

INTERVENTION = "intervention"


def costs_section(inputs: Inputs, tables: Mapping[str, Protected], price_year: str) -> Section | None:
    """Prices, costs by trial and arm, and costs by authority; None where nothing has a price."""
    if tables["prices"].is_empty or tables["costs"].is_empty:
        return None
    words = paragraph(
        f"What was delivered, from the record of delivery, times its price, all in prices of {price_year} and discounted from "
        "the second year on. A school whose authority sent no record has an unknown cost and is in no row. Schools of the "
        "control arm cost something where one was later given a worker."
    )
    blocks: list[Block] = [words, _prices(inputs, tables["prices"], price_year), _by_arm(inputs, tables["costs"])]
    if not tables["by_authority"].is_empty:
        blocks.append(_by_authority(inputs, tables["by_authority"]))
    return Section("economics-costs", "What it cost", tuple(blocks), is_synthetic=inputs.is_synthetic)


def _prices(inputs: Inputs, prices: Protected, price_year: str) -> Table:
    columns = (
        Column("Item"), Column("Counted on"), Column("Price", "value"), Column("Per"), Column("Price year"),
        Column(f"Per unit, {price_year}", "value"), Column("Lowest", "value"), Column("Highest", "value"),
        Column("Source"),
    )  # fmt: skip
    rows = tuple(
        (
            sentence_case(row["item"]), row["basis"], pounds_text(row["unit_cost"]), row["unit"], row["price_year"],
            *(pounds_text(row[name]) for name in ("price", "lowest", "highest")), row["source"],
        )
        for row in prices.frame.to_dict("records")
    )  # fmt: skip
    note = (
        "A unit is a full-time month of people in post, a person, a session or a school. Lowest and highest are over "
        "authorities: one that sent prices of its own is costed by these."
    )
    return Table("economics-prices", "Prices of what was delivered", columns, rows, inputs.returns_source, note=note,
                 data=prices)  # fmt: skip


def _by_arm(inputs: Inputs, costs: Protected) -> Table:
    columns = (
        Column("Trial"), Column("Window"), Column("Arm"), Column("Schools", "count"), Column("Cost a school", "value"),
        Column("Not discounted", "value"), Column("Cost a pupil a year", "value"),
        Column("Cost a supervised lead", "value"),
    )  # fmt: skip
    rows = tuple(
        (
            inputs.trials[row["trial"]].title, row["window"], ARM_TITLES[row["arm"]],
            count_cell(row["schools"], row["symbol"]),
            *(pounds_text(row[name], row["symbol"]) for name in ("per_school", "undiscounted_per_school", "per_pupil")),
            pounds_text(row["per_supervised_lead"], row["symbol"]),
        )
        for row in costs.frame.to_dict("records")
    )  # fmt: skip
    note = f"Pupils are pupil-years on roll; days that no return covers are taken to have as many. How many leads a supervised school has is assumed, among the choices below. {symbols_note(rows)}"
    return Table("economics-costs-table", "Cost a school, a pupil and a supervised lead", columns, rows,
                 inputs.data_source, note=note.strip(), row_headers=3, is_grouped=True, data=costs)  # fmt: skip


def _by_authority(inputs: Inputs, costs: Protected) -> Table:
    treated = costs.where(arm=INTERVENTION)
    columns = (
        Column("Trial"), Column("Authority"), Column("Window"), Column("Schools", "count"),
        Column("Cost a school", "value"), Column("Cost a pupil a year", "value"),
    )  # fmt: skip
    ordered = treated.frame.sort_values(["trial", "authority", "window"], kind="stable")
    rows = tuple(
        (
            inputs.trials[row["trial"]].title, inputs.authorities.get(row["authority"], row["authority"]), row["window"],
            count_cell(row["schools"], row["symbol"]),
            *(pounds_text(row[name], row["symbol"]) for name in ("per_school", "per_pupil")),
        )
        for row in ordered.to_dict("records")
    )  # fmt: skip
    return Table("economics-by-authority", "Cost of intervention schools by authority", columns, rows,
                 inputs.data_source, note=symbols_note(rows), row_headers=3, is_grouped=True, data=costs)  # fmt: skip
