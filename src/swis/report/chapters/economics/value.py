"""Cost and effect of the same schools: net benefit and the curve first, then the differences, the ratio last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from swis.disclosure.protected import Protected
from swis.economics.decision import DOMINANT, DOMINATED, LESS_FOR_LESS, NO_DIFFERENCE
from swis.economics.value import BENEFIT, COST, PREVENTED, RATIO, UNCERTAIN_COST
from swis.report.chapters.economics.words import percent_cell, pounds_interval
from swis.report.figures.value import acceptability_figure, plane_figure
from swis.report.inputs import Inputs
from swis.report.model import Block, Column, Section, Table, paragraph
from swis.report.tables import ARM_TITLES, symbols_note
from swis.report.wording import count_cell, interval_text, number_text, pounds_text, sentence_case

WORDS = {
    DOMINATED: "dominated: it cost more and prevented no enquiry",
    DOMINANT: "dominant: it cost no more and prevented enquiries",
    LESS_FOR_LESS: "less effect for less cost",
    NO_DIFFERENCE: "no difference in cost or effect",
}
TITLES = {
    COST: "Incremental cost",
    UNCERTAIN_COST: "Incremental cost, prices uncertain too",
    PREVENTED: "Enquiries prevented",
    RATIO: "Cost of an enquiry prevented",
}


def value_section(inputs: Inputs, tables: Mapping[str, Protected], setting: Mapping[str, str]) -> Section | None:
    """The comparison; None where none could be made."""
    value = tables["value"]
    if value.is_empty:
        return None
    blocks: list[Block] = [
        paragraph(
            f"Social Workers in Schools over {setting['window']}, the schools of the trial's main analysis in the arm they were drawn "
            "to. All per 1,000 pupils a year. What preventing a section 47 enquiry is worth is not for this report to say: net "
            "benefit is what the enquiries prevented are worth at an amount, less the cost, and below 0 the programme costs more "
            "than that. Intervals come from schools drawn anew within authority and arm, cost and effect together. Nothing but the "
            "mix of authorities is adjusted for, so the enquiries prevented may differ from the trial's adjusted rate ratio."
        ),
        _schools(inputs, tables),
        _table(inputs, value, tables["curve"]),
    ]
    if not value.frame.iloc[0]["symbol"]:
        blocks += _figures(inputs, tables)
    return Section("economics-value", "Was it worth its cost", tuple(blocks), is_synthetic=inputs.is_synthetic)


def _schools(inputs: Inputs, tables: Mapping[str, Protected]) -> Table:
    """Schools compared and left out, by arm."""
    compared, left = tables["compared"].frame, tables["left_out"].frame
    of_arm = {row["arm"]: count_cell(row["schools"], row["symbol"]) for row in compared.to_dict("records")}
    rows = [("Compared", *(of_arm[arm] for arm in ARM_TITLES))]
    rows += [
        (f"Left out: {row['reason']}", *(f"{int(row[arm]):,}" for arm in ARM_TITLES)) for row in left.to_dict("records")
    ]
    columns = (Column("Schools"), *(Column(title, "count") for title in ARM_TITLES.values()))
    return Table("economics-schools", "Schools behind the comparison", columns, tuple(rows), inputs.data_source,
                 note=symbols_note(rows), data=_told(tables))  # fmt: skip


def _told(tables: Mapping[str, Protected]) -> Protected:
    """Schools compared, then those left out by reason, a row an arm, for the file of the table."""
    compared = tables["compared"]
    left = tables["left_out"].frame.rename(columns={"reason": "left_out_because"})
    kept = ["window", "left_out_because"]
    long = left.melt(id_vars=kept, value_vars=list(ARM_TITLES), var_name="arm", value_name="schools")
    long = long.astype({"schools": compared.frame["schools"].dtype}).assign(symbol="")
    told = pd.concat([compared.frame.assign(left_out_because=""), long], ignore_index=True)
    return compared.with_frame(told)


def _table(inputs: Inputs, value: Protected, curve: Protected) -> Table:
    chances = {row["pounds"]: row for row in curve.frame.to_dict("records")}
    rows = [_row(row, chances) for row in value.frame.to_dict("records")]
    columns = (
        Column("Quantity"), Column("Estimate", "value"), Column("95% interval", "interval"),
        Column("Chance of a net benefit", "value"), Column("Published trial's chance", "published"),
    )  # fmt: skip
    note = (
        "The published chances, of other data, stand here for comparison and are not to be matched; they do not rise "
        f"steadily with the amount. A negative ratio would order nothing, so a word takes its place. {symbols_note(rows)}"
    )
    return Table("economics-value-table", "Net benefit, cost and effect per 1,000 pupils a year", columns, tuple(rows),
                 inputs.data_source, note=note.strip(), data=value)  # fmt: skip


def _row(row: Mapping[str, Any], chances: Mapping[float, Mapping[str, Any]]) -> tuple[str, ...]:
    symbol = row["symbol"]
    if row["quantity"] == BENEFIT:
        chance = chances.get(row["pounds"], {})
        printed = chance.get("published", float("nan"))
        return (
            f"Net benefit, an enquiry prevented worth {pounds_text(row['pounds'])}",
            pounds_text(row["estimate"], symbol),
            pounds_interval(row["lower"], row["upper"]),
            percent_cell(chance.get("probability"), symbol),
            "–" if pd.isna(printed) else f"{100 * float(printed):.1f}%",
        )
    title = TITLES[row["quantity"]]
    if row["quantity"] == PREVENTED:
        estimate = number_text(row["estimate"], symbol)
        return (title, estimate, interval_text(row["lower"], row["upper"], symbol), "–", "–")
    if row["word"]:
        return (title, sentence_case(WORDS[row["word"]]), "–", "–", "–")
    return (title, pounds_text(row["estimate"], symbol), pounds_interval(row["lower"], row["upper"]), "–", "–")


def _figures(inputs: Inputs, tables: Mapping[str, Protected]) -> list[Block]:
    source = f"{inputs.data_source} Published chances: Children and Youth Services Review, 166."
    shapes: list[Block] = [
        acceptability_figure(
            tables["curve"], id="economics-curve",
            caption="How likely the programme is to be worth its cost, by what an enquiry prevented is worth",
            source=source, is_synthetic=inputs.is_synthetic,
        )
    ]  # fmt: skip
    if not tables["plane"].is_empty:
        shapes.append(
            plane_figure(
                tables["plane"], tables["quadrants"], id="economics-plane",
                caption="Cost and effect together: where the replicates lie", source=inputs.data_source,
                is_synthetic=inputs.is_synthetic,
            )
        )  # fmt: skip
    rows = tuple(
        (sentence_case(row["quadrant"]), percent_cell(row["share"], row["symbol"]))
        for row in tables["quadrants"].frame.to_dict("records")
    )
    columns = (Column("Compared with usual"), Column("Share of the replicates", "value"))
    shapes.append(
        Table("economics-quadrants", "Replicates by what they cost and prevented", columns, rows, inputs.data_source,
              data=tables["quadrants"])
    )  # fmt: skip
    return shapes
