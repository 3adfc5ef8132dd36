"""Initial child protection conferences within 15 working days of the start of the section 47 enquiry."""

from __future__ import annotations

import pandas as pd

from swis.derive.derived import Derived
from swis.derive.events import CONFERENCE
from swis.derive.periods import Period
from swis.outcomes.measures.event_rows import events_in, share
from swis.params import Definitions

WORKING_DAYS = 15


def count(derived: Derived, period: Period, definitions: Definitions) -> dict[str, pd.DataFrame]:
    """Conferences held in the period; one held before its enquiry is never in time, but is a conference held."""
    held = events_in(derived, CONFERENCE, period)
    days = held["days_from_start"]
    in_time = (days <= WORKING_DAYS) & ~held["conference_precedes"].fillna(False).astype(bool)
    return {"conferences_within_15_working_days": share(held, in_time.where(days.notna()))}
