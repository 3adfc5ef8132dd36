"""Safeguarding leads: what they answered in the survey, whether they answered, and whether they left the post."""

from __future__ import annotations

from typing import Final

import pandas as pd

from swis.derive.derived import Derived
from swis.derive.lead_scores import LEAD
from swis.derive.periods import Period
from swis.outcomes.measures.event_rows import share, values
from swis.params import Definitions

ROLE_OF_SUPPORT: Final = "support"
SUPPORT = "dsl_support"
SCALES = ("dsl_wellbeing", "dsl_anxiety", "dsl_confidence", "dsl_workload_pressure", "dsl_knowledge", SUPPORT)
RESPONSE, TURNOVER = "dsl_survey_response", "dsl_turnover"


def count(derived: Derived, period: Period, definitions: Definitions) -> dict[str, pd.DataFrame]:
    """Scores of the wave whose day lies in the period, leads who answered it, and leads who left in the period.

    Every lead whom any wave of the survey names was asked; those in post on the first day of the period may leave.
    """
    scores = _as_rows(derived.lead_scores)
    asked = scores.drop_duplicates(LEAD)
    inside = (scores["wave_day"] >= period.start) & (scores["wave_day"] < period.end)
    wave = scores[inside.to_numpy(bool)]
    answered = pd.MultiIndex.from_frame(wave.loc[wave["score"].notna(), LEAD])
    in_post = asked[~(asked["left_post_on"] < period.start).fillna(False).to_numpy(bool)]
    left = (in_post["left_post_on"] < period.end).fillna(False).astype("boolean")
    responded = pd.Series(pd.MultiIndex.from_frame(asked[LEAD]).isin(answered), index=asked.index, dtype="boolean")
    return {
        **{name: values(own, own["score"]) for name in SCALES for own in [wave[wave["measure"] == name]]},
        RESPONSE: share(asked, responded),
        TURNOVER: share(in_post, left),
    }


def _as_rows(scores: pd.DataFrame) -> pd.DataFrame:
    """With the columns every measure's rows have; a lead has neither pupil number nor year group."""
    unsaid = dict.fromkeys(("upn", "year_group", "academic_year"), pd.NA)
    return scores.assign(**unsaid).astype({"academic_year": "string"})
