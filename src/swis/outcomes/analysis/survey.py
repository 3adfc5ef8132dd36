"""What safeguarding leads answered before and after, one row a lead and scale."""

from __future__ import annotations

import pandas as pd

from swis.derive.derived import Derived
from swis.derive.lead_scores import BASELINE_WAVE, FOLLOW_UP_WAVE, LEAD
from swis.derive.person_time import SCHOOL
from swis.outcomes.analysis.roster import Roster
from swis.params import Trial

SURVEY_COLUMNS = [*SCHOOL, "respondent", "measure", "baseline", "follow_up", "left_post"]
SURVEY_TYPES = {
    **dict.fromkeys([*SCHOOL, "measure"], "string"), "respondent": "int64", "baseline": "float64",
    "follow_up": "float64", "left_post": "boolean",
}  # fmt: skip


def survey_scores(roster: Roster, derived: Derived, trial: Trial) -> pd.DataFrame:
    """One row a lead and scale of one trial (SURVEY_COLUMNS); no row where it has no survey.

    `respondent` is a plain number within the authority's trial, no identifier; `baseline` and `follow_up` are mean item
    scores, missing where the lead did not answer the wave (attrition); `left_post`: whether the lead left the post in
    the window that ends first, missing for one who had left before it.
    """
    scores = derived.lead_scores[derived.lead_scores["trial"] == trial.name]
    if scores.empty:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in SURVEY_TYPES.items()})
    leads = scores.drop_duplicates(LEAD).reset_index(drop=True)
    every = leads[[*LEAD, "left_post_on"]].assign(respondent_number=range(1, len(leads) + 1))
    scales = pd.DataFrame({"measure": sorted(f"dsl_{role}" for role in (trial.survey.scales if trial.survey else {}))})
    rows = every.merge(scales.astype("string"), how="cross")
    for wave, column in ((BASELINE_WAVE, "baseline"), (FOLLOW_UP_WAVE, "follow_up")):
        own = scores.loc[scores["wave"] == wave, [*LEAD, "measure", "score"]].rename(columns={"score": column})
        rows = rows.merge(own, on=[*LEAD, "measure"], how="left")
    rows = rows.assign(left_post=_left_in_window(rows["left_post_on"], trial)).drop(columns="respondent")
    named = rows.merge(roster.schools[SCHOOL], on=["trial", "urn"], how="left")
    return named.rename(columns={"respondent_number": "respondent"})[SURVEY_COLUMNS].astype(SURVEY_TYPES)


def _left_in_window(left_on: pd.Series, trial: Trial) -> pd.Series:
    window = min(trial.windows.values(), key=lambda one: one.last_day)
    left = (left_on <= pd.Timestamp(window.last_day)).astype("boolean")
    return left.mask(left_on < pd.Timestamp(window.first_day))
