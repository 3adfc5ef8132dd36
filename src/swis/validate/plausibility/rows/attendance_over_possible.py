"""Absence cannot exceed the sessions that were possible."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.tables import Tables


@plausible(
    "absence exceeds possible sessions",
    tables="attendance",
    fields=("sessions_possible", "sessions_authorised", "sessions_unauthorised"),
    title="A pupil was absent for more sessions than were possible",
    severity="set aside",
    reason="the absence rate of the row would exceed 100 %",
    how_to_mend="export the session totals of the term again",
)
def absence_exceeds_possible(tables: Tables) -> pd.Series:
    rows = tables["attendance"]
    absent = rows["sessions_authorised"].fillna(0) + rows["sessions_unauthorised"].fillna(0)
    return absent > rows["sessions_possible"]
