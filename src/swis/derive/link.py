"""Children of a return joined to pupils of the rolls: the return holds no school, so the link is the pupil number.

By UPN, then by FormerUPN; temporary numbers never link, and children without a link are counted by reason.
"""

from __future__ import annotations

import pandas as pd

from swis.derive.lookup import look_up, order_of, sort_codes
from swis.derive.pupils import is_temporary

CHILD = ["authority", "la_child_id"]
BY_UPN, BY_FORMER_UPN = "linked by UPN", "linked by FormerUPN"
NOT_ON_A_TRIAL_ROLL, UNLINKED = "not on a trial roll", "unlinked"
TEMPORARY, NO_NUMBER = "temporary UPN", "no UPN and no reason"
LINK_COLUMNS = [*CHILD, "upn", "link", "reason"]


def child_numbers(children: pd.DataFrame) -> pd.DataFrame:
    """Every pupil number of the children of one authority, best first.

    Columns authority, la_child_id, number, is_former, is_temporary, rank. `children` is the table of the census or
    of the 903 header (which holds no FormerUPN). A number of the latest return comes before those of earlier ones, and
    any UPN before any FormerUPN.
    """
    kinds = {"upn": False, "former_upn": True}
    parts = [
        children[[*CHILD, "return_year", name]].rename(columns={name: "number"}).assign(is_former=former)
        for name, former in kinds.items()
        if name in children
    ]
    stacked = pd.concat([part[part["number"].notna()] for part in parts], ignore_index=True)
    codes = sort_codes(stacked, [*CHILD, "is_former", "return_year", "number"])
    codes[:, 3] *= -1
    ordered = stacked.take(order_of(codes)).drop(columns="return_year")
    ordered = ordered.drop_duplicates([*CHILD, "is_former", "number"]).reset_index(drop=True)
    numbers = pd.Series(ordered["number"].unique(), dtype="string")
    temporary = is_temporary(numbers).set_axis(pd.Index(numbers)).astype("boolean")
    ordered["is_temporary"] = look_up(ordered["number"], temporary).astype(bool)
    return ordered.assign(rank=ordered.groupby(pd.factorize(ordered["la_child_id"])[0]).cumcount())


def link_children(children: pd.DataFrame, numbers: pd.DataFrame) -> pd.DataFrame:
    """One row a child: LINK_COLUMNS, `upn` being the pupil of the roll, missing without a link.

    `numbers` are the rolls' pupil numbers (`pupils.pupil_numbers`). A number that the rolls know only as a former one
    links by FormerUPN, whichever field of the return held it.
    """
    held = child_numbers(children)
    found = held[~held["is_temporary"]].merge(numbers, left_on="number", right_on="upn", how="inner")
    found = found.rename(columns={"is_former_x": "is_former"})
    former = found["is_former"] | found["is_former_y"]
    found = found.assign(link=former.map({False: BY_UPN, True: BY_FORMER_UPN}))
    best = found.sort_values([*CHILD, "rank"], kind="stable").drop_duplicates(CHILD)
    links = (
        children[CHILD]
        .drop_duplicates()
        .sort_values(CHILD)
        .merge(best[[*CHILD, "pupil", "link"]], on=CHILD, how="left")
    )
    unlinked = _why_unlinked(children, held, links)
    links["reason"] = unlinked["reason"].mask(links["pupil"].notna(), "")
    links["link"] = links["link"].fillna(unlinked["link"])
    typed = links.rename(columns={"pupil": "upn"}).astype({"upn": "string", "link": "string", "reason": "string"})
    return typed[LINK_COLUMNS]


def _why_unlinked(children: pd.DataFrame, held: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """For each child, the link status and reason that hold where no number was found on a roll."""
    permanent = held[~held["is_temporary"]].drop_duplicates(CHILD)[CHILD].assign(permanent=True)
    temporary = held[held["is_temporary"]].drop_duplicates(CHILD)[CHILD].assign(temporary=True)
    stated = children.dropna(subset=["upn_unknown_reason"]).sort_values("return_year", kind="stable")
    stated = stated.drop_duplicates(CHILD, keep="last")[[*CHILD, "upn_unknown_reason"]]
    every = links[CHILD].merge(permanent, how="left").merge(temporary, how="left").merge(stated, how="left")
    reason = every["upn_unknown_reason"].astype("string").fillna(NO_NUMBER)
    reason = reason.mask(every["temporary"].notna(), TEMPORARY).mask(every["permanent"].notna(), "")
    link = reason.eq("").map({True: NOT_ON_A_TRIAL_ROLL, False: UNLINKED})
    return pd.DataFrame({"reason": reason, "link": link})
