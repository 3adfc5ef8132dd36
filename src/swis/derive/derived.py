"""The tables that the derive stage leaves for the measures, and how they are kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from swis.derive.calendar import DayCalendar
from swis.kept_tables import KeptTables


@dataclass(frozen=True)
class Derived(KeptTables):
    """Tables of one authority, each a parquet file of the same name.

    trial_schools: authority, trial, programme, urn, arm, phase, year groups, stratum, reason, withdrawn_on.
    enrolments: spells on roll by academic year, half-open, with main registration.
    events: social care events with pupil, school, year group and link status.
    care_periods: periods of care with the school they belong to.
    attendance, suspensions, attainment: rows of trial schools with pupil and year group.
    pupil_years, headcounts: denominators by school.
    contacts: contacts made by schools of the trials of supervision; none in other authorities.
    lead_scores: answers of the safeguarding leads of those schools, by lead, wave and scale.
    spans, school_terms: what received returns cover up to the cut, by source and by school.
    child_numbers: pupil numbers of children in the returns, for matching across borders.
    pupil_numbers: every pupil number of the rolls and the pupil behind it.
    pupil_traits: sex, free school meals, SEN and ethnic group of every pupil of the rolls.
    waits: how long help took from its start to its end, by kind, in working days.
    deliveries: spells of work at trial schools; delivery_months: supervision sessions planned and held, and meetings
    of the community of practice. No row of either where the authority sent no record of delivery.
    linkage: counts of events by what became of them.
    changed_dates: events whose key date a later return changed, by table.
    """

    trial_schools: pd.DataFrame
    enrolments: pd.DataFrame
    events: pd.DataFrame
    care_periods: pd.DataFrame
    attendance: pd.DataFrame
    suspensions: pd.DataFrame
    attainment: pd.DataFrame
    pupil_years: pd.DataFrame
    headcounts: pd.DataFrame
    contacts: pd.DataFrame
    lead_scores: pd.DataFrame
    spans: pd.DataFrame
    school_terms: pd.DataFrame
    child_numbers: pd.DataFrame
    pupil_numbers: pd.DataFrame
    pupil_traits: pd.DataFrame
    waits: pd.DataFrame
    deliveries: pd.DataFrame
    delivery_months: pd.DataFrame
    linkage: pd.DataFrame
    changed_dates: pd.DataFrame

    @cached_property
    def calendars(self) -> dict[str, DayCalendar]:
        """Observed days of each source of `spans`."""
        return {str(source): DayCalendar.of_spans(own) for source, own in self.spans.groupby("source", sort=True)}

    def calendar(self, source: str) -> DayCalendar:
        """Observed days of one source; none where no return of it came."""
        return self.calendars.get(source, DayCalendar.of_spans(self.spans.iloc[:0]))

    @cached_property
    def counted(self) -> dict[str, pd.DataFrame]:
        """Events that count for a trial school, by kind."""
        own = self.events[self.events["urn"].notna()]
        return {str(kind): rows for kind, rows in own.groupby("event", sort=True)}

    @cached_property
    def enrolment_numbers(self) -> tuple[np.ndarray, pd.DataFrame]:
        """A number for the enrolment (school and pupil) of each attendance row, and what the numbers stand for."""
        key = self.attendance[["urn", "upn"]]
        codes = [pd.factorize(key[name], sort=True) for name in ("urn", "upn")]
        width = max(len(codes[1][1]), 1)
        numbers, distinct = pd.factorize(codes[0][0] * width + codes[1][0], sort=True)
        urn, upn = codes[0][1].take(distinct // width), codes[1][1].take(distinct % width)
        return numbers, pd.DataFrame({"urn": urn, "upn": upn})


def load_derived(folder: Path) -> Derived:
    """The tables that `Derived.save` wrote."""
    return Derived.load(folder)
