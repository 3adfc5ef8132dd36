"""What comes of a contact is not decided before it is made."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.tables import Tables


@plausible(
    "contact decided before it was made",
    tables="contacts",
    fields=("contact_date", "decision_date"),
    title="The decision on a contact is dated before the contact",
    severity="note",
    reason="one of the two dates is wrong; the contact and its outcome are still counted",
    how_to_mend="correct the dates in the case system",
)
def decided_before(tables: Tables) -> pd.Series:
    rows = tables["contacts"]
    return rows["decision_date"] < rows["contact_date"]
