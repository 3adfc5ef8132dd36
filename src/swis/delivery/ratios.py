"""Ratios of two sums over schools or workers, with intervals that allow for what belongs to one of them being alike."""

from __future__ import annotations

import numpy as np
import pandas as pd

# The quantile is that of scipy.stats, which takes half a second longer to import.
from scipy import special

from swis.outcomes.intervals import ratio_error


def ratio_of_sums(rows: pd.DataFrame, keys: list[str], unit: str, part: str, whole: str, level: float) -> pd.DataFrame:
    """The sum of `part` over that of `whole` by keys, with limits [ratio, lower, upper]; missing where whole is 0.

    Units (schools, workers) are the independent observations: the error is linearised, limits by t with one degree of
    freedom less than units, none for fewer than two (Cochran, Sampling Techniques, chapter 6).
    """
    by_unit = rows.groupby([*keys, unit])[[part, whole]].sum().astype(float)
    top, base = by_unit[part], by_unit[whole]
    terms = pd.DataFrame({"top": top, "base": base, "top2": top**2, "base2": base**2, "cross": top * base, "n": 1.0})
    sums = terms.groupby(level=keys).sum()
    error = ratio_error(*(sums[name].to_numpy(float) for name in ("top", "base", "top2", "base2", "cross", "n")))
    ratio = (sums["top"] / sums["base"].where(sums["base"] > 0)).to_numpy(float)
    freedom = np.maximum(sums["n"].to_numpy(float) - 1, 1)
    half = special.stdtrit(freedom, (1 + level) / 2) * error
    return pd.DataFrame({"ratio": ratio, "lower": ratio - half, "upper": ratio + half}, index=sums.index)


def share_of_sums(rows: pd.DataFrame, keys: list[str], unit: str, part: str, whole: str, level: float) -> pd.DataFrame:
    """The same as a percentage [share, lower, upper], with limits between 0 and 100."""
    found = ratio_of_sums(rows, keys, unit, part, whole, level).rename(columns={"ratio": "share"})
    return found.assign(lower=found["lower"].clip(lower=0, upper=1), upper=found["upper"].clip(lower=0, upper=1)) * 100
