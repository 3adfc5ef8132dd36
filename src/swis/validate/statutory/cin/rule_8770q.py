"""CIN 8770Q: a child of school age with whom work is done has a unique pupil number, or a reason why not."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import CHILD_BLOCK, Tables, age_in_years, matched, period_end

SCHOOL_AGE = 5


@cin(
    "8770Q",
    tables="children",
    needs=("referrals",),
    fields=("upn", "upn_unknown_reason", "birth_date", "no_further_action"),
    title="A child over five has neither a unique pupil number nor a reason why there is none",
    severity="note",
    reason="the child's events cannot be linked to a school",
    how_to_mend="fill UPN from the school's register, or UPNunknown",
)
def number_missing(tables: Tables) -> pd.Series:
    rows, referrals = tables["children"], tables["referrals"]
    acted_on = referrals[referrals["no_further_action"].eq(False).fillna(False)]
    of_age = age_in_years(rows["birth_date"], period_end(rows)) > SCHOOL_AGE
    unknown = rows["upn"].isna() & rows["upn_unknown_reason"].isna()
    return of_age & unknown & matched(rows, acted_on, CHILD_BLOCK)["is_matched"]
