"""Every expected return was received."""

import pandas as pd

from swis.validate.plausibility.check import Context, NotRunError, check, units
from swis.validate.rule import SOCIAL_CARE_TEAM


@check(
    "return missing",
    table="all",
    title="A return that was expected has not been received",
    severity="note",
    reason="what it would hold is unobserved and is never counted as zero",
    how_to_mend="send the return, or state the gap and its reason in the authority's parameter file",
    owner=SOCIAL_CARE_TEAM,
)
def return_missing(context: Context) -> pd.DataFrame:
    rows = context.completeness
    expected = rows[rows["status"].isin(["received", "missing", "known gap"])]
    if not len(expected):
        raise NotRunError("no return is expected")
    return units(expected["returns"] + " " + expected["period"].astype(str), expected["status"] != "missing")
