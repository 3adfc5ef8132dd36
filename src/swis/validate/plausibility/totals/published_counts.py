"""Counts of events agree with the published statistics of the authority."""

import pandas as pd

from swis.validate.plausibility.check import Context, NotRunError, check, units
from swis.validate.plausibility.events import MONTHLY_EVENTS, yearly_counts
from swis.validate.rule import SOCIAL_CARE_TEAM

PUBLISHED_AS = {
    "referrals": "referrals",
    "section47": "section47_enquiries",
    "protection_plans": "protection_plans_started",
    "conferences": "conferences",
}
TOLERANCE = 0.15
SMALLEST_COUNT = 30


@check(
    "counts not as published",
    table="all",
    title="The number of events of a return differs by more than 15 % from the published statistics",
    severity="note",
    reason="the return at hand may not be the one the DfE published from",
    how_to_mend="send the final version of the return",
    owner=SOCIAL_CARE_TEAM,
)
def not_as_published(context: Context) -> pd.DataFrame:
    if context.published is None or not len(context.published):
        raise NotRunError("there are no published figures of this authority")
    answers = [_compare(context, name, measure) for name, measure in PUBLISHED_AS.items() if name in context.tables]
    found = pd.concat(answers, ignore_index=True) if answers else units([], [])
    if not len(found):
        raise NotRunError("no published figure covers a return at hand")
    return found


def _compare(context: Context, name: str, measure: str) -> pd.DataFrame:
    assert context.published is not None
    own = yearly_counts(context.tables, name, *MONTHLY_EVENTS.get(name, _CONFERENCES))
    figures = context.published[context.published["measure"] == measure].dropna(subset="value")
    figures = figures[figures["time_period"].str.fullmatch(r"\d{4}").fillna(False).astype(bool)]
    printed = figures.drop_duplicates("time_period", keep="last").set_index("time_period")["value"]
    both = pd.DataFrame({"own": own.set_axis(own.index.astype(str)), "printed": printed}).dropna()
    both = both[both["printed"] >= SMALLEST_COUNT]
    holds = (both["own"] / both["printed"] - 1).abs() <= TOLERANCE
    return units(name + " " + both.index.astype(str), holds)


_CONFERENCES = (["la_child_id", "conference_date"], "conference_date")
