"""CIN 8535Q: no death before birth."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "8535Q",
    tables="children",
    fields=("death_date", "birth_date"),
    title="A date of death lies before the date of birth",
    severity="note",
    reason="one of the two dates is wrong; no measure uses the date of death",
    how_to_mend="correct PersonDeathDate or PersonBirthDate",
)
def death_before_birth(tables: Tables) -> pd.Series:
    rows = tables["children"]
    return rows["death_date"] < rows["birth_date"]
