"""Who was in post, vacancies, leavers and who stayed, worked out by hand for a few schools."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from swis.delivery import DeliverySources, staff, stayed_on
from swis.delivery.staff import DAYS_A_MONTH
from swis.params import Params, load_params


@pytest.fixture(scope="module")
def params(project_root: Path) -> Params:
    return load_params(project_root / "params")


def spell(
    worker: str, urn: str | None, first: str, last: str | None, fte: float = 1.0, **other: str
) -> dict[str, object]:
    row = {"authority": "hull", "worker": worker, "role": "social worker", "urn": urn, "fte": fte}
    return row | {"from_date": pd.Timestamp(first), "to_date": pd.Timestamp(last) if last else pd.NaT} | other


def sources(*spells: dict[str, object], left: dict[str, str] | None = None) -> DeliverySources:
    """Three intervention schools and a control school of Hull, and an intervention school of one without a record."""
    arms = {"1": "intervention", "2": "intervention", "3": "intervention", "4": "control", "9": "intervention"}
    schools = pd.DataFrame(
        [
            {
                "authority": "ealing" if urn == "9" else "hull",
                "trial": "swis",
                "urn": urn,
                "arm": arm,
                "withdrawn_on": pd.Timestamp((left or {}).get(urn)) if (left or {}).get(urn) else pd.NaT,
            }
            for urn, arm in arms.items()
        ]
    )
    months = pd.DataFrame({"authority": pd.Series(dtype=object)})
    return DeliverySources(schools, pd.DataFrame(spells), months, pd.DataFrame(), pd.DataFrame(), pd.DataFrame())


def year_of(table: pd.DataFrame, year: str, **wanted: str) -> pd.Series:
    kept = table[table["academic_year"] == year]
    for name, value in {"authority": "all", "role": "social worker", "arm": "intervention", **wanted}.items():
        kept = kept[kept[name] == value]
    (row,) = kept.to_dict("records")
    return pd.Series(row)


FULL = spell("W1", "1", "2020-09-01", "2023-07-31")


def test_months_persons_and_vacancies_of_a_year(params: Params) -> None:
    held = sources(
        FULL, spell("W2", "2", "2020-09-01", "2021-01-31", 0.5), spell("W3", "2", "2021-04-01", "2023-07-31"),
        spell("W4", "3", "2020-09-01", "2023-07-31"),
    )  # fmt: skip
    row = year_of(staff(held, params.trials, params.definitions), "2020/21")
    assert (row["schools"], row["schools_with_worker"], row["workers"], row["leavers"]) == (3, 3, 4, 1)
    # 365 days at two schools; at the second 153 days of a half post and 153 of a whole one.
    assert row["full_time_months"] == pytest.approx((365 * 2 + 153 * 0.5 + 153) / DAYS_A_MONTH)
    assert row["months_open"] == pytest.approx(3 * 365 / DAYS_A_MONTH)
    assert row["months_vacant"] == pytest.approx((28 + 31) / DAYS_A_MONTH), "February and March 2021"


def test_a_post_closes_with_its_funding_and_with_its_school(params: Params) -> None:
    held = sources(
        FULL, spell("W2", "2", "2020-09-01", "2022-07-22"), spell("W3", "3", "2020-09-01", "2020-12-31"),
        left={"3": "2020-12-31"},
    )  # fmt: skip
    table = staff(held, params.trials, params.definitions)
    assert year_of(table, "2020/21")["leavers"] == 0, "the school left, not the worker"
    assert year_of(table, "2021/22")["leavers"] == 0, "nine days before the funding ended"
    assert year_of(table, "2021/22")["months_open"] == pytest.approx((365 + 334) / DAYS_A_MONTH), "to 31 July 2022"
    assert year_of(table, "2021/22")["months_vacant"] == pytest.approx(9 / DAYS_A_MONTH)
    assert year_of(table, "2022/23")["months_open"] == pytest.approx(334 / DAYS_A_MONTH), "only the first school's"


def test_somebody_who_left_in_the_middle_is_a_leaver_of_that_year_only(params: Params) -> None:
    held = sources(FULL, spell("W2", "2", "2020-09-01", "2021-12-31"), spell("W3", "2", "2022-02-01", None))
    table = staff(held, params.trials, params.definitions)
    assert [year_of(table, year)["leavers"] for year in ("2020/21", "2021/22", "2022/23")] == [0, 1, 0]


def test_an_authority_without_a_record_is_in_no_row_and_managers_stand_over_all_only(params: Params) -> None:
    held = sources(FULL, spell("M1", None, "2020-09-01", "2023-07-31", role="team manager"))
    table = staff(held, params.trials, params.definitions)
    assert set(table["authority"]) == {"hull", "all"}
    assert year_of(table, "2020/21")["schools"] == 3
    managers = table[table["role"] == "team manager"]
    assert managers["authority"].eq("all").all()
    assert year_of(table, "2020/21", role="team manager", arm="no school")["workers"] == 1


def test_a_control_school_given_a_worker_has_months_and_no_post(params: Params) -> None:
    held = sources(FULL, spell("W9", "4", "2022-01-10", "2022-08-31"))
    row = year_of(staff(held, params.trials, params.definitions), "2021/22", arm="control")
    assert (row["workers"], row["months_open"], row["months_vacant"]) == (1, 0, 0)
    assert row["full_time_months"] == pytest.approx(234 / DAYS_A_MONTH)


def test_pseudonyms_of_two_authorities_are_two_people(params: Params) -> None:
    held = sources(FULL, {**spell("W1", "9", "2020-09-01", "2023-07-31"), "authority": "ealing"})
    assert year_of(staff(held, params.trials, params.definitions), "2020/21")["workers"] == 2


def test_nothing_is_known_after_the_cut(params: Params) -> None:
    cut = params.definitions.model_copy(update={"data_cut": date(2020, 9, 30)})
    row = year_of(staff(sources(FULL), params.trials, cut), "2020/21")
    assert row["full_time_months"] == pytest.approx(30 / DAYS_A_MONTH)


def test_who_and_which_schools_were_there_in_two_years_running(params: Params) -> None:
    held = sources(
        FULL, spell("W2", "2", "2020-09-01", "2021-08-31"), spell("W3", "2", "2021-09-01", "2022-07-31"),
        spell("W4", "3", "2020-09-01", "2021-03-31"), spell("W9", "4", "2020-09-01", "2023-07-31"),
    )  # fmt: skip
    found = stayed_on(held, params.trials, params.definitions).set_index(["what", "academic_year"])["number"]
    assert found.to_dict() == {
        ("workers", "2021/22"): 1, ("schools", "2021/22"): 2, ("workers", "2022/23"): 1, ("schools", "2022/23"): 1,
    }, "the control school's worker is none of them"  # fmt: skip


def test_returns_of_other_trials_alone_give_no_staff_of_swis(params: Params) -> None:
    held = sources(FULL)
    elsewhere = dataclasses.replace(held, schools=held.schools.assign(trial="dsls_group"))
    table = staff(elsewhere, params.trials, params.definitions)
    assert not table["schools"].fillna(0).any() and not table["leavers"].fillna(0).any()
