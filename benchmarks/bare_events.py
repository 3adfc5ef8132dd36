"""Social care events of the yardstick: one row an event over the returns, and the school of its day."""

from __future__ import annotations

import numpy as np
import pandas as pd
from bare_periods import CUT, YEAR_GROUPS, Periods, over, start_year
from bare_returns import SOURCE

CHILD = ["la_child_id"]
CASE = [*CHILD, "referral_date"]
LAST_RETURN = pd.Timestamp(2024, 3, 31)
WITHIN = pd.Timedelta(days=28)


def children(cin: dict[str, pd.DataFrame], contacts: pd.DataFrame, newer: pd.Series) -> pd.DataFrame:
    """Child and pupil, by the numbers of the census and of the contacts form and by the pupil's later number."""
    census = cin["children"]
    former = census[[*CHILD, "former_upn"]].set_axis([*CHILD, "upn"], axis=1)
    stated = pd.concat([census[[*CHILD, "upn"]], former, contacts[[*CHILD, "upn"]]]).dropna()
    return stated.assign(upn=stated["upn"].map(newer).fillna(stated["upn"])).drop_duplicates()


def social_care_events(
    cin: dict[str, pd.DataFrame], lists: dict[int, pd.DataFrame], contacts: pd.DataFrame
) -> pd.DataFrame:
    """Events [measure, la_child_id, day, days] of every measure, each once and none after the cut."""
    referrals = _once(cin["referrals"], CASE).sort_values(CASE)
    before = referrals.groupby("la_child_id")["referral_date"].shift(1)
    again = before >= referrals["referral_date"] - pd.DateOffset(months=12)
    nfa = referrals["no_further_action"].fillna(False).astype(bool)
    assessments = _once(cin["assessments"], [*CASE, "assessment_start_date"])
    done = assessments.dropna(subset=["assessment_end_date"])
    done = done.assign(days=_weekdays(done["assessment_start_date"], done["assessment_end_date"]))
    in_time = _weekdays(done["referral_date"], done["assessment_end_date"]) <= 45
    enquiries = _once(cin["section47"], [*CASE, "section47_start_date"])
    met = enquiries.dropna(subset=["conference_date"]).drop_duplicates([*CASE, "conference_date"], keep="last")
    quick = _weekdays(met["section47_start_date"], met["conference_date"]) <= 15
    plans = _once(cin["protection_plans"], [*CASE, "plan_start_date"])
    listed = lists[6].rename(columns={"CIN Start Date": "plan_start_date"})
    cin_plans = _once(pd.concat([listed, cin["cin_plans"]]), [*CHILD, "plan_start_date"])
    help_given = _once(lists[2], [*CHILD, "Assessment start date"])
    dated = {
        "section47_enquiries": (enquiries, "section47_start_date"),
        "section17_assessments_started": (assessments, "assessment_start_date"),
        "section17_assessments_completed": (done, "assessment_end_date"),
        "assessments_within_45_working_days": (done[in_time], "assessment_end_date"),
        "referrals": (referrals, "referral_date"),
        "referrals_from_schools": (referrals[referrals["referral_source"] == "2A"], "referral_date"),
        "rereferrals_within_12_months": (referrals[again], "referral_date"),
        "referrals_no_further_action": (referrals[nfa], "referral_date"),
        "conferences": (met, "conference_date"),
        "conferences_within_15_working_days": (met[quick], "conference_date"),
        "protection_plans_started": (plans, "plan_start_date"),
        "cin_plans_started": (cin_plans, "plan_start_date"),
        "early_help_assessments": (help_given, "Assessment start date"),
        **_waits(referrals, done, enquiries, lists, contacts),
    }
    parts = {name: _dated(rows, date) for name, (rows, date) in dated.items()}
    return pd.concat(parts, names=["measure"]).reset_index("measure")


def _waits(
    referrals: pd.DataFrame,
    done: pd.DataFrame,
    enquiries: pd.DataFrame,
    lists: dict[int, pd.DataFrame],
    contacts: pd.DataFrame,
) -> dict[str, tuple[pd.DataFrame, str]]:
    """How long help took from its start: to a referral soon after, or to the last return where nothing came."""
    of_schools = lists[1][SOURCE].astype("str").str.contains("2A")
    listed = lists[1][of_schools].rename(columns={"Date of Contact": "contact_date"})
    made = pd.concat([contacts, listed])[[*CHILD, "contact_date"]].dropna().drop_duplicates()
    led = pd.merge_asof(
        made.sort_values("contact_date").astype({"la_child_id": "str"}),
        referrals[CASE].dropna().sort_values("referral_date").astype({"la_child_id": "str"}),
        left_on="contact_date",
        right_on="referral_date",
        by="la_child_id",
        direction="forward",
        tolerance=WITHIN,
    ).dropna()
    led["days"] = _weekdays(led["contact_date"], led["referral_date"])
    first = done.groupby(CASE)["assessment_end_date"].min().reset_index()
    assessed = referrals[CASE].merge(first, on=CASE, how="left")
    assessed["days"] = _weekdays(assessed["referral_date"], assessed["assessment_end_date"].fillna(LAST_RETURN))
    end = enquiries["conference_date"].fillna(LAST_RETURN)
    looked_into = enquiries.assign(days=_weekdays(enquiries["section47_start_date"], end))
    return {
        "contact to referral": (led, "contact_date"),
        "referral to assessment": (assessed, "referral_date"),
        "enquiry to conference": (looked_into, "section47_start_date"),
    }


def _once(rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Rows are stacked in the order of the returns, so the last of a key is that of the latest."""
    return rows.dropna(subset=key[-1]).drop_duplicates(key, keep="last")


def _dated(rows: pd.DataFrame, date: str) -> pd.DataFrame:
    kept = rows[[*CHILD, date, *(["days"] if "days" in rows else [])]].rename(columns={date: "day"})
    return kept[kept["day"] <= CUT]


def _weekdays(first: pd.Series, last: pd.Series) -> np.ndarray:
    both = first.notna() & last.notna()
    days = np.full(len(first), np.nan)
    pair = [dates[both].to_numpy("datetime64[D]") for dates in (first, last)]
    days[both.to_numpy()] = np.busday_count(*pair)
    return days


def on_roll(events: pd.DataFrame, pupils: pd.DataFrame, spells: pd.DataFrame) -> pd.DataFrame:
    """Events with the school of main registration on their day, the later spell where two hold, in the year groups."""
    met = events.reset_index(drop=True).reset_index(names="row").merge(pupils, on=CHILD).merge(spells, on="upn")
    met = met[(met["start"] <= met["day"]) & (met["day"] < met["end"])]
    met = met.sort_values("start").drop_duplicates("row", keep="last")
    return met[(start_year(met["day"]) - met["year_zero"]).between(*YEAR_GROUPS)]


def event_counts(found: pd.DataFrame, periods: Periods) -> pd.DataFrame:
    """Counts by school and period, a column a measure, and the median of those that took days."""
    counts = over(found, periods, lambda rows: rows.groupby(["urn", "measure"]).size().unstack(fill_value=0))
    took = found.dropna(subset=["days"])
    medians = over(took, periods, lambda rows: rows.groupby(["urn", "measure"])["days"].median().unstack())
    return counts.join(medians.add_suffix(", median days"))


def by_reporting_year(events: pd.DataFrame) -> pd.DataFrame:
    """Events of the whole authority by measure and year to 31 March."""
    year = events["day"].dt.year + (events["day"].dt.month > 3)
    return events.groupby(["measure", year.rename("year")]).size().rename("count").reset_index()
