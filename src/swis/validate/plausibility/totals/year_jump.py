"""Counts do not double or halve from one return to the next."""

import numpy as np
import pandas as pd

from swis.validate.plausibility.check import Context, NotRunError, check, units
from swis.validate.plausibility.events import YEARLY_EVENTS, yearly_counts
from swis.validate.rule import SOCIAL_CARE_TEAM

LARGEST_RATIO = 1.8
STANDARD_ERRORS = 5


@check(
    "jump between years",
    table="all",
    title="The number of events nearly doubled or halved from one return to the next",
    severity="note",
    reason="a change of recording looks like a change in what children live through",
    how_to_mend="say what changed in recording, or make the return again",
    owner=SOCIAL_CARE_TEAM,
)
def year_jump(context: Context) -> pd.DataFrame:
    answers = []
    for name, (key, start) in YEARLY_EVENTS.items():
        if name in context.tables and len(context.tables[name]):
            counts = yearly_counts(context.tables, name, key, start)
            before = counts.reindex(counts.index - 1).set_axis(counts.index)
            both = counts[before.notna()], before.dropna()
            answers.append(units(name + " " + both[0].index.astype(str), _is_steady(*both)))
    if not any(len(one) for one in answers):
        raise NotRunError("there are no two returns in a row")
    return pd.concat(answers, ignore_index=True)


def _is_steady(now: pd.Series, before: pd.Series) -> pd.Series:
    larger, smaller = np.maximum(now, before), np.minimum(now, before)
    by_chance = larger - smaller <= STANDARD_ERRORS * np.sqrt(larger + smaller)
    return (larger <= LARGEST_RATIO * smaller) | by_chance
