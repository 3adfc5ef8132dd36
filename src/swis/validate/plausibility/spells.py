"""Spells of work in the record of delivery, and how much of a full-time post is filled at once."""

from __future__ import annotations

import pandas as pd

PROGRAMME_OF_ROLE = {"social worker": "swis", "supervising social worker": "dsls"}
FAR_FUTURE = pd.Timestamp("2262-01-01")
# Shares of full time are decimal fractions, whose sums are not exact.
ROUNDING = 1e-9


def is_spell(delivery: pd.DataFrame) -> pd.Series:
    """Rows of a worker at a school; neither team managers nor rows of a month's supervision sessions."""
    return delivery["role"].ne("team manager").fillna(True) & delivery["month"].isna()


def is_above(delivery: pd.DataFrame, by: str, most: float) -> pd.Series:
    """Spells on whose first day the same school or worker (`by`) has more than `most` of full time in all."""
    return share_when_each_starts(delivery, by) > most + ROUNDING


def share_when_each_starts(delivery: pd.DataFrame, by: str) -> pd.Series:
    """Shares of full time of the spells of the same school or worker (`by`) that run on the day each spell starts.

    Any moment of too much work begins with the start of a spell, so that the starts show all of them; 0 on other rows.
    """
    spells = delivery.loc[is_spell(delivery) & delivery[[by, "from_date"]].notna().all(axis=1)]
    held = spells[[by, "from_date", "to_date", "fte"]].reset_index(names="row")
    both = held.merge(held, on=by, suffixes=("", "_other"))
    runs = (both["from_date_other"] <= both["from_date"]) & (
        both["from_date"] <= both["to_date_other"].fillna(FAR_FUTURE)
    )
    shares = both["fte_other"].where(runs, 0.0).fillna(0.0).groupby(both["row"]).sum()
    return shares.reindex(delivery.index, fill_value=0.0)


def unexplained_at_control(delivery: pd.DataFrame, allocation: pd.DataFrame) -> pd.Series:
    """Spells of a programme's workers at schools of its control arm that the allocation does not explain."""
    explained = allocation["reason"].eq("later given a worker").fillna(False)
    control = allocation[allocation["arm"].eq("control").fillna(False) & ~explained]
    return _at(delivery, control)


def at_intervention(delivery: pd.DataFrame, allocation: pd.DataFrame) -> pd.Series:
    """Spells of a programme's workers at schools of its intervention arm."""
    return _at(delivery, allocation[allocation["arm"].eq("intervention").fillna(False)])


def _at(delivery: pd.DataFrame, schools: pd.DataFrame) -> pd.Series:
    programme = delivery["role"].map(PROGRAMME_OF_ROLE).fillna("").astype("string")
    known = pd.MultiIndex.from_arrays([schools["trial"].str[:4], schools["urn"]])
    return pd.Series(pd.MultiIndex.from_arrays([programme, delivery["urn"]]).isin(known), index=delivery.index)
