"""An event of an earlier year stood in that year's return."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.rule import SOCIAL_CARE_TEAM
from swis.validate.tables import Tables, matched, period_start

STARTS = {
    "referrals": "referral_date",
    "assessments": "assessment_start_date",
    "section47": "section47_start_date",
    "protection_plans": "plan_start_date",
}


@plausible(
    "event new in a later return",
    tables=tuple(STARTS),
    fields=tuple(STARTS.values()),
    title="An event of an earlier year is not in that year's return",
    severity="note",
    reason="its date was changed between returns, so it may be counted twice, or it was recorded late",
    how_to_mend="keep the date of an event once returned, or return the earlier year again",
    owner=SOCIAL_CARE_TEAM,
)
def new_in_later_return(tables: Tables) -> dict[str, pd.Series]:
    return {name: _is_new(tables[name], start) for name, start in STARTS.items()}


def _is_new(rows: pd.DataFrame, start: str) -> pd.Series:
    """Rows begun before the year of their return that the return one year earlier, which was received, lacks."""
    key = list(dict.fromkeys(["la_child_id", "referral_date", start, "return_year"]))
    before = rows[key].assign(return_year=rows["return_year"] + 1)
    received = rows["return_year"].isin(rows["return_year"].dropna().unique() + 1)
    return (rows[start] < period_start(rows)) & received & ~matched(rows, before, key)["is_matched"]
