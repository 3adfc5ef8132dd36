"""Rolls, attendance, suspensions and results of the yardstick."""

from __future__ import annotations

import pandas as pd
from bare_periods import CUT, ONE_DAY, YEAR_GROUPS, Periods, over
from bare_returns import PRIORS, RESULTS, TRAITS

KINDS = ["possible", "authorised", "unauthorised"]
SPRING_2020 = 2020 * 3
TERMS = {0: ("01-01", "04-12"), 1: ("04-13", "05-31"), 2: ("09-01", "12-31"), 3: ("06-01", "07-31")}
NOT_PUBLISHED = 2019
EXAMS_END = "-06-30"


def newer_numbers(roll: pd.DataFrame) -> pd.Series:
    """The pupil number that took the place of each former one."""
    stated = roll.dropna(subset=["upn", "formerupn"])
    return stated.drop_duplicates("formerupn", keep="last").set_index("formerupn")["upn"]


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
    ).reset_index(drop=True)


def days_on_roll(spells: pd.DataFrame, periods: Periods) -> pd.DataFrame:
    """Days of each spell in the trial's year groups, a column a period; pupils move up on 1 September."""
    columns = {}
    for name, (first, last) in periods.items():
        total = pd.Series(0, index=spells.index)
        for year in range(first.year - (first.month < 9), last.year - (last.month < 9) + 1):
            begin, end = max(first, pd.Timestamp(year, 9, 1)), min(last + ONE_DAY, pd.Timestamp(year + 1, 9, 1))
            days = (spells["end"].clip(upper=end) - spells["start"].clip(lower=begin)).dt.days.clip(lower=0)
            total += days.where((year - spells["year_zero"]).between(*YEAR_GROUPS), 0)
        columns[name] = total
    return pd.DataFrame(columns)


def january_headcount(spells: pd.DataFrame, years: Periods) -> pd.Series:
    """Pupils of the trial's year groups by school in January of each academic year."""
    by_year = {}
    for name, (first, _) in years.items():
        day = pd.Timestamp(first.year + 1, 1, 17)
        there = spells[(spells["start"] <= day) & (day < spells["end"])]
        there = there[(first.year - there["year_zero"]).between(*YEAR_GROUPS)]
        by_year[name] = there.groupby("urn")["upn"].nunique()
    return pd.concat(by_year, names=["period", "urn"]).swaplevel().rename("pupils")


def traits(roll: pd.DataFrame) -> pd.DataFrame:
    """Sex, free school meals, SEN and ethnicity of each pupil, of January 2020 or the census nearest to it."""
    after = roll[roll["at"] >= SPRING_2020].sort_values("at", kind="stable")
    before = roll[roll["at"] < SPRING_2020].sort_values("at", ascending=False, kind="stable")
    return pd.concat([after, before])[["upn", *TRAITS]].drop_duplicates("upn")


def free_meals(roll: pd.DataFrame) -> pd.DataFrame:
    """Pupils on roll in January 2020 by school, and the share eligible for free school meals."""
    there = roll[(roll["at"] == SPRING_2020) & ~roll["is_leaver"]]
    eligible = there.assign(is_eligible=there["fsmeligible"].isin(["1", "true", "True"]))
    return eligible.groupby("urn")["is_eligible"].agg(["size", "mean"]).reset_index()


def absence(roll: pd.DataFrame, periods: Periods) -> pd.DataFrame:
    """Sessions possible and missed, and enrolments that missed a tenth or half, over the terms inside each period."""
    terms = _terms(roll)
    pupil_at_school = terms.groupby(["upn", "urn"], sort=False).ngroup()
    urn_of = terms["urn"].groupby(pupil_at_school).first()
    by_period = {}
    for name, (first, last) in periods.items():
        inside = terms[(terms["first_day"] >= first) & (terms["last_day"] <= last)]
        summed = inside[KINDS].groupby(pupil_at_school).sum()
        missed = summed["authorised"] + summed["unauthorised"]
        summed["persistent_absence"] = missed >= 0.1 * summed["possible"]
        summed["severe_absence"] = missed >= 0.5 * summed["possible"]
        by_period[name] = summed.groupby(urn_of).sum()
    return pd.concat(by_period, names=["period", "urn"]).swaplevel()


def _terms(own: pd.DataFrame) -> pd.DataFrame:
    """One row a pupil, school and term with its first and last day; 2019/20 was not published."""
    start = (own["at"] - 2) // 3
    # The autumn census carries the summer term of the year before, and half-term 2 apart, which year 11 leaves out.
    year = start - (own["at"] % 3 == 2)
    age = year - own["dob"].dt.year - (own["dob"].dt.month > 8)
    aged = own.assign(start_year=year)[(age.between(5, 15) | own["dob"].isna()) & (year != NOT_PUBLISHED)]
    group = aged["ncyear"] - ((aged["at"] % 3 == 2) & ~aged["is_leaver"])
    second = aged[(aged["at"] % 3 == 2) & (group < 11)]
    halves = []
    for prefix, rows in (("termlysessions", aged), ("summerhalfterm2sessions", second)):
        names = {f"{prefix}{kind}": kind for kind in KINDS}
        half = rows[["upn", "urn", "at", "start_year", *names]].rename(columns=names)
        # A census carries the term before it, and the autumn census the second half of that summer term too.
        place = (rows["at"] - 1) % 3 if prefix == "termlysessions" else 3
        halves.append(half.assign(place=place))
    rows = pd.concat(halves, ignore_index=True).dropna(subset=KINDS)
    rows = rows[rows["possible"] > 0].drop_duplicates(["upn", "urn", "start_year", "place"], keep="last")
    return rows.merge(_term_days(rows), on=["start_year", "place"])


def _term_days(rows: pd.DataFrame) -> pd.DataFrame:
    """First and last day of every term that is there."""
    terms = rows[["start_year", "place"]].drop_duplicates()
    calendar_year = (terms["start_year"] + (terms["place"] != 2)).astype(str)
    days = {}
    for name, which in (("first_day", 0), ("last_day", 1)):
        month_and_day = terms["place"].map({place: both[which] for place, both in TERMS.items()})
        days[name] = pd.to_datetime(calendar_year + "-" + month_and_day)
    return terms.assign(**days)


def suspensions(rows: pd.DataFrame, periods: Periods) -> pd.DataFrame:
    """Suspensions, pupils suspended, sessions lost, disruptive behaviour, and permanent exclusions."""
    own = rows[rows["startdate"] <= CUT].rename(columns={"startdate": "day"})
    own = own.drop_duplicates(["urn", "upn", "day", "category"], keep="last")
    own["is_disruptive"] = (own[["reason1", "reason2"]] == "DB").any(axis=1)

    def count(inside: pd.DataFrame) -> pd.DataFrame:
        suspended = inside[inside["category"].isin(["SUSP", "FIXD", "FIXED"])].groupby("urn")
        return pd.DataFrame(
            {
                "suspensions": suspended.size(),
                "pupils_suspended": suspended["upn"].nunique(),
                "sessions_lost_to_suspension": suspended["sessions"].sum(),
                "suspensions_persistent_disruptive_behaviour": suspended["is_disruptive"].sum(),
                "permanent_exclusions": inside[inside["category"] == "PERM"].groupby("urn").size(),
            }
        )

    return over(own, periods, count)


def attainment(rows: pd.DataFrame, periods: Periods) -> pd.DataFrame:
    """Mean results by school, and the mean of the pupils' prior scores, of the exams that end in each period."""
    own = rows.drop_duplicates(["upn", "academic_year"], keep="last")
    exam_year = (own["academic_year"].str[:4].astype(int) + 1).astype(str)
    own = own.assign(day=pd.to_datetime(exam_year + EXAMS_END), prior=own[PRIORS].mean(axis=1))
    return over(own, periods, lambda inside: inside.groupby("urn")[[*RESULTS, "prior"]].mean())
