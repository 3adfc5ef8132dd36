"""CIN 8775Q: no child of the return is over 25."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables, age_in_years, period_end

OLDEST = 25


@cin(
    "8775Q",
    tables="children",
    fields=("birth_date",),
    title="A child of the return is over 25 years old",
    severity="note",
    reason="the date of birth is probably wrong (a century or a typing slip)",
    how_to_mend="correct PersonBirthDate, or close the case",
)
def too_old(tables: Tables) -> pd.Series:
    rows = tables["children"]
    return age_in_years(rows["birth_date"], period_end(rows)) > OLDEST
