"""Referrals: all, from schools, again within 12 months, and without further action."""

from __future__ import annotations

import pandas as pd

from swis.derive.derived import Derived
from swis.derive.events import REFERRAL
from swis.derive.observed import LOOK_BACK
from swis.derive.periods import Period
from swis.outcomes.measures.event_rows import each, events_in, share
from swis.params import Definitions


def count(derived: Derived, period: Period, definitions: Definitions) -> dict[str, pd.DataFrame]:
    """Referrals in the period. A re-referral is judged only where the whole look-back was returned."""
    made = events_in(derived, REFERRAL, period)
    from_schools = made["from_school"].fillna(False).astype(bool)
    looked_back = derived.calendar(LOOK_BACK).holds(made["event_date"])
    return {
        "referrals": each(made, definitions),
        "referrals_from_schools": each(made[from_schools], definitions),
        "rereferrals_within_12_months": share(made[looked_back], made.loc[looked_back, "is_rereferral"]),
        "referrals_no_further_action": share(made, made["no_further_action"]),
    }
