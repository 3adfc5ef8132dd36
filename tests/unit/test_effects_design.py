"""A design is the same arrays however the table looked: formula, missing cells, group codes, rank."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from swis.effects.design import aliased_columns, design_from_arrays, design_from_formula
from swis.effects.fit import Fit
from swis.effects.groups import group_codes
from swis.errors import InputError


def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "y": [1.0, 2.0, 3.0, None, 5.0],
            "x": [1.0, 2.0, 3.0, 4.0, 5.0],
            "la": [10, 2, 2, 10, 3],
            "time": [1.0, 2.0, 3.0, 4.0, 6.0],
            "name": ["b", "a", "c", "a", "a"],
        }
    )


def test_formula_gives_rs_columns_with_the_first_sorted_level_as_base() -> None:
    design = design_from_formula("y ~ x + C(la) + name", table())
    assert design.names == ("(Intercept)", "x", "C(la)[T.3]", "C(la)[T.10]", "name[T.b]", "name[T.c]")


def test_order_of_a_categorical_names_the_base_and_unused_levels_give_no_column() -> None:
    frame = table().assign(name=pd.Categorical(["b", "a", "c", "d", "a"], categories=["c", "b", "a", "d"]))
    assert design_from_formula("y ~ name", frame).names == ("(Intercept)", "name[T.b]", "name[T.a]")


def test_rows_with_a_missing_cell_in_any_column_used_are_dropped() -> None:
    design = design_from_formula("y ~ x", table(), groups=["name"], offset="log(time)")
    assert design.rows.tolist() == [0, 1, 2, 4]
    assert np.allclose(np.exp(design.offset), [1.0, 2.0, 3.0, 6.0])
    assert design.groups["name"].tolist() == [1, 0, 2, 0]


def test_missing_cells_of_columns_not_used_drop_nothing() -> None:
    assert design_from_formula("x ~ time", table()).observations == 5


def test_offset_and_trials_may_be_arrays_with_gaps() -> None:
    offset = np.array([0.0, np.nan, 1.0, 1.0, 1.0])
    design = design_from_formula("x ~ 1", table(), offset=offset, trials=9)
    assert design.rows.tolist() == [0, 2, 3, 4]
    assert design.trials is not None
    assert design.trials.tolist() == [9.0] * 4


def test_two_columns_may_group_together() -> None:
    design = design_from_formula("x ~ 1", table(), groups=["la:name"])
    assert np.unique(design.groups["la:name"]).size == 5


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ([30, 10, 30, 20], [2, 0, 2, 1]),
        (["b", "a", "b"], [1, 0, 1]),
        ([1.5, None, 0.5], [1, -1, 0]),
        (["b", 1, "b"], [1, 0, 1]),
    ],
)
def test_group_codes_run_from_zero_for_any_coding(values: list[object], codes: list[int]) -> None:
    assert group_codes(values).tolist() == codes


def test_arrays_drop_missing_rows_and_close_gaps_in_codes() -> None:
    design = design_from_arrays([1.0, np.nan, 3.0], [[1.0], [1.0], [1.0]], groups={"g": ["a", "b", "c"]})
    assert design.observations == 2
    assert design.groups["g"].tolist() == [0, 1]
    assert design.names == ("x1",)


def test_every_absent_column_is_named_at_once() -> None:
    with pytest.raises(InputError) as caught:
        design_from_formula("y ~ wealth", table(), groups=["region"])
    assert [problem.where for problem in caught.value.problems] == ["column region", "column wealth"]


def test_an_infinite_offset_is_refused() -> None:
    with pytest.raises(InputError, match="offset has infinite values"):
        design_from_arrays([1.0, 2.0], [[1.0], [1.0]], offset=[0.0, -np.inf])


@pytest.mark.parametrize("offset", ["log(time)", "np.log(time)", "log( time )"])
def test_a_person_time_of_zero_is_refused_by_name(offset: str) -> None:
    with pytest.raises(InputError, match="offset has infinite values"):
        design_from_formula("x ~ 1", table().assign(time=[0.0, 1.0, 2.0, 3.0, 4.0]), offset=offset)


def test_an_offset_may_be_any_expression() -> None:
    design = design_from_formula("x ~ 1", table(), offset="log(time / 2) + 1")
    assert np.allclose(design.offset, np.log(table()["time"] / 2) + 1)


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(InputError, match="trials has 3 rows"):
        design_from_arrays([1.0, 2.0], [[1.0], [1.0]], trials=[1.0, 1.0, 1.0])


def test_a_response_of_words_is_refused() -> None:
    with pytest.raises(InputError, match="the response"):
        design_from_formula("name ~ x", table())


def test_aliased_columns_are_the_later_ones() -> None:
    x = np.arange(6.0)
    matrix = np.column_stack([np.ones(6), x, 2.0 * x + 1.0, x**2])
    assert aliased_columns(matrix) == [2]
    assert aliased_columns(matrix[:, [0, 1, 3]]) == []


def test_without_and_subset_keep_the_rest() -> None:
    design = design_from_formula("x ~ time + la", table(), groups=["name"])
    assert design.without("time").names == ("(Intercept)", "la")
    part = design.subset(np.array([0, 2]))
    assert part.groups["name"].tolist() == [0, 1]
    assert part.rows.tolist() == [0, 2]
    with pytest.raises(KeyError, match="no column"):
        design.without("wealth")


def test_a_fit_without_numbers_has_none() -> None:
    fit = Fit.unusable(("a", "b"), "all zero", "said", observations=3, method="NB2 GLM")
    assert not fit.is_usable
    assert np.isnan(fit.coefficient("b"))
    assert np.isnan(fit.standard_errors).all()
    assert np.isnan(fit.fitted).all()
    with pytest.raises(KeyError, match="no coefficient"):
        fit.standard_error("c")


@pytest.mark.parametrize("formula", ["count ~ arm + size", "count~size+arm"])
def test_columns_that_are_only_added_up_give_what_the_library_reads(
    formula: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = pd.DataFrame({"count": [3, 0, 5, 2], "arm": [1, 0, 1, 0], "size": [0.5, 1.5, np.nan, 2.0]})
    quick = design_from_formula(formula, frame, groups=["arm"])
    monkeypatch.setattr("swis.effects.design._plain_columns", lambda formula, table: None)
    read = design_from_formula(formula, frame, groups=["arm"])
    assert quick.names == read.names
    assert quick.matrix.tolist() == read.matrix.tolist()
    assert quick.response.tolist() == read.response.tolist() == [3, 0, 2]


@pytest.mark.parametrize(
    ("formula", "names"),
    [
        ("count ~ arm + is_large", ["(Intercept)", "arm", "is_large"]),
        ("count ~ arm + place", ["(Intercept)", "arm", "place[T.b]"]),
        ("count ~ 0 + arm", ["arm"]),
        ("count ~ arm + arm", ["(Intercept)", "arm"]),
    ],
)
def test_anything_but_a_sum_of_numbers_is_read_by_the_library(formula: str, names: list[str]) -> None:
    frame = pd.DataFrame(
        {"count": [3, 0, 5, 2], "arm": [1, 0, 1, 0], "is_large": [True, False, False, True], "place": list("abab")}
    )
    assert list(design_from_formula(formula, frame).names) == names
