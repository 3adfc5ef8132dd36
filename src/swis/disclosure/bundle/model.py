"""What is said of a released file, of the rules it was made under and of the proof that they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class Rule:
    """One rule of the policy: its name there, what it does in words, and the numbers it does it with."""

    name: str
    words: str
    numbers: Mapping[str, float | str]


@dataclass(frozen=True)
class HiddenCells:
    """Cells behind one output: shown, hidden for their own sake, hidden for the sake of others.

    Where only the symbol in the output is known, `secondary` is None and `primary` counts both.
    """

    shown: int
    primary: int
    secondary: int | None = None

    @classmethod
    def counted(cls, frame: pd.DataFrame, numbers: tuple[str, ...], hidden_symbol: str) -> HiddenCells:
        """From a protected frame: `numbers` are its columns of counts, `symbol` says why one is missing."""
        held = frame[[name for name in numbers if name in frame]]
        symbols = frame["symbol"] if "symbol" in frame else pd.Series("", index=frame.index)
        is_hidden = held.isna().to_numpy(bool) & (symbols == hidden_symbol).to_numpy(bool)[:, None]
        return cls(shown=int(held.notna().to_numpy(bool).sum()), primary=int(is_hidden.sum()))


@dataclass(frozen=True)
class MeasureDefinition:
    """An outcome measure as a checker reads it: what is counted, out of what, in which unit."""

    name: str
    title: str
    numerator: str
    denominator: str
    unit: str


@dataclass(frozen=True)
class AuditWords:
    """What the audit of the whole release found; `is_safe` is None where none was made."""

    is_safe: bool | None = None
    words: str = "no audit was made"
    cells: int = 0
    hidden_primary: int = 0
    hidden_secondary: int = 0

    @property
    def status(self) -> str:
        """'pass', 'fail', or 'review' where none was made."""
        return {None: "review", True: "pass", False: "fail"}[self.is_safe]


@dataclass(frozen=True, eq=False)
class ReleasedOutput:
    """One file of a release, or one table that stands in a page only (`path` is then the page's).

    path: below the run's folder of reports. kind: 'table', 'figure' or 'page'. sha256 and size_bytes are those of the
    released bytes, empty for a table in a page. behind: the protected frame that it was made or drawn from. Where
    `is_about_nobody`, it holds no number of people, schools or events (words, dates, published statistics).
    """

    path: str
    kind: str
    id: str
    title: str
    population: str
    unit: str = ""
    measures: tuple[str, ...] = ()
    note: str = ""
    sha256: str = ""
    size_bytes: int = 0
    is_about_nobody: bool = False
    hidden: HiddenCells | None = None
    behind: pd.DataFrame | None = field(default=None, repr=False)

    @property
    def has_file(self) -> bool:
        """Whether it is a file of its own."""
        return bool(self.sha256)
