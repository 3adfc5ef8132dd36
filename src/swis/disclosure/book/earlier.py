"""Earlier releases: what was shown stays shown, and a changed number gives the difference away."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from swis.disclosure.book.entries import CHECKED
from swis.disclosure.book.relations import Relations
from swis.disclosure.policy import Policy

CHANGE = "change since release"


def with_earlier(
    entries: pd.DataFrame, relations: list[Relations], releases: Sequence[pd.DataFrame], policy: Policy
) -> tuple[pd.DataFrame, list[Relations], NDArray[np.bool_]]:
    """Entries and relations with what earlier releases add, and which cells are already known.

    A release is a frame [cell, value], value missing where the cell was hidden then. A cell shown with the same value
    is known. Of one shown with another value, the change is an implied cell of the same kind: sensitive where small.
    """
    known = np.zeros(len(entries), dtype=bool)
    for number, release in enumerate(releases, start=1):
        shown = release.dropna(subset=["value"]).set_index("cell")["value"].astype(float)
        then = entries["name"].map(shown).to_numpy(dtype=float, na_value=np.nan)
        change = entries["value"].to_numpy(float) - then
        is_equal = np.abs(change) <= CHECKED
        known |= np.isin(entries["name"].to_numpy(), shown.index) & is_equal
        moved = np.isfinite(change) & ~is_equal & ~entries["is_implied"].to_numpy(bool)
        if moved.any():
            entries, known, added = _with_change(entries, known, moved, then, number)
            relations = [*relations, added]
    del policy
    return entries, relations, known


def _with_change(
    entries: pd.DataFrame, known: NDArray[np.bool_], moved: NDArray[np.bool_], then: NDArray[np.float64], number: int
) -> tuple[pd.DataFrame, NDArray[np.bool_], Relations]:
    own = entries[moved]
    change = own["value"].to_numpy(float) - then[moved]
    implied = own.assign(
        name=f"{CHANGE} {number}|" + own["name"], statistic=f"{CHANGE} {number}", value=change, least=-np.inf,
        is_implied=True, largest_share=0.0, cost=1.0,
    )  # fmt: skip
    group = own["name"].to_numpy()
    terms = pd.DataFrame(
        {
            "group": np.concatenate([group, group]),
            "name": np.concatenate([group, implied["name"].to_numpy()]),
            "weight": np.concatenate([np.ones(len(own)), -np.ones(len(own))]),
        }
    )
    # now - change = then, which everybody knows
    added = Relations.of(terms, then[moved], then[moved])
    grown = pd.concat([entries, implied], ignore_index=True)
    return grown, np.append(known, np.zeros(len(own), dtype=bool)), added
