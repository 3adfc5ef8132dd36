"""Arms compared, schools drawn anew and what follows for the decision, each number worked out by hand in a comment."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from swis.economics.compared import Compared, compare
from swis.economics.comparison import arms_of, draws, interval, rates
from swis.economics.decision import (
    DOMINANT,
    DOMINATED,
    LESS_FOR_LESS,
    NO_DIFFERENCE,
    acceptability,
    cost_per_event,
    net_benefit,
    quadrants,
    verdict,
)
from swis.economics.parameters import OneWay, Uncertain
from swis.economics.sensitivity import costs_with_uncertain_prices, one_way_table
from swis.economics.value import plane_table, value_table

WORKERS = "social workers in post"
MANAGERS = "team managers in post"


def schools() -> pd.DataFrame:
    """Two authorities: in the first two schools of intervention and one of control, in the second one of each."""
    rows = [
        ("a", "1", "intervention", 10, 1_000, 30_000, 3_000),
        ("a", "2", "intervention", 20, 1_000, 50_000, 5_000),
        ("a", "3", "control", 30, 1_000, 0, 0),
        ("b", "4", "intervention", 5, 500, 20_000, 2_000),
        ("b", "5", "control", 9, 600, 0, 0),
    ]
    columns = ["authority", "urn", "arm", "count", "pupil_years", WORKERS, MANAGERS]
    return pd.DataFrame(rows, columns=columns)


def test_a_school_stands_for_the_schools_of_both_arms_of_its_authority() -> None:
    arms, held = arms_of(schools())
    weights = dict(zip(held["urn"], arms.weights, strict=True))
    # In a there are 3 schools: 3 / 2 for each of the two of intervention, 3 / 1 for the control. In b 2 / 1 each.
    assert weights == {"1": 1.5, "2": 1.5, "3": 3.0, "4": 2.0, "5": 2.0}


def test_an_authority_with_schools_of_one_arm_only_is_left_out() -> None:
    alone = schools().assign(authority=["a", "a", "a", "c", "b"])
    assert arms_of(alone)[1]["authority"].unique().tolist() == ["a"]
    with pytest.raises(ValueError, match="both arms"):
        compare(alone[alone["authority"] != "a"], [WORKERS], replicates=100, seed=1)


def test_rates_and_differences_per_1000_pupils_a_year() -> None:
    made = compare(schools(), [WORKERS, MANAGERS], replicates=100, seed=1)
    # Pupil-years: intervention 1.5 × 2,000 + 2 × 500 = 4,000; control 3 × 1,000 + 2 × 600 = 4,200.
    # Enquiries: intervention (1.5 × 30 + 2 × 5) / 4,000 = 55 / 4,000 = 13.75 per 1,000; control
    # (3 × 30 + 2 × 9) / 4,200 = 108 / 4,200 = 25.7143 per 1,000. Prevented: 25.7143 − 13.75 = 11.9643.
    assert made.prevented == pytest.approx(11.964286, abs=1e-6)
    # Workers: (1.5 × 80,000 + 2 × 20,000) / 4,000 × 1,000 = 160,000 / 4 = 40,000; managers a tenth of it.
    assert made.costs.tolist() == pytest.approx([40_000, 4_000])
    assert made.cost == pytest.approx(44_000)
    # 44,000 / 11.964286 = 3,677.61 pounds per enquiry prevented.
    assert cost_per_event(made.cost, made.prevented) == pytest.approx(3_677.61, abs=0.005)


def test_replicates_draw_one_school_fewer_and_weigh_it_up() -> None:
    arms, held = arms_of(schools())
    times = draws(arms, 4_000, np.random.default_rng(1))
    by_school = dict(zip(held["urn"], times.T, strict=True))
    # Of two schools one is drawn and counts 2 / 1 = 2; a school alone in its arm counts once, always.
    assert set(np.unique(by_school["1"])) == {0.0, 2.0}
    assert (by_school["1"] + by_school["2"] == 2).all()
    assert all((by_school[urn] == 1).all() for urn in "345")
    drawn = rates(arms, held["count"].to_numpy(float), held["pupil_years"].to_numpy(float), times)[0]
    # Intervention: (1.5 × 2 × 10 + 10) / 4,000 = 10 per 1,000, or (1.5 × 2 × 20 + 10) / 4,000 = 17.5.
    assert set(np.round(drawn, 6)) == {10.0, 17.5}


def test_the_spread_of_replicates_is_that_of_a_mean_of_so_few_schools() -> None:
    values = np.array([2.0, 4.0, 6.0, 12.0])
    frame = pd.DataFrame({"authority": "a", "urn": list("12345"), "arm": ["intervention"] * 4 + ["control"]})
    arms, _ = arms_of(frame)
    of_treated = np.concatenate([[0.0], values])  # control sorts first
    means = arms.totals(of_treated, draws(arms, 40_000, np.random.default_rng(3)))[0] / 5
    # Mean 6, deviations −4, −2, 0, 6: squares add up to 56, variance of a mean of four 56 / 3 / 4 = 4.6667.
    # The standard error of the variance of 40,000 replicates is about 4.6667 × sqrt(2 / 40,000) = 0.033; four of them.
    assert float(means.var()) == pytest.approx(56 / 12, abs=0.14)
    assert float(means.mean()) == pytest.approx(6, abs=4 * (56 / 12 / 40_000) ** 0.5)


@pytest.mark.parametrize(
    ("cost", "prevented", "word"),
    [
        (100, 2, ""),
        (100, -2, DOMINATED),
        (100, 0, DOMINATED),
        (0, -2, DOMINATED),
        (-100, 2, DOMINANT),
        (0, 2, DOMINANT),
        (-100, 0, DOMINANT),
        (-100, -2, LESS_FOR_LESS),
        (0, 0, NO_DIFFERENCE),
    ],
)
def test_a_word_takes_the_place_of_a_ratio_that_would_mislead(cost: float, prevented: float, word: str) -> None:
    assert verdict(cost, prevented) == word
    # Only 100 pounds for 2 enquiries is a ratio: 50 pounds each.
    assert cost_per_event(cost, prevented) == pytest.approx(float("nan") if word else 50, nan_ok=True)


def test_net_benefit_quadrants_and_acceptability() -> None:
    cost, prevented = np.array([100.0, 100.0, -50.0, -50.0]), np.array([2.0, -1.0, 1.0, -3.0])
    # At 60 each: 120 − 100 = 20; −60 − 100 = −160; 60 + 50 = 110; −180 + 50 = −130.
    assert np.asarray(net_benefit(cost, prevented, 60)).tolist() == [20, -160, 110, -130]
    # One of four in each quadrant.
    assert quadrants(cost, prevented)["share"].tolist() == [0.25] * 4
    # At 0: only the two that save money, 2 / 4. At 60: the first and the third. At 10: −80, …, 60, 20: two.
    assert acceptability(cost, prevented, [0, 10, 60])["probability"].tolist() == [0.5, 0.5, 0.5]
    # At 20: the fourth is 50 − 60 = −10, so only the third is left.
    assert acceptability(cost, prevented, [20])["probability"].tolist() == [0.25]


def compared() -> Compared:
    """A hundred replicates: cost 1 to 100 in even steps, one event prevented in each, two bases of equal cost."""
    cost = np.arange(1, 101) / 2
    return Compared((WORKERS, MANAGERS), np.array([25.0, 25.0]), 1.0, np.stack([cost, cost], axis=1), np.ones(100), 10)


def test_the_table_of_value_leads_with_net_benefit() -> None:
    table = value_table(compared(), [80], 0.9)
    assert table["quantity"].tolist() == [
        "net benefit", "incremental cost", "events prevented", "cost per event prevented",
    ]  # fmt: skip
    # 80 × 1 − 50 = 30; quantiles of 1 … 100 at 5 % and 95 % are 1 + 0.05 × 99 = 5.95 and 95.05, so 80 less these.
    assert table.loc[0, ["estimate", "lower", "upper"]].tolist() == pytest.approx([30, -15.05, 74.05])
    assert table.loc[1, ["estimate", "lower", "upper"]].tolist() == pytest.approx([50, 5.95, 95.05])
    assert table.loc[3, "estimate"] == 50
    assert interval(np.arange(1, 101), 0.9) == pytest.approx((5.95, 95.05))


def test_one_assumption_at_a_time_widest_first() -> None:
    analyses = {
        "pay": OneWay(title="Pay", varies="price", bases=[WORKERS], low=0.8, high=1.2, assumed="test"),
        "discount": OneWay(title="Discount", varies="discount", low=0, high=6, assumed="test"),
        "effect": OneWay(title="Effect", varies="effect", assumed="test"),
    }
    table = one_way_table(compared(), analyses, 80, 0.9, lambda percent: np.array([25.0, 30.0 - percent]))
    by_name = table.set_index("analysis")
    # Pay: 25 × 0.8 + 25 = 45, so 80 − 45 = 35; 25 × 1.2 + 25 = 55, so 25.
    assert by_name.loc["pay", ["benefit_low", "benefit_high"]].tolist() == pytest.approx([35, 25])
    # Discount: at 0 the cost is 25 + 30 = 55, benefit 25; at 6 it is 49, benefit 31.
    assert by_name.loc["discount", ["benefit_low", "benefit_high"]].tolist() == pytest.approx([25, 31])
    # The effect is 1 in every replicate, so its limits change nothing: 80 − 50 = 30.
    assert by_name.loc["effect", ["benefit_low", "benefit_high"]].tolist() == pytest.approx([30, 30])
    assert table["analysis"].tolist() == ["pay", "discount", "effect"]


def test_uncertain_prices_move_the_bases_of_an_entry_together_and_no_other() -> None:
    pay = {"pay": Uncertain(title="Pay", bases=[WORKERS], coefficient_of_variation=0.2, assumed="test")}
    drawn = costs_with_uncertain_prices(compared(), pay, np.random.default_rng(1))
    factor = np.random.default_rng(1).gamma(25.0, 1 / 25, size=(100, 1))[:, 0]
    # A coefficient of 0.2 is a gamma of shape 1 / 0.2² = 25; half of the cost is multiplied by it.
    assert drawn == pytest.approx(np.arange(1, 101) / 2 * (1 + factor))
    none = {"pay": Uncertain(title="Pay", bases=[WORKERS], coefficient_of_variation=0, assumed="test")}
    assert costs_with_uncertain_prices(compared(), none, np.random.default_rng(1)) == pytest.approx(np.arange(1, 101))


def test_the_plane_in_few_cells_holds_every_replicate() -> None:
    plane = plane_table(compare(schools(), [WORKERS], replicates=200, seed=2))
    assert plane["share"].sum() == pytest.approx(1)
    assert (plane["share"] > 0).all()
    assert len(plane) <= 144
