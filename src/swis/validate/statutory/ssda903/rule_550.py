"""903 550: own provision by parents goes with placement with parents."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables


@ssda903(
    "550",
    fields=("placement", "placement_provider"),
    title="The provider is parents (PR0), but the placement is not with parents (P1)",
    severity="note",
    reason="used only to describe; the days in care count all the same",
    how_to_mend="correct PLACE or PLACE_PROVIDER",
)
def own_parents_provider(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    return rows["placement_provider"].eq("PR0").fillna(False) & ~rows["placement"].eq("P1").fillna(False)
