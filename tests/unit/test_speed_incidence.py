"""Cumulative incidence worked out by hand: competing ends, open waits, the horizon, and schools as the units."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from swis.speed.incidence import DayCounts, aalen_johansen, incidence_with_limits


def counts(waits: list[tuple[int, int, str]], last: int) -> DayCounts:
    """Waits (school, day, how it ended)."""
    school, days, ended = (np.array(column) for column in zip(*waits, strict=True))
    return DayCounts.of(school.astype(np.int64), days.astype(float), ended == "event", ended == "competing", last)


WAITS = [
    (0, 0, "event"), (0, 2, "event"), (0, 2, "competing"), (0, 3, "open"),
    (1, 1, "competing"), (1, 2, "open"), (1, 4, "event"), (1, 9, "event"),
]  # fmt: skip


def test_incidence_with_a_competing_end_by_hand() -> None:
    held = counts(WAITS, 5)
    found = incidence_with_limits(held, 0.95)[0]
    # Day 0: 1 of 8. Day 1: a competing end, 6/8 stay. Day 2: 1 of 6; two ended, 4/6 of 6/8 stay; one open leaves.
    # Day 3: one open leaves after the day. Day 4: 1 of 2.
    first = Fraction(1, 8)
    second = first + Fraction(6, 8) * Fraction(1, 6)
    third = second + Fraction(6, 8) * Fraction(4, 6) * Fraction(1, 2)
    assert found.tolist() == pytest.approx([float(one) for one in (first, first, second, second, third, third)])


def test_a_competing_end_is_no_censoring() -> None:
    as_competing = counts([(0, 1, "competing"), (0, 2, "event")], 3)
    as_open = counts([(0, 1, "open"), (0, 2, "event")], 3)
    assert incidence_with_limits(as_competing, 0.95)[0][-1] == 0.5
    assert incidence_with_limits(as_open, 0.95)[0][-1] == 1.0


def test_without_open_waits_it_is_the_share_that_ended_so_far() -> None:
    rng = np.random.default_rng(3)
    days, ended = rng.integers(0, 12, 200), rng.choice(["event", "competing"], 200)
    held = counts(list(zip(rng.integers(0, 9, 200), days, ended, strict=True)), 10)
    shares = [np.mean((ended == "event") & (days <= day)) for day in range(11)]
    assert incidence_with_limits(held, 0.95)[0] == pytest.approx(np.array(shares))


def test_what_lasts_longer_than_the_horizon_is_open_there() -> None:
    assert counts([(0, 9, "event"), (0, 9, "competing")], 5).open[0, 5] == 2


def test_nobody_at_risk_leaves_the_curve_where_it_was() -> None:
    events, competing = np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
    assert aalen_johansen(events, competing, np.array([2.0, 1.0, 0.0])).tolist() == [0.5, 0.5, 0.5]


def test_the_jackknife_over_schools_by_hand() -> None:
    # Three schools with 1 of 2, 1 of 4 and 3 of 4 events on day 0 and the rest competing.
    waits = [(0, 0, "event"), (0, 0, "competing"), (1, 0, "event"), *[(1, 0, "competing")] * 3]
    waits += [*[(2, 0, "event")] * 3, (2, 0, "competing")]
    incidence, lower, upper = (curve[0] for curve in incidence_with_limits(counts(waits, 0), 0.95))
    without = np.array([4 / 8, 4 / 6, 2 / 6])
    error = np.sqrt(2 / 3 * ((without - without.mean()) ** 2).sum())
    hazard = -np.log(1 - 0.5)
    half = 4.302653 * error / (0.5 * hazard)  # t with 2 degrees of freedom
    assert incidence == 0.5
    assert lower == pytest.approx(1 - np.exp(-hazard * np.exp(-half)), rel=1e-6)
    assert upper == pytest.approx(1 - np.exp(-hazard * np.exp(half)), rel=1e-6)


def test_of_one_school_alone_there_are_no_limits() -> None:
    _, lower, upper = incidence_with_limits(counts([(0, 0, "event"), (0, 1, "open")], 2), 0.95)
    assert np.isnan(lower).all()
    assert np.isnan(upper).all()


def test_agrees_with_the_estimator_of_statsmodels() -> None:
    from statsmodels.duration.survfunc import CumIncidenceRight

    rng = np.random.default_rng(8)
    days, ended = rng.integers(1, 15, 300), rng.choice(["open", "event", "competing"], 300, p=[0.2, 0.5, 0.3])
    codes = np.select([ended == "event", ended == "competing"], [1, 2], 0)
    other = CumIncidenceRight(days.astype(float), codes)
    held = counts(list(zip(np.zeros(300, int), days, ended, strict=True)), 14)
    mine = incidence_with_limits(held, 0.95)[0][other.times.astype(int)]
    assert mine == pytest.approx(other.cinc[0], abs=1e-9)
