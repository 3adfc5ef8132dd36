"""Sessions held of planned with intervals over schools, meetings, and schools by what they received."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from swis.delivery import DeliverySources, bands, community, gathered, received, sessions
from swis.delivery.ratios import share_of_sums
from swis.delivery.received import LAST_BAND, UNKNOWN
from swis.params import Params, load_params

TRIAL = "dsls_one_to_one"


@pytest.fixture(scope="module")
def params(project_root: Path) -> Params:
    return load_params(project_root / "params")


def test_the_share_of_two_sums_and_its_interval_by_hand() -> None:
    rows = pd.DataFrame({"trial": "t", "school": ["a", "a", "b", "c"], "held": [3, 1, 2, 6], "planned": [5, 5, 4, 6]})
    (row,) = share_of_sums(rows, ["trial"], "school", "held", "planned", 0.95).to_dict("records")
    # Sums by school 4 of 10, 2 of 4, 6 of 6: r = 12 / 20 and residuals −2, −0.4, 2.4.
    error = np.sqrt((4 + 0.16 + 5.76) * 3 / 2) / 20
    half = stats.t.ppf(0.975, 2) * error
    assert row["share"] == pytest.approx(60)
    assert row["upper"] == pytest.approx(100 * min(1, 0.6 + half))
    assert row["lower"] == pytest.approx(100 * max(0, 0.6 - half))


def test_of_one_school_alone_there_is_no_interval() -> None:
    rows = pd.DataFrame({"trial": "t", "school": ["a", "a"], "held": [3, 1], "planned": [5, 5]})
    assert share_of_sums(rows, ["trial"], "school", "held", "planned", 0.95)[["lower", "upper"]].isna().all(axis=None)


def months(rows: list[tuple[str, str, str, str, int, int, object]]) -> pd.DataFrame:
    names = ["worker", "role", "urn", "month", "sessions_planned", "sessions_held", "community_of_practice"]
    frame = pd.DataFrame(rows, columns=names).assign(authority="bolton")
    return frame.assign(
        month=pd.to_datetime(frame["month"]), community_of_practice=frame["community_of_practice"].astype("boolean")
    )


def sources(rows: pd.DataFrame) -> DeliverySources:
    schools = pd.DataFrame({"authority": "bolton", "urn": ["1", "2", "3"], "arm": "intervention"})
    return DeliverySources(
        schools.assign(trial=[TRIAL, TRIAL, "swis"]),
        pd.DataFrame(),
        rows,
        pd.DataFrame(),
        pd.DataFrame(),
        pd.DataFrame(),
    )


def test_sessions_fall_in_the_academic_year_of_their_month(params: Params) -> None:
    held = months(
        [
            ("S1", "supervising social worker", "1", "2021-08-01", 1, 1, None),
            ("S1", "supervising social worker", "1", "2021-09-01", 1, 0, None),
            ("S2", "supervising social worker", "2", "2021-09-01", 1, 1, None),
        ]
    )
    table = sessions(sources(held), params.trials, params.definitions)
    found = table[table["authority"] == "all"].set_index("academic_year")
    assert found.loc["2020/21", ["schools", "supervisors", "planned", "held"]].tolist() == [1, 1, 1, 1]
    assert found.loc["2021/22", ["schools", "supervisors", "planned", "held"]].tolist() == [2, 2, 2, 1]
    assert set(table["authority"]) == {"bolton", "all"}


def test_meetings_are_counted_of_months_with_an_entry(params: Params) -> None:
    held = months(
        [
            ("W1", "social worker", "3", "2022-09-01", 0, 0, True),
            ("W1", "social worker", "3", "2022-10-01", 0, 0, False),
            ("W1", "social worker", "3", "2022-11-01", 0, 0, None),
        ]
    )
    (row,) = community(sources(held), params.trials, params.definitions).to_dict("records")
    assert (row["role"], row["academic_year"], row["months"], row["attended"]) == ("social worker", "2022/23", 2, 1)


def covariates(planned: list[float], held: list[float]) -> pd.DataFrame:
    number = len(planned)
    return pd.DataFrame(
        {
            "authority": "bolton",
            "trial": TRIAL,
            "urn": [str(place) for place in range(number)],
            "arm": "intervention",
            "sessions_planned_school_year_2021_22": planned,
            "sessions_held_school_year_2021_22": held,
        }
    )


def test_what_a_school_received_of_what_was_planned(params: Params) -> None:
    table = received(covariates([10, 10, 0, np.nan], [5, 11, 0, np.nan]), params.trials)
    assert table["dose"].tolist()[:3] == [5, 11, 0]
    assert table["fidelity"].tolist()[:2] == [0.5, 1.0], "never more than all of it"
    assert table["fidelity"].isna().tolist() == [False, False, True, True]


def test_every_school_is_in_one_band_and_the_unknown_in_its_own(params: Params) -> None:
    planned, held = [8.0] * 6 + [0, np.nan], [0.0, 1, 2, 4, 6, 8, 0, np.nan]
    table = bands(received(covariates(planned, held), params.trials)).set_index("band")["schools"]
    assert table.to_dict() == {
        "none": 2,
        "under a quarter": 1,
        "a quarter to a half": 1,
        "half to three quarters": 1,
        LAST_BAND: 2,
        UNKNOWN: 1,
    }


def test_an_arm_of_two_schools_has_no_bands(params: Params) -> None:
    assert bands(received(covariates([8, 8], [4, 4]), params.trials)).empty


def test_returns_of_the_last_academic_year_are_counted_of_those_expected(params: Params) -> None:
    completeness = pd.DataFrame(
        [
            ("cin_census", "2022", "received"), ("cin_census", "2023", "received"), ("cin_census", "2024", "missing"),
            ("school_census", "2022 summer", "received"), ("school_census", "2022 autumn", "received"),
            ("school_census", "2023 spring", "known gap"), ("attainment", "2022/23", "not expected"),
        ],
        columns=["returns", "period", "status"],
    )  # fmt: skip
    found = gathered(completeness, params.definitions).set_index("returns")
    assert found.loc["cin_census"].tolist() == [1, 2]
    assert found.loc["school_census"].tolist() == [1, 2]
    assert "attainment" not in found.index
