"""What else changed, how far the answer rests on assumptions, the extension as a scenario, and every choice."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from swis.disclosure.protected import Protected
from swis.report.chapters.economics.words import pounds_interval
from swis.report.inputs import Inputs
from swis.report.model import Column, Section, Table, paragraph
from swis.report.tables import symbols_note
from swis.report.wording import interval_text, number_text, pounds_text

OURS = "params/economics.yml"


def consequences_section(inputs: Inputs, tables: Mapping[str, Protected]) -> Section | None:
    """The cost-consequence table; None where nothing was compared."""
    held = tables["consequences"]
    if held.is_empty:
        return None
    columns = (
        Column("Consequence"), Column("£ each", "value"), Column("Intervention", "value"), Column("Control", "value"),
        Column("Difference", "value"), Column("95% interval", "interval"), Column("Difference in £", "value"),
        Column("95% interval, £", "interval"),
    )  # fmt: skip
    rows = tuple(
        (
            f"{row['title']} ({row['unit']})" if row["unit"] == "days" else row["title"], pounds_text(row["pounds_each"]),
            *(number_text(row[name], row["symbol"]) for name in ("intervention", "control", "difference")),
            interval_text(row["lower"], row["upper"], row["symbol"]), pounds_text(row["cost"], row["symbol"]),
            pounds_interval(row["cost_lower"], row["cost_upper"]),
        )
        for row in held.frame.to_dict("records")
    )  # fmt: skip
    words = paragraph(
        "Costs and consequences side by side, per 1,000 pupils a year and not added up: a reader may weigh them. Days in care are "
        "counted by where the child lived and costed by the authorities' own weekly figures (section 251); placements of few "
        "children stand with the others. A difference above 0 is more in intervention schools."
    )
    table = Table("economics-consequences-table", "Costs beside consequences per 1,000 pupils a year", columns, rows,
                  inputs.data_source, note=symbols_note(rows), data=held)  # fmt: skip
    return Section("economics-consequences", "What else changed", (words, table), is_synthetic=inputs.is_synthetic)


def one_way_section(inputs: Inputs, tables: Mapping[str, Protected], reference: str) -> Section | None:
    """The tornado as a table, the widest range first; None where nothing was compared."""
    held = tables["one_way"]
    if held.is_empty:
        return None
    columns = (
        Column("Assumption"), Column("Low", "plain"), Column("High", "plain"), Column("Net benefit at low", "value"),
        Column("Net benefit at high", "value"),
    )  # fmt: skip
    rows = tuple(
        (
            row["title"], *("its limit" if pd.isna(row[name]) else f"{row[name]:g}" for name in ("low", "high")),
            *(pounds_text(row[name], row["symbol"]) for name in ("benefit_low", "benefit_high")),
        )
        for row in held.frame.to_dict("records")
    )  # fmt: skip
    words = paragraph(
        f"One assumption at a time at its low and its high value, the widest range first: net benefit per 1,000 pupils a year, an "
        f"enquiry prevented worth {reference}. Prices are multiplied by the value; all of them are uncertain together in the "
        "second curve above."
    )
    table = Table("economics-one-way", "Net benefit under one other assumption at a time", columns, rows,
                  inputs.data_source, note=symbols_note(rows), data=held)  # fmt: skip
    return Section("economics-sensitivity", "How far it rests on assumptions", (words, table),
                   is_synthetic=inputs.is_synthetic)  # fmt: skip


def extension_section(inputs: Inputs, tables: Mapping[str, Protected], reference: str) -> Section | None:
    """The funding of the extension as a scenario; None where its year cost nothing."""
    held = tables["extension"]
    if held.is_empty:
        return None
    columns = (
        Column("Share of the funding, %", "plain"), Column("A school with a worker", "value"),
        Column("A full-time year", "value"), Column("Times the micro-costing", "value"),
        Column("Incremental cost, 35 months", "value"), Column(f"Net benefit at {reference}", "value"),
    )  # fmt: skip
    rows = tuple(
        (
            f"{row['share_percent']:g}",
            *(pounds_text(row[name], row["symbol"]) for name in ("pounds_per_school", "pounds_per_full_time_year")),
            number_text(row["times_micro_costing"], row["symbol"]),
            *(pounds_text(row[name], row["symbol"]) for name in ("incremental_cost", "net_benefit")),
        )
        for row in held.frame.to_dict("records")
    )  # fmt: skip
    words = paragraph(
        "The year 2022/23 costed from above: £4.79 million extended both programmes, and how much of it went to social workers in "
        "schools is not published. The shares span what may have been, spread evenly over all posts. Incremental cost and net "
        "benefit are per 1,000 pupils a year over 35 months with that year costed so; enquiries at 35 months are exploratory."
    )
    table = Table("economics-extension-table", "The funding of the extension in place of the third year's micro-costing",
                  columns, rows, inputs.data_source, note=symbols_note(rows), data=held)  # fmt: skip
    return Section("economics-extension", "The funding of the extension", (words, table),
                   is_synthetic=inputs.is_synthetic)  # fmt: skip


def assumptions_section(inputs: Inputs, tables: Mapping[str, Protected]) -> Section:
    """Every choice with its public source, or the reason why it was assumed."""
    rows = tuple(
        (row["what"], row["setting"], row["source"] or "–", row["assumed"] or "–")
        for row in tables["assumptions"].frame.to_dict("records")
    )
    columns = (Column("Choice"), Column("Setting"), Column("Public source"), Column("Assumed, and why"))
    table = Table("economics-assumptions-table", "Choices of the economic evaluation", columns, rows, OURS,
                  data=tables["assumptions"])  # fmt: skip
    return Section("economics-assumptions", "Choices and where they come from", (table,),
                   is_synthetic=inputs.is_synthetic)  # fmt: skip
