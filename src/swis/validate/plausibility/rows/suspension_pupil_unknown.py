"""A suspended pupil stands on a roll of the school."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.tables import Tables


@plausible(
    "suspended pupil on no roll",
    tables="suspensions",
    needs=("pupils",),
    fields=("upn", "urn"),
    title="A suspended pupil is on no roll of the school",
    severity="note",
    reason="the suspension counts for the school, but the pupil is not in its denominator",
    how_to_mend="check the number of the pupil in the school's register",
)
def on_no_roll(tables: Tables) -> pd.Series:
    key = ["urn", "upn"]
    on_roll = pd.MultiIndex.from_frame(tables["pupils"][key].drop_duplicates())
    return pd.Series(~pd.MultiIndex.from_frame(tables["suspensions"][key]).isin(on_roll))
