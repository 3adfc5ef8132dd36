"""Events and pupil rows joined to the trial school: main registration on the day, or the school of a closed cohort."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.academic_year import academic_year_of
from swis.derive.lookup import is_among, of_distinct_dates


def school_on_date(events: pd.DataFrame, spells: pd.DataFrame, date: str) -> pd.DataFrame:
    """Events with urn and year_group of the pupil's main registration on the day in column `date`.

    Both are missing where the pupil (column upn) is on no roll that day. `spells` has at most one main school a pupil
    and day, so no event doubles; the order of rows is kept.
    """
    # Few pupils of a roll have events.
    concerned = spells["is_main"] & is_among(spells["upn"], events["upn"])
    main = spells.loc[concerned, ["upn", "academic_year", "start", "end", "urn", "year_group"]]
    rows = np.flatnonzero((is_among(events["upn"], main["upn"]) & events[date].notna()).to_numpy())
    keyed = pd.DataFrame({"row": rows, "upn": events["upn"].array[rows], "day": events[date].array[rows]})
    keyed["academic_year"] = of_distinct_dates(keyed["day"], academic_year_of)
    met = keyed.merge(main, on=["upn", "academic_year"], how="inner")
    met = met[(met["start"] <= met["day"]) & (met["day"] < met["end"])].drop_duplicates("row", keep="last")
    found = met.set_index("row")[["urn", "year_group"]].reindex(range(len(events)))
    return events.assign(urn=found["urn"].astype("string").array, year_group=found["year_group"].astype("Int64").array)


def school_of_rows(rows: pd.DataFrame, spells: pd.DataFrame, *, by_cohort: bool) -> pd.DataFrame:
    """Rows of one pupil, school and academic year with year_group, and urn by the rule of attribution.

    By default the row's own school counts, where it is the pupil's main registration at any time of that year;
    `by_cohort` gives every row of the pupil to the school of the cohort. Rows without a match have no urn.
    """
    key = ["upn", "academic_year"] if by_cohort else ["urn", "upn", "academic_year"]
    main = spells[spells["is_main"]].sort_values(["start"], kind="stable").drop_duplicates(key, keep="last")
    held = rows.drop(columns="urn") if by_cohort else rows
    found = held.merge(main[list(dict.fromkeys(["urn", *key, "year_group"]))], on=key, how="left")
    return found.assign(urn=found["urn"].where(found["year_group"].notna()))
