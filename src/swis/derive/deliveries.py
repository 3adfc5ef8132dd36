"""Who worked at which trial school: spells of work, supervision sessions and meetings that the authority recorded."""

from __future__ import annotations

import pandas as pd

from swis.derive.schools import to_allocated

DELIVERY_COLUMNS = ["worker", "role", "urn", "from_date", "to_date", "fte"]
MONTH_COLUMNS = ["worker", "role", "urn", "month", "sessions_planned", "sessions_held", "community_of_practice"]


def delivery_spells(delivery: pd.DataFrame, lineage: pd.Series) -> pd.DataFrame:
    """Spells of work (DELIVERY_COLUMNS), urn being the allocated school; missing for a team manager.

    Rows of a month (`delivery_months`) are no spells. Spells at schools of no trial are left out. No row of either kind
    means that the authority sent no record of delivery.
    """
    return _at_trial_schools(delivery[delivery["month"].isna()], lineage)[DELIVERY_COLUMNS]


def delivery_months(delivery: pd.DataFrame, lineage: pd.Series) -> pd.DataFrame:
    """Rows of a worker, school and month (MONTH_COLUMNS): supervision sessions, and the community of practice.

    `month` is its first day. Rows at schools of no trial are left out.
    """
    rows = _at_trial_schools(delivery[delivery["month"].notna()], lineage)
    first_days = pd.to_datetime(rows["month"], format="%Y-%m").astype("datetime64[us]")
    return rows.assign(month=first_days)[MONTH_COLUMNS]


def _at_trial_schools(rows: pd.DataFrame, lineage: pd.Series) -> pd.DataFrame:
    urn = to_allocated(rows["urn"], lineage)
    kept = urn.notna() | rows["urn"].isna()
    return rows.assign(urn=urn)[kept].reset_index(drop=True)
