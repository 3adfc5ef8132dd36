"""Records read, set aside and failing a check, as cells; rows of returns, not children."""

from __future__ import annotations

import pandas as pd

from swis.disclosure.book.book import Book
from swis.disclosure.book.frames import protected_frame
from swis.disclosure.book.names import cell_names
from swis.disclosure.book.shown import Shown
from swis.outcomes.pool import ALL

FAILED, READ, SET_ASIDE = "records failing a check", "records read", "records set aside"
RULE_KEYS = ("authority", "severity", "rule", "table")
KEYS = ("authority",)
UNUSED = "set aside"
# What fails a check is about returns, and read less than any outcome (assumed).
COST = 0.25


def failing_by_rule(results: pd.DataFrame) -> pd.DataFrame:
    """Records failing by authority, severity, rule and table from the results of validation, over return years."""
    failed = results[results["outcome"].isin(["failed", "crashed"])]
    return failed.groupby(list(RULE_KEYS), as_index=False)["rows_failed"].sum()


def records_book(book: Book, results: pd.DataFrame, totals: pd.DataFrame) -> None:
    """Add `results` of validation of all authorities and `totals` [authority, rows_read, rows_set_aside].

    Authorities add up to the pooled counts. A record may break several rules, so those of severity 'set aside' add up
    to at least the records set aside; what they exceed them by is an implied cell.
    """
    counts = failing_by_rule(results)
    over_all = counts.groupby(list(RULE_KEYS[1:]), as_index=False)["rows_failed"].sum().assign(authority=ALL)
    every = pd.concat([counts, over_all], ignore_index=True)
    book.add(every, statistic=FAILED, kind="records", value="rows_failed", keys=RULE_KEYS, cost=COST)
    pooled = totals[["rows_read", "rows_set_aside"]].sum().to_frame().T.assign(authority=ALL)
    both = pd.concat([totals, pooled], ignore_index=True)
    for column, statistic in (("rows_read", READ), ("rows_set_aside", SET_ASIDE)):
        book.add(both, statistic=statistic, kind="records", value=column, keys=KEYS, cost=COST)
    for statistic in (FAILED, READ, SET_ASIDE):
        book.sums(statistic, over="authority", total=ALL)
    _rules_of_set_aside(book)


def _rules_of_set_aside(book: Book) -> None:
    rules = book.table(FAILED)
    if rules.empty:
        return
    used = rules[rules["severity"] == UNUSED].assign(weight=1.0)
    total = book.table(SET_ASIDE)
    total = total[total["authority"].isin(used["authority"])].assign(weight=-1.0)
    terms = pd.concat([used, total], ignore_index=True)
    book.nearly(
        terms.assign(group=terms["authority"]), what="rules of records set aside",
        rest="further rules broken by records set aside", like=FAILED
    )  # fmt: skip


def protected_rules(counts: pd.DataFrame, shown: Shown) -> pd.DataFrame:
    """Rows with RULE_KEYS and `rows_failed`, of an authority or pooled, as shown, with `symbol`."""
    return protected_frame(counts, {"rows_failed": (cell_names(counts, FAILED, RULE_KEYS), "records")}, shown)


def protected_totals(totals: pd.DataFrame, shown: Shown) -> pd.DataFrame:
    """Rows [authority, rows_read, rows_set_aside], of an authority or pooled, as shown, with `symbol`."""
    columns = {"rows_set_aside": SET_ASIDE, "rows_read": READ}
    named = {column: (cell_names(totals, statistic, KEYS), "records") for column, statistic in columns.items()}
    return protected_frame(totals, named, shown)  # type: ignore[arg-type]
