"""Where children lived while in care: the placements inside the periods of care."""

from __future__ import annotations

import pandas as pd

from swis.derive.care import joined_episodes
from swis.derive.deduplicate import CHILD

PLACEMENT_COLUMNS = ["authority", "urn", "upn", "year_group", "start", "end", "placement"]


def care_placements(episodes: pd.DataFrame, care_periods: pd.DataFrame) -> pd.DataFrame:
    """One row an episode of the periods that belong to a school (PLACEMENT_COLUMNS), half-open [start, end).

    `care_periods` carry the school and pupil of each period. The episodes of a period follow one another without a gap,
    so their days add up to the period's.
    """
    joined = joined_episodes(episodes)
    began = joined.groupby("period")["episode_start_date"].transform("first")
    own = joined[[*CHILD, "end", "placement"]].assign(start=joined["episode_start_date"], period_start=began)
    of_school = care_periods.loc[care_periods["urn"].notna(), [*CHILD, "start", "urn", "upn", "year_group"]]
    found = own.merge(of_school.rename(columns={"start": "period_start"}), on=[*CHILD, "period_start"], how="inner")
    return found[PLACEMENT_COLUMNS].reset_index(drop=True)
