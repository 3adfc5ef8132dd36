"""One child has one date of birth in all census returns."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.rule import SOCIAL_CARE_TEAM
from swis.validate.tables import Tables


@plausible(
    "child with two dates of birth",
    tables="children",
    fields=("la_child_id", "birth_date"),
    title="A child has different dates of birth in different returns",
    severity="note",
    reason="two children may share an identifier",
    how_to_mend="correct the date of birth in the case system",
    owner=SOCIAL_CARE_TEAM,
)
def two_birth_dates(tables: Tables) -> pd.Series:
    rows = tables["children"]
    known = rows["la_child_id"].notna() & rows["birth_date"].notna()
    dated = rows.loc[known, ["la_child_id", "birth_date"]].drop_duplicates()
    return rows["la_child_id"].isin(dated.loc[dated.duplicated("la_child_id"), "la_child_id"])
