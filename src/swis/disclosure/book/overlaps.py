"""Windows and the academic years that cover them: their differences are numbers too, of a month or a season."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

import pandas as pd

from swis.derive.periods import Period, academic_year_periods, trial_periods
from swis.disclosure.book.book import Book
from swis.outcomes.pool import ALL
from swis.outcomes.registry import Measure
from swis.params import Definitions, Trial

ADDS, APART = "adds", "apart"
COUNTED = frozenset({"rate", "proportion", "median"})


@dataclass(frozen=True)
class Difference:
    """What some periods of a trial hold more than others: its name, +1 or −1 by period, and its length in days."""

    trial: str
    name: str
    weights: Mapping[str, int]
    days: int


def overlaps(book: Book, used: Sequence[Measure], trials: Mapping[str, Trial], definitions: Definitions) -> None:
    """Add the differences between pooled windows and academic years, as the registry says of each statistic.

    The years that cover a window less the window, the window less the years inside it, and a window less one inside it.
    A year without published numbers adds nothing to a window either.
    """
    found = [difference for trial in trials.values() for difference in differences_of(trial, definitions)]
    sides = pd.DataFrame(
        [(one.trial, one.name, period, weight, one.days) for one in found for period, weight in one.weights.items()],
        columns=["trial", "label", "period", "weight", "days"],
    )
    counts_events = definitions.count_basis == "enquiries"
    for statistic, measure in _statistics(used).items():
        table = book.table(statistic)
        if len(table):
            _add(book, table[table["authority"] == ALL], statistic, measure, sides, counts_events)


def _statistics(used: Sequence[Measure]) -> dict[str, Measure]:
    """Statistics that go together over time, each with a measure that says how."""
    held: dict[str, Measure] = {}
    for measure in used:
        if measure.over_time != APART:
            held.setdefault(measure.count_statistic, measure)
    for measure in used:
        if measure.over_time != APART or measure.base != "rows":
            held.setdefault(measure.denominator_statistic, measure)
    return held


def differences_of(trial: Trial, definitions: Definitions) -> Iterator[Difference]:
    """The differences of a trial's windows and the academic years, baseline included."""
    years, windows = academic_year_periods(definitions), trial_periods(trial)
    for window in windows:
        cover = [year for year in years if year.start < window.end and window.start < year.end]
        inside = [year for year in cover if window.start <= year.start and year.end <= window.end]
        yield Difference(trial.name, f"years less {window.name}", _weights(cover, [window]), _days(cover, [window]))
        if inside and len(inside) < len(cover):
            yield Difference(
                trial.name, f"{window.name} less years", _weights([window], inside), _days([window], inside)
            )
    for long, short in permutations(windows, 2):
        if long.start <= short.start and short.end <= long.end:
            name = f"{long.name} less {short.name}"
            yield Difference(trial.name, name, _weights([long], [short]), _days([long], [short]))


def _weights(more: Sequence[Period], less: Sequence[Period]) -> dict[str, int]:
    return {**{one.name: 1 for one in more}, **{one.name: -1 for one in less}}


def _days(more: Sequence[Period], less: Sequence[Period]) -> int:
    return sum((one.end - one.start).days for one in more) - sum((one.end - one.start).days for one in less)


def _add(
    book: Book, pooled: pd.DataFrame, statistic: str, measure: Measure, sides: pd.DataFrame, counts_events: bool
) -> None:
    terms = pooled.merge(sides, on=["trial", "period"], how="inner")
    terms = terms.assign(group=terms["trial"] + "|" + terms["arm"] + "|" + terms["label"])
    # A difference needs both sides: a window alone, or years alone, tell nothing new.
    met = terms.groupby("group")["weight"].agg(["min", "max"])
    both = met.index[(met["min"] < 0) & (met["max"] > 0)]
    terms = terms[terms["group"].isin(both)].sort_values(["group", "weight", "period"], ascending=False)
    if measure.most_of_one_child[1]:
        terms = terms.assign(of_one_child=_most_of_one_child(measure, terms["days"]))
    # Where each child counts once in a period, a window that begins in the middle of a year may hold more than it.
    never_less = measure.over_time == ADDS and measure.kind in COUNTED and counts_events
    book.nearly(terms, what=f"{statistic} over periods", rest=statistic, like=statistic, never_less=never_less)


def _most_of_one_child(measure: Measure, days: pd.Series) -> pd.Series:
    """The most days or sessions that one child can have in so many days; of none, in a whole year."""
    a_day, a_year = measure.most_of_one_child
    return (a_day * days.astype(float)).clip(upper=a_year).where(days > 0, a_year)
