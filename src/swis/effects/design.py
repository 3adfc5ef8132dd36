"""What every estimator takes: response, fixed-effects columns, offset, trials and grouping factors as plain arrays.

Formulas are R's without the bar and offset terms (`s47 ~ arm + log_base_rate + C(la)`), read by formulaic; the
offset, the binomial trials and the grouping factors are given beside the formula. A row with a missing cell in any
column used is dropped, which is R's rule. The base level of a category is its first sorted level, unless the column
is a pandas categorical, whose own order then holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import formulaic
import numpy as np
import pandas as pd

from swis.effects.groups import group_codes
from swis.errors import InputError, Problem

INTERCEPT = "(Intercept)"
_FORMULAIC_INTERCEPT = "Intercept"
# R's default tolerance of qr() for a column that adds nothing to those before it.
RANK_TOLERANCE = 1e-7
# A column or its logarithm: most offsets and trials, for which no formula need be read.
_PLAIN = re.compile(r"^\s*(?P<log>log\()?\s*(?P<column>[^()\s]+)\s*(?(log)\))\s*$")
# A response and columns added up: 'count ~ arm + size'.
_SUM_OF_COLUMNS = re.compile(r"^\s*[^\W\d]\w*\s*~\s*[^\W\d]\w*(\s*\+\s*[^\W\d]\w*)*\s*$")


@dataclass(frozen=True, eq=False)
class Design:
    """The arrays of one model, all over the same n rows.

    `groups` holds integer codes 0..m-1 by factor; `rows` the positions, in the table given, of the rows kept.
    """

    response: np.ndarray
    matrix: np.ndarray
    names: tuple[str, ...]
    offset: np.ndarray
    trials: np.ndarray | None = None
    groups: Mapping[str, np.ndarray] = field(default_factory=dict)
    rows: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.intp))

    @property
    def observations(self) -> int:
        """Number of rows."""
        return int(self.response.size)

    def column(self, name: str) -> np.ndarray:
        """One fixed-effects column, (n,); KeyError when there is none of that name."""
        if name not in self.names:
            raise KeyError(f"no column {name!r}; there are {', '.join(self.names)}")
        return self.matrix[:, self.names.index(name)]

    def without(self, *names: str) -> Design:
        """The same design without some fixed-effects columns (the arm, for a test under the null)."""
        for name in names:
            self.column(name)
        kept = [position for position, name in enumerate(self.names) if name not in names]
        return replace(self, matrix=self.matrix[:, kept], names=tuple(self.names[position] for position in kept))

    def subset(self, keep: np.ndarray) -> Design:
        """Some of the rows, by a mask or positions; the codes of groups are made contiguous again."""
        return replace(
            self,
            response=self.response[keep],
            matrix=self.matrix[keep],
            offset=self.offset[keep],
            trials=None if self.trials is None else self.trials[keep],
            groups={name: group_codes(codes[keep]) for name, codes in self.groups.items()},
            rows=self.rows[keep],
        )


def aliased_columns(matrix: np.ndarray) -> list[int]:
    """Positions of the columns that are linear combinations of earlier ones (empty: the matrix has full rank)."""
    scale = np.sqrt((matrix**2).sum(axis=0))
    kept = np.empty((matrix.shape[0], 0))
    aliased = []
    for position in range(matrix.shape[1]):
        column = matrix[:, position] / (scale[position] or 1.0)
        # Twice is enough: a second projection removes the rounding error of the first.
        rest = column - kept @ (kept.T @ column)
        rest = rest - kept @ (kept.T @ rest)
        length = float(np.sqrt(rest @ rest))
        if length < RANK_TOLERANCE:
            aliased.append(position)
        else:
            kept = np.column_stack([kept, rest / length])
    return aliased


def design_from_formula(
    formula: str,
    frame: Any,
    *,
    groups: Sequence[str] = (),
    offset: Any = None,
    trials: Any = None,
) -> Design:
    """A design from a formula over a data frame.

    `offset` and `trials` are an expression over the columns (`"log(pupil_years)"`, `"size"`) or an array, one value a
    row. `groups` are column names, or `"region:nation"` for the combinations of two columns. Rows with a missing cell
    in any column used are dropped. InputError names every column the frame does not have, and an infinite value.
    """
    expressions = [part for part in (offset, trials) if isinstance(part, str)]
    variables = _variables([formula, *(_as_term(part) for part in expressions)])
    grouping = {name: name.split(":") for name in groups}
    used = sorted(variables | {column for columns in grouping.values() for column in columns})
    _refuse_absent(used, frame)
    # Nothing is copied here: a table may have many columns that the model does not use.
    table = frame.reset_index(drop=True)
    arrays = {"offset": offset, "trials": trials}
    for name, given in arrays.items():
        if given is not None and not isinstance(given, str):
            arrays[name] = _as_vector(given, len(table), name)
    complete = np.ones(len(table), dtype=bool)
    dtypes = _dtypes(table)
    for name in used:
        if not _is_surely_complete(table, name, dtypes[name]):
            complete &= table[name].notna().to_numpy()
    for given in arrays.values():
        if isinstance(given, np.ndarray):
            complete = complete & ~np.isnan(given)
    rows = np.flatnonzero(complete)
    # Most tables are complete, and half the reading of a plain formula would be to copy them.
    kept = table if complete.all() else table[used].iloc[rows].reset_index(drop=True)
    table = _drop_unused_levels(kept, used, dtypes)
    left, right, names = _model_matrices(formula, table, dtypes)
    vectors = {
        name: _evaluate(given, table) if isinstance(given, str) else None if given is None else given[rows]
        for name, given in arrays.items()
    }
    keys = {name: _combined(table, columns) for name, columns in grouping.items()}
    design = design_from_arrays(
        left, right, names=names, groups=keys, offset=vectors["offset"], trials=vectors["trials"]
    )
    return design if design.rows.size == len(frame) else replace(design, rows=rows[design.rows])


def design_from_arrays(
    response: Any,
    matrix: Any,
    *,
    names: Sequence[str] | None = None,
    groups: Mapping[str, Any] | None = None,
    offset: Any = None,
    trials: Any = None,
) -> Design:
    """A design from plain arrays: `response` (n,), `matrix` (n, k), and per row offset, trials and grouping factors.

    Without `names` the columns of a data frame keep their own, and those of an array are called x1, x2, … . Rows with
    a missing value anywhere are dropped. InputError when lengths differ or a value is infinite.
    """
    if names is None:
        names = [str(name) for name in matrix.columns] if isinstance(matrix, pd.DataFrame) else None
    columns = np.asarray(matrix, dtype=float)
    columns = columns[:, None] if columns.ndim == 1 else columns
    outcome = np.asarray(response, dtype=float).ravel()
    size = outcome.size
    _refuse_lengths({"matrix": len(columns), **{name: len(keys) for name, keys in (groups or {}).items()}}, size)
    shift = np.zeros(size) if offset is None else _as_vector(offset, size, "offset")
    denominators = None if trials is None else _as_vector(trials, size, "trials")
    codes = {name: group_codes(keys) for name, keys in (groups or {}).items()}
    arrays = {"response": outcome, "columns": columns, "offset": shift}
    suspected = {name: values for name, values in arrays.items() if not _is_finite(values)}
    complete = _without_missing(suspected.values(), size)
    if denominators is not None:
        complete &= ~np.isnan(denominators)
    for keys in codes.values():
        complete &= keys >= 0
    _refuse_infinite(suspected, complete)
    design = Design(
        response=outcome,
        matrix=columns,
        names=tuple(names) if names is not None else tuple(f"x{i + 1}" for i in range(columns.shape[1])),
        offset=shift,
        trials=denominators,
        groups=codes,
        rows=np.arange(size),
    )
    return design if complete.all() else design.subset(np.flatnonzero(complete))


def _without_missing(arrays: Iterable[np.ndarray], size: int) -> np.ndarray:
    """The rows (n,) in which none of the arrays, (n,) or (n, k), has a missing value."""
    kept = np.ones(size, dtype=bool)
    for values in arrays:
        missing = np.isnan(values)
        kept &= ~(missing.any(axis=1) if missing.ndim == 2 else missing)
    return kept


def _is_finite(values: np.ndarray) -> bool:
    """Whether all are finite, by one sum; False too, to be looked at cell by cell, where that runs over."""
    with np.errstate(all="ignore"):
        return bool(np.isfinite(values.sum()))


def _variables(formulas: Sequence[str]) -> set[str]:
    """The column names that formulas use."""
    return {str(name) for formula in formulas for name in _parsed(formula).required_variables}


@lru_cache(maxsize=512)
def _parsed(formula: str) -> Any:
    """A formula read once: a run fits the same few models to many tables."""
    return formulaic.Formula(formula)


def _drop_unused_levels(table: Any, used: Sequence[str], dtypes: Mapping[str, Any]) -> Any:
    """Categories no row has any more would give columns of zeros."""
    unused = {
        name: table[name].cat.remove_unused_categories()
        for name in used
        if isinstance(dtypes[name], pd.CategoricalDtype)
    }
    return table.assign(**unused) if unused else table


def _model_matrices(formula: str, table: Any, dtypes: Mapping[str, Any]) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Response, fixed-effects matrix and its column names (the intercept named as R names it)."""
    if (plain := _plain_columns(formula, dtypes)) is not None:
        # Column by column in memory, as sums over groups read them.
        response, *columns = [table[name].to_numpy(dtype=float) for name in plain]
        return response, np.array([np.ones(len(table)), *columns]).T, [INTERCEPT, *plain[1:]]
    with np.errstate(divide="ignore", invalid="ignore"):
        matrices = _parsed(formula).get_model_matrix(table, na_action="ignore")
    names = [INTERCEPT if name == _FORMULAIC_INTERCEPT else str(name) for name in matrices.rhs.columns]
    if matrices.lhs.shape[1] != 1:
        raise InputError([_problem("the response", "one numeric column", "recode the response as a number")])
    return np.asarray(matrices.lhs, dtype=float)[:, 0], np.asarray(matrices.rhs, dtype=float), names


def _plain_columns(formula: str, dtypes: Mapping[str, Any]) -> list[str] | None:
    """Response and terms of a formula that only adds columns of numbers up: no library need read it. Else None."""
    if not _SUM_OF_COLUMNS.match(formula):
        return None
    names = re.findall(r"\w+", formula)
    is_plain = len(set(names)) == len(names) and all(name in dtypes for name in names)
    return names if is_plain and all(_is_number(dtypes[name]) for name in names) else None


def _dtypes(table: Any) -> dict[str, Any]:
    """The type of each column, asked for all at once: taking columns out one by one costs more than reading them."""
    return dict(zip(table.columns, table.dtypes, strict=True))


def _is_number(dtype: Any) -> bool:
    """Whether a column holds plain numbers; what may be missing, true or a date is left to the library."""
    return isinstance(dtype, np.dtype) and dtype.kind in "iuf"


def _is_surely_complete(table: Any, name: str, dtype: Any) -> bool:
    """Whether it is told without a look at each cell that none is missing: whole numbers, or a finite sum."""
    return _is_number(dtype) and (dtype.kind in "iu" or _is_finite(table[name].to_numpy()))


def _as_term(expression: str) -> str:
    """A formula of one column: `I()` keeps a plus sign in the expression from being read as another term."""
    return f"0 + I({expression})"


def _evaluate(expression: str, table: Any) -> np.ndarray:
    """The values of an expression over the columns, such as `log(pupil_years)`."""
    plain = _PLAIN.match(expression)
    # The logarithm of nothing is minus infinity, which is refused by name further on.
    with np.errstate(divide="ignore", invalid="ignore"):
        if plain and plain["column"] in table.columns:
            values = table[plain["column"]].to_numpy(dtype=float)
            return np.log(values) if plain["log"] else values
        matrix = _parsed(_as_term(expression)).get_model_matrix(table, na_action="ignore")
    return np.asarray(matrix, dtype=float)[:, 0]


def _combined(table: Any, columns: Sequence[str]) -> Any:
    """One grouping column, or the combinations of several."""
    if len(columns) == 1:
        return table[columns[0]]
    return table.groupby(list(columns), sort=True, observed=True).ngroup()


def _as_vector(values: Any, size: int, name: str) -> np.ndarray:
    """One number a row; a scalar is repeated."""
    vector = np.asarray(values, dtype=float)
    vector = np.full(size, float(vector)) if vector.ndim == 0 else vector.ravel()
    _refuse_lengths({name: vector.size}, size)
    return vector


def _problem(where: str, expected: str, action: str) -> Problem:
    """A problem of a model's inputs; no value of a row is named."""
    return Problem(file="model", where=where, expected=expected, action=action)


def _refuse_absent(columns: Sequence[str], frame: Any) -> None:
    """InputError naming every column a formula asks for and the frame lacks."""
    absent = [name for name in columns if name not in frame.columns]
    if absent:
        raise InputError(
            _problem(f"column {name}", "a column of the table", "correct the formula or add the column")
            for name in absent
        )


def _refuse_lengths(lengths: Mapping[str, int], size: int) -> None:
    """InputError naming every array that is not as long as the response."""
    wrong = {name: length for name, length in lengths.items() if length != size}
    if wrong:
        raise InputError(
            _problem(f"{name} has {length} rows", f"{size} rows, as the response", "give one value a row")
            for name, length in wrong.items()
        )


def _refuse_infinite(arrays: Mapping[str, np.ndarray], complete: np.ndarray) -> None:
    """InputError naming every array with an infinite value (the logarithm of a person-time of zero, say)."""
    infinite = [name for name, values in arrays.items() if np.isinf(values[complete]).any()]
    if infinite:
        raise InputError(
            _problem(f"{name} has infinite values", "finite numbers", "leave out rows of no person-time")
            for name in infinite
        )
