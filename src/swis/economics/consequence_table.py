"""The cost-consequence table of a comparison: assessments and days in care of its schools, with what they cost."""

from __future__ import annotations

from functools import partial

import pandas as pd

from swis.economics.comparing import Comparison
from swis.economics.consequences import (
    CONSEQUENCE_COLUMNS,
    DAYS_A_WEEK,
    children_behind,
    consequence_rows,
    group_of_placement,
    merged_groups,
    weekly_price,
)
from swis.economics.parameters import EconomicsParams
from swis.economics.school_costs import SCHOOL
from swis.economics.sources import CostTables

TABLE_COLUMNS = ["title", *CONSEQUENCE_COLUMNS, "behind"]
ASSESSMENTS_TITLE = "Child in need assessments started"
DAYS_IN_CARE, ASSESSMENTS = "days_in_care", "section17_assessments_started"


def consequences(tables: CostTables, comparison: Comparison, economics: EconomicsParams, level: float) -> pd.DataFrame:
    """The cost-consequence table (TABLE_COLUMNS: CONSEQUENCE_COLUMNS, and what stands behind it).

    Assessments and days in care of the schools compared, per 1,000 pupils a year, and in pounds of a week's cost.
    behind: assessments, or children with any day, in the arm that has fewer.
    """
    if comparison.compared is None:
        return pd.DataFrame(columns=TABLE_COLUMNS)
    said, index = economics.consequences, economics.deflator.index
    weekly = {name: weekly_price(cost, economics.price_year, index) for name, cost in economics.weekly_costs.items()}
    beside = partial(
        consequence_rows,
        base="pupil_years",
        replicates=economics.resampling.replicates,
        seed=economics.resampling.seed,
        level=level,
    )
    assessments = _observed(tables, comparison, ASSESSMENTS)
    of_assessments = beside(
        assessments.rename(columns={"count": ASSESSMENTS}),
        {ASSESSMENTS: weekly[said.assessment.weekly_cost] * said.assessment.weeks},
    ).assign(unit="assessments", behind=assessments.groupby("arm")["count"].sum().min())
    days, cared_for = placement_days(tables, comparison, economics), _observed(tables, comparison, DAYS_IN_CARE)
    each = {name: weekly[said.placement_groups[name].weekly_cost] / DAYS_A_WEEK for name in sorted(set(days["group"]))}
    of_care = beside(_with_days(cared_for, days), each).assign(unit="days")
    of_care["behind"] = of_care["consequence"].map(children_behind(days))
    both = pd.concat([part for part in (of_assessments, of_care) if len(part)] or [of_care], ignore_index=True)
    titles = {name: group.title for name, group in said.placement_groups.items()} | {ASSESSMENTS: ASSESSMENTS_TITLE}
    return both.assign(title=both["consequence"].map(titles))[TABLE_COLUMNS]


def placement_days(tables: CostTables, comparison: Comparison, economics: EconomicsParams) -> pd.DataFrame:
    """Days in care of the schools compared by pupil and group of placements, groups of too few children merged."""
    said = economics.consequences
    held = tables.care_days_by_placement
    own = held[held["window"] == comparison.window].merge(comparison.schools[SCHOOL], on=SCHOOL)
    grouped = own.assign(group=group_of_placement(own["placement"], said.placement_groups, said.other_placements))
    return merged_groups(grouped, said.other_placements, said.fewest_children_of_a_group)


def _with_days(schools: pd.DataFrame, days: pd.DataFrame) -> pd.DataFrame:
    """The schools with a column of days a group of placements, 0 where nobody was there."""
    summed = days.groupby([*SCHOOL, "group"])["days"].sum()
    wide = summed.unstack("group", fill_value=0.0).rename_axis(columns=None)  # noqa: PD010
    return schools.merge(wide.reset_index(), on=SCHOOL, how="left").fillna(dict.fromkeys(wide.columns, 0.0))


def _observed(tables: CostTables, comparison: Comparison, measure: str) -> pd.DataFrame:
    """The schools compared for which a measure was observed [SCHOOL, count, pupil_years]."""
    rows = tables.outcomes[
        (tables.outcomes["measure"] == measure) & (tables.outcomes["period"] == comparison.window)
    ].rename(columns={"denominator": "pupil_years"})
    known = rows.loc[rows["pupil_years"] > 0, [*SCHOOL, "count", "pupil_years"]]
    return comparison.schools[SCHOOL].merge(known, on=SCHOOL)
