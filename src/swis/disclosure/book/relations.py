"""Relations among cells by name, and how they are found in tables of cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from swis.disclosure.protected import DisclosureError

TERM_COLUMNS = ["group", "name", "weight", "value"]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Relations:
    """Relations `lower <= sum of weight * cell <= upper`; terms [place of the relation, name, weight]."""

    place: NDArray[np.int64]
    name: NDArray[np.object_]
    weight: Floats
    lower: Floats
    upper: Floats

    @classmethod
    def of(cls, terms: pd.DataFrame, lower: Floats, upper: Floats) -> Relations:
        """Relations from terms [group, name, weight], one a group in the order groups are met."""
        place, _ = pd.factorize(terms["group"])
        weight = terms["weight"].to_numpy(dtype=float)
        return cls(place.astype(np.int64), terms["name"].to_numpy(dtype=object), weight, lower, upper)


def stacked(parts: Sequence[Relations], names: pd.Index) -> tuple[sparse.csr_array, Floats, Floats]:
    """One matrix over the cells `names`, with the lower and upper ends of its rows; the same relation once.

    A cell that a relation names is always in the book.
    """
    if not parts:
        return sparse.csr_array((0, len(names))), np.zeros(0), np.zeros(0)
    starts = np.cumsum([0, *(len(part.lower) for part in parts)])
    rows = np.concatenate([part.place + start for part, start in zip(parts, starts[:-1], strict=True)])
    columns = names.get_indexer(np.concatenate([part.name for part in parts]))
    weights = np.concatenate([part.weight for part in parts])
    lower = np.concatenate([part.lower for part in parts])
    upper = np.concatenate([part.upper for part in parts])
    matrix = sparse.csr_array((weights, (rows, columns)), shape=(int(starts[-1]), len(names)))
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    return matrix, lower, upper


def sums_over(table: pd.DataFrame, keys: Sequence[str], over: str, total: str) -> pd.DataFrame:
    """Terms of each total [TERM_COLUMNS]: the total itself, less its parts; a total without parts has none."""
    wholes, parts = table[table[over] == total], table[table[over] != total]
    return _against(wholes, parts, keys)


def differences(one: pd.DataFrame, other: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Terms of each pair of cells with equal keys: the one, less the other."""
    if one.empty or other.empty:
        return pd.DataFrame(columns=TERM_COLUMNS)
    return _against(one, other, keys)


def _against(wholes: pd.DataFrame, parts: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    wholes = wholes.assign(group=wholes["name"])
    if keys:
        joined = parts.merge(wholes[[*keys, "group"]], on=list(keys), how="inner")
    else:
        joined = parts.merge(wholes[["group"]], how="cross")
    held = wholes[wholes["group"].isin(joined["group"])]
    both = pd.concat([held.assign(weight=1.0), joined.assign(weight=-1.0)], ignore_index=True)
    return both[TERM_COLUMNS]


def refuse_where(fails: pd.Series, what: str) -> None:
    """DisclosureError with how many relations of a kind do not hold, never the numbers."""
    if fails.any():
        raise DisclosureError(f"a relation does not hold: {what}, in {int(fails.sum())} of {len(fails)}")
