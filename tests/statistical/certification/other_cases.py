"""Cases of the repository's own reference that are not models: pooling, closed forms, randomisation, hurdle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from swis.effects.bayes import normal_posterior
from swis.effects.counts import fit_count_model
from swis.effects.design import design_from_formula
from swis.effects.hedges import hedges_g
from swis.effects.heterogeneity import effect_heterogeneity
from swis.effects.holm import holm
from swis.effects.hurdle import fit_hurdle
from swis.effects.randomisation import randomisation_test
from swis.effects.rubin import pool_rubin

from . import tolerances as within
from .comparison import Case
from .tables import Tables

_RANDOMISATION = {
    "statistic": within.GLM_STANDARD_ERRORS,
    "p_value": within.EXACT,
    "allocations": within.EXACT,
}
_HETEROGENEITY = {
    "F": within.GLM_STANDARD_ERRORS,
    "test_df": within.EXACT,
    "p_value": within.GLM_STANDARD_ERRORS,
    "between_sd": within.MIXED_VARIANCES,
}
_POSTERIOR = dict.fromkeys(("mean", "sd", "below_one"), within.INTEGRATION)
_HURDLE = dict.fromkeys(("log_ratio_any", "log_ratio_days", "log_ratio"), within.ROBUST_GLM)


def other_cases(tables: Tables, stored: Mapping[str, Any]) -> list[Case]:
    """Pooling and closed forms start from what R was given, the rest from the tables."""
    return [
        *_closed_forms(stored),
        Case("posterior_sceptical", "Posterior of a normal prior", _posterior, _POSTERIOR),
        Case("hurdle_care_days", "Hurdle model of days in care", lambda: _hurdle(tables), _HURDLE),
        Case("randomisation_exact", "Randomisation test by score", lambda: _randomisation(tables), _RANDOMISATION),
        Case("heterogeneity_authority", "Heterogeneity of the effect", lambda: _heterogeneity(tables), _HETEROGENEITY),
    ]


def _closed_forms(stored: Mapping[str, Any]) -> list[Case]:
    def pooled(fit: str) -> dict[str, Any]:
        given = stored[fit]
        found = pool_rubin(given["estimates"], given["variances"], complete_df=given["complete_df"])
        return {
            "estimate": found.estimate,
            "se": found.standard_error,
            "barnard_rubin_df": found.degrees_of_freedom,
            "fmi": found.fraction_missing,
        }

    exact = dict.fromkeys(("estimate", "se", "barnard_rubin_df", "fmi"), within.EXACT)
    return [
        Case("rubin_arm", "Rubin's rules, Barnard and Rubin's df", lambda: pooled("rubin_arm"), exact),
        Case("rubin_prior", "Rubin's rules, Barnard and Rubin's df", lambda: pooled("rubin_prior"), exact),
        Case(
            "holm",
            "Holm's adjustment",
            lambda: {"adjusted": holm(np.array(stored["holm"]["p_raw"]))},
            {"adjusted": within.EXACT},
        ),
        Case(
            "small_sample_factor",
            "Hedges' small-sample factor",
            lambda: {"factor": [_small_sample_factor(df) for df in stored["small_sample_factor"]["df_given"]]},
            {"factor": within.SMALL_SAMPLE_FACTOR},
        ),
    ]


def _small_sample_factor(df: float) -> float:
    return hedges_g(1.0, 1.0, 0.1, df, "total").correction


def _randomisation(tables: Tables) -> dict[str, Any]:
    schools = tables["schools"]
    few = schools[schools["authority"].isin(["dale", "fen"])].reset_index(drop=True)
    formula = "enquiries ~ log_baseline_rate + C(authority)"
    design = design_from_formula(formula, few, offset="log(pupil_years)")
    result = randomisation_test(
        design,
        few["arm"].to_numpy(),
        few["authority"].to_numpy(),
        statistic="score",
        family="poisson",
        draws=10_000,
        rng=np.random.default_rng(1),
    )
    return {"statistic": abs(result.statistic), "p_value": result.p_value, "allocations": result.draws}


def _heterogeneity(tables: Tables) -> dict[str, Any]:
    schools = tables["schools"]
    formula = "enquiries ~ arm + fsm + C(authority)"
    design = design_from_formula(formula, schools, offset="log(pupil_years)")
    fit = fit_count_model(design, family="negative binomial")
    found = effect_heterogeneity(fit, design, schools["authority"].to_numpy())
    return {
        "F": found.statistic,
        "test_df": found.degrees_of_freedom,
        "p_value": found.p_value,
        "between_sd": found.between_sd,
    }


def _posterior() -> dict[str, float]:
    found = normal_posterior(np.log(1.055), 0.051, 0.0, 0.2)
    return {"mean": found.mean, "sd": found.sd, "below_one": found.probability_below(1.0)}


def _hurdle(tables: Tables) -> dict[str, float]:
    pupils = tables["pupils"].assign(any_day=lambda frame: (frame["care_days"] > 0).astype(float))
    in_care = pupils[pupils["care_days"] > 0].reset_index(drop=True)
    found = fit_hurdle(
        design_from_formula("any_day ~ arm + fsm", pupils),
        design_from_formula("care_days ~ arm + fsm", in_care),
        pupils["school"],
        in_care["school"],
    )
    return {
        "log_ratio_any": found.log_ratio_any,
        "log_ratio_days": found.log_ratio_days,
        "log_ratio": found.log_ratio,
    }
