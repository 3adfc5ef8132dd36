"""How long a legal status lasted, for the SSDA903 rules about those that the Children Act 1989 limits."""

from __future__ import annotations

import pandas as pd

from swis.validate.tables import period_end

CHILD = ["return_year", "la_child_id"]


def lasted_longer(rows: pd.DataFrame, status: str, longest: pd.Timedelta) -> pd.Series:
    """Episodes of a legal status that lasted longer without a break, to the end of the return where it goes on.

    Episodes of the same status that follow one another count as one: a child may be moved while the status lasts.
    """
    ends = rows["episode_end_date"].fillna(period_end(rows))
    own = rows.assign(end=ends)[rows["legal_status"].eq(status).fillna(False) & rows["episode_start_date"].notna()]
    own = own.sort_values([*CHILD, "episode_start_date"], kind="stable")
    follows = own["episode_start_date"] == own.groupby(CHILD)["end"].shift()
    number = (~follows).cumsum()
    lasted = own["end"].groupby(number).max() - own["episode_start_date"].groupby(number).min()
    return number.isin(lasted.index[lasted > longest]).reindex(rows.index, fill_value=False)
