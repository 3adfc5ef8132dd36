"""Rubin's rules by hand, and imputation: what is kept, what is drawn, and that draws are the generator's alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from swis.effects.imputation import impute
from swis.effects.rubin import barnard_rubin, pool_rubin
from swis.errors import InputError


def pupils(seed: int, schools: int = 30, size: int = 40, between: float = 1.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    school = np.repeat(np.arange(schools), size)
    level = rng.normal(scale=between, size=schools)
    prior = level[school] + rng.normal(size=school.size)
    arm = school % 2
    return pd.DataFrame(
        {
            "school": [f"s{code * 7}" for code in school],
            "arm": arm,
            "sex": rng.choice(["F", "M", None], school.size, p=[0.5, 0.45, 0.05]),
            "prior": prior,
            "score": 2 * prior + 0.5 * arm + rng.normal(size=school.size),
        },
        index=rng.permutation(school.size) + 5,
    )


def with_holes(frame: pd.DataFrame, seed: int, share: float = 0.2) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return frame.assign(prior=frame["prior"].mask(rng.random(len(frame)) < share))


def test_rubins_rules_are_the_published_formulas() -> None:
    # Three tables, estimates 1, 2, 3 with variance 1 each: b = 1, t = 1 + 4/3, λ = 4/7, r = 4/3.
    pooled = pool_rubin([1.0, 2.0, 3.0], [1.0, 1.0, 1.0], 10)
    assert pooled.estimate == 2.0
    assert pooled.standard_error == pytest.approx((7 / 3) ** 0.5, rel=1e-12)
    of_tables, observed = 2 / (4 / 7) ** 2, 11 / 13 * 10 * 3 / 7
    degrees = of_tables * observed / (of_tables + observed)
    assert pooled.degrees_of_freedom == pytest.approx(degrees, rel=1e-12)
    assert pooled.relative_increase == pytest.approx(4 / 3, rel=1e-12)
    assert pooled.fraction_missing == pytest.approx((4 / 3 + 2 / (degrees + 3)) / (7 / 3), rel=1e-12)
    assert (pooled.lower + pooled.upper) / 2 == pytest.approx(2.0)
    assert pooled.p_value > 0.05


def test_without_a_limit_on_rows_rubins_own_degrees_of_freedom_come_back() -> None:
    pooled = pool_rubin([1.0, 2.0, 3.0], [1.0, 1.0, 1.0])
    assert pooled.degrees_of_freedom == pytest.approx(2 / (4 / 7) ** 2, rel=1e-12)


def test_tables_that_agree_leave_the_degrees_of_freedom_of_one_table() -> None:
    pooled = pool_rubin([2.0, 2.0], [0.5, 0.5], 20)
    assert pooled.degrees_of_freedom == pytest.approx(21 / 23 * 20)
    assert pooled.fraction_missing == pytest.approx(2 / (21 / 23 * 20 + 3))
    assert np.isinf(barnard_rubin(np.array(0.0), 5, np.array(np.inf)))


def test_several_coefficients_are_pooled_each_for_itself() -> None:
    rng = np.random.default_rng(1)
    estimates, variances = rng.normal(size=(8, 3)), rng.uniform(0.5, 1, (8, 3))
    freedom = rng.uniform(10, 30, (8, 3))
    together = pool_rubin(estimates, variances, freedom)
    for k in range(3):
        alone = pool_rubin(estimates[:, k], variances[:, k], freedom[:, k])
        assert together.degrees_of_freedom[k] == pytest.approx(alone.degrees_of_freedom, rel=1e-13)
        assert together.upper[k] == pytest.approx(alone.upper, rel=1e-13)


def test_a_table_without_a_number_gives_no_pooled_number_and_one_table_is_refused() -> None:
    assert np.isnan(pool_rubin([1.0, np.nan], [1.0, 1.0], 5).standard_error)
    with pytest.raises(InputError, match="two or more"):
        pool_rubin([1.0], [1.0], 5)
    with pytest.raises(InputError, match="two or more"):
        pool_rubin([1.0, 2.0], [1.0], 5)


def test_known_values_rows_and_other_columns_are_kept_and_every_hole_is_filled() -> None:
    frame = with_holes(pupils(1), 2)
    before = frame.copy()
    for whole in impute(frame, ["prior"], imputations=3, rng=np.random.default_rng(3), group="school"):
        assert whole["prior"].notna().all()
        known = frame["prior"].notna()
        pd.testing.assert_series_equal(whole.loc[known, "prior"], frame.loc[known, "prior"])
        pd.testing.assert_frame_equal(whole.drop(columns="prior"), frame.drop(columns="prior"))
    pd.testing.assert_frame_equal(frame, before)


def test_draws_come_from_the_generator_alone() -> None:
    frame = with_holes(pupils(1), 2)
    frame["score"] = frame["score"].mask(np.arange(len(frame)) % 9 == 0)
    state = np.random.get_state()[1].copy()  # noqa: NPY002 — that the global state is left alone is what is tested
    one = impute(frame, ["prior", "score"], imputations=2, rng=np.random.default_rng(4), group="school")
    two = impute(frame, ["prior", "score"], imputations=2, rng=np.random.default_rng(4), group="school")
    other = impute(frame, ["prior", "score"], imputations=2, rng=np.random.default_rng(5), group="school")
    assert (np.random.get_state()[1] == state).all()  # noqa: NPY002
    for left, right in zip(one, two, strict=True):
        pd.testing.assert_frame_equal(left, right)
    assert not one[0]["prior"].equals(one[1]["prior"])
    assert not one[0]["prior"].equals(other[0]["prior"])


def test_schools_named_otherwise_are_the_same_schools() -> None:
    frame = with_holes(pupils(1), 2)
    renamed = frame.assign(school=frame["school"].str.replace("s", "a"))
    one = impute(frame, ["prior"], imputations=1, rng=np.random.default_rng(4), group="school")[0]
    two = impute(renamed, ["prior"], imputations=1, rng=np.random.default_rng(4), group="school")[0]
    np.testing.assert_array_equal(one["prior"], two["prior"])


def test_a_school_without_any_known_value_is_drawn_as_uncertain_as_a_school_is() -> None:
    frame = pupils(6, schools=40, between=2.0).drop(columns=["score", "sex"])
    lost = (frame["school"] == "s0").to_numpy()
    tables = impute(
        frame.assign(prior=frame["prior"].mask(lost)),
        ["prior"],
        imputations=60,
        rng=np.random.default_rng(7),
        group="school",
    )
    means = np.array([table.loc[lost, "prior"].mean() for table in tables])
    within = np.mean([table.loc[lost, "prior"].std() for table in tables])
    # Independent pupils would give 1/√40 ≈ 0.16.
    assert 1.4 < means.std() < 2.8
    assert 0.8 < within < 1.2


def test_a_school_with_known_values_is_drawn_round_its_own_level() -> None:
    frame = pupils(6, schools=40, between=2.0).drop(columns=["score", "sex"])
    rng = np.random.default_rng(8)
    lost = rng.random(len(frame)) < 0.5
    whole = impute(frame.assign(prior=frame["prior"].mask(lost)), ["prior"], imputations=1, rng=rng, group="school")[0]
    levels = frame.groupby("school")["prior"].mean()
    drawn = whole[lost].groupby("school")["prior"].mean()
    assert np.corrcoef(levels, drawn)[0, 1] > 0.95
    assert whole.loc[lost, "prior"].std() == pytest.approx(frame["prior"].std(), rel=0.1)


def test_without_a_group_and_without_holes() -> None:
    frame = pupils(1).drop(columns="school")
    whole = impute(frame, ["prior"], imputations=2, rng=np.random.default_rng(1))
    pd.testing.assert_series_equal(whole[1]["prior"], frame["prior"])
    filled = impute(with_holes(frame, 1), ["prior"], imputations=1, rng=np.random.default_rng(1), predictors=["score"])
    assert np.corrcoef(filled[0]["prior"], frame["prior"])[0, 1] > 0.95


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"columns": ["maths"]}, "column maths"),
        ({"columns": ["sex"]}, "column sex; expected numbers"),
        ({"columns": ["empty"]}, "at least one known value"),
        ({"columns": ["score"], "predictors": ["prior"]}, "predictor prior"),
        ({"columns": ["prior"], "group": "sex"}, "group sex"),
    ],
)
def test_what_cannot_be_used_is_named(change: dict[str, object], said: str) -> None:
    frame = with_holes(pupils(1), 2).assign(empty=np.nan)
    request = {"columns": ["prior"], "group": "school", "predictors": ["arm", "score"], **change}
    with pytest.raises(InputError, match=said):
        impute(frame, imputations=2, rng=np.random.default_rng(1), **request)
