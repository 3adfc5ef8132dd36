"""The closed cohort of one day: pupils stay with the school that had them on roll that day, wherever they go later.

Variant of two assumptions: 'school on 1 September 2020' for events, and 'closed cohort of 1 September 2020' for care.
"""

from __future__ import annotations

import pandas as pd

from swis.derive.enrolment import ENROLMENT_COLUMNS
from swis.params import Definitions

COHORT_DAY = pd.Timestamp(2020, 9, 1)


def attributed_spells(spells: pd.DataFrame, definitions: Definitions) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Spells that give events and those that give care their school, under the attributions in force."""
    by_day = definitions.school_attribution == "school on the event date"
    at_start = definitions.care_attribution == "school at start of care"
    cohort = spells if by_day and at_start else cohort_enrolments(spells, definitions.last_academic_year)
    return spells if by_day else cohort, spells if at_start else cohort


def cohort_enrolments(spells: pd.DataFrame, last_academic_year: str, day: pd.Timestamp = COHORT_DAY) -> pd.DataFrame:
    """Spells of the closed cohort of `day`, from that day on, moved on one year group every 1 September.

    `spells` and the result have ENROLMENT_COLUMNS. Before the day there is no cohort, so no spell.
    """
    there = spells[spells["is_main"] & (spells["start"] <= day) & (day < spells["end"])]
    first_year, last_year = day.year - (day.month < 9), int(last_academic_year[:4])
    years = []
    for year in range(first_year, last_year + 1):
        begins = max(day, pd.Timestamp(year, 9, 1))
        years.append(
            there.assign(
                academic_year=f"{year}/{(year + 1) % 100:02d}",
                start=begins,
                end=pd.Timestamp(year + 1, 9, 1),
                year_group=there["year_group"] + (year - first_year),
            )
        )
    stacked = pd.concat(years, ignore_index=True) if years else there
    return stacked.astype(spells.dtypes.to_dict())[ENROLMENT_COLUMNS]
