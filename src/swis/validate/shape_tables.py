"""Shape of whole tables: is it there, has it rows, does a row say again what another says, what could not be read."""

from __future__ import annotations

import pandas as pd

from swis.schemas import table_schema
from swis.validate.engine import Expected, Judged, judge_frame, judge_masks
from swis.validate.results import Finding, finding
from swis.validate.rule import Rule, Severity
from swis.validate.shape import owner_of, severities, severity_of
from swis.validate.tables import Tables

PRESENT = Expected("ExpectTableRowCountToBeBetween", {"min_value": 1})


def judge_tables_present(tables: Tables, expected: list[str]) -> list[Finding]:
    """A finding for each table of an expected return: a missing table fails, an empty one never passes."""
    return [_judge_presence(tables, name) for name in expected]


def _judge_presence(tables: Tables, name: str) -> Finding:
    is_there = name in tables
    kind = "has rows" if is_there else "present"
    severity: Severity = severities()["kinds"][kind]
    if name in severities()["may_be_empty" if is_there else "may_be_absent"]:
        severity = "note"
    words = "has no rows" if is_there else "is missing"
    rule = _table_rule(name, "present", f"The table of {table_schema(name).title.lower()} {words}", severity)
    judged = judge_frame(tables[name][[]] if is_there else pd.DataFrame(), [PRESENT])[0]
    message = "" if judged.outcome == "passed" else f"the table {words}"
    counted = Judged(judged.outcome, len(tables[name]) if is_there else 0, 0, judged.message or message)
    return finding(rule, name, counted, None, pd.DataFrame())


def _table_rule(name: str, kind: str, title: str, severity: Severity) -> Rule:
    schema = table_schema(name)
    return Rule(
        code=f"shape {name} {kind}",
        layer="shape",
        tables=(name,),
        fields=schema.primary_key,
        title=title,
        severity=severity,
        reason={
            "present": "what was not returned is unobserved, never zero",
            "exact repeat": "a repeated row would be counted twice; the first is kept",
            "key repeat": "one of the two rows is wrong, and which is not known",
        }.get(kind, "a cell that cannot be read is missing"),
        how_to_mend={
            "present": f"send the return that holds it ({', '.join(schema.returns)})",
            "exact repeat": "remove the repeated row before the return is made",
            "key repeat": "keep the row that is right",
        }.get(kind, "correct the field in the return"),
        owner=owner_of(schema),
        find=lambda tables: pd.Series(False, index=tables[name].index),
    )


def judge_repeats(tables: Tables) -> list[Finding]:
    """Rows that repeat another row whole, and rows that share a key and differ."""
    return [one for name in tables if len(tables[name]) for one in _judge_table_repeats(tables, name)]


def _judge_table_repeats(tables: Tables, name: str) -> list[Finding]:
    frame, (whole, of_key) = tables[name], tables.repeats(name)
    masks = {"exact repeat": whole} | ({"key repeat": of_key & ~whole} if table_schema(name).primary_key else {})
    judged = judge_masks({kind: pd.Series(mask) for kind, mask in masks.items()}, {})
    titles = {
        "exact repeat": f"{table_schema(name).title}: a row repeats an earlier one",
        "key repeat": f"{table_schema(name).title}: two rows share a key and differ",
    }
    found = []
    for kind, mask in masks.items():
        severity = severity_of(name, "key", kind)
        if kind == "exact repeat" and name in severities()["repeats_are_possible"]:
            severity = "note"
        found.append(finding(_table_rule(name, kind, titles[kind], severity), name, judged[kind], mask, frame))
    return found


def judge_unreadable(tables: Tables, faults: pd.DataFrame) -> list[Finding]:
    """Cells and records that a reader could not understand, by table, column and kind of fault."""
    counted = faults.groupby(["table", "column", "fault"], sort=True).size()
    found = []
    for (name, column, fault), count in counted.items():
        frame = tables[name] if name in tables else pd.DataFrame()
        severity = severity_of(str(name), str(column), "unreadable")
        title = f"{column}: {fault}"
        rule = _table_rule(str(name), f"{column} unreadable", f"{table_schema(str(name)).title}, {title}", severity)
        code = f"shape {name}.{column} {fault}"
        judged = Judged("failed", max(len(frame), int(count)), int(count), "read as missing")
        found.append(finding(_with_code(rule, code), str(name), judged, None, frame))
    return found


def _with_code(rule: Rule, code: str) -> Rule:
    return Rule(**{**vars(rule), "code": code})
