"""Alt texts: the figure's own numbers in words."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from swis.report.wording import number_text


def series_words(label: str, points: pd.DataFrame, period: str = "period") -> str:
    """'Intervention: 2018/19 12.1, 2019/20 10.4, …' from columns `period`, value and symbol."""
    decimals = points["decimals"] if "decimals" in points else [None] * len(points)
    words = [
        f"{when} {number_text(value, symbol if pd.isna(value) else '', places)}"
        for when, value, symbol, places in zip(points[period], points["value"], points["symbol"], decimals, strict=True)
    ]
    return f"{label}: {', '.join(words)}" if words else f"{label}: no figure"


def joined(opening: str, parts: Iterable[str]) -> str:
    """The opening and the parts as sentences."""
    return " ".join([opening, *(f"{part.rstrip('.')}." for part in parts)])
