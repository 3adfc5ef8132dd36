"""903 168: the unique pupil number is well formed, or there is a reason why not."""

import pandas as pd

from swis.sources.upn import WRONG_CHECK_LETTER, WRONG_SHAPE, classify_upns
from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables


@ssda903(
    "168",
    tables="looked_after_children",
    fields=("upn",),
    title="The unique pupil number of a child is malformed or its first letter does not agree with its digits",
    severity="note",
    reason="the child's care cannot be linked to a school",
    how_to_mend="take the UPN from the school's register, or give UN1 to UN5",
)
def number_invalid(tables: Tables) -> pd.Series:
    return classify_upns(tables["looked_after_children"]["upn"]).isin([WRONG_SHAPE, WRONG_CHECK_LETTER])
