"""The yardstick of `pipeline.py`: the same returns read and the same measures counted in bare pandas.

What a competent analyst writes in a few afternoons: our CIN reader for the XML, pandas for the rest with only the
columns needed, one row an event over the returns, child to pupil to spell on roll, and counts by school, period and
group of pupils. No schema, no rule, no set-aside rows, no intervals, no bank holidays, nothing kept.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bare_care
import bare_events
import bare_returns
import bare_schools
import bare_supervision
import pandas as pd
import yaml
from bare_periods import Periods, over

FIRST_YEAR, LAST_YEAR = 2018, 2022
OF_GROUPS = ["section47_enquiries", "referrals", "section17_assessments_started", "children_entering_care"]


def measure(root: Path, dataset: str, slug: str) -> dict[str, pd.DataFrame]:
    """Tables `schools` (a row a school and period, a column a measure), `groups`, `placements` and `whole_return`."""
    raw = root / "data_raw" / dataset
    years, windows = academic_years(), trial_windows(root / "params", slug)
    periods = years | windows
    allocation = bare_returns.allocation(raw, slug)
    roll = bare_returns.roll(raw, slug)
    newer = bare_schools.newer_numbers(roll)
    roll = roll.assign(upn=roll["upn"].map(newer).fillna(roll["upn"]))
    own = roll[roll["urn"].isin(allocation["urn"])]
    spells = bare_schools.school_spells(own)
    cin, lists = bare_returns.cin(raw, slug), bare_returns.annex_a(raw, slug)
    contacts = bare_returns.contacts(raw, slug)
    children = bare_events.children(cin, contacts, newer)
    events = bare_events.social_care_events(cin, lists, contacts)
    found = bare_events.on_roll(events, children, spells)
    looked_after, episodes = bare_returns.care(raw, slug)
    stays = bare_care.stays(episodes)
    cared_for = bare_events.on_roll(bare_care.care_periods(stays), looked_after, spells)
    days = bare_schools.days_on_roll(spells, periods)
    counted = pd.concat([found, cared_for], ignore_index=True)
    traits = bare_schools.traits(own)
    parts = [
        bare_events.event_counts(counted, periods),
        bare_care.care_days(cared_for, ["urn"], periods).rename("days_in_care"),
        (days.groupby(spells["urn"]).sum().stack() / 365.25).rename("pupil_years"),
        bare_schools.january_headcount(spells, years),
        bare_schools.absence(own, periods),
        bare_schools.suspensions(bare_returns.suspensions(raw, slug, roll), periods),
        bare_schools.attainment(bare_returns.attainment(raw, slug), periods),
        bare_supervision.contacts(contacts, periods),
        bare_supervision.survey(bare_returns.survey(raw, slug), periods, windows),
        bare_supervision.delivery(bare_returns.delivery(raw, slug), windows),
    ]
    every = pd.MultiIndex.from_product([allocation["urn"], periods], names=["urn", "period"])
    schools = pd.concat([part.rename_axis(["urn", "period"]).reindex(every) for part in parts], axis=1)
    schools = schools.reset_index().merge(allocation.merge(bare_schools.free_meals(own)), on="urn")
    return {
        "schools": schools,
        "groups": by_group(counted, days, spells, traits, windows),
        "placements": bare_care.days_by_placement(stays, cared_for, windows),
        "whole_return": pd.concat([bare_events.by_reporting_year(events), bare_care.on_31_march(stays)]),
    }


def academic_years() -> Periods:
    """The academic years by label, 2018/19 on."""
    return {
        f"{year}/{(year + 1) % 100:02d}": (pd.Timestamp(year, 9, 1), pd.Timestamp(year + 1, 8, 31))
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
    }


def trial_windows(params: Path, slug: str) -> Periods:
    """Windows and baseline of the trials that the authority takes part in."""
    found: Periods = {}
    for name in _yaml(params / "authorities" / f"{slug}.yml")["trials"]:
        trial = _yaml(params / "trials" / f"{name}.yml")
        for window, span in (trial["windows"] | {"baseline": trial["baseline"]}).items():
            found[window] = (pd.Timestamp(span["first_day"]), pd.Timestamp(span["last_day"]))
    return found


def _yaml(path: Path) -> dict[str, Any]:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def by_group(
    events: pd.DataFrame, days: pd.DataFrame, spells: pd.DataFrame, traits: pd.DataFrame, windows: Periods
) -> pd.DataFrame:
    """Counts and pupil-years by school, window, measure, trait and level."""
    described = events[events["measure"].isin(OF_GROUPS)].merge(traits, on="upn", how="left")
    pupils = spells[["urn", "upn"]].merge(traits, on="upn", how="left").set_axis(spells.index)
    parts = {}
    for trait in bare_returns.TRAITS:
        key = ["urn", trait]
        counts = over(described, windows, lambda rows, by=key: rows.groupby([*by, "measure"], dropna=False).size())
        years = days[list(windows)].groupby([pupils[name] for name in key], dropna=False).sum() / 365.25
        years = years.rename_axis(columns="period").stack().rename("pupil_years").reset_index()
        named = counts.rename("count").reset_index().merge(years, on=[*key, "period"], how="left")
        parts[trait] = named.rename(columns={trait: "level"})
    return pd.concat(parts, names=["trait"]).reset_index("trait").reset_index(drop=True)
