"""How well leads felt supported, worked out by hand for a few schools: who was asked, the mean, and its interval."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from swis.delivery import DeliverySources, views
from swis.delivery.views import VIEW_COLUMNS
from swis.params import Params, load_params

NAMES = ["authority", "urn", "arm", "measure", "baseline", "follow_up"]


@pytest.fixture(scope="module")
def params(project_root: Path) -> Params:
    return load_params(project_root / "params")


def made(
    params: Params, *answers: tuple[str, str, str, str, float | None, float | None], trial: str = "swis"
) -> pd.DataFrame:
    frame = pd.DataFrame(list(answers), columns=NAMES).assign(trial=trial)
    frame = frame.astype({"baseline": float, "follow_up": float})
    nothing = pd.DataFrame()
    sources = DeliverySources(nothing, nothing, nothing, nothing, nothing, frame)
    return views(sources, params.trials, params.definitions).set_index(["arm", "wave"])


OFFERED = [
    ("hull", "1", "intervention", "dsl_support", 3.0, 4.0),
    ("hull", "1", "intervention", "dsl_support", 2.0, 5.0),
    ("hull", "2", "intervention", "dsl_support", 4.0, None),
    ("hull", "3", "intervention", "dsl_support", 1.0, 2.0),
]  # fmt: skip


def test_the_mean_is_of_leads_and_its_interval_is_over_schools(params: Params) -> None:
    row = made(params, *OFFERED).loc[("intervention", "baseline")]
    assert row[["schools_asked", "schools", "asked", "answered", "points"]].tolist() == [3, 3, 4, 4, 10]
    assert row["mean"] == 2.5
    # Points by school 5 of 2 leads, 4 of 1, 1 of 1: residuals from 2.5 a lead are 0, 1.5 and −1.5.
    half = stats.t.ppf(0.975, 2) * np.sqrt((0 + 2.25 + 2.25) * 3 / 2) / 4
    assert (row["lower"], row["upper"]) == (pytest.approx(2.5 - half), pytest.approx(2.5 + half))


def test_who_did_not_answer_was_asked_and_a_school_without_an_answer_is_no_observation(params: Params) -> None:
    row = made(params, *OFFERED).loc[("intervention", "follow-up")]
    assert row[["schools_asked", "schools", "asked", "answered"]].tolist() == [3, 2, 4, 3]
    assert row["mean"] == pytest.approx(11 / 3)
    # Points by school 9 of 2 leads and 2 of 1: residuals from 11/3 are ± 5/3, with one degree of freedom.
    half = stats.t.ppf(0.975, 1) * np.sqrt(2 * (5 / 3) ** 2 * 2) / 3
    assert row["upper"] - row["mean"] == pytest.approx(half)
    assert row["largest_share_of_answered"] == pytest.approx(2 / 3)


def test_the_range_is_that_of_the_trials_own_scale(params: Params) -> None:
    support = params.trials["dsls_group"].survey
    assert support is not None
    scales = {**support.scales, "support": support.scales["support"].model_copy(update={"lowest": 0, "highest": 10})}
    other = params.trials["dsls_group"].model_copy(update={"survey": support.model_copy(update={"scales": scales})})
    frame = pd.DataFrame(OFFERED, columns=NAMES).assign(trial="dsls_group")
    nothing = pd.DataFrame()
    table = views(DeliverySources(*[nothing] * 5, frame), {"dsls_group": other}, params.definitions)
    assert set(zip(table["lowest"], table["highest"], strict=True)) == {(0, 10)}


def test_leads_of_an_authority_that_did_not_ask_a_wave_are_not_counted_as_asked(params: Params) -> None:
    elsewhere = [
        ("ealing", "7", "control", "dsl_support", 3.0, None),
        ("hull", "9", "control", "dsl_support", 2.0, 2.0),
    ]
    table = made(params, *OFFERED, *elsewhere)
    assert table.loc[("control", "baseline"), "asked"] == 2
    assert table.loc[("control", "follow-up"), "asked"] == 1


def test_of_one_school_alone_there_is_a_mean_without_an_interval(params: Params) -> None:
    row = made(params, *OFFERED[:2]).loc[("intervention", "baseline")]
    assert (row["mean"], np.isnan(row["lower"]), np.isnan(row["upper"])) == (2.5, True, True)


def test_other_scales_and_trials_without_an_answer_are_in_no_row(params: Params) -> None:
    other = ("hull", "1", "intervention", "dsl_wellbeing", 3.0, 4.0)
    unanswered = ("hull", "2", "intervention", "dsl_support", None, None)
    table = made(params, other, unanswered).reset_index()
    assert table.empty
    assert set(table.columns) == set(VIEW_COLUMNS)
