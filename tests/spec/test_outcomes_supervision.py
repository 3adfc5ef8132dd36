"""Contacts, early help, plans and the survey of safeguarding leads: this input, this measure."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from derive_tables import (
    AUTHORITY,
    SCHOOL_A,
    SCHOOL_B,
    allocation,
    every_return,
    on_rolls,
    params_of,
    pupil_number,
    rows,
    world,
)

from swis.derive import Derived
from swis.outcomes import Outcomes, analysis_tables, derive_and_outcomes
from swis.params import Params
from swis.schemas import conform

TRIAL = "dsls_greater_manchester"
WINDOW, BASELINE = "calendar year 2021", "baseline"
# A contact of another school shows that the form covers these years.
FIRST, LAST = "2019-09-10", "2023-07-10"


def made(known: Params | None = None, **tables: pd.DataFrame) -> tuple[Derived, Outcomes]:
    """Two secondary schools in the trial of Greater Manchester, with a pupil of Year 7 in autumn 2018 each."""
    given = {
        "allocation": allocation(TRIAL),
        "pupils": rows("pupils", *on_rolls(1, year_group=7), *on_rolls(2, year_group=7, urn=SCHOOL_B)),
        "children": rows("children", {"la_child_id": "SYN1", "upn": pupil_number(1)}),
        **tables,
    }
    return derive_and_outcomes(world(**given), known or params_of(TRIAL), AUTHORITY, every_return())


def contacts(*given: dict[str, Any]) -> pd.DataFrame:
    frame = [{"la_child_id": "EDGE", "urn": SCHOOL_B, "contact_date": day} for day in (FIRST, LAST)]
    return rows("contacts", *frame, *given)


def contact(day: str, outcome: str | None = None, **more: Any) -> dict[str, Any]:
    return {"la_child_id": "SYN1", "upn": pupil_number(1), "contact_date": day, "outcome": outcome, **more}


def of_school(found: Outcomes, measure: str, period: str = WINDOW, urn: str = SCHOOL_A) -> pd.Series:
    table = found.outcomes
    own = table[(table["measure"] == measure) & (table["period"] == period) & (table["urn"] == urn)]
    return own.iloc[0]


NOTHING, HELP, REFERRAL = "no_further_action", "early_help", "referral"
CONTACTS = [contact("2021-02-01", NOTHING, concern_codes="NEG SAB"), contact("2021-03-01", HELP),
            contact("2021-10-01", REFERRAL), contact("2021-11-01"), contact("2022-02-01", NOTHING)]  # fmt: skip


@cache
def four_contacts() -> Outcomes:
    return made(contacts=contacts(*CONTACTS))[1]


# measure, count, denominator (None: pupil-years of one pupil over 2021)
OF_CONTACTS = [
    ("contacts_from_schools", 4, None),
    ("contacts_no_further_action_rate", 1, None),
    ("contacts_sexual_abuse", 1, None),
    ("contacts_no_further_action", 1, 3),
    ("contacts_to_early_help", 1, 3),
    ("contacts_to_referral", 1, 3),
]


@pytest.mark.parametrize(("measure", "count", "denominator"), OF_CONTACTS)
def test_contacts_of_the_window(measure: str, count: int, denominator: int | None) -> None:
    found = of_school(four_contacts(), measure)
    assert (found["count"], found["denominator"]) == (count, pytest.approx(denominator or 365 / 365.25))


def test_a_school_without_a_contact_counts_with_none_in_the_rate_and_has_no_share() -> None:
    rate = of_school(four_contacts(), "contacts_from_schools", urn=SCHOOL_B)
    assert (rate["count"], rate["status"], rate["comparability"] != "not observed") == (0, "ok", True)
    share = of_school(four_contacts(), "contacts_no_further_action", urn=SCHOOL_B)
    assert (share["count"], share["status"]) == (0, "no denominator")


WHO_COUNTS = {
    "one row a child, school and day": (
        [contact("2021-02-01"), contact("2021-02-01", NOTHING, decision_date="2021-02-02")], 1, 1,
    ),
    "the school that made it, whatever roll": ([contact("2021-02-01", upn=pupil_number(2), la_child_id="SYN2")], 1, 0),
    "a pupil whom no roll knows": ([contact("2021-02-01", upn=pupil_number(77), la_child_id="SYN7")], 1, 0),
    "a pupil without a number, found by the census": ([contact("2021-02-01", upn=None)], 1, 0),
    "a pupil above the year groups": ([contact("2021-02-01", upn=pupil_number(3), la_child_id="SYN3")], 0, 0),
    "a school of no trial": ([contact("2021-02-01", urn="900009")], 0, 0),
}  # fmt: skip


@pytest.mark.parametrize("case", WHO_COUNTS)
def test_which_contacts_count(case: str) -> None:
    given, count, without_action = WHO_COUNTS[case]
    pupils = rows("pupils", *on_rolls(1, year_group=7), *on_rolls(2, year_group=7, urn=SCHOOL_B),
                  *on_rolls(3, year_group=12))  # fmt: skip
    found = made(contacts=contacts(*given), pupils=pupils)[1]
    assert of_school(found, "contacts_from_schools")["count"] == count
    assert of_school(found, "contacts_no_further_action")["count"] == without_action


def test_contacts_of_a_school_without_a_roll_count_neither_in_the_rate_nor_in_the_share() -> None:
    given = contacts(contact("2021-02-01", NOTHING), contact("2021-02-01", NOTHING, urn=SCHOOL_B))
    found = made(contacts=given, pupils=rows("pupils", *on_rolls(1, year_group=7)))[1]
    for measure in ("contacts_from_schools", "contacts_no_further_action_rate", "contacts_no_further_action"):
        assert [of_school(found, measure, urn=urn)["count"] for urn in (SCHOOL_A, SCHOOL_B)] == [1, 0], measure


def test_an_outcome_that_is_not_of_the_list_is_not_known() -> None:
    found = made(contacts=contacts(contact("2021-02-01", "passed on"), contact("2021-03-01", REFERRAL)))[1]
    assert of_school(found, "contacts_from_schools")["count"] == 2
    assert of_school(found, "contacts_to_referral")["denominator"] == 1


def test_a_decision_after_the_cut_is_not_known() -> None:
    given = contacts(contact("2021-06-28", NOTHING, decision_date="2021-07-02"), contact("2021-07-05", NOTHING))
    found = made(params_of(TRIAL, data_cut=date(2021, 7, 1)), contacts=given)[1]
    assert of_school(found, "contacts_from_schools")["count"] == 1, "the contact after the cut is dropped"
    assert of_school(found, "contacts_no_further_action")["denominator"] == 0, "the decision after it is hidden"


# first contact of the form, share of 2020 that it covers
STARTS = [("2019-09-10", 1.0), ("2020-07-14", 184 / 366), ("2021-02-01", 0.0)]


@pytest.mark.parametrize(("first", "share"), STARTS)
def test_before_the_form_starts_contacts_are_unobserved_and_not_zero(first: str, share: float) -> None:
    given = rows("contacts", *[contact(day, urn=SCHOOL_B) for day in (first, LAST)])
    row = of_school(made(contacts=given)[1], "contacts_from_schools", BASELINE)
    assert row["observed_share"] == pytest.approx(share)
    assert (row["status"] == "not observed") == (share == 0) and np.isnan(row["count"]) == (share == 0)
    if share:
        assert row["denominator"] == pytest.approx(366 / 365.25 * share)


def help_list(*days: str, child: str = "SYN1") -> pd.DataFrame:
    return rows("early_help", *[{"la_child_id": child, "assessment_start_date": day} for day in days])


# starts in a workbook for the year to March 2022, count in 2021, share of 2021 observed
EARLY_HELP = [
    (("2021-04-06", "2021-04-06", "2021-12-31", "2022-01-01"), 2, 275 / 365),
    (("2021-10-04", "2021-11-01"), 2, 92 / 365),
    (("2020-12-01",), None, 0.0),
]


@pytest.mark.parametrize(("days", "count", "share"), EARLY_HELP)
def test_early_help_is_observed_from_the_first_month_of_its_list(
    days: tuple[str, ...], count: int | None, share: float
) -> None:
    row = of_school(made(early_help=help_list(*days))[1], "early_help_assessments")
    assert row["observed_share"] == pytest.approx(share)
    assert (None if np.isnan(row["count"]) else row["count"]) == count


def test_children_of_early_help_are_found_by_the_contacts_form_too() -> None:
    named = contact("2021-04-01", HELP, la_child_id="SYN8")
    derived, found = made(early_help=help_list("2021-04-06", child="SYN8"), contacts=contacts(named))
    assert of_school(found, "early_help_assessments")["count"] == 1
    counted = derived.linkage[derived.linkage["event"] == "early_help"]
    assert counted[["link_status", "count"]].values.tolist() == [["counted", 1]]


def plan(day: str, year: int, *, ended: str | None = None, workbook: bool = False) -> dict[str, Any]:
    file = {"source_file": f"annex_a/annex_a_{year}.xlsx (List 6)"} if workbook else {}
    return {"la_child_id": "SYN1", "referral_date": "2020-03-02", "plan_start_date": day, "plan_end_date": ended,
            "return_year": year, **file}  # fmt: skip


def test_plans_are_observed_from_april_2021_and_before_that_only_by_a_workbook() -> None:
    by_census = [plan("2020-10-05", 2022), plan("2021-04-01", 2022)]
    row = of_school(made(cin_plans=rows("cin_plans", *by_census))[1], "cin_plans_started")
    assert (row["count"], row["observed_share"]) == (1, pytest.approx(275 / 365)), "one started before April 2021"
    in_list = [plan("2019-05-06", 2021, ended="2020-07-01", workbook=True), plan("2020-10-05", 2021, workbook=True)]
    found = made(cin_plans=rows("cin_plans", *in_list, *by_census))[1]
    baseline = of_school(found, "cin_plans_started", BASELINE)
    assert baseline["count"] == 1, "the plan that list and census both hold counts once"
    assert baseline["observed_share"] == pytest.approx(184 / 366), "the list goes back to its first plan that ended"
    assert of_school(found, "cin_plans_started")["observed_share"] == pytest.approx(1.0)


SCALES = params_of(TRIAL).trials[TRIAL].survey.scales  # type: ignore[union-attr]


def answers(respondent: str, wave: str, role: str, *scores: float, **more: Any) -> list[dict[str, Any]]:
    return [
        {"urn": SCHOOL_A, "respondent": respondent, "wave": wave, "scale": SCALES[role].name, "item": item,  # type: ignore[index]
         "score": score, "authority": AUTHORITY, **more}
        for item, score in enumerate(scores, start=1)
    ]  # fmt: skip


def survey(*given: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame([row for rows_given in given for row in rows_given])
    if "left_post_on" in frame:
        frame["left_post_on"] = pd.to_datetime(frame["left_post_on"])
    return conform(frame, "dsl_survey")


WAVES = survey(
    answers("R1", "baseline", "wellbeing", 4, 4, 4, 4, 2, 2, 1),
    answers("R1", "follow-up", "wellbeing", 5, 5, 5, 5),
    answers("R2", "baseline", "wellbeing", 1, 1, 1, left_post_on="2021-05-31"),
    answers("R2", "baseline", "anxiety", 0, 3, 0, 3, left_post_on="2021-05-31"),
    answers("R3", "baseline", "knowledge", *[2] * 8, left_post_on="2020-12-31"),
)


@cache
def surveyed() -> Outcomes:
    return made(dsl_survey=WAVES)[1]


# measure, period, sum of scores or leads, leads behind it
OF_LEADS = [
    ("dsl_wellbeing", BASELINE, 3.0, 1),
    ("dsl_wellbeing", WINDOW, 5.0, 1),
    ("dsl_anxiety", BASELINE, 1.5, 1),
    ("dsl_survey_response", BASELINE, 3, 3),
    ("dsl_survey_response", WINDOW, 1, 3),
    ("dsl_turnover", WINDOW, 1, 2),
]


@pytest.mark.parametrize(("measure", "period", "count", "denominator"), OF_LEADS)
def test_what_leads_answered_and_who_left(measure: str, period: str, count: float, denominator: int) -> None:
    found = of_school(surveyed(), measure, period)
    assert (found["count"], found["denominator"], found["status"]) == (count, denominator, "ok")


def test_scores_belong_to_baseline_and_window_alone() -> None:
    own = surveyed().outcomes
    leads = own[own["measure"].str.startswith("dsl_")]
    windows = {WINDOW, "to July 2022", "to July 2023"}
    assert set(leads["period"]) == {BASELINE, *windows}
    assert set(leads.loc[leads["measure"] == "dsl_turnover", "period"]) == windows


def test_without_a_survey_nothing_of_leads_is_observed() -> None:
    found = of_school(four_contacts(), "dsl_wellbeing")
    assert (found["status"], np.isnan(found["count"])) == ("not observed", True)


def test_a_scale_that_the_survey_does_not_have_is_not_observed() -> None:
    found = of_school(surveyed(), "dsl_support", BASELINE)
    assert (found["status"], np.isnan(found["count"])) == ("not observed", True)
    assert of_school(surveyed(), "dsl_survey_response", BASELINE)["status"] == "ok"


def test_answers_outside_the_range_are_no_answers_and_a_cut_hides_the_follow_up() -> None:
    wild = survey(
        answers("R1", "baseline", "wellbeing", 9, 9, 9, 9, 4, 4, 4), answers("R1", "follow-up", "anxiety", *[1] * 7)
    )
    row = of_school(made(dsl_survey=wild)[1], "dsl_wellbeing", BASELINE)
    assert row["denominator"] == 0, "three answers of seven are fewer than half"
    found = made(params_of(TRIAL, data_cut=date(2021, 11, 30)), dsl_survey=wild)[1]
    assert of_school(found, "dsl_anxiety")["status"] == "not observed"


def test_survey_scores_by_lead_for_estimating_effects() -> None:
    known = params_of(TRIAL)
    derived, _ = made(known, dsl_survey=WAVES)
    own, trials = known.authorities[AUTHORITY], {TRIAL: known.trials[TRIAL]}
    tables = analysis_tables(derived, authority=own, trials=trials, definitions=known.definitions)
    found = tables.survey_scores
    assert len(found) == 3 * 6 and set(found["respondent"]) == {1, 2, 3}
    wellbeing = found[found["measure"] == "dsl_wellbeing"].set_index("respondent")
    assert wellbeing.loc[1, ["baseline", "follow_up"]].tolist() == [3.0, 5.0]
    assert wellbeing["follow_up"].isna().tolist() == [False, True, True], "attrition is missing, not left out"
    left = [None if pd.isna(one) else bool(one) for one in wellbeing["left_post"]]
    assert left == [False, True, None], "one had left before the window"
    assert set(found["arm"]) == {"intervention"}


def test_headcount_and_free_meals_are_of_the_january_before_the_trial() -> None:
    for trial, year, pupils in ((TRIAL, 2020, 2), ("dsls_group", 2021, 1)):
        known = params_of(trial)
        roll = [*on_rolls(1, year_group=7, is_fsm_eligible=True),
                *on_rolls(4, year_group=7, last=2020, leaving_date="2020-07-20", is_fsm_eligible=False)]  # fmt: skip
        derived, _ = made(known, allocation=allocation(trial), pupils=rows("pupils", *roll))
        trials = {trial: known.trials[trial]}
        tables = analysis_tables(
            derived, authority=known.authorities[AUTHORITY], trials=trials, definitions=known.definitions
        )
        row = tables.school_covariates.set_index("urn").loc[SCHOOL_A]
        assert (row["pupils_january"], row["fsm_percent_january"]) == (pupils, 100 / pupils), f"January {year}"


OF_SUPPORT = {"dsl_support", "dsl_survey_response"}


def of_social_workers(**tables: pd.DataFrame) -> Outcomes:
    return made(params_of("swis"), allocation=allocation("swis"), **tables)[1]


def test_a_trial_of_social_workers_has_no_measure_of_supervision_but_how_supported_leads_feel() -> None:
    table = of_social_workers(contacts=contacts(*CONTACTS)).outcomes
    own = table[table["measure"].str.match("contacts_|early_help|cin_plans|dsl_")]
    assert set(own["measure"]) == OF_SUPPORT
    assert set(own["status"]) == {"not observed"}, "nobody was asked, which is not a count of none"


def test_support_is_scored_in_the_trial_of_social_workers_and_no_other_scale_of_theirs() -> None:
    asked = survey(
        answers("R1", "baseline", "support", 2, 3, 4), answers("R1", "follow-up", "support", 5, 5, 4, 4, 2),
        answers("R2", "baseline", "support", 1, 1), answers("R3", "follow-up", "wellbeing", *[5] * 7),
    )  # fmt: skip
    found = of_social_workers(dsl_survey=asked)
    assert set(found.outcomes.loc[found.outcomes["measure"].str.startswith("dsl_"), "measure"]) == OF_SUPPORT
    before = of_school(found, "dsl_support", BASELINE)
    assert (before["count"], before["denominator"]) == (3.0, 1), "two items of five are fewer than half"
    for window in ("23 months", "35 months"):
        after = of_school(found, "dsl_support", window)
        assert (after["count"], after["denominator"], after["status"]) == (4.0, 1, "ok")
    response = of_school(found, "dsl_survey_response", BASELINE)
    assert (response["count"], response["denominator"]) == (1, 2), "a scale that the trial does not name asks nobody"
