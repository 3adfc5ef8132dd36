"""No month is without events where months usually have many."""

import pandas as pd
from scipy import special

from swis.validate.plausibility.check import Context, NotRunError, check, units
from swis.validate.plausibility.events import MONTHLY_EVENTS, monthly_counts
from swis.validate.rule import SOCIAL_CARE_TEAM

IMPROBABLE = 1e-5
SMALLEST_SHARE = 0.2


@check(
    "month missing",
    table="all",
    title="A month has no events, or next to none, among months that have many",
    severity="note",
    reason="events of the month were probably lost when the return was made; they are unobserved, not zero",
    how_to_mend="make the return again and compare the month with the case system",
    owner=SOCIAL_CARE_TEAM,
)
def month_missing(context: Context) -> pd.DataFrame:
    answers = [_of_one(context, name) for name in MONTHLY_EVENTS if name in context.tables]
    if not any(len(one) for one in answers):
        raise NotRunError("there are no events to count by month")
    return pd.concat(answers, ignore_index=True)


def _of_one(context: Context, name: str) -> pd.DataFrame:
    """A month is missing where its count is far below the median of the year around it and improbable by chance."""
    counts = monthly_counts(context.tables[name], *MONTHLY_EVENTS[name])
    usual = counts.rolling(13, center=True, min_periods=4).median()
    chance = special.pdtr(counts, usual * 0.5)
    holds = (counts >= SMALLEST_SHARE * usual) | (chance > IMPROBABLE) | usual.isna()
    return units(name + " " + counts.index.astype(str), holds)
