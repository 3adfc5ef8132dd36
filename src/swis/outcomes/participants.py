"""How many schools and pupils each arm has in each academic year."""

from __future__ import annotations

import pandas as pd

from swis.derive.derived import Derived
from swis.derive.observed import ROLL
from swis.derive.periods import ACADEMIC_YEAR

PARTICIPANT_COLUMNS = ["authority", "trial", "arm", "academic_year", "schools", "pupils", "pupil_years"]


def participants(derived: Derived) -> pd.DataFrame:
    """Schools with pupils on roll, pupils in January and pupil-years by trial, arm and year (PARTICIPANT_COLUMNS)."""
    held = derived.pupil_years
    years = held[(held["source"] == ROLL) & (held["period_kind"] == ACADEMIC_YEAR)]
    years = years.rename(columns={"period": "academic_year"})
    heads = derived.headcounts.astype({"academic_year": "string"})
    key = ["authority", "trial", "urn", "arm", "academic_year"]
    both = years.astype({"academic_year": "string"})[[*key, "pupil_years"]].merge(heads, on=key, how="left")
    both = both.assign(schools=(both["pupil_years"] > 0).astype("int64"))
    group = ["authority", "trial", "arm", "academic_year"]
    summed = both.groupby(group, sort=True)[["schools", "pupils", "pupil_years"]].sum().reset_index()
    return summed.astype({"pupils": "int64"})[PARTICIPANT_COLUMNS]
