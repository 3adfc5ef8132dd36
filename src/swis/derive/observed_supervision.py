"""Days that the sources of the trials of supervision cover: contacts, early help (Annex A list 2) and plans.

No public form says which days such a file is for, so the file shows it: from the month of its first event on. Where a
source starts later than the others, the time before is unobserved, never zero.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

CONTACTS, EARLY_HELP_LIST, CIN_PLANS = "contacts", "early_help", "cin_plans"
FIRST_CENSUS_WITH_PLANS = 2022
"""Plans of children in need stand in the census from the return for the year to 31 March 2022 on."""
YEAR_OF_WORKBOOK = r"(?<!\d)(20\d\d)(?!\d).*\.xls"
LAST_MONTH_BEFORE_HOLIDAY = 7
Span = tuple[str, pd.Timestamp, pd.Timestamp]


def supervision_spans(tables: Mapping[str, pd.DataFrame], census_years: list[int]) -> list[Span]:
    """Half-open spans (source, start, end); `census_years` are the years whose children in need census was received."""
    with_plans = [year for year in census_years if year >= FIRST_CENSUS_WITH_PLANS]
    return [
        *_span_of_contacts(tables["contacts"]),
        *_spans_of_workbooks(EARLY_HELP_LIST, tables["early_help"], "assessment_start_date"),
        # List 6 holds every plan open at some time of its span, so that its span begins with the first plan that ended.
        *_spans_of_workbooks(CIN_PLANS, tables["cin_plans"], "plan_end_date"),
        *((CIN_PLANS, pd.Timestamp(year - 1, 4, 1), pd.Timestamp(year, 4, 1)) for year in with_plans),
    ]


def _span_of_contacts(contacts: pd.DataFrame) -> list[Span]:
    """From the month of the first contact of a school to the month of the last; schools are closed in August."""
    dates = contacts.loc[contacts["urn"].notna(), "contact_date"].dropna()
    if dates.empty:
        return []
    end = _first_of_month(dates.max()) + pd.DateOffset(months=1)
    if dates.max().month == LAST_MONTH_BEFORE_HOLIDAY:
        end += pd.DateOffset(months=1)
    return [(CONTACTS, _first_of_month(dates.min()), end)]


def _spans_of_workbooks(source: str, rows: pd.DataFrame, date: str) -> list[Span]:
    """The reporting year in the name of each workbook, from the month of the list's first date in that year on."""
    named = rows["source_file"].str.extract(YEAR_OF_WORKBOOK, expand=False)
    spans = []
    for year in sorted({int(found) for found in named.dropna().unique()}):
        start, end = pd.Timestamp(year - 1, 4, 1), pd.Timestamp(year, 4, 1)
        dates = rows.loc[named.eq(str(year)).fillna(False), date]
        inside = dates[(dates >= start) & (dates < end)]
        if len(inside):
            spans.append((source, _first_of_month(inside.min()), end))
    return spans


def _first_of_month(day: pd.Timestamp) -> pd.Timestamp:
    return day.to_period("M").to_timestamp()
