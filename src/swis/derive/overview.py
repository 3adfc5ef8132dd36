"""Small tables of the derive stage for display: what was observed, linked, and counted as person-time."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from swis.academic_year import academic_year_window
from swis.derive.calendar import DayCalendar
from swis.derive.periods import ACADEMIC_YEAR
from swis.params import Definitions


def observed_years(calendars: Mapping[str, DayCalendar], definitions: Definitions) -> pd.DataFrame:
    """Share of each academic year that each source of returns covers up to the cut, one row a year."""
    windows = {year: academic_year_window(year) for year in definitions.academic_years}
    shares = {
        source: {year: calendar.share_of(held.start, held.end_exclusive) for year, held in windows.items()}
        for source, calendar in calendars.items()
    }
    return pd.DataFrame(shares).rename_axis("academic_year").reset_index()


def linkage_by_status(links: pd.DataFrame) -> pd.DataFrame:
    """Events of all academic years by kind and what became of them, one column a status."""
    wide = links.groupby(["event", "link_status"])["count"].sum().unstack(fill_value=0)  # noqa: PD010
    return wide.rename_axis(columns=None).reset_index()


def pupil_years_by_arm(pupil_years: pd.DataFrame) -> pd.DataFrame:
    """Pupil-years of each arm by academic year and source of observation, one column a year."""
    years = pupil_years[pupil_years["period_kind"] == ACADEMIC_YEAR]
    wide = years.groupby(["trial", "arm", "source", "period"])["pupil_years"].sum().unstack()  # noqa: PD010
    return wide.round(1).rename_axis(columns=None).reset_index()


def contacts_by_outcome(contacts: pd.DataFrame) -> pd.DataFrame:
    """Contacts of schools by academic year and what they led to, one column an outcome; 'not decided' where unknown."""
    led_to = contacts["outcome"].fillna("not decided")
    wide = contacts.groupby(["academic_year", led_to]).size().unstack(fill_value=0)  # noqa: PD010
    return wide.rename_axis(columns=None).reset_index()
