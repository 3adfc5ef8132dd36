"""What is random in a mixed model: for each grouping factor its levels, its columns, and which covariances are free.

The effects of one factor's level have covariance sigma² T T', T lower triangular (the relative Cholesky factor of
Bates, Mächler, Bolker and Walker 2015, J Stat Softw 67(1), section 2.1). The entries of T that are estimated, factor by
factor and row by row, make the parameter vector theta. Terms of the same factor share a T; their mutual entries are 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from swis.effects.design import INTERCEPT, Design

RandomTerm = str | tuple[str, str]


@dataclass(frozen=True, eq=False)
class RandomFactor:
    """One grouping factor: `codes` (n,) 0..levels-1; `columns` (n, p) divided by their root mean squares `scales` (p,).

    `free` (p, p) marks the entries of the lower triangular T that are estimated.
    """

    name: str
    effects: tuple[str, ...]
    codes: np.ndarray
    levels: int
    columns: np.ndarray
    scales: np.ndarray
    free: np.ndarray

    @cached_property
    def width(self) -> int:
        """Number of effects of one level, p."""
        return len(self.effects)

    @property
    def is_intercept(self) -> bool:
        """Whether an intercept is all that is random: Z is then 0 and 1."""
        return self.effects == (INTERCEPT,)


def random_factors(design: Design, random: Sequence[RandomTerm]) -> tuple[RandomFactor, ...]:
    """The factors of a list of random terms, the one with most effects first (it is eliminated level by level).

    `"school"` is a random intercept; `("arm", "la")` a slope of the column arm by la, independent of any intercept;
    `("1+arm", "la")` both, correlated. KeyError for an unknown column or factor, ValueError for a term given twice.
    """
    if not random:
        raise ValueError("a mixed model needs at least one random term; fit_least_squares fits the model without")
    blocks: dict[str, list[tuple[str, ...]]] = {}
    for term in random:
        effects, name = (("1", term)) if isinstance(term, str) else term
        if name not in design.groups:
            raise KeyError(f"no grouping factor {name!r}; there are {', '.join(design.groups) or 'none'}")
        blocks.setdefault(name, []).append(_effects(effects, design))
    factors = [_factor(design, name, terms) for name, terms in blocks.items()]
    return tuple(sorted(factors, key=lambda factor: -factor.levels * factor.width))


def _effects(expression: str, design: Design) -> tuple[str, ...]:
    """The columns an expression such as `1+arm` names, the intercept first."""
    if expression in design.names and expression not in {"0", "1"}:
        return (expression,)
    parts = [part.strip() for part in expression.split("+")]
    intercept = (INTERCEPT,) if "1" in parts or INTERCEPT in parts else ()
    slopes = tuple(part for part in parts if part not in {"0", "1", INTERCEPT})
    for slope in slopes:
        design.column(slope)
    return intercept + slopes


def _factor(design: Design, name: str, terms: Sequence[tuple[str, ...]]) -> RandomFactor:
    """One factor from its terms: correlated within a term, independent between terms."""
    effects = tuple(effect for term in terms for effect in term)
    if len(set(effects)) < len(effects):
        raise ValueError(f"a random effect of {name} is given twice: {', '.join(effects)}")
    free = np.zeros((len(effects), len(effects)), dtype=bool)
    start = 0
    for term in terms:
        stop = start + len(term)
        free[start:stop, start:stop] = np.tri(len(term), dtype=bool)
        start = stop
    columns, scales = _scaled(design, effects)
    given = design.groups[name]
    present = np.bincount(given) > 0
    codes = given if present.all() else (np.cumsum(present) - 1)[given]
    return RandomFactor(name, effects, codes, int(present.sum()), columns, scales, free)


def _scaled(design: Design, effects: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Columns of one size, so that one starting value and one step length do for any unit; and what they were."""
    # A column in one piece of memory is summed by group much faster than one strewn over rows.
    columns = np.empty((design.observations, len(effects)), order="F")
    scales = np.ones(len(effects))
    for place, effect in enumerate(effects):
        columns[:, place] = 1.0 if effect == INTERCEPT else design.column(effect)
        if effect != INTERCEPT:
            size = float(np.sqrt(np.mean(columns[:, place] ** 2))) if design.observations else 0.0
            scales[place] = size if size > 0 else 1.0
            columns[:, place] /= scales[place]
    return columns, scales


def unit_theta(factors: Sequence[RandomFactor]) -> np.ndarray:
    """T = I for every factor: each standardised effect as variable as the residual."""
    return np.concatenate([np.eye(factor.width)[factor.free] for factor in factors])


def relative_factors(theta: np.ndarray, factors: Sequence[RandomFactor]) -> list[np.ndarray]:
    """The matrices T (p, p) that a parameter vector stands for, in the units of the standardised columns."""
    matrices, start = [], 0
    for factor in factors:
        matrix = np.zeros(factor.free.shape)
        stop = start + int(factor.free.sum())
        matrix[factor.free] = theta[start:stop]
        matrices.append(matrix)
        start = stop
    return matrices


def covariances(theta: np.ndarray, factors: Sequence[RandomFactor], sigma: float) -> dict[str, np.ndarray]:
    """Covariance matrix (p, p) of the effects of one level, by factor, in the units of the columns given."""
    return {
        factor.name: sigma**2 * (matrix @ matrix.T) / np.outer(factor.scales, factor.scales)
        for factor, matrix in zip(factors, relative_factors(theta, factors), strict=True)
    }


def named_variances(matrices: Mapping[str, np.ndarray], factors: Sequence[RandomFactor]) -> dict[str, float]:
    """Variances and covariances by name: `school`, `school:arm`, `school:(Intercept).arm` (a covariance)."""
    named = {}
    for factor in factors:
        matrix = matrices[factor.name]
        for row, effect in enumerate(factor.effects):
            named[factor.name if effect == INTERCEPT else f"{factor.name}:{effect}"] = float(matrix[row, row])
        for row, column in zip(*np.nonzero(np.tril(factor.free, -1)), strict=True):
            named[f"{factor.name}:{factor.effects[column]}.{factor.effects[row]}"] = float(matrix[row, column])
    return named
