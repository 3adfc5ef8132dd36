"""One child keeps its unique pupil number from return to return, or says the former one."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.rule import SOCIAL_CARE_TEAM
from swis.validate.tables import Tables


@plausible(
    "child's number changed",
    tables="children",
    fields=("la_child_id", "upn", "former_upn"),
    title="A child has different unique pupil numbers in different returns and no former number",
    severity="note",
    reason="the child's events would be linked to two pupils",
    how_to_mend="fill FormerUPN where a number was replaced, or correct UPN",
    owner=SOCIAL_CARE_TEAM,
)
def number_changed(tables: Tables) -> pd.Series:
    rows = tables["children"]
    known = rows.loc[rows["la_child_id"].notna() & rows["upn"].notna(), ["la_child_id", "upn"]].drop_duplicates()
    changed = known.loc[known.duplicated("la_child_id"), "la_child_id"]
    explained = rows.loc[rows["former_upn"].notna(), "la_child_id"]
    return rows["la_child_id"].isin(changed) & ~rows["la_child_id"].isin(explained)
