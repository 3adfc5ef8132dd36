"""What the programmes cost, as cells: the schools that stand behind a cost or a comparison.

Costs, differences and net benefits are made of prices and of many schools' months and events, in few digits, and give
no count back. Where too few schools stand behind one it is hidden with their number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from swis.disclosure.book.book import Book
from swis.outcomes.pool import ALL

COSTED, COMPARED = "economics: schools with a known cost", "economics: schools compared"
COSTED_KEYS = ("authority", "trial", "window", "arm")
COMPARED_KEYS = ("window", "arm")
ARMS = ("intervention", "control")
FAMILIES = {"economics: ": "Costs and value"}


def economics_book(book: Book, held: Any, trials: Mapping[str, Any]) -> None:
    """Add the numbers of schools of the economics stage (`Economics`): those of authorities sum to all."""
    for table in (held.costs.assign(authority=ALL), held.by_authority):
        book.add(table, statistic=COSTED, kind="schools", value="schools", keys=COSTED_KEYS)
    book.sums(COSTED, over="authority", total=ALL)
    book.add(compared_rows(held.behind), statistic=COMPARED, kind="schools", value="schools", keys=COMPARED_KEYS)


def compared_rows(behind: pd.DataFrame) -> pd.DataFrame:
    """Schools compared, one row a window and arm [window, arm, schools]."""
    parts = [behind[["window"]].assign(arm=arm, schools=behind[f"schools_{arm}"]) for arm in ARMS]
    return pd.concat(parts, ignore_index=True)
