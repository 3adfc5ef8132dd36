"""Earlier releases: what was shown stays shown, and a changed number gives the difference away."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from swis.disclosure.book.earlier_sums import sums_of_release
from swis.disclosure.book.entries import CHECKED
from swis.disclosure.book.kinds import KINDS, Floats, shown_values
from swis.disclosure.book.relations import Relations
from swis.disclosure.policy import Policy

CHANGE = "change since release"
# What was hidden before is hidden again at little loss, so that releases differ by as few cells as can be.
COST_OF_HIDDEN_BEFORE = 0.1


def as_shown(entries: pd.DataFrame, policy: Policy) -> Floats:
    """Every number as it is shown where it is; a sum as the printed mean gives it. Missing for what is only implied."""
    values, kinds = entries["value"].to_numpy(float), entries["kind"].to_numpy()
    shown = np.full(len(values), np.nan)
    for kind in KINDS:
        mine = kinds == kind
        shown[mine] = shown_values(values[mine], kind, policy)
    step = 2 * entries["half_width"].to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        shown = np.where(kinds == "sum", np.round(values / step) * step, shown)
    return np.where(entries["is_implied"].to_numpy(bool), np.nan, shown)


def release_of(entries: pd.DataFrame, hidden: pd.Series, policy: Policy) -> pd.DataFrame:
    """A release as later ones need it: [cell, value], value missing where hidden; holds nothing that was not shown.

    `hidden`: by name of cell, whether it is hidden.
    """
    own = entries[~entries["is_implied"].to_numpy(bool)]
    shown = np.where(hidden.reindex(own["name"]).to_numpy(dtype=bool), np.nan, as_shown(own, policy))
    return pd.DataFrame({"cell": own["name"].to_numpy(), "value": shown})


def with_earlier(
    entries: pd.DataFrame, relations: list[Relations], releases: Sequence[pd.DataFrame], policy: Policy
) -> tuple[pd.DataFrame, list[Relations], NDArray[np.bool_]]:
    """Entries and relations with what earlier releases add, and which cells are already known.

    A release is a frame [cell, value], value missing where the cell was hidden then. A cell that was shown as it would
    be now is known. Of one shown with another value, the change is an implied cell of the same kind: sensitive where it
    is small; and the sums of that release stand beside today's (`sums_of_release`).
    """
    own, of_own = entries, list(relations)
    known = np.zeros(len(entries), dtype=bool)
    for number, release in enumerate(releases, start=1):
        before = release.drop_duplicates("cell").set_index("cell")["value"].astype(float)
        then = entries["name"].map(before).to_numpy(dtype=float)
        was_hidden = entries["name"].isin(before.index[before.isna()]).to_numpy(bool)
        factor = np.where(was_hidden, COST_OF_HIDDEN_BEFORE, 1.0)
        entries = entries.assign(cost=entries["cost"].to_numpy(float) * factor)
        now = as_shown(entries, policy)
        is_equal = np.abs(now - then) <= CHECKED + 1e-9 * np.abs(then)
        known |= is_equal
        moved = np.isfinite(then) & np.isfinite(now) & ~is_equal
        names = pd.Index(entries["name"][moved])
        added = []
        if moved.any():
            entries, changes = _with_change(entries, moved, then, number)
            added.append(changes)
        more, sums = sums_of_release(own, of_own, before, names, policy, number)
        entries = pd.concat([entries, more], ignore_index=True) if len(more) else entries
        relations = [*relations, *added, sums]
        known = np.append(known, np.zeros(len(entries) - len(known), dtype=bool))
    return entries, relations, known


def _with_change(
    entries: pd.DataFrame, moved: NDArray[np.bool_], then: Floats, number: int
) -> tuple[pd.DataFrame, Relations]:
    own = entries[moved]
    change = own["value"].to_numpy(float) - then[moved]
    statistic = f"{CHANGE} {number}"
    implied = own.assign(
        name=statistic + "|" + own["name"], statistic=statistic, value=change, least=-np.inf, is_implied=True,
        largest_share=0.0, cost=1.0,
    )  # fmt: skip
    group = own["name"].to_numpy()
    terms = pd.DataFrame(
        {
            "group": np.concatenate([group, group]),
            "name": np.concatenate([group, implied["name"].to_numpy()]),
            "weight": np.concatenate([np.ones(len(own)), -np.ones(len(own))]),
        }
    )
    # What it is now less the change is what was shown then, which everybody knows.
    added = Relations.of(terms, then[moved], then[moved])
    return pd.concat([entries, implied], ignore_index=True), added
