"""Outcomes as cells: counts and denominators by arm, authority and period, and what follows from what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from swis.disclosure.book.book import Book
from swis.disclosure.book.kinds import Kind
from swis.disclosure.book.names import cell_names
from swis.disclosure.book.outcome_rows import (
    KEYS,
    released_rows,
    with_what_stands_behind,
)
from swis.disclosure.book.overlaps import overlaps
from swis.disclosure.book.relations import sums_over
from swis.disclosure.policy import Policy
from swis.outcomes.levels import NO_DENOMINATOR, OK
from swis.outcomes.pool import ALL
from swis.outcomes.registry import Measure, measures
from swis.params import Definitions, Trial

COUNT_KINDS: Mapping[str, Kind] = {
    "rate": "children", "proportion": "children", "median": "children", "amount": "amount", "ratio": "amount",
    "mean": "sum",
}  # fmt: skip
FEW_POINTS = frozenset({"grades", "points an item"})
WITHOUT_PUPILS = "of schools without pupils"


def denominator_kind(measure: Measure) -> Kind:
    """What the denominator of a measure counts."""
    if measure.base != "rows":
        return "pupils"
    return "amount" if measure.kind == "ratio" else "children"


def outcome_book(
    book: Book,
    by_authority: pd.DataFrame,
    pooled: pd.DataFrame,
    trials: Mapping[str, Trial],
    definitions: Definitions,
    policy: Policy,
) -> None:
    """Add the outcomes of a run: `by_authority` with the rows of schools, `pooled` as `swis.outcomes.pool` gives it.

    Arms add up to both arms, authorities with an outcome to the pooled figure, and whatever the registry of measures
    says is part, sum or bound of another; academic years hold the windows that they cover. DisclosureError where one of
    these does not hold.
    """
    schools = by_authority[by_authority["level"] == "school"]
    rows = released_rows(by_authority, pooled)
    ready = with_what_stands_behind(rows[rows["status"] == OK].reset_index(drop=True), schools, definitions)
    ready = ready.assign(half_width=_half_width_of_mean(ready, policy))
    for name, own in ready.groupby("measure", sort=False):
        _add(book, own, measures()[str(name)])
    used = [one for name, one in measures().items() if (ready["measure"] == name).any()]
    doubtful = without_pupils(by_authority[by_authority["level"] != "school"])
    for statistic, measure in _statistics(used).items():
        book.sums(statistic, over="authority", total=ALL)
        _sum_of_arms(book, statistic, measure, doubtful)
    for one in used:
        _relate(book, one)
    overlaps(book, used, trials, definitions)


def _statistics(used: Sequence[Measure]) -> dict[str, Measure]:
    """Every statistic with a measure that it is of."""
    counts = {one.count_statistic: one for one in reversed(used)}
    return {**{one.denominator_statistic: one for one in reversed(used)}, **counts}


def without_pupils(rows: pd.DataFrame) -> frozenset[tuple[str, str, str]]:
    """Statistic, trial and period where some arm has a count without a denominator.

    Days in care go with a child that has left the school: an arm without pupils may still have some, which its total
    then holds and no row shows.
    """
    held = rows[(rows["status"] == NO_DENOMINATOR) & (rows["count"] != 0) & (rows["arm"] != ALL)]
    named = held["measure"].map({name: one.count_statistic for name, one in measures().items()})
    return frozenset(zip(named, held["trial"], held["period"], strict=True))


def _sum_of_arms(book: Book, statistic: str, measure: Measure, doubtful: frozenset[tuple[str, str, str]]) -> None:
    table = book.table(statistic)
    if table.empty:
        return
    is_doubtful = pd.Series(
        [(statistic, trial, period) in doubtful for trial, period in zip(table["trial"], table["period"], strict=True)],
        index=table.index,
        dtype=bool,
    )
    keys = [key for key in KEYS if key != "arm"]
    what = f"{statistic} over arm"
    book.relate(sums_over(table[~is_doubtful], keys, "arm", ALL), what=what)
    terms = sums_over(table[is_doubtful], keys, "arm", ALL)
    if measure.most_of_one_child[1]:
        terms = terms.assign(of_one_child=measure.most_of_one_child[1])
    book.nearly(terms, what=what, rest=f"{statistic} {WITHOUT_PUPILS}", like=statistic)


def mean_decimals(measure: Measure, policy: Policy) -> int:
    """Decimals of a printed mean or median: the policy's for rates, one more for scores of few points."""
    return policy.rate_decimals + (measure.unit in FEW_POINTS)


def _half_width_of_mean(rows: pd.DataFrame, policy: Policy) -> pd.Series:
    """How far a printed mean leaves its sum of scores open, on either side."""
    decimals = rows["measure"].map({name: mean_decimals(one, policy) for name, one in measures().items()})
    return rows["denominator"] * 0.5 * 10.0 ** -decimals.astype(float)


def _add(book: Book, rows: pd.DataFrame, measure: Measure) -> None:
    is_sum = COUNT_KINDS[measure.kind] == "sum"
    if measure.kind != "median":
        book.add(
            rows, statistic=measure.count_statistic, kind=COUNT_KINDS[measure.kind], value="count", keys=KEYS,
            schools="schools", largest_share="largest_share_of_count", behind="behind",
            half_width="half_width" if is_sum else None, least=-np.inf if is_sum else 0.0, cost="cost",
        )  # fmt: skip
    book.add(
        rows, statistic=measure.denominator_statistic, kind=denominator_kind(measure), value="denominator", keys=KEYS,
        schools="schools", largest_share="largest_share_of_denominator", cost="cost",
    )  # fmt: skip


def _relate(book: Book, measure: Measure) -> None:
    """What the registry says of a measure's count and denominator."""
    count, behind = measure.count_statistic, measure.denominator_statistic
    if measure.kind == "proportion":
        book.part(behind, count, name=f"{behind} not {count}")
    if measure.shares_with:
        book.whole_of(behind, [count, *(measures()[name].count_statistic for name in measure.shares_with)])
    if measure.denominator_near:
        whole = measure.denominator_near
        book.part(whole, behind, name=f"{whole} not {behind}", is_nearly_all=True)
    if measure.part_of:
        whole = measures()[measure.part_of].count_statistic
        book.part(whole, count, name=f"{whole} not {count}")
    if measure.at_most:
        book.at_most(count, measures()[measure.at_most].count_statistic)
    if measure.sum_of:
        book.whole_of(count, [measures()[name].count_statistic for name in measure.sum_of])


def outcome_names(rows: pd.DataFrame) -> pd.DataFrame:
    """The cells of outcome rows, columns count and denominator, by the index of `rows`."""
    made = []
    for name, own in rows.groupby("measure", sort=False):
        measure = measures()[str(name)]
        made.append(
            pd.DataFrame(
                {
                    "count": cell_names(own, measure.count_statistic, KEYS),
                    "denominator": cell_names(own, measure.denominator_statistic, KEYS),
                }
            )
        )
    return pd.concat(made).reindex(rows.index) if made else pd.DataFrame(columns=["count", "denominator"])
