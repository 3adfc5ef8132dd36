"""The shape layer: what each table's schema says, turned into Great Expectations expectations and into masks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from swis.io import read_yaml
from swis.schemas import Field, TableSchema, table_schema
from swis.validate.engine import Expected, judge_columns
from swis.validate.results import Finding, finding
from swis.validate.row_rules import is_from_workbook
from swis.validate.rule import SCHOOLS_TEAM, SOCIAL_CARE_TEAM, TRIAL_TEAM, Rule, Severity
from swis.validate.tables import Tables

KEY_LIKE = {"identifier"}
MADE_ON_READING = {"authority", "source_file", "source_record"}
REASONS = {
    "required": "the field is required by the schema",
    "closed list": "the field has a closed list of codes",
    "pattern": "the field has a fixed form",
    "range": "the field has limits",
}


@dataclass(frozen=True)
class ColumnCheck:
    """One expectation about one column, with the rule it stands for."""

    rule: Rule
    column: str
    kind: str
    expected: Expected


@cache
def severities() -> dict[str, Any]:
    """The one file that says how bad each kind of shape failure is."""
    content: dict[str, Any] = read_yaml(Path(__file__).with_name("shape_severity.yaml"))
    return content


def severity_of(table: str, column: str, kind: str, *, is_key: bool = False) -> Severity:
    """Severity of one kind of failure of one column (`key` stands for the key as a whole)."""
    said = severities()
    override = said["fields"].get(f"{table}.{column}", {})
    general: Severity = said["kinds"]["required key" if kind == "required" and is_key else kind]
    chosen: Severity = override.get(kind, general)
    return chosen


def owner_of(schema: TableSchema) -> str:
    """Who can mend a table at source."""
    if {"cin_census", "ssda903", "annex_a", "contacts"} & set(schema.returns):
        return SOCIAL_CARE_TEAM
    return SCHOOLS_TEAM if {"school_census", "attainment"} & set(schema.returns) else TRIAL_TEAM


def column_checks(table: str) -> list[ColumnCheck]:
    """Every expectation that the schema of a table implies for its columns.

    Columns that say where a row was read come from the readers and not from a return, so they are not judged.
    """
    schema = table_schema(table)
    columns = [column for column in schema.fields if column.name not in MADE_ON_READING]
    return [check for column in columns for check in _checks_of(schema, column)]


def _checks_of(schema: TableSchema, column: Field) -> list[ColumnCheck]:
    limits, name = column.constraints, {"column": column.name}
    made = []
    if column.is_required:
        made.append(("required", Expected("ExpectColumnValuesToNotBeNull", name), "is missing"))
    if column.allowed_values is not None:
        values = name | {"value_set": column.allowed_values}
        made.append(("closed list", Expected("ExpectColumnValuesToBeInSet", values), "is not a code of its list"))
    if "pattern" in limits:
        regex = name | {"regex": f"^(?:{limits['pattern']})$"}
        made.append(("pattern", Expected("ExpectColumnValuesToMatchRegex", regex), "is not of the expected form"))
    if "minimum" in limits or "maximum" in limits:
        ends = name | {"min_value": limits.get("minimum"), "max_value": limits.get("maximum")}
        made.append(("range", Expected("ExpectColumnValuesToBeBetween", ends), "is outside its limits"))
    return [ColumnCheck(_rule(schema, column, kind, words), column.name, kind, one) for kind, one, words in made]


def _rule(schema: TableSchema, column: Field, kind: str, words: str) -> Rule:
    is_key = column.type == "date" or column.sensitivity in KEY_LIKE or column.name in schema.primary_key
    return Rule(
        code=f"shape {schema.name}.{column.name} {kind}",
        layer="shape",
        tables=(schema.name,),
        fields=(column.name,),
        title=f"{column.description}: {words}",
        severity=severity_of(schema.name, column.name, kind, is_key=is_key),
        reason=REASONS[kind],
        how_to_mend=f"correct the field '{column.source}' in the return",
        owner=owner_of(schema),
        find=lambda tables: failing_cells(tables[schema.name][column.name], column, kind),
    )


def failing_cells(values: pd.Series, column: Field, kind: str) -> pd.Series:
    """True on the cells that break one kind of constraint of a column; a missing cell breaks only 'required'."""
    if kind == "required":
        return values.isna()
    given = values.notna()
    if kind == "closed list":
        return given & ~values.isin(column.allowed_values or [])
    if kind == "pattern":
        return given & ~values.str.fullmatch(column.constraints["pattern"]).fillna(True).astype(bool)
    low, high = column.constraints.get("minimum", -np.inf), column.constraints.get("maximum", np.inf)
    return given & ~values.between(low, high).fillna(True).astype(bool)


def judge_shape(tables: Tables) -> list[Finding]:
    """Findings of every column constraint of every table that has rows."""
    return [one for name in tables for one in judge_table_shape(tables[name], name) if len(tables[name])]


def judge_table_shape(frame: pd.DataFrame, table: str) -> list[Finding]:
    """Findings of every column constraint of one table; Annex A workbooks are not asked for what they never hold."""
    absent = severities()["absent_from_annex_a"].get(table, [])
    checks = column_checks(table)
    of_all = [check for check in checks if check.column not in absent]
    of_returns = [check for check in checks if check.column in absent]
    found = _judge_rows(frame, table, of_all, np.ones(len(frame), dtype=bool))
    if of_returns:
        asked = ~is_from_workbook(frame).to_numpy(dtype=bool)
        found |= _judge_rows(frame, table, of_returns, asked)
    return [found[check.rule.code] for check in checks]


def _judge_rows(frame: pd.DataFrame, table: str, checks: list[ColumnCheck], asked: np.ndarray) -> dict[str, Finding]:
    """Findings by code of rule; only the rows that are asked are judged."""
    if not checks:
        return {}
    judged = judge_columns(frame[asked], [check.expected for check in checks])
    found = {}
    for check, answer in zip(checks, judged, strict=True):
        mask = None
        if answer.outcome == "failed":
            column = table_schema(table).field(check.column)
            mask = failing_cells(frame[check.column], column, check.kind).to_numpy(dtype=bool) & asked
        found[check.rule.code] = finding(check.rule, table, answer, mask, frame)
    return found
