"""The survey of safeguarding leads: the mean item score of each lead, wave and scale.

The survey has no dates: the baseline wave is dated by the last day of the trial's baseline, the follow-up by the last
day of its first window to end (assumed: asked just before the trial and at its end).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from swis.derive.schools import to_allocated
from swis.params import Survey, Trial

BASELINE_WAVE, FOLLOW_UP_WAVE = "baseline", "follow-up"
LEAST_SHARE_OF_ITEMS = 0.5
"""Assumed: a scale of which a lead answered fewer than half the items has no score."""
LEAD = ["trial", "urn", "respondent"]
LEAD_SCORE_COLUMNS = [*LEAD, "wave", "wave_day", "measure", "score", "left_post_on"]
TYPES = {
    "trial": "string", "urn": "string", "respondent": "string", "wave": "string", "wave_day": "datetime64[us]",
    "measure": "string", "score": "float64", "left_post_on": "datetime64[us]",
}  # fmt: skip


def lead_scores(
    survey: pd.DataFrame,
    trial_schools: pd.DataFrame,
    lineage: pd.Series,
    trials: Mapping[str, Trial],
    data_cut: date,
) -> pd.DataFrame:
    """One row a lead, wave and scale that was known on the day of the cut (LEAD_SCORE_COLUMNS).

    `score` is the mean of the answered items, missing where fewer than half were; `left_post_on`, the day the lead left
    the post, is the same on every row of a lead. Answers outside a scale's range are no answers.
    """
    own = survey.assign(urn=to_allocated(survey["urn"], lineage))
    parts = [
        _of_trial(own, trial_schools, trial, trial.survey)
        for name, trial in sorted(trials.items())
        if trial.survey is not None
    ]
    empty = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in TYPES.items()})
    every = pd.concat([empty, *parts], ignore_index=True).astype(TYPES)
    known = every[every["wave_day"] <= pd.Timestamp(data_cut)]
    return known.sort_values([*LEAD, "wave_day", "measure"], kind="stable", ignore_index=True)[LEAD_SCORE_COLUMNS]


def _of_trial(survey: pd.DataFrame, trial_schools: pd.DataFrame, trial: Trial, asked: Survey) -> pd.DataFrame:
    schools = trial_schools.loc[trial_schools["trial"] == trial.name, "urn"]
    role_of = {scale.name: role for role, scale in asked.scales.items()}
    rows = survey[survey["urn"].isin(schools) & survey["scale"].isin(role_of.keys())]
    rows = rows.assign(trial=trial.name, role=rows["scale"].map(role_of))
    answers = rows.drop_duplicates([*LEAD, "wave", "role", "item"], keep="last")
    inside = _is_inside(answers, asked)
    grouped = answers.assign(score=answers["score"].where(inside)).groupby([*LEAD, "wave", "role"], sort=True)["score"]
    found = grouped.agg(["mean", "count"]).reset_index()
    items = found["role"].map({role: scale.items for role, scale in asked.scales.items()}).astype(float)
    enough = found["count"] >= LEAST_SHARE_OF_ITEMS * items
    left = rows.groupby(LEAD)["left_post_on"].max().rename("left_post_on")
    days = wave_days(trial)
    named = found.assign(
        measure="dsl_" + found["role"], score=found["mean"].where(enough), wave_day=found["wave"].map(days)
    )
    return named.merge(left.reset_index(), on=LEAD, how="left")[LEAD_SCORE_COLUMNS]


def wave_days(trial: Trial) -> dict[str, pd.Timestamp]:
    """The day that stands for each wave of the survey."""
    follow_up = min(window.last_day for window in trial.windows.values())
    return {BASELINE_WAVE: pd.Timestamp(trial.baseline.last_day), FOLLOW_UP_WAVE: pd.Timestamp(follow_up)}


def _is_inside(answers: pd.DataFrame, asked: Survey) -> pd.Series:
    limits = {role: (scale.lowest, scale.highest) for role, scale in asked.scales.items()}
    lowest = answers["role"].map({role: low for role, (low, _) in limits.items()}).astype(float)
    highest = answers["role"].map({role: high for role, (_, high) in limits.items()}).astype(float)
    return answers["score"].between(lowest, highest).fillna(False)
