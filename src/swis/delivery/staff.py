"""Who was in post at trial schools, for how many full-time months, how long posts stood vacant, and who left."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
import pandas as pd

from swis.academic_year import Window, academic_year_window
from swis.delivery.sources import DeliverySources
from swis.params import Definitions, Trial

WORKER, MANAGER = "social worker", "team manager"
PROGRAMME = "SWIS"
ALL, NO_SCHOOL, OFFERED = "all", "no school", "intervention"
DAYS_A_MONTH = 365.25 / 12
KEYS = ["authority", "trial", "role", "arm", "academic_year"]
AMOUNTS = ["schools", "schools_with_worker", "workers", "full_time_months", "months_open", "months_vacant"]
STAYED_COLUMNS = ["trial", "what", "academic_year", "number", "interval_level"]
STAFF_COLUMNS = [*KEYS, *AMOUNTS, "leavers", "interval_level"]


def staff(sources: DeliverySources, trials: Mapping[str, Trial], definitions: Definitions) -> pd.DataFrame:
    """Staff by authority, trial, role, arm and academic year (STAFF_COLUMNS), and over all authorities ('all').

    workers: persons in post at any time of the year; full_time_months: share of full time times days; months_open: of
    posts that the programme paid for, from the first day of the trial until the school left it or the funding of the
    post ended, with months_vacant those without anybody in post. Leavers are counted over all authorities only: workers
    whose last spell ended in the year, before the funding of their post did. Team managers have no school and stand
    over all authorities only: an authority has one. Authorities without a record are in no row. interval_level: of the
    intervals made of these numbers once it is known which are shown.
    """
    parts = []
    for trial in (one for one in trials.values() if one.programme == PROGRAMME):
        schools = sources.schools[
            (sources.schools["trial"] == trial.name) & sources.schools["authority"].isin(sources.with_record)
        ]
        spells = bounded(sources.spells, definitions)
        for year in years_of(trial, definitions):
            own = _at_schools(spells, schools, trial, year, definitions.end_of_funding_days)
            every = own.groupby(["role", "arm"], as_index=False).sum(numeric_only=True).assign(authority=ALL)
            both = pd.concat([own, every, _managers(spells, year)], ignore_index=True)
            parts.append(both.assign(trial=trial.name, academic_year=year.name))
    if not parts:
        return pd.DataFrame(columns=STAFF_COLUMNS)
    stacked = pd.concat(parts, ignore_index=True)
    leavers = stacked["leavers"].where(stacked["authority"] == ALL)
    held = stacked.assign(leavers=leavers, interval_level=definitions.interval_level)
    return held[STAFF_COLUMNS].sort_values(KEYS, ignore_index=True)


def stayed_on(sources: DeliverySources, trials: Mapping[str, Trial], definitions: Definitions) -> pd.DataFrame:
    """What of an academic year was still there in the next, over all authorities (STAYED_COLUMNS).

    workers: in post at intervention schools in both years; schools: with a worker in both; `academic_year` the later.
    """
    rows = []
    for trial in (one for one in trials.values() if one.programme == PROGRAMME):
        offered = sources.schools[(sources.schools["trial"] == trial.name) & (sources.schools["arm"] == OFFERED)]
        spells = bounded(sources.spells, definitions)
        own = spells[(spells["role"] == WORKER) & spells["urn"].isin(offered["urn"])]
        own = own.assign(worker=person(own), school=own["urn"])
        there = [(year.name, _within(own, year)) for year in years_of(trial, definitions)]
        for (_, before), (name, after) in itertools.pairwise(there):
            for what, column in (("workers", "worker"), ("schools", "school")):
                number = len(set(before[column]) & set(after[column]))
                rows.append((trial.name, what, name, number, definitions.interval_level))
    return pd.DataFrame(rows, columns=STAYED_COLUMNS)


def bounded(spells: pd.DataFrame, definitions: Definitions) -> pd.DataFrame:
    """Spells with `start` and `end` (the day after the last), running to the day of the cut where no end is known."""
    cut = pd.Timestamp(definitions.data_cut)
    last = spells["to_date"].fillna(cut).clip(upper=cut)
    return spells.assign(start=spells["from_date"], end=last + pd.Timedelta(days=1))


def years_of(trial: Trial, definitions: Definitions) -> list[Window]:
    """Academic years of the evaluation that a trial's windows touch."""
    first = min(window.first_day for window in trial.windows.values())
    last = max(window.last_day for window in trial.windows.values())
    years = [academic_year_window(name) for name in definitions.academic_years]
    return [year for year in years if year.first_day <= last and first <= year.last_day]


def _at_schools(spells: pd.DataFrame, schools: pd.DataFrame, trial: Trial, year: Window, end_days: int) -> pd.DataFrame:
    """By authority and arm of the schools given, in one academic year."""
    own = spells[spells["role"] == WORKER].merge(schools[["urn", "arm", "withdrawn_on"]], on="urn")
    own = own.assign(worker=person(own))
    inside = _within(own, year)
    funded = _funded_until(own, schools, trial, end_days)
    leavers = _leavers(own, funded, year, end_days)
    keys = ["authority", "arm"]
    with_worker = inside.groupby(keys).agg(schools_with_worker=("urn", "nunique"), workers=("worker", "nunique"))
    posts = _posts(schools, inside, funded, trial, year)
    allocated = schools.groupby(keys).agg(schools=("urn", "size"))
    months = inside.assign(full_time_months=inside["days"] * inside["fte"].astype(float) / DAYS_A_MONTH)
    full_time = months.groupby(keys)[["full_time_months"]].sum()
    joined = allocated.astype(float).join([with_worker, full_time, posts, leavers.groupby(keys)[["leavers"]].sum()])
    return joined.fillna(0).reset_index().assign(role=WORKER)


def _within(spells: pd.DataFrame, span: Window) -> pd.DataFrame:
    """Spells that touch the span, with the number of their days in it."""
    first, last = spells["start"].clip(lower=span.start), spells["end"].clip(upper=span.end_exclusive)
    days = (last - first).dt.days.clip(lower=0)
    return spells.assign(days=days)[days > 0]


def _funded_until(own: pd.DataFrame, schools: pd.DataFrame, trial: Trial, end_days: int) -> pd.Series:
    """By school, the day after which its post was paid no more.

    The last day of the trial's last window; of an earlier window where the school's last spell ended in its last
    `end_days` days (assumed: contracts ran to the end of a school year); and never after the school left.
    """
    ends = sorted(window.end_exclusive for window in _windows(trial))
    last = own.groupby("urn")["end"].max().reindex(schools["urn"])
    until = pd.Series(ends[-1], index=last.index)
    for end in reversed(ends[:-1]):
        with_it = (last <= end) & (last > end - pd.Timedelta(days=end_days))
        until = until.mask(with_it.fillna(False), end)
    left = schools.set_index("urn")["withdrawn_on"] + pd.Timedelta(days=1)
    return until.where(~(left < until).fillna(False), left)


def _posts(schools: pd.DataFrame, inside: pd.DataFrame, funded: pd.Series, trial: Trial, year: Window) -> pd.DataFrame:
    """Months of open posts and those vacant, by authority and arm; only intervention schools have a post."""
    first = min(window.start for window in _windows(trial))
    begins = max(first, year.start)
    until = funded.reindex(schools["urn"]).clip(upper=year.end_exclusive)
    open_days = (until - begins).dt.days.clip(lower=0).to_numpy() * (schools["arm"] == OFFERED).to_numpy()
    filled = inside.groupby("urn")["days"].sum().reindex(schools["urn"]).fillna(0).to_numpy()
    vacant = np.maximum(open_days - filled, 0)
    held = schools[["authority", "arm"]].assign(
        months_open=open_days / DAYS_A_MONTH, months_vacant=vacant / DAYS_A_MONTH
    )
    return held.groupby(["authority", "arm"])[["months_open", "months_vacant"]].sum()


def _leavers(own: pd.DataFrame, funded: pd.Series, year: Window, end_days: int) -> pd.DataFrame:
    """Workers whose last spell ended in the year, at least `end_days` days before the funding of the post did."""
    last = own.sort_values("end", kind="stable").drop_duplicates("worker", keep="last")
    until = funded.reindex(last["urn"]).set_axis(last.index)
    before = last["end"] + pd.Timedelta(days=end_days) <= until
    ended = last["to_date"].notna() & (last["end"] > year.start) & (last["end"] <= year.end_exclusive)
    return last[["authority", "arm"]].assign(leavers=(before & ended).astype(int))


def _managers(spells: pd.DataFrame, year: Window) -> pd.DataFrame:
    """Team managers of all authorities in one year: a row, without schools, posts and leavers."""
    inside = _within(spells[spells["role"] == MANAGER], year)
    months = inside["days"] * inside["fte"].astype(float) / DAYS_A_MONTH
    row = {"authority": ALL, "role": MANAGER, "arm": NO_SCHOOL}
    return pd.DataFrame([{**row, "workers": person(inside).nunique(), "full_time_months": months.sum()}])


def person(spells: pd.DataFrame) -> pd.Series:
    """Pseudonyms are an authority's own: the same one elsewhere is another person."""
    return spells["authority"].astype(str) + " " + spells["worker"].astype(str)


def _windows(trial: Trial) -> list[Window]:
    return [window.as_window(name) for name, window in trial.windows.items()]
