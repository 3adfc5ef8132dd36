"""The arms were alike before the trial in size and free school meals."""

import pandas as pd

from swis.validate.plausibility.check import Context, NotRunError, check, units
from swis.validate.rule import TRIAL_TEAM

LARGEST_STANDARDISED_DIFFERENCE = 1.5
BASELINE_CENSUS = (2020, "spring")


@check(
    "arms unlike at baseline",
    table="pupils",
    title="The arms differed in school size or free school meals before the trial by more than 1.5 standard deviations",
    severity="note",
    reason="by chance this is rare; the allocation or the roll of a school may be wrong",
    how_to_mend="compare the allocation file with the record of the randomisation, and the rolls with the register",
    owner=TRIAL_TEAM,
)
def unlike(context: Context) -> pd.DataFrame:
    schools = _baseline_schools(context.table("pupils"))
    if not len(schools):
        raise NotRunError("there is no census of January 2020")
    joined = context.table("allocation").merge(schools, left_on="urn", right_index=True)
    names, holds = [], []
    for trial, rows in joined.groupby("trial"):
        for measure in ("pupils", "share_fsm"):
            difference = _standardised_difference(rows[measure].astype(float), rows["arm"])
            if pd.notna(difference):
                names.append(f"{trial} {measure}")
                holds.append(abs(difference) <= LARGEST_STANDARDISED_DIFFERENCE)
    return units(names, holds)


def _baseline_schools(pupils: pd.DataFrame) -> pd.DataFrame:
    year, term = BASELINE_CENSUS
    at_baseline = pupils["census_year"].eq(year) & pupils["census_term"].eq(term) & pupils["is_on_roll"].eq(True)
    rows = pupils[at_baseline.fillna(False)]
    fsm = rows["is_fsm_eligible"].astype("float64")
    return pd.DataFrame({"pupils": rows.groupby("urn").size(), "share_fsm": fsm.groupby(rows["urn"]).mean()})


def _standardised_difference(values: pd.Series, arm: pd.Series) -> float:
    spread = (values.groupby(arm).var(ddof=1).mean()) ** 0.5
    means = values.groupby(arm).mean()
    if not {"intervention", "control"} <= set(means.index) or not spread > 0:
        return float("nan")
    return float((means["intervention"] - means["control"]) / spread)
