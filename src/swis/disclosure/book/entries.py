"""What the book holds of each cell, and how what several tables say of one cell is put together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from swis.disclosure.book.kinds import KINDS, Kind
from swis.disclosure.protected import DisclosureError

ENTRY_COLUMNS = [
    "name", "statistic", "value", "kind", "schools", "largest_share", "behind", "half_width", "least", "cost",
    "is_implied", "is_public", "is_judged",
]  # fmt: skip
# Two sums of the same numbers in another order differ by less than this.
CHECKED = 1e-6
UNSAID = {"schools": np.inf, "largest_share": 0.0, "behind": np.inf, "half_width": 0.0, "is_judged": 0.0}
# Of one cell in several tables the strictest word counts.
TOGETHER = {
    "schools": "min", "largest_share": "max", "behind": "min", "half_width": "min", "least": "min", "cost": "max",
    "is_implied": "min", "is_public": "max", "is_judged": "max",
}  # fmt: skip


def entries_of(
    table: pd.DataFrame,
    statistic: str | pd.Series,
    kind: Kind,
    *,
    least: float = 0.0,
    cost: pd.Series | float = 1.0,
    is_implied: bool = False,
    is_public: bool = False,
    **given: pd.Series,
) -> pd.DataFrame:
    """Rows of ENTRY_COLUMNS for cells [name, value]; what is not given (see UNSAID) is no reason to hide."""
    if kind not in KINDS:
        raise ValueError(f"no kind of number {kind}")
    said = {name: given[name].astype(float).to_numpy() if name in given else other for name, other in UNSAID.items()}
    own_cost = cost.astype(float).to_numpy() if isinstance(cost, pd.Series) else cost
    called = statistic.to_numpy(dtype=object) if isinstance(statistic, pd.Series) else statistic
    columns = {
        "statistic": called,
        "kind": kind,
        **said,
        "least": least,
        "cost": own_cost,
        "is_implied": is_implied,
        "is_public": is_public,
    }
    return table[["name", "value"]].reset_index(drop=True).assign(**columns)[ENTRY_COLUMNS]


def merged(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One row a cell, ordered by name; DisclosureError where a number met twice is not the same."""
    if not parts:
        return pd.DataFrame(columns=ENTRY_COLUMNS)
    every = pd.concat(list(parts), ignore_index=True)
    met = every.groupby("name", sort=True)
    spread = met["value"].agg(["min", "max"])
    unequal = (spread["max"] - spread["min"]) > CHECKED + 1e-9 * spread["max"].abs()
    if unequal.any():
        named = every.loc[every["name"].isin(unequal.index[unequal]), "statistic"].unique()
        raise DisclosureError(f"{int(unequal.sum())} numbers met twice differ: {', '.join(sorted(named))}")
    first = every.drop_duplicates("name").set_index("name")[["statistic", "value", "kind"]]
    return first.join(met.agg(TOGETHER)).reset_index().sort_values("name", ignore_index=True)[ENTRY_COLUMNS]
