"""A case left open at the end of a year stands in the next year's return."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.rule import SOCIAL_CARE_TEAM
from swis.validate.tables import Tables, matched


@plausible(
    "open case gone from the next return",
    tables="referrals",
    fields=("referral_date", "closure_date"),
    title="A case open at the end of a year is not in the next year's return",
    severity="note",
    reason="the case and what happened on it afterwards are unobserved, or its referral date was changed",
    how_to_mend="return the case until it closes, under the same referral date",
    owner=SOCIAL_CARE_TEAM,
)
def gone(tables: Tables) -> pd.Series:
    rows = tables["referrals"]
    left_open = rows["closure_date"].isna() & rows["no_further_action"].eq(False).fillna(False)
    received = rows["return_year"].isin(rows["return_year"].dropna().unique() - 1)
    key = ["la_child_id", "referral_date", "return_year"]
    following = rows[key].assign(return_year=rows["return_year"] - 1)
    return left_open & received & ~matched(rows, following, key)["is_matched"]
