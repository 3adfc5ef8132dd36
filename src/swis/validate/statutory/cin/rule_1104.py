"""CIN 1104: no initial conference before the referral it belongs to."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables


@cin(
    "1104",
    tables="conferences",
    fields=("conference_date", "referral_date"),
    title="An initial child protection conference is dated before the referral",
    severity="set aside",
    reason="the date of the conference cannot be trusted, and timeliness is measured to it",
    how_to_mend="correct DateOfInitialCPC or CINreferralDate of the case",
)
def conference_before_referral(tables: Tables) -> pd.Series:
    rows = tables["conferences"]
    return rows["conference_date"] < rows["referral_date"]
