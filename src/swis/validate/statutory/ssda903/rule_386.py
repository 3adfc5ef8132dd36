"""903 386: no one is adopted at 18 or over."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables, age_in_years

AGE = 18


@ssda903(
    "386",
    needs=("looked_after_children",),
    fields=("reason_ceased", "episode_end_date", "birth_date"),
    title="A child is said to be adopted at 18 or over",
    severity="note",
    reason="the reason or one of the dates is wrong; the days in care count all the same",
    how_to_mend="correct REC, DEC or DOB",
)
def adopted_as_adult(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    age = age_in_years(tables.header_of_episode()["birth_date"], rows["episode_end_date"])
    return rows["reason_ceased"].isin(["E11", "E12"]) & (age >= AGE)
