"""Multiple imputation of missing prior attainment and outcomes of pupils, with the school they belong to.

Engine: scikit-learn's `IterativeImputer` with `sample_posterior=True` (chained equations: each incomplete column is
drawn given all the others, round by round), sampling from `SchoolRegression`, a Bayesian regression with a random
intercept by school. Chosen over statsmodels' MICE because that knows no schools: it takes pupils as independent, so
that a school's level would be imputed with a certainty it does not have, and takes no model of ours that does not.
scikit-learn's own BayesianRidge has the same fault, and draws every row with a parameter uncertainty of its own instead
of one set of parameters a table, so that tables differ too little; hence the regression here.

The arm must be among the predictors (the outcome too, for a missing prior): a model that leaves out what the analysis
relates would draw that relation towards zero. Values are missing at random given the predictors and the school.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.experimental import enable_iterative_imputer  # noqa: F401 — IterativeImputer can only be imported after it
from sklearn.impute import IterativeImputer

from swis.effects.counts.one_thread import on_one_thread
from swis.effects.groups import group_codes
from swis.effects.school_regression import SchoolRegression, SharedGenerator
from swis.errors import InputError, Problem

# One incomplete column is drawn given complete ones: once is exact. Several depend on one another's draws.
ROUNDS_OF_SEVERAL = 5
# A column that differs from its school mean by no more than this share of its spread is the school's own.
NO_SPREAD = 1e-9


def impute(
    frame: Any,
    columns: Sequence[str],
    *,
    imputations: int,
    rng: np.random.Generator,
    group: str | None = None,
    predictors: Sequence[str] | None = None,
) -> list[Any]:
    """Completed copies of `frame`, `imputations` of them, with every missing cell of `columns` drawn.

    `columns` are numeric. `predictors` (by default every other column but `group`) enter the model: numeric ones as
    they are, with their school mean where they vary within schools; others as a level each, missing being a level of
    its own. `group` names the school. Rows keep their order and index; nothing else changes; all draws come from `rng`.
    InputError for a column absent, not numeric or wholly missing, and for a numeric predictor or school with holes.
    """
    chosen = [name for name in frame.columns if name not in {*columns, group}] if predictors is None else predictors
    others = [name for name in chosen if name not in {*columns, group}]
    _refuse(frame, columns, others, group)
    values = frame[list(columns)].to_numpy(dtype=float, na_value=np.nan)
    codes = np.zeros(len(frame), dtype=np.intp) if group is None else group_codes(frame[group])
    body = np.column_stack([values, _numbers(frame, others)])
    if group is not None:
        body = _with_school_means(body, codes)
    centre, spread = np.nanmean(body, axis=0), np.nanstd(body, axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    # The constant comes after the columns to draw, the codes last, where the regression looks for them.
    known = np.column_stack([(body - centre) / spread, np.ones(len(frame)), codes])
    size = len(columns)
    drawn = [_draw(known, rng)[:, :size] * spread[:size] + centre[:size] for _ in range(imputations)]
    return [_completed(frame, columns, values, matrix) for matrix in drawn]


@on_one_thread
def _draw(known: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One completed matrix; the school's code is its last column."""
    incomplete = int(np.isnan(known).any(axis=0).sum())
    if incomplete == 0:
        return known
    engine = IterativeImputer(
        estimator=SchoolRegression(SharedGenerator(rng)),
        sample_posterior=True,
        max_iter=1 if incomplete == 1 else ROUNDS_OF_SEVERAL,
        skip_complete=True,
        keep_empty_features=True,
        # The mean of a standardised column, which the engine would take over all columns anew for each table.
        initial_strategy="constant",
        fill_value=0.0,
        random_state=int(rng.integers(2**32)),
    )
    return np.asarray(engine.fit_transform(known))


def _completed(frame: Any, columns: Sequence[str], values: np.ndarray, drawn: np.ndarray) -> Any:
    """The frame with its holes filled; known values are kept to the last digit."""
    whole = np.where(np.isnan(values), drawn, values)
    return frame.assign(**{name: whole[:, position] for position, name in enumerate(columns)})


def _numbers(frame: Any, predictors: Sequence[str]) -> np.ndarray:
    """Numeric predictors as they are, others as a column a level but the first; missing is a level."""
    parts = [np.empty((len(frame), 0))]
    for name in predictors:
        if pd.api.types.is_numeric_dtype(frame[name]):
            parts.append(frame[name].to_numpy(dtype=float)[:, None])
        else:
            parts.append(pd.get_dummies(group_codes(frame[name]), drop_first=True).to_numpy(dtype=float))
    return np.hstack(parts)


def _with_school_means(body: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """The columns and the school means of those that are complete and vary within schools.

    What relates pupils need not relate schools in the same way. An incomplete column has no mean column: in its own
    model the mean of its known values would be its random intercept, known without error.
    """
    means = []
    for column in body.T[~np.isnan(body).any(axis=0)]:
        mean = _school_mean(column, codes)
        if np.abs(column - mean).max() > NO_SPREAD * max(float(column.std()), np.finfo(float).tiny):
            means.append(mean)
    return np.column_stack([body, *means])


def _school_mean(column: np.ndarray, codes: np.ndarray) -> np.ndarray:
    return (np.bincount(codes, weights=column) / np.bincount(codes))[codes]


def _refuse(frame: Any, columns: Sequence[str], predictors: Sequence[str], group: str | None) -> None:
    """InputError naming every column that cannot be used, none of its values."""
    wanted = [*columns, *predictors, *([] if group is None else [group])]
    absent = [name for name in wanted if name not in frame.columns]
    if absent:
        raise InputError(_problem(f"column {name}", "a column of the table") for name in absent)
    found = [_problem(f"column {n}", "numbers") for n in columns if not pd.api.types.is_numeric_dtype(frame[n])]
    found += [_problem(f"column {n}", "at least one known value") for n in columns if frame[n].isna().all()]
    numeric = [name for name in predictors if pd.api.types.is_numeric_dtype(frame[name])]
    found += [
        _problem(f"predictor {n}", "no missing value, or a column to impute") for n in numeric if _holes(frame[n])
    ]
    if group is not None and _holes(frame[group]):
        found.append(_problem(f"group {group}", "a school for every pupil"))
    if found:
        raise InputError(found)


def _holes(column: Any) -> bool:
    return bool(column.isna().any())


def _problem(where: str, expected: str) -> Problem:
    return Problem("imputation", where, expected, "correct the call or the table")
