"""SSDA903 files of one return: header and episodes of everyone in care during the year, and two more modules.

Dates dd/mm/yyyy, one CSV a module, key CHILD (DfE guide to the SSDA903 collection). Postcodes are of the ZZ99 area,
which has no houses.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.simulate.care import Episodes
from swis.simulate.children import Children
from swis.simulate.days import OPEN, arrow_dates, day
from swis.simulate.population import Population

NO_PROVIDER = {"T0", "T1", "T2", "T3", "T4", "Z1"}
WITH_OFSTED_NUMBER = {"U1", "U3", "U4", "U5", "U6", "K2"}
SIMULATED_POSTCODES = ("ZZ99 3WZ", "ZZ99 4WZ")


def episodes_of_year(episodes: Episodes, children: Children, year: int) -> pd.DataFrame:
    """Rows of episodes.csv: open at any time of the year, nothing shown that happened after it."""
    first, last = day(year - 1, 4, 1), day(year, 3, 31)
    shown = np.flatnonzero((episodes.first <= last) & (episodes.last >= first))
    is_over = episodes.last[shown] <= last
    placement = episodes.placement[shown]
    short = episodes.is_short_break[shown]
    number = np.char.add("SC9", np.char.zfill((episodes.child[shown] % 99_999).astype(str), 5))
    return pd.DataFrame(
        {
            "CHILD": children.la_child_id[children.position(episodes.child[shown])],
            "DECOM": _dates(episodes.first[shown]),
            "RNE": episodes.reason_new[shown],
            "LS": episodes.legal_status[shown],
            "CIN": episodes.need[shown],
            "PLACE": placement,
            "PLACE_PROVIDER": np.where(np.isin(placement, list(NO_PROVIDER)), "", episodes.provider[shown]),
            "DEC": _dates(np.where(is_over, episodes.last[shown], OPEN)),
            "REC": np.where(is_over, episodes.reason_ceased[shown], ""),
            "REASON_PLACE_CHANGE": np.where(is_over, episodes.reason_change[shown], ""),
            "HOME_POST": np.where(short, "", SIMULATED_POSTCODES[0]),
            "PL_POST": np.where(short, "", np.where(placement == "P1", SIMULATED_POSTCODES[0], SIMULATED_POSTCODES[1])),
            "URN": np.where(np.isin(placement, list(WITH_OFSTED_NUMBER)) & ~short, number, ""),
        },
        dtype=object,
    )


def header_of_year(shown: pd.DataFrame, children: Children, population: Population, year: int) -> pd.DataFrame:
    """Rows of header.csv: one a child with an episode in the year, in the order of the identifiers."""
    identifiers = (
        np.unique(shown["CHILD"].to_numpy(dtype=object).astype(str)) if len(shown) else np.array([], dtype=str)
    )
    position = np.searchsorted(children.la_child_id.astype(str), identifiers)
    place = children.place[position]
    age = (day(year, 3, 31) - population.born[place]) / 365.25
    known = (age >= 5) & (population.link[place] != "unknown")
    reason = np.where(age < 5, "UN1", children.unknown_reason[position])
    reason = np.where(reason == "UN4", "UN5", reason)
    upn = np.where(
        population.link[place] == "changed in the return", population.second_upn[place], population.upn[place]
    )
    return pd.DataFrame(
        {
            "CHILD": identifiers,
            "SEX": np.where(population.is_male[place], "1", "2"),
            "DOB": _dates(population.born[place]),
            "ETHNIC": population.ethnicity[place],
            "UPN": np.where(known, upn, reason),
            "MOTHER": np.where(population.is_male[place], "", "0"),
            "MC_DOB": "",
        },
        dtype=object,
    )


def reviews_of_year(header: pd.DataFrame, year: int) -> pd.DataFrame:
    """Rows of reviews.csv: one a child and year, which is enough for a file nobody here counts."""
    when = f"30/09/{year - 1}"
    return pd.DataFrame(
        {"CHILD": header["CHILD"], "DOB": header["DOB"], "REVIEW": when, "REVIEW_CODE": "PN1"}, dtype=object
    )


def _dates(days: np.ndarray) -> np.ndarray:
    return np.array(arrow_dates(days, "slash").to_pylist(), dtype=object)
