"""A pupil joins a school some years after birth."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.tables import Tables, age_in_years

YOUNGEST = 2


@plausible(
    "joins too young",
    tables="pupils",
    fields=("entry_date", "birth_date"),
    title="A pupil joined the school before the age of two",
    severity="note",
    reason="one of the two dates is wrong; the time on roll is bounded by the censuses all the same",
    how_to_mend="correct the entry date or date of birth in the school's register",
)
def joins_too_young(tables: Tables) -> pd.Series:
    rows = tables["pupils"]
    return age_in_years(rows["birth_date"], rows["entry_date"]) < YOUNGEST
