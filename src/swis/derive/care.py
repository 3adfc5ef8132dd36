"""Periods of care: consecutive episodes of the 903 return joined into one spell of being looked after.

An episode follows on when the one before ceased on the day it began with reason X1 (continues to be looked after).
Short breaks (legal status V3, V4) are not care. Source: DfE guide to the SSDA903 collection.
"""

from __future__ import annotations

import pandas as pd

from swis.derive.deduplicate import CHILD, deduplicate

SHORT_BREAKS = ["V3", "V4"]
CONTINUES, STARTED = "X1", "S"
CARE_COLUMNS = [*CHILD, "start", "end", "placement", "reason_ceased"]


def care_periods(episodes: pd.DataFrame) -> pd.DataFrame:
    """One row a period of care: CARE_COLUMNS, half-open [start, end), `end` missing while it is open.

    `placement` is the first placement of the period, `reason_ceased` the last reason. An episode still open although a
    later one begins ends at that later one, and goes on in it unless that one started care anew (reason S).
    """
    joined = joined_episodes(episodes)
    by_period = joined.groupby("period", sort=False)
    periods = by_period.agg(
        authority=("authority", "first"),
        la_child_id=("la_child_id", "first"),
        start=("episode_start_date", "first"),
        placement=("placement", "first"),
    )
    last = joined.drop_duplicates("period", keep="last").set_index("period")
    periods = periods.assign(end=last["end"], reason_ceased=last["reason_ceased"])
    return periods[CARE_COLUMNS].reset_index(drop=True)


def joined_episodes(episodes: pd.DataFrame) -> pd.DataFrame:
    """One row an episode of care that is no short break, with the number of its period and its end as it then is."""
    once = deduplicate(episodes, [*CHILD, "episode_start_date"])
    # Unknown legal status is not a short break.
    stays = once[~once["legal_status"].isin(SHORT_BREAKS).fillna(False).astype(bool)].reset_index(drop=True)
    return stays.assign(period=_period_number(stays), end=_capped_end(stays))


def _period_number(episodes: pd.DataFrame) -> pd.Series:
    """Number of the period of each episode; `episodes` sorted by child and start."""
    same_child = _same_child_as_before(episodes)
    before = episodes.shift(1)
    follows_on = (before["episode_end_date"] == episodes["episode_start_date"]) & (before["reason_ceased"] == CONTINUES)
    left_open = before["episode_end_date"].isna() & (episodes["reason_new_episode"] != STARTED)
    joined = same_child & (follows_on.fillna(False).astype(bool) | left_open.fillna(False).astype(bool))
    return (~joined).cumsum()


def _capped_end(episodes: pd.DataFrame) -> pd.Series:
    """Ends of episodes, none later than the start of the child's next one."""
    following = episodes["episode_start_date"].shift(-1)
    same_child = _same_child_as_before(episodes).shift(-1, fill_value=False)
    end = episodes["episode_end_date"]
    return end.mask(same_child & (end.isna() | (end > following)), following)


def _same_child_as_before(episodes: pd.DataFrame) -> pd.Series:
    before = episodes[CHILD].shift(1)
    return (episodes[CHILD] == before).fillna(False).astype(bool).all(axis=1)
