"""Look-ups by whole numbers and in Arrow: each key's place, and none for a key that is missing or not there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from swis.derive.lookup import is_among, look_up, positions_in


@pytest.mark.parametrize("dtype", ["string", "str", "object"])
def test_places_of_texts_are_the_same_however_they_are_held(dtype: str) -> None:
    keys = pd.Series(["b", None, "z", "a", "b"], dtype=dtype)
    known = pd.Index(pd.array(["a", "b", "c"], dtype=dtype))
    assert positions_in(keys, known).tolist() == [1, -1, -1, 0, 1]


def test_a_missing_key_has_no_place_even_where_a_label_is_missing() -> None:
    keys = pd.Series(["a", None], dtype="string")
    assert positions_in(keys, pd.Index(pd.array([None, "a"], dtype="string"))).tolist() == [1, -1]


def test_nothing_has_a_place_among_nothing() -> None:
    keys = pd.Series(["a", None], dtype="string")
    assert positions_in(keys, pd.Index([], dtype="string")).tolist() == [-1, -1]
    assert positions_in(keys.iloc[:0], pd.Index(["a"], dtype="string")).dtype == np.intp


def test_a_look_up_keeps_the_index_of_the_keys_and_the_type_of_the_table() -> None:
    keys = pd.Series(["b", "z"], index=[9, 4], dtype="string", name="key")
    found = look_up(keys, pd.Series([1, 2], index=pd.Index(["a", "b"], dtype="string"), dtype="Int64"))
    pd.testing.assert_series_equal(found, pd.Series([2, None], index=[9, 4], dtype="Int64", name="key"))


def test_numbers_are_among_numbers() -> None:
    found = is_among(pd.Series([3, None, 5], dtype="Int64"), pd.Series([5, 6], dtype="Int64"))
    assert found.tolist() == [False, False, True]
