"""The stored fits on six well-known data sets: estimators must be right in general, not for one trial's table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from . import calls, claims
from . import tolerances as within
from .comparison import Case
from .tables import Tables
from .trial_cases import BESIDE

NOT_CLAIMED = {
    "cbpp_betabinomial": "a beta-binomial model is in no analysis: the binomial mixed model is",
    "cbpp_profileCI": "profile-likelihood intervals are offered for linear mixed models only",
}


def dataset_cases(tables: Tables) -> list[Case]:
    """Every case of the well-known data sets."""
    return [*_linear(tables), *_counts(tables), *_binomial(tables), *_robust(tables)]


def _linear(tables: Tables) -> list[Case]:
    def fit(table: str, formula: str, random: Sequence[Any], reml: bool) -> Callable[[], Mapping[str, Any]]:
        group = "school" if table == "exam" else "Subject"
        return lambda: calls.linear_mixed(tables[table], formula, random=random, groups=[group], reml=reml)

    one, slope = "Linear mixed", "Linear mixed, random slope"
    test, plain = claims.LINEAR_MIXED_WITH_DF, claims.LINEAR_MIXED
    reaction, by_score = "Reaction ~ Days", "normexam ~ standLRT"
    adjusted = "normexam ~ standLRT + C(sex) + C(schgend)"
    by_subject, by_school = [("1+Days", "Subject")], [("1+standLRT", "school")]
    kenward = claims.KENWARD_ROGER
    profiled = {**claims.DEVIATIONS, "(Intercept)": "(Intercept)", "standLRT": "standLRT"}
    return [
        Case("sleepstudy_slope_reml", slope, fit("sleepstudy", reaction, by_subject, True), test, kenward),
        Case("sleepstudy_int_reml", one, fit("sleepstudy", reaction, ["Subject"], True), test, kenward),
        Case("sleepstudy_int_ml", one, fit("sleepstudy", reaction, ["Subject"], False), plain),
        Case("exam_int_ml", one, fit("exam", by_score, ["school"], False), plain),
        Case("exam_int_reml", one, fit("exam", by_score, ["school"], True), test),
        Case("exam_null_reml", one, fit("exam", "normexam ~ 1", ["school"], True), test),
        Case(
            "exam_int_ml_profileCI",
            "Linear mixed, profile intervals",
            lambda: calls.profile_limits(tables["exam"], by_score, "school", profiled),
            dict.fromkeys(profiled, within.PROFILE_INTERVALS),
        ),
        Case("exam_slope_ml", slope, fit("exam", adjusted, by_school, False), plain),
    ]


def _counts(tables: Tables) -> list[Case]:
    def fit(points: int, *random: str, family: str = "poisson") -> Callable[[], Mapping[str, Any]]:
        return lambda: calls.count_model(
            tables["mmmec"], "deaths ~ uvb", family, random=random, points=points, offset="log(expected)"
        )

    name = "Poisson mixed, one factor"
    constant = claims.OF_VARIANCES | {"dispersion_sigma": "a constant: the model has no dispersion to estimate"}
    nb2 = {**claims.LAPLACE, "dispersion_sigma": within.THETA}
    return [
        Case(
            "mmmec_pois_region_laplace",
            f"{name}, Laplace{BESIDE}",
            fit(1, "region"),
            claims.NOT_THE_ANCHOR,
            claims.LME4_LAPLACE,
        ),
        Case(
            "mmmec_pois_region_agq25", f"{name}, quadrature", fit(25, "region"), claims.QUADRATURE, claims.DATA_CONSTANT
        ),
        Case(
            "mmmec_pois_nation_agq25", f"{name}, quadrature", fit(25, "nation"), claims.QUADRATURE, claims.DATA_CONSTANT
        ),
        Case(
            "mmmec_pois_nested_tmb",
            "Poisson mixed, nested, Laplace",
            fit(1, "nation", "region"),
            claims.LAPLACE,
            constant,
        ),
        Case(
            "mmmec_nb2_nation_tmb",
            "NB2 mixed, one factor, Laplace",
            fit(1, "nation", family="negative binomial"),
            nb2,
            claims.OF_VARIANCES,
        ),
    ]


def _binomial(tables: Tables) -> list[Case]:
    def herds(points: int) -> Callable[[], Mapping[str, Any]]:
        return lambda: calls.count_model(
            tables["cbpp"], "incidence ~ C(period)", "binomial", random=["herd"], points=points, trials="size"
        )

    def women(points: int) -> Callable[[], Mapping[str, Any]]:
        formula = "use01 ~ age + C(livch) + C(urban)"
        return lambda: calls.count_model(
            tables["contraception"], formula, "binomial", random=["district"], points=points
        )

    quadrature, laplace = "Logistic mixed, one factor, quadrature", "Logistic mixed, one factor, Laplace"
    constant = claims.OF_VARIANCES | {"dispersion_sigma": "a constant: the model has no dispersion to estimate"}
    return [
        Case("cbpp_agq1", f"{laplace}{BESIDE}", herds(1), claims.NOT_THE_ANCHOR, claims.LME4_LAPLACE),
        Case("cbpp_agq9", quadrature, herds(9), claims.QUADRATURE, claims.DATA_CONSTANT),
        Case("cbpp_agq25", quadrature, herds(25), claims.QUADRATURE, claims.DATA_CONSTANT),
        Case("cbpp_tmb", laplace, herds(1), claims.LAPLACE, constant),
        Case("contraception_agq25", quadrature, women(25), claims.QUADRATURE, claims.DATA_CONSTANT),
        Case("contraception_laplace", f"{laplace}{BESIDE}", women(1), claims.NOT_THE_ANCHOR, claims.LME4_LAPLACE),
    ]


def _robust(tables: Tables) -> list[Case]:
    def petersen(cluster: str) -> dict[str, Any]:
        return calls.robust_linear(tables["petersen"], "y ~ x", cluster)

    def by_either() -> dict[str, Any]:
        firm, year = petersen("firm"), petersen("year")
        return {
            "coef": firm["coef"],
            "firm_HC1": firm["CR1S/se"],
            "year_HC1": year["CR1S/se"],
            "firm_HC0_nocadj": firm["CR0/se"],
        }

    def schools() -> dict[str, Any]:
        return calls.robust_linear_mixed(tables["exam"], "normexam ~ standLRT", "school")

    least = "Least squares, cluster-robust"
    exact = claims.robust("df", linear=True)
    kinds = ("CR0", "CR1", "CR2", "CR3")
    at_variances = dict.fromkeys(
        [f"{kind}/{part}" for kind in kinds for part in ("se", "df")], within.ROBUST_LINEAR_MIXED
    )
    one_way = dict.fromkeys(("coef", "firm_HC1", "year_HC1", "firm_HC0_nocadj"), within.EXACT)
    two_way = {"twoway": "clustering by two crossed factors is in no analysis"}
    return [
        Case("petersen_vcovCL", least, by_either, one_way, two_way),
        Case("petersen_firm", least, lambda: petersen("firm"), exact),
        Case("petersen_year_10clusters", least, lambda: petersen("year"), exact),
        Case(
            "exam_int_reml_lmerCR",
            "Linear mixed, cluster-robust",
            schools,
            {"coef": within.LINEAR_MIXED_STANDARD_ERRORS, **at_variances},
        ),
    ]
