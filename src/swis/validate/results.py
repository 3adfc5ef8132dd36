"""What a check found, and the table of results that is kept: codes, counts, years and reasons, never a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from swis.validate.engine import Judged
from swis.validate.rule import Layer, Rule, Severity

Outcome = Literal["passed", "failed", "crashed", "waived", "not run"]
NO_ROWS: np.ndarray = np.empty(0, dtype=np.int64)
RESULT_TYPES = {
    "authority": "string",
    "layer": "string",
    "rule": "string",
    "table": "string",
    "title": "string",
    "severity": "string",
    "owner": "string",
    "outcome": "string",
    "rows_checked": "Int64",
    "rows_failed": "Int64",
    "return_year": "string",
    "message": "string",
    "reason": "string",
    "how_to_mend": "string",
}


@dataclass(frozen=True)
class Finding:
    """The answer of one rule on one table; `rows` are the positions of the rows that failed."""

    layer: Layer
    rule: str
    table: str
    title: str
    severity: Severity
    owner: str
    outcome: Outcome
    reason: str
    how_to_mend: str
    rows_checked: int = 0
    rows_failed: int = 0
    return_year: str = ""
    message: str = ""
    rows: np.ndarray = field(default_factory=lambda: NO_ROWS, compare=False)


def finding(rule: Rule, table: str, judged: Judged, mask: np.ndarray | None, frame: pd.DataFrame) -> Finding:
    """What a rule found in a table, from the judge's counts and the mask of failing rows.

    Judge and mask must agree on how many rows failed; where they do not the check counts as crashed, because then
    neither can be believed.
    """
    rows = np.flatnonzero(mask) if mask is not None else NO_ROWS
    if judged.outcome != "crashed" and mask is not None and len(rows) != judged.failed:
        judged = Judged("crashed", 0, 0, "the judge and the rule count different numbers of failing rows")
    if judged.outcome == "passed" and not judged.checked:
        return not_run(rule, table, "there is no value to look at")
    return Finding(
        layer=rule.layer,
        rule=rule.code,
        table=table,
        title=rule.title,
        severity=rule.severity,
        owner=rule.owner,
        outcome=judged.outcome,
        reason=rule.reason,
        how_to_mend=rule.how_to_mend,
        rows_checked=judged.checked,
        rows_failed=judged.failed,
        return_year=_years_of(frame, rows),
        message=judged.message,
        rows=rows if judged.outcome == "failed" else NO_ROWS,
    )


def not_run(rule: Rule, table: str, why: str) -> Finding:
    """A rule that had nothing to look at: said, so that it is never taken for a pass."""
    return Finding(
        rule.layer,
        rule.code,
        table,
        rule.title,
        rule.severity,
        rule.owner,
        "not run",
        rule.reason,
        rule.how_to_mend,
        message=why,
    )


def _years_of(frame: pd.DataFrame, rows: np.ndarray) -> str:
    if not len(rows) or "return_year" not in frame:
        return ""
    years = frame["return_year"].iloc[rows].dropna().value_counts().sort_index()
    return ", ".join(f"{year}: {count}" for year, count in years.items())


def results_frame(authority: str, findings: Sequence[Finding]) -> pd.DataFrame:
    """One row a finding, columns of RESULT_TYPES, in the order layer, rule, table."""
    layers: dict[str, int] = {"shape": 0, "statutory": 1, "plausibility": 2}
    ordered = sorted(findings, key=lambda one: (layers[one.layer], one.rule, one.table))
    rows = [{name: getattr(one, name, authority) for name in RESULT_TYPES} for one in ordered]
    return pd.DataFrame(rows, columns=list(RESULT_TYPES)).astype(RESULT_TYPES)
