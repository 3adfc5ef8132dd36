"""Great Expectations as the judge: crash told from failure, counts only, no values."""

from __future__ import annotations

import os

import pandas as pd

from swis.schemas import conform
from swis.validate import engine
from swis.validate.engine import Expected, Judged, judge_columns, judge_frame, judge_masks
from swis.validate.shape import judge_table_shape
from swis.validate.shape_tables import judge_tables_present
from swis.validate.tables import Tables

PLANTED = "PLANTEDVALUE42"


def column(*values: object) -> pd.DataFrame:
    return pd.DataFrame({"code": pd.array(values, dtype="string")})


def in_list(*values: str) -> Expected:
    return Expected("ExpectColumnValuesToBeInSet", {"column": "code", "value_set": list(values)})


def test_a_failure_is_counted_and_missing_values_are_not_checked() -> None:
    assert judge_columns(column("a", "b", None), [in_list("a")]) == [Judged("failed", 2, 1)]


def test_a_column_that_keeps_to_the_list_passes() -> None:
    assert judge_columns(column("a", None), [in_list("a")]) == [Judged("passed", 1, 0)]


def test_a_check_that_cannot_run_crashes_and_does_not_fail() -> None:
    broken = Expected("ExpectColumnValuesToMatchRegex", {"column": "code", "regex": "("})
    of_another_column = Expected("ExpectColumnValuesToNotBeNull", {"column": "absent"})
    answers = judge_columns(column("a", PLANTED), [broken, in_list("a"), of_another_column])
    assert [one.outcome for one in answers] == ["crashed", "failed", "crashed"]
    assert answers[0].checked == answers[0].failed == 0


def test_no_value_is_in_any_answer_even_of_a_crash() -> None:
    broken = Expected("ExpectColumnValuesToBeBetween", {"column": "code", "min_value": 1, "max_value": 2})
    answers = judge_columns(column(PLANTED, "a"), [broken, in_list("a")])
    assert PLANTED not in repr(answers)


def test_the_library_is_asked_for_counts_and_not_for_the_values_that_fail() -> None:
    asked = {"result_format": dict(engine.COUNTS_ONLY)}
    kinds = {
        "its own": engine._library().expectations.ExpectColumnValuesToBeInSet,
        "ours": engine._counting("ExpectColumnValuesToBeInSet"),
    }
    names = {
        whose: set(
            kind(column="code", value_set=["a"])
            .get_validation_dependencies(runtime_configuration=asked)
            .get_metric_names()
        )
        for whose, kind in kinds.items()
    }
    assert names["its own"] - names["ours"] == {"column_values.in_set.unexpected_values"}
    assert "column_values.in_set.unexpected_count" in names["ours"]


def test_a_rule_that_raised_is_reported_as_crashed_with_its_class_only() -> None:
    answers = judge_masks({"R1": pd.Series([True, False])}, {"R2": "KeyError"})
    assert answers["R1"] == Judged("failed", 2, 1)
    assert answers["R2"].outcome == "crashed"
    assert "KeyError" in answers["R2"].message


def test_a_table_without_rows_fails_the_expectation_of_rows() -> None:
    expected = Expected("ExpectTableRowCountToBeBetween", {"min_value": 1})
    assert judge_frame(pd.DataFrame(), [expected])[0].outcome == "failed"


def test_telemetry_is_off() -> None:
    judge_columns(column("a"), [in_list("a")])
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"


def test_a_missing_table_stops_an_authority_unless_only_some_analyses_need_it() -> None:
    found = {one.table: (one.severity, one.outcome) for one in judge_tables_present(Tables({}), ["pupils", "delivery"])}
    assert found == {"pupils": ("stop", "failed"), "delivery": ("note", "failed")}


def test_the_library_is_left_as_it_was() -> None:
    kind = engine._library().expectations.Expectation
    before = kind.configuration
    judge_masks({"rule": pd.Series([True, False])}, {})
    assert kind.configuration is before


def test_a_workbook_is_not_asked_for_what_its_lists_never_hold() -> None:
    plan = {"authority": "demo", "la_child_id": "SYN1", "return_year": 2021, "plan_start_date": "2020-10-05"}
    frame = pd.DataFrame([{**plan, "source_file": name} for name in ("annex_a/a_2021.xlsx (List 6)", "cin/2021.xml")])
    table = conform(frame.assign(plan_start_date=pd.to_datetime(frame["plan_start_date"])), "cin_plans")
    found = {one.rule: one for one in judge_table_shape(table, "cin_plans")}
    asked = found["shape cin_plans.referral_date required"]
    assert (asked.rows_checked, asked.rows_failed) == (1, 1), "the census alone must name the referral"
