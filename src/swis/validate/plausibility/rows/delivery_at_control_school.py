"""A worker works at an intervention school."""

import pandas as pd

from swis.validate.plausibility.kinds import plausible
from swis.validate.plausibility.spells import unexplained_at_control
from swis.validate.rule import TRIAL_TEAM
from swis.validate.tables import Tables


@plausible(
    "worker at a control school",
    tables="delivery",
    needs=("allocation",),
    fields=("urn", "role"),
    title="A worker of the programme works at a school of its control arm",
    severity="note",
    reason="the school keeps its arm, and the effect of what was received differs from that of what was allocated",
    how_to_mend="correct the school, or give the allocation file the reason 'later given a worker'",
    owner=TRIAL_TEAM,
)
def at_control_school(tables: Tables) -> pd.Series:
    return unexplained_at_control(tables["delivery"], tables["allocation"])
