"""Events of any authority at the trial schools of another: pupils cross borders.

The primary count takes the returns of the school's own authority; what other authorities returned about its pupils is
reported beside it and never changes it (variant: all authorities).
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from swis.derive.calendar import DayCalendar
from swis.derive.derived import Derived
from swis.derive.events import CARE_START, CIN_PLAN, EARLY_HELP
from swis.derive.link import CHILD
from swis.derive.linkage import COUNTED, UNOBSERVED, attributed_events
from swis.derive.lookup import is_among
from swis.derive.observed import CARE, CIN

NOT_OF_EVERY_AUTHORITY = [EARLY_HELP, CIN_PLAN]
"""Only authorities with a trial of supervision are asked for these: of others nobody knows what crossed a border."""
COUNTED_FROM = ["event", "authority", "la_child_id", "event_date", "academic_year", "link_status"]
"""Columns of the events by which `cross_border_summary` comes about."""
FOUND_ANEW = ["upn", "urn", "year_group", "link_status", "reason"]
SUMMARY_COLUMNS = ["authority", "event", "academic_year", "own_count", "cross_border_count", "share"]


def cross_border_events(every: Mapping[str, Derived]) -> pd.DataFrame:
    """Events that one authority returned about pupils of another's trial schools, in the columns of `Derived.events`.

    Also school_authority, whose school it is. An event already counted in its own authority never appears.
    """
    schools = pd.concat([held.trial_schools for held in every.values()], ignore_index=True)
    home = schools.drop_duplicates("urn").set_index("urn")["authority"]
    links = _of_pupils_elsewhere(_links(_children_on_any_roll(every)), every)
    # Of the rolls only the stays of those few pupils are looked at.
    stays = [held.enrolments[is_among(held.enrolments["upn"], links["upn"])] for held in every.values()]
    spells = pd.concat(stays, ignore_index=True)
    found = [_abroad(name, held, schools, spells, links, home) for name, held in sorted(every.items())]
    return pd.concat(found, ignore_index=True)


def _children_on_any_roll(every: Mapping[str, Derived]) -> pd.DataFrame:
    """Children of all returns whose number some trial roll knows, with the pupil behind it."""
    numbers = pd.concat([held.pupil_numbers for held in every.values()], ignore_index=True)
    numbers = numbers.sort_values("is_former", kind="stable").drop_duplicates("upn")
    children = pd.concat([held.child_numbers for held in every.values()], ignore_index=True)
    return children.merge(numbers[["upn", "pupil"]], left_on="number", right_on="upn", how="inner")


def _abroad(
    name: str, held: Derived, schools: pd.DataFrame, spells: pd.DataFrame, links: pd.DataFrame, home: pd.Series
) -> pd.DataFrame:
    events = held.events
    is_uncounted = ~events["event"].isin(NOT_OF_EVERY_AUTHORITY) & ~events["link_status"].isin([COUNTED, UNOBSERVED])
    is_of_care = events["event"] == CARE_START
    there = spells[spells["authority"] != name]
    parts = []
    for source, is_its_own in ((CIN, ~is_of_care), (CARE, is_of_care)):
        own = links[(links["authority"] == name) & (links["source"] == source)]
        known = events[is_uncounted & is_its_own & is_among(events["la_child_id"], own["la_child_id"])]
        plain = known.drop(columns=FOUND_ANEW, errors="ignore").reset_index(drop=True)
        parts.append(attributed_events(plain, own, there, schools, DayCalendar.everything()))
    counted = pd.concat(parts, ignore_index=True)
    counted = counted[counted["link_status"] == COUNTED]
    return counted.assign(school_authority=counted["urn"].map(home).astype("string"))


def _links(met: pd.DataFrame) -> pd.DataFrame:
    """First pupil number of each child that any trial roll knows, by source, in the form `attributed_events` takes."""
    key = ["source", *CHILD]
    best = met.sort_values([*key, "rank"], kind="stable").drop_duplicates(key)
    named = best[[*key, "pupil"]].rename(columns={"pupil": "upn"})
    return named.assign(link=pd.NA, reason="another authority's return").astype({"link": "string", "reason": "string"})


def _of_pupils_elsewhere(links: pd.DataFrame, every: Mapping[str, Derived]) -> pd.DataFrame:
    """Links of the few children who were on a trial roll of an authority that is not the one which returned them."""
    rolls = [pd.DataFrame({"upn": held.enrolments["upn"].unique()}).assign(roll=name) for name, held in every.items()]
    met = links[["upn", "authority"]].merge(pd.concat(rolls, ignore_index=True), on="upn", how="inner")
    return links[is_among(links["upn"], met["upn"][met["authority"] != met["roll"]])]


def cross_border_summary(every: Mapping[str, Derived], abroad: pd.DataFrame) -> pd.DataFrame:
    """Own and cross-border counts by authority of the school, kind of event and academic year (SUMMARY_COLUMNS).

    `share` is cross-border events among all events at the authority's trial schools.
    """
    key = ["authority", "event", "academic_year"]
    at_home = pd.concat([_counted(held.events)[key] for held in every.values()], ignore_index=True)
    own = at_home.groupby(key).size().rename("own_count")
    beyond = abroad.assign(authority=abroad["school_authority"]).groupby(key).size().rename("cross_border_count")
    both = pd.concat([own, beyond], axis=1).fillna(0).astype("int64").sort_index().reset_index()
    total = both["own_count"] + both["cross_border_count"]
    return both.assign(share=both["cross_border_count"] / total)[SUMMARY_COLUMNS]


def _counted(events: pd.DataFrame) -> pd.DataFrame:
    return events[events["link_status"].eq(COUNTED) & ~events["event"].isin(NOT_OF_EVERY_AUTHORITY)]


def with_cross_border(held: Derived, abroad: pd.DataFrame) -> pd.DataFrame:
    """Events of one authority's schools whoever returned them: the variant 'all authorities'.

    An event that both authorities returned (same kind, pupil and day) counts once.
    """
    own_schools = held.trial_schools["urn"]
    incoming = abroad[abroad["urn"].isin(own_schools)].drop(columns="school_authority")
    counted = held.events[held.events["link_status"] == COUNTED]
    key = ["event", "upn", "event_date"]
    known = pd.MultiIndex.from_frame(counted[key])
    fresh = incoming[~pd.MultiIndex.from_frame(incoming[key]).isin(known)].drop_duplicates(key)
    return pd.concat([held.events, fresh.astype(held.events.dtypes.to_dict())], ignore_index=True)
