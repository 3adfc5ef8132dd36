"""One pupil has one date of birth."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.tables import Tables


@plausible(
    "pupil with two dates of birth",
    tables="pupils",
    fields=("upn", "birth_date"),
    title="A pupil has different dates of birth on different rolls",
    severity="note",
    reason="two pupils may share a number",
    how_to_mend="correct the date of birth, or the number of the other pupil, in the school's register",
)
def two_birth_dates(tables: Tables) -> pd.Series:
    rows = tables["pupils"]
    dated = rows.loc[rows["upn"].notna() & rows["birth_date"].notna(), ["upn", "birth_date"]].drop_duplicates()
    return rows["upn"].isin(dated.loc[dated.duplicated("upn"), "upn"])
