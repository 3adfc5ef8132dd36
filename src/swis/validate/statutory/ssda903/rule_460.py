"""903 460: no one stays on with former carers before 18."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables, age_in_years

AGE = 18


@ssda903(
    "460",
    needs=("looked_after_children",),
    fields=("reason_ceased", "episode_end_date", "birth_date"),
    title="A child under 18 is said to have stayed with its carers at 18",
    severity="note",
    reason="the reason or one of the dates is wrong; the days in care count all the same",
    how_to_mend="correct REC, DEC or DOB",
)
def stayed_on_too_young(tables: Tables) -> pd.Series:
    rows = tables["care_episodes"]
    age = age_in_years(tables.header_of_episode()["birth_date"], rows["episode_end_date"])
    return rows["reason_ceased"].isin(["E17"]) & (age < AGE)
