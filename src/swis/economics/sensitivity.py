"""How much the answer rests on each assumption: one at a time, and all prices together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from swis.economics.compared import Compared
from swis.economics.comparison import interval
from swis.economics.decision import net_benefit
from swis.economics.parameters import OneWay, Uncertain

ONE_WAY_COLUMNS = ["analysis", "title", "low", "high", "benefit_low", "benefit_high"]


def one_way_table(
    compared: Compared,
    analyses: Mapping[str, OneWay],
    pounds: float,
    level: float,
    costs_at: Callable[[float], np.ndarray],
) -> pd.DataFrame:
    """Net benefit per 1,000 pupils a year at the low and the high value of each assumption, the widest first.

    `costs_at` gives the incremental costs by basis at another discount rate. low and high are missing where the range
    is that of the effect's own interval.
    """
    rows = []
    for name, one in analyses.items():
        low, high = (_benefit(compared, one, pounds, level, is_high, costs_at) for is_high in (False, True))
        rows.append((name, one.title, one.low, one.high, low, high))
    frame = pd.DataFrame(rows, columns=ONE_WAY_COLUMNS).astype({"low": float, "high": float})
    width = (frame["benefit_high"] - frame["benefit_low"]).abs()
    return frame.assign(width=width).sort_values(["width", "analysis"], ascending=[False, True], ignore_index=True)[
        ONE_WAY_COLUMNS
    ]


def _benefit(
    compared: Compared,
    one: OneWay,
    pounds: float,
    level: float,
    is_high: bool,
    costs_at: Callable[[float], np.ndarray],
) -> float:
    if one.varies == "effect":
        prevented = interval(compared.prevented_drawn, level)[int(is_high)]
        return float(net_benefit(compared.cost, prevented, pounds))
    value = one.high if is_high else one.low
    if value is None:
        raise ValueError(f"{one.title} has no range")
    costs = costs_at(value) if one.varies == "discount" else compared.costs * _factors(compared.bases, one.bases, value)
    return float(net_benefit(float(costs.sum()), compared.prevented, pounds))


def _factors(bases: Sequence[str], varied: Sequence[str], value: float) -> np.ndarray:
    return np.array([value if basis in varied else 1.0 for basis in bases])


def costs_with_uncertain_prices(
    compared: Compared, uncertain: Mapping[str, Uncertain], rng: np.random.Generator
) -> np.ndarray:
    """Incremental cost of every replicate with its prices drawn too: the bases of an entry move together.

    A price is multiplied by a gamma variable with mean 1 and the entry's coefficient of variation; bases in no entry,
    and those of an entry whose coefficient is 0, keep theirs.
    """
    drawn = compared.costs_drawn.copy()
    for _, one in sorted(uncertain.items()):
        columns = [place for place, basis in enumerate(compared.bases) if basis in one.bases]
        if one.coefficient_of_variation == 0 or not columns:
            continue
        shape = one.coefficient_of_variation**-2
        drawn[:, columns] *= rng.gamma(shape, 1 / shape, size=(len(drawn), 1))
    return np.asarray(drawn.sum(axis=1))
