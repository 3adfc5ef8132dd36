"""Our estimators called on a table, their results under the names that stored fits use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from swis.effects.cluster_robust import cluster_robust
from swis.effects.counts import fit_count_model
from swis.effects.design import Design, design_from_formula
from swis.effects.least_squares import fit_least_squares
from swis.effects.linear_mixed import fit_linear_mixed
from swis.effects.marginal import fit_marginal
from swis.effects.profile import profile_interval
from swis.effects.quasi_poisson import fit_quasi_poisson
from swis.effects.satterthwaite import satterthwaite_df
from swis.effects.two_stage import fit_two_stage

KINDS = ("CR0", "CR1", "CR1S", "CR2", "CR3")


def count_model(
    table: Any,
    formula: str,
    family: Any,
    *,
    random: Sequence[str] = (),
    points: int = 25,
    offset: str | None = None,
    trials: str | None = None,
) -> dict[str, Any]:
    """Counts and proportions, with or without random effects; `points` 1 is Laplace."""
    design = design_from_formula(formula, table, groups=random, offset=offset, trials=trials)
    fit = fit_count_model(design, family=family, random=random, quadrature_points=points)
    return _quantities(fit) | {"theta": fit.dispersion, "dispersion_sigma": fit.dispersion}


def linear_mixed(
    table: Any, formula: str, *, random: Sequence[Any], groups: Sequence[str], reml: bool = True
) -> dict[str, Any]:
    """Linear mixed model with Satterthwaite's degrees of freedom for every coefficient."""
    fit = fit_linear_mixed(design_from_formula(formula, table, groups=groups), random=random, reml=reml)
    return _quantities(fit) | {"satterthwaite_df": [satterthwaite_df(fit, name) for name in fit.names]}


def profile_limits(table: Any, formula: str, group: str, names: Mapping[str, str]) -> dict[str, Any]:
    """Profile-likelihood limits of a fit by maximum likelihood; `names` are ours by those that R stored."""
    design = design_from_formula(formula, table, groups=[group])
    fit = fit_linear_mixed(design, random=[group], reml=False)
    found = {stored: profile_interval(fit, design, ours) for stored, ours in names.items()}
    return {stored: [one.lower, one.upper] for stored, one in found.items()}


def robust_linear(table: Any, formula: str, cluster: str) -> dict[str, Any]:
    """Least squares with every cluster-robust correction."""
    design = design_from_formula(formula, table, groups=[cluster])
    return robust(fit_least_squares(design), design, cluster)


def robust_poisson(table: Any, formula: str, cluster: str, offset: str, *, quasi: bool = False) -> dict[str, Any]:
    """Poisson or quasi-Poisson regression with every cluster-robust correction."""
    design = design_from_formula(formula, table, groups=[cluster], offset=offset)
    fit = fit_quasi_poisson(design) if quasi else fit_count_model(design, family="poisson")
    return robust(fit, design, cluster)


def robust_two_stage(table: Any, formula: str, endogenous: str, instrument: str, cluster: str) -> dict[str, Any]:
    """Two-stage least squares with every cluster-robust correction."""
    design = design_from_formula(formula, table, groups=[cluster])
    instruments = table.iloc[design.rows][[instrument]].to_numpy(dtype=float)
    return robust(fit_two_stage(design, endogenous=[endogenous], instruments=instruments), design, cluster)


def robust_linear_mixed(table: Any, formula: str, cluster: str) -> dict[str, Any]:
    """Linear mixed model of one factor with every cluster-robust correction by that factor."""
    design = design_from_formula(formula, table, groups=[cluster])
    return robust(fit_linear_mixed(design, random=[cluster]), design, cluster)


def robust(fit: Any, design: Design, cluster: str, kinds: Sequence[str] = KINDS) -> dict[str, Any]:
    """Coefficients of a fit, and standard errors and degrees of freedom of each correction."""
    found: dict[str, Any] = {"coef": fit.coefficients}
    for kind in kinds:
        result = cluster_robust(fit, design, design.groups[cluster], kind=kind)
        found |= {f"{kind}/se": result.standard_errors}
        found |= {f"{kind}/{name}": result.degrees_of_freedom for name in ("df", "df_satt")}
    return found


def marginal(
    table: Any, formula: str, family: Any, cluster: str, working: Any, *, offset: str | None = None
) -> dict[str, Any]:
    """Generalised estimating equations with robust standard errors."""
    design = design_from_formula(formula, table, groups=[cluster], offset=offset)
    fit = fit_marginal(design, family=family, group=cluster, working=working)
    naive = np.sqrt(np.diag(fit.naive_covariance))
    return _quantities(fit) | {"se_naive": naive, "alpha": fit.correlation, "scale": fit.dispersion}


def _quantities(fit: Any) -> dict[str, Any]:
    """What every fit has; a fit that may not be used has no numbers, and so agrees with nothing."""
    if not fit.is_usable:
        return {}
    variances: Mapping[str, float] = dict(fit.variances)
    return {
        "coef": fit.coefficients,
        "se": np.asarray(fit.standard_errors),
        "varcomp": variances,
        "logLik": fit.log_likelihood,
    }


def robust_by_row(table: Any, formula: str, trials: str) -> dict[str, Any]:
    """Binomial regression with CR3 where every row is its own cluster, which is HC3."""
    design = design_from_formula(formula, table, trials=trials)
    fit = fit_count_model(design, family="binomial")
    result = cluster_robust(fit, design, np.arange(design.observations), kind="CR3")
    return {"coef": fit.coefficients, "se": result.standard_errors}


def quasi_poisson(table: Any, formula: str, offset: str) -> dict[str, Any]:
    """Quasi-Poisson regression with its dispersion."""
    fit = fit_quasi_poisson(design_from_formula(formula, table, offset=offset))
    return _quantities(fit) | {"dispersion": fit.dispersion}


def bias_reduced(table: Any, formula: str, family: Any, cluster: str, *, offset: str | None = None) -> dict[str, Any]:
    """Marginal model with independence as working correlation and Mancl and DeRouen's standard errors."""
    design = design_from_formula(formula, table, groups=[cluster], offset=offset)
    fit = fit_marginal(design, family=family, group=cluster, working="independence")
    return {"coef": fit.coefficients, "se": np.sqrt(np.diag(fit.bias_reduced_covariance))}
