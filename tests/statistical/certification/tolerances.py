"""The differences allowed, each with the reason it is not smaller."""

from __future__ import annotations

from .comparison import Tolerance

# Mixed models for counts and proportions
QUADRATURE_COEFFICIENTS = Tolerance(
    1e-5, "absolute", "lme4 with 25 points of adaptive quadrature is the anchor; its optimiser stops at about 1e-6"
)
QUADRATURE_STOPPED_SHORT = Tolerance(
    1e-4, "absolute", "lme4's default optimiser stopped 3e-5 short of its own tighter fit, which is compared as well"
)
LAPLACE_COEFFICIENTS = Tolerance(
    2e-4, "standard errors", "glmmTMB is the Laplace anchor; its optimiser stops on a flat stretch of the likelihood"
)
MIXED_STANDARD_ERRORS = Tolerance(
    2e-5, "relative", "both take them from second derivatives, R's by differences or at slightly other parameters"
)
MIXED_VARIANCES = Tolerance(
    2e-4, "relative", "the likelihood is flat in a variance: a step of the optimiser's stopping rule moves it most"
)
LAPLACE_LOG_LIKELIHOOD = Tolerance(
    1e-5, "absolute", "two maxima of the same function, to the optimisers' stopping rules"
)
THETA = Tolerance(1e-5, "relative", "the likelihood is flat in theta, as in a variance")
NOT_THE_ANCHOR = Tolerance(
    7e-3, "relative", "lme4 with one point is not the anchor: its standard errors are up to 0.7 % off glmmTMB's"
)
NOT_THE_ANCHOR_COEFFICIENTS = Tolerance(
    7e-3, "standard errors", "lme4 with one point is not the anchor: held to the 0.7 % of its standard errors"
)
# Models without random effects
GLM_COEFFICIENTS = Tolerance(2e-4, "standard errors", "R's iterations stop at a relative change of 1e-8 in deviance")
GLM_STANDARD_ERRORS = Tolerance(2e-5, "relative", "R's iterations stop at a relative change of 1e-8 in deviance")
# Linear mixed models
LINEAR_MIXED_COEFFICIENTS = Tolerance(1e-4, "standard errors", "lme4's optimiser stops at 1e-6 or so in the variances")
LINEAR_MIXED_STANDARD_ERRORS = Tolerance(1e-4, "relative", "lme4's optimiser stops at 1e-6 or so in the variances")
LINEAR_MIXED_LOG_LIKELIHOOD = Tolerance(1e-7, "absolute", "two maxima of the same function")
LINEAR_MIXED_DF = Tolerance(1e-3, "relative", "lmerTest takes the derivatives of the variances by differences")
# Cluster-robust
EXACT = Tolerance(1e-10, "relative", "closed form: only rounding may differ")
EXACT_DF = Tolerance(1e-8, "relative", "closed form; the sums over pairs of clusters lose two digits of rounding more")
ROBUST_GLM = Tolerance(
    1e-6, "relative", "closed form, by clubSandwich's own matrix root, at coefficients where R's iterations stopped"
)
ROBUST_LINEAR_MIXED = Tolerance(1e-4, "relative", "at lme4's variances, which its optimiser stops short of")
WALD_INTERVALS = Tolerance(1e-3, "relative", "nlme takes second derivatives by differences")
WALD_INTERVALS_NOISY = Tolerance(
    1e-2, "relative", "nlme's default step of differences loses a digit here; with a step of 1e-3 it agrees to 1e-5"
)
PROFILE_INTERVALS = Tolerance(1e-5, "relative", "lme4 interpolates the profile by splines; ours searches for the limit")
# Marginal models, pooling, closed forms
MARGINAL_COEFFICIENTS = Tolerance(1e-6, "standard errors", "geepack's denominators are taken; both iterate to a limit")
MARGINAL = Tolerance(1e-6, "relative", "geepack's denominators are taken; both iterate to a limit")
ICC = Tolerance(1e-9, "relative", "closed form, sums of squares over all pupils")
VARIANCES_AT_ZERO = Tolerance(1e-6, "absolute", "the authorities' variance is zero; glmmTMB stops a little short of it")
SMALL_SAMPLE_FACTOR = Tolerance(
    1e-3, "relative", "ours is Hedges' approximation 1 - 3/(4 df - 1), R's the exact gamma form"
)
INTEGRATION = Tolerance(1e-8, "relative", "R's side is integrated numerically, so that the closed form is checked")
