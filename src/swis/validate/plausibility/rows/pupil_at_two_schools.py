"""A pupil is registered at one main school on a census day."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.tables import Tables

MAIN = ["C", "M"]


@plausible(
    "main pupil of two schools",
    tables="pupils",
    fields=("upn", "urn", "enrolment_status"),
    title="A pupil is on roll as a main pupil of two schools in the same census",
    severity="note",
    reason="an event of the pupil could be counted for either school, and the pupil-years for both",
    how_to_mend="set the enrolment status of one school to subsidiary, or enter the leaving date",
)
def at_two_schools(tables: Tables) -> pd.Series:
    rows = tables["pupils"]
    main = rows["is_on_roll"].eq(True).fillna(False) & rows["enrolment_status"].isin(MAIN) & rows["upn"].notna()
    census = ["upn", "census_year", "census_term"]
    named = rows.loc[main, [*census, "urn"]]
    again = named[named.duplicated(census, keep=False)]
    schools = again.drop_duplicates()
    twice = schools[schools.duplicated(census, keep=False)]
    in_census = pd.MultiIndex.from_frame(again[census]).isin(pd.MultiIndex.from_frame(twice[census]))
    return pd.Series(rows.index.isin(again.index[in_census]), index=rows.index)
