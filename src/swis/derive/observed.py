"""What was observed: the days that received returns cover, by source, and the school terms that censuses covered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from swis.derive.calendar import DayCalendar
from swis.derive.observed_supervision import supervision_spans
from swis.derive.terms import census_ordinal, term_calendar
from swis.params import Trial

CIN, CARE, ROLL, LOOK_BACK = "cin_census", "ssda903", "school_census", "cin_census with look-back"
# A year's return was received when any of these tables holds rows of it.
TABLES_OF_RETURN = {CIN: ["children", "referrals"], CARE: ["looked_after_children", "care_episodes"]}
SUPERVISION = "DSLS"
SPAN_COLUMNS = ["source", "start", "end"]
TERM_COLUMNS = ["urn", "academic_year", "absence_term", "first_day", "last_day", "has_attendance", "has_suspensions"]


def return_years(source: str, tables: Mapping[str, pd.DataFrame], completeness: pd.DataFrame | None) -> list[int]:
    """Reporting years whose return of a source was received: as completeness says, else as the tables show."""
    if completeness is not None and (completeness["returns"] == source).any():
        rows = completeness[(completeness["returns"] == source) & (completeness["status"] == "received")]
        return sorted(rows["period"].astype("string").str.extract(r"(\d{4})")[0].dropna().astype(int).unique().tolist())
    held = [tables[name]["return_year"] for name in TABLES_OF_RETURN[source] if name in tables]
    return sorted({int(year) for years in held for year in years.dropna().unique()})


def received_spans(
    tables: Mapping[str, pd.DataFrame],
    completeness: pd.DataFrame | None,
    trials: Mapping[str, Trial] | None = None,
) -> pd.DataFrame:
    """Half-open reporting years whose return was received: source, start (1 April), end (1 April).

    Where one of `trials` is of supervision, also the spans of the sources that only those trials ask for.
    """
    rows = [
        (source, pd.Timestamp(year - 1, 4, 1), pd.Timestamp(year, 4, 1))
        for source in TABLES_OF_RETURN
        for year in return_years(source, tables, completeness)
    ]
    if any(trial.programme == SUPERVISION for trial in (trials or {}).values()):
        rows += supervision_spans(tables, return_years(CIN, tables, completeness))
    frame = pd.DataFrame(rows, columns=SPAN_COLUMNS)
    return frame.astype({"source": "string", "start": "datetime64[us]", "end": "datetime64[us]"})


def calendars(spans: pd.DataFrame, data_cut: date, look_back_months: int) -> dict[str, DayCalendar]:
    """Observed days of each source up to the cut (that day included), and with the look-back of re-referrals."""
    end = pd.Timestamp(data_cut) + pd.Timedelta(days=1)
    sources = list(dict.fromkeys([*TABLES_OF_RETURN, *spans["source"]]))
    found = {source: DayCalendar.of_spans(spans[spans["source"] == source]) for source in sources}
    with_look_back = found[CIN].with_look_back(look_back_months)
    known = {**found, LOOK_BACK: with_look_back, ROLL: DayCalendar.everything()}
    return {source: calendar.until(end) for source, calendar in known.items()}


def spans_of(by_source: Mapping[str, DayCalendar]) -> pd.DataFrame:
    """Observed days of every source as half-open spans: source, start, end."""
    parts = [calendar.spans().assign(source=source) for source, calendar in by_source.items()]
    return pd.concat(parts, ignore_index=True).astype({"source": "string"})[SPAN_COLUMNS]


def school_terms(
    urns: pd.Series,
    pupils: pd.DataFrame,
    attendance: pd.DataFrame,
    suspensions: pd.DataFrame,
    start_years: list[int],
    data_cut: date,
) -> pd.DataFrame:
    """One row a trial school and term (TERM_COLUMNS): whether its sessions and its suspensions were returned.

    Sessions were returned where the attendance table holds the term; suspensions where the census two terms later came,
    or the authority sent them in a file of their own. A term not over on the day of the cut is not observed.
    """
    terms = term_calendar(start_years)
    grid = pd.DataFrame({"urn": urns.drop_duplicates()}).merge(terms, how="cross")
    over = grid["last_day"] <= pd.Timestamp(data_cut)
    sent = attendance[["urn", "academic_year", "absence_term"]].drop_duplicates()
    keys = pd.MultiIndex.from_frame(grid[["urn", "academic_year", "absence_term"]])
    has_attendance = keys.isin(pd.MultiIndex.from_frame(sent))
    at = census_ordinal(pupils["census_year"], pupils["census_term"])
    came = pd.MultiIndex.from_frame(pd.DataFrame({"urn": pupils["urn"], "at": at}).drop_duplicates())
    has_census = pd.MultiIndex.from_frame(grid[["urn", "suspension_census_ordinal"]]).isin(came)
    own_file = suspensions["source_file"].str.contains(r"(?:^|/)suspensions[^/]*\.csv", regex=True)
    has_suspensions = has_census | bool(own_file.fillna(False).any())
    return grid.assign(has_attendance=has_attendance & over, has_suspensions=has_suspensions & over)[TERM_COLUMNS]
