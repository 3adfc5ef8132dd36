"""How well school staff felt supported, as cells: leads asked and who answered, and the points behind a mean.

Leads are counted as children are, as in the outcomes of the same survey: small numbers of them are hidden. A mean
stands beside the number of leads behind it, so the sum of their scores is as good as shown; the same leads and scores
stand in the pooled outcomes, so both are held to each other.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from swis.delivery.views import VIEW_KEYS
from swis.derive.lead_scores import BASELINE_WAVE, FOLLOW_UP_WAVE
from swis.derive.periods import BASELINE
from swis.disclosure.book.book import Book
from swis.disclosure.book.frames import protected_frame
from swis.disclosure.book.kinds import Kind
from swis.disclosure.book.names import cell_names
from swis.disclosure.book.outcomes import mean_decimals
from swis.disclosure.book.relations import TERM_COLUMNS
from swis.disclosure.book.shown import Shown
from swis.outcomes.measures.safeguarding_leads import RESPONSE, SUPPORT
from swis.outcomes.pool import ALL
from swis.outcomes.registry import measures

# Column → statistic and kind; `points` are behind the mean and never shown.
VIEWS: Mapping[str, tuple[str, Kind]] = {
    "asked": ("delivery: leads asked about support", "children"),
    "answered": ("delivery: leads who answered on support", "children"),
    "schools": ("delivery: schools with an answer on support", "schools"),
    "points": ("delivery: points of support", "sum"),
}
SHOWN = ("asked", "answered", "schools")
DECIMALS = 2
"""A step of a hundredth of a point is a quarter of a per cent of a scale of five points: finer says nothing."""
COST_OF_MEAN = 4.0
"""Weight of what a mean rests on against how many were asked (assumed): the table is there for the mean."""
SHOWN_COLUMNS = [*VIEW_KEYS, "lowest", "highest", *SHOWN, "mean", "lower", "upper", "symbol"]


def views_book(book: Book, views: pd.DataFrame) -> None:
    """Add the counts of `swis.delivery.views`; who answered is part of who was asked, the rest an implied cell."""
    rows = views.assign(half_width=views["answered"] * 0.5 * 10.0**-DECIMALS)
    for column, (statistic, kind) in VIEWS.items():
        is_sum = kind == "sum"
        book.add(
            rows, statistic=statistic, kind=kind, value=column, keys=VIEW_KEYS,
            schools=None if kind == "schools" else "schools_asked" if column == "asked" else "schools",
            largest_share=None if kind == "schools" else f"largest_share_of_{column}",
            behind="answered" if is_sum else None, half_width="half_width" if is_sum else None,
            least=-np.inf if is_sum else 0.0, cost=1.0 if column == "asked" else COST_OF_MEAN,
        )  # fmt: skip
    book.part(VIEWS["asked"][0], VIEWS["answered"][0], name="delivery: leads who did not answer on support")
    support, response = measures()[SUPPORT], measures()[RESPONSE]
    for column, statistic in (
        ("asked", response.denominator_statistic),
        ("answered", support.denominator_statistic),
        ("points", support.count_statistic),
    ):
        _of_outcomes(book, VIEWS[column][0], statistic)


def _of_outcomes(book: Book, own: str, outcome: str) -> None:
    """The same leads or scores among the pooled outcomes, where they are in the book; as a rule the same number.

    The follow-up wave lies in every window of a trial, for it is dated by the first that ends.
    """
    pooled = book.table(outcome)
    if pooled.empty or book.table(own).empty:
        return
    wave = pooled["period"].eq(BASELINE).map({True: BASELINE_WAVE, False: FOLLOW_UP_WAVE})
    theirs = pooled.assign(wave=wave, group=pooled["name"], weight=1.0)[pooled["authority"] == ALL]
    ours = book.table(own).assign(weight=-1.0).merge(theirs[[*VIEW_KEYS, "group"]], on=VIEW_KEYS)
    terms = pd.concat([theirs[theirs["group"].isin(ours["group"])], ours], ignore_index=True)[TERM_COLUMNS]
    book.nearly(terms, what=f"{own} as {outcome}", rest=f"{outcome}, not {own}", like=own)


def protected_views(views: pd.DataFrame, shown: Shown) -> pd.DataFrame:
    """The answers as shown (SHOWN_COLUMNS): a mean and its limits are missing where a number behind them is hidden.

    The points are one of these, hidden too where fewer answered than the policy asks behind an average. Limits lie
    evenly about the shown mean (their middle would otherwise say more of it than its rounding leaves open) and within
    the scale.
    """
    held = views.reset_index(drop=True)
    columns = {name: (cell_names(held, VIEWS[name][0], VIEW_KEYS), VIEWS[name][1]) for name in SHOWN}
    made = protected_frame(held, columns, shown)
    of_points = shown.is_hidden(cell_names(held, VIEWS["points"][0], VIEW_KEYS)).to_numpy(bool)
    hidden = made[["answered", "schools"]].isna().any(axis=1).to_numpy(bool) | of_points
    places = min(DECIMALS, mean_decimals(measures()[SUPPORT], shown.policy))
    mean = held["mean"].astype("Float64").mask(hidden).round(places)
    half = ((held["upper"] - held["lower"]) / 2).astype("Float64").round(places)
    limits = {"lower": (mean - half).clip(lower=held["lowest"]), "upper": (mean + half).clip(upper=held["highest"])}
    symbol = made["symbol"].mask(hidden, shown.policy.symbols.hidden)
    return made.assign(mean=mean, symbol=symbol, **{name: one.round(places) for name, one in limits.items()})[
        SHOWN_COLUMNS
    ]
