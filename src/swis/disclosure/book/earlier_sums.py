"""What the sums of an earlier release still say of the numbers that it hid, most of which have not changed since.

A release shows 223 in all and 200 in one of three areas: the two that it hides come to 23. Where one of these is shown
later the other follows, whatever the later release hides. So each sum in which a shown number has changed stands once
more beside today's, with the numbers as they were shown then.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from swis.disclosure.book.entries import CHECKED, ENTRY_COLUMNS
from swis.disclosure.book.kinds import limits_by_kind
from swis.disclosure.book.relations import Relations
from swis.disclosure.policy import Policy

SHOWN_THEN, CHANGE_OF_HIDDEN = "shown in release", "change of what was hidden in release"
OF_ENTRY = [*ENTRY_COLUMNS, "is_few"]
OF_CELL = ["statistic", "value", "kind", "half_width", "least", "is_implied"]


def sums_of_release(
    entries: pd.DataFrame, relations: Sequence[Relations], then: pd.Series, moved: pd.Index, policy: Policy, number: int
) -> tuple[pd.DataFrame, Relations]:
    """Further entries and relations that follow from release `number`.

    `then`: its numbers by name of cell, missing where hidden; `moved`: those shown then and otherwise now. A number
    shown then is a cell that everybody knows; one hidden then is taken to be what it is now, as a reader will take it.
    Where a sum then says otherwise, the numbers it hid have changed together by an implied cell, as sensitive as any
    change. What the release did not have at all counts as nothing beside others of its statistic.
    """
    terms = _in_their_sums(_terms(relations, entries), then, moved)
    opened = _how_far_open(terms, policy)
    sums = opened.groupby("group")[["low", "high"]].sum()
    lower = terms.groupby("group")["lower"].first() - sums["high"]
    upper = terms.groupby("group")["upper"].first() - sums["low"]
    used = terms[terms["was_hidden"] | terms["was_shown"]]
    then_name = f"{SHOWN_THEN} {number}|" + used["name"]
    used = used.assign(
        name=used["name"].mask(used["was_shown"], then_name), value=used["then"].where(used["was_shown"], used["value"])
    )
    change = _change(used, lower, upper)
    # Of a sum that had other parts then, a change says nothing.
    is_other = change.index.isin(terms.loc[terms["is_absent"], "group"]) & (change != 0).to_numpy()
    used, change = used[~used["group"].isin(change.index[is_other])], change[(change != 0).to_numpy() & ~is_other]
    implied = _implied(used, change, number)
    columns = ["group", "name", "weight"]
    every = pd.concat([used[columns], implied[["group", "name"]].assign(weight=-1.0)], ignore_index=True)
    ends = [end.reindex(pd.unique(every["group"])).to_numpy(float) for end in (lower, upper)]
    known = used[used["was_shown"]].drop_duplicates("name")
    more = pd.concat([_entries(known, f"{SHOWN_THEN} {number}", is_public=True), implied[OF_ENTRY]])
    return more, Relations.of(every, *ends)


def _terms(relations: Sequence[Relations], entries: pd.DataFrame) -> pd.DataFrame:
    """Every term of every relation [group, name, weight, lower, upper] with what the book says of its cell."""
    starts = np.cumsum([0, *(len(part.lower) for part in relations)])
    columns = ["group", "name", "weight", "lower", "upper"]
    parts = [
        (part.place + start, part.name, part.weight, part.lower[part.place], part.upper[part.place])
        for part, start in zip(relations, starts[:-1], strict=True)
    ]
    made = [pd.DataFrame(dict(zip(columns, part, strict=True))) for part in parts]
    every = pd.concat(made, ignore_index=True) if made else pd.DataFrame(columns=columns)
    return every.join(entries.set_index("name")[OF_CELL], on="name")


def _in_their_sums(terms: pd.DataFrame, then: pd.Series, moved: pd.Index) -> pd.DataFrame:
    """The terms of sums that hid something then and have changed since: was_hidden, was_shown, is_absent, then."""
    numbers, is_met = terms["name"].map(then).astype(float), terms["name"].isin(then.index)
    own = terms.assign(
        then=numbers, was_hidden=is_met & numbers.isna(), was_shown=is_met & numbers.notna(),
        is_absent=~is_met & ~terms["is_implied"].astype(bool),
    )  # fmt: skip
    was_told = own.assign(is_met=is_met).groupby(["group", "statistic"])["is_met"].transform("any")
    said = own.assign(
        is_new=own["name"].isin(moved) | own["is_absent"], is_strange=own["is_absent"] & ~was_told.astype(bool)
    )
    found = said.groupby("group")[["was_hidden", "is_new", "is_strange"]].any().astype(bool)
    kept = found.index[found["was_hidden"] & found["is_new"] & ~found["is_strange"]]
    return own[own["group"].isin(kept)]


def _how_far_open(terms: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """`low` and `high` by term: by how much the weighted number may differ from what stands for it in the sum.

    A number shown then, by its rounding; what was only implied, without end from the least that it can be.
    """
    then, half = terms["then"].fillna(0.0).to_numpy(float), terms["half_width"].to_numpy(float)
    shown, implied = terms["was_shown"].to_numpy(bool), terms["is_implied"].to_numpy(bool)
    first, last = limits_by_kind(then, terms["kind"].to_numpy(), half, policy)
    least = np.where(implied, terms["least"].to_numpy(float), np.where(shown, first - then, 0.0))
    most = np.where(implied, np.inf, np.where(shown, last - then, 0.0))
    weight = terms["weight"].to_numpy(float)
    ends = np.where(weight > 0, [least, most], [most, least]) * weight
    return pd.DataFrame({"group": terms["group"].to_numpy(), "low": ends[0], "high": ends[1]})


def _change(used: pd.DataFrame, lower: pd.Series, upper: pd.Series) -> pd.Series:
    """By sum, by how much the numbers hidden then have changed together, as far as the sum can tell."""
    told = used["weight"] * used["value"]
    sums, size = (one.groupby(used["group"]).sum() for one in (told, told.abs()))
    change = sums - sums.clip(lower, upper)
    return change.mask(change.abs() <= CHECKED + 1e-9 * size, 0.0)


def _implied(used: pd.DataFrame, change: pd.Series, number: int) -> pd.DataFrame:
    """The entries of changes that are not nothing, with the group of each."""
    first = used[used["was_hidden"]].drop_duplicates("group").set_index("group").loc[change.index]
    # Two sums may hold the same hidden number: the place of the sum tells their changes apart.
    names = [f"{CHANGE_OF_HIDDEN} {number}|sum={group}|{name}" for group, name in first["name"].items()]
    named = first.assign(name=names, value=change).reset_index()
    return _entries(named, f"{CHANGE_OF_HIDDEN} {number}", is_implied=True, least=-np.inf).assign(group=named["group"])


def _entries(cells: pd.DataFrame, statistic: str, **said: object) -> pd.DataFrame:
    """Entries of cells [name, value, kind, half_width, least]; nothing else is said of them."""
    unsaid = {"schools": np.inf, "largest_share": 0.0, "behind": np.inf, "cost": 1.0, "is_implied": False,
              "is_public": False, "is_judged": False, "is_few": False}  # fmt: skip
    return cells.assign(statistic=statistic, **(unsaid | said))[OF_ENTRY]
