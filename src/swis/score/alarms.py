"""Every alarm validation raises over one authority's returns, by the record of the file that raised it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from swis.validate.plausibility import plausibility_checks, plausibility_rules
from swis.validate.results import Finding
from swis.validate.returns import Returns
from swis.validate.run import check_plausibility, check_shape, check_statutory

SHAPE_KINDS = {"required", "closed list", "pattern", "range", "exact repeat", "key repeat"}
PLACE = ["authority", "source_file", "source_record"]
RECORD = ["authority", "table", "source_file", "source_record"]


@dataclass(frozen=True)
class Alarms:
    """Every alarm of one authority.

    `rows`: RECORD, rule (short name), severity; one row for each row of a table that failed a rule. `counts`: rules
    that failed on counts, with the units they named. `records`: RECORD of every row read.
    """

    rows: pd.DataFrame
    counts: dict[str, str]
    records: pd.DataFrame


def alarms_of(returns: Returns) -> Alarms:
    """Run all three layers on one authority's returns and list every alarm by record."""
    names = names_of_rules()
    findings = [*check_shape(returns), *check_statutory(returns), *check_plausibility(returns)]
    failed = [one for one in findings if one.outcome == "failed"]
    parts = [_located(returns, one, short_name(one, names)) for one in failed if len(one.rows)]
    unread = returns.faults.rename(columns={"fault": "rule"})
    unread = unread.assign(rule=unread["rule"].map(_name_of_fault))
    # A cell that could not be read is missing afterwards; whether its row is set aside, 'required' says.
    unread = unread.assign(severity=unread["rule"].map({"required": "set aside", "unreadable": "note"}))
    counts = {names[one.rule]: one.message for one in failed if one.rule in names and not len(one.rows)}
    records = [frame[PLACE].assign(table=name) for name, frame in returns.tables.items() if "source_record" in frame]
    rows = pd.concat([*parts, unread[[*RECORD, "rule", "severity"]]], ignore_index=True)
    return Alarms(rows, counts, pd.concat(records, ignore_index=True))


def names_of_rules() -> dict[str, str]:
    """Short name of each plausibility rule or check (its module) by code."""
    modules = {one.code: one.find.__module__ for one in plausibility_rules()}
    modules |= {one.code: one.find.__module__ for one in plausibility_checks()}
    return {code: module.rsplit(".", 1)[-1] for code, module in modules.items()}


def short_name(finding: Finding, names: dict[str, str]) -> str:
    """The name under which `faults.yml` speaks of a rule: kind of shape failure, code of the DfE, or module of ours."""
    if finding.layer == "shape":
        kinds = [kind for kind in SHAPE_KINDS if finding.rule.endswith(f" {kind}")]
        return kinds[0].replace(" ", "_") if kinds else "unreadable"
    if finding.layer == "statutory":
        return finding.rule.split(" ", 1)[1]
    return names[finding.rule]


def _name_of_fault(fault: str) -> str:
    return "required" if "without its key" in fault else "unreadable"


def _located(returns: Returns, one: Finding, name: str) -> pd.DataFrame:
    rows = returns.tables[one.table].iloc[one.rows]
    if "source_record" not in rows:
        return pd.DataFrame(columns=[*RECORD, "rule", "severity"])
    return rows[PLACE].assign(table=one.table, rule=name, severity=one.severity)
