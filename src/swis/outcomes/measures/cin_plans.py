"""Plans of children in need, by the day they started."""

from __future__ import annotations

import pandas as pd

from swis.derive.derived import Derived
from swis.derive.events import CIN_PLAN
from swis.derive.periods import Period
from swis.outcomes.measures.event_rows import each, events_in
from swis.params import Definitions


def count(derived: Derived, period: Period, definitions: Definitions) -> dict[str, pd.DataFrame]:
    """Plans started in the period."""
    return {"cin_plans_started": each(events_in(derived, CIN_PLAN, period), definitions)}
