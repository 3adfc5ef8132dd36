"""What simulated trials say of each interval: bias, coverage, type I error, from how many authorities it is safe.

With N trials a share that is truly q is observed with a Monte Carlo error of sqrt(q (1 - q)/N). An interval errs where
it leaves out the effect that was planted, a test where it rejects without one; both should happen in 5 % of the trials.
Nominal is missed when the share of errors over all trials is further from 5 % than 2.58 such errors, which happens by
chance to one sound interval in 100.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

NOMINAL = 0.95
ERRORS_APART = 2.58
KEYS = ["kind", "model", "interval", "authorities"]


def summarise(results: pd.DataFrame) -> pd.DataFrame:
    """One row an interval and number of authorities, from `simulate`'s frames with and without an effect.

    Columns: KEYS, schools; with an effect planted: trials, usable, bias, bias_error, error_ratio (mean standard error
    over the standard deviation of the estimates), coverage, coverage_error; without: null_trials, type_i, type_i_error,
    uniform_p (Kolmogorov–Smirnov p-value of the p-values against the uniform distribution); of both: errors, judged
    (how many trials they are a share of) and verdict: 'nominal', 'too narrow', 'wide', or 'not usable' where under half
    of the trials gave a number. Shares are of usable trials.
    """
    rows = [
        {**dict(zip(KEYS, key, strict=True)), "schools": int(part["schools"].iloc[0]), **_measures(part)}
        for key, part in results.groupby(KEYS, sort=False)
    ]
    frame = pd.DataFrame(rows)
    return frame.assign(verdict=[_verdict(row) for row in rows])


def smallest_safe(summary: pd.DataFrame) -> pd.DataFrame:
    """By model and interval, the fewest authorities tried from which on it is never too narrow: KEYS but authorities.

    Columns: kind, model, interval, authorities and schools (missing where it is too narrow even at the most tried).
    """
    rows = []
    for key, part in summary.groupby(KEYS[:-1], sort=False):
        ordered = part.sort_values("authorities", ascending=False)
        safe = ordered[ordered["verdict"].isin(["nominal", "wide"]).cummin()]
        size = safe.iloc[-1][["authorities", "schools"]].to_dict() if len(safe) else {}
        rows.append({**dict(zip(KEYS[:-1], key, strict=True)), "authorities": None, "schools": None, **size})
    return pd.DataFrame(rows).astype({"authorities": "Int64", "schools": "Int64"})


def margin(trials: int, nominal: float = NOMINAL) -> float:
    """How far an observed share may lie from `nominal` by chance."""
    return ERRORS_APART * float(np.sqrt(nominal * (1 - nominal) / trials)) if trials else float("nan")


def _measures(part: pd.DataFrame) -> dict[str, Any]:
    effect, null = part[part["has_effect"]], part[~part["has_effect"]]
    p_values = null["p_value"].dropna()
    is_rejected = p_values <= 1 - NOMINAL
    told = effect.dropna(subset=["lower", "upper"])
    is_covered = (told["lower"] <= told["truth"]) & (told["truth"] <= told["upper"])
    rejected, covered = _share(is_rejected), _share(is_covered)
    apart = told["estimate"] - told["truth"]
    spread = float(apart.std()) if len(told) > 1 else float("nan")
    uniform = stats.kstest(p_values, "uniform").pvalue if len(p_values) else float("nan")
    return {
        "trials": len(effect),
        "usable": int(effect["p_value"].notna().sum()),
        "bias": float(apart.mean()) if len(told) else float("nan"),
        "bias_error": spread / np.sqrt(len(told)) if len(told) else float("nan"),
        "error_ratio": float(told["standard_error"].mean()) / spread if len(told) > 1 else float("nan"),
        "coverage": covered,
        "coverage_error": _error(covered, len(told)),
        "null_trials": len(p_values),
        "type_i": rejected,
        "type_i_error": _error(rejected, len(p_values)),
        "uniform_p": float(uniform),
        "errors": _share(pd.concat([is_rejected, ~is_covered])),
        "judged": len(p_values) + len(told),
    }


def _share(holds: pd.Series) -> float:
    return float(holds.mean()) if len(holds) else float("nan")


def _error(share: float, trials: int) -> float:
    """Monte Carlo error of an observed share."""
    return float(np.sqrt(share * (1 - share) / trials)) if trials else float("nan")


def _verdict(row: dict[str, Any]) -> str:
    if row["usable"] * 2 < row["trials"] or not row["judged"]:
        return "not usable"
    apart = row["errors"] - (1 - NOMINAL)
    if abs(apart) <= margin(row["judged"]):
        return "nominal"
    return "too narrow" if apart > 0 else "wide"
