"""Days as numbers, working days, school terms and census days of the simulation."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from swis.simulate.attendance import quantiles
from swis.simulate.days import (
    OPEN,
    academic_start,
    add_working_days,
    arrow_dates,
    count_working_days,
    date_of,
    day,
    next_working_day,
    reporting_year,
)
from swis.simulate.terms import censuses, is_collected


def test_a_reporting_year_ends_on_31_march_and_an_academic_year_on_31_august() -> None:
    days = np.array([day(2021, 3, 31), day(2021, 4, 1), day(2021, 8, 31), day(2021, 9, 1)])
    assert reporting_year(days).tolist() == [2021, 2022, 2022, 2022]
    assert academic_start(days).tolist() == [2020, 2020, 2020, 2021]


def test_working_days_leave_out_bank_holidays_of_england() -> None:
    before_christmas = np.array([day(2020, 12, 24)])
    assert date_of(add_working_days(before_christmas, 1)[0]) == date(2020, 12, 29)
    assert count_working_days(before_christmas, np.array([day(2020, 12, 29)])).tolist() == [1]
    assert date_of(next_working_day(np.array([day(2022, 9, 19)]))[0]) == date(2022, 9, 20)


def test_an_open_date_is_blank_in_every_pattern() -> None:
    days = np.array([day(2021, 3, 31), OPEN])
    assert arrow_dates(days, "slash").to_pylist() == ["31/03/2021", ""]
    assert arrow_dates(days, "iso").to_pylist() == ["2021-03-31", ""]
    assert arrow_dates(days, "census").to_pylist() == ["2021-Mar-31 00:00:00", ""]


def test_censuses_run_from_autumn_2018_to_spring_2024_on_thursdays() -> None:
    terms = censuses("2018 autumn", "2024 spring")
    assert len(terms) == 17
    assert {date_of(census.on).strftime("%A") for census in terms} == {"Thursday"}
    assert date_of(terms[1].on) == date(2019, 1, 17)


def test_a_census_carries_absence_one_term_in_arrears_and_suspensions_two() -> None:
    spring, summer, autumn = censuses("2019 spring", "2019 autumn")
    assert [census.absence.label for census in (spring, summer, autumn)] == [
        "2018/19 autumn",
        "2018/19 spring",
        "2018/19 summer",
    ]
    assert autumn.half_term_2 is not None
    assert autumn.half_term_2.label == "2018/19 summer half-term 2"
    assert date_of(spring.suspensions[0]).month == 4
    assert date_of(summer.suspensions[0]).month == 9


def test_absence_of_spring_and_summer_2020_was_not_collected() -> None:
    terms = {census.absence.label: is_collected(census.absence) for census in censuses("2020 spring", "2020 autumn")}
    assert terms == {"2019/20 autumn": True, "2019/20 spring": False, "2019/20 summer": False}


@pytest.mark.parametrize(("overall", "persistent", "severe"), [(0.0549, 0.1369, 0.0132), (0.0901, 0.2652, 0.034)])
def test_absence_rates_have_the_mean_and_the_shares_asked_for(overall: float, persistent: float, severe: float) -> None:
    rates = quantiles((np.arange(200_000) + 0.5) / 200_000, overall, persistent, severe)
    assert rates.mean() == pytest.approx(overall, rel=0.01)
    assert (rates >= 0.10).mean() == pytest.approx(persistent, abs=0.0005)
    assert (rates >= 0.50).mean() == pytest.approx(severe, abs=0.0005)
