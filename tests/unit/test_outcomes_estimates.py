"""Intervals and pooling against textbook numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from derive_tables import AUTHORITY, every_return, on_rolls, params, pupil_number, rows, world

from swis.derive.working_days import bank_holidays, next_working_day, working_days_between
from swis.outcomes import Outcomes, derive_and_outcomes, pool
from swis.outcomes.authority_returns import authority_returns
from swis.outcomes.intervals import compound_poisson_error, poisson_exact, ratio_error, wilson


def test_exact_poisson_limits_of_the_tables() -> None:
    low, high = poisson_exact(np.array([0, 1, 10, 100]), 0.95)
    assert low == pytest.approx([0, 0.0253, 4.7954, 81.3640], abs=5e-4)
    assert high == pytest.approx([3.6889, 5.5716, 18.3904, 121.6270], abs=5e-4)


def test_wilson_limits_of_the_textbook() -> None:
    low, high = wilson(np.array([81]), np.array([263]), 0.95)
    assert (low[0], high[0]) == (pytest.approx(0.2553, abs=5e-5), pytest.approx(0.3662, abs=5e-5))


def test_the_error_of_a_mean_is_that_of_the_sample() -> None:
    values = np.array([40.0, 50.0, 60.0, 30.0])
    sums = [np.array([number]) for number in (values.sum(), 4.0, (values**2).sum(), 4.0, values.sum(), 4.0)]
    assert ratio_error(*sums)[0] == pytest.approx(values.std(ddof=1) / 2)


def test_the_error_of_a_compound_sum() -> None:
    assert compound_poisson_error(np.array([25.0]), np.array([10.0]))[0] == pytest.approx(0.5)
    assert np.isnan(compound_poisson_error(np.array([0.0]), np.array([10.0]))[0])


def test_working_days_leave_out_englands_bank_holidays() -> None:
    # Platinum Jubilee (2 and 3 June 2022), the state funeral (19 September 2022), the coronation (8 May 2023).
    known = {"2022-06-02", "2022-06-03", "2022-09-19", "2023-05-08", "2020-05-08"}
    assert known <= {str(day) for day in bank_holidays()}
    start = pd.Series(pd.to_datetime(["2022-06-01", "2022-09-16", "2023-05-05", "2022-06-06", None]))
    end = pd.Series(pd.to_datetime(["2022-06-06", "2022-09-20", "2023-05-09", "2022-06-01", "2022-06-06"]))
    counted = working_days_between(start, end)
    assert counted.iloc[:4].tolist() == [1, 1, 1, -1]
    assert np.isnan(counted.iloc[4])


def test_the_working_day_after_a_weekend_or_holiday() -> None:
    days = pd.Series(pd.to_datetime(["2022-06-01", "2022-06-04", "2022-12-23", None]))
    found = next_working_day(days)
    assert found.iloc[:3].dt.strftime("%Y-%m-%d").tolist() == ["2022-06-06", "2022-06-06", "2022-12-28"]
    assert pd.isna(found.iloc[3])


def one_authority(missing: tuple[int, ...] = ()) -> Outcomes:
    tables = world(
        pupils=rows("pupils", *on_rolls(1, year_group=7)),
        children=rows(
            "children",
            {"la_child_id": "SYN1", "upn": pupil_number(1), "birth_date": "2007-05-05"},
            {"la_child_id": "SYN2", "birth_date": "2003-05-05"},
        ),
        referrals=rows(
            "referrals",
            {"la_child_id": "SYN1", "referral_date": "2021-06-01", "referral_source": "2A"},
            {"la_child_id": "SYN2", "referral_date": "2021-05-04"},
            {"la_child_id": "SYN2", "referral_date": "2021-05-05"},
        ),
        assessments=rows(
            "assessments",
            {"la_child_id": "SYN1", "referral_date": "2021-06-01", "assessment_start_date": "2021-06-02",
             "assessment_end_date": "2021-06-16"},
        ),
        care_episodes=rows("care_episodes", {"la_child_id": "SYN1", "episode_start_date": "2021-07-01"}),
        looked_after_children=rows(
            "looked_after_children", {"la_child_id": "SYN1", "upn": pupil_number(1), "birth_date": "2007-05-05"}
        ),
    )  # fmt: skip
    return derive_and_outcomes(tables, params(), AUTHORITY, every_return(missing=missing))[1]


def test_the_whole_return_counts_children_under_18_of_any_school() -> None:
    found = one_authority().authority_returns.set_index(["measure", "time_period"])
    assert found.loc[("referrals", "2022"), "count"] == 2
    assert found.loc[("referrals_from_schools", "2022"), "value"] == 50
    assert found.loc[("children_looked_after", "2022"), "count"] == 1
    assert found.loc[("children_looked_after", "2021"), "count"] == 0
    children = params().authorities[AUTHORITY].children_0_to_17
    assert found.loc[("referrals", "2022"), "value"] == pytest.approx(2 / children * 10_000)


def test_a_reporting_year_that_was_not_over_or_not_returned_has_no_row() -> None:
    years = set(one_authority(missing=(2021,)).authority_returns.query("measure == 'referrals'")["time_period"])
    assert years == {"2018", "2019", "2020", "2022", "2023"}
    looked_back = one_authority(missing=(2021,)).authority_returns.query("measure == 'rereferrals_within_12_months'")
    assert set(looked_back["time_period"]) == {"2019", "2020", "2023"}
    assert authority_returns.__doc__


def test_an_authority_that_was_not_observed_leaves_the_pool_and_is_said_to() -> None:
    whole, blind = one_authority(), one_authority(missing=(2021, 2022))
    pooled = pool([whole.outcomes, blind.outcomes], [whole.distributions, blind.distributions], params().definitions)
    row = pooled.query("measure == 'referrals' and period == '2020/21' and arm == 'all'").iloc[0]
    alone = whole.outcomes.query("measure == 'referrals' and period == '2020/21' and arm == 'all'").iloc[0]
    assert (row["count"], row["denominator"]) == (alone["count"], alone["denominator"])
    assert (row["comparability"], row["observed_share"], row["status"]) == ("partly observed", 0.5, "ok")


def test_medians_are_pooled_from_their_values_and_not_from_medians() -> None:
    one = one_authority()
    other = Outcomes(**{**vars(one), "distributions": one.distributions.assign(amount=20.0, count=3)})
    pooled = pool([one.outcomes, other.outcomes], [one.distributions, other.distributions], params().definitions)
    row = pooled.query("measure == 'assessment_duration_median_working_days' and period == '2020/21' and arm == 'all'")
    assert row[["value", "count"]].to_numpy().tolist() == [[20.0, 4.0]]
