"""903 358: a criminal justice status is not for a child under ten."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables, age_in_years

CRIMINAL_RESPONSIBILITY = 10


@ssda903(
    "358",
    needs=("looked_after_children",),
    fields=("legal_status", "episode_start_date", "birth_date"),
    title="A child under ten has a criminal justice legal status (J1 to J3)",
    severity="note",
    reason="the status or the date of birth is wrong",
    how_to_mend="correct LS or DOB",
)
def too_young_for_the_status(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    age = age_in_years(tables.header_of_episode()["birth_date"], rows["episode_start_date"])
    return rows["legal_status"].isin(["J1", "J2", "J3"]) & (age < CRIMINAL_RESPONSIBILITY)
