"""One formatter for every number of a report."""

from __future__ import annotations

import pandas as pd
import pytest
from markupsafe import Markup

from swis.in_words import long_date
from swis.report.wording import (
    count_cell,
    count_span,
    count_text,
    interval_text,
    listed,
    listed_text,
    number_text,
    percent_text,
    published_text,
    value_span,
)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (0.044, "0.04"),
        (7.25, "7.25"),
        (45.31, "45.3"),
        (99.96, "100"),
        (169.6, "170"),
        (12345.6, "12,346"),
        (-0.25, "−0.25"),
    ],
)
def test_values_have_at_most_two_decimals_and_fewer_as_they_grow(value: float, shown: str) -> None:
    assert number_text(value) == shown


def test_what_rounds_to_zero_has_no_sign() -> None:
    assert [number_text(value, decimals=2) for value in (-0.004, -0.006)] == ["0.00", "−0.01"]
    assert published_text(-0.004) == "0.00"


def test_a_missing_value_is_never_shown_as_a_number() -> None:
    assert number_text(None) == "[x]"
    assert number_text(pd.NA, "[c]") == "[c]"
    assert count_text(pd.NA) == "[x]"


@pytest.mark.parametrize(("value", "shown"), [(189.6, "189.6"), (78.4, "78.4"), (0.1, "0.10"), (1234.5, "1,234.5")])
def test_published_figures_keep_the_precision_of_their_release(value: float, shown: str) -> None:
    assert published_text(value) == shown


@pytest.mark.parametrize(
    ("value", "symbol", "shown"), [(1235, "", "1,235"), (0, "", "0"), (0, "[low]", "[low]"), (pd.NA, "[c]", "[c]")]
)
def test_only_a_true_zero_is_shown_as_zero(value: object, symbol: str, shown: str) -> None:
    assert count_cell(value, symbol) == shown


def test_in_sentences_symbols_become_words() -> None:
    assert count_span(0, "[low]") == "a number too small to show"
    assert count_span(pd.NA, "[c]") == "a number that is not shown"
    assert value_span(0, symbol="[low]") == "too few to show"
    assert count_span(1235) == Markup('<span data-kind="count">1,235</span>')


def test_an_interval_is_shown_only_beside_a_number() -> None:
    assert interval_text(4.123, 6.3) == "4.12 to 6.30"
    assert interval_text(4.1, 6.3, "[c]") == "–"
    assert interval_text(None, 6.3) == "–"


@pytest.mark.parametrize(
    ("share", "shown"), [(0.0, "0%"), (0.004, "under 1%"), (0.67, "67%"), (0.998, "over 99%"), (1.0, "100%")]
)
def test_a_part_is_never_rounded_to_all_or_nothing(share: float, shown: str) -> None:
    assert percent_text(share) == shown


def test_lists_read_as_english_and_escape_once() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a < b", "c"]) == "a &lt; b and c"
    assert listed_text(["with 'pass'", "b", "c"]) == "with 'pass', b and c"


def test_dates_do_not_depend_on_the_language_of_the_machine() -> None:
    assert long_date("2023-08-31") == "31 August 2023"
