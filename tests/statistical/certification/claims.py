"""Which quantities of a kind of fit are claimed, in which tolerance; and why some are not."""

from __future__ import annotations

from collections.abc import Mapping

from . import tolerances as within
from .comparison import Tolerance

QUADRATURE: Mapping[str, Tolerance] = {
    "coef": within.QUADRATURE_COEFFICIENTS,
    "se": within.MIXED_STANDARD_ERRORS,
    "varcomp": within.MIXED_VARIANCES,
}
LAPLACE: Mapping[str, Tolerance] = {
    "coef": within.LAPLACE_COEFFICIENTS,
    "se": within.MIXED_STANDARD_ERRORS,
    "varcomp": within.MIXED_VARIANCES,
    "logLik": within.LAPLACE_LOG_LIKELIHOOD,
}
NOT_THE_ANCHOR: Mapping[str, Tolerance] = {
    "coef": within.NOT_THE_ANCHOR_COEFFICIENTS,
    "se": within.NOT_THE_ANCHOR,
}
GLM: Mapping[str, Tolerance] = {
    "coef": within.GLM_COEFFICIENTS,
    "se": within.GLM_STANDARD_ERRORS,
    "logLik": within.LAPLACE_LOG_LIKELIHOOD,
}
LINEAR_MIXED: Mapping[str, Tolerance] = {
    "coef": within.LINEAR_MIXED_COEFFICIENTS,
    "se": within.LINEAR_MIXED_STANDARD_ERRORS,
    "varcomp": within.MIXED_VARIANCES,
    "logLik": within.LINEAR_MIXED_LOG_LIKELIHOOD,
}
LINEAR_MIXED_WITH_DF = {**LINEAR_MIXED, "satterthwaite_df": within.LINEAR_MIXED_DF}
MARGINAL: Mapping[str, Tolerance] = {
    "coef": within.MARGINAL_COEFFICIENTS,
    "se": within.MARGINAL,
    "scale": within.MARGINAL,
}
EXCHANGEABLE: Mapping[str, Tolerance] = {**MARGINAL, "alpha": within.MARGINAL}
NAIVE: Mapping[str, Tolerance] = {"se_naive": within.MARGINAL}

DEVIATIONS: Mapping[str, str] = {".sig01": "school", ".sigma": "Residual"}
DATA_CONSTANT = {"logLik": "lme4 leaves a constant of the data out of it when nAGQ is above 1"}
LME4_LAPLACE = {
    "varcomp": "lme4 with one point is not the anchor; glmmTMB's variances are compared",
    "logLik": "lme4 with one point is not the anchor; glmmTMB's likelihood is compared",
}
OF_VARIANCES = {"par_se": "standard errors of log standard deviations and log theta are not among our results"}
KENWARD_ROGER = {
    "kr_df": "Kenward and Roger's degrees of freedom are not offered; Satterthwaite's are",
    "kr_se": "Kenward and Roger's correction of the covariance is not offered",
}


def robust(
    df: str, *, linear: bool, kinds: tuple[str, ...] = ("CR0", "CR1", "CR1S", "CR2", "CR3")
) -> dict[str, Tolerance]:
    """Claims on the corrections of clubSandwich: exact for linear models."""
    claims = {"coef": within.EXACT if linear else within.ROBUST_GLM}
    for kind in kinds:
        claims[f"{kind}/se"] = within.EXACT if linear else within.ROBUST_GLM
        claims[f"{kind}/{df}"] = within.EXACT_DF if linear else within.ROBUST_GLM
    return claims
