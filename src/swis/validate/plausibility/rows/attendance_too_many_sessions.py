"""A term has a largest number of sessions."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.tables import Tables

LARGEST = {"autumn": 160, "spring": 140, "summer": 140, "summer half-term 2": 90}


@plausible(
    "more sessions than a term has",
    tables="attendance",
    fields=("sessions_possible", "absence_term"),
    title="A pupil has more possible sessions than the term can have",
    severity="note",
    reason="two terms may have been added into one; the absence rate of the row hides what happened",
    how_to_mend="export the session totals of the term again",
)
def more_than_a_term(tables: Tables) -> pd.Series:
    rows = tables["attendance"]
    return rows["sessions_possible"] > rows["absence_term"].map(LARGEST).astype("float64")
