"""The models a plan may name: a closed list, each in one sentence with its formula and where that is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

ModelName = Literal[
    "nb2_glm",
    "quasi_poisson",
    "poisson_glmm",
    "nb2_glmm",
    "gee_poisson",
    "least_squares",
    "linear_mixed",
    "imputed_linear_mixed",
    "logistic_mixed",
    "logistic_glm",
    "two_stage",
    "hurdle",
    "randomisation_score",
    "randomisation_refit",
    "bayes_normal",
    "heterogeneity",
    "leave_one_out",
]


@dataclass(frozen=True)
class ModelText:
    """One model in words: a title, what it is, its formula, the reference; and whether it draws random numbers."""

    title: str
    sentence: str
    formula: str
    reference: str
    is_random: bool = False


MODELS: Mapping[ModelName, ModelText] = {
    "nb2_glm": ModelText(
        "Negative binomial regression (NB2)",
        "Counts with a log link and an offset, whose variance grows with the square of the mean, by maximum "
        "likelihood.",
        "log E(y) = offset + Xβ; Var(y) = μ + μ²/θ",
        "Cameron and Trivedi, Regression Analysis of Count Data, 2nd ed. 2013, section 3.3",
    ),
    "quasi_poisson": ModelText(
        "Quasi-Poisson regression",
        "Counts or amounts with a log link and an offset, whose variance is a multiple of the mean.",
        "log E(y) = offset + Xβ; Var(y) = φμ",
        "McCullagh and Nelder, Generalized Linear Models, 2nd ed. 1989, section 6.2",
    ),
    "poisson_glmm": ModelText(
        "Poisson mixed model",
        "Counts with a log link and an offset and normal random intercepts; adaptive quadrature for one grouping "
        "factor, Laplace's approximation for nested ones.",
        "log E(y | u) = offset + Xβ + Zu; u ~ N(0, σ²)",
        "Pinheiro and Bates, Mixed-Effects Models, 2000, chapter 7; Bates et al., J Stat Softw 67(1), 2015",
    ),
    "nb2_glmm": ModelText(
        "Negative binomial mixed model (NB2)",
        "As the Poisson mixed model, with the variance of NB2 given the random intercepts.",
        "log E(y | u) = offset + Xβ + Zu; Var(y | u) = μ + μ²/θ",
        "Brooks et al., R Journal 9(2), 2017",
    ),
    "gee_poisson": ModelText(
        "Generalised estimating equations, Poisson",
        "The average rate ratio over authorities, with an exchangeable working correlation within each of them.",
        "Σ Dᵢ′Vᵢ⁻¹(yᵢ − μᵢ) = 0",
        "Liang and Zeger, Biometrika 73(1), 1986; Mancl and DeRouen, Biometrics 57(1), 2001",
    ),
    "least_squares": ModelText(
        "Least squares",
        "Linear regression of one value a school.",
        "E(y) = Xβ",
        "Freedman, Statistical Models, 2nd ed. 2009, chapter 4",
    ),
    "linear_mixed": ModelText(
        "Linear mixed model",
        "Scores of pupils or respondents with normal random intercepts of schools, by restricted maximum likelihood.",
        "y = Xβ + Zu + ε",
        "Pinheiro and Bates, Mixed-Effects Models, 2000, chapter 2; Satterthwaite, Biometrics Bulletin 2(6), 1946",
    ),
    "imputed_linear_mixed": ModelText(
        "Linear mixed model over imputed data sets",
        "Missing covariates of pupils or respondents are drawn several times, the linear mixed model is fitted to each "
        "completed table, and the estimates are pooled by Rubin's rules.",
        "T = W + (1 + 1/m)B",
        "Rubin, Multiple Imputation, 1987, chapter 3; Barnard and Rubin, Biometrika 86(4), 1999",
        is_random=True,
    ),
    "logistic_mixed": ModelText(
        "Logistic mixed model",
        "Yes-or-no results of pupils, or shares of events at a school, with a normal random intercept of the school.",
        "logit P(y = 1 | u) = Xβ + Zu; u ~ N(0, σ²)",
        "Pinheiro and Bates, Mixed-Effects Models, 2000, chapter 7; Bates et al., J Stat Softw 67(1), 2015",
    ),
    "logistic_glm": ModelText(
        "Logistic regression",
        "Shares of events at a school by maximum likelihood; how much schools vary is left to the standard error.",
        "logit P(y = 1) = Xβ",
        "McCullagh and Nelder, Generalized Linear Models, 2nd ed. 1989, chapter 4",
    ),
    "two_stage": ModelText(
        "Two-stage least squares",
        "The effect of treatment received among schools that comply, with the arm drawn as the instrument.",
        "β = (X′P_Z X)⁻¹X′P_Z y",
        "Angrist, Imbens and Rubin, JASA 91(434), 1996",
    ),
    "hurdle": ModelText(
        "Hurdle model of days",
        "Pupils: the odds of any day, and the mean days of those with any; together the ratio of mean days a pupil.",
        "E(y) = P(y > 0) E(y | y > 0)",
        "Mullahy, Journal of Econometrics 33(3), 1986",
    ),
    "randomisation_score": ModelText(
        "Randomisation test, efficient score",
        "The arms are drawn anew within authorities as they were drawn in the trial; the statistic is the efficient "
        "score of the arm in the main model fitted without it.",
        "p = (1 + #{|S*| ≥ |S|}) / (1 + draws)",
        "Rosenbaum, Statistical Science 17(3), 2002; Phipson and Smyth, Stat Appl Genet Mol Biol 9, 2010",
        is_random=True,
    ),
    "randomisation_refit": ModelText(
        "Randomisation test, model fitted anew",
        "As the score test, with the coefficient of the arm in the main model fitted to every draw as the statistic.",
        "p = (1 + #{|b*| ≥ |b|}) / (1 + draws)",
        "Gail et al., Statistics in Medicine 15(11), 1996",
        is_random=True,
    ),
    "bayes_normal": ModelText(
        "Normal prior and normal likelihood",
        "The main estimate of the log ratio and its standard error, put together with a normal prior in closed form.",
        "1/V = 1/v₀ + 1/s²; M = V(m₀/v₀ + b/s²)",
        "Spiegelhalter, Abrams and Myles, Bayesian Approaches to Clinical Trials, 2004, chapter 2",
    ),
    "heterogeneity": ModelText(
        "Heterogeneity between authorities",
        "A likelihood-ratio test of the arm-by-authority interaction in the main model, and the standard deviation of "
        "the log ratio between authorities by the method of moments; no authority's own estimate is shown.",
        "LR = 2(ℓ₁ − ℓ₀), one degree of freedom less than authorities; τ² = (Q − df)/C",
        "DerSimonian and Laird, Controlled Clinical Trials 7(3), 1986",
    ),
    "leave_one_out": ModelText(
        "Each authority left out",
        "The main model fitted as often as there are authorities, each time without one of them.",
        "the main model's",
        "Belsley, Kuh and Welsch, Regression Diagnostics, 1980, chapter 2",
    ),
}


def model_names() -> tuple[ModelName, ...]:
    """Every model a plan may name, in reading order."""
    return get_args(ModelName)
