"""CIN 8525Q: a date of birth or an expected one, not both and not neither."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "8525Q",
    tables="children",
    fields=("birth_date", "expected_birth_date"),
    title="A child has neither a date of birth nor an expected one, or has both",
    severity="note",
    reason="the age of the child is unknown, so a link by age cannot be checked",
    how_to_mend="fill PersonBirthDate, or ExpectedPersonBirthDate for an unborn child, and clear the other",
)
def one_birth_date(tables: Tables) -> pd.Series:
    rows = tables["children"]
    return rows["birth_date"].isna() == rows["expected_birth_date"].isna()
