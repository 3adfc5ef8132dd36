"""No pupil is suspended for more than 45 school days in an academic year."""

import pandas as pd

from swis.academic_year import academic_year_of
from swis.validate.plausibility.kinds import plausible
from swis.validate.tables import Tables

LARGEST_SESSIONS = 90


@plausible(
    "suspended more than 45 days",
    tables="suspensions",
    fields=("sessions", "start_date"),
    title="The suspensions of a pupil in an academic year add up to more than 45 school days",
    severity="note",
    reason="the law allows 45 days (90 sessions); one of the suspensions is wrong or recorded twice",
    how_to_mend="correct the sessions in the school's register",
)
def too_long(tables: Tables) -> pd.Series:
    rows = tables["suspensions"]
    counted = rows["sessions"].where(rows["category"].eq("suspension").fillna(False), 0.0)
    total = counted.groupby([rows["upn"], academic_year_of(rows["start_date"])]).transform("sum")
    return total.reindex(rows.index) > LARGEST_SESSIONS
