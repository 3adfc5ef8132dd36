"""Data quality: what the checks found, what was set aside, and how to mend it at source."""

from __future__ import annotations

import pandas as pd

from swis.disclosure import Protected
from swis.report.inputs import ALL, Inputs
from swis.report.model import Block, Column, Section, Table, paragraph
from swis.report.tables import counts_table
from swis.report.wording import listed_text
from swis.schemas import table_names, table_schema

LAYERS = {"shape": "Shape", "statutory": "Statutory rules of the DfE", "plausibility": "Plausibility for the trials"}
OUTCOMES = ("passed", "failed", "waived", "crashed", "not run")


def quality(inputs: Inputs) -> Section:
    """The validation chapter: verdict, checks by layer, failed checks, rows set aside by rule."""
    blocks: list[Block] = [_verdict(inputs), _by_layer(inputs)]
    if not inputs.failed_checks.is_empty:
        blocks.append(_failed(inputs))
    if inputs.set_aside.is_empty:
        blocks.append(paragraph("No record was set aside."))
    else:
        blocks += [
            paragraph(
                "A record set aside takes no part in any count. It is kept, with the rule that caught it, on the "
                "restricted side, where the authority can find it and mend it. A record that breaks two rules "
                "stands in two lines."
            ),
            _set_aside(inputs),
        ]
    return Section("quality", "Data quality", tuple(blocks), is_synthetic=inputs.is_synthetic)


def _verdict(inputs: Inputs) -> Block:
    meaning = (
        "'Pass' means that nothing was found, 'review' that the returns were used and a person should look, "
        "'fail' that "
        "they were not used."
    )
    if inputs.area != ALL:
        verdict = inputs.verdicts.get(inputs.area, "not run")
        return paragraph(f"The verdict on these returns is: {verdict}. {meaning}", tone="key")
    totals = pd.Series(list(inputs.verdicts.values()), dtype=str).value_counts()
    counted = listed_text(
        f"{totals[name]} with '{name}'" for name in ("pass", "review", "fail", "not run") if name in totals
    )
    return paragraph(f"Of {len(inputs.verdicts)} authorities, the checks ended {counted}. {meaning}", tone="key")


def _by_layer(inputs: Inputs) -> Table:
    frame = inputs.checks
    rows = []
    for layer, title in LAYERS.items():
        outcomes = frame.loc[frame["layer"] == layer, "outcome"].value_counts()
        if len(outcomes):
            rows.append((title, f"{int(outcomes.sum()):,}", *(f"{int(outcomes.get(name, 0)):,}" for name in OUTCOMES)))
    columns = (Column("Layer"), Column("Checks", "plain"), *(Column(name.capitalize(), "plain") for name in OUTCOMES))
    note = (
        "A check is one rule on one table of one authority. A crashed check is a fault of the check, not of the data."
    )
    return Table(
        "checks-by-layer", "Checks made, by layer and outcome", columns, tuple(rows), inputs.returns_source, note=note
    )


def _failed(inputs: Inputs) -> Table:
    columns = {
        "table": Column("Table"),
        "rule": Column("Rule"),
        "title": Column("What the rule asks"),
        "severity": Column("Severity", "status"),
        "rows_failed": Column("Records", "count"),
        **_last_column(inputs),
    }
    caption = "Checks that failed without setting records aside"
    failed = _plain_words(inputs.failed_checks)
    return counts_table(failed, columns, id="checks-failed", caption=caption, source=inputs.data_source, row_headers=2)


def _set_aside(inputs: Inputs) -> Table:
    columns = {
        "table": Column("Table"),
        "rule": Column("Rule"),
        "title": Column("What the rule asks"),
        "rows": Column("Records", "count"),
        **_last_column(inputs),
    }
    aside = _plain_words(inputs.set_aside)
    caption = "Records set aside, by rule"
    return counts_table(aside, columns, id="set-aside", caption=caption, source=inputs.data_source, row_headers=2)


def _plain_words(frame: Protected) -> Protected:
    """Titles of tables in place of their names."""
    return Protected(frame.frame.assign(table=frame.frame["table"].map(_title)), frame.counts)


def _title(table: str) -> str:
    return table_schema(table).title if table in table_names() else "All returns together"


def _last_column(inputs: Inputs) -> dict[str, Column]:
    """How to mend it, for the authority that can; in how many authorities, for all together."""
    if inputs.area == ALL:
        return {"authorities": Column("Authorities", "plain")}
    return {"how_to_mend": Column("How to mend it at source")}
