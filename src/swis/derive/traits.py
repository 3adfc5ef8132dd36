"""Traits of pupils for comparing groups: one level a pupil and trait, fixed near the start of the trial windows.

A pupil's level is that of the first census from January 2020 on that holds it, and for pupils gone by then of the last
one before (assumed): a trait that changed in the window, perhaps because of the trial, cannot move a pupil to another
group.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from swis.derive.terms import census_ordinal

UNKNOWN = "unknown"
LEVELS = {
    "sex": ("female", "male", UNKNOWN),
    "free_school_meals": ("eligible", "not eligible", UNKNOWN),
    "sen": ("no SEN", "SEN support", "EHC plan", UNKNOWN),
    "ethnic_group": ("White", "Mixed", "Asian", "Black", "Other", UNKNOWN),
}
"""Levels of each trait; a pupil whom no census describes is 'unknown'."""
COLUMN_OF = {
    "sex": "sex",
    "free_school_meals": "is_fsm_eligible",
    "sen": "sen_provision",
    "ethnic_group": "ethnicity",
}
LEVEL_OF = {
    "sex": {"F": "female", "M": "male"},
    "free_school_meals": {True: "eligible", False: "not eligible"},
    "sen": {"N": "no SEN", "K": "SEN support", "E": "EHC plan", "S": "EHC plan"},
}
ETHNIC_GROUP_OF_FIRST_LETTER = {"W": "White", "M": "Mixed", "A": "Asian", "C": "Asian", "B": "Black", "O": "Other"}
"""Main groups of the census of England and Wales, in which Chinese is Asian; NOBT and REFU are unknown."""
CENSUS = (2020, "spring")
TRAIT_COLUMNS = ["upn", *LEVELS]


def fsm_in_january(year: int) -> str:
    """Name of the column that says whether a pupil was eligible for free meals in January of a year."""
    return f"is_fsm_eligible_january_{year}"


def pupil_traits(pupils: pd.DataFrame, pupil: pd.Series, januaries: Sequence[int] = (CENSUS[0],)) -> pd.DataFrame:
    """One row a pupil: the level of each trait (TRAIT_COLUMNS), and `fsm_in_january` of each year of `januaries`.

    `pupils` is the canonical table, `pupil` the pupil behind the number of each of its rows; `upn` of the result is the
    pupil. Eligibility in a January is that of its one census alone, on roll; missing where it does not say.
    """
    at = census_ordinal(pupils["census_year"], pupils["census_term"]).to_numpy()
    first = int(census_ordinal(pd.Series([CENSUS[0]]), pd.Series([CENSUS[1]])).iloc[0])
    codes, distinct = pd.factorize(pupil)
    after = at - first
    # From January 2020 on the earliest comes first, then those before it from the latest back.
    order = np.argsort(np.where(after >= 0, after, 1_000 - after), kind="stable")
    found = {name: _first_known(_level_codes(pupils, name), codes, order, len(distinct)) for name in LEVELS}
    # -1 takes the last level, which is 'unknown'.
    columns = {name: pd.array(LEVELS[name], dtype="string").take(held) for name, held in found.items()}
    on_roll = pupils["is_on_roll"].fillna(False).to_numpy(bool)
    # Three censuses a year, of which January's is the first.
    here = {year: on_roll & (after == 3 * (year - CENSUS[0])) for year in januaries}
    return pd.DataFrame(
        {
            "upn": pd.array(distinct, dtype="string"),
            **columns,
            **{fsm_in_january(year): _eligible(pupils, codes, rows, distinct) for year, rows in here.items()},
        }
    )


def level_of(trait: str, value: object) -> str:
    """The level that a code of the census stands for; 'unknown' for one that says nothing."""
    if trait == "ethnic_group":
        code = str(value)
        return UNKNOWN if code in {"NOBT", "REFU"} else ETHNIC_GROUP_OF_FIRST_LETTER.get(code[:1], UNKNOWN)
    return LEVEL_OF[trait].get(value, UNKNOWN)  # type: ignore[attr-defined]


def _level_codes(pupils: pd.DataFrame, trait: str) -> np.ndarray:
    """Place of each row's level among the trait's levels; -1 where the census does not hold it."""
    values, distinct = pd.factorize(pupils[COLUMN_OF[trait]])
    levels = LEVELS[trait]
    places = np.array([levels.index(level_of(trait, value)) for value in distinct], dtype=np.int64)
    places = np.where(places == len(levels) - 1, -1, places)
    return np.append(places, -1)[values]


def _first_known(levels: np.ndarray, pupil: np.ndarray, order: np.ndarray, pupils: int) -> np.ndarray:
    """The first known level of each pupil in that order of rows; -1 where there is none."""
    known = order[(levels[order] >= 0) & (pupil[order] >= 0)][::-1]
    found = np.full(pupils, -1, dtype=np.int64)
    # Of several values for one place numpy keeps the last: the first in the order asked for.
    found[pupil[known]] = levels[known]
    return found


def _eligible(pupils: pd.DataFrame, pupil: np.ndarray, rows: np.ndarray, distinct: pd.Index) -> pd.Series:
    eligible = pupils["is_fsm_eligible"]
    known = np.flatnonzero(rows & eligible.notna().to_numpy() & (pupil >= 0))
    found = np.full(len(distinct), -1, dtype=np.int8)
    found[pupil[known]] = eligible.to_numpy(dtype=np.int8, na_value=-1)[known]
    return pd.Series(pd.arrays.BooleanArray(found == 1, found < 0))
