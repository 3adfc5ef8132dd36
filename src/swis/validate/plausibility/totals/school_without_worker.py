"""Every intervention school of the first trial had a social worker, where a record of delivery came."""

import pandas as pd

from swis.validate.plausibility.check import Context, check, units
from swis.validate.plausibility.spells import at_intervention
from swis.validate.rule import TRIAL_TEAM

EXPLAINED = ("post vacant", "withdrew", "no return", "closed", "merged")


@check(
    "school without a worker",
    table="delivery",
    title="An intervention school has no social worker in the record of delivery",
    severity="note",
    reason="the school counts as one that was allocated a worker and received none",
    how_to_mend="add the worker's spell, or give the allocation file the reason 'post vacant'",
    owner=TRIAL_TEAM,
)
def without_worker(context: Context) -> pd.DataFrame:
    delivery, allocation = context.table("delivery"), context.table("allocation")
    asked = allocation["trial"].eq("swis") & allocation["arm"].eq("intervention")
    schools = allocation[asked.fillna(False) & ~allocation["reason"].isin(EXPLAINED)]
    worked = delivery.loc[at_intervention(delivery, allocation), "urn"]
    return units("school " + schools["urn"], schools["urn"].isin(worked))
