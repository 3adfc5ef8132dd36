"""The tables that the derive stage leaves for the measures, and how they are kept."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import pandas as pd

from swis.io import read_frame, write_frame


@dataclass(frozen=True)
class Derived:
    """Tables of one authority, each a parquet file of the same name.

    trial_schools: authority, trial, urn, arm, phase, year groups, reason.
    enrolments: spells on roll by academic year, half-open, with main registration.
    events: social care events with pupil, school, year group and link status.
    care_periods: periods of care with the school they belong to.
    attendance, suspensions, attainment: rows of trial schools with pupil and year group.
    pupil_years, headcounts: denominators by school.
    spans, school_terms: what received returns cover.
    child_numbers: pupil numbers of children in the returns, for matching across borders.
    pupil_numbers: every pupil number of the rolls and the pupil behind it.
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
    spans: pd.DataFrame
    school_terms: pd.DataFrame
    child_numbers: pd.DataFrame
    pupil_numbers: pd.DataFrame
    linkage: pd.DataFrame
    changed_dates: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """Tables by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def save(self, folder: Path) -> pd.DataFrame:
        """Write every table as parquet into `folder`; returns table and rows, for display."""
        held = self.tables()
        for name, frame in held.items():
            write_frame(folder / f"{name}.parquet", frame)
        return pd.DataFrame({"table": list(held), "rows": [len(frame) for frame in held.values()]})


def load_derived(folder: Path) -> Derived:
    """The tables that `Derived.save` wrote."""
    return Derived(**{field.name: read_frame(folder / f"{field.name}.parquet") for field in fields(Derived)})
