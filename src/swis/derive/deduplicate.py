"""One row an event across returns: a case open over several years is returned in each of them.

Key: authority, child, date of referral, date of the event; the latest return wins because it holds the end dates.
Where a later return gives another date for an event of the same case, the earlier one is dropped and counted.
"""

from __future__ import annotations

import pandas as pd

from swis.derive.lookup import is_last_of_group, number_of, order_of, sort_codes

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
    codes = sort_codes(events, order)
    rows = order_of(codes)
    return events.take(rows[is_last_of_group(codes[rows, : len(key)])]).reset_index(drop=True)


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
    marked = kept[[*case, date]].merge(replaced.drop_duplicates(), on=[*case, date], how="left", indicator=True)
    still = (marked["_merge"] == "left_only").to_numpy()
    return kept[still].reset_index(drop=True), int((~still).sum())


def _replaced_dates(events: pd.DataFrame, case: list[str], date: str) -> pd.DataFrame:
    """Case and date of events whose date a later return changed."""
    known = events.dropna(subset=[*case, date, "return_year"]).reset_index(drop=True)
    number = number_of(sort_codes(known, case))
    held = pd.DataFrame(
        {"case": number, "date": known[date], "year": known["return_year"].astype("int64"), "row": known.index}
    ).drop_duplicates(["case", "date", "year"])
    years = held.groupby("case")["year"]
    several = years.transform("min") < years.transform("max")
    pairs = _vanished_and_late(held[several])
    rows = _one_to_one(pairs)["row"]
    return known.loc[rows, [*case, date]]


def _vanished_and_late(held: pd.DataFrame) -> pd.DataFrame:
    """Dates that the next return of the case lacks, beside dates that it alone holds for a day before its own year."""
    years = held[["case", "year"]].drop_duplicates().sort_values(["case", "year"])
    years["following"] = years.groupby("case")["year"].shift(-1)
    years["preceding"] = years.groupby("case")["year"].shift(1)
    span = (
        held.groupby(["case", "date"])
        .agg(first=("year", "min"), last=("year", "max"), row=("row", "min"))
        .reset_index()
    )
    gone = span.merge(years, left_on=["case", "last"], right_on=["case", "year"]).dropna(subset=["following"])
    late = span.merge(years, left_on=["case", "first"], right_on=["case", "year"]).dropna(subset=["preceding"])
    late = late[late["date"] < _first_day_of_return(late["first"])]
    met = gone.merge(
        late[["case", "date", "first"]],
        left_on=["case", "following"],
        right_on=["case", "first"],
        suffixes=("", "_late"),
    )
    apart = (met["date_late"] - met["date"]).dt.days.abs()
    return met.assign(apart=apart)[apart <= LARGEST_CORRECTION_DAYS]


def _one_to_one(pairs: pd.DataFrame) -> pd.DataFrame:
    """Nearest pairs, each vanished and each late date used once."""
    ordered = pairs.sort_values(["case", "following", "apart", "date", "date_late"], kind="stable")
    again = ordered.duplicated(["case", "following", "date"]) | ordered.duplicated(["case", "following", "date_late"])
    return ordered[~again]


def _first_day_of_return(return_year: pd.Series) -> pd.Series:
    text = (return_year.astype("int64") - 1).astype(str) + "-04-01"
    return pd.to_datetime(text).astype("datetime64[us]")
