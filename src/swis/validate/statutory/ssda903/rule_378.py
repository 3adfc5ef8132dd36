"""903 378: a child placed with parents is not accommodated by agreement."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables


@ssda903(
    "378",
    fields=("legal_status", "placement"),
    title="A child placed with its own parents (P1) is accommodated by agreement (V2)",
    severity="note",
    reason="a child at home by agreement is not looked after; the days in care may be too many",
    how_to_mend="correct LS or PLACE, or end the episode",
)
def agreed_care_at_home(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    return (rows["legal_status"].eq("V2") & rows["placement"].eq("P1")).fillna(False)
