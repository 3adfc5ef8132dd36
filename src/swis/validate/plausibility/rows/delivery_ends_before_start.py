"""A spell of work does not end before it starts."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.rule import TRIAL_TEAM
from swis.validate.tables import Tables


@plausible(
    "work ends before it starts",
    tables="delivery",
    fields=("from_date", "to_date"),
    title="A worker leaves a school before starting there",
    severity="set aside",
    reason="which of the dates is wrong is not known, so its days cannot be counted",
    how_to_mend="correct the dates in the record of delivery",
    owner=TRIAL_TEAM,
)
def ends_before_start(tables: Tables) -> pd.Series:
    rows = tables["delivery"]
    return rows["to_date"] < rows["from_date"]
