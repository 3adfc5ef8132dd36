"""The 59 stored fits on tables that are simulated like the trials, and how each is made again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from swis.effects.design import design_from_formula
from swis.effects.icc import intraclass_correlation
from swis.effects.linear_mixed import fit_linear_mixed
from swis.effects.two_stage import first_stage_f_robust
from swis.effects.variance_intervals import wald_intervals

from . import calls, claims
from . import tolerances as within
from .comparison import Case, Tolerance
from .tables import Tables

ENQUIRIES = "s47 ~ arm + year2 + log_base_rate + fsm"
TOTALS = "s47 ~ arm + log_base_rate + fsm"
ATTAINMENT = "attain ~ arm + baseline + fsm"
ABSENCE = "pa ~ arm + fsm + baseline"
ENDED = "nfa ~ arm"
TIGHT = ("", "_tight")
# lme4's Laplace is compared as well, but glmmTMB's is what ours is held to.
BESIDE = " (lme4's, not the anchor)"

NOT_CLAIMED = {
    "N1_nb1_la_tmb": "NB1 (variance proportional to the mean) is in no analysis of the plan",
    "N4_days_zinb2_la_tmb": "a zero-inflated mixed model is in no analysis: days are totals, a hurdle beside them",
    "B1_nfa_betabinomial_la_tmb": "a beta-binomial model is in no analysis: the binomial mixed model is",
}


def trial_cases(tables: Tables) -> list[Case]:
    """Every case of the simulated trials."""
    return [
        *_poisson(tables),
        *_negative_binomial(tables),
        *_linear(tables),
        *_logistic(tables),
        *_marginal(tables),
        *_robust(tables),
    ]


def _poisson(tables: Tables) -> list[Case]:
    def fit(table: str, formula: str, offset: str, points: int, *random: str) -> Callable[[], Mapping[str, Any]]:
        return lambda: calls.count_model(
            tables[table], formula, "poisson", random=random, points=points, offset=f"log({offset})"
        )

    years = partial(fit, "school_year", ENQUIRIES, "pupils")
    one, two = "Poisson mixed, one factor", "Poisson mixed, nested"
    agq = [
        Case(f"{stored}{tight}", f"{one}, quadrature", years(25, factor), claims.QUADRATURE, claims.DATA_CONSTANT)
        for stored, factor in (("P1_poisson_la_agq25", "la"), ("P3_poisson_school_agq25", "school"))
        for tight in TIGHT
    ]
    totals = fit("school", TOTALS, "pupil_years", 25, "la")
    agq.append(
        Case("N3_poisson_school_la_agq25_tight", f"{one}, quadrature", totals, claims.QUADRATURE, claims.DATA_CONSTANT)
    )
    stored_laplace = [("P1_poisson_la", one, ("la",)), ("P2_poisson_la_school", two, ("la", "school"))]
    laplace = []
    for stored, name, random in stored_laplace:
        made, label = years(1, *random), f"{name}, Laplace"
        laplace += [
            Case(f"{stored}_laplace{tight}", f"{label}{BESIDE}", made, claims.NOT_THE_ANCHOR, claims.LME4_LAPLACE)
            for tight in TIGHT
        ]
        laplace.append(Case(f"{stored}_tmb", label, made, _of_tmb(theta=False), claims.OF_VARIANCES | FIXED_DISPERSION))
    return agq + laplace


FIXED_DISPERSION = {"dispersion_sigma": "a constant: the model has no dispersion to estimate"}


def _of_tmb(*, theta: bool = True) -> dict[str, Tolerance]:
    return {**claims.LAPLACE, **({"dispersion_sigma": within.THETA} if theta else {})}


def _negative_binomial(tables: Tables) -> list[Case]:
    def fit(table: str, formula: str, offset: str, *random: str) -> Callable[[], Mapping[str, Any]]:
        return lambda: calls.count_model(
            tables[table], formula, "negative binomial", random=random, points=1, offset=f"log({offset})"
        )

    one, two = "NB2 mixed, one factor, Laplace", "NB2 mixed, nested, Laplace"
    years = partial(fit, "school_year", ENQUIRIES, "pupils")
    days = fit("school_year", "days_care ~ arm + year2 + fsm", "pupils", "la")
    anchored = [
        ("N1_nb2_la_tmb", one, years("la")),
        ("N2_nb2_la_school_tmb", two, years("la", "school")),
        ("N3_nb2_school_la_tmb", one, fit("school", TOTALS, "pupil_years", "la")),
        ("N4_days_nb2_la_tmb", one, days),
    ]
    other_laplace = Tolerance(
        3e-2, "standard errors", "lme4's glmer.nb is not the anchor: its likelihood differs from glmmTMB's by 0.024"
    )
    not_anchored = {
        "coef": other_laplace,
        "se": within.NOT_THE_ANCHOR,
        "theta": within.NOT_THE_ANCHOR,
    }
    fixed = fit("school", f"{TOTALS} + C(la)", "pupil_years")
    return [
        *[Case(stored, name, made, _of_tmb(), claims.OF_VARIANCES) for stored, name, made in anchored],
        Case("N1_nb2_la_glmernb", f"{one}{BESIDE}", years("la"), not_anchored, claims.LME4_LAPLACE),
        Case(
            "N0_glm_nb",
            "NB2 with fixed authorities",
            fixed,
            {**claims.GLM, "theta": within.THETA},
            {"se_theta": "the standard error of theta is not among our results"},
        ),
    ]


def _linear(tables: Tables) -> list[Case]:
    def fit(table: str, formula: str, *random: str, reml: bool = True) -> Callable[[], Mapping[str, Any]]:
        return lambda: calls.linear_mixed(tables[table], formula, random=random, groups=random, reml=reml)

    name, with_df = "Linear mixed", claims.LINEAR_MIXED_WITH_DF
    nested, one = ("school", "la"), ("school",)
    return [
        Case("L1_attain_school_la_reml", f"{name}, nested", fit("pupil", ATTAINMENT, *nested), with_df),
        Case("L1_attain_school_la_ml", f"{name}, nested", fit("pupil", ATTAINMENT, *nested, reml=False), with_df),
        Case("L2_attain_school_reml", name, fit("pupil", ATTAINMENT, *one), with_df),
        Case("L2_attain_null_school_reml", name, fit("pupil", "attain ~ 1", *one), with_df),
        Case("L2_attain_null_school_la_reml", f"{name}, nested", fit("pupil", "attain ~ 1", *nested), with_df),
        Case("L3_wb_la_reml", name, fit("dsls", "wb_post ~ arm + wb_pre", "la"), with_df, claims.KENWARD_ROGER),
        Case(
            "L1_nlme_apVar_intervals",
            f"{name}, intervals of standard deviations",
            lambda: _deviations(tables["pupil"]),
            {
                "la_sd": within.WALD_INTERVALS_NOISY,
                "school_sd": within.WALD_INTERVALS,
                "sigma": within.WALD_INTERVALS,
            },
        ),
        _profile(tables, "L2_profile_ci_ml", ATTAINMENT, "(Intercept)", "arm", "baseline", "fsm"),
        _profile(tables, "L2_null_profile_ci_sd", "attain ~ 1"),
        Case("ICC_anova", "Intraclass correlation", lambda: _icc(tables["pupil"]), _ICC_CLAIMS, _ICC_PARTS),
    ]


def _profile(tables: Tables, stored: str, formula: str, *coefficients: str) -> Case:
    names = {**claims.DEVIATIONS, **{name: name for name in coefficients}}
    limits = partial(_limits, tables, formula, names)
    return Case(stored, "Linear mixed, profile intervals", limits, dict.fromkeys(names, within.PROFILE_INTERVALS))


def _limits(tables: Tables, formula: str, names: Mapping[str, str]) -> dict[str, Any]:
    return calls.profile_limits(tables["pupil"], formula, "school", names)


_ICC_CLAIMS = {"icc": within.ICC, "searle_ci": within.ICC}
_ICC_PARTS = dict.fromkeys(("n0", "msb", "msw", "F", "k", "N"), "a step on the way to the correlation and its interval")


def _deviations(pupils: Any) -> dict[str, Any]:
    nested = ["school", "la"]
    fit = fit_linear_mixed(design_from_formula(ATTAINMENT, pupils, groups=nested), random=nested)
    limits = {one.name: [one.lower, one.value, one.upper] for one in wald_intervals(fit)}
    return {"la_sd": limits["la"], "school_sd": limits["school"], "sigma": limits["Residual"]}


def _icc(pupils: Any) -> dict[str, Any]:
    found = intraclass_correlation(pupils["attain"].to_numpy(), pupils["school"].to_numpy())
    return {"icc": found.icc, "searle_ci": [found.lower, found.upper]}


def _logistic(tables: Tables) -> list[Case]:
    def ended(formula: str, points: int, *random: str) -> Callable[[], Mapping[str, Any]]:
        return lambda: calls.count_model(
            tables.contacted, formula, "binomial", random=random, points=points, trials="contacts"
        )

    def absent(points: int, *random: str) -> Callable[[], Mapping[str, Any]]:
        return lambda: calls.count_model(tables["pupil"], ABSENCE, "binomial", random=random, points=points)

    agq, laplace, nested = (
        "Logistic mixed, one factor, quadrature",
        "Logistic mixed, one factor, Laplace",
        "Logistic mixed, nested, Laplace",
    )
    by_authority = f"{ENDED} + C(la)"
    quadrature = [
        ("B1_nfa_school_agq25_tight", ended(by_authority, 25, "school")),
        ("B3_pa_school_agq10_tight", absent(10, "school")),
    ]
    not_anchored = [
        ("B1_nfa_school_laplace", laplace, ended(by_authority, 1, "school")),
        ("B2_nfa_school_la_laplace_tight", nested, ended(ENDED, 1, "la", "school")),
        ("B3_pa_school_laplace", laplace, absent(1, "school")),
        ("B4_pa_school_la_laplace_tight", nested, absent(1, "la", "school")),
    ]
    anchored = [
        ("B2_nfa_school_la_tmb", nested, ended(ENDED, 1, "la", "school"), within.MIXED_VARIANCES),
        ("B3_pa_school_tmb", laplace, absent(1, "school"), within.MIXED_VARIANCES),
        ("B4_pa_school_la_tmb", nested, absent(1, "la", "school"), within.VARIANCES_AT_ZERO),
    ]
    unclaimed = claims.OF_VARIANCES | FIXED_DISPERSION
    stopped_short = {**claims.QUADRATURE, "coef": within.QUADRATURE_STOPPED_SHORT}
    by_school = ended(by_authority, 25, "school")
    return [
        *[Case(fit, agq, made, claims.QUADRATURE, claims.DATA_CONSTANT) for fit, made in quadrature],
        Case("B1_nfa_school_agq25", agq, by_school, stopped_short, claims.DATA_CONSTANT),
        *[
            Case(fit, f"{name}{BESIDE}", made, claims.NOT_THE_ANCHOR, claims.LME4_LAPLACE)
            for fit, name, made in not_anchored
        ],
        *[
            Case(fit, name, made, {**claims.LAPLACE, "varcomp": variances}, unclaimed)
            for fit, name, made, variances in anchored
        ],
    ]


def _marginal(tables: Tables) -> list[Case]:
    def enquiries(cluster: str, working: str) -> Callable[[], Mapping[str, Any]]:
        return lambda: calls.marginal(
            tables["school_year"], ENQUIRIES, "poisson", cluster, working, offset="log(pupils)"
        )

    def pupils(formula: str, family: str) -> Callable[[], Mapping[str, Any]]:
        return lambda: calls.marginal(tables["pupil"], formula, family, "school", "exchangeable")

    by_authority = enquiries("la", "exchangeable")
    name, exchangeable = "Marginal model (GEE)", {**claims.EXCHANGEABLE, **claims.NAIVE}
    jackknife = {"se": "geepack's jackknife errors are not offered; Mancl and DeRouen's bias-reduced ones are"}
    but_errors = {quantity: within_ for quantity, within_ in exchangeable.items() if quantity != "se"}
    return [
        Case("G1_pois_exch_school", name, enquiries("school", "exchangeable"), exchangeable),
        Case("G1_pois_ind_school", name, enquiries("school", "independence"), {**claims.MARGINAL, **claims.NAIVE}),
        Case("G1_pois_exch_la", name, by_authority, exchangeable),
        Case("G2_pa_exch_school", name, pupils(ABSENCE, "binomial"), exchangeable),
        Case("G3_attain_exch_school", name, pupils(ATTAINMENT, "gaussian"), exchangeable),
        *[
            Case(f"G1_pois_exch_la_{kind}", name, by_authority, but_errors, jackknife)
            for kind in ("jack", "j1s", "fij")
        ],
    ]


def _robust(tables: Tables) -> list[Case]:
    linear, glm = claims.robust("df_satt", linear=True), claims.robust("df_satt", linear=False)

    def by_school() -> dict[str, Any]:
        return calls.robust_linear(tables["pupil"], ATTAINMENT, "school")

    def subset() -> dict[str, Any]:
        rows = tables["pupil"].loc[lambda frame: frame["school"] % 12 == 0]
        return calls.robust_linear(rows, ATTAINMENT, "la")

    def poisson(cluster: str) -> dict[str, Any]:
        return calls.robust_poisson(tables["school_year"], ENQUIRIES, cluster, "log(pupils)")

    def complier() -> dict[str, Any]:
        return calls.robust_two_stage(
            tables["pupil"], "attain ~ received + baseline + fsm", "received", "arm", "school"
        )

    def strength() -> float:
        design = design_from_formula("attain ~ received + baseline + fsm", tables["pupil"], groups=["school"])
        return first_stage_f_robust(design, "received", tables["pupil"]["arm"].to_numpy(dtype=float), "school")

    def one_kind(made: Callable[[], dict[str, Any]], kind: str) -> Callable[[], dict[str, Any]]:
        def chosen() -> dict[str, Any]:
            found = made()
            groups = tables["pupil"]["school"].nunique()
            df = found[f"{kind}/df"] if kind == "CR2" else [groups - 1.0] * len(found["coef"])
            return {"coef": found["coef"], "se": found[f"{kind}/se"], "df": df}

        return chosen

    least, complied = "Least squares, cluster-robust", "Two-stage least squares, cluster-robust"
    both = {"se": within.EXACT, "df": within.EXACT_DF}
    all_three = {**both, "coef": within.EXACT}
    return [
        Case("C1_lm_attain_school", least, by_school, linear),
        Case("C1_lm_attain_la_subset", least, subset, linear),
        Case("C2_lm_wb_la", least, lambda: calls.robust_linear(tables["dsls"], "wb_post ~ arm + wb_pre", "la"), linear),
        Case("C1_estimatr_CR2_school", least, one_kind(by_school, "CR2"), both),
        Case("C1_sandwich_vcovCL_HC1", least, one_kind(by_school, "CR1S"), {"se": within.EXACT}),
        Case("C3_glm_pois_la", "Poisson, cluster-robust", lambda: poisson("la"), glm),
        Case("C3_glm_pois_school", "Poisson, cluster-robust", lambda: poisson("school"), glm),
        Case(
            "C4_glm_binom_HC3",
            "Binomial, robust by row",
            lambda: calls.robust_by_row(tables.contacted, f"{ENDED} + C(la)", "contacts"),
            {"coef": within.GLM_COEFFICIENTS, "se": within.ROBUST_GLM},
        ),
        Case("IV1_cace_school", complied, complier, linear),
        Case(
            "IV1_estimatr_CR2",
            complied,
            lambda: one_kind(complier, "CR2")() | {"first_stage_F": strength()},
            {**all_three, "first_stage_F": within.EXACT_DF},
        ),
        Case("IV1_estimatr_stata", complied, one_kind(complier, "CR1S"), all_three),
    ]
