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
        marks = _marks(frame, [one for one in findings if one.table == name])
        taken = marks["rule"].ne("").to_numpy()
        clean[name] = frame[~taken].reset_index(drop=True)
        if taken.any():
            aside[name] = pd.concat([frame[taken], marks[taken]], axis=1).reset_index(drop=True)
    return Separated(clean, aside)


def _marks(frame: pd.DataFrame, findings: Sequence[Finding]) -> pd.DataFrame:
    """Codes and titles of the rules that set each row aside, joined; empty text on rows in use."""
    rules = np.full(len(frame), "", dtype=object)
    reasons = np.full(len(frame), "", dtype=object)
    for one in sorted(findings, key=lambda item: item.rule):
        if one.severity == "set aside" and one.outcome == "failed":
            first = rules[one.rows] == ""
            rules[one.rows] = rules[one.rows] + np.where(first, one.rule, "; " + one.rule)
            reasons[one.rows] = reasons[one.rows] + np.where(first, one.title, "; " + one.title)
    return pd.DataFrame({"rule": rules, "reason": reasons}, index=frame.index).astype("string")


def counts(separated: Separated) -> pd.DataFrame:
    """By table: rows read, rows in use and rows set aside."""
    rows = [
        {"table": name, "rows_in_use": len(frame), "rows_set_aside": len(separated.set_aside.get(name, []))}
        for name, frame in separated.clean.items()
    ]
    counted = pd.DataFrame(rows, columns=["table", "rows_in_use", "rows_set_aside"])
    counted.insert(1, "rows_read", counted["rows_in_use"] + counted["rows_set_aside"])
    return counted.sort_values("table", ignore_index=True)
