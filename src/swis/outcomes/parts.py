"""What every school contributes to every measure and period: sums from which any level's value and interval follow."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.derive.derived import Derived
from swis.derive.observed import ROLL
from swis.derive.periods import Period
from swis.outcomes.bases import KEY, denominators, observed_share
from swis.outcomes.registry import Measure, counters, measures
from swis.params import Definitions

SUMS = ["n", "amount", "amount_squared", "base", "base_squared", "cross"]
PART_COLUMNS = [
    "authority", "trial", "urn", "arm", "period_kind", "period", "measure", *SUMS, "observed_share", "has_pupils", "is_teacher",
]  # fmt: skip
VALUE_COLUMNS = ["authority", "trial", "urn", "arm", "period_kind", "period", "measure", "amount", "count"]


def school_parts(
    derived: Derived, periods: list[Period], definitions: Definitions
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sums by trial, school, period and measure (PART_COLUMNS), and the distributions medians need (VALUE_COLUMNS).

    n is the number of rows, amount the numerator, base the denominator, the rest sums of squares and products over rows.
    """
    parts, distributions = [], []
    for period in periods:
        schools = derived.trial_schools
        schools = schools[schools["trial"] == period.trial] if period.trial else schools
        for family in counters().values():
            for name, rows in family(derived, period, definitions).items():
                measure = measures()[name]
                entitled = schools[schools["phase"].isin(measure.phases)]
                if entitled.empty:
                    continue
                scoped = _rows_in_scope(_published(rows, measure), entitled)
                part = _sums(scoped, entitled).assign(period_kind=period.kind, period=period.name, measure=name)
                parts.append(_with_base(part, measure, derived, period, definitions))
                if measure.kind == "median":
                    distributions.append(_distribution(scoped, entitled, period, name))
    return _stacked(parts, PART_COLUMNS), _stacked(distributions, VALUE_COLUMNS)


def _published(rows: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    if not measure.not_published_years:
        return rows
    without = rows["academic_year"].isin(measure.not_published_years).fillna(False).astype(bool)
    return rows[~without]


def _rows_in_scope(rows: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """Rows of the trials' schools and year groups; a row without a year group (results) belongs to its school."""
    scope = schools[[*KEY, "first_year_group", "last_year_group"]]
    joined = rows.merge(scope, on="urn", how="inner")
    year = joined["year_group"].astype("Float64")
    inside = year.between(joined["first_year_group"], joined["last_year_group"]) | year.isna()
    return joined[inside.fillna(True).astype(bool)]


def _sums(rows: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    amount, base = rows["amount"].to_numpy(float), rows["base"].to_numpy(float)
    values = {
        "n": np.ones(len(rows)), "amount": amount, "amount_squared": amount**2,
        "base": base, "base_squared": base**2, "cross": amount * base,
    }  # fmt: skip
    teacher = rows["is_teacher"].to_numpy(bool) if "is_teacher" in rows else np.zeros(len(rows), dtype=bool)
    summed = pd.DataFrame(values).assign(is_teacher=teacher)
    by_school = summed.groupby([rows["trial"].to_numpy(), rows["urn"].to_numpy()]).sum()
    key = pd.MultiIndex.from_frame(schools[KEY])
    complete = by_school.reindex(key, fill_value=0).reset_index(drop=True)
    named = schools[["authority", "trial", "urn", "arm"]].reset_index(drop=True)
    return pd.concat([named, complete.astype(float).assign(is_teacher=complete["is_teacher"] > 0)], axis=1)


def _with_base(
    part: pd.DataFrame, measure: Measure, derived: Derived, period: Period, definitions: Definitions
) -> pd.DataFrame:
    key = pd.MultiIndex.from_frame(part[KEY])
    share = observed_share(measure, derived, period, definitions).reindex(key).to_numpy()
    if measure.base != "rows":
        outside = denominators(measure, derived, period, definitions)
        part = part.assign(base=outside.reindex(key, fill_value=0.0).to_numpy())
    held = derived.pupil_years
    on_roll = held[(held["source"] == ROLL) & (held["period_kind"] == period.kind) & (held["period"] == period.name)]
    years = on_roll.groupby(KEY)["pupil_years"].sum().reindex(key, fill_value=0.0).to_numpy()
    return part.assign(observed_share=share, has_pupils=years > 0)


def _distribution(rows: pd.DataFrame, schools: pd.DataFrame, period: Period, name: str) -> pd.DataFrame:
    counted = rows.groupby([*KEY, "amount"]).size().rename("count").reset_index()
    named = counted.merge(schools[["authority", "arm", *KEY]], on=KEY, how="left")
    return named.assign(period_kind=period.kind, period=period.name, measure=name)[VALUE_COLUMNS]


def _stacked(frames: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    if not frames:
        return pd.DataFrame(columns=columns)
    stacked = pd.concat(frames, ignore_index=True)[columns]
    text = ["authority", "trial", "urn", "arm", "period_kind", "period", "measure"]
    return stacked.astype(dict.fromkeys(text, "string"))
