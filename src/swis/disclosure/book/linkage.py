"""What became of events on their way to a school, as cells."""

from __future__ import annotations

import pandas as pd

from swis.derive.link import UNLINKED
from swis.derive.linkage import COUNTED
from swis.disclosure.book.book import Book
from swis.disclosure.book.frames import protected_frame
from swis.disclosure.book.names import cell_names
from swis.disclosure.book.shown import Shown
from swis.outcomes.pool import ALL
from swis.outcomes.registry import measures

LINKAGE, REASONS = "linkage", "unlinked events"
LINKAGE_KEYS = ("authority", "event", "academic_year", "link_status")
REASON_KEYS = ("authority", "reason")
# Events linked are read less than outcomes are (assumed).
COST = 0.5


def linkage_by_status(linkage: pd.DataFrame) -> pd.DataFrame:
    """Counts by authority, event, academic year and link status from the linkage tables of authorities."""
    return _totals(linkage, LINKAGE_KEYS)


def unlinked_by_reason(linkage: pd.DataFrame) -> pd.DataFrame:
    """Unlinked events by authority and reason, over all events and years."""
    return _totals(linkage[linkage["link_status"] == UNLINKED], REASON_KEYS)


def _totals(linkage: pd.DataFrame, keys: tuple[str, ...]) -> pd.DataFrame:
    return linkage.groupby(list(keys), as_index=False, dropna=False)["count"].sum()


def pooled(counts: pd.DataFrame) -> pd.DataFrame:
    """The same counts over all authorities, authority 'all'."""
    keys = [name for name in counts.columns if name not in {"authority", "count"}]
    return counts.groupby(keys, as_index=False, dropna=False)["count"].sum().assign(authority=ALL)[list(counts.columns)]


def linkage_book(book: Book, linkage: pd.DataFrame) -> None:
    """Add the linkage tables of all authorities [authority, event, academic_year, link_status, reason, count].

    Authorities add up to the pooled counts, and reasons to all unlinked events. Events counted are those of the outcome
    that the registry names for them, over all trials of the authority; what they differ by is an implied cell (a child
    that entered care twice in a year, say).
    """
    for counts, statistic, keys in (
        (linkage_by_status(linkage), LINKAGE, LINKAGE_KEYS),
        (unlinked_by_reason(linkage), REASONS, REASON_KEYS),
    ):
        every = pd.concat([counts, pooled(counts)], ignore_index=True)
        book.add(every, statistic=statistic, kind="children", value="count", keys=keys, cost=COST)
        book.sums(statistic, over="authority", total=ALL)
    _reasons_of_unlinked(book)
    _outcomes_of_counted(book)


def _reasons_of_unlinked(book: Book) -> None:
    by_status = book.table(LINKAGE)
    whole = by_status[by_status["link_status"] == UNLINKED].assign(weight=1.0)
    both = pd.concat([whole, book.table(REASONS).assign(weight=-1.0)], ignore_index=True)
    book.relate(both.assign(group=both["authority"]), what="reasons of unlinked events")


def _outcomes_of_counted(book: Book) -> None:
    by_status = book.table(LINKAGE)
    counted = by_status[by_status["link_status"] == COUNTED]
    for name, measure in measures().items():
        outcome = book.table(measure.count_statistic)
        if not measure.event or outcome.empty:
            continue
        totals = outcome[outcome["arm"] == ALL].rename(columns={"period": "academic_year"})
        own = counted[counted["event"] == measure.event]
        keys = ["authority", "academic_year"]
        matched = totals.merge(own[[*keys, "name"]].rename(columns={"name": "group"}), on=keys, how="inner")
        linked = own[own["name"].isin(matched["group"])]
        terms = pd.concat(
            [linked.assign(group=linked["name"], weight=1.0), matched.assign(weight=-1.0)], ignore_index=True
        )
        book.nearly(terms, what=f"{measure.event} counted", rest=f"counted events not in {name}", like=LINKAGE)


def protected_linkage(counts: pd.DataFrame, shown: Shown) -> pd.DataFrame:
    """Rows of `linkage_by_status` or its pooled form as shown, with `symbol`."""
    return protected_frame(counts, {"count": (cell_names(counts, LINKAGE, LINKAGE_KEYS), "children")}, shown)


def protected_reasons(counts: pd.DataFrame, shown: Shown) -> pd.DataFrame:
    """Rows of `unlinked_by_reason` or its pooled form as shown, with `symbol`."""
    return protected_frame(counts, {"count": (cell_names(counts, REASONS, REASON_KEYS), "children")}, shown)
