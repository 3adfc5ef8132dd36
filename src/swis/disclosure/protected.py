"""A frame that has passed the door, and the check that it did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

BASE = 5
IDENTIFYING = frozenset(
    {"urn", "upn", "former_upn", "la_child_id", "child_id", "school", "school_name", "laestab", "dob"}
)


class DisclosureError(Exception):
    """Something unprotected was about to leave. It names columns and counts of rows, never values."""


@dataclass(frozen=True)
class Protected:
    """A releasable frame: columns named in `counts` hold multiples of `base`, and none identifies a school or a child.

    A missing number has its reason in the column `symbol` ('' where there is a number). Reports draw only from these.
    """

    frame: pd.DataFrame
    counts: tuple[str, ...]
    base: int = BASE

    def __post_init__(self) -> None:
        """Refuse a frame that is not protected; DisclosureError names the columns."""
        identifying = sorted(IDENTIFYING.intersection(self.frame.columns))
        if identifying:
            raise DisclosureError(
                f"columns that name a school or a child may not be released: {', '.join(identifying)}"
            )
        for column in self.counts:
            unrounded = int((self.frame[column].dropna().astype(float) % self.base != 0).sum())
            if unrounded:
                raise DisclosureError(f"{unrounded} values of {column} are not rounded to the nearest {self.base}")

    def where(self, **wanted: object) -> Protected:
        """The rows whose columns equal the wanted values (a list means any of them)."""
        kept = pd.Series(True, index=self.frame.index)
        for column, value in wanted.items():
            values = value if isinstance(value, list | tuple | set | frozenset) else [value]
            kept &= self.frame[column].isin(list(values))
        return Protected(self.frame[kept].reset_index(drop=True), self.counts, self.base)

    def columns(self, names: Sequence[str]) -> Protected:
        """Only these columns, in this order."""
        return Protected(self.frame[list(names)], tuple(name for name in self.counts if name in names), self.base)

    @property
    def is_empty(self) -> bool:
        """Whether there is no row."""
        return self.frame.empty
