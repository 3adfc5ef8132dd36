"""A child and the pupil of the same number were born on the same day."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.rule import SOCIAL_CARE_TEAM
from swis.validate.tables import Tables, matched


@plausible(
    "date of birth not as on the roll",
    tables="children",
    needs=("pupils",),
    fields=("upn", "birth_date"),
    title="A child and the pupil with the same number have different dates of birth",
    severity="note",
    reason="the number may be another child's, and the events would go to the wrong school",
    how_to_mend="check the number and the date of birth with the school",
    owner=SOCIAL_CARE_TEAM,
)
def not_as_on_roll(tables: Tables) -> pd.Series:
    rows = tables["children"]
    on_roll = tables["pupils"].loc[tables["pupils"]["upn"].notna(), ["upn", "birth_date"]]
    latest = on_roll.dropna().drop_duplicates("upn", keep="last")
    other = matched(rows, latest, ["upn"])["birth_date"]
    return rows["birth_date"].notna() & other.notna() & (rows["birth_date"] != other)
