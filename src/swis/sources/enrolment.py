"""Codes of a pupil's enrolment as the school census writes them, in the words of the table of pupils."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from swis.sources.text import of_distinct

SEXES = {"1": "M", "2": "F", "0": "U", "9": "U", "MALE": "M", "FEMALE": "F", "UNKNOWN": "U"}
YEAR_GROUPS = {"R": "0", "N1": "-1", "N2": "-1", "E1": "-2", "E2": "-2"}
NO_YEAR_GROUP = ["X", "M"]
"""Pupils outside the national curriculum, and mixed years: no year group, and no fault."""
CODES: Mapping[str, Mapping[str, str]] = {
    "upn": {},
    "former_upn": {},
    "sex": SEXES,
    "year_group": YEAR_GROUPS,
    "enrolment_status": {},
    "sen_provision": {},
    "ethnicity": {},
}


def in_our_words(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Text columns of pupils with sexes as M, F, U, year groups as numbers, codes in capitals; who has no year group.

    Reception is 0, nursery -1, earlier years -2. Codes that are not known stay as they are.
    """
    columns = {name: _translated(rows[name], meanings) for name, meanings in CODES.items() if name in rows}
    yearless = columns.get("year_group", pd.Series(pd.NA, rows.index, "string")).isin(NO_YEAR_GROUP)
    if "year_group" in columns:
        columns["year_group"] = columns["year_group"].mask(yearless)
    return rows.assign(**columns), yearless


def _translated(values: pd.Series, meanings: Mapping[str, str]) -> pd.Series:
    return of_distinct(values, lambda texts: _in_capitals(texts, meanings)) if meanings else _in_capitals(values, {})


def _in_capitals(texts: pd.Series, meanings: Mapping[str, str]) -> pd.Series:
    upper = texts.str.upper().str.removesuffix(".0")
    return upper.map(meanings).astype("string").fillna(upper) if meanings else upper
