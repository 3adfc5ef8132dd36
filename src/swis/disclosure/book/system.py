"""From a book and a policy to the one system of cells: what is sensitive, what a reader knows, what hiding costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from swis.disclosure.book.book import Book
from swis.disclosure.book.earlier import with_earlier
from swis.disclosure.book.earlier_sums import SHOWN_THEN
from swis.disclosure.book.kinds import Floats, hidden_limits, limits_by_kind
from swis.disclosure.book.relations import stacked
from swis.disclosure.book.zero_rule import least_by_symbols
from swis.disclosure.engine.cells import FREE, NEVER, SHOWN, Cells
from swis.disclosure.policy import Policy

COUNTED = ("children", "records")
ZERO_KINDS = (*COUNTED, "schools")
# Loss of a true zero that may be hidden: it says more than its size does.
COST_OF_A_ZERO = 8.0


def cells_of(book: Book, policy: Policy, earlier: Sequence[pd.DataFrame] = ()) -> Cells:
    """The system of a book; `earlier` releases [cell, value or missing where hidden] are fixed.

    Sensitive: counts of children, events, records or pupils that are small by the policy; every number of a row behind
    which fewer than the policy's schools stand; one of which a single school holds more than the policy's share;
    amounts that as few children as a small count could make up; sums of scores of too few for an average. Differences
    that a reader can form (implied cells) are sensitive where they are small.
    """
    entries = with_few(book.entries(), policy)
    relations = list(book.relations)
    entries, relations, is_known = with_earlier(entries, relations, earlier, policy)
    values = entries["value"].to_numpy(float)
    shown_lower, shown_upper = limits_by_kind(
        values, entries["kind"].to_numpy(), entries["half_width"].to_numpy(float), policy
    )
    hidden_lower, hidden_upper = hidden_limits(values, entries, policy)
    sensitive = is_sensitive(entries, policy)
    implied = entries["is_implied"].to_numpy(bool)
    is_known |= entries["is_public"].to_numpy(bool)
    zero = (values == 0) & (hidden_lower > 0)
    names = pd.Index(entries["name"])
    matrix, lower, upper = stacked(relations, names)
    least = least_by_symbols(matrix, lower, upper, hidden_lower, zero)
    required_lower, required_upper = required(entries, policy, least)
    return Cells(
        names=names.to_numpy(dtype=object), values=values,
        shown_lower=shown_lower, shown_upper=shown_upper, hidden_lower=hidden_lower, hidden_upper=hidden_upper,
        sensitive=sensitive, required_lower=required_lower, required_upper=required_upper,
        cost=_cost(entries), state=np.where(implied, NEVER, np.where(zero | is_known, SHOWN, FREE)).astype(np.int8),
        relations=matrix, relation_lower=lower, relation_upper=upper,
    )  # fmt: skip


def with_few(entries: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """The entries with `is_few`: some but fewer schools than the policy asks stand behind the number.

    Not a zero where zeros are shown: a total of zero tells that all its parts are, and no symbol may hide it.
    """
    schools = entries["schools"].to_numpy(float)
    is_zero = (entries["value"].to_numpy(float) == 0) & entries["kind"].isin(ZERO_KINDS).to_numpy()
    is_shown = is_zero & ~entries["is_implied"].to_numpy(bool) & (policy.least_hidden > 0)
    return entries.assign(is_few=(schools > 0) & (schools < policy.minimum_schools) & ~is_shown)


def is_sensitive(entries: pd.DataFrame, policy: Policy) -> NDArray[np.bool_]:
    """Which numbers the policy protects (see `cells_of`)."""
    values, kind = entries["value"].to_numpy(float), entries["kind"].to_numpy()
    implied = entries["is_implied"].to_numpy(bool)
    few = entries["is_few"].to_numpy(bool) & ((values != 0) | ~implied)
    one_school = (entries["largest_share"].to_numpy(float) > policy.largest_share_of_one_school) & (values != 0)
    small = policy.is_small(np.abs(values)) & ~(implied & (values == 0))
    behind = entries["behind"].to_numpy(float)
    thin_amount = (values != 0) & ~(behind > policy.small[1])
    thin_sum = behind < policy.minimum_behind_an_average
    by_kind = np.select(
        [np.isin(kind, COUNTED), kind == "pupils", kind == "amount", kind == "schools"],
        [small, small & (values != 0), thin_amount, (values > 0) & (values < policy.minimum_schools)],
        thin_sum,
    )
    sensitive: NDArray[np.bool_] = few | one_school | by_kind.astype(bool)
    sensitive &= ~entries["is_public"].to_numpy(bool)
    return sensitive


def required(entries: pd.DataFrame, policy: Policy, least: Floats) -> tuple[Floats, Floats]:
    """What a reader must be unable to rule out: the policy's, or of amounts and sums its share of the number.

    `least` is what the symbols themselves say of each number (`least_by_symbols`).
    """
    values = entries["value"].to_numpy(float)
    lower, upper = policy.required(np.maximum(values, 0.0))
    counted = entries["kind"].isin([*COUNTED, "pupils"]).to_numpy() & (values >= 0)
    reach = np.maximum(policy.safe_share * np.abs(values), (policy.safe[1] - policy.safe[0]) / 2)
    # Readers know that these are whole numbers, so nothing between two of them can be asked for.
    lower = np.where(counted, lower, np.ceil(values - reach))
    upper = np.where(counted, upper, np.floor(values + reach))
    of_schools = (entries["kind"] == "schools").to_numpy()
    lower = np.where(of_schools, 1.0, lower)
    upper = np.where(of_schools, float(policy.minimum_schools - 1), upper)
    # The truth is always possible, and nobody need doubt what everybody knows.
    lower = np.maximum(np.minimum(lower, values), np.minimum(least, values))
    return lower, np.maximum(upper, values)


def _cost(entries: pd.DataFrame) -> Floats:
    """Larger numbers tell more, so hiding them loses more; the tables' own weights come on top."""
    values = np.abs(entries["value"].to_numpy(float))
    loss = np.where(values == 0, COST_OF_A_ZERO, np.log2(2.0 + values))
    cost: Floats = loss * entries["cost"].to_numpy(float)
    return cost


def is_of_today(cells: Cells) -> NDArray[np.bool_]:
    """Which cells are numbers of this release: neither implied nor shown by an earlier one only."""
    of_earlier = [str(name).startswith(SHOWN_THEN) for name in cells.names]
    own: NDArray[np.bool_] = (cells.state != NEVER) & ~np.array(of_earlier, dtype=bool)
    return own


def summary(cells: Cells) -> dict[str, Any]:
    """How many cells and relations of which sort, for display."""
    return {
        "cells": len(cells.names),
        "relations": cells.relations.shape[0],
        "sensitive": int(cells.sensitive.sum()),
        "implied": int((cells.state == NEVER).sum()),
        "implied and sensitive": int(((cells.state == NEVER) & cells.sensitive).sum()),
    }
