"""The covariates of the plan as columns, each centred over the rows analysed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from swis.plan import AnalysisPlan, Covariate

PER = 1000.0
# Covariates of a row of pupils or respondents, not of its school.
ROW_COLUMNS = frozenset({"pupil column", "respondent column"})


def covariate_columns(
    rows: pd.DataFrame, plan: AnalysisPlan, names: Sequence[str], outcome: str
) -> tuple[tuple[str, ...], pd.DataFrame]:
    """Names of the columns that the covariates became, and the rows that have all of them, with these columns.

    A baseline is that of `outcome` where the plan names no other. A category becomes one column a level but the first;
    a pupil's or respondent's covariate may stay missing (the design drops such rows, or they are imputed).
    """
    made: dict[str, pd.Series] = {}
    needed: list[str] = []
    for name in names:
        covariate = plan.covariates[name]
        columns = _columns(rows, name, covariate, covariate.measure or outcome)
        made |= columns
        needed += [] if covariate.kind in ROW_COLUMNS else list(columns)
    wide = rows.assign(**made)
    kept = wide[wide[needed].notna().all(axis=1)] if needed else wide
    centred = {name: kept[name] - kept[name].mean() for name in made if not _is_dummy(kept[name])}
    return tuple(made), kept.assign(**centred)


def _columns(rows: pd.DataFrame, name: str, covariate: Covariate, measure: str) -> dict[str, pd.Series]:
    if covariate.kind == "school column" or covariate.kind in ROW_COLUMNS:
        column = rows[covariate.column or name]
        if covariate.form == "category":
            return _dummies(column, name)
        values = pd.to_numeric(column).astype(float)
        return {name: np.log(values.where(values > 0)) if covariate.form == "logarithm" else values / covariate.per}
    made = _baseline(rows, covariate, measure)
    return {name: made.fillna(made.mean()) if covariate.without_baseline == "mean of the others" else made}


def _baseline(rows: pd.DataFrame, covariate: Covariate, measure: str) -> pd.Series:
    """log((count + added) / denominator × 1,000), the logit, or the value as it is, in the baseline period."""
    count = rows[f"baseline_count_of_{measure}"].astype(float)
    base = rows[f"baseline_denominator_of_{measure}"].astype(float)
    base = base.where(base > 0)
    if covariate.kind == "baseline value":
        return rows[f"baseline_value_of_{measure}"].astype(float)
    if covariate.kind == "baseline logit":
        return np.log((count + covariate.added) / (base - count + covariate.added))
    return np.log((count + covariate.added) / base * PER)


def _dummies(values: pd.Series, name: str) -> dict[str, pd.Series]:
    levels = sorted(values.dropna().astype(str).unique())
    return {
        f"{name}[T.{level}]": (values.astype(str) == level).astype(float).where(values.notna()) for level in levels[1:]
    }


def _is_dummy(values: pd.Series) -> bool:
    return bool(values.dropna().isin([0.0, 1.0]).all())
