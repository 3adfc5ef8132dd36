"""The verdict on one authority: pass, review or fail, with the counts behind it."""

from __future__ import annotations

from typing import Any

import pandas as pd

PASS, REVIEW, FAIL = "pass", "review", "fail"


def verdict_of(
    authority: str, results: pd.DataFrame, row_counts: pd.DataFrame, *, is_synthetic: bool
) -> dict[str, Any]:
    """What the results say of an authority, as plain values for `verdict.json`.

    `fail`: a rule of severity 'stop' failed, or a check that could have stopped the authority or set rows aside
    crashed, so that nobody knows whether they should be. `review`: anything else failed, crashed or was waived.
    `pass`: everything that ran passed.
    """
    outcome, severity = results["outcome"], results["severity"]
    stops = results[outcome.eq("failed") & severity.eq("stop")]
    crashes = results[outcome.eq("crashed")]
    serious = crashes[crashes["severity"].ne("note")]
    open_ends = results[outcome.isin(["failed", "crashed", "waived"])]
    status = FAIL if len(stops) or len(serious) else REVIEW if len(open_ends) else PASS
    return {
        "authority": authority,
        "status": status,
        "is_synthetic": is_synthetic,
        "stopped_by": sorted(stops["rule"].unique().tolist()),
        "crashed": sorted(crashes["rule"].unique().tolist()),
        "outcomes": {
            layer: {name: int(count) for name, count in sorted(rows["outcome"].value_counts().items())}
            for layer, rows in results.groupby("layer")
        },
        "rows_read": int(row_counts["rows_read"].sum()),
        "rows_set_aside": int(row_counts["rows_set_aside"].sum()),
        "rows_set_aside_by_table": {
            name: int(count)
            for name, count in zip(row_counts["table"], row_counts["rows_set_aside"], strict=True)
            if count
        },
    }
