"""CIN 2884: a conference is returned once, in the enquiry or on the case, not in both."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import CHILD_BLOCK, Tables


@cin(
    "2884",
    tables="conferences",
    fields=("conference_date", "recorded_in"),
    title="The same initial conference stands both in the enquiry and on the case",
    severity="set aside",
    reason="the conference would be counted twice; the one in the enquiry is kept",
    how_to_mend="return DateOfInitialCPC in the Section 47 block only where there was an enquiry",
)
def recorded_twice(tables: Tables) -> pd.Series:
    rows = tables["conferences"]
    keys = [*CHILD_BLOCK, "conference_date"]
    on_case = rows["recorded_in"] == "referral"
    in_enquiry = rows.loc[rows["recorded_in"] == "section47", keys].drop_duplicates().assign(is_in_enquiry=True)
    also = rows[keys].merge(in_enquiry, on=keys, how="left")["is_in_enquiry"].eq(True)
    return on_case.fillna(False) & also.fillna(False)
