"""Rates on plain counts, as DfE statistics define them."""

from __future__ import annotations

import pandas as pd


def rate(count: pd.Series | float, population: pd.Series | float, per: float) -> pd.Series:
    """`count` over `population` times `per`, unrounded; missing without a count or a positive population.

    Per 100 pupils on roll in January for suspensions and exclusions, per 100 possible sessions for absence, per
    10,000 children aged 0 to 17 for social care (guides to the DfE statistics of each).
    """
    counts, populations = pd.Series(count), pd.Series(population)
    both = pd.DataFrame({"count": counts, "population": populations}).astype("float64")
    return (both["count"] / both["population"].where(both["population"].gt(0)) * per).rename("rate")
