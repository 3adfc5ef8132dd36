"""CIN 8831: no assessment, enquiry or conference on a referral without further action."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables

EVENTS = ("assessments", "section47", "conferences")


@cin(
    "8831",
    tables=EVENTS,
    needs=("referrals",),
    fields=("no_further_action",),
    title="An assessment, enquiry or conference belongs to a referral without further action",
    severity="note",
    reason="the flag of the referral is wrong; the event itself is kept",
    how_to_mend="set ReferralNFA to 0 where work followed",
)
def work_without_action(tables: Tables) -> dict[str, pd.Series]:
    return {name: tables.referral_of(name)["no_further_action"].eq(True).fillna(False) for name in EVENTS}
