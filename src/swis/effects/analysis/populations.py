"""Which schools belong to a population of the plan."""

from __future__ import annotations

import pandas as pd

# A school without data cannot be analysed; any other reason of the allocation is an intercurrent event it stays with.
NO_DATA = frozenset({"no return"})


def in_population(schools: pd.DataFrame, rule: str) -> pd.Series:
    """Whether each school is in: `schools` [arm, reason, is_analysed, received, dose]; ValueError for an unknown rule.

    'intention to treat' takes every school allocated whose data were returned; 'stayed to the end' those that neither
    withdrew, merged nor closed; 'per protocol' those of them that got what their arm says.
    """
    if rule == "intention to treat":
        return ~schools["reason"].isin(NO_DATA).fillna(False).astype(bool)
    stayed = schools["is_analysed"].astype(bool)
    if rule == "stayed to the end":
        return stayed
    if rule == "per protocol":
        is_intervention = schools["arm"] == "intervention"
        without = (schools["dose"] == 0) | schools["dose"].isna()
        return stayed & ((is_intervention & (schools["received"] == 1)) | (~is_intervention & without))
    raise ValueError(f"no population rule {rule}")
