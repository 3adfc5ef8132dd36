"""A contact of a school is about a pupil of its roll."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.rule import SOCIAL_CARE_TEAM
from swis.validate.tables import Tables


@plausible(
    "contact about a pupil on no roll",
    tables="contacts",
    needs=("pupils",),
    fields=("upn",),
    title="A school's contact gives a pupil number that is on no roll",
    severity="note",
    reason="the contact is counted for the school, for nobody can tell whether the pupil is in its year groups",
    how_to_mend="correct the unique pupil number in the record of contacts",
    owner=SOCIAL_CARE_TEAM,
)
def on_no_roll(tables: Tables) -> pd.Series:
    rows, pupils = tables["contacts"], tables["pupils"]
    # A roll has half a million rows: `isin` would take each of their numbers out by itself.
    numbers = pd.Index(pd.concat([pupils["upn"], pupils["former_upn"]]).dropna().unique())
    return rows["urn"].notna() & rows["upn"].notna() & (numbers.get_indexer(rows["upn"]) < 0)
