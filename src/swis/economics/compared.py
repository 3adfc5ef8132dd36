"""Cost and effect of one comparison, as estimated and in every replicate of its schools drawn together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from swis.economics.comparison import arms_of, draws, rates


@dataclass(frozen=True, eq=False)
class Compared:
    """Differences between the arms (intervention less control) per 1,000 pupils a year.

    `costs` pounds by basis, `prevented` events fewer; the same with a row a replicate under `_drawn`. Cost and effect
    of a replicate come from the same schools. `schools` are those compared, in both arms.
    """

    bases: tuple[str, ...]
    costs: np.ndarray
    prevented: float
    costs_drawn: np.ndarray
    prevented_drawn: np.ndarray
    schools: int

    @property
    def cost(self) -> float:
        """Pounds more over all bases."""
        return float(self.costs.sum())

    @property
    def cost_drawn(self) -> np.ndarray:
        """The same in every replicate."""
        return np.asarray(self.costs_drawn.sum(axis=1))


def compare(schools: pd.DataFrame, bases: Sequence[str], *, replicates: int, seed: int) -> Compared:
    """Compare the arms of `schools` [authority, urn, arm, count, pupil_years, a column of pounds a basis].

    Authorities with schools of one arm only are left out; so is nothing else. ValueError where no authority has both.
    The order of rows makes no difference.
    """
    arms, held = arms_of(schools)
    if held.empty:
        raise ValueError("no authority has schools of both arms")
    pounds = held[list(bases)].to_numpy(float)
    count, base = (held[name].to_numpy(float) for name in ("count", "pupil_years"))
    times = draws(arms, replicates, np.random.default_rng(seed))
    costs, costs_drawn = (_more(rates(arms, pounds, base, drawn)) for drawn in (None, times))
    prevented, prevented_drawn = (-_more(rates(arms, count, base, drawn)) for drawn in (None, times))
    return Compared(tuple(bases), costs, float(prevented), costs_drawn, prevented_drawn, len(held))


def _more(of_arms: tuple[np.ndarray, ...]) -> np.ndarray:
    intervention, control = of_arms
    return np.asarray(intervention - control)
