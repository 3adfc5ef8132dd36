"""The former number of a pupil is another number."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.tables import Tables


@plausible(
    "former number is the present one",
    tables="pupils",
    fields=("upn", "former_upn"),
    title="The former unique pupil number of a pupil is the present one",
    severity="note",
    reason="the true former number is lost, so earlier events may not link",
    how_to_mend="enter the former number, or clear the field",
)
def same_number(tables: Tables) -> pd.Series:
    rows = tables["pupils"]
    return rows["upn"] == rows["former_upn"]
