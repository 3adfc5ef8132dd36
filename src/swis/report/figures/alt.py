"""A figure in words, made from the numbers it is drawn from: a short text beside it, and a long one of the numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from swis.report.wording import number_text

# About as much as a screen reader reads in one go.
SHORT = 250


@dataclass(frozen=True)
class Description:
    """`alt`: what kind of picture, of what and over which span, and what it shows; `long`: its numbers, one by one."""

    alt: str
    long: str


def described(opening: str, message: Iterable[str], parts: Iterable[str]) -> Description:
    """The opening in both texts, followed by those sentences of the message that it can take, and by every part."""
    alt = sentences([opening])
    for sentence in message:
        longer = sentences([alt, sentence])
        alt = longer if len(longer) <= SHORT else alt
    return Description(alt, sentences([opening, *parts]))


def sentences(texts: Iterable[str]) -> str:
    """The texts as sentences, one after the other."""
    return " ".join(f"{text.rstrip('.')}." for text in texts if text)


def series_words(label: str, points: pd.DataFrame, period: str = "period") -> str:
    """'Intervention: 2018/19 12.1, 2019/20 10.4, …' from columns `period`, value and symbol."""
    words = [f"{when} {text}" for when, text in _points(points, period)]
    return f"{label}: {', '.join(words)}" if words else f"{label}: no figure"


def ends_words(label: str, points: pd.DataFrame, period: str = "period") -> str:
    """'intervention 12.1 in 2018/19 and 10.4 in 2022/23': the first and the last point that is known."""
    known = [f"{text} in {when}" for when, text in _points(points[points["value"].notna()], period)]
    return f"{label} {' and '.join(dict.fromkeys([known[0], known[-1]]))}" if known else f"{label} no figure"


def last_words(label: str, points: pd.DataFrame, period: str = "period") -> str:
    """'England 12.1 in 2024': the last point that is known."""
    known = [f"{text} in {when}" for when, text in _points(points[points["value"].notna()], period)]
    return f"{label} {known[-1]}" if known else f"{label} no figure"


def span_words(periods: Iterable[str]) -> str:
    """'2018/19 to 2022/23' from periods in order."""
    held = list(periods)
    return " to ".join(dict.fromkeys([str(held[0]), str(held[-1])]))


def _points(points: pd.DataFrame, period: str) -> list[tuple[str, str]]:
    """Each period with its value as it is written, or the symbol."""
    decimals = points["decimals"] if "decimals" in points else [None] * len(points)
    return [
        (str(when), number_text(value, symbol if pd.isna(value) else "", places))
        for when, value, symbol, places in zip(points[period], points["value"], points["symbol"], decimals, strict=True)
    ]
