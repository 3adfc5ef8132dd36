"""Contacts that schools made with children's social care, and what they led to.

Each contact counts, whatever the basis of counting: a contact is an act of the school, and the share without further
action is of contacts. Contacts of a school of which no roll came for the period count nowhere, neither in a rate, which
would have no denominator, nor in a share: so shares and rates are of the same contacts.
"""

from __future__ import annotations

import pandas as pd

from swis.derive.derived import Derived
from swis.derive.observed_supervision import CONTACTS
from swis.derive.periods import Period
from swis.outcomes.measures.event_rows import as_rows, share
from swis.params import Definitions

NO_FURTHER_ACTION, EARLY_HELP, REFERRAL = "no_further_action", "early_help", "referral"


def count(derived: Derived, period: Period, definitions: Definitions) -> dict[str, pd.DataFrame]:
    """Contacts made in the period: all, about sexual abuse, and by what they led to where that is known."""
    contacts = derived.contacts
    inside = (contacts["contact_date"] >= period.start) & (contacts["contact_date"] < period.end)
    made = contacts[inside.to_numpy(bool) & contacts["urn"].isin(_with_pupils(derived, period)).to_numpy(bool)]
    nothing = made["outcome"].eq(NO_FURTHER_ACTION).fillna(False).to_numpy(bool)
    return {
        "contacts_from_schools": as_rows(made, 1.0, 0.0),
        "contacts_no_further_action_rate": as_rows(made[nothing], 1.0, 0.0),
        "contacts_no_further_action": share(made, made["outcome"].eq(NO_FURTHER_ACTION)),
        "contacts_to_early_help": share(made, made["outcome"].eq(EARLY_HELP)),
        "contacts_to_referral": share(made, made["outcome"].eq(REFERRAL)),
        "contacts_sexual_abuse": as_rows(made[made["is_sexual_abuse"].to_numpy(bool)], 1.0, 0.0),
    }


def _with_pupils(derived: Derived, period: Period) -> pd.Series:
    """Schools with pupils on roll in the period while contacts were recorded."""
    held = derived.pupil_years
    own = held[(held["period_kind"] == period.kind) & (held["period"] == period.name) & (held["source"] == CONTACTS)]
    return own.loc[(own["pupil_years"] > 0) & (own["trial"].eq(period.trial) | (period.trial == "")), "urn"]
