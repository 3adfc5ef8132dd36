"""The tables that the delivery stage leaves, and which returns of the last academic year came."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from swis.kept_tables import KeptTables
from swis.params import Definitions

RECEIVED, EXPECTED = "received", ("received", "missing", "known gap")
TERMS_OF_A_YEAR = {"autumn": 0, "spring": 1, "summer": 1}


@dataclass(frozen=True)
class Delivery(KeptTables):
    """Tables over all authorities, each a parquet file of the same name; restricted.

    staff, sessions, community, stayed_on, bands, views: counts, for the door. received: one row a school and window,
    which never leaves. gathered [returns, received, expected]: returns of the last academic year; they count nobody.
    """

    staff: pd.DataFrame
    sessions: pd.DataFrame
    community: pd.DataFrame
    stayed_on: pd.DataFrame
    bands: pd.DataFrame
    received: pd.DataFrame
    gathered: pd.DataFrame
    views: pd.DataFrame


def gathered(completeness: pd.DataFrame, definitions: Definitions) -> pd.DataFrame:
    """Returns of the last academic year that came and that were expected, by kind [returns, received, expected].

    The academic year 2022/23 lies in the reporting years ending March 2023 and 2024, in the census of autumn 2022 and
    of spring and summer 2023, and in results of that name; forms without a period are not counted.
    """
    first = int(definitions.last_academic_year[:4])
    terms = {f"{first + later} {term}" for term, later in TERMS_OF_A_YEAR.items()}
    periods = {definitions.last_academic_year, str(first + 1), str(first + 2), *terms}
    own = completeness[completeness["period"].isin(periods) & completeness["status"].isin(EXPECTED)]
    came = own.assign(received=(own["status"] == RECEIVED).astype(int), expected=1)
    return came.groupby("returns", as_index=False)[["received", "expected"]].sum()
