"""Early help assessments, by the day they started."""

from __future__ import annotations

import pandas as pd

from swis.derive.derived import Derived
from swis.derive.events import EARLY_HELP
from swis.derive.periods import Period
from swis.outcomes.measures.event_rows import each, events_in
from swis.params import Definitions


def count(derived: Derived, period: Period, definitions: Definitions) -> dict[str, pd.DataFrame]:
    """Early help assessments started in the period."""
    return {"early_help_assessments": each(events_in(derived, EARLY_HELP, period), definitions)}
