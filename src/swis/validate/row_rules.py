"""Run rules about rows: let each find its rows, then let Great Expectations judge what was found."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from swis.validate.engine import judge_masks
from swis.validate.results import Finding, finding, not_run
from swis.validate.rule import Rule
from swis.validate.tables import Tables

# 'annex_a/annex_a_2021.xlsx (List 6)', as the reader names the sheet of a row.
WORKBOOK = r"\.xls[xm]?(?: \(|$)"


def judge_rules(tables: Tables, rules: Sequence[Rule]) -> list[Finding]:
    """One finding for each rule and table; a rule without its tables or without rows is 'not run'."""
    runnable = {rule.code: why_not(rule, tables) for rule in rules}
    found = [
        not_run(rule, name, why) for rule in rules for name in rule.tables if (why := runnable[rule.code]) is not None
    ]
    ready = [rule for rule in rules if runnable[rule.code] is None]
    masks: dict[str, dict[str, pd.Series]] = {}
    crashes: dict[str, dict[str, str]] = {}
    for rule in ready:
        _collect(rule, tables, masks, crashes)
    by_code = {rule.code: rule for rule in ready}
    for name in sorted({*masks, *crashes}):
        found += _judge_table(tables[name], name, by_code, masks.get(name, {}), crashes.get(name, {}))
    return found


def why_not(rule: Rule, tables: Tables) -> str | None:
    """Why a rule cannot run, or None where it can."""
    absent = [name for name in (*rule.tables, *rule.needs) if name not in tables]
    if absent:
        return f"there is no table {', '.join(absent)}"
    return None if any(len(tables[name]) for name in rule.tables) else "the table has no rows"


def _collect(
    rule: Rule, tables: Tables, masks: dict[str, dict[str, pd.Series]], crashes: dict[str, dict[str, str]]
) -> None:
    try:
        failing = rule.failing(tables)
    except Exception as error:  # any error of a rule is a crash of the check, to be reported and not to stop the others
        for name in rule.tables:
            crashes.setdefault(name, {})[rule.code] = type(error).__name__
        return
    for name, mask in failing.items():
        masks.setdefault(name, {})[rule.code] = mask


def _judge_table(
    frame: pd.DataFrame, name: str, rules: dict[str, Rule], masks: dict[str, pd.Series], crashes: dict[str, str]
) -> list[Finding]:
    """Statutory rules speak of the census and the 903; rows read from an Annex A workbook are not theirs."""
    of_return = ~is_from_workbook(frame)
    applies = {code: of_return if rules[code].layer == "statutory" else None for code in masks}
    limited = {code: mask if applies[code] is None else mask & of_return for code, mask in masks.items()}
    judged = judge_masks(limited, crashes)
    outside = int((~of_return).sum())
    found = []
    for code, answer in judged.items():
        mask = limited[code].to_numpy() if code in limited else None
        if outside and applies.get(code) is not None:
            answer = type(answer)(answer.outcome, answer.checked - outside, answer.failed, answer.message)
        found.append(finding(rules[code], name, answer, mask, frame))
    return found


def is_from_workbook(frame: pd.DataFrame) -> pd.Series:
    """Whether each row was read from an Annex A workbook."""
    if "source_file" not in frame:
        return pd.Series(False, index=frame.index)
    # A table of many rows has few files.
    codes, files = pd.factorize(frame["source_file"])
    found = pd.Series(files, dtype="string").str.contains(WORKBOOK).fillna(False).to_numpy(bool)
    return pd.Series(np.append(found, False)[codes], index=frame.index)
