"""Tables and figures as a reader meets them: short lists, marks that are explained, axes that hold their intervals."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from invented_report_inputs import invented_inputs

from swis.report.chapters.quality import SHOWN, found_words, quality, short_code
from swis.report.figures import style
from swis.report.figures.by_year import draw_arms, limits
from swis.report.inputs import ALL, Inputs
from swis.report.publish import tidy
from swis.report.render import SYNTHETIC_WORDS
from swis.report.tables import REMARKS, outcome_table


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return invented_inputs("salford")


def test_the_axis_holds_every_interval_whole() -> None:
    frame = pd.DataFrame({"value": [-0.05, 0.02], "lower": [-0.11, -0.01], "upper": [0.01, 0.3]})
    low, high = limits(frame, starts_at_zero=False)
    assert low < -0.11
    assert high > 0.3


def test_the_axis_of_nothing_but_zeros_still_has_a_height() -> None:
    frame = pd.DataFrame({"value": [0.0, np.nan], "lower": [0.0, np.nan], "upper": [0.0, np.nan]})
    assert limits(frame, starts_at_zero=True) == (0.0, 1.0)


def test_no_line_without_a_point_is_drawn_for_it_would_empty_the_foot_of_the_picture() -> None:
    years = ["2018/19", "2019/20"]
    frame = pd.DataFrame(
        [
            {"arm": arm, "period": year, "value": 1.0, "lower": 0.5, "upper": 1.5, "comparability": "comparable"}
            for arm in style.ARMS
            for year in years
        ]
    )
    axes = style.canvas(4, 3).subplots()
    draw_arms(axes, frame, years)
    assert all(len(line.get_xdata()) for line in axes.lines)


def test_marks_on_periods_are_explained_under_the_table(inputs: Inputs) -> None:
    rows = inputs.outcomes.where(trial=next(iter(inputs.trials)))
    table = outcome_table(rows, list(inputs.measures.values()), id="t", caption="c", source="s")
    periods = {row[1] for row in table.rows}
    used = {mark for mark, _ in REMARKS.values() if any(mark in period for period in periods)}
    assert used
    assert all(f"{mark} " in table.note for mark in used)
    assert "Remark" not in {column.label for column in table.columns}


def test_the_baseline_comes_before_the_windows() -> None:
    inputs = invented_inputs(ALL)
    trial = next(iter(inputs.trials))
    window = inputs.outcomes.where(trial=trial, period_kind="window")
    both = window.with_frame(pd.concat([window.frame, window.frame.assign(period="baseline")], ignore_index=True))
    table = outcome_table(both, list(inputs.measures.values()), id="t", caption="c", source="s", period_kind="window")
    assert [row[1].split()[0] for row in table.rows[:2]] == ["Baseline", "23"]


def test_a_long_list_of_rules_is_cut_on_the_page_and_whole_in_its_file(inputs: Inputs) -> None:
    many = pd.concat([inputs.failed_checks.frame.iloc[[0]]] * (SHOWN + 3), ignore_index=True)
    long = dataclasses.replace(inputs, failed_checks=inputs.failed_checks.with_frame(many))
    table = {block.id: block for block in quality(long).walk() if hasattr(block, "rows")}["checks-failed"]
    assert len(table.rows) == SHOWN
    assert table.data is not None
    assert len(table.data.frame) == SHOWN + 3
    assert "3 more are in the file tables/salford/checks-failed.csv" in table.note


@pytest.mark.parametrize(
    ("rule", "code"), [("CIN 8670Q", "CIN 8670Q"), ("903 388", "903 388"), ("shape pupils exact repeat", "shape")]
)
def test_rules_have_short_codes(rule: str, code: str) -> None:
    assert short_code(rule) == code


@pytest.mark.parametrize(
    ("rule", "title", "words"),
    [
        (
            "shape care_episodes.category_of_need closed list",
            "Category of need: is not a code of its list",
            "Category of need: not a code of its list",
        ),
        (
            "shape care_episodes.episode_start_date not a date",
            "Episodes of care (903), episode_start_date: not a date",
            "First day of the episode: not a date",
        ),
        (
            "shape pupils.enrolment_status closed list",
            "C single, M main, S subsidiary: is not a code of its list",
            "Enrolment status: not a code of its list",
        ),
        ("CIN 8925", "A child protection plan ends before it starts", "A child protection plan ends before it starts"),
    ],
)
def test_what_a_rule_found_is_said_without_names_of_columns(rule: str, title: str, words: str) -> None:
    assert found_words(rule, title) == words


def test_files_have_plain_headers_printed_values_and_the_marker_in_every_row(inputs: Inputs) -> None:
    made = tidy(inputs.outcomes, is_synthetic=True).frame
    assert {"number", "out_of", "interval_lower", "interval_upper", "unit"} <= set(made.columns)
    assert made["remark"].eq(SYNTHETIC_WORDS).all()
    values = made["value"].dropna().astype(float)
    assert np.allclose(values, values.round(2), atol=1e-9)
    assert "remark" not in tidy(inputs.outcomes, is_synthetic=False).frame
