"""903 407: no special guardianship order is made at 18 or over."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables, age_in_years

AGE = 18


@ssda903(
    "407",
    needs=("looked_after_children",),
    fields=("reason_ceased", "episode_end_date", "birth_date"),
    title="A special guardianship order is said to be made at 18 or over",
    severity="note",
    reason="the reason or one of the dates is wrong; the days in care count all the same",
    how_to_mend="correct REC, DEC or DOB",
)
def guardianship_as_adult(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    age = age_in_years(tables.header_of_episode()["birth_date"], rows["episode_end_date"])
    return rows["reason_ceased"].isin(["E45", "E46", "E47", "E48"]) & (age >= AGE)
