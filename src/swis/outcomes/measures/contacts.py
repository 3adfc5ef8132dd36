"""Contacts that schools made with children's social care, and what they led to.

Each contact counts, whatever the basis of counting: a contact is an act of the school, and the share without further
action is of contacts.
"""

from __future__ import annotations

import pandas as pd

from swis.derive.derived import Derived
from swis.derive.periods import Period
from swis.outcomes.measures.event_rows import ROW_COLUMNS, share
from swis.params import Definitions

NO_FURTHER_ACTION, EARLY_HELP, REFERRAL = "no_further_action", "early_help", "referral"


def count(derived: Derived, period: Period, definitions: Definitions) -> dict[str, pd.DataFrame]:
    """Contacts made in the period: all, about sexual abuse, and by what they led to where that is known."""
    contacts = derived.contacts
    inside = (contacts["contact_date"] >= period.start) & (contacts["contact_date"] < period.end)
    made = contacts[inside.to_numpy(bool)]
    nothing = made["outcome"].eq(NO_FURTHER_ACTION).fillna(False).to_numpy(bool)
    return {
        "contacts_from_schools": _ones(made),
        "contacts_no_further_action_rate": _ones(made[nothing]),
        "contacts_no_further_action": share(made, made["outcome"].eq(NO_FURTHER_ACTION)),
        "contacts_to_early_help": share(made, made["outcome"].eq(EARLY_HELP)),
        "contacts_to_referral": share(made, made["outcome"].eq(REFERRAL)),
        "contacts_sexual_abuse": _ones(made[made["is_sexual_abuse"].to_numpy(bool)]),
    }


def _ones(contacts: pd.DataFrame) -> pd.DataFrame:
    return contacts.assign(amount=1.0, base=0.0)[ROW_COLUMNS]
