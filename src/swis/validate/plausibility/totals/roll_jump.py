"""No census of an academic year holds less than three quarters of the largest roll of a school in that year."""

import pandas as pd

from swis.validate.plausibility.check import Context, check, units
from swis.validate.plausibility.events import headcounts
from swis.validate.rule import SCHOOLS_TEAM

SMALLEST = 0.75


@check(
    "roll jumps",
    table="pupils",
    title="The roll of a school in one census is far smaller than its largest of the academic year",
    severity="note",
    reason="part of the school was probably left out of the extract",
    how_to_mend="export the school's roll of that census again, with all year groups",
    owner=SCHOOLS_TEAM,
)
def jumps(context: Context) -> pd.DataFrame:
    counts = headcounts(context)
    largest = counts.groupby(["urn", "autumn"])["pupils"].transform("max")
    names = "school " + counts["urn"] + " " + counts["census_year"].astype(str) + " " + counts["census_term"]
    return units(names, counts["pupils"] >= SMALLEST * largest)
