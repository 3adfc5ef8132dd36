"""The unique pupil number on a roll has the right form and check letter."""

import pandas as pd

from swis.sources.upn import WRONG_CHECK_LETTER, WRONG_SHAPE, classify_upns
from swis.validate.plausibility.kinds import plausible
from swis.validate.tables import Tables


@plausible(
    "pupil number on roll invalid",
    tables="pupils",
    fields=("upn",),
    title="The unique pupil number on a roll is malformed or its first letter does not agree with its digits",
    severity="note",
    reason="the pupil cannot be linked to social care or attainment",
    how_to_mend="correct the number in the school's register (DfE unique pupil number guide)",
)
def number_invalid(tables: Tables) -> pd.Series:
    return classify_upns(tables["pupils"]["upn"]).isin([WRONG_SHAPE, WRONG_CHECK_LETTER])
