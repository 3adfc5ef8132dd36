"""Most children of school age in the census carry a usable number."""

import pandas as pd

from swis.sources.upn import is_usable_upn
from swis.validate.plausibility.check import Context, NotRunError, check, units
from swis.validate.rule import SOCIAL_CARE_TEAM
from swis.validate.tables import age_in_years, period_end

SCHOOL_AGE = (5, 16)
LARGEST_SHARE = 0.25


@check(
    "children without a usable number",
    table="children",
    title="More than a quarter of the children of school age in a return have no usable pupil number",
    severity="note",
    reason="their events cannot be linked to a school, so every rate of the authority is too low",
    how_to_mend="match the case system with the schools' registers and return again",
    owner=SOCIAL_CARE_TEAM,
)
def without_number(context: Context) -> pd.DataFrame:
    rows = context.table("children")
    of_age = age_in_years(rows["birth_date"], period_end(rows)).between(*SCHOOL_AGE)
    pupils = rows[of_age]
    if not len(pupils):
        raise NotRunError("no child is of school age")
    share = (~is_usable_upn(pupils["upn"])).groupby(pupils["return_year"]).mean()
    return units(share.index.astype(str), share <= LARGEST_SHARE)
