"""CIN 8820: the cases of a child do not overlap."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import CHILD_OF_RETURN, Tables, starts_inside_an_earlier


@cin(
    "8820",
    tables="referrals",
    fields=("referral_date", "closure_date"),
    title="A referral lies inside another case of the same child",
    severity="note",
    reason="by DfE definition no referral is recorded while a case is open, so referrals may be overcounted",
    how_to_mend="correct the dates of the two cases, or merge them",
)
def cases_overlap(tables: Tables) -> pd.Series:
    rows = tables["referrals"]
    ended = rows["closure_date"].mask(rows["no_further_action"].eq(True).fillna(False), rows["referral_date"])
    spans = rows.assign(case_end=rows["closure_date"].fillna(ended))
    return starts_inside_an_earlier(spans, CHILD_OF_RETURN, "referral_date", "case_end")
