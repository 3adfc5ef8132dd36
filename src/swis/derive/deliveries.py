"""Who worked at which trial school: the spells of work that the authority recorded."""

from __future__ import annotations

import pandas as pd

from swis.derive.schools import to_allocated

DELIVERY_COLUMNS = ["worker", "role", "urn", "from_date", "to_date", "fte"]


def delivery_spells(delivery: pd.DataFrame, lineage: pd.Series) -> pd.DataFrame:
    """Spells of work (DELIVERY_COLUMNS), urn being the allocated school; missing for a team manager.

    Rows of supervision sessions (those with a month) are no spells. Spells at schools of no trial are left out. No row
    at all means that the authority sent no record of delivery.
    """
    spells = delivery[delivery["month"].isna()]
    urn = to_allocated(spells["urn"], lineage)
    kept = urn.notna() | spells["urn"].isna()
    return spells.assign(urn=urn)[kept][DELIVERY_COLUMNS].reset_index(drop=True)
