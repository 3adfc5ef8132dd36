"""The year group of a pupil fits the date of birth, give or take a year."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.tables import Tables

RECEPTION_AGE = 4
TOLERANCE = 1
SEPTEMBER = 9


@plausible(
    "year group does not fit age",
    tables="pupils",
    fields=("year_group", "birth_date"),
    title="The year group of a pupil is more than a year from what the date of birth says",
    severity="note",
    reason="year groups decide who counts as a pupil of the trial",
    how_to_mend="correct the year group or date of birth in the school's register",
)
def year_group_unfit(tables: Tables) -> pd.Series:
    rows = tables["pupils"]
    autumn_of_year = rows["census_year"] - rows["census_term"].ne("autumn").astype("Int64")
    born = rows["birth_date"]
    first_autumn = (born.dt.year + (born.dt.month >= SEPTEMBER)).astype("Int64")
    expected = autumn_of_year - first_autumn - RECEPTION_AGE
    return (rows["year_group"] - expected).abs().gt(TOLERANCE)
