"""903 INT03: every child with an episode stands in the header file."""

import pandas as pd

from swis.validate.statutory.kinds import ssda903
from swis.validate.tables import Tables


@ssda903(
    "INT03",
    needs=("looked_after_children",),
    fields=("la_child_id",),
    title="A child with an episode is not in the header file",
    severity="note",
    reason="without the header there is no date of birth and no number, so the care cannot be linked",
    how_to_mend="add the child to the header file",
)
def episode_without_child(tables: Tables) -> pd.Series:
    return ~tables.header_of_episode()["is_matched"]
