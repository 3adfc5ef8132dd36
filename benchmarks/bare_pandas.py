"""The yardstick of `pipeline.py`: the same returns read and the same measures counted in bare pandas.

What a competent analyst writes in an afternoon: our CIN reader for the XML, pandas for every CSV with only the columns
needed, one row an event over the returns, child to pupil to spell on roll, and counts by school and academic year. No
schema, no rule, no set-aside rows, no former pupil numbers, no intervals, no windows, no bank holidays, nothing kept.
"""

from __future__ import annotations

from pathlib import Path

import bare_returns
import numpy as np
import pandas as pd

FIRST_YEAR, LAST_YEAR = 2018, 2022
CUT = pd.Timestamp(2023, 8, 31)
YEAR_GROUPS = (7, 11)
ONE_DAY = pd.Timedelta(days=1)
CHILD = ["la_child_id"]
CASE = [*CHILD, "referral_date"]
SCHOOL_YEAR = ["urn", "start_year"]


def measure(raw: Path, slug: str) -> pd.DataFrame:
    """Every measure by school and academic year: urn, start_year (2018 is 2018/19), arm and a column a measure."""
    allocation = bare_returns.allocation(raw, slug)
    roll = bare_returns.roll(raw, slug)
    spells = school_spells(roll[roll["urn"].isin(allocation["urn"])])
    children, events = social_care_events(bare_returns.cin(raw, slug))
    looked_after, care = bare_returns.care(raw, slug)
    periods = care_periods(care)
    parts = [
        *event_counts(events, children, spells),
        *care_counts(periods, looked_after, spells),
        person_time(spells),
        january_headcount(spells),
        *absence(roll, allocation),
        *suspensions(bare_returns.suspensions(raw, slug, roll), allocation),
        attainment(bare_returns.attainment(raw, slug), allocation),
    ]
    years = pd.MultiIndex.from_product([allocation["urn"], range(FIRST_YEAR, LAST_YEAR + 1)], names=SCHOOL_YEAR)
    table = pd.concat([part.reindex(years) for part in parts], axis=1).reset_index()
    return table.merge(allocation, on="urn")


def start_year(days: pd.Series) -> pd.Series:
    return days.dt.year - (days.dt.month < 9)


def school_spells(roll: pd.DataFrame) -> pd.DataFrame:
    """One row a main registration: start, end (exclusive), and the year the pupil was in year group 0."""
    main = roll[roll["enrolstatus"].isin(["C", "M"]) | roll["enrolstatus"].isna()].dropna(subset=["entrydate"])
    ordered = main.sort_values(["upn", "urn", "entrydate", "at", "is_leaver"], kind="stable")
    spells = ordered.drop_duplicates(["upn", "urn", "entrydate"], keep="last")
    census_start = (spells["at"] - 2) // 3
    # An autumn census names the year group that its leavers left, which was that of the year before.
    group_start = census_start - (spells["is_leaver"] & (spells["at"] % 3 == 2))
    year_end = pd.to_datetime((census_start + 1).astype(str) + "-09-01")
    return pd.DataFrame(
        {
            "upn": spells["upn"],
            "urn": spells["urn"],
            "start": spells["entrydate"],
            "end": (spells["leavingdate"] + ONE_DAY).fillna(year_end),
            "year_zero": group_start - spells["ncyear"],
        }
    )


def social_care_events(tables: dict[str, pd.DataFrame]) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """The UPNs of each child, and events by measure with their date, each once and none after the cut."""
    numbers = (
        tables["children"][[*CHILD, "upn"]],
        tables["children"][[*CHILD, "former_upn"]].set_axis([*CHILD, "upn"], axis=1),
    )
    numbered = pd.concat(numbers).dropna().drop_duplicates()
    referrals = _once(tables["referrals"], CASE)
    referrals = referrals.sort_values(CASE)
    before = referrals.groupby("la_child_id")["referral_date"].shift(1)
    again = before >= referrals["referral_date"] - pd.DateOffset(months=12)
    assessments = _once(tables["assessments"], [*CASE, "assessment_start_date"])
    done = assessments.dropna(subset=["assessment_end_date"])
    enquiries = _once(tables["section47"], [*CASE, "section47_start_date"])
    met = enquiries.dropna(subset=["conference_date"]).drop_duplicates([*CASE, "conference_date"], keep="last")
    plans = _once(tables["protection_plans"], [*CASE, "plan_start_date"])
    nfa = referrals["no_further_action"].fillna(False).astype(bool)
    in_time = _weekdays(done["referral_date"], done["assessment_end_date"]) <= 45
    quick = _weekdays(met["section47_start_date"], met["conference_date"]) <= 15
    done = done.assign(days=_weekdays(done["assessment_start_date"], done["assessment_end_date"]))
    return numbered, {
        "section47_enquiries": _dated(enquiries, "section47_start_date"),
        "section17_assessments_started": _dated(assessments, "assessment_start_date"),
        "section17_assessments_completed": _dated(done, "assessment_end_date"),
        "assessments_within_45_working_days": _dated(done[in_time], "assessment_end_date"),
        "referrals": _dated(referrals, "referral_date"),
        "referrals_from_schools": _dated(referrals[referrals["referral_source"] == "2A"], "referral_date"),
        "rereferrals_within_12_months": _dated(referrals[again], "referral_date"),
        "referrals_no_further_action": _dated(referrals[nfa], "referral_date"),
        "conferences": _dated(met, "conference_date"),
        "conferences_within_15_working_days": _dated(met[quick], "conference_date"),
        "protection_plans_started": _dated(plans, "plan_start_date"),
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


def on_roll(events: pd.DataFrame, children: pd.DataFrame, spells: pd.DataFrame) -> pd.DataFrame:
    """Events with the school of main registration on their day, the later spell where two hold, in the year groups."""
    met = events.reset_index(drop=True).reset_index(names="row").merge(children, on=CHILD).merge(spells, on="upn")
    met = met[(met["start"] <= met["day"]) & (met["day"] < met["end"])]
    met = met.sort_values("start").drop_duplicates("row", keep="last")
    met["start_year"] = start_year(met["day"])
    return met[(met["start_year"] - met["year_zero"]).between(*YEAR_GROUPS)]


def event_counts(events: dict[str, pd.DataFrame], children: pd.DataFrame, spells: pd.DataFrame) -> list[pd.Series]:
    counts = []
    for name, rows in events.items():
        found = on_roll(rows, children, spells).groupby(SCHOOL_YEAR)
        counts.append(found.size().rename(name))
        if name == "section17_assessments_completed":
            counts.append(found["days"].median().rename("assessment_duration_median_working_days"))
    return counts


def care_periods(episodes: pd.DataFrame) -> pd.DataFrame:
    """Episodes joined where one ceases on the day the next begins with reason X1; short breaks left out."""
    once = episodes.dropna(subset=["DECOM"]).drop_duplicates(["CHILD", "DECOM"], keep="last")
    stays = once[~once["LS"].isin(["V3", "V4"])].sort_values(["CHILD", "DECOM"])
    before = stays.shift(1)
    goes_on = (before["CHILD"] == stays["CHILD"]) & (before["DEC"] == stays["DECOM"]) & (before["REC"] == "X1")
    number = (~goes_on).cumsum()
    return stays.groupby(number).agg(la_child_id=("CHILD", "first"), day=("DECOM", "first"), end=("DEC", "last"))


def care_counts(periods: pd.DataFrame, children: pd.DataFrame, spells: pd.DataFrame) -> list[pd.Series]:
    """Children entering care by year, and days in care in each year of periods that began on a trial roll."""
    known = periods[periods["day"] <= CUT].drop_duplicates(["la_child_id", "day"])
    found = on_roll(known.rename(columns={"end": "care_end"}), children, spells)
    entering = found.groupby(SCHOOL_YEAR).size().rename("children_entering_care")
    until = found["care_end"].fillna(CUT + ONE_DAY).clip(upper=CUT + ONE_DAY)
    return [entering, _days_by_year(found["urn"], found["day"], until).rename("days_in_care")]


def _days_by_year(urn: pd.Series, start: pd.Series, end: pd.Series) -> pd.Series:
    by_year = {}
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        days = (end.clip(upper=pd.Timestamp(year + 1, 9, 1)) - start.clip(lower=pd.Timestamp(year, 9, 1))).dt.days
        by_year[year] = days.clip(lower=0).groupby(urn).sum()
    return pd.concat(by_year, names=["start_year", "urn"]).swaplevel()


def person_time(spells: pd.DataFrame) -> pd.Series:
    """Pupil-years of the trial's year groups by school and academic year."""
    by_year = {}
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        held = spells[(year - spells["year_zero"]).between(*YEAR_GROUPS)]
        begin, finish = pd.Timestamp(year, 9, 1), pd.Timestamp(year + 1, 9, 1)
        days = (held["end"].clip(upper=finish) - held["start"].clip(lower=begin)).dt.days.clip(lower=0)
        by_year[year] = days.groupby(held["urn"]).sum() / 365.25
    return pd.concat(by_year, names=["start_year", "urn"]).swaplevel().rename("pupil_years")


def january_headcount(spells: pd.DataFrame) -> pd.Series:
    by_year = {}
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        day = pd.Timestamp(year + 1, 1, 17)
        there = spells[(spells["start"] <= day) & (day < spells["end"])]
        there = there[(year - there["year_zero"]).between(*YEAR_GROUPS)]
        by_year[year] = there.groupby("urn")["upn"].nunique()
    return pd.concat(by_year, names=["start_year", "urn"]).swaplevel().rename("pupils")


def absence(roll: pd.DataFrame, allocation: pd.DataFrame) -> list[pd.Series]:
    """Sessions possible and missed, and enrolments that missed a tenth or half, over the terms of each year."""
    own = roll[roll["urn"].isin(allocation["urn"])]
    start = (own["at"] - 2) // 3
    # The autumn census carries the summer term of the year before, and half-term 2 apart, which year 11 leaves out.
    year = start - (own["at"] % 3 == 2)
    age = year - own["dob"].dt.year - (own["dob"].dt.month > 8)
    terms = own.assign(start_year=year)[age.between(5, 15) | own["dob"].isna()]
    group = terms["ncyear"] - ((terms["at"] % 3 == 2) & ~terms["is_leaver"])
    second = terms[(terms["at"] % 3 == 2) & (group < 11)]
    halves = []
    for prefix, rows in (("termlysessions", terms), ("summerhalfterm2sessions", second)):
        names = {f"{prefix}{kind}": kind for kind in ("possible", "authorised", "unauthorised")}
        halves.append(rows[["upn", *SCHOOL_YEAR, "at", *names]].rename(columns=names).assign(half=prefix))
    rows = pd.concat(halves, ignore_index=True).dropna(subset=["possible", "authorised", "unauthorised"])
    rows = rows[rows["possible"] > 0].drop_duplicates(["upn", *SCHOOL_YEAR, "at", "half"], keep="last")
    by_pupil = rows.groupby(["upn", *SCHOOL_YEAR])[["possible", "authorised", "unauthorised"]].sum().reset_index()
    missed = by_pupil["authorised"] + by_pupil["unauthorised"]
    by_pupil["persistent_absence"] = missed >= 0.1 * by_pupil["possible"]
    by_pupil["severe_absence"] = missed >= 0.5 * by_pupil["possible"]
    summed = by_pupil.drop(columns="upn").groupby(SCHOOL_YEAR).sum()
    return [summed[name] for name in summed]


def suspensions(rows: pd.DataFrame, allocation: pd.DataFrame) -> list[pd.Series]:
    """Suspensions, pupils suspended, sessions lost, disruptive behaviour, and permanent exclusions."""
    own = rows[rows["urn"].isin(allocation["urn"]) & (rows["startdate"] <= CUT)]
    own = own.drop_duplicates(["urn", "upn", "startdate", "category"], keep="last")
    own = own.assign(start_year=start_year(own["startdate"]))
    suspended = own[own["category"].isin(["SUSP", "FIXD", "FIXED"])]
    by_school = suspended.groupby(SCHOOL_YEAR)
    disruptive = (suspended[["reason1", "reason2"]] == "DB").any(axis=1)
    return [
        by_school.size().rename("suspensions"),
        by_school["upn"].nunique().rename("pupils_suspended"),
        by_school["sessions"].sum().rename("sessions_lost_to_suspension"),
        suspended[disruptive].groupby(SCHOOL_YEAR).size().rename("suspensions_persistent_disruptive_behaviour"),
        own[own["category"] == "PERM"].groupby(SCHOOL_YEAR).size().rename("permanent_exclusions"),
    ]


def attainment(rows: pd.DataFrame, allocation: pd.DataFrame) -> pd.DataFrame:
    """Mean results by school and academic year."""
    own = rows[rows["urn"].isin(allocation["urn"])].drop_duplicates(["upn", "academic_year"], keep="last")
    own = own.assign(start_year=own["academic_year"].str[:4].astype(int))
    return own.groupby(SCHOOL_YEAR)[bare_returns.RESULTS].mean()
