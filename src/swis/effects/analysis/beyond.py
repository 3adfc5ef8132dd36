"""Analyses that are no single fit: randomisation, Bayes, heterogeneity, leaving out, hurdle, imputation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats

from swis.effects.analysis.designs import Layout, layout, with_imputed
from swis.effects.analysis.estimate import Estimate, no_estimate
from swis.effects.analysis.models import fitted_estimates, read_estimates, untold
from swis.effects.analysis.samples import Sample
from swis.effects.analysis.uncertainty import Uncertainty, uncertainty_of
from swis.effects.bayes import normal_posterior
from swis.effects.counts import fit_count_model
from swis.effects.fit import Fit
from swis.effects.heterogeneity import effect_heterogeneity
from swis.effects.hurdle import fit_hurdle
from swis.effects.imputation import impute
from swis.effects.linear_mixed import fit_linear_mixed
from swis.effects.randomisation import randomisation_test
from swis.effects.randomisation_interval import randomisation_interval
from swis.effects.rubin import pool_rubin
from swis.effects.score_statistic import Family
from swis.plan import Specification
from swis.plan.specification import Lost

NAN = float("nan")
DRAWS = 10_000
# By link: the model whose score is taken, and the scale of the interval that the test inverts to.
UNDER_RANDOMISATION: Mapping[str, tuple[Family, str]] = {
    "log": ("negative binomial", "rate ratio"),
    "logit": ("binomial", "odds ratio"),
    "identity": ("normal", "mean difference"),
}
IMPUTATIONS = 20


def generator(spec: Specification) -> np.random.Generator:
    """Random numbers that start from the seed the plan gives; ValueError where it gives none."""
    if spec.seed is None:
        raise ValueError(f"{spec.model} draws random numbers and needs a seed in the plan")
    return np.random.default_rng(spec.seed)


def randomisation(held: Layout, spec: Specification) -> list[Estimate]:
    """The p-value under the trial's own scheme; for the score statistic also the interval that it inverts to."""
    if not held.is_told:
        return [untold(spec)]
    is_score = spec.model == "randomisation_score"
    family, scale = UNDER_RANDOMISATION[spec.link]
    null, strata = held.design.without(held.effects[0][0]), held.frame["authority"].to_numpy()
    draws = spec.draws or DRAWS
    found = randomisation_test(
        null,
        held.arm,
        strata,
        statistic="score" if is_score else "refit coefficient",
        family=family,
        draws=draws,
        rng=generator(spec),
    )
    words = f"permuted within authority, {found.draws:,} draws"
    method = "efficient score" if is_score else "coefficient, model refitted"
    test = Estimate("p-value", NAN, NAN, words, NAN, method, found.status, found.message, p_value=found.p_value)
    if not is_score or not np.isfinite(found.p_value):
        return [test]
    spread = float(held.design.response.std()) if family == "normal" else 1.0
    limits = randomisation_interval(
        null, held.arm, strata, family=family, draws=draws, rng=generator(spec), scale=spread
    )
    return [replace(test, scale=scale, message=limits.message, interval=(limits.lower, limits.upper))]


def posterior(held: Layout, spec: Specification, main: Specification, level: float) -> list[Estimate]:
    """The main estimate put together with the prior of the specification."""
    if spec.prior is None:
        raise ValueError("bayes_normal needs a prior in the plan")
    _, estimates = fitted_estimates(held, main)
    first = estimates[0]
    if not first.is_usable:
        return [no_estimate(spec.scale, first.status, first.message, first.method)]
    # A t interval has more weight in its tails than a normal likelihood: its standard error is widened to match.
    normal = stats.norm.ppf(0.5 + level / 2)
    reach = stats.t.ppf(0.5 + level / 2, first.degrees_of_freedom) if np.isfinite(first.degrees_of_freedom) else normal
    error = first.standard_error * reach / normal
    found = normal_posterior(first.value, error, spec.prior.mean, spec.prior.standard_deviation)
    below, above = found.probability_below(1.0), found.probability_above(1.1)
    said = f"P(ratio below 1) = {below:.2f}; P(ratio above 1.1) = {above:.2f}"
    words = f"normal prior on the log: mean {spec.prior.mean:g}, standard deviation {spec.prior.standard_deviation:.3g}"
    return [Estimate(spec.scale, found.mean, found.sd, words, float("inf"), "normal prior, normal likelihood",
                     first.status, said, p_value=NAN)]  # fmt: skip


def heterogeneity(held: Layout, spec: Specification) -> list[Estimate]:
    """Score test of arm by authority in the main model; standard deviation of the effect between authorities."""
    method = "NB2 GLM, arm by authority"
    if not held.is_told:
        return [replace(untold(spec), method=method)]
    main = fit_count_model(held.design, family="negative binomial")
    found = effect_heterogeneity(main, held.design, held.frame["authority"].to_numpy(), arm=held.effects[0][0])
    if found.status != "ok":
        return [no_estimate("p-value", found.status, found.message, method)]
    between, free = found.degrees_of_freedom
    said = f"Standard deviation of the log ratio between authorities: {found.between_sd:.3f}"
    words = f"score test, F on {between} and {free} degrees of freedom"
    return [Estimate("p-value", NAN, NAN, words, float(free), method, "ok", said, p_value=found.p_value)]


def leave_one_out(sample: Sample, main: Specification) -> list[Estimate]:
    """The main analysis without each authority in turn; `level` is the authority left out."""
    found = []
    for authority in sorted(sample.frame["authority"].unique()):
        rest = sample.frame[sample.frame["authority"] != authority].reset_index(drop=True)
        _, estimates = fitted_estimates(layout(replace(sample, frame=rest), main), main)
        found.append(replace(estimates[0], level=str(authority)))
    return found


def hurdle(sample: Sample, spec: Specification) -> list[Estimate]:
    """Ratio of mean days a pupil: the share of pupils with any day times the days of those with any."""
    if sample.children is None:
        raise ValueError("the hurdle model needs a row a pupil with days in care")
    if sample.children.empty:
        return [no_estimate(spec.scale, "all zero", "No pupil has any day in care.", "hurdle")]
    of_schools = layout(sample, spec.model_copy(update={"response": "with_days"}))
    of_children = layout(replace(sample, frame=sample.children), spec)
    if not (of_schools.is_told and of_children.is_told):
        return [untold(spec)]
    share = replace(of_schools.design, trials=of_schools.frame["pupils"].to_numpy(dtype=float))
    found = fit_hurdle(share, of_children.design, of_schools.frame["urn"], of_children.frame["urn"], arm=spec.treatment)
    shares, days = np.exp(found.log_ratio_any), np.exp(found.log_ratio_days)
    parts = f"ratio of shares {shares:.3f}, of days of those with any {days:.3f}"
    said = parts if found.status == "ok" else found.message
    return [
        Estimate(
            spec.scale, found.log_ratio, found.standard_error, "delta method, CR2 by school", found.degrees_of_freedom,
            "hurdle", found.status, said,
        )
    ]  # fmt: skip


def imputed(
    sample: Sample, spec: Specification, imputed_from: Sequence[str], levels: list[str] | None = None
) -> list[Estimate]:
    """The linear mixed model on each completed table, pooled by Rubin's rules."""
    names = {"outcome": "score", "arm": "is_intervention"}
    predictors = [names.get(name, name) for name in imputed_from if name != "school"]
    predictors = [name for name in predictors if name not in spec.imputed]
    absent = [name for name in spec.imputed if sample.frame[name].isna().all()]
    if absent:
        said = f"Nobody has a value of {', '.join(absent)}: nothing to draw it from."
        return [no_estimate(spec.scale, "not estimable", said, spec.model)]
    known = _without_gaps(sample.frame, predictors)
    completed = impute(
        known,
        spec.imputed,
        imputations=spec.draws or IMPUTATIONS,
        rng=generator(spec),
        group="urn",
        predictors=predictors,
    )
    moved = [_moved(frame, sample.frame["score"].to_numpy(dtype=float), spec.lost) for frame in completed]
    first = layout(replace(sample, frame=moved[0]), spec, levels)
    if not first.is_told:
        return [untold(spec)]
    layouts = [first, *(with_imputed(first, replace(sample, frame=frame), spec) for frame in moved[1:])]
    fits = [fit_linear_mixed(held.design, random=spec.random_effects) for held in layouts]
    failed = next((fit for fit in fits if not fit.is_usable), None)
    if failed is not None:
        return [no_estimate(spec.scale, failed.status, failed.message, failed.method)]
    return read_estimates(layouts[0], *_pooled(fits, layouts, spec), spec)


def _moved(frame: pd.DataFrame, known: np.ndarray, lost: Lost | None) -> pd.DataFrame:
    """The completed frame, scores drawn in one arm moved by so many standard deviations of the scores `known`."""
    if lost is None:
        return frame
    is_moved = np.isnan(known) & (frame["is_intervention"] == (lost.arm == "intervention")).to_numpy()
    return frame.assign(score=frame["score"] + is_moved * lost.moved_by * np.nanstd(known))


def _without_gaps(frame: pd.DataFrame, predictors: Sequence[str]) -> pd.DataFrame:
    """The frame with a number's gaps filled by its median: a predictor only helps to draw, it is not analysed."""
    gaps = [name for name in predictors if pd.api.types.is_numeric_dtype(frame[name]) and frame[name].isna().any()]
    return frame.assign(**{name: frame[name].astype(float).fillna(frame[name].median()) for name in gaps})


def _pooled(fits: Sequence[Fit], layouts: Sequence[Layout], spec: Specification) -> tuple[Fit, Uncertainty]:
    """One fit and its uncertainty from those of the completed tables: T = W + (1 + 1/m) B."""
    about = [
        uncertainty_of(fit, held.design, spec.model_copy(update={"degrees_of_freedom": "Satterthwaite"}))
        for fit, held in zip(fits, layouts, strict=True)
    ]
    values = np.array([fit.coefficients for fit in fits])
    pooled = pool_rubin(
        values, [one.standard_errors**2 for one in about], np.array([one.degrees_of_freedom for one in about])
    )
    between = np.cov(values, rowvar=False)
    covariance = np.mean([one.covariance for one in about], axis=0) + (1 + 1 / len(fits)) * between
    place = fits[0].position(next(column for column, _ in layouts[0].effects if column in fits[0].names))
    said = f"{len(fits)} imputations; fraction of missing information {pooled.fraction_missing[place]:.3f}"
    variances = {name: float(np.mean([fit.variances[name] for fit in fits])) for name in fits[0].variances}
    fit = replace(fits[0], coefficients=pooled.estimate, covariance=covariance, variances=variances)
    return fit, Uncertainty(covariance, pooled.degrees_of_freedom, "Rubin, Barnard-Rubin", said)
