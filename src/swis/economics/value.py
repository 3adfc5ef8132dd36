"""What a comparison says of value: differences with intervals, net benefit, curve, and the plane in few cells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from swis.economics.compared import Compared
from swis.economics.comparison import interval
from swis.economics.decision import acceptability, cost_per_event, net_benefit, quadrants, verdict

VALUE_COLUMNS = ["quantity", "pounds", "estimate", "lower", "upper", "word"]
COST, PREVENTED, RATIO, BENEFIT = "incremental cost", "events prevented", "cost per event prevented", "net benefit"
UNCERTAIN_COST = "incremental cost, uncertain prices"
PLANE_COLUMNS = ["cost_from", "cost_to", "prevented_from", "prevented_to", "share"]
PLANE_CELLS = 12
QUADRANT_COLUMNS = ["quadrant", "share"]


def value_table(
    compared: Compared, pounds: Sequence[float], level: float, costs_drawn: np.ndarray | None = None
) -> pd.DataFrame:
    """VALUE_COLUMNS: net benefit at each of `pounds` first, then cost and effect, then their ratio or its word.

    All per 1,000 pupils a year but the ratio. A ratio has no interval here: the shares of the quadrants and the curve
    say how certain it is, for replicates in other quadrants than its own have no ratio that could be ordered with it.
    With `costs_drawn`, replicates of the incremental cost with uncertain prices, its interval is given with these too.
    """
    rows = [_benefit_row(compared, value, level) for value in pounds]
    rows.append((COST, np.nan, compared.cost, *interval(compared.cost_drawn, level), ""))
    if costs_drawn is not None:
        rows.append((UNCERTAIN_COST, np.nan, compared.cost, *interval(costs_drawn, level), ""))
    rows.append((PREVENTED, np.nan, compared.prevented, *interval(compared.prevented_drawn, level), ""))
    ratio = cost_per_event(compared.cost, compared.prevented)
    rows.append((RATIO, np.nan, ratio, np.nan, np.nan, verdict(compared.cost, compared.prevented)))
    return pd.DataFrame(rows, columns=VALUE_COLUMNS)


def _benefit_row(compared: Compared, pounds: float, level: float) -> tuple[str, float, float, float, float, str]:
    drawn = np.asarray(net_benefit(compared.cost_drawn, compared.prevented_drawn, pounds))
    estimate = float(net_benefit(compared.cost, compared.prevented, pounds))
    return (BENEFIT, pounds, estimate, *interval(drawn, level), "")


def curve_table(compared: Compared, pounds: Sequence[float], costs_drawn: np.ndarray | None = None) -> pd.DataFrame:
    """The acceptability curve: pounds, probability; with `costs_drawn` in place of the comparison's own replicates."""
    cost = compared.cost_drawn if costs_drawn is None else costs_drawn
    return acceptability(cost, compared.prevented_drawn, list(pounds))


def quadrant_table(compared: Compared) -> pd.DataFrame:
    """Share of the replicates by quadrant."""
    return quadrants(compared.cost_drawn, compared.prevented_drawn)


def plane_table(compared: Compared, cells: int = PLANE_CELLS) -> pd.DataFrame:
    """The cost-effectiveness plane as shares of the replicates in a grid (PLANE_COLUMNS), empty cells left out.

    A grid of `cells` by `cells` spans all replicates: it shows where they lie without a mark for any one of them.
    """
    shares, prevented, cost = np.histogram2d(compared.prevented_drawn, compared.cost_drawn, bins=cells)
    across, up = (part.ravel() for part in np.meshgrid(np.arange(cells), np.arange(cells), indexing="ij"))
    columns = (cost[up], cost[up + 1], prevented[across], prevented[across + 1], shares.ravel() / shares.sum())
    frame = pd.DataFrame(dict(zip(PLANE_COLUMNS, columns, strict=True)))
    return frame[frame["share"] > 0].reset_index(drop=True)
