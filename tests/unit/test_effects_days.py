"""Days in care: quasi-Poisson of school totals, and the hurdle model of children; both against other computations."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from swis.effects.cluster_robust import cluster_robust
from swis.effects.design import Design, design_from_arrays
from swis.effects.hurdle import HurdleFit, fit_hurdle
from swis.effects.least_squares import fit_least_squares
from swis.effects.quasi_poisson import fit_quasi_poisson
from swis.errors import InputError

NAMES = ["(Intercept)", "arm", "C(la)[T.1]", "C(la)[T.2]"]


def totals(seed: int, schools: int = 48) -> Design:
    """Days by school: few children, each for many days, over pupil-years."""
    rng = np.random.default_rng(seed)
    index = np.arange(schools)
    arm, authority = index % 2, index // 2 % 3
    years = rng.uniform(1000, 2500, schools)
    children = rng.poisson(years / 400)
    days = np.array([rng.integers(1, 600, count).sum() for count in children], dtype=float)
    matrix = np.column_stack([np.ones(schools), arm, authority == 1, authority == 2]).astype(float)
    return design_from_arrays(
        days, matrix, names=NAMES, offset=np.log(years), groups={"school": index, "la": authority}
    )


def changed(design: Design, response: np.ndarray) -> Design:
    return design_from_arrays(response, design.matrix, names=design.names, offset=design.offset, groups=design.groups)


def test_quasi_poisson_is_a_poisson_fit_with_pearsons_dispersion() -> None:
    design = totals(1)
    fit = fit_quasi_poisson(design)
    other = sm.GLM(design.response, design.matrix, family=sm.families.Poisson(), offset=design.offset).fit(
        tol=1e-12, scale="X2"
    )
    np.testing.assert_allclose(fit.coefficients, other.params, rtol=1e-8)
    np.testing.assert_allclose(fit.standard_errors, other.bse, rtol=1e-7)
    assert fit.dispersion == pytest.approx(other.scale, rel=1e-9)
    assert (fit.status, fit.method) == ("ok", "quasi-Poisson GLM")


def test_clusters_of_one_school_are_hc2_of_the_working_weights() -> None:
    design = totals(2)
    fit = fit_quasi_poisson(design)
    mean = fit.fitted
    root = np.sqrt(mean)[:, None] * design.matrix
    bread = np.linalg.inv(root.T @ root)
    leverage = np.einsum("ij,jk,ik->i", root, bread, root)
    meat = (design.matrix * ((design.response - mean) ** 2 / (1 - leverage))[:, None]).T @ design.matrix
    robust = cluster_robust(fit, design, "school")
    np.testing.assert_allclose(robust.covariance, bread @ meat @ bread, rtol=1e-8)
    assert robust.degrees_of_freedom[1] < 45


def test_units_of_days_and_of_pupil_years_change_the_intercept_only() -> None:
    design = totals(3)
    weeks = design_from_arrays(
        design.response / 7, design.matrix, names=design.names, offset=design.offset + 2, groups=design.groups
    )
    one, two = fit_quasi_poisson(design), fit_quasi_poisson(weeks)
    np.testing.assert_allclose(one.coefficients[1:], two.coefficients[1:], rtol=1e-9)
    np.testing.assert_allclose(one.standard_errors, two.standard_errors, rtol=1e-8)
    np.testing.assert_allclose(
        cluster_robust(one, design, "school").standard_errors,
        cluster_robust(two, weeks, "school").standard_errors,
        rtol=1e-8,
    )


def test_an_authority_without_a_day_is_left_out_and_the_rest_is_as_without_it() -> None:
    design = totals(4)
    none = changed(design, np.where(design.groups["la"] == 2, 0.0, design.response))
    fit = fit_quasi_poisson(none)
    rest = none.subset(none.groups["la"] != 2).without("C(la)[T.2]")
    other = fit_quasi_poisson(rest)
    assert fit.is_usable
    assert np.isnan(fit.coefficient("C(la)[T.2]"))
    assert fit.coefficient("arm") == pytest.approx(other.coefficient("arm"), rel=1e-8)
    assert fit.dispersion == pytest.approx(other.dispersion, rel=1e-8)
    assert fit.standard_error("arm") == pytest.approx(other.standard_error("arm"), rel=1e-8)
    for group in ("school", "la"):
        robust, alone = cluster_robust(fit, none, group), cluster_robust(other, rest, group)
        assert robust.standard_errors[1] == pytest.approx(alone.standard_errors[1], rel=1e-8)
        assert robust.degrees_of_freedom[1] == pytest.approx(alone.degrees_of_freedom[1], rel=1e-8)
        assert np.isnan(robust.standard_errors[3])
        assert robust.statuses[3] == "separation"


def test_the_base_authority_without_a_day_leaves_the_arm_told() -> None:
    design = totals(4)
    none = changed(design, np.where(design.groups["la"] == 0, 0.0, design.response))
    fit = fit_quasi_poisson(none)
    rest = none.subset(none.groups["la"] != 0).without("C(la)[T.1]")
    other = fit_quasi_poisson(rest)
    assert fit.coefficient("arm") == pytest.approx(other.coefficient("arm"), rel=1e-8)
    one, two = cluster_robust(fit, none, "school"), cluster_robust(other, rest, "school")
    assert one.standard_errors[1] == pytest.approx(two.standard_errors[1], rel=1e-8)
    assert one.degrees_of_freedom[1] == pytest.approx(two.degrees_of_freedom[1], rel=1e-8)


def test_days_that_cannot_be_compared_have_a_status_and_no_number() -> None:
    design = totals(5)
    arm = design.column("arm")
    nothing = fit_quasi_poisson(changed(design, np.zeros(design.observations)))
    separated = fit_quasi_poisson(changed(design, design.response * arm))
    single = fit_quasi_poisson(design.subset(np.flatnonzero((arm == 0) | (np.arange(arm.size) == 1))))
    assert (nothing.status, separated.status, single.status) == ("all zero", "separation", "single-school arm")
    for fit in (nothing, separated, single):
        assert np.isnan(fit.coefficients).all()
        assert fit.method == "quasi-Poisson GLM"
    with pytest.raises(InputError, match="zero or more"):
        fit_quasi_poisson(changed(design, design.response - 10_000))


def test_as_many_coefficients_as_schools_and_an_exact_fit_are_said() -> None:
    matrix = np.column_stack([np.ones(4), [0, 0, 1, 1], [0, 1, 0, 1], [1, 0, 0, 0]]).astype(float)
    full = fit_quasi_poisson(design_from_arrays([3.0, 5, 4, 6], matrix, names=["(Intercept)", "arm", "x", "z"]))
    assert (full.status, "dispersion" in full.message) == ("not estimable", True)
    exact = fit_quasi_poisson(design_from_arrays([3.0, 3, 6, 6], matrix[:, :2], names=["(Intercept)", "arm"]))
    assert exact.status == "zero variance"


def families(seed: int, schools: int = 60, effect: float = 0.0) -> tuple[Design, Design, np.ndarray, np.ndarray]:
    """Schools with pupils, and children with days; schools differ in both parts, and alike."""
    rng = np.random.default_rng(seed)
    index = np.arange(schools)
    arm, pupils = index % 2, rng.integers(500, 1500, schools)
    level = rng.normal(scale=0.4, size=schools)
    count = rng.binomial(pupils, 1 / (1 + np.exp(4.5 - level - effect * arm)))
    child = np.repeat(index, count)
    days = np.exp(4.0 + 0.5 * level[child] + rng.normal(size=child.size)) + 1
    names = ["(Intercept)", "arm"]
    of_school = design_from_arrays(count, np.column_stack([np.ones(schools), arm]), names=names, trials=pupils)
    of_child = design_from_arrays(days, np.column_stack([np.ones(child.size), arm[child]]), names=names)
    labels = np.array([f"u{code * 31 % 97}" for code in index])
    return of_school, of_child, labels, labels[child]


def test_the_hurdle_ratio_is_that_of_shares_times_that_of_geometric_means() -> None:
    schools, children, of_row, of_child = families(1)
    fit = fit_hurdle(schools, children, of_row, of_child)
    arm, child_arm = schools.column("arm"), children.column("arm")
    assert schools.trials is not None
    share = [schools.response[arm == side].sum() / schools.trials[arm == side].sum() for side in (0, 1)]
    middle = [np.log(children.response[child_arm == side]).mean() for side in (0, 1)]
    assert fit.log_ratio_any == pytest.approx(np.log(share[1] / share[0]), rel=1e-8)
    assert fit.log_ratio_days == pytest.approx(middle[1] - middle[0], rel=1e-10)
    assert fit.log_ratio == pytest.approx(fit.log_ratio_any + fit.log_ratio_days)
    low, high = fit.interval()
    assert low < np.exp(fit.log_ratio) < high
    assert 20 < fit.degrees_of_freedom < 120


def test_the_hurdles_standard_error_is_that_of_a_bootstrap_of_schools() -> None:
    schools, children, of_row, of_child = families(2)
    fit = fit_hurdle(schools, children, of_row, of_child)
    rng = np.random.default_rng(3)
    arm = schools.column("arm")
    assert schools.trials is not None
    logs = np.array([np.log(children.response[of_child == name]).sum() for name in of_row])
    drawn = []
    for _ in range(2000):
        both = []
        for side in (0, 1):
            pick = rng.choice(np.flatnonzero(arm == side), (arm == side).sum())
            count = schools.response[pick].sum()
            both.append(np.log(count / schools.trials[pick].sum()) + logs[pick].sum() / count)
        drawn.append(both[1] - both[0])
    assert fit.standard_error == pytest.approx(np.std(drawn), rel=0.12)
    # Schools differ alike in both parts, so taking the parts as unrelated would be too sure.
    apart = np.hypot(
        cluster_robust(fit.any_day, schools, of_row).standard_errors[1],
        cluster_robust(fit_least_squares(logged(children)), logged(children), of_child).standard_errors[1],
    )
    assert fit.standard_error > 1.1 * apart


def logged(children: Design) -> Design:
    return design_from_arrays(np.log(children.response), children.matrix, names=children.names)


def test_swapping_the_arms_turns_the_ratio_over() -> None:
    schools, children, of_row, of_child = families(3, effect=0.3)
    fit = fit_hurdle(schools, children, of_row, of_child)

    def swapped(design: Design) -> Design:
        matrix = design.matrix.copy()
        matrix[:, 1] = 1 - matrix[:, 1]
        return design_from_arrays(design.response, matrix, names=design.names, trials=design.trials)

    other = fit_hurdle(swapped(schools), swapped(children), of_row, of_child)
    assert other.log_ratio == pytest.approx(-fit.log_ratio, rel=1e-8)
    assert other.standard_error == pytest.approx(fit.standard_error, rel=1e-8)


def test_the_hurdle_without_a_ratio_says_why() -> None:
    schools, children, of_row, of_child = families(4)
    arm, child_arm = schools.column("arm"), children.column("arm")
    zero = design_from_arrays(np.zeros(60), schools.matrix, names=schools.names, trials=schools.trials)
    none = children.subset(np.zeros(child_arm.size, dtype=bool))
    control = schools.response * (1 - arm)
    only = design_from_arrays(control, schools.matrix, names=schools.names, trials=schools.trials)
    first = of_row[arm == 1][0]
    keep = (child_arm == 0) | (of_child == first)
    lone = design_from_arrays(
        np.where((arm == 1) & (of_row != first), 0, schools.response),
        schools.matrix,
        names=schools.names,
        trials=schools.trials,
    )
    found: list[HurdleFit] = [
        fit_hurdle(zero, none, of_row, of_child[:0]),
        fit_hurdle(only, children.subset(child_arm == 0), of_row, of_child[child_arm == 0]),
        fit_hurdle(lone, children.subset(keep), of_row, of_child[keep]),
    ]
    assert [fit.status for fit in found] == ["all zero", "separation", "single-school arm"]
    assert all(np.isnan([fit.log_ratio, fit.standard_error, *fit.interval()]).all() for fit in found)
    with pytest.raises(InputError, match="more than 0"):
        fit_hurdle(
            schools, design_from_arrays(children.response * 0, children.matrix, names=children.names), of_row, of_child
        )
    with pytest.raises(InputError, match="60 schools"):
        fit_hurdle(schools, children, of_row[:-1], of_child)
