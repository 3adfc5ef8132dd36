"""A pupil does not leave before joining."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.tables import Tables


@plausible(
    "leaves before entry",
    tables="pupils",
    fields=("entry_date", "leaving_date"),
    title="A pupil left the school before joining it",
    severity="set aside",
    reason="the pupil's time on roll cannot be computed",
    how_to_mend="correct the entry or leaving date in the school's register",
)
def leaves_before_entry(tables: Tables) -> pd.Series:
    rows = tables["pupils"]
    return rows["leaving_date"] < rows["entry_date"]
