"""Whether a figure compares with other years, in one word, the gravest reason first."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.academic_year import academic_year_window
from swis.derive.periods import ACADEMIC_YEAR, Period
from swis.outcomes.registry import BREAK, NOT_PUBLISHED, TEACHER_ASSESSED, Measure

COMPARABLE, PARTLY_OBSERVED, NOT_OBSERVED = "comparable", "partly observed", "not observed"
GRAVEST_FIRST = [NOT_PUBLISHED, NOT_OBSERVED, PARTLY_OBSERVED, TEACHER_ASSESSED, BREAK, COMPARABLE]
# A share this close to one is a whole period.
WHOLE = 1 - 1e-9


def by_metadata(measure: Measure, period: Period) -> str:
    """What the measure's metadata say of the period: a year's own word; for a window, of the years it touches.

    A window that holds some unpublished years is a break (they are left out), one of nothing else is not published.
    """
    if period.kind == ACADEMIC_YEAR:
        return measure.comparability.get(period.name, COMPARABLE)
    words = [measure.comparability.get(year, COMPARABLE) for year in _years_touched(period)]
    if words and all(word == NOT_PUBLISHED for word in words):
        return NOT_PUBLISHED
    usable = [BREAK if word == NOT_PUBLISHED else word for word in words]
    return min(usable, key=GRAVEST_FIRST.index, default=COMPARABLE)


def _years_touched(period: Period) -> list[str]:
    first, last = period.start.year - 1, period.end.year
    names = [f"{year}/{(year + 1) % 100:02d}" for year in range(first, last + 1)]
    windows = {name: academic_year_window(name) for name in names}
    return [name for name, held in windows.items() if held.start < period.end and period.start < held.end_exclusive]


def with_observation(stated: pd.Series, observed_share: pd.Series, is_teacher: pd.Series) -> pd.Series:
    """The graver of what metadata state, what was observed of the period, and whether teachers gave the grades."""
    share = observed_share.to_numpy(float)
    seen = np.select([share <= 0, share < WHOLE], [NOT_OBSERVED, PARTLY_OBSERVED], COMPARABLE)
    graded = np.where(is_teacher.to_numpy(bool), TEACHER_ASSESSED, COMPARABLE)
    place = {word: number for number, word in enumerate(GRAVEST_FIRST)}
    numbers = [pd.Series(words).map(place).to_numpy() for words in (stated.to_numpy(), seen, graded)]
    gravest = np.minimum.reduce(numbers)
    return pd.Series(np.array(GRAVEST_FIRST)[gravest], index=stated.index, dtype="string")
