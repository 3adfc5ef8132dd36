"""No month is without events where months usually have many."""

import pandas as pd
from scipy import special

from swis.academic_year import reporting_year_of
from swis.validate.plausibility.check import Context, NotRunError, check, units
from swis.validate.plausibility.events import MONTHLY_EVENTS, monthly_counts
from swis.validate.rule import SOCIAL_CARE_TEAM

IMPROBABLE = 1e-5
SMALLEST_SHARE = 0.5
ORDINARY_SHARE = 0.75
"""A month of so few events is still ordinary; August, when schools make no referrals, has about two thirds."""


@check(
    "month missing",
    table="all",
    title="A month has no events, or far too few, among months that have many",
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
    key, start = MONTHLY_EVENTS[name]
    counts = monthly_counts(_of_own_year(context.tables[name], start), key, start)
    usual = counts.rolling(13, center=True, min_periods=4).median()
    chance = special.pdtr(counts, usual * ORDINARY_SHARE)
    holds = (counts >= SMALLEST_SHARE * usual) | (chance > IMPROBABLE) | usual.isna()
    return units(name + " " + counts.index.astype(str), holds)


def _of_own_year(rows: pd.DataFrame, start: str) -> pd.DataFrame:
    """Events as the return of their own year holds them; contacts as the form of schools' contacts does.

    The next return holds those of its open cases again, which would half fill a month that the first one lost. Annex A
    holds contacts that name no school, of a few months only.
    """
    if start == "contact_date":
        return rows[rows["urn"].notna()]
    if "return_year" not in rows:
        return rows
    of_another_year = (rows["return_year"] != reporting_year_of(rows[start])).fillna(False)
    return rows[~of_another_year]
