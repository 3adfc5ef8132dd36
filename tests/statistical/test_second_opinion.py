"""A second opinion: the PyPI package glmm, an independent implementation, on the tables kept with the repository."""

from __future__ import annotations

import warnings
from typing import Any

import glmm
import numpy as np
import pytest
from statistical.certification import calls
from statistical.certification.references import OWN_FOLDER
from statistical.certification.tables import Tables

TABLES = Tables(OWN_FOLDER)
ENQUIRIES = "enquiries ~ arm + second_year + log_baseline_rate + fsm"
# glmm stops its search a little earlier than we do.
STANDARD_ERRORS_APART = 1e-3
RELATIVE = 1e-3


def asked(table: Any, formula: str, family: str, **settings: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return glmm.fit(table, formula, family, anova_test="Wald", **settings)


def assert_agrees(ours: dict[str, Any], theirs: Any) -> None:
    errors = np.asarray(ours["se"])
    assert np.abs(np.asarray(ours["coef"]) - theirs.beta).max() <= STANDARD_ERRORS_APART * errors.min()
    np.testing.assert_allclose(errors, theirs.se, rtol=RELATIVE)


@pytest.mark.parametrize(
    ("family", "name", "points", "random"),
    [
        ("poisson", "poisson", 25, ("authority",)),
        ("poisson", "poisson", 1, ("school", "authority")),
        ("negative binomial", "negativebinomial", 1, ("authority",)),
        ("negative binomial", "negativebinomial", 1, ("school", "authority")),
    ],
)
def test_count_models_agree_with_glmm(family: str, name: str, points: int, random: tuple[str, ...]) -> None:
    years = TABLES["school_years"]
    ours = calls.count_model(years, ENQUIRIES, family, random=random, points=points, offset="log(pupils)")
    bars = " + ".join(f"(1 | {factor})" for factor in random)
    offset = np.log(years["pupils"].to_numpy(dtype=float))
    assert_agrees(ours, asked(years, f"{ENQUIRIES} + {bars}", name, offset=offset, nagq=points))


def test_logistic_model_agrees_with_glmm() -> None:
    pupils = TABLES["pupils"].dropna(subset=["prior"]).reset_index(drop=True)
    formula = "persistently_absent ~ arm + fsm + prior"
    ours = calls.count_model(pupils, formula, "binomial", random=["school"], points=25)
    assert_agrees(ours, asked(pupils, f"{formula} + (1 | school)", "binomial", nagq=25))


def test_linear_model_and_its_degrees_of_freedom_agree_with_glmm() -> None:
    pupils = TABLES["pupils"].dropna(subset=["prior"]).reset_index(drop=True)
    formula, nested = "attainment ~ arm + prior + fsm", ("school", "authority")
    ours = calls.linear_mixed(pupils, formula, random=nested, groups=nested)
    theirs = asked(pupils, f"{formula} + (1 | school) + (1 | authority)", "gaussian")
    assert_agrees(ours, theirs)
    np.testing.assert_allclose(ours["satterthwaite_df"], theirs.coef_df, rtol=RELATIVE)
