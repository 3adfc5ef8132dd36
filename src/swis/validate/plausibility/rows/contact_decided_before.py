"""What comes of a contact is not decided before it is made."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.rule import SOCIAL_CARE_TEAM
from swis.validate.tables import Tables


@plausible(
    "contact decided before it was made",
    tables="contacts",
    fields=("contact_date", "decision_date"),
    title="The decision on a contact is dated before the contact",
    severity="set aside",
    reason="which of the dates is wrong is not known, so neither the contact nor its outcome can be placed",
    how_to_mend="correct the dates in the case system",
    owner=SOCIAL_CARE_TEAM,
)
def decided_before(tables: Tables) -> pd.Series:
    rows = tables["contacts"]
    return rows["decision_date"] < rows["contact_date"]
