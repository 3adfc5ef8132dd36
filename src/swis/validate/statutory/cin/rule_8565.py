"""CIN 8565: nothing happens on a case after it closed."""

import pandas as pd

from swis.validate.statutory.kinds import cin
from swis.validate.tables import Tables

DATES = {
    "assessments": ("assessment_start_date", "assessment_end_date"),
    "section47": ("section47_start_date",),
    "conferences": ("conference_date",),
    "protection_plans": ("plan_end_date",),
    "cin_plans": ("plan_start_date", "plan_end_date"),
}


@cin(
    "8565",
    tables=tuple(DATES),
    needs=("referrals",),
    fields=("closure_date",),
    title="Something happens on a case after the day it closed",
    severity="note",
    reason="the closing date or the event's date is wrong; the event itself is kept",
    how_to_mend="correct CINclosureDate, or open a new case for the later event",
)
def after_closure(tables: Tables) -> dict[str, pd.Series]:
    found = {}
    for name, dates in DATES.items():
        closed = tables.referral_of(name)["closure_date"]
        found[name] = (tables[name][list(dates)].gt(closed, axis=0)).any(axis=1)
    return found
