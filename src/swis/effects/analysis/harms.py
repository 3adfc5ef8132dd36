"""Harms: outcomes watched for a rise, read from results that the plan names, without correction for multiplicity."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from swis.plan import AnalysisPlan, Harm

HARM_COLUMNS = ["analysis_id", "outcome", "text", "estimate", "lower", "upper", "reading", "status"]
SIGNAL, WATCH, NONE, UNKNOWN = "signal", "to watch", "no signal", "not estimated"


def harms(plan: AnalysisPlan, results: pd.DataFrame) -> pd.DataFrame:
    """One row a harm of the plan (HARM_COLUMNS); `reading` is 'signal', 'to watch', 'no signal' or 'not estimated'."""
    first = results.drop_duplicates("analysis_id").set_index("analysis_id")
    return pd.DataFrame([_read(harm, first) for harm in plan.harms], columns=HARM_COLUMNS)


def _read(harm: Harm, results: pd.DataFrame) -> Mapping[str, object]:
    row = results.loc[harm.analysis]
    return {
        "analysis_id": harm.analysis,
        "outcome": row["outcome"],
        "text": harm.text,
        "estimate": row["estimate"],
        "lower": row["lower"],
        "upper": row["upper"],
        "reading": _reading(harm, row["estimate"], row["lower"]),
        "status": row["status"],
    }


def _reading(harm: Harm, estimate: float, lower: float) -> str:
    if pd.isna(estimate):
        return UNKNOWN
    if lower > harm.signal_above:
        return SIGNAL
    return WATCH if estimate > harm.watch_above else NONE
