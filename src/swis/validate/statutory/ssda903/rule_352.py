"""903 352: no one starts to be looked after at 18 or over."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables, age_in_years

ADULT = 18


@ssda903(
    "352",
    needs=("looked_after_children",),
    fields=("episode_start_date", "birth_date", "reason_new_episode"),
    title="A child started to be looked after at 18 or over",
    severity="note",
    reason="one of the two dates is wrong; pupils of the trials are younger",
    how_to_mend="correct DECOM or DOB",
)
def start_as_adult(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    age = age_in_years(tables.header_of_episode()["birth_date"], rows["episode_start_date"])
    return (age >= ADULT) & rows["reason_new_episode"].eq("S").fillna(False)
