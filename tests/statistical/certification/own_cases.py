"""The fits stored with the repository, on tables of our own simulation, and how each is made again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from swis.effects.icc import intraclass_correlation

from . import calls, claims
from . import tolerances as within
from .comparison import Case
from .other_cases import other_cases
from .tables import Tables

NOT_CLAIMED: Mapping[str, str] = {}
ENQUIRIES = "enquiries ~ arm + second_year + log_baseline_rate + fsm"
TOTALS = "enquiries ~ arm + log_baseline_rate + fsm"
ATTAINMENT = "attainment ~ arm + prior + fsm"
ABSENCE = "persistently_absent ~ arm + fsm + prior"
WELLBEING = "wellbeing_after ~ arm + wellbeing_before"
NESTED = ("school", "authority")


def own_cases(tables: Tables, stored: Mapping[str, Any]) -> list[Case]:
    """Every case of the repository's own reference; pooling and closed forms start from what R was given."""
    return [
        *_counts(tables),
        *_logistic(tables),
        *_linear(tables),
        *_robust(tables),
        *_marginal(tables),
        *other_cases(tables, stored),
    ]


def _counts(tables: Tables) -> list[Case]:
    def years(family: str, points: int, *random: str) -> Callable[[], Mapping[str, Any]]:
        return lambda: calls.count_model(
            tables["school_years"], ENQUIRIES, family, random=random, points=points, offset="log(pupils)"
        )

    def schools(formula: str, family: str, *random: str) -> Callable[[], Mapping[str, Any]]:
        return lambda: calls.count_model(
            tables["schools"], formula, family, random=random, points=1, offset="log(pupil_years)"
        )

    poisson, nb2 = "Poisson mixed, one factor", "NB2 mixed, one factor, Laplace"
    care = "care_days ~ arm + fsm + C(authority)"
    with_theta = {**claims.LAPLACE, "theta": within.THETA}
    fixed = {**claims.GLM, "theta": within.THETA}
    agq = f"{poisson}, quadrature"
    return [
        Case(
            "poisson_authority_quadrature",
            agq,
            years("poisson", 25, "authority"),
            claims.QUADRATURE,
            claims.DATA_CONSTANT,
        ),
        Case("poisson_school_quadrature", agq, years("poisson", 25, "school"), claims.QUADRATURE, claims.DATA_CONSTANT),
        Case("poisson_authority_laplace", f"{poisson}, Laplace", years("poisson", 1, "authority"), claims.LAPLACE),
        Case("poisson_nested_laplace", "Poisson mixed, nested, Laplace", years("poisson", 1, *NESTED), claims.LAPLACE),
        Case("nb2_authority_laplace", nb2, years("negative binomial", 1, "authority"), with_theta),
        Case("nb2_nested_laplace", "NB2 mixed, nested, Laplace", years("negative binomial", 1, *NESTED), with_theta),
        Case("nb2_totals_authority_laplace", nb2, schools(TOTALS, "negative binomial", "authority"), with_theta),
        Case(
            "nb2_totals_fixed_authority",
            "NB2 with fixed authorities",
            schools(f"{TOTALS} + C(authority)", "negative binomial"),
            fixed,
        ),
        Case("nb2_care_days_fixed_authority", "NB2 with fixed authorities", schools(care, "negative binomial"), fixed),
        Case(
            "poisson_totals_fixed_authority",
            "Poisson with fixed authorities",
            schools(f"{TOTALS} + C(authority)", "poisson"),
            claims.GLM,
        ),
        Case("quasi_poisson_care_days", "Quasi-Poisson of school totals", lambda: _quasi(tables, care), _QUASI),
    ]


_QUASI = {key: claims.GLM[key] for key in ("coef", "se")} | {"dispersion": within.GLM_STANDARD_ERRORS}


def _quasi(tables: Tables, formula: str) -> dict[str, Any]:
    return calls.quasi_poisson(tables["schools"], formula, "log(pupil_years)")


def _logistic(tables: Tables) -> list[Case]:
    def absent(points: int, *random: str) -> Callable[[], Mapping[str, Any]]:
        return lambda: calls.count_model(tables["pupils"], ABSENCE, "binomial", random=random, points=points)

    def ended(formula: str, points: int, *random: str) -> Callable[[], Mapping[str, Any]]:
        return lambda: calls.count_model(
            tables.contacted, formula, "binomial", random=random, points=points, trials="contacts"
        )

    one = "Logistic mixed, one factor"
    by_authority = "no_further_action ~ arm + C(authority)"
    return [
        Case(
            "logistic_school_quadrature",
            f"{one}, quadrature",
            absent(25, "school"),
            claims.QUADRATURE,
            claims.DATA_CONSTANT,
        ),
        Case("logistic_school_laplace", f"{one}, Laplace", absent(1, "school"), claims.LAPLACE),
        Case(
            "binomial_school_quadrature",
            f"{one}, quadrature",
            ended(by_authority, 25, "school"),
            claims.QUADRATURE,
            claims.DATA_CONSTANT,
        ),
        Case(
            "binomial_nested_laplace",
            "Logistic mixed, nested, Laplace",
            ended("no_further_action ~ arm", 1, *NESTED),
            claims.LAPLACE,
        ),
        Case("logistic_fixed", "Logistic regression", absent(1), claims.GLM),
    ]


def _linear(tables: Tables) -> list[Case]:
    def fit(
        table: str, formula: str, random: Sequence[Any], groups: Sequence[str], *, reml: bool = True
    ) -> Callable[[], Mapping[str, Any]]:
        return lambda: calls.linear_mixed(tables[table], formula, random=random, groups=groups, reml=reml)

    one, with_df = "Linear mixed", claims.LINEAR_MIXED_WITH_DF
    slope = fit("pupils", "attainment ~ arm + prior", [("1+prior", "school")], ["school"])
    wellbeing = fit("supervision", WELLBEING, ["authority"], ["authority"])
    by_school = (["school"], ["school"])
    return [
        Case("linear_nested_reml", f"{one}, nested", fit("pupils", ATTAINMENT, NESTED, NESTED), with_df),
        Case("linear_school_reml", one, fit("pupils", ATTAINMENT, *by_school), with_df),
        Case("linear_school_ml", one, fit("pupils", ATTAINMENT, *by_school, reml=False), with_df),
        Case("linear_empty_reml", one, fit("pupils", "attainment ~ 1", *by_school), with_df),
        Case(
            "linear_slope_reml",
            f"{one}, random slope",
            slope,
            with_df,
        ),
        Case("wellbeing_authority_reml", one, wellbeing, with_df),
        Case(
            "icc_attainment",
            "Intraclass correlation",
            lambda: _icc(tables["pupils"]),
            dict.fromkeys(("icc", "lower", "upper"), within.ICC),
        ),
    ]


def _icc(pupils: Any) -> dict[str, float]:
    found = intraclass_correlation(pupils["attainment"].to_numpy(), pupils["school"].to_numpy())
    return {"icc": found.icc, "lower": found.lower, "upper": found.upper}


def _robust(tables: Tables) -> list[Case]:
    linear, glm = claims.robust("df_satt", linear=True), claims.robust("df_satt", linear=False)
    least, complied = "Least squares, cluster-robust", "Two-stage least squares, cluster-robust"
    complier = "attainment ~ received + prior + fsm"

    def of_twenty() -> Any:
        chosen = np.sort(tables["schools"]["school"].to_numpy())[::6]
        return tables["pupils"].loc[lambda frame: frame["school"].isin(chosen)].reset_index(drop=True)

    def in_care() -> Any:
        rows = tables["pupils"].loc[lambda frame: frame["care_days"] > 0].reset_index(drop=True)
        return rows.assign(log_days=np.log(rows["care_days"]))

    def poisson(cluster: str) -> dict[str, Any]:
        return calls.robust_poisson(tables["school_years"], ENQUIRIES, cluster, "log(pupils)")

    at_variances = dict.fromkeys(linear, within.ROBUST_LINEAR_MIXED)
    return [
        Case(
            "robust_linear_school", least, lambda: calls.robust_linear(tables["pupils"], ATTAINMENT, "school"), linear
        ),
        Case(
            "robust_linear_authority", least, lambda: calls.robust_linear(of_twenty(), ATTAINMENT, "authority"), linear
        ),
        Case(
            "robust_log_days_school",
            least,
            lambda: calls.robust_linear(in_care(), "log_days ~ arm + fsm", "school"),
            linear,
        ),
        Case("robust_poisson_school", "Poisson, cluster-robust", lambda: poisson("school"), glm),
        Case("robust_poisson_authority", "Poisson, cluster-robust", lambda: poisson("authority"), glm),
        Case(
            "robust_quasi_poisson_authority",
            "Quasi-Poisson, cluster-robust",
            lambda: calls.robust_poisson(
                tables["schools"], "care_days ~ arm + fsm", "authority", "log(pupil_years)", quasi=True
            ),
            glm,
        ),
        Case(
            "robust_two_stage_school",
            complied,
            lambda: calls.robust_two_stage(tables["pupils"], complier, "received", "arm", "school"),
            linear,
        ),
        Case(
            "robust_two_stage_authority",
            complied,
            lambda: calls.robust_two_stage(of_twenty(), complier, "received", "arm", "authority"),
            linear,
        ),
        Case(
            "robust_linear_mixed_school",
            "Linear mixed, cluster-robust",
            lambda: calls.robust_linear_mixed(tables["pupils"], ATTAINMENT, "school"),
            at_variances,
        ),
    ]


def _marginal(tables: Tables) -> list[Case]:
    def enquiries(working: str) -> Callable[[], Mapping[str, Any]]:
        return lambda: calls.marginal(
            tables["school_years"], ENQUIRIES, "poisson", "school", working, offset="log(pupils)"
        )

    def pupils(formula: str, family: str) -> Callable[[], Mapping[str, Any]]:
        return lambda: calls.marginal(tables["pupils"], formula, family, "school", "exchangeable")

    name = "Marginal model (GEE)"
    bias_reduced = {"coef": within.MARGINAL_COEFFICIENTS, "se": within.MARGINAL}
    return [
        Case("marginal_poisson_school", name, enquiries("exchangeable"), claims.EXCHANGEABLE),
        Case("marginal_poisson_independent", name, enquiries("independence"), claims.MARGINAL),
        Case("marginal_logistic_school", name, pupils(ABSENCE, "binomial"), claims.EXCHANGEABLE),
        Case("marginal_linear_school", name, pupils(ATTAINMENT, "gaussian"), claims.EXCHANGEABLE),
        Case(
            "bias_reduced_linear_school",
            f"{name}, bias-reduced",
            lambda: calls.bias_reduced(tables["pupils"], ATTAINMENT, "gaussian", "school"),
            bias_reduced,
        ),
        Case(
            "bias_reduced_poisson_authority",
            f"{name}, bias-reduced",
            lambda: calls.bias_reduced(tables["school_years"], ENQUIRIES, "poisson", "authority", offset="log(pupils)"),
            bias_reduced,
        ),
    ]
