"""What the door lets through of outcome rows, and what it never does."""

from __future__ import annotations

import pandas as pd
import pytest
from invented_report_inputs import invented_outcomes, invented_returns

from swis.disclosure import DisclosureError, Protected, protect_outcomes, protect_participants, protect_returns
from swis.outcomes.intervals import poisson_exact

YEARS = ["2018/19", "2021/22"]
RATE = {"measure": "section47_enquiries", "unit": "per 1,000 pupil-years"}
ROW = {
    "authority": "gateshead",
    "trial": "swis",
    "level": "arm",
    "urn": "",
    "arm": "intervention",
    "period_kind": "academic year",
    "period": "2021/22",
    "count": 12.0,
    "denominator": 4003.0,
    "value": 2.99775,
    "lower": 1.5,
    "upper": 5.2,
    "schools": 5,
    "observed_share": 1.0,
    "comparability": "comparable",
    "status": "ok",
    **RATE,
}


def rows(*changes: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([ROW | change for change in changes])


def test_a_school_never_leaves() -> None:
    outcomes = invented_outcomes("gateshead", ["swis"], YEARS, schools=6, seed=1)
    assert (outcomes["level"] == "school").any()
    protected = protect_outcomes(outcomes).frame
    assert not (protected["level"] == "school").any()
    assert "urn" not in protected


def test_every_count_is_rounded_and_the_value_is_made_of_rounded_counts() -> None:
    row = protect_outcomes(rows({})).frame.iloc[0]
    assert (row["count"], row["denominator"], row["schools"]) == (10, 4005, 5)
    assert row["value"] == pytest.approx(10 / 4005 * 1000)


def test_the_interval_is_that_of_the_rounded_count() -> None:
    row = protect_outcomes(rows({})).frame.iloc[0]
    low, high = poisson_exact(pd.Series([10.0]).to_numpy(), 0.95)
    assert row["lower"] == pytest.approx(low[0] / 4005 * 1000)
    assert row["upper"] == pytest.approx(high[0] / 4005 * 1000)


def test_counts_with_one_rounded_form_leave_exactly_alike() -> None:
    alike = [protect_outcomes(rows({"count": count, "value": count})).frame for count in (8.0, 9.0, 10.0, 11.0, 12.0)]
    assert all(frame.equals(alike[0]) for frame in alike[1:])


def test_a_true_zero_and_a_one_leave_exactly_alike() -> None:
    none, one = (protect_outcomes(rows({"count": count, "value": count})).frame for count in (0.0, 1.0))
    assert none.equals(one)
    assert none["symbol"].item() == "[low]"


def test_nothing_to_divide_by_looks_like_little_to_divide_by() -> None:
    share = {"measure": "referrals_no_further_action", "unit": "% of referrals"}
    nothing = {
        "count": 0.0,
        "denominator": 0.0,
        "value": None,
        "lower": None,
        "upper": None,
        "status": "no denominator",
    }
    little = {"count": 1.0, "denominator": 2.0, "value": 50.0, "lower": None, "upper": None}
    one, other = (protect_outcomes(rows(share | case)).frame.drop(columns="status") for case in (nothing, little))
    assert one.equals(other)


@pytest.mark.parametrize("schools", [1, 2])
def test_fewer_than_three_schools_are_hidden_with_all_that_follows_from_them(schools: int) -> None:
    row = protect_outcomes(rows({"schools": schools})).frame.iloc[0]
    assert row["symbol"] == "[c]"
    assert row[["count", "denominator", "value", "lower", "upper", "schools"]].isna().all()


def test_a_total_beside_a_hidden_arm_is_hidden_too() -> None:
    both = rows({"schools": 2}, {"arm": "control"}, {"arm": "all", "level": "authority", "schools": 7})
    symbols = protect_outcomes(both).frame.set_index("arm")["symbol"]
    assert symbols.to_dict() == {"intervention": "[c]", "control": "", "all": "[c]"}


def test_unobserved_is_not_zero() -> None:
    row = protect_outcomes(rows({"status": "not observed", "count": None, "value": None})).frame.iloc[0]
    assert row["symbol"] == "[x]"
    assert pd.isna(row["count"])


def test_protecting_twice_changes_nothing() -> None:
    outcomes = invented_outcomes("gateshead", ["swis"], YEARS, schools=6, seed=2)
    once = protect_outcomes(outcomes)
    again = protect_outcomes(once.frame)
    pd.testing.assert_frame_equal(again.frame, once.frame)


def test_a_mean_loses_its_sum_and_is_hidden_when_few_stand_behind_it() -> None:
    mean = {"measure": "attainment8", "unit": "points", "count": 47_123.0, "denominator": 1001.0, "value": 47.0759}
    row = protect_outcomes(rows(mean)).frame.iloc[0]
    assert pd.isna(row["count"])
    assert (row["value"], row["denominator"]) == (47.1, 1000)
    assert protect_outcomes(rows(mean | {"denominator": 7.0})).frame["symbol"].item() == "[c]"


def test_returns_are_rounded_with_their_rates() -> None:
    protected = protect_returns(invented_returns("gateshead"))
    assert (protected.frame["count"] % 5 == 0).all()
    expected = protected.frame["count"] / protected.frame["denominator"] * 10_000
    assert (protected.frame["value"] - expected).abs().max() < 1e-9


def test_participants_of_two_schools_are_hidden() -> None:
    held = pd.DataFrame(
        {"arm": ["control", "intervention"], "schools": [2, 6], "pupils": [1801, 5402], "pupil_years": [1790.2, 5399.9]}
    )
    frame = protect_participants(held).frame
    assert frame["symbol"].tolist() == ["[c]", ""]
    assert frame["pupils"].tolist()[1] == 5400
    assert pd.isna(frame["pupils"][0])


def test_a_frame_is_refused_unless_rounded_and_nameless() -> None:
    with pytest.raises(DisclosureError, match="1 values of count"):
        Protected(pd.DataFrame({"count": [5, 7]}), ("count",))
    with pytest.raises(DisclosureError, match="urn"):
        Protected(pd.DataFrame({"urn": ["900001"], "count": [5]}), ("count",))


def test_a_row_without_a_number_has_no_interval_either() -> None:
    absent = {"count": None, "denominator": None, "value": None, "lower": None, "upper": None, "status": "not observed"}
    one = protect_outcomes(rows(ROW, ROW | absent)).frame.iloc[1]
    assert one[["value", "lower", "upper"]].isna().all()


def test_the_interval_of_a_sum_lies_around_the_rounded_value_and_not_around_the_true_one() -> None:
    days = {"measure": "days_in_care", "unit": "days per 1,000 pupil-years", "count": 2013.0, "denominator": 903.0}
    one = protect_outcomes(rows(ROW | days | {"value": 2229.2, "lower": 1829.2, "upper": 2629.2})).frame.iloc[0]
    assert one["value"] == pytest.approx(2015 / 905 * 1000)
    assert (one["lower"] + one["upper"]) / 2 == pytest.approx(one["value"], abs=0.06)
