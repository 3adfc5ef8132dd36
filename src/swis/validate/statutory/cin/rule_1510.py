"""CIN 1510: the check letter of a unique pupil number agrees with its digits."""

import pandas as pd

from swis.sources.upn import WRONG_CHECK_LETTER, classify_upns
from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "1510",
    tables="children",
    fields=("upn",),
    title="The first letter of a unique pupil number does not agree with its digits",
    severity="note",
    reason="a mistyped number links to no pupil, or to the wrong one",
    how_to_mend="take the UPN from the school's own register, not from memory",
)
def wrong_check_letter(tables: Tables) -> pd.Series:
    return classify_upns(tables["children"]["upn"]).eq(WRONG_CHECK_LETTER)
