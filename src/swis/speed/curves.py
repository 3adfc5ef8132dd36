"""Cumulative incidence at a few steps, by wait, trial, arm and academic year, with the counts behind each step."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from swis.derive.waits import COMPETING, CONTACT, ENQUIRY, EVENT, OPEN, REFERRAL
from swis.params import Definitions
from swis.speed.incidence import DayCounts, incidence_with_limits

# Working days at which a curve is told: the statutory one among them, and few enough that events stand behind each.
STEPS: Mapping[str, tuple[int, ...]] = {
    CONTACT: (0, 1, 5, 20),
    REFERRAL: (10, 20, 30, 45, 60, 90),
    ENQUIRY: (5, 10, 15, 20, 30),
}
STATUTORY: Mapping[str, int] = {CONTACT: 1, REFERRAL: 45, ENQUIRY: 15}
ARMS = ("intervention", "control")
KEYS = ["wait", "trial", "arm", "academic_year"]
CURVE_COLUMNS = [
    *KEYS, "step", "schools", "starts", "ended", "competing", "open", "share_of_starts", "share_of_ended", "incidence",
    "lower", "upper",
]  # fmt: skip


NOTHING = dict.fromkeys(
    ("schools", "starts", "ended", "competing", "open", "share_of_starts", "share_of_ended"), 0.0
) | dict.fromkeys(("incidence", "lower", "upper"), np.nan)


def curves(waits: pd.DataFrame, definitions: Definitions) -> pd.DataFrame:
    """Incidence by arm and academic year of the start at STEPS (CURVE_COLUMNS), in percent.

    starts: waits that began in the year; ended: events up to the step; competing: competing ends up to the last step;
    open: waits open on the last day observed before the last step. share_of_starts, share_of_ended: the most that one
    school has of either. Academic years of the evaluation only; where one arm had waits in a year the other has its
    row too, with 0 begun and no incidence.
    """
    own = waits[waits["academic_year"].isin(definitions.academic_years)]
    rows = [
        {"wait": wait, "trial": trial, "arm": arm, "academic_year": year, **row}
        for (wait, trial, year), group in own.groupby(["wait", "trial", "academic_year"], sort=True)
        for arm in ARMS
        for row in _steps(group[group["arm"] == arm], str(wait), definitions.interval_level)
    ]
    return pd.DataFrame(rows, columns=CURVE_COLUMNS).sort_values([*KEYS, "step"], ignore_index=True)


def _steps(group: pd.DataFrame, wait: str, level: float) -> list[dict[str, float]]:
    steps = STEPS[wait]
    if group.empty:
        return [{**NOTHING, "step": step} for step in steps]
    days, ended = group["days"].to_numpy(float), group["ended"].to_numpy(dtype=object)
    school, found = pd.factorize(group["urn"], sort=True)
    counts = DayCounts.of(school.astype(np.int64), days, ended == EVENT, ended == COMPETING, steps[-1])
    incidence, lower, upper = (100 * curve for curve in incidence_with_limits(counts, level))
    by_school = counts.events.cumsum(axis=1)
    events = by_school.sum(axis=0)
    share = by_school.max(axis=0) / np.where(events > 0, events, 1)
    is_open = (ended == OPEN) & (days <= steps[-1])
    whole = {
        "schools": len(found),
        "starts": float(len(group)),
        "competing": float(counts.competing.sum()),
        "open": float(is_open.sum()),
        "share_of_starts": float(counts.at_risk[:, 0].max() / len(group)),
    }
    told = {"incidence": incidence, "lower": lower, "upper": upper}
    return [
        {
            **whole,
            "step": step,
            "ended": float(events[step]),
            "share_of_ended": float(share[step]),
            **{name: float(curve[step]) for name, curve in told.items()},
        }
        for step in steps
    ]
