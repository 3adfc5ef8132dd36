"""What may be shown once it is known which cells are hidden; a number that no cell stands for is never shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from swis.disclosure.book.kinds import Kind, shown_values
from swis.disclosure.book.names import statistic_of
from swis.disclosure.engine.cells import Cells
from swis.disclosure.policy import Policy
from swis.disclosure.protected import DisclosureError


@dataclass(frozen=True)
class Shown:
    """The cells of a run and whether each is hidden (`hidden`, by name), under a policy."""

    hidden: pd.Series
    policy: Policy

    @classmethod
    def of(cls, cells: Cells, hidden: NDArray[np.bool_], policy: Policy) -> Shown:
        """From the engine's pattern."""
        return cls(pd.Series(hidden, index=pd.Index(cells.names, dtype=object)), policy)

    def is_hidden(self, names: pd.Series) -> pd.Series:
        """Whether each named cell is hidden; DisclosureError for a number that is no cell of the book."""
        found = self.hidden.reindex(names.to_numpy(dtype=object))
        unknown = found.isna().to_numpy()
        if unknown.any():
            statistics = sorted({statistic_of(str(name)) for name in names[unknown]})
            raise DisclosureError(f"{int(unknown.sum())} numbers are not in the book: {', '.join(statistics)}")
        return pd.Series(found.to_numpy(dtype=bool), index=names.index)

    def number(self, values: pd.Series, names: pd.Series, kind: Kind) -> pd.Series:
        """Values as they are shown, missing where hidden or where there was none."""
        made = pd.Series(np.nan, index=values.index, dtype="float64")
        held = values.notna()
        if held.any():
            open_ = held.copy()
            open_[held] = ~self.is_hidden(names[held])
            made[open_] = shown_values(values[open_].to_numpy(dtype=float), kind, self.policy)
        return made.astype("Float64")
