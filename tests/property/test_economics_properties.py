"""What must hold of the economic evaluation whatever the numbers are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from swis.economics.compared import compare
from swis.economics.decision import QUADRANTS, cost_per_event, net_benefit, quadrants, verdict
from swis.economics.prices import in_prices_of
from swis.economics.school_costs import by_basis, school_costs

BASIS = "social workers in post"
MONEY = st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 2))
EVENTS = st.floats(-100, 100, allow_nan=False).map(lambda value: round(value, 3))


@st.composite
def trials(draw: st.DrawFn) -> pd.DataFrame:
    """Schools of two or three authorities with schools of both arms."""
    rows = []
    for authority in "abc"[: draw(st.integers(2, 3))]:
        for arm in ("intervention", "control"):
            for number in range(draw(st.integers(1, 4))):
                count, pupils = draw(st.integers(0, 60)), draw(st.integers(100, 3_000))
                rows.append((authority, f"{authority}{arm}{number}", arm, count, pupils, draw(st.integers(0, 90_000))))
    return pd.DataFrame(rows, columns=["authority", "urn", "arm", "count", "pupil_years", BASIS])


@given(trials(), st.randoms(use_true_random=False))
def test_the_order_of_rows_makes_no_difference(schools: pd.DataFrame, random: object) -> None:
    order = list(range(len(schools)))
    random.shuffle(order)  # type: ignore[attr-defined]
    one = compare(schools, [BASIS], replicates=100, seed=5)
    other = compare(schools.iloc[order], [BASIS], replicates=100, seed=5)
    assert one.prevented == other.prevented
    assert np.array_equal(one.costs_drawn, other.costs_drawn)
    assert np.array_equal(one.prevented_drawn, other.prevented_drawn)


@given(trials(), st.integers(2, 9))
def test_prices_so_many_times_as_high_make_the_cost_so_many_times_as_high(schools: pd.DataFrame, times: int) -> None:
    one = compare(schools, [BASIS], replicates=100, seed=5)
    other = compare(schools.assign(**{BASIS: schools[BASIS] * times}), [BASIS], replicates=100, seed=5)
    # Sums of numbers of up to 90,000 in another order; 1e-6 of a pound is far below a penny.
    assert other.cost == pytest.approx(one.cost * times, abs=1e-6)
    assert other.cost_drawn == pytest.approx(one.cost_drawn * times, abs=1e-6)
    assert np.array_equal(other.prevented_drawn, one.prevented_drawn)


@given(trials())
def test_swapping_the_arms_turns_every_sign(schools: pd.DataFrame) -> None:
    swapped = schools.assign(arm=schools["arm"].map({"intervention": "control", "control": "intervention"}))
    one, other = (compare(frame, [BASIS], replicates=100, seed=5) for frame in (schools, swapped))
    assert other.cost == pytest.approx(-one.cost, abs=1e-6)
    assert other.prevented == pytest.approx(-one.prevented, abs=1e-9)


@given(trials(), st.integers(1, 50))
def test_the_same_rate_everywhere_prevents_nothing_in_any_replicate(schools: pd.DataFrame, per_1000: int) -> None:
    made = compare(schools.assign(count=schools["pupil_years"] * per_1000 / 1_000), [BASIS], replicates=100, seed=5)
    # Rates of 1 to 50 that are equal but for rounding.
    assert made.prevented == pytest.approx(0, abs=1e-9)
    assert made.prevented_drawn == pytest.approx(np.zeros(100), abs=1e-9)


@given(MONEY, EVENTS)
def test_a_ratio_is_only_printed_where_more_is_had_for_more(cost: float, prevented: float) -> None:
    word, ratio = verdict(cost, prevented), cost_per_event(cost, prevented)
    assert (word == "") == (cost > 0 and prevented > 0)
    assert np.isnan(ratio) == (word != "")
    assert not ratio < 0


@given(MONEY, EVENTS, st.floats(0, 1e5, allow_nan=False))
def test_what_is_dominated_has_no_net_benefit_at_any_price_and_what_dominates_no_loss(
    cost: float, prevented: float, pounds: float
) -> None:
    word, benefit = verdict(cost, prevented), net_benefit(cost, prevented, pounds)
    if word == "dominated":
        assert benefit <= 0
    if word == "dominant":
        assert benefit >= 0


@given(st.lists(st.tuples(MONEY, EVENTS), min_size=1, max_size=50))
def test_every_replicate_is_in_one_quadrant(drawn: list[tuple[float, float]]) -> None:
    cost, prevented = (np.array(part) for part in zip(*drawn, strict=True))
    table = quadrants(cost, prevented)
    assert table["share"].sum() == pytest.approx(1)
    assert set(QUADRANTS) <= set(table["quadrant"])


@given(st.floats(0, 1e6, allow_nan=False), st.floats(50, 150), st.floats(50, 150))
def test_to_another_price_year_and_back_is_the_same(pounds: float, one: float, other: float) -> None:
    index = {"2020/21": one, "2021/22": other}
    there = in_prices_of(pounds, "2020/21", "2021/22", index)
    assert in_prices_of(there, "2021/22", "2020/21", index) == pytest.approx(pounds, rel=1e-12)


@given(st.lists(st.floats(0, 12, allow_nan=False), min_size=1, max_size=3), st.floats(0, 20, allow_nan=False))
def test_discounting_never_adds_and_at_nothing_takes_nothing(months: list[float], percent: float) -> None:
    delivered = pd.DataFrame({"trial_year": range(1, len(months) + 1), "quantity": months}).assign(
        authority="a", trial="swis", urn="1", arm="intervention", window="w", basis=BASIS
    )
    prices = pd.DataFrame({"authority": ["a"], "item": ["salary"], "basis": [BASIS], "price": [3_000.0]})
    plain, discounted = (by_basis(school_costs(delivered, prices, rate), "w")[BASIS][0] for rate in (0, percent))
    assert plain == pytest.approx(3_000 * sum(months), rel=1e-12)
    assert discounted <= plain * (1 + 1e-12)
