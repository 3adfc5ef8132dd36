"""903 209: a child of school age is not without a number for being too young."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables, age_in_years, period_start

# Who is four on 31 August starts school the day after; the rule looks at that day of the year before the return began.
STARTING_AGE = 4
FROM_AUGUST_TO_APRIL = pd.DateOffset(months=7, days=1)


@ssda903(
    "209",
    tables="looked_after_children",
    fields=("upn_unknown_reason", "birth_date"),
    title="A child of school age is said to have no number for not being of school age (UN1)",
    severity="note",
    reason="the child's care cannot be linked to a school",
    how_to_mend="fill UPN, or give the true reason",
)
def too_young_for_school_is_untrue(tables: Tables) -> pd.Series:
    rows = tables["looked_after_children"]
    of_age = age_in_years(rows["birth_date"], period_start(rows) - FROM_AUGUST_TO_APRIL) >= STARTING_AGE
    return of_age & rows["upn_unknown_reason"].eq("UN1").fillna(False)
