"""A contact that led to a referral has its referral in the census."""

import pandas as pd

from swis.academic_year import reporting_year_of
from swis.validate.plausibility.kinds import plausible
from swis.validate.rule import SOCIAL_CARE_TEAM
from swis.validate.tables import Tables

WITHIN = pd.Timedelta(days=30)
"""Assumed: a referral is decided on within a working day, and a record of it may be late but not by a month."""


@plausible(
    "contact without its referral",
    tables="contacts",
    needs=("referrals",),
    fields=("outcome", "contact_date"),
    title="A contact led to a referral, but the census has no referral of the child in the 30 days after it",
    severity="note",
    reason="the contact is counted as it stands; either its outcome or the census is not complete",
    how_to_mend="compare the outcome of the contact with the case system, and the census with both",
    owner=SOCIAL_CARE_TEAM,
)
def without_referral(tables: Tables) -> pd.Series:
    rows, referrals = tables["contacts"], tables["referrals"]
    asked = rows["outcome"].eq("referral").fillna(False) & rows["la_child_id"].notna() & rows["contact_date"].notna()
    # Days of a year whose census did not come say nothing.
    returned = referrals["return_year"].dropna().unique()
    for day in (rows["contact_date"], rows["contact_date"] + WITHIN):
        asked &= reporting_year_of(day).isin(returned)
    made = rows.loc[asked, ["la_child_id", "contact_date"]].reset_index()
    dates = referrals[["la_child_id", "referral_date"]].dropna().drop_duplicates()
    met = made.merge(dates, on="la_child_id")
    after = met["referral_date"] - met["contact_date"]
    found = met.loc[(after >= pd.Timedelta(0)) & (after <= WITHIN), "index"]
    return asked & ~rows.index.to_series().isin(found)
