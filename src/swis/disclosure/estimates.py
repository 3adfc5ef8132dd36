"""Estimates through the door: counts rounded, and no estimate that rests on too few schools or events.

A ratio of regression coefficients is not a count and gives none back while many schools stand behind it and it has few
digits: in full precision a mean times the number of its schools is the exact sum. So every number leaves with at most
3 decimals (1 from 10 on), on the page and in its file alike. Where an arm has fewer than 3 schools, or fewer than 10
events, the estimate, its interval, its p-value and what was met in fitting it are hidden.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from swis.disclosure.protected import Protected
from swis.disclosure.rounding import MINIMUM_SCHOOLS, round_count
from swis.disclosure.symbols import HIDDEN, NOT_AVAILABLE

MINIMUM_EVENTS = 10
DECIMALS, LARGE = 3, 10
STEPS_WITH_PUPILS = frozenset({"allocated", "left out", "analysed", "stayed to the end"})
ARMS = ("intervention", "control")
ESTIMATE_NUMBERS = ("estimate", "lower", "upper", "standard_error", "degrees_of_freedom", "p_value", "p_holm")


def protect_estimates(results: pd.DataFrame, numbers: Sequence[str] = ESTIMATE_NUMBERS) -> Protected:
    """Rows of results, protected: `symbol` is '[c]' where hidden and '[x]' where nothing could be estimated.

    `results` has schools_<arm> and, where an outcome is counted, count_<arm> and denominator_<arm>.
    """
    kept = results.reset_index(drop=True).copy()
    few = np.zeros(len(kept), dtype=bool)
    for arm in ARMS:
        few |= (kept[f"schools_{arm}"].astype(float) < MINIMUM_SCHOOLS).to_numpy()
        if f"count_{arm}" in kept:
            few |= (kept[f"count_{arm}"].astype(float) < MINIMUM_EVENTS).to_numpy()
    held = [name for name in numbers if name in kept]
    kept.loc[few, held] = np.nan
    if "message" in kept:
        kept["message"] = kept["message"].mask(few, "")
    untold = kept[held].isna().all(axis=1)
    symbol = pd.Series("", index=kept.index, dtype=str).mask(untold, NOT_AVAILABLE).mask(few, HIDDEN)
    counts = [
        f"{what}_{arm}" for what in ("schools", "count", "denominator") for arm in ARMS if f"{what}_{arm}" in kept
    ]
    for column in counts:
        kept[column] = round_count(kept[column].mask(few))
    return Protected(few_digits(kept).assign(symbol=symbol), tuple(counts))


def few_digits(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with every fractional number at 3 decimals, or 1 from 10 on."""
    return frame.assign(
        **{
            name: np.where(frame[name].abs() >= LARGE, frame[name].round(1), frame[name].round(DECIMALS))
            for name in frame.columns
            if pd.api.types.is_float_dtype(frame[name].dtype)
        }
    )


def protect_exclusions(excluded: pd.DataFrame) -> Protected:
    """Schools left out of analyses by reason and arm, rounded."""
    kept = excluded.reset_index(drop=True).copy()
    for arm in ARMS:
        kept[arm] = round_count(kept[arm])
    return Protected(kept, ARMS)


def protect_flow(flow: pd.DataFrame) -> Protected:
    """Schools and pupils by step of the flow and arm, rounded.

    Pupils are not given of fewer than 3 schools, nor of what happened to some of those analysed: steps that add up to
    one another would give a hidden one back.
    """
    kept = flow.reset_index(drop=True).copy()
    few = (kept["pupils_known_for"] < MINIMUM_SCHOOLS) | ~kept["step"].isin(STEPS_WITH_PUPILS)
    kept["schools"] = round_count(kept["schools"])
    kept["pupils"] = round_count(kept["pupils"].mask(few))
    return Protected(kept.drop(columns="pupils_known_for").assign(symbol=""), ("schools", "pupils"))


def protect_schools_by_bin(bins: pd.DataFrame) -> Protected:
    """The rootogram: schools by bin of counts, rounded; a bin of fewer than 3 schools is hidden."""
    kept = bins.reset_index(drop=True).copy()
    kept["observed_schools"] = round_count(kept["observed_schools"].where(kept["observed_schools"] >= MINIMUM_SCHOOLS))
    return Protected(few_digits(kept), ("observed_schools",))


def without_counts(frame: pd.DataFrame) -> Protected:
    """A frame that holds no count of schools, children or events: spreads, detectable ratios, quantiles."""
    return Protected(few_digits(frame.reset_index(drop=True)), ())
