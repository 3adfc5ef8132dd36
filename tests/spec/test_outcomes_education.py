"""Every education and behaviour measure: these rows of a school, this count, denominator and value."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from derive_tables import AUTHORITY, SCHOOL_A, every_return, on_rolls, params, pupil_number, rows, world

from swis.derive.education import possible_sessions
from swis.outcomes import derive_and_outcomes

TERMS = ["autumn", "spring", "summer", "summer half-term 2"]


def sessions(
    number: int,
    year: str,
    *,
    missed: tuple[int, int],
    possible: int = 100,
    terms: list[str] | None = None,
    **more: object,
) -> list[dict[str, object]]:
    """The same sessions in each term: (authorised, unauthorised) of possible."""
    row = {"upn": pupil_number(number), "academic_year": year, "sessions_possible": possible}
    absent = {"sessions_authorised": missed[0], "sessions_unauthorised": missed[1]}
    return [{**row, **absent, "absence_term": term, **more} for term in terms or TERMS]


def measured(
    measure: str, period: str = "2021/22", *, pupils: pd.DataFrame | None = None, **tables: pd.DataFrame
) -> pd.Series:
    roll = rows("pupils", *[row for number in range(1, 5) for row in on_rolls(number, year_group=7)])
    given = world(pupils=roll if pupils is None else pupils, **tables)
    _, found = derive_and_outcomes(given, params(), AUTHORITY, every_return())
    own = found.outcomes.query("measure == @measure and period == @period and level == 'authority'")
    return own.iloc[0]


def attendance(*given: list[dict[str, object]]) -> pd.DataFrame:
    return rows("attendance", *[row for part in given for row in part])


MIXED = attendance(
    sessions(1, "2021/22", missed=(6, 4)), sessions(2, "2021/22", missed=(0, 0)), sessions(3, "2021/22", missed=(9, 0)),
    sessions(4, "2021/22", missed=(30, 20)),
)  # fmt: skip
ABSENCE = {
    "overall_absence": (276, 1600, 17.25),
    "authorised_absence": (180, 1600, 11.25),
    "unauthorised_absence": (96, 1600, 6.0),
    "persistent_absence": (2, 4, 50.0),
    "severe_absence": (1, 4, 25.0),
}


@pytest.mark.parametrize("measure", ABSENCE)
def test_absence_is_sessions_missed_of_own_possible_sessions(measure: str) -> None:
    count, denominator, value = ABSENCE[measure]
    found = measured(measure, attendance=MIXED)
    assert (found["count"], found["denominator"], found["value"]) == (count, denominator, pytest.approx(value))
    assert found["lower"] < value < found["upper"]


# missed of 380 possible sessions; persistent, severe
SHARES = [(37, False, False), (38, True, False), (189, True, False), (190, True, True)]


@pytest.mark.parametrize(("missed", "persistent", "severe"), SHARES)
def test_persistent_from_a_tenth_and_severe_from_a_half(missed: int, persistent: bool, severe: bool) -> None:
    table = attendance(
        sessions(1, "2021/22", missed=(min(missed, 95), 0), possible=95, terms=["autumn"]),
        sessions(1, "2021/22", missed=(max(missed - 95, 0), 0), possible=95, terms=["spring"]),
        sessions(1, "2021/22", missed=(0, 0), possible=190, terms=["summer"]),
    )
    assert measured("persistent_absence", attendance=table)["count"] == int(persistent)
    assert measured("severe_absence", attendance=table)["count"] == int(severe)


# Term, returned possible sessions and code X of them → possible sessions under the rule of the parameters
CODE_X = [
    ("2020/21", "autumn", 100, 20, ("2020-09-01", "2022-03-31"), 100),
    ("2021/22", "autumn", 100, 20, ("2020-09-01", "2022-03-31"), 100),
    ("2021/22", "summer", 100, 20, ("2020-09-01", "2022-03-31"), 100),
    ("2019/20", "summer", 100, 20, ("2020-09-01", "2022-03-31"), 100),
    ("2020/21", "autumn", 100, 20, ("2021-09-01", "2022-03-31"), 80),
    ("2021/22", "summer", 100, 20, ("2020-09-01", "2022-07-31"), 120),
]


@pytest.mark.parametrize(("year", "term", "possible", "code_x", "rule", "expected"), CODE_X)
def test_code_x_follows_the_rule_of_its_dates(
    year: str, term: str, possible: int, code_x: int, rule: tuple[str, str], expected: int
) -> None:
    from swis.derive.terms import term_bounds

    first, last = term_bounds(int(year[:4]), term)
    table = pd.DataFrame(
        {"sessions_possible": [possible], "sessions_code_x": [code_x], "first_day": first, "last_day": last}
    )
    found = possible_sessions(table, date.fromisoformat(rule[0]), date.fromisoformat(rule[1]))
    assert found.tolist() == [expected]


def test_code_x_is_no_absence() -> None:
    table = attendance(sessions(1, "2020/21", missed=(5, 0), sessions_code_x=40))
    assert measured("overall_absence", "2020/21", attendance=table)["value"] == pytest.approx(5.0)


# birth date, whether aged 5 to 15 on the 31 August before 2021/22
AGES = [
    ("2005-08-31", False), ("2005-09-01", True), ("2016-08-31", True), ("2016-09-01", False), ("2010-01-01", True),
    (None, True),
]  # fmt: skip


@pytest.mark.parametrize(("birth", "counts"), AGES)
def test_absence_is_of_pupils_aged_5_to_15_on_31_august(birth: str | None, counts: bool) -> None:
    pupils = rows("pupils", *on_rolls(1, year_group=7, birth_date=birth), *on_rolls(2, year_group=7))
    table = attendance(sessions(1, "2021/22", missed=(9, 0)), sessions(2, "2021/22", missed=(0, 0)))
    found = measured("overall_absence", pupils=pupils, attendance=table)
    assert found["denominator"] == (800 if counts else 400)


@pytest.mark.parametrize(("year_group", "terms_counted"), [(10, 4), (11, 3)])
def test_year_11_is_counted_without_summer_half_term_2(year_group: int, terms_counted: int) -> None:
    pupils = rows("pupils", *on_rolls(1, year_group=year_group, first=2021, last=2022))
    found = measured("overall_absence", pupils=pupils, attendance=attendance(sessions(1, "2021/22", missed=(5, 0))))
    assert found["denominator"] == 100 * terms_counted


def test_2019_20_has_no_absence_for_the_year() -> None:
    found = measured("overall_absence", "2019/20", attendance=attendance(sessions(1, "2019/20", missed=(5, 0))))
    assert pd.isna(found["value"])
    assert (found["comparability"], found["status"]) == ("not published", "not published")


def test_a_term_that_was_not_returned_leaves_the_year_partly_observed() -> None:
    table = attendance(sessions(1, "2021/22", missed=(5, 0), terms=["autumn", "spring"]))
    found = measured("overall_absence", attendance=table)
    assert (found["count"], found["comparability"]) == (10, "partly observed")
    assert 0 < found["observed_share"] < 1


def test_a_window_takes_the_terms_wholly_inside_it() -> None:
    years = [part for year in ("2020/21", "2021/22", "2022/23") for part in sessions(1, year, missed=(5, 0))]
    # Pupil 1 is in Year 11 in 2022/23: three terms.
    assert measured("overall_absence", "23 months", attendance=attendance(years))["denominator"] == 800
    assert measured("overall_absence", "35 months", attendance=attendance(years))["denominator"] == 1100


def suspension(day: str, number: int = 1, **more: object) -> dict[str, object]:
    return {"upn": pupil_number(number), "start_date": day, "reasons": "PP", **more}


SUSPENSIONS = {
    "suspensions": (3, 4, 75.0),
    "pupils_suspended": (2, 4, 50.0),
    "permanent_exclusions": (1, 4, 25.0),
    "suspensions_persistent_disruptive_behaviour": (1, 4, 25.0),
    "sessions_lost_to_suspension": (9, 4, 225.0),
}


@pytest.mark.parametrize("measure", SUSPENSIONS)
def test_suspensions_are_per_100_pupils_in_january(measure: str) -> None:
    table = rows(
        "suspensions",
        suspension("2021-09-01", sessions=4.0),
        suspension("2022-08-31", sessions=3.0, reasons="PP DB"),
        suspension("2022-01-10", 2, sessions=2.0),
        suspension("2022-01-20", 2, category="permanent"),
        suspension("2022-01-11", 3, category="lunchtime", sessions=1.0),
        suspension("2021-08-31", 4, sessions=9.0),
        suspension("2022-09-01", 4, sessions=9.0),
    )
    count, denominator, value = SUSPENSIONS[measure]
    found = measured(measure, suspensions=table)
    assert (found["count"], found["denominator"], found["value"]) == (count, denominator, pytest.approx(value))


def test_a_suspension_returned_twice_is_one() -> None:
    table = rows("suspensions", suspension("2022-01-10", source_record=1), suspension("2022-01-10", source_record=7))
    assert measured("suspensions", suspensions=table)["count"] == 1


def test_sessions_lost_stop_at_45_days_a_pupil_and_year() -> None:
    table = rows("suspensions", suspension("2021-10-01", sessions=60.0), suspension("2022-02-01", sessions=60.0))
    assert measured("sessions_lost_to_suspension", suspensions=table)["count"] == 90


def test_a_window_weighs_each_january_by_its_school_days() -> None:
    assert measured("suspensions", "23 months")["denominator"] == pytest.approx(8)
    assert measured("suspensions", "35 months")["denominator"] == pytest.approx(12)


def test_the_rate_of_published_counts_has_the_published_decimals() -> None:
    from swis.outcomes.estimates import rate

    counts = {"all": (352_454, 8_291_354, 4.25086),
              "secondary": (296_224, 3_493_089, 8.48029),
              "one or more": (153_006, 3_493_089, 4.38025)}  # fmt: skip
    for count, headcount, published in counts.values():
        assert round(float(rate(count, headcount, 100)), 5) == published


def results(year: str, *scores: float, number: int = 1, **more: object) -> list[dict[str, object]]:
    row = {"academic_year": year, "key_stage": "KS4"}
    return [
        {**row, "upn": pupil_number(number + place), "attainment8": score, **more} for place, score in enumerate(scores)
    ]


def test_attainment_8_is_a_mean_over_pupils_with_an_interval() -> None:
    found = measured("attainment8", attainment=rows("attainment", *results("2021/22", 40.0, 50.0, 60.0)))
    assert (found["count"], found["denominator"], found["value"], found["unit"]) == (150, 3, 50, "points")
    assert found["upper"] - found["value"] == pytest.approx(1.959964 * 10 / 3**0.5)


# academic year, how graded → what the figure may be compared with
GRADING = [
    ("2018/19", "exam", "comparable"), ("2019/20", "teacher", "teacher assessed"),
    ("2020/21", "teacher", "teacher assessed"),
    ("2021/22", "exam", "break"), ("2022/23", "exam", "comparable"), ("2022/23", "teacher", "teacher assessed"),
]  # fmt: skip


@pytest.mark.parametrize(("year", "graded_by", "expected"), GRADING)
def test_teacher_assessed_grades_count_and_are_flagged(year: str, graded_by: str, expected: str) -> None:
    found = measured("attainment8", year, attainment=rows("attainment", *results(year, 40.0, graded_by=graded_by)))
    assert (found["count"], found["comparability"], found["status"]) == (40, expected, "ok")


@pytest.mark.parametrize("year", ["2019/20", "2020/21"])
def test_progress_8_does_not_exist_without_exams(year: str) -> None:
    found = measured("progress8", year, attainment=rows("attainment", *results(year, 40.0, progress8=0.4)))
    assert pd.isna(found["value"]) and found["status"] == "not published"


def test_progress_8_of_a_window_leaves_out_the_years_without_it() -> None:
    table = rows(
        "attainment", *results("2020/21", 40.0, progress8=9.0), *results("2021/22", 40.0, number=3, progress8=0.5)
    )
    found = measured("progress8", "23 months", attainment=table)
    assert (found["value"], found["comparability"]) == (0.5, "partly observed")


def test_grade_5_in_english_and_maths_is_a_share_of_pupils() -> None:
    passes = results("2021/22", 60.0, english_maths_grade5=True) + results(
        "2021/22", 30.0, number=2, english_maths_grade5=False
    )
    found = measured("english_maths_grade5", attainment=rows("attainment", *passes))
    assert (found["count"], found["denominator"], found["value"]) == (1, 2, 50.0)


@pytest.mark.parametrize(("year", "status"), [("2018/19", "ok"), ("2019/20", "not published"), ("2021/22", "ok")])
def test_key_stage_2_is_for_primary_trials_and_not_in_2020_and_2021(year: str, status: str) -> None:
    authority = "invented-one-to-one-authority-1"
    row = {"upn": pupil_number(1), "academic_year": year, "key_stage": "KS2", "ks2_expected_standard": True}
    tables = world(attainment=rows("attainment", row).assign(authority=authority))
    tables["schools"]["phase"] = "primary"
    tables["allocation"] = tables["allocation"].assign(trial="dsls_one_to_one", stratum=authority)
    _, found = derive_and_outcomes(tables, params(), authority, every_return())
    own = found.outcomes[found.outcomes["period"].eq(year) & found.outcomes["level"].eq("authority")].set_index(
        "measure"
    )
    assert own.loc["ks2_expected_standard", "status"] == status
    assert "attainment8" not in own.index


def test_secondary_trials_have_no_key_stage_2() -> None:
    _, found = derive_and_outcomes(world(), params(), AUTHORITY, every_return())
    assert "ks2_expected_standard" not in set(found.outcomes["measure"])
    assert found.outcomes["urn"].isin(["", SCHOOL_A, "900002"]).all()
