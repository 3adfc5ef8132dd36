"""One pupil behind several pupil numbers: FormerUPN on the roll joins the old number to the new one."""

from __future__ import annotations

import pandas as pd

from swis.derive.lookup import is_among, look_up
from swis.derive.terms import census_ordinal

LONGEST_CHAIN = 4


def is_temporary(upn: pd.Series) -> pd.Series:
    """Whether each pupil number is temporary: it ends in a letter (DfE guide to unique pupil numbers)."""
    return upn.str.fullmatch(r"[A-Za-z]\d{11}[A-Za-z]").fillna(False).astype(bool)


def pupil_numbers(pupils: pd.DataFrame) -> pd.DataFrame:
    """Every permanent pupil number the rolls know: upn, pupil (the latest number of the same pupil), is_former.

    A former number is followed only where one later number claims it and no roll still shows the old one beside
    the new one; a number claimed by two pupils is nobody's.
    """
    roll = pupils[["upn", "former_upn"]].assign(at=census_ordinal(pupils["census_year"], pupils["census_term"]))
    claims = roll.dropna(subset=["former_upn", "upn"])
    claims = claims[claims["upn"] != claims["former_upn"]].groupby(["former_upn", "upn"])["at"].min().reset_index()
    claims = claims[~claims["former_upn"].duplicated(keep=False)]
    last_seen = roll[roll["upn"].isin(claims["former_upn"])].groupby("upn")["at"].max()
    claims = claims[~(look_up(claims["former_upn"], last_seen.astype("Float64")) >= claims["at"]).fillna(False)]
    newer = claims.set_index("former_upn")["upn"]
    numbers = pd.concat([pupils["upn"], claims["former_upn"]]).dropna().drop_duplicates().reset_index(drop=True)
    pupil = numbers
    for _ in range(LONGEST_CHAIN):
        pupil = look_up(pupil, newer).fillna(pupil)
    found = pd.DataFrame({"upn": numbers.astype("string"), "pupil": pupil.astype("string")})
    found["is_former"] = ~is_among(found["upn"], roll["upn"])
    return found.sort_values("upn", kind="stable").reset_index(drop=True)


def pupil_of(upn: pd.Series, numbers: pd.DataFrame) -> pd.Series:
    """The pupil behind each number, the number itself where the rolls know no other."""
    known = numbers.set_index("upn")["pupil"]
    return look_up(upn, known).fillna(upn)
