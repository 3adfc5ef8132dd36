"""A frame that has passed the door, and the check that it did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

IDENTIFYING = frozenset(
    {"urn", "upn", "former_upn", "la_child_id", "child_id", "school", "school_name", "laestab", "dob"}
)


class DisclosureError(Exception):
    """Something unprotected was about to leave. It names columns and counts of rows, never values."""


@dataclass(frozen=True)
class Protected:
    """A releasable frame: columns named in `counts` hold protected whole numbers; none names a school or a child.

    A missing number has its reason in the column `symbol` ('' where none is missing). Reports draw only from these.
    `policy` is the one line that says under which rules it was protected.
    """

    frame: pd.DataFrame
    counts: tuple[str, ...]
    policy: str

    def __post_init__(self) -> None:
        """Refuse a frame that is not protected; DisclosureError names the columns."""
        identifying = sorted(IDENTIFYING.intersection(self.frame.columns))
        if identifying:
            raise DisclosureError(
                f"columns that name a school or a child may not be released: {', '.join(identifying)}"
            )
        for column in self.counts:
            broken = int((self.frame[column].dropna().astype(float) % 1 != 0).sum())
            if broken:
                raise DisclosureError(f"{broken} values of {column} are no whole numbers")

    def where(self, **wanted: object) -> Protected:
        """The rows whose columns equal the wanted values (a list means any of them)."""
        kept = pd.Series(True, index=self.frame.index)
        for column, value in wanted.items():
            values = value if isinstance(value, list | tuple | set | frozenset) else [value]
            kept &= self.frame[column].isin(list(values))
        return self.with_frame(self.frame[kept].reset_index(drop=True))

    def columns(self, names: Sequence[str]) -> Protected:
        """Only these columns, in this order."""
        return self.with_frame(self.frame[list(names)])

    def with_frame(self, frame: pd.DataFrame) -> Protected:
        """The same protection around a frame made of this one: fewer rows or columns, or words added."""
        return Protected(frame, tuple(name for name in self.counts if name in frame), self.policy)

    @property
    def is_empty(self) -> bool:
        """Whether there is no row."""
        return self.frame.empty
