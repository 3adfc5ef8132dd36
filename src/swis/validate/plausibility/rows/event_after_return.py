"""No assessment or enquiry starts after the end of its return."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.rule import SOCIAL_CARE_TEAM
from swis.validate.tables import Tables, period_end

STARTS = {"assessments": "assessment_start_date", "section47": "section47_start_date"}


@plausible(
    "event after the return",
    tables=tuple(STARTS),
    fields=tuple(STARTS.values()),
    title="An assessment or enquiry starts after the end of the return that holds it",
    severity="set aside",
    reason="the event lies in the future of its own return and cannot be placed in an academic year",
    how_to_mend="correct the start date",
    owner=SOCIAL_CARE_TEAM,
)
def after_the_return(tables: Tables) -> dict[str, pd.Series]:
    return {name: tables[name][start] > period_end(tables[name]) for name, start in STARTS.items()}
