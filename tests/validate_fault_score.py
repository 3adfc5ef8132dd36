"""Score validation against the list of planted faults: which were found, which not, and alarms on clean rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from swis.params import Params
from swis.validate.plausibility import plausibility_checks, plausibility_rules
from swis.validate.results import Finding
from swis.validate.returns import Returns
from swis.validate.run import check_plausibility, check_shape, check_statutory, read_returns
from swis.workspace import Workspace

SHAPE_KINDS = {"required", "closed list", "pattern", "range", "exact repeat", "key repeat"}
RECORD = ["authority", "table", "source_file", "source_record"]
# Faults that show in a table made from the same record as the one they were planted in.
SAME_RECORD = {
    "children": ["referrals"],
    "referrals": ["assessments", "section47", "conferences"],
    "pupils": ["attendance"],
    "attendance": ["pupils"],
}


@dataclass(frozen=True)
class Alarms:
    """Every alarm of one authority: rows that failed a rule, and rules that failed on counts."""

    rows: pd.DataFrame
    counts: set[str]
    records: pd.DataFrame


def names_of_rules() -> dict[str, str]:
    """Short name of each plausibility rule or check (its module) by code."""
    every = [*plausibility_rules(), *plausibility_checks()]
    return {one.code: one.find.__module__.rsplit(".", 1)[-1] for one in every}


def short_name(finding: Finding, modules: dict[str, str]) -> str:
    if finding.layer == "shape":
        kinds = [kind for kind in SHAPE_KINDS if finding.rule.endswith(f" {kind}")]
        return kinds[0].replace(" ", "_") if kinds else "unreadable"
    if finding.layer == "statutory":
        return finding.rule.split(" ", 1)[1]
    return modules[finding.rule]


def alarms_of(returns: Returns) -> Alarms:
    """Run all three layers on one authority's returns and list every alarm by record."""
    modules = names_of_rules()
    findings = [*check_shape(returns), *check_statutory(returns), *check_plausibility(returns)]
    failed = [one for one in findings if one.outcome == "failed"]
    parts = [_located(returns, one, short_name(one, modules)) for one in failed if len(one.rows)]
    unread = returns.faults.rename(columns={"fault": "rule"})
    unread = unread.assign(severity="set aside", rule=unread["rule"].map(_name_of_fault))
    counts = {modules[one.rule] for one in failed if one.rule in modules and not len(one.rows)}
    records = [
        frame[["authority", "source_file", "source_record"]].assign(table=name)
        for name, frame in returns.tables.items()
        if "source_record" in frame
    ]
    rows = pd.concat([*parts, unread[[*RECORD, "rule", "severity"]]], ignore_index=True)
    return Alarms(rows, counts, pd.concat(records, ignore_index=True))


def _name_of_fault(fault: str) -> str:
    return "required" if "without its key" in fault else "unreadable"


def _located(returns: Returns, one: Finding, name: str) -> pd.DataFrame:
    rows = returns.tables[one.table].iloc[one.rows]
    if "source_record" not in rows:
        return pd.DataFrame(columns=[*RECORD, "rule", "severity"])
    return rows[["authority", "source_file", "source_record"]].assign(table=one.table, rule=name, severity=one.severity)


def alarms_of_dataset(workspace: Workspace, params: Params, slugs: Sequence[str]) -> dict[str, Alarms]:
    """Alarms by authority."""
    return {slug: alarms_of(read_returns(workspace, params.authorities[slug], params.definitions)) for slug in slugs}


def planted(workspace: Workspace) -> pd.DataFrame:
    """The planted faults of a simulated data set, as its truth lists them."""
    path: Path = workspace.raw / "truth" / "faults.csv"
    return pd.read_csv(path, dtype={"rules": str, "source_file": str, "why": str}, keep_default_na=False)


def found_of(faults: pd.DataFrame, alarms: dict[str, Alarms]) -> pd.Series:
    """True on each planted fault that one of the rules named for it caught, on the record it was planted in."""
    keys = {slug: _index_of(one.rows) for slug, one in alarms.items()}
    return pd.Series([_is_found(row, alarms, keys) for row in faults.itertuples()], index=faults.index, dtype=bool)


def _index_of(rows: pd.DataFrame) -> set[tuple[str, str, int, str]]:
    columns = zip(rows["table"], rows["source_file"], rows["source_record"].astype("int64"), rows["rule"], strict=True)
    return set(columns)


def _is_found(fault: object, alarms: dict[str, Alarms], keys: dict[str, set[tuple[str, str, int, str]]]) -> bool:
    slug, table, file = fault.authority, fault.table, fault.source_file  # type: ignore[attr-defined]
    record, rules = int(fault.source_record), fault.rules.split()  # type: ignore[attr-defined]
    if slug not in alarms:
        return any(set(rules) & one.counts for one in alarms.values())
    if record == 0:
        return bool(set(rules) & alarms[slug].counts)
    tables = [table, *SAME_RECORD.get(table, [])]
    if any(rule in alarms[slug].counts for rule in rules):
        return True
    return any((name, file, record, rule) in keys[slug] for name in tables for rule in rules)


def share_of_quiet_clean_rows(faults: pd.DataFrame, alarms: dict[str, Alarms], severities: Sequence[str]) -> float:
    """Of the rows without a planted fault, the share that no rule of these severities caught."""
    spoilt = set(zip(faults["authority"], faults["source_file"], faults["source_record"].astype(int), strict=True))
    clean = loud = 0
    for one in alarms.values():
        records = one.records
        where = zip(records["authority"], records["source_file"], records["source_record"].astype(int), strict=True)
        is_clean = pd.Series([place not in spoilt for place in where], index=records.index)
        caught = one.rows.loc[one.rows["severity"].isin(severities), RECORD].drop_duplicates()
        is_caught = records.merge(caught.assign(caught=True), on=RECORD, how="left")["caught"].eq(True)
        clean += int(is_clean.sum())
        loud += int((is_clean.to_numpy() & is_caught.to_numpy()).sum())
    return 1 - loud / clean if clean else 1.0
