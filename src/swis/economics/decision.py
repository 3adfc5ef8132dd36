"""Net benefit, the ratio or the word that takes its place, and how likely a programme is to be worth its cost.

Cost and effect are differences, intervention less usual: pounds more, and events prevented, per 1,000 pupils a year.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

DOMINATED, DOMINANT = "dominated", "dominant"
LESS_FOR_LESS = "less effect for less cost"
NO_DIFFERENCE = "no difference"
QUADRANTS = ("more effect for more cost", DOMINANT, DOMINATED, LESS_FOR_LESS)


def net_benefit(cost: np.ndarray | float, prevented: np.ndarray | float, pounds: float) -> np.ndarray | float:
    """What the events prevented are worth at `pounds` each, less the cost."""
    return pounds * prevented - cost


def verdict(cost: float, prevented: float) -> str:
    """What takes the place of a ratio; empty where there is more effect for more cost, and the ratio says it.

    Dominated: no better on either count and worse on one; dominant: no worse on either and better on one.
    """
    if cost == 0 and prevented == 0:
        return NO_DIFFERENCE
    if prevented <= 0 <= cost:
        return DOMINATED
    if cost <= 0 <= prevented:
        return DOMINANT
    return LESS_FOR_LESS if cost < 0 else ""


def cost_per_event(cost: float, prevented: float) -> float:
    """Pounds per event prevented; nan where `verdict` has a word for it: a negative ratio orders nothing."""
    return float("nan") if verdict(cost, prevented) else cost / prevented


def quadrants(cost: np.ndarray, prevented: np.ndarray) -> pd.DataFrame:
    """Share of the replicates in each quadrant of the cost-effectiveness plane: quadrant, share; they add up to 1.

    One on an axis belongs where `verdict` puts it.
    """
    words = [verdict(float(one), float(other)) or QUADRANTS[0] for one, other in zip(cost, prevented, strict=True)]
    shares = pd.Series(words, dtype=object).value_counts(normalize=True)
    names = [*QUADRANTS, *([NO_DIFFERENCE] if NO_DIFFERENCE in shares.index else [])]
    return pd.DataFrame({"quadrant": names, "share": shares.reindex(names, fill_value=0.0).to_numpy()})


def acceptability(cost: np.ndarray, prevented: np.ndarray, pounds: list[float]) -> pd.DataFrame:
    """By value of an event prevented: pounds, and the share of replicates with a net benefit above 0."""
    worth = [float(np.mean(net_benefit(cost, prevented, value) > 0)) for value in pounds]
    return pd.DataFrame({"pounds": pounds, "probability": worth})
