"""Every allocated school has a roll in every census received."""

import pandas as pd

from swis.validate.plausibility.check import Context, check, units
from swis.validate.plausibility.events import headcounts
from swis.validate.rule import SCHOOLS_TEAM
from swis.validate.tables import census_days


@check(
    "school without roll",
    table="pupils",
    title="A school of the trial has no roll in a census that was received",
    severity="note",
    reason="its pupils are missing from the denominator and their events are not linked",
    how_to_mend="add the school to the extract, or say in the allocation file when and why it left",
    owner=SCHOOLS_TEAM,
)
def without_roll(context: Context) -> pd.DataFrame:
    counts = headcounts(context)
    censuses = counts[["census_year", "census_term", "autumn"]].drop_duplicates()
    allocation = context.table("allocation")
    explained = allocation["reason"].eq("no return").fillna(False)
    schools = allocation.loc[~explained, ["urn", "withdrawn_on"]].drop_duplicates("urn")
    pairs = schools.merge(censuses, how="cross")
    left = pairs["withdrawn_on"] <= census_days(pairs)
    wanted = pairs[~left].reset_index(drop=True)
    found = wanted.merge(counts, on=["urn", "census_year", "census_term"], how="left")["pupils"].notna()
    names = "school " + wanted["urn"] + " " + wanted["census_year"].astype(str) + " " + wanted["census_term"]
    return units(names, found)
