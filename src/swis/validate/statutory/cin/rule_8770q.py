"""CIN 8770Q: a child of school age has a unique pupil number, or a reason why not."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables, age_in_years, period_end

SCHOOL_AGE = 5


@cin(
    "8770Q",
    tables="children",
    fields=("upn", "upn_unknown_reason", "birth_date"),
    title="A child over five has neither a unique pupil number nor a reason why there is none",
    severity="note",
    reason="the child's events cannot be linked to a school",
    how_to_mend="fill UPN from the school's register, or UPNunknown",
)
def number_missing(tables: Tables) -> pd.Series:
    rows = tables["children"]
    of_age = age_in_years(rows["birth_date"], period_end(rows)) > SCHOOL_AGE
    return of_age & rows["upn"].isna() & rows["upn_unknown_reason"].isna()
