"""The survey of safeguarding leads: who answers, who leaves, and what they answer twice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from swis.params import SurveyScale, Trial
from swis.simulate.calibration import numbers, shares
from swis.simulate.days import OPEN, as_dates, date_of, day_of
from swis.simulate.randomness import choose
from swis.simulate.schools import Schools

COLUMNS = ["urn", "respondent", "wave", "scale", "item", "score", "left_post_on"]
TRUTH = ["authority", "trial", "urn", "arm", "respondent", "measure", "baseline", "follow_up", "left_post_on"]
BASELINE, FOLLOW_UP = "baseline", "follow-up"


@dataclass(frozen=True)
class Leads:
    """Safeguarding leads of one trial who answered before it began: their school, whether treated, when they left.

    `left` is `OPEN` for those who stayed throughout the trial; `answers_again` says who answered at its end.
    """

    school: np.ndarray
    name: np.ndarray
    is_treated: np.ndarray
    left: np.ndarray
    answers_again: np.ndarray


@dataclass(frozen=True)
class Answers:
    """The survey as it was answered (COLUMNS, as text), and what lay behind each lead's answers (TRUTH)."""

    rows: pd.DataFrame
    truth: pd.DataFrame


def simulate_survey(
    schools: Schools, trials: dict[str, Trial], slug: str, authority_number: int, rng: np.random.Generator
) -> Answers:
    """The survey in every trial of an authority that has one; empty where none has.

    Whoever did not answer before the trial is not in it. A lead who left is asked again all the same; few answer.
    """
    rows, truth = [pd.DataFrame(columns=COLUMNS, dtype=object)], [pd.DataFrame(columns=TRUTH)]
    for name, trial in sorted(trials.items()):
        members = np.flatnonzero(schools.trial == name)
        if trial.survey is None or not len(members):
            continue
        leads = _leads(schools, members, trial, authority_number, rng)
        for role, scale in trial.survey.scales.items():
            traits = _traits(leads, schools.number, trial.name, role, scale, rng)
            rows.append(_answers(leads, schools, scale, traits, rng))
            truth.append(_truth(leads, schools, role, traits).assign(authority=slug))
    order = ["urn", "respondent", "wave", "scale", "item"]
    answered = pd.concat(rows, ignore_index=True).sort_values(order, kind="stable", ignore_index=True)
    return Answers(answered.assign(item=answered["item"].astype(str)), pd.concat(truth, ignore_index=True)[TRUTH])


def _leads(
    schools: Schools, members: np.ndarray, trial: Trial, authority_number: int, rng: np.random.Generator
) -> Leads:
    said = numbers()["survey"]
    each = [int(choose(*shares(said["leads_per_school"][phase]), 1, rng)[0]) for phase in schools.phase[members]]
    school = np.repeat(members, each)
    rank = np.concatenate([np.arange(1, number + 1) for number in each])
    names = [f"D{authority_number:02d}{place:03d}{own}" for place, own in zip(school, rank, strict=True)]
    name = np.array(names, dtype=object)
    asked = rng.random(len(school)) < said["answers_baseline"]
    school, name = school[asked], name[asked]
    left = _leaving_days(trial, schools.is_treated[school], rng)
    chance = np.where(left < OPEN, said["answers_follow_up"]["left"], said["answers_follow_up"]["stayed"])
    return Leads(school, name, schools.is_treated[school], left, rng.random(len(school)) < chance)


def _leaving_days(trial: Trial, is_treated: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The day within the trial's own window on which each lead leaves the post, `OPEN` for those who stay."""
    first = day_of(trial.own_window.first_day)
    length = day_of(trial.own_window.last_day) - first + 1
    usual = 1 - (1 - numbers()["survey"]["leaves_in_a_year"]) ** (length / 365.25)
    odds = usual / (1 - usual) * np.where(is_treated, numbers()["effects"][trial.name]["leads_leaving_odds"], 1.0)
    leaves = rng.random(len(is_treated)) < odds / (1 + odds)
    return np.where(leaves, first + (rng.random(len(is_treated)) * length).astype("int64"), OPEN)


def _traits(
    leads: Leads, schools: int, trial: str, role: str, scale: SurveyScale, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """What each lead would answer on average, in points of the scale, by wave; the effect shows at follow-up."""
    said, width, number = numbers()["survey"], scale.highest - scale.lowest, len(leads.school)
    spread = said["spread"]
    lasting = spread["schools"] * rng.normal(size=schools)[leads.school] + spread["leads"] * rng.normal(size=number)
    waves = spread["waves"] * rng.normal(size=(2, number))
    usual = scale.lowest + width * (said["level"][role] + lasting + waves)
    effect = np.where(leads.is_treated, numbers()["survey_effects"][trial][role], 0.0)
    return {BASELINE: usual[0], FOLLOW_UP: usual[1] + width * said["change"][role] + effect}


def _answers(
    leads: Leads, schools: Schools, scale: SurveyScale, traits: dict[str, np.ndarray], rng: np.random.Generator
) -> pd.DataFrame:
    """One row a lead, wave and item of one scale, a few left blank; the second wave only of those who answer again."""
    said, parts = numbers()["survey"], []
    left = np.where(leads.left < OPEN, [date_of(day).isoformat() for day in leads.left], "")
    for wave, trait in traits.items():
        drawn = trait[:, None] + said["spread"]["items"] * (scale.highest - scale.lowest) * rng.normal(
            size=(len(trait), scale.items)
        )
        points = np.clip(np.rint(drawn), scale.lowest, scale.highest)
        score = np.where(rng.random(points.shape) < said["item_not_answered"], "", points.astype(int).astype(str))
        asked = np.flatnonzero(leads.answers_again) if wave == FOLLOW_UP else np.arange(len(trait))
        lead, item = np.repeat(asked, scale.items), np.tile(np.arange(1, scale.items + 1), len(asked))
        columns = (
            schools.urn[leads.school[lead]], leads.name[lead], wave, scale.name, item, score[asked].ravel(), left[lead],
        )  # fmt: skip
        parts.append(pd.DataFrame(dict(zip(COLUMNS, columns, strict=True))))
    return pd.concat(parts, ignore_index=True)


def _truth(leads: Leads, schools: Schools, role: str, traits: dict[str, np.ndarray]) -> pd.DataFrame:
    """What lay behind the answers, one row a lead: mean points by wave (missing where not asked again), and leaving."""
    return pd.DataFrame(
        {
            "trial": schools.trial[leads.school],
            "urn": schools.urn[leads.school],
            "arm": schools.arm[leads.school],
            "respondent": leads.name,
            "measure": f"dsl_{role}",
            "baseline": traits[BASELINE],
            "follow_up": np.where(leads.answers_again, traits[FOLLOW_UP], np.nan),
            "left_post_on": as_dates(leads.left).astype("datetime64[s]"),
        }
    )
