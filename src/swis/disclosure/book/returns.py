"""An authority's whole return by reporting year, as cells."""

from __future__ import annotations

import pandas as pd

from swis.disclosure.book.book import Book
from swis.disclosure.book.names import cell_names
from swis.disclosure.book.shown import Shown
from swis.disclosure.symbols import NOT_AVAILABLE
from swis.outcomes.authority_returns import DENOMINATOR_IS, DENOMINATOR_PART_OF, OF_POPULATION
from swis.outcomes.estimates import rate
from swis.outcomes.registry import measures

KEYS = ("authority", "time_period")
COST = 0.5
RETURN_COLUMNS = ["authority", "measure", "time_period", "count", "denominator", "value", "unit", "symbol"]


def returns_book(book: Book, returns: pd.DataFrame) -> None:
    """Add counts and denominators by authority, measure and reporting year; a population is no secret and no cell.

    A denominator that is another measure's count is that cell; what is left of a denominator, or of the events that it
    is part of, is implied.
    """
    for measure, own in returns.groupby("measure", sort=True):
        count = _count(str(measure))
        book.add(own, statistic=count, kind="children", value="count", keys=KEYS, cost=COST)
        shares = own[own["unit"] != OF_POPULATION]
        if len(shares):
            behind = _denominator(str(measure))
            book.add(shares, statistic=behind, kind="children", value="denominator", keys=KEYS, cost=COST)
            book.part(behind, count, name=f"{behind} not {count}")
    for measure, whole in DENOMINATOR_PART_OF.items():
        behind = _denominator(measure)
        book.part(_count(whole), behind, name=f"{_count(whole)} not {behind}")
    for name, registered in measures().items():
        # Where the part stands over its whole, what is left is already a cell.
        if registered.part_of and DENOMINATOR_IS.get(name) != registered.part_of:
            book.part(_count(registered.part_of), _count(name), name=f"{_count(registered.part_of)} not {_count(name)}")


def _count(measure: str) -> str:
    return f"return:{measure}"


def _denominator(measure: str) -> str:
    return _count(DENOMINATOR_IS[measure]) if measure in DENOMINATOR_IS else f"return:denominator of {measure}"


def protected_returns(returns: pd.DataFrame, shown: Shown) -> pd.DataFrame:
    """Rows as shown (RETURN_COLUMNS): values are made again from shown counts, missing where one of them is hidden."""
    kept = returns.reset_index(drop=True)
    names = [cell_names(own, _count(str(name)), KEYS) for name, own in kept.groupby("measure")]
    count = shown.number(kept["count"], pd.concat(names).reindex(kept.index), "children") if names else kept["count"]
    shares = kept[kept["unit"] != OF_POPULATION]
    behind = [cell_names(own, _denominator(str(name)), KEYS) for name, own in shares.groupby("measure")]
    denominator = kept["denominator"].astype("Float64")
    if behind:
        of_children = shown.number(shares["denominator"], pd.concat(behind).reindex(shares.index), "children")
        denominator = denominator.mask(kept.index.isin(shares.index), of_children.reindex(kept.index))
    return _valued(kept.assign(count=count, denominator=denominator), shown)


def _valued(made: pd.DataFrame, shown: Shown) -> pd.DataFrame:
    of_all = (made["unit"] == OF_POPULATION).to_numpy(bool)
    policy = shown.policy
    ratio = pd.Series(rate(made["count"].astype(float), made["denominator"].astype(float), 1.0), index=made.index)
    rates, shares = (ratio * 10_000).round(policy.rate_decimals), (ratio * 100).round(policy.percent_decimals)
    lacks = (made["count"].isna() | made["denominator"].isna()).to_numpy(bool)
    symbol = pd.Series("", index=made.index, dtype=object).mask(lacks, policy.symbols.hidden)
    low = (made["count"] == 0).fillna(False).to_numpy(bool) & (policy.round_to > 1)
    nothing = (made["denominator"] == 0).fillna(False).to_numpy(bool) & ~lacks
    symbol = symbol.mask(nothing, NOT_AVAILABLE).mask(low, policy.symbols.low)
    value = rates.where(of_all, shares).astype("Float64")
    return made.assign(value=value, symbol=symbol.astype("str"))[RETURN_COLUMNS]
