"""CIN 8520: no child of the return was born after it ends."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables, period_end


@cin(
    "8520",
    tables="children",
    fields=("birth_date", "return_year"),
    title="A date of birth lies after the end of the return",
    severity="note",
    reason="the age of the child is unknown, so a link by age cannot be checked",
    how_to_mend="correct PersonBirthDate, or use ExpectedPersonBirthDate for an unborn child",
)
def born_after_the_return(tables: Tables) -> pd.Series:
    rows = tables["children"]
    return rows["birth_date"] > period_end(rows)
