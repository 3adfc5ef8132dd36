"""The roll of a trial school is about as large as the register says."""

import pandas as pd

from swis.validate.plausibility.check import Context, NotRunError, check, units
from swis.validate.plausibility.events import headcounts
from swis.validate.rule import SCHOOLS_TEAM

SMALLEST, LARGEST = 0.7, 1.4


@check(
    "roll not as in the register",
    table="pupils",
    title="The roll of a school is far smaller or larger than the school register says",
    severity="note",
    reason="pupils missing from a roll are missing from denominators, and their events are not linked",
    how_to_mend="export the school's roll again, with all year groups",
    owner=SCHOOLS_TEAM,
)
def not_as_registered(context: Context) -> pd.DataFrame:
    counts = headcounts(context)
    registered = context.table("schools").drop_duplicates("urn").set_index("urn")["pupils_on_register"]
    usual = counts.groupby("urn")["pupils"].median()
    both = pd.DataFrame({"roll": usual, "register": registered.astype("float64")}).dropna()
    both = both[both["register"] > 0]
    trial_schools = both.index.isin(context.table("allocation")["urn"])
    if not trial_schools.any():
        raise NotRunError("no trial school has both a roll and a registered headcount")
    both = both[trial_schools]
    return units("school " + both.index.astype(str), (both["roll"] / both["register"]).between(SMALLEST, LARGEST))
