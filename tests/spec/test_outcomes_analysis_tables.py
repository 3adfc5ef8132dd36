"""Tables for estimating effects: who is in which group, what adds up to what, and what is missing when."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from derive_tables import AUTHORITY, SCHOOL_A, SCHOOL_B, every_return, on_rolls, params, pupil_number, rows, world

from swis.derive import Derived
from swis.derive.traits import LEVELS, level_of
from swis.outcomes import AnalysisTables, Outcomes, analysis_tables, derive_and_outcomes, load_analysis_tables

Made = tuple[Derived, Outcomes, AnalysisTables]
EXTRA = {"is_fsm_eligible": False, "sen_provision": "N", "ethnicity": "WBRI"}


def made(completeness: pd.DataFrame | None = None, changed: Any = None, **tables: pd.DataFrame) -> Made:
    known = params(**(changed or {}))
    completeness = every_return() if completeness is None else completeness
    derived, outcomes = derive_and_outcomes(world(**tables), known, AUTHORITY, completeness)
    own = known.authorities[AUTHORITY]
    trials = {name: known.trials[name] for name in own.trials}
    return derived, outcomes, analysis_tables(derived, authority=own, trials=trials, definitions=known.definitions)


def two_schools() -> pd.DataFrame:
    """Three pupils of school A and one of school B, from Year 7 in autumn 2018."""
    girl, boy, other = (on_rolls(n, year_group=7, **{**EXTRA, **more}) for n, more in (
        (1, {"is_fsm_eligible": True, "ethnicity": "BAFR"}), (2, {"sex": "M", "sen_provision": "K"}), (3, {}),
    ))  # fmt: skip
    return rows("pupils", *girl, *boy, *other, *on_rolls(4, year_group=8, urn=SCHOOL_B, **EXTRA))


def events() -> dict[str, pd.DataFrame]:
    children = [{"la_child_id": f"C{n}", "upn": pupil_number(n)} for n in (1, 2, 4)]
    dates = {"C1": ["2020-10-05", "2022-10-05"], "C2": ["2021-03-01"], "C4": ["2020-11-01", "2019-01-10"]}
    flat = [(child, day) for child, days in dates.items() for day in days]
    return {
        "children": rows("children", *children),
        "referrals": rows("referrals", *[{"la_child_id": c, "referral_date": d} for c, d in flat]),
        "section47": rows(
            "section47", *[{"la_child_id": c, "referral_date": d, "section47_start_date": d} for c, d in flat]
        ),
        "looked_after_children": rows("looked_after_children", {"la_child_id": "L2", "upn": pupil_number(2)}),
        "care_episodes": rows(
            "care_episodes",
            {"la_child_id": "L2", "episode_start_date": "2021-05-01", "episode_end_date": "2021-05-11"},
        ),
    }


@pytest.fixture(scope="module")
def usual() -> Made:
    return made(pupils=two_schools(), **events())


def school(table: pd.DataFrame, urn: str) -> pd.Series:
    return table.set_index("urn").loc[urn]


@pytest.mark.parametrize(("code", "group"), [
    ("WBRI", "White"), ("MWBC", "Mixed"), ("APKN", "Asian"), ("CHNE", "Asian"), ("BOTH", "Black"), ("OOTH", "Other"),
    ("NOBT", "unknown"), ("REFU", "unknown"), ("ZZZZ", "unknown"),
])  # fmt: skip
def test_ethnic_codes_fall_into_the_main_groups(code: str, group: str) -> None:
    assert level_of("ethnic_group", code) == group


def test_a_pupils_level_is_that_of_the_first_census_from_january_2020_that_holds_it() -> None:
    roll = pd.DataFrame(on_rolls(1, year_group=7, **EXTRA))
    at = roll["census_year"].astype(str) + roll["census_term"]
    roll["is_fsm_eligible"] = at.map({"2019autumn": False, "2020spring": None, "2020summer": True}).astype("boolean")
    roll["sen_provision"] = at.map({"2019autumn": "E", "2019spring": "N"}).astype("string")
    derived, _, _ = made(pupils=rows("pupils", *roll.to_dict("records")))
    found = derived.pupil_traits.set_index("upn").loc[pupil_number(1)]
    assert found["free_school_meals"] == "eligible", "January 2020 does not say, summer 2020 comes before 2019"
    assert found["sen"] == "EHC plan", "no census from January 2020 on says, so the last one before"
    assert pd.isna(found["is_fsm_eligible_january_2020"])


def test_counts_and_pupil_years_of_the_levels_add_up_to_the_schools(usual: Made) -> None:
    _, outcomes, tables = usual
    own = outcomes.outcomes[outcomes.outcomes["level"] == "school"]
    for (window, measure, _), group in tables.group_counts.groupby(["window", "measure", "trait"]):
        by_school = group.groupby("urn")[["count", "pupil_years"]].sum()
        whole = own[(own["period"] == window) & (own["measure"] == measure)].set_index("urn").loc[by_school.index]
        np.testing.assert_allclose(by_school["count"], whole["count"])
        np.testing.assert_allclose(by_school["pupil_years"], whole["denominator"])
    assert set(tables.group_counts["window"]) == {"23 months", "35 months"}


def test_an_enquiry_counts_in_its_pupils_group(usual: Made) -> None:
    _, _, tables = usual
    groups = tables.group_counts.set_index(["urn", "window", "measure", "trait", "level"])["count"].sort_index()
    meals = groups[SCHOOL_A, "35 months", "section47_enquiries", "free_school_meals"]
    assert meals.to_dict() == {"eligible": 2.0, "not eligible": 1.0, "unknown": 0.0}
    assert groups[SCHOOL_A, "23 months", "section47_enquiries", "free_school_meals", "eligible"] == 1.0
    assert groups[SCHOOL_A, "23 months", "children_entering_care", "sex", "male"] == 1.0
    assert groups[SCHOOL_A, "23 months", "referrals", "ethnic_group", "Black"] == 1.0


def test_without_any_return_of_the_window_groups_are_missing_and_not_zero() -> None:
    gone = every_return(missing=(2021, 2022, 2023, 2024))
    _, _, tables = made(completeness=gone, pupils=two_schools(), **events())
    groups = tables.group_counts.set_index("measure")
    assert groups.loc["section47_enquiries", ["count", "pupil_years"]].isna().all(axis=None)
    assert groups.loc["children_entering_care", ["count", "pupil_years"]].notna().all(axis=None)
    gone = every_return("cin_census", missing=(2018, 2019, 2020, 2021))
    covariates = made(completeness=gone, pupils=two_schools(), **events())[2].school_covariates
    assert covariates["baseline_section47_enquiries"].isna().all()


def test_group_years_follow_the_closed_cohort_where_that_variant_is_in_force() -> None:
    changed = {"school_attribution": "school on 1 September 2020"}
    moved = [*on_rolls(1, year_group=7, last=2021, **EXTRA), *on_rolls(1, year_group=9, first=2021, urn=SCHOOL_B)]
    derived, _, tables = made(changed=changed, pupils=rows("pupils", *moved), **events())
    held = derived.pupil_years
    whole = held[(held["source"] == "cin_census") & (held["period"] == "35 months")].set_index("urn")["pupil_years"]
    groups = tables.group_counts
    own = groups[(groups["window"] == "35 months") & (groups["measure"] == "referrals") & (groups["trait"] == "sex")]
    np.testing.assert_allclose(own.groupby("urn")["pupil_years"].sum(), whole)


def test_covariates_are_of_the_census_day_and_the_baseline(usual: Made) -> None:
    derived, _, tables = usual
    first = school(tables.school_covariates, SCHOOL_A)
    assert first["pupils_january"] == 3
    assert first["fsm_percent_january"] == pytest.approx(100 / 3)
    assert first["baseline_section47_enquiries"] == 0
    second = school(tables.school_covariates, SCHOOL_B)
    assert (second["pupils_january"], second["baseline_section47_enquiries"]) == (1, 1)
    assert second["baseline_pupil_years"] == pytest.approx(547 / 365.25), "1 September 2018 to 29 February 2020"
    heads = derived.headcounts.query("academic_year == '2019/20'").set_index("urn")["pupils"]
    assert heads.to_dict() == {SCHOOL_A: 3, SCHOOL_B: 1}
    assert not first["is_london"]


def test_percentages_leave_out_pupils_whose_eligibility_is_not_known() -> None:
    roll = two_schools()
    blank = (roll["upn"] == pupil_number(3)) & (roll["census_year"] == 2020) & (roll["census_term"] == "spring")
    roll.loc[blank, "is_fsm_eligible"] = pd.NA
    _, _, tables = made(pupils=roll)
    assert school(tables.school_covariates, SCHOOL_A)["fsm_percent_january"] == pytest.approx(50)


@pytest.mark.parametrize(("reason", "analysed"), [
    ("withdrew", False), ("no return", False), ("merged", False), ("closed", False), ("post vacant", True),
    ("later given a worker", True), (pd.NA, True),
])  # fmt: skip
def test_schools_that_left_are_not_analysed_and_all_others_are(reason: Any, analysed: bool) -> None:
    tables = world(pupils=two_schools())
    tables["allocation"].loc[0, "reason"] = reason
    covariates = made(**tables)[2].school_covariates
    assert school(covariates, SCHOOL_A)["is_analysed"] == analysed
    assert school(covariates, SCHOOL_B)["is_analysed"]


def test_months_of_a_worker_are_the_share_of_full_time_on_the_days_of_the_window() -> None:
    spells = [
        {"worker": "W1", "role": "social worker", "urn": SCHOOL_A, "from_date": "2020-09-01", "to_date": "2021-08-31",
         "fte": 0.8},
        {"worker": "W2", "role": "social worker", "urn": SCHOOL_A, "from_date": "2022-08-01", "fte": 1.0},
        {"worker": "M1", "role": "team manager", "from_date": "2020-09-01", "fte": 1.0},
        {"worker": "W1", "role": "social worker", "urn": SCHOOL_A, "from_date": "2020-09-01", "month": "2020-10"},
    ]  # fmt: skip
    _, _, tables = made(pupils=two_schools(), delivery=rows("delivery", *spells))
    first = school(tables.school_covariates, SCHOOL_A)
    assert first["worker_months_23_months"] == pytest.approx(0.8 * 12 * 365 / 365.25)
    assert first["worker_months_35_months"] == pytest.approx((0.8 * 365 + 365) * 12 / 365.25), "one still in post"
    assert school(tables.school_covariates, SCHOOL_B)["worker_months_35_months"] == 0


def test_without_a_record_of_delivery_worker_months_are_missing_and_not_zero() -> None:
    covariates = made(pupils=two_schools())[2].school_covariates
    assert covariates[["worker_months_23_months", "worker_months_35_months"]].isna().all(axis=None)


def test_a_spell_of_work_after_the_cut_is_not_known() -> None:
    spell = {"worker": "W", "role": "social worker", "urn": SCHOOL_A, "from_date": "2023-09-05", "fte": 1.0}
    early = {**spell, "from_date": "2023-01-01", "to_date": "2023-12-31"}
    derived, _, _ = made(pupils=two_schools(), delivery=rows("delivery", spell, early))
    assert len(derived.deliveries) == 1
    assert derived.deliveries["to_date"].isna().all(), "that the spell would end was learned after the cut"


def test_results_carry_their_pupils_traits_and_prior_attainment() -> None:
    same = {"academic_year": "2022/23", "key_stage": "KS4", "attainment8": 50.0, "english_maths_grade5": True}
    results = rows(
        "attainment",
        {**same, "upn": pupil_number(1), "ks2_reading_scaled": 100.0, "ks2_maths_scaled": 104.0},
        {**same, "upn": pupil_number(2), "ks2_maths_scaled": 98.0},
        {**same, "upn": pupil_number(9)},
    )
    _, _, tables = made(pupils=two_schools(), attainment=results)
    found = tables.pupil_results
    np.testing.assert_array_equal(found["ks2_prior"], [102.0, 98.0, np.nan])
    assert found["ethnic_group"].tolist() == ["Black", "White", "unknown"], "one is on no roll"
    assert found["pupil"].is_unique
    assert not found["pupil"].astype(str).isin(results["upn"]).any()
    assert found["english_maths_grade5"].tolist() == [1.0, 1.0, 1.0]
    joined = pd.Timestamp(2023, 6, 30) - pd.Timestamp(2018, 9, 1)
    np.testing.assert_allclose(found["years_on_roll"], [joined.days / 365.25] * 2 + [np.nan])


def test_days_in_care_by_pupil_add_up_and_stand_beside_the_pupils_on_roll(usual: Made) -> None:
    _, outcomes, tables = usual
    days = tables.care_days_by_pupil
    assert days[["urn", "window", "days"]].values.tolist() == [[SCHOOL_A, "23 months", 10], [SCHOOL_A, "35 months", 10]]
    own = outcomes.outcomes.query("level == 'school' and measure == 'days_in_care' and period == '35 months'")
    assert own["count"].sum() == 10
    pupils = tables.pupils_in_window.set_index(["urn", "window"])["pupils"]
    assert pupils[SCHOOL_A].tolist() == [3, 3]
    assert pupils[SCHOOL_B].tolist() == [1, 1]


def test_every_level_of_every_trait_is_there_and_tables_come_back_as_saved(usual: Made, tmp_path: Path) -> None:
    _, _, tables = usual
    levels = tables.group_counts.groupby("trait")["level"].unique()
    assert {trait: tuple(known) for trait, known in levels.items()} == LEVELS
    shown = tables.save(tmp_path)
    assert shown["table"].tolist() == list(vars(tables))
    for name, frame in vars(load_analysis_tables(tmp_path)).items():
        pd.testing.assert_frame_equal(frame, getattr(tables, name), check_dtype=False)
