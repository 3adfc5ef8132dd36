"""Few rows of a table repeat another."""

import pandas as pd

from swis.validate.plausibility.check import Context, check, units
from swis.validate.rule import EVALUATION_TEAM
from swis.validate.shape import severities

LARGEST_SHARE = 0.02


@check(
    "many repeats",
    table="all",
    title="More than 2 % of the rows of a table repeat another row",
    severity="note",
    reason="a file was probably exported or appended twice",
    how_to_mend="make the export again and compare the number of rows",
    owner=EVALUATION_TEAM,
)
def many_repeats(context: Context) -> pd.DataFrame:
    skipped = severities()["repeats_are_possible"]
    names = [name for name in context.tables if len(context.tables[name]) and name not in skipped]
    shares = [context.tables.repeats(name)[0].mean() for name in names]
    return units(names, [share <= LARGEST_SHARE for share in shares])
