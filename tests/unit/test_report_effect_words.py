"""Estimates in words: no more digits than the data carry, and none at all where they tell nothing."""

from __future__ import annotations

import pandas as pd
import pytest

from swis.disclosure.book import few_digits
from swis.outcomes.registry import measures
from swis.report.chapters.effects.words import difference_text, error_text, ratio_text, scale_words, whole_text


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (1.0549, "1.055"),
        (12.345, "12.3"),
        (999.96, "1000.0"),
        (1_000.1, "over 1,000"),
        (1.4236e49, "over 1,000"),
        (0.0005, "0.001"),
        (0.0004, "under 0.001"),
        (0.0, "0.000"),
        (float("inf"), "–"),
        (float("nan"), "–"),
    ],
)
def test_a_ratio_beyond_all_bounds_is_said_in_words(ratio: float, words: str) -> None:
    assert ratio_text(ratio) == words


@pytest.mark.parametrize(
    ("difference", "words"),
    [(0.314, "+0.31"), (-0.0452, "−0.045"), (12_345.6, "+12345.6"), (3e9, "over +100,000"), (-3e9, "under −100,000")],
)
def test_a_difference_beyond_all_bounds_is_said_in_words(difference: float, words: str) -> None:
    assert difference_text(difference) == words


def test_an_error_that_is_none_or_huge_has_no_false_digits() -> None:
    assert [error_text(value) for value in (0.05123, 2345.678, float("inf"), None)] == ["0.051", "2346", "–", "–"]


def test_interval_of_an_estimate_the_data_leave_open() -> None:
    row = {"scale": "rate ratio", "estimate": 0.082, "lower": 1e-9, "upper": 1e49, "symbol": ""}
    assert whole_text(row) == "0.082 (under 0.001 to over 1,000)"


def test_huge_numbers_keep_three_leading_digits_so_that_machines_agree() -> None:
    one, other = 14236231663994638.0, 14236231664034086.0
    shown = few_digits(pd.DataFrame({"upper": pd.array([one, other, None, 999_999.96], dtype="Float64")}))["upper"]
    assert shown[0] == shown[1] == 1.42e16
    assert pd.isna(shown[2])
    assert shown[3] == pytest.approx(1_000_000.0)


def test_a_mean_difference_says_its_unit_and_a_ratio_needs_none() -> None:
    found = {
        name: scale_words("mean difference", measures()[name].unit) for name in ("contacts_to_referral", "progress8")
    }
    assert found == {
        "contacts_to_referral": "Mean difference, percentage points",
        "progress8": "Mean difference, grades",
    }
    assert scale_words("odds ratio", "% of contacts decided") == "Odds ratio"
