"""Children looked after, for the yardstick: periods of care, days in care and where they were spent."""

from __future__ import annotations

import pandas as pd
from bare_periods import CUT, ONE_DAY, Periods


def stays(episodes: pd.DataFrame) -> pd.DataFrame:
    """Episodes, short breaks left out, with the number of the period of care that each belongs to.

    Episodes are joined where one ceases on the day the next begins with reason X1.
    """
    once = episodes.dropna(subset=["DECOM"]).drop_duplicates(["CHILD", "DECOM"], keep="last")
    kept = once[~once["LS"].isin(["V3", "V4"])].sort_values(["CHILD", "DECOM"])
    before = kept.shift(1)
    goes_on = (before["CHILD"] == kept["CHILD"]) & (before["DEC"] == kept["DECOM"]) & (before["REC"] == "X1")
    return kept.assign(number=(~goes_on).cumsum())


def care_periods(episodes: pd.DataFrame) -> pd.DataFrame:
    """Periods of care that began by the cut, as events of the measure of children entering care."""
    first, last = (episodes.drop_duplicates("number", keep=which).set_index("number") for which in ("first", "last"))
    found = pd.DataFrame({"la_child_id": first["CHILD"], "day": first["DECOM"], "care_end": last["DEC"]})
    found = found.reset_index().assign(measure="children_entering_care")
    return found[found["day"] <= CUT].drop_duplicates(["la_child_id", "day"])


def care_days(rows: pd.DataFrame, key: list[str], periods: Periods) -> pd.Series:
    """Days in care in each period by school (and what else is in the key), to the cut where care goes on."""
    end = rows["care_end"].fillna(CUT + ONE_DAY).clip(upper=CUT + ONE_DAY)
    by_period = {}
    for name, (first, last) in periods.items():
        days = (end.clip(upper=last + ONE_DAY) - rows["day"].clip(lower=first)).dt.days
        by_period[name] = days.clip(lower=0).groupby([rows[column] for column in key]).sum()
    stacked = pd.concat(by_period, names=["period"])
    return stacked.reorder_levels([*key, "period"])


def days_by_placement(episodes: pd.DataFrame, found: pd.DataFrame, windows: Periods) -> pd.DataFrame:
    """Days in care by school, pupil, placement and window, of the periods of care that belong to a school."""
    own = episodes.merge(found[["number", "urn", "upn"]], on="number")
    spent = own.rename(columns={"DECOM": "day", "DEC": "care_end"})
    return care_days(spent, ["urn", "upn", "PLACE"], windows).rename("days").reset_index()


def on_31_march(episodes: pd.DataFrame) -> pd.DataFrame:
    """Children looked after on the last day of each reporting year."""
    rows = []
    for year in range(2018, 2024):
        day = pd.Timestamp(year, 3, 31)
        there = episodes[(episodes["DECOM"] <= day) & (episodes["DEC"].isna() | (episodes["DEC"] > day))]
        rows.append(("children_looked_after", year, there["CHILD"].nunique()))
    return pd.DataFrame(rows, columns=["measure", "year", "count"])
