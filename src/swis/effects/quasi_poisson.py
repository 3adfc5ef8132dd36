"""Quasi-Poisson model of days in care: school totals, a log link, the log of pupil-years as offset.

`log E[y] = X beta + offset`, `Var(y) = phi E[y]`. The coefficients are those of a Poisson model (right whatever the
variance is, when the mean is), phi = Σ (y − mu)²/mu / (n − k) (Pearson; McCullagh and Nelder 1989, section 4.5), and
the covariance is phi (X' diag(mu) X)⁻¹. One child in care for the whole window adds hundreds of days, so that days do
not vary in proportion to the mean either: the standard error to report is `cluster_robust` of this fit (CR2 by school,
in which phi cancels), with its Satterthwaite degrees of freedom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from swis.effects.cluster_robust import FITTED_EXACTLY
from swis.effects.counts.model import ARM, fit_count_model
from swis.effects.design import Design
from swis.effects.fit import Fit

METHOD = "quasi-Poisson GLM"


def fit_quasi_poisson(design: Design, *, arm: str = ARM, strata: Sequence[str] | None = None) -> Fit:
    """Rates of days by arm: `response` the days of each school, `offset` the log of its pupil-years.

    Coefficients are logs of rate ratios; `dispersion` is phi. Statuses, and strata of only zeros, as `fit_count_model`
    has them; 'not estimable' too when no row is left to estimate phi from, and 'zero variance' when every row is
    fitted exactly. InputError for negative days.
    """
    poisson = fit_count_model(design, family="poisson", arm=arm, strata=strata)
    if not poisson.is_usable:
        return replace(poisson, method=METHOD)
    told = poisson.fitted > 0
    free = int(told.sum()) - int(np.linalg.matrix_rank(design.matrix[told]))
    if free <= 0:
        why = "as many coefficients as rows with days: the dispersion cannot be estimated"
        return Fit.unusable(design.names, "not estimable", why, observations=design.observations, method=METHOD)
    pearson = (design.response[told] - poisson.fitted[told]) ** 2 / poisson.fitted[told]
    dispersion = float(pearson.sum()) / free
    exact = dispersion <= FITTED_EXACTLY
    return replace(
        poisson,
        covariance=poisson.covariance * dispersion,
        status="zero variance" if exact else "ok",
        message=f"every row is fitted exactly: no variance is left; {poisson.message}" if exact else poisson.message,
        log_likelihood=float("nan"),
        dispersion=dispersion,
        method=METHOD,
    )
