"""Dates and trials as a sentence names them, whatever the machine's language."""

from __future__ import annotations

import pandas as pd

from swis.params import Trial

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def long_date(day: object) -> str:
    """'31 August 2023'."""
    stamp = pd.Timestamp(str(day))
    return f"{stamp.day} {MONTHS[stamp.month - 1]} {stamp.year}"


def month_and_year(day: object) -> str:
    """'August 2023'."""
    stamp = pd.Timestamp(str(day))
    return f"{MONTHS[stamp.month - 1]} {stamp.year}"


def year_groups_words(trial: Trial) -> str:
    """'Years 7 to 11', 'Reception to Year 6'; both for a trial in both phases."""

    def span(groups: list[int]) -> str:
        return f"Years {groups[0]} to {groups[-1]}" if groups[0] else f"Reception to Year {groups[-1]}"

    return " and ".join(span(groups) for groups in (trial.year_groups, trial.year_groups_secondary) if groups)
