"""Data quality: what the checks found, what was set aside, and how to mend it at source."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from swis.disclosure.protected import Protected
from swis.report.inputs import ALL, Inputs
from swis.report.model import Block, Column, Section, Table, paragraph
from swis.report.tables import counts_table
from swis.report.wording import listed_text, sentence_case
from swis.schemas import table_names, table_schema

LAYERS = {"shape": "Shape", "statutory": "Statutory rules of the DfE", "plausibility": "Plausibility for the trials"}
SHOWN = 10
OWN_LAYERS = frozenset({"shape", "trial"})
COLUMN_RULE = re.compile(r"shape (?P<table>\w+)\.(?P<column>\w+) ")
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
        "'Pass' means that nothing was found, 'review' that the returns were used and a person should look, and 'fail' "
        "that they were not used."
    )
    if inputs.area != ALL:
        verdict = inputs.verdicts.get(inputs.area, "not run")
        return paragraph(f"The verdict on these returns is: {verdict}. {meaning}", tone="key")
    totals = pd.Series(list(inputs.verdicts.values()), dtype=str).value_counts()
    counted = listed_text(
        f"{totals[name]} '{name}'" for name in ("pass", "review", "fail", "not run") if name in totals
    )
    unfinished = " 'Not run' means that the checks are not finished." if "not run" in totals else ""
    return paragraph(f"Verdicts on {len(inputs.verdicts)} authorities: {counted}. {meaning}{unfinished}", tone="key")


def _by_layer(inputs: Inputs) -> Table:
    frame = inputs.checks
    rows = []
    for layer, title in LAYERS.items():
        outcomes = frame.loc[frame["layer"] == layer, "outcome"].value_counts()
        if len(outcomes):
            rows.append((title, f"{int(outcomes.sum()):,}", *(f"{int(outcomes.get(name, 0)):,}" for name in OUTCOMES)))
    columns = (Column("Layer"), Column("Checks", "plain"), *(Column(name.capitalize(), "plain") for name in OUTCOMES))
    note = (
        "A check is one rule on one table of one authority. Shape: each value is of its kind and list. Not run: the table "
        "that the rule needs is not there. A crashed check is a fault of the check, not of the data."
    )
    return Table(
        "checks-by-layer", "Checks made, by layer and outcome", columns, tuple(rows), inputs.returns_source, note=note
    )


def _failed(inputs: Inputs) -> Table:
    severities = inputs.failed_checks.frame["severity"].nunique()
    columns = {
        "title": Column("What was found"),
        "table": Column("Table"),
        "code": Column("Rule", "status"),
        **({"severity": Column("Severity", "status")} if severities > 1 else {}),
        "rows_failed": Column("Records", "count"),
        **_last_column(inputs),
    }
    return _longest(
        inputs, inputs.failed_checks, columns, "checks-failed", "Checks that failed, their records still used"
    )


def _set_aside(inputs: Inputs) -> Table:
    columns = {
        "title": Column("What was found"),
        "table": Column("Table"),
        "code": Column("Rule", "status"),
        "rows": Column("Records", "count"),
        **_last_column(inputs),
    }
    return _longest(inputs, inputs.set_aside, columns, "set-aside", "Records set aside, by rule")


def _longest(inputs: Inputs, rules: Protected, columns: dict[str, Column], id: str, caption: str) -> Table:
    """The rules with most records; the file beside the page holds all of them."""
    worded = _plain_words(rules)
    first = worded.with_frame(worded.frame.head(SHOWN))
    more = len(worded.frame) - len(first.frame)
    note = (
        f"The {SHOWN} rules with most records. {more} more are in the file tables/{inputs.report_id}/{id}.csv."
        if more
        else ""
    )
    shown = counts_table(first, columns, id=id, caption=caption, source=inputs.data_source, note=note)
    return replace(shown, data=worded)


def _plain_words(frame: Protected) -> Protected:
    """Titles of tables in place of their names; short codes of rules; what was found as one sentence."""
    rules = frame.frame
    worded = rules.assign(
        code=rules["rule"].map(short_code),
        title=[found_words(rule, title) for rule, title in zip(rules["rule"], rules["title"], strict=True)],
        table=rules["table"].map(_title),
        how_to_mend=rules["how_to_mend"].map(sentence_case),
    )
    return frame.with_frame(worded)


def short_code(rule: str) -> str:
    """'CIN 8670Q' and '903 388' as they are; the layer for our own rules, whose name is a sentence."""
    layer = rule.split(" ", 1)[0]
    return layer if layer in OWN_LAYERS else rule


def found_words(rule: str, title: str) -> str:
    """What a rule found: of a rule on one column its title in the schema, short, then what is wrong with it."""
    named = COLUMN_RULE.match(rule)
    if named is None or named["table"] not in table_names():
        return title
    described = table_schema(named["table"]).field(named["column"]).description
    # A description that only lists its codes does not say what they are of.
    is_list = re.match("[A-Z] ", described)
    subject = sentence_case(named["column"].replace("_", " ")) if is_list else re.split("[;:,]", described)[0]
    return f"{subject}: {title.rsplit(': ', 1)[-1].removeprefix('is ')}"


def _title(table: str) -> str:
    return table_schema(table).title if table in table_names() else "All returns together"


def _last_column(inputs: Inputs) -> dict[str, Column]:
    """How to mend it, for the authority that can; in how many authorities, for all together."""
    if inputs.area == ALL:
        return {"authorities": Column("Authorities", "plain")}
    return {"how_to_mend": Column("How to mend it at source")}
