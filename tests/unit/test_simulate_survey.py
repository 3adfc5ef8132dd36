"""Simulated answers of safeguarding leads: their scales, who is lost to follow-up, who left the post."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from swis.params import Params, Survey, load_params
from swis.simulate.authority import write_authority
from swis.simulate.calibration import targets_for
from swis.simulate.plan import SchoolGroup, Size, full_size
from swis.simulate.randomness import stream
from swis.simulate.schools import Schools, simulate_schools
from swis.simulate.survey import COLUMNS, TRUTH, Answers, simulate_survey
from swis.sources.own_csv import own_form

SEED = 9
SLUG, TRIAL = "invented-group-authority-1", "dsls_group"


@pytest.fixture(scope="module")
def params(project_root: Path) -> Params:
    return load_params(project_root / "params")


def schools_of(slug: str, params: Params) -> Schools:
    targets, rng = targets_for(slug, stream(SEED, slug, "targets")), stream(SEED, slug, "schools")
    return simulate_schools(full_size(params).groups[slug], params.authorities[slug], 7, targets, rng)


@pytest.fixture(scope="module")
def answers(params: Params) -> Answers:
    """Twenty drawings of one authority's survey, so that rare leads are there."""
    schools = schools_of(SLUG, params)
    made = [simulate_survey(schools, params.trials, SLUG, 7, stream(seed, SLUG, "survey")) for seed in range(20)]
    rows = [one.rows.assign(respondent=one.rows["respondent"] + f"/{seed}") for seed, one in enumerate(made)]
    truth = [one.truth.assign(respondent=one.truth["respondent"] + f"/{seed}") for seed, one in enumerate(made)]
    return Answers(pd.concat(rows, ignore_index=True), pd.concat(truth, ignore_index=True))


@pytest.fixture(scope="module")
def survey(params: Params) -> Survey:
    found = params.trials[TRIAL].survey
    assert found is not None
    return found


def test_the_columns_are_those_of_our_own_form(answers: Answers) -> None:
    assert [column.name for column in own_form("dsl_survey")] == COLUMNS == list(answers.rows.columns)
    assert list(answers.truth.columns) == TRUTH


def test_each_scale_has_its_items_within_its_range(answers: Answers, survey: Survey) -> None:
    assert set(answers.rows["scale"]) == {scale.name for scale in survey.scales.values()}
    for scale in survey.scales.values():
        own = answers.rows[answers.rows["scale"] == scale.name]
        each = own.assign(item=own["item"].astype(int)).groupby(["respondent", "wave"])["item"]
        assert each.agg(["min", "max", "nunique", "size"]).eq([1, scale.items, scale.items, scale.items]).all(axis=None)
        given = own.loc[own["score"].ne(""), "score"].astype(int)
        assert (given.min(), given.max()) == (scale.lowest, scale.highest)


def test_some_items_are_not_answered(answers: Answers) -> None:
    assert 0.005 < answers.rows["score"].eq("").mean() < 0.015


def test_all_answer_before_and_some_are_lost_to_follow_up_most_of_all_those_who_left(answers: Answers) -> None:
    leads = answers.rows.groupby("respondent").agg(waves=("wave", "nunique"), left=("left_post_on", "max"))
    before = set(answers.rows.loc[answers.rows["wave"] == "baseline", "respondent"])
    assert before == set(leads.index)
    again, left = leads["waves"].eq(2), leads["left"].ne("")
    assert 0.7 < again[~left].mean() < 0.9
    assert 0 < again[left].mean() < 0.4


def test_a_lead_leaves_within_the_trial_and_the_day_stands_in_every_row(answers: Answers, params: Params) -> None:
    days = answers.rows.groupby("respondent")["left_post_on"].agg(["nunique", "max"])
    assert (days["nunique"] == 1).all()
    window = params.trials[TRIAL].windows["school year 2021/22"]
    left = days.loc[days["max"].ne(""), "max"]
    assert 0.08 < len(left) / len(days) < 0.2
    assert left.between(window.first_day.isoformat(), window.last_day.isoformat()).all()


def test_the_truth_says_what_lies_behind_the_answers(answers: Answers, survey: Survey) -> None:
    scale = survey.scales["wellbeing"]
    own = answers.rows[(answers.rows["scale"] == scale.name) & answers.rows["score"].ne("")]
    means = own.assign(score=own["score"].astype(float)).pivot_table("score", "respondent", "wave")
    truth = answers.truth[answers.truth["measure"] == "dsl_wellbeing"].set_index("respondent")
    assert truth["follow_up"].notna().equals(means["follow-up"].notna().reindex(truth.index))
    # Seven items that each vary by 0.64 points: a mean varies by 0.24 around the trait, and cutting answers to the
    # range draws it in a little.
    assert (means["baseline"] - truth["baseline"]).mean() == pytest.approx(0, abs=0.05)
    assert (means["baseline"] - truth["baseline"]).std() == pytest.approx(0.26, abs=0.05)


SUPPORT = "Support by children's social care with safeguarding and risk (illustrative)"


def test_only_schools_of_a_trial_with_a_survey_answer(params: Params) -> None:
    schools = schools_of("tameside", params)
    without = {**params.trials, "swis": params.trials["swis"].model_copy(update={"survey": None})}
    rows = simulate_survey(schools, without, "tameside", 7, stream(SEED, "tameside", "survey")).rows
    supervised = set(schools.urn[schools.trial == "dsls_greater_manchester"])
    assert set(rows["urn"]) <= supervised
    assert len(set(rows["urn"])) > 1
    assert simulate_survey(schools_of("gateshead", params), without, "gateshead", 7, stream(1)).rows.empty


def test_leads_of_schools_with_social_workers_are_asked_about_support_alone_in_both_arms_and_waves(
    params: Params,
) -> None:
    schools = schools_of("tameside", params)
    rows = simulate_survey(schools, params.trials, "tameside", 7, stream(SEED, "tameside", "survey")).rows
    own = rows.merge(pd.DataFrame({"urn": schools.urn, "trial": schools.trial, "arm": schools.arm}), on="urn")
    of_workers = own[own["trial"] == "swis"]
    assert set(of_workers["scale"]) == {SUPPORT}
    assert set(own.loc[own["trial"] != "swis", "scale"]) > {SUPPORT}
    assert len(of_workers.drop_duplicates(["arm", "wave"])) == 4


def test_a_second_trial_in_an_authority_leaves_the_answers_of_the_first_as_they_were(params: Params) -> None:
    schools = schools_of("tameside", params)
    without = {**params.trials, "swis": params.trials["swis"].model_copy(update={"survey": None})}
    alone, both = (
        simulate_survey(schools, trials, "tameside", 7, stream(SEED, "tameside", "survey")).rows
        for trials in (without, params.trials)
    )
    supervised = schools.urn[schools.trial == "dsls_greater_manchester"]
    assert_frame_equal(both[both["urn"].isin(supervised)].reset_index(drop=True), alone)


@pytest.mark.parametrize(("slug", "sends"), [("gateshead", True), ("harrow", False)])
def test_an_authority_whose_leads_were_not_asked_sends_no_survey(
    params: Params, tmp_path: Path, slug: str, sends: bool
) -> None:
    size = Size("full", {slug: (SchoolGroup("swis", "secondary", 2, 2, 24),)}, (), 0.02, is_indented=False)
    written = write_authority(slug, tmp_path, params, SEED, size)
    assert (tmp_path / slug / "dsl_survey.csv").exists() == sends
    assert not written.truth["survey"].empty, "what would have been answered is there all the same"
    assert "file_return_missing" not in [fault.kind for fault in written.faults], "a known gap is no fault"
