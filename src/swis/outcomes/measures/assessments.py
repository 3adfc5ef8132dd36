"""Section 17 assessments: by start, by completion, and how long they took."""

from __future__ import annotations

import pandas as pd

from swis.derive.derived import Derived
from swis.derive.events import COMPLETED, STARTED
from swis.derive.periods import Period
from swis.outcomes.measures.event_rows import each, events_in, share, values
from swis.params import Definitions

WORKING_DAYS = 45


def count(derived: Derived, period: Period, definitions: Definitions) -> dict[str, pd.DataFrame]:
    """Assessments started and completed in the period; of those, within 45 working days, and how long."""
    completed = events_in(derived, COMPLETED, period)
    days = completed["days_from_referral"]
    return {
        "section17_assessments_started": each(events_in(derived, STARTED, period), definitions),
        "section17_assessments_completed": each(completed, definitions),
        "assessments_within_45_working_days": share(completed, (days <= WORKING_DAYS).where(days.notna())),
        "assessment_duration_median_working_days": values(completed, completed["days_from_start"]),
    }
