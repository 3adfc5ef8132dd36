"""One row an event across returns: a case open over several years is returned in each of them.

Key: authority, child, date of referral, date of the event; the latest return wins because it holds the end dates.
Where a later return gives another date for an event of the same case, the earlier one is dropped and counted.
"""

from __future__ import annotations

import pandas as pd

CHILD = ["authority", "la_child_id"]
CASE = [*CHILD, "referral_date"]
# Event tables of the children in need census and the date that makes the event.
EVENT_DATES = {
    "referrals": "referral_date",
    "assessments": "assessment_start_date",
    "section47": "section47_start_date",
    "conferences": "conference_date",
    "protection_plans": "plan_start_date",
    "cin_plans": "plan_start_date",
}
LARGEST_CORRECTION_DAYS = 31
"""Assumed: dates further apart are two events, of which the earlier left the return and the later came late."""


def deduplicate(events: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """One row for each key, from the latest return (column return_year), in the order of the key."""
    order = [*key, "return_year", *[name for name in ("source_file", "source_record") if name in events]]
    ordered = events.sort_values(order, kind="stable")
    return ordered.drop_duplicates(key, keep="last").reset_index(drop=True)


def deduplicate_events(events: pd.DataFrame, table: str) -> tuple[pd.DataFrame, int]:
    """Event table with one row an event, and how many events had their key date changed by a later return.

    A changed date is an event that a later return of the same case no longer holds while that return holds, for
    a day before its own year began, one the earlier return did not (same case: child and referral; for referrals:
    child). The row of the earlier return is dropped, because the latest return wins.
    """
    date = EVENT_DATES[table]
    case = CHILD if table == "referrals" else CASE
    key = list(dict.fromkeys([*CASE, date]))
    kept = deduplicate(events, key)
    replaced = _replaced_dates(events, case, date)
    if replaced.empty:
        return kept, 0
    marked = kept.merge(replaced.drop_duplicates(), on=[*case, date], how="left", indicator=True)
    still = (marked["_merge"] == "left_only").to_numpy()
    return kept[still].reset_index(drop=True), int((~still).sum())


def _replaced_dates(events: pd.DataFrame, case: list[str], date: str) -> pd.DataFrame:
    """Case and date of events whose date a later return changed."""
    columns = [*case, date, "return_year"]
    held = events[columns].dropna().drop_duplicates()
    repeated = held.groupby(case, sort=False)["return_year"].transform("nunique") > 1
    held = held[repeated]
    if held.empty:
        return held[[*case, date]]
    span = held.groupby([*case, date], sort=False)["return_year"].agg(first="min", last="max").reset_index()
    years = held[[*case, "return_year"]].drop_duplicates().sort_values([*case, "return_year"])
    years["following"] = years.groupby(case, sort=False)["return_year"].shift(-1)
    years["preceding"] = years.groupby(case, sort=False)["return_year"].shift(1)
    gone = span.merge(
        years[[*case, "return_year", "following"]], left_on=[*case, "last"], right_on=[*case, "return_year"]
    )
    gone = gone[gone["following"].notna()]
    late = span.merge(
        years[[*case, "return_year", "preceding"]], left_on=[*case, "first"], right_on=[*case, "return_year"]
    )
    late = late[late["preceding"].notna() & (late[date] < _first_day_of_return(late["first"]))]
    pairs = gone.merge(late, left_on=[*case, "following"], right_on=[*case, "first"], suffixes=("", "_late"))
    apart = (pairs[f"{date}_late"] - pairs[date]).dt.days.abs()
    close = pairs.assign(apart=apart)[apart <= LARGEST_CORRECTION_DAYS]
    return _one_to_one(close, case, date)


def _one_to_one(pairs: pd.DataFrame, case: list[str], date: str) -> pd.DataFrame:
    """Nearest pairs, each vanished and each late date used once."""
    ordered = pairs.sort_values([*case, "following", "apart", date, f"{date}_late"], kind="stable")
    first_use = ~ordered.duplicated([*case, "following", date]) & ~ordered.duplicated(
        [*case, "following", f"{date}_late"]
    )
    return ordered.loc[first_use, [*case, date]]


def _first_day_of_return(return_year: pd.Series) -> pd.Series:
    text = (return_year.astype("int64") - 1).astype(str) + "-04-01"
    return pd.to_datetime(text).astype("datetime64[us]")
