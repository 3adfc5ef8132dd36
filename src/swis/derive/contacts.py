"""Contacts that trial schools made with children's social care, from the authority's own form.

The school is the one that made the contact, as the form says, whatever roll the pupil is on; Annex A list 1 names no
school, so its contacts are not here.
"""

from __future__ import annotations

import pandas as pd

from swis.academic_year import academic_year_of
from swis.derive.attribute import school_on_date
from swis.derive.calendar import DayCalendar
from swis.derive.link import link_children
from swis.derive.lookup import look_up, of_distinct_dates
from swis.derive.pupils import pupil_of
from swis.derive.schools import to_allocated
from swis.schemas import table_schema

SEXUAL_ABUSE = "SAB"
CONTACT_COLUMNS = [
    "authority", "urn", "upn", "year_group", "contact_date", "academic_year", "outcome", "decision_date",
    "is_sexual_abuse",
]  # fmt: skip


def school_contacts(
    contacts: pd.DataFrame,
    children: pd.DataFrame,
    numbers: pd.DataFrame,
    spells: pd.DataFrame,
    lineage: pd.Series,
    calendar: DayCalendar,
) -> pd.DataFrame:
    """Contacts of the schools in `lineage` on observed days (CONTACT_COLUMNS), one row a school, child and day.

    The pupil is found by number, else through `children` of the census, by la_child_id. `year_group` is
    the pupil's on any roll of the trials that day; missing where there is none. Of two rows of one child, school and
    day the one that was decided, and was so last, is kept (assumed: one contact, written twice). An outcome that is not
    of the closed list is not known.
    """
    own = contacts.assign(urn=to_allocated(contacts["urn"], lineage))
    own = own[own["urn"].notna() & calendar.holds(own["contact_date"])].reset_index(drop=True)
    once = _one_a_day(own)
    known = once.assign(upn=_pupils(once, children, numbers))
    year_group = school_on_date(known, spells, "contact_date")["year_group"]
    outcomes = table_schema("contacts").field("outcome").allowed_values or []
    codes = known["concern_codes"].fillna("").str.split()
    found = known.assign(
        year_group=year_group,
        outcome=known["outcome"].where(known["outcome"].isin(outcomes)),
        academic_year=of_distinct_dates(known["contact_date"], academic_year_of),
        is_sexual_abuse=[SEXUAL_ABUSE in said for said in codes],
    )
    typed = found.astype({"is_sexual_abuse": "bool", "year_group": "Int64"})
    return typed.sort_values(["urn", "contact_date", "upn"], kind="stable")[CONTACT_COLUMNS].reset_index(drop=True)


def _pupils(contacts: pd.DataFrame, children: pd.DataFrame, numbers: pd.DataFrame) -> pd.Series:
    """The pupil of each contact, missing where neither the form nor the census gives a number."""
    unnamed = contacts.loc[contacts["upn"].isna(), "la_child_id"]
    links = link_children(children[children["la_child_id"].isin(unnamed)], numbers)
    by_child = look_up(contacts["la_child_id"], links.set_index("la_child_id")["upn"])
    return pupil_of(contacts["upn"], numbers).fillna(by_child)


def _one_a_day(contacts: pd.DataFrame) -> pd.DataFrame:
    """One row a school, child and day; rows that name no child are kept, for nobody can say whether they repeat."""
    child = contacts["la_child_id"].fillna(contacts["upn"])
    ordered = contacts.assign(child=child).sort_values("decision_date", kind="stable", na_position="first")
    again = ordered.duplicated(["urn", "child", "contact_date"], keep="last") & ordered["child"].notna()
    return ordered[~again].drop(columns="child").reset_index(drop=True)
