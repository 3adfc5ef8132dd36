"""The numbers of children of secondary age are found on the rolls at hand about as often in every year."""

import pandas as pd

from swis.sources.upn import is_usable_upn
from swis.validate.plausibility.check import Context, NotRunError, check, units
from swis.validate.rule import EVALUATION_TEAM
from swis.validate.tables import age_in_years, period_end

TRIAL_AGES = (11, 15)
SMALLEST_OF_USUAL = 0.5
SMALLEST_NUMBER = 30


@check(
    "links to rolls fall away",
    table="children",
    title="In one return the children found on a roll are less than half of the usual share",
    severity="note",
    reason="numbers or rolls of that year are faulty, and the year's rates would be too low",
    how_to_mend="compare the numbers of that return with the rolls of the same year",
    owner=EVALUATION_TEAM,
)
def fall_away(context: Context) -> pd.DataFrame:
    rows, pupils = context.table("children"), context.table("pupils")
    of_age = age_in_years(rows["birth_date"], period_end(rows)).between(*TRIAL_AGES) & is_usable_upn(rows["upn"])
    known = rows[of_age]
    share = known["upn"].isin(pupils["upn"].unique()).groupby(known["return_year"]).mean()
    numbers = known.groupby("return_year").size()
    share = share[numbers >= SMALLEST_NUMBER]
    if len(share) < 3:
        raise NotRunError("there are fewer than three returns with enough children of trial age")
    return units(share.index.astype(str), share >= SMALLEST_OF_USUAL * share.median())
