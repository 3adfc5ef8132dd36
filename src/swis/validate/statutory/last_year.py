"""What the return of the year before says of the same child, for rules that compare two SSDA903 returns."""

from __future__ import annotations

import pandas as pd

from swis.validate.tables import matched

CHILD = ["return_year", "la_child_id"]


def header_of_last_year(rows: pd.DataFrame) -> pd.DataFrame:
    """For each row of `looked_after_children`, the child's row of the return one year earlier."""
    return matched(rows, rows.assign(return_year=rows["return_year"] + 1), CHILD)


def first_episode_of_each(rows: pd.DataFrame) -> pd.Series:
    """True on the earliest dated episode of each child in each return."""
    dated = rows[rows["episode_start_date"].notna()]
    ordered = dated.sort_values([*CHILD, "episode_start_date"], kind="stable")
    return (~ordered.duplicated(CHILD)).reindex(rows.index, fill_value=False)


def open_start_of_last_year(rows: pd.DataFrame) -> pd.Series:
    """For each episode, the start of the episode its child had open at the end of the return one year earlier."""
    left_open = rows[rows["episode_end_date"].isna()].sort_values([*CHILD, "episode_start_date"], kind="stable")
    latest = left_open.drop_duplicates(CHILD, keep="last")
    return matched(rows, latest.assign(return_year=latest["return_year"] + 1), CHILD)["episode_start_date"]
