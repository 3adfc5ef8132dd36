"""Section 47 enquiries, the primary outcome: each enquiry, by the day it started."""

from __future__ import annotations

import pandas as pd

from swis.derive.derived import Derived
from swis.derive.events import SECTION47
from swis.derive.periods import Period
from swis.outcomes.measures.event_rows import each, events_in
from swis.params import Definitions


def count(derived: Derived, period: Period, definitions: Definitions) -> dict[str, pd.DataFrame]:
    """Enquiries started in the period."""
    return {"section47_enquiries": each(events_in(derived, SECTION47, period), definitions)}
