"""An episode of care left open at the end of a year goes on in the next year's return."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.rule import SOCIAL_CARE_TEAM
from swis.validate.tables import Tables, is_last_of, matched

CHILD = ["return_year", "la_child_id"]


@plausible(
    "open care gone from the next return",
    tables="care_episodes",
    fields=("episode_start_date", "episode_end_date"),
    title="A child in care at the end of a year is not in the next year's return",
    severity="note",
    reason="the day the child left care is unknown, so days in care may be too many",
    how_to_mend="return the child's last episode with its end, or the episode that goes on",
    owner=SOCIAL_CARE_TEAM,
)
def gone(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    left_open = rows["episode_end_date"].isna() & is_last_of(rows, CHILD, "episode_start_date")
    received = rows["return_year"].isin(rows["return_year"].dropna().unique() - 1)
    following = rows[CHILD].assign(return_year=rows["return_year"] - 1)
    return left_open & received & ~matched(rows, following, CHILD)["is_matched"]
