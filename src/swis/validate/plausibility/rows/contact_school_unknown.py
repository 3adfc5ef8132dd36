"""A contact is of a school of the trial."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.rule import SOCIAL_CARE_TEAM
from swis.validate.tables import Tables


@plausible(
    "contact of a school of no trial",
    tables="contacts",
    needs=("allocation",),
    fields=("urn",),
    title="A contact was made by a school that is not in the authority's allocation",
    severity="note",
    reason="the contact counts for no school; contacts that name no school serve timeliness alone",
    how_to_mend="correct the school's URN in the record of contacts",
    owner=SOCIAL_CARE_TEAM,
)
def of_no_trial(tables: Tables) -> pd.Series:
    urn = tables["contacts"]["urn"]
    return urn.notna() & ~urn.isin(tables["allocation"]["urn"])
