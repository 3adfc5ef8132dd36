"""Events of trial schools by whose return holds them, as cells; pooled only."""

from __future__ import annotations

import pandas as pd

from swis.derive.linkage import COUNTED
from swis.disclosure.book.book import Book
from swis.disclosure.book.frames import protected_frame
from swis.disclosure.book.linkage import LINKAGE
from swis.disclosure.book.names import cell_names
from swis.disclosure.book.shown import Shown
from swis.outcomes.pool import ALL

STATISTICS = {"cross_border_count": "events in another return", "own_count": "events in the own return"}
KEYS = ("event",)
COST = 0.5


def borders_book(book: Book, borders: pd.DataFrame) -> None:
    """Add rows [event, own_count, cross_border_count] over all authorities.

    Own events are those that the linkage counts, over its academic years; others of the return are an implied cell.
    """
    for column, statistic in STATISTICS.items():
        book.add(borders, statistic=statistic, kind="children", value=column, keys=KEYS, cost=COST)
    linked = book.table(LINKAGE)
    if linked.empty:
        return
    counted = linked[(linked["authority"] == ALL) & (linked["link_status"] == COUNTED)]
    own = book.table(STATISTICS["own_count"])
    both = pd.concat(
        [own.assign(weight=1.0), counted[counted["event"].isin(own["event"])].assign(weight=-1.0)], ignore_index=True
    )
    book.nearly(
        both.assign(group=both["event"]), what="own events linked", rest="own events outside the academic years",
        like=LINKAGE
    )  # fmt: skip


def protected_borders(borders: pd.DataFrame, shown: Shown) -> pd.DataFrame:
    """The rows as shown, with `symbol`; a share of two counts must be made from these columns."""
    columns = {column: (cell_names(borders, name, KEYS), "children") for column, name in STATISTICS.items()}
    return protected_frame(borders, columns, shown)  # type: ignore[arg-type]
