"""Rows that are not used: taken out of the tables, kept with the rule that caught them, and counted.

There is no cascade. A row is judged by itself: an enquiry whose referral is set aside stays in use where the enquiry
is sound, because the enquiry happened whatever is wrong with the record of the referral.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from swis.validate.results import Finding
from swis.validate.tables import Tables


@dataclass(frozen=True)
class Separated:
    """Clean tables, and by table the rows set aside: canonical columns, rule (codes joined with '; ') and reason."""

    clean: Mapping[str, pd.DataFrame]
    set_aside: Mapping[str, pd.DataFrame]


def separate(tables: Tables, findings: Sequence[Finding]) -> Separated:
    """Split every table by the failed findings of severity 'set aside'; each row lands on one side exactly."""
    clean, aside = {}, {}
    for name in tables:
        frame = tables[name]
        against = [one for one in findings if one.table == name and one.severity == "set aside"]
        failed = [one for one in against if one.outcome == "failed"]
        taken = np.zeros(len(frame), dtype=bool)
        for one in failed:
            taken[one.rows] = True
        clean[name] = frame[~taken].reset_index(drop=True) if taken.any() else frame
        if taken.any():
            aside[name] = frame[taken].reset_index(drop=True).join(_marks(np.flatnonzero(taken), failed))
    return Separated(clean, aside)


def _marks(taken: np.ndarray, failed: Sequence[Finding]) -> pd.DataFrame:
    """Codes and titles of the rules that set each of the taken rows (their numbers, ascending) aside, joined."""
    rules = np.full(len(taken), "", dtype=object)
    reasons = np.full(len(taken), "", dtype=object)
    for one in sorted(failed, key=lambda item: item.rule):
        rows = np.searchsorted(taken, one.rows)
        first = rules[rows] == ""
        rules[rows] = rules[rows] + np.where(first, one.rule, "; " + one.rule)
        reasons[rows] = reasons[rows] + np.where(first, one.title, "; " + one.title)
    return pd.DataFrame({"rule": rules, "reason": reasons}).astype("string")


def counts(separated: Separated) -> pd.DataFrame:
    """By table: rows read, rows in use and rows set aside."""
    rows = [
        {"table": name, "rows_in_use": len(frame), "rows_set_aside": len(separated.set_aside.get(name, []))}
        for name, frame in separated.clean.items()
    ]
    counted = pd.DataFrame(rows, columns=["table", "rows_in_use", "rows_set_aside"])
    counted.insert(1, "rows_read", counted["rows_in_use"] + counted["rows_set_aside"])
    return counted.sort_values("table", ignore_index=True)
