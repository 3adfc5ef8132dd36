"""Rounding for all counts: base 5, never far off, idempotent, monotone, and blind to order."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from swis.disclosure import protect_counts, round_count
from swis.disclosure.proof import is_rounded
from swis.report.wording import count_text

counts = st.lists(st.integers(min_value=0, max_value=10**7), min_size=1, max_size=30)


@given(counts)
def test_every_rounded_count_is_a_multiple_of_five_within_two_and_a_half(values: list[int]) -> None:
    rounded = round_count(pd.Series(values))
    assert (rounded % 5 == 0).all()
    assert ((rounded - pd.Series(values)).abs() <= 2).all()


@given(counts)
def test_rounding_twice_is_rounding_once(values: list[int]) -> None:
    once = round_count(pd.Series(values))
    assert round_count(once).equals(once)


@given(counts)
def test_rounding_keeps_order(values: list[int]) -> None:
    ordered = pd.Series(sorted(values))
    assert round_count(ordered).is_monotonic_increasing


@given(counts, st.randoms())
def test_order_of_rows_changes_nothing(values: list[int], random: object) -> None:
    frame = pd.DataFrame({"name": range(len(values)), "count": values})
    shuffled = frame.sample(frac=1, random_state=len(values))
    again = protect_counts(shuffled, ["count"]).frame.sort_values("name", ignore_index=True)
    assert again.equals(protect_counts(frame, ["count"]).frame)


@given(st.integers(min_value=0, max_value=10**7))
def test_the_proof_accepts_exactly_the_rounded_texts(value: int) -> None:
    assert is_rounded(count_text(value)) == (value % 5 == 0)


@given(counts)
def test_numbers_that_round_to_zero_look_the_same(values: list[int]) -> None:
    protected = protect_counts(pd.DataFrame({"count": values}), ["count"]).frame
    assert (protected["symbol"] == "[low]").tolist() == [value < 3 for value in values]
