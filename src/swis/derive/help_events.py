"""Early help assessments and plans of children in need: events that only the trials of supervision ask for.

Early help stands in Annex A list 2 and in no statutory return; plans stand in the children in need census from
1 April 2021 and in Annex A list 6.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from swis.academic_year import academic_year_of, reporting_year_of
from swis.derive.calendar import DayCalendar
from swis.derive.deduplicate import CHILD
from swis.derive.events import CIN_PLAN, EARLY_HELP, typed_events, with_turning_18
from swis.derive.link import link_children
from swis.derive.linkage import attributed_events
from swis.derive.lookup import is_among, of_distinct_dates
from swis.derive.observed_supervision import CIN_PLANS, EARLY_HELP_LIST
from swis.schemas import conform


def help_events(
    tables: Mapping[str, pd.DataFrame],
    links: pd.DataFrame,
    form_links: pd.DataFrame,
    spells: pd.DataFrame,
    trial_schools: pd.DataFrame,
    calendars: Mapping[str, DayCalendar],
) -> pd.DataFrame:
    """Events of the kinds early_help and cin_plan with their trial school, in the columns of `Derived.events`.

    `trial_schools` are those of the trials of supervision. `links` join the children of the census to pupils; children
    of early help are joined by the numbers of the contacts form too (`form_links`), for many are in no census.
    """
    nothing = DayCalendar.nothing()
    early = attributed_events(
        early_help_events(tables["early_help"]),
        form_links,
        spells,
        trial_schools,
        calendars.get(EARLY_HELP_LIST, nothing),
    )
    plans = attributed_events(
        cin_plan_events(tables["cin_plans"]), links, spells, trial_schools, calendars.get(CIN_PLANS, nothing)
    )
    return with_turning_18(pd.concat([early, plans], ignore_index=True), tables["children"])


def early_help_events(early_help: pd.DataFrame) -> pd.DataFrame:
    """Early help assessments by the day they started, one a child and day: workbooks of two years overlap."""
    key = [*CHILD, "assessment_start_date"]
    once = early_help.dropna(subset=key).drop_duplicates(key)
    return _dated(once.assign(event=EARLY_HELP, event_date=once["assessment_start_date"]))


def cin_plan_events(cin_plans: pd.DataFrame) -> pd.DataFrame:
    """Plans of children in need by the day they started, one a child and day: a workbook and a census may hold both."""
    key = [*CHILD, "plan_start_date"]
    once = cin_plans.dropna(subset=key).drop_duplicates(key, keep="last")
    return _dated(once.assign(event=CIN_PLAN, event_date=once["plan_start_date"]))


def links_by_form(contacts: pd.DataFrame, links: pd.DataFrame, numbers: pd.DataFrame) -> pd.DataFrame:
    """The links of the census, and after them those of children whose pupil number only the contacts form gives."""
    named = contacts.dropna(subset=["la_child_id", "upn"])
    others = named[~is_among(named["la_child_id"], links["la_child_id"])]
    stated = others[[*CHILD, "upn"]].assign(return_year=reporting_year_of(others["contact_date"]))
    return pd.concat([links, link_children(conform(stated, "children"), numbers)], ignore_index=True)


def _dated(events: pd.DataFrame) -> pd.DataFrame:
    typed = typed_events(events.reset_index(drop=True))
    typed["academic_year"] = of_distinct_dates(typed["event_date"], academic_year_of)
    return typed
