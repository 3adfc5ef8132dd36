"""Who took part, as cells: pupils in January and pupil-years by arm and academic year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.disclosure.book.book import Book
from swis.disclosure.book.frames import Columns, protected_frame
from swis.disclosure.book.names import cell_names
from swis.disclosure.book.outcome_rows import COST_OF_POOLED
from swis.disclosure.book.outcome_rows import KEYS as OUTCOME_KEYS
from swis.disclosure.book.shown import Shown
from swis.outcomes.pool import ALL
from swis.outcomes.registry import measures

PUPILS, PUPIL_YEARS = "pupils in January", "pupil-years on roll"
STATISTICS = {"pupils": PUPILS, "pupil_years": PUPIL_YEARS}
WHOLES = {"pupil-years": PUPIL_YEARS, "headcount": PUPILS}


def participants_book(book: Book, participants: pd.DataFrame, pooled: pd.DataFrame) -> None:
    """Add pupils and pupil-years of each authority and pooled (authority 'all'); the pooled figure is their sum.

    Denominators of outcomes over the same arm and year are part of them, so what no return covers is an implied cell.
    """
    rows = pd.concat([participants, pooled], ignore_index=True).rename(columns={"academic_year": "period"})
    rows = rows.assign(cost=np.where(rows["authority"] == ALL, COST_OF_POOLED, 1.0))
    for column, statistic in STATISTICS.items():
        book.add(
            rows, statistic=statistic, kind="pupils", value=column, keys=OUTCOME_KEYS, schools="schools", cost="cost"
        )
        book.sums(statistic, over="authority", total=ALL)
    for denominator, whole in denominators().items():
        book.part(whole, denominator, name=f"{whole} not in {denominator}", is_nearly_all=True)


def denominators() -> dict[str, str]:
    """What each denominator of outcomes is part of: what observes an outcome may not cover every day or school."""
    every = measures().values()
    return {one.denominator_statistic: WHOLES[one.base] for one in every if one.base in WHOLES}


def participants_names(participants: pd.DataFrame) -> Columns:
    """The cells of rows [authority, trial, arm, academic_year, pupils, pupil_years]."""
    renamed = participants.rename(columns={"academic_year": "period"})
    return {column: (cell_names(renamed, name, OUTCOME_KEYS), "pupils") for column, name in STATISTICS.items()}


def protected_participants(participants: pd.DataFrame, shown: Shown) -> pd.DataFrame:
    """Participants as shown: columns as given, and `symbol`; schools are no secret where there are enough of them."""
    made = protected_frame(participants, participants_names(participants), shown)
    few = (made["schools"] > 0) & (made["schools"] < shown.policy.minimum_schools)
    return made.assign(schools=made["schools"].astype("Float64").mask(few))
