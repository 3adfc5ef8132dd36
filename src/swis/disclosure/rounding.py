"""Rounding, the whole of disclosure control until a policy with suppression takes its place.

Every count, cells and totals each by itself, is rounded to the nearest 5; rates, shares and intervals are made again
from the rounded counts; a figure that rests on fewer than 3 schools is hidden. A count that rounds to zero is shown as
'[low]' whether or not it is a true zero: telling the two apart would say that the number is 1 or 2.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import special

from swis.disclosure.intervals import interval_again, three_figures
from swis.disclosure.protected import BASE, Protected
from swis.disclosure.symbols import HIDDEN, LOW, NOT_APPLICABLE, NOT_AVAILABLE

MINIMUM_SCHOOLS = 3
MINIMUM_BEHIND_AN_AVERAGE = 10
MINIMUM_BEHIND_A_SUM = 3
OUTCOME_KEYS = ["authority", "trial", "level", "arm", "period_kind", "period", "measure"]
OUTCOME_NUMBERS = ["count", "denominator", "value", "lower", "upper"]
NUMBERLESS = [HIDDEN, NOT_AVAILABLE, NOT_APPLICABLE]
OUTCOME_COLUMNS = [
    *OUTCOME_KEYS,
    *OUTCOME_NUMBERS,
    "unit",
    "schools",
    "observed_share",
    "comparability",
    "status",
    "symbol",
]
RETURN_COLUMNS = ["authority", "measure", "time_period", "count", "denominator", "value", "unit", "symbol"]


def round_count(values: pd.Series, base: int = BASE) -> pd.Series:
    """Each value to the nearest multiple of `base` (halves up), as nullable whole numbers; missing stays missing."""
    numbers = pd.to_numeric(values).astype("Float64")
    return (np.floor(numbers / base + 0.5) * base).astype("Int64").rename(values.name)


def protect_counts(frame: pd.DataFrame, counts: Sequence[str], *, schools: str | None = None) -> Protected:
    """Round the count columns of any frame; hide a row that rests on fewer than 3 schools where `schools` is given.

    The result has a column `symbol`: '[low]' where the first count column rounds to zero, '[c]' where it is hidden.
    """
    rounded = frame.reset_index(drop=True).copy()
    symbol = _symbols_so_far(rounded)
    if schools is not None:
        few = _is_few(rounded[schools])
        rounded.loc[few, list(counts)] = np.nan
        symbol = symbol.mask(few, HIDDEN)
    for column in counts:
        rounded[column] = round_count(rounded[column])
    low = (rounded[counts[0]] == 0).fillna(False).astype(bool)
    rounded["symbol"] = symbol.mask(low & (symbol == ""), LOW)
    return Protected(rounded, tuple(counts))


def protect_participants(participants: pd.DataFrame) -> Protected:
    """Schools, pupils and pupil-years by authority, trial, arm and academic year, protected."""
    counts = ["pupils", "schools", "pupil_years"]
    return protect_counts(participants, counts, schools="schools")


def protect_outcomes(outcomes: pd.DataFrame, *, level: float = 0.95) -> Protected:
    """Outcome rows of arms and authorities, protected; rows of schools never leave.

    `outcomes` has the columns of the outcomes stage; `level` is the confidence level of the intervals, made again
    from the rounded counts. A total beside a hidden arm is hidden too, or the arm could be had by subtraction.
    """
    kept = outcomes[outcomes["level"] != "school"].reset_index(drop=True)
    kept = kept.assign(symbol=_outcome_symbols(kept, level))
    for column in OUTCOME_NUMBERS:
        kept[column] = pd.to_numeric(kept[column]).astype("Float64").mask(kept["symbol"].isin(NUMBERLESS))
    unrounded = kept["value"]
    kept = _from_rounded_counts(kept)
    # The middle of an interval is the value it was made for: left in place it would give the unrounded sum back.
    shift = kept["value"] - unrounded
    for limit in ("lower", "upper"):
        moved = kept[limit] + shift
        below = ((moved < 0) & (kept[limit] >= 0)).fillna(False).astype(bool)
        kept[limit] = moved.mask(below, 0.0)
    kept["schools"] = round_count(kept["schools"].mask(kept["symbol"].isin([*NUMBERLESS, LOW])))
    kept[["lower", "upper"]] = interval_again(kept, kept["unit"].map(multiplier_of_unit), level)
    return Protected(kept[OUTCOME_COLUMNS], ("count", "denominator", "schools"))


def protect_returns(returns: pd.DataFrame) -> Protected:
    """An authority's whole return by reporting year, protected, with the columns of `RETURN_COLUMNS`."""
    kept = returns.reset_index(drop=True)
    kept = _from_rounded_counts(kept.assign(symbol=_symbols_so_far(kept)))
    return Protected(kept[RETURN_COLUMNS], ("count", "denominator"))


def multiplier_of_unit(unit: str) -> float | None:
    """10,000 for 'per 10,000 children', 100 for a percentage, None where the value is not count over denominator."""
    if unit.lower().startswith(("%", "percent")):
        return 100.0
    found = re.search(r"per ([\d,]+)", unit)
    return float(found.group(1).replace(",", "")) if found else None


def _from_rounded_counts(frame: pd.DataFrame) -> pd.DataFrame:
    """Counts rounded, values made again from them, '[low]' where the count rounds to zero.

    A mean or a median is not made of two counts: it keeps three figures and loses its count (a sum of scores would give
    its unrounded denominator back); it is hidden where fewer than 10 stand behind it.
    """
    multiplier = frame["unit"].map(multiplier_of_unit).astype("Float64")
    is_ratio = multiplier.notna()
    count = round_count(frame["count"]).where(is_ratio)
    denominator = round_count(frame["denominator"])
    behind = denominator.astype("Float64")
    ratio = count.astype("Float64") / behind.mask(behind == 0) * multiplier
    thin = ~is_ratio & (behind < MINIMUM_BEHIND_AN_AVERAGE).fillna(True) & (frame["symbol"] == "")
    value = ratio.where(is_ratio, _three_figures(frame["value"]).mask(thin))
    limits = {name: frame[name].mask(thin) for name in ("lower", "upper") if name in frame}
    # Nothing to divide by looks the same as little to divide by.
    low = is_ratio & ((count == 0) | (denominator == 0)).fillna(False).astype(bool) & (frame["symbol"] == "")
    symbol = frame["symbol"].mask(thin, HIDDEN).mask(low, LOW)
    return frame.assign(count=count, denominator=denominator, value=value, symbol=symbol, **limits)


def _three_figures(values: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(values).astype("Float64")
    made = three_figures(numbers.to_numpy(dtype=float, na_value=np.nan))
    return pd.Series(made, index=values.index).astype("Float64")


def _symbols_so_far(frame: pd.DataFrame) -> pd.Series:
    if "symbol" in frame:
        return frame["symbol"].astype(str)
    return pd.Series("", index=frame.index, dtype=str)


def _is_few(schools: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(schools).astype("Float64")
    return ((numbers > 0) & (numbers < MINIMUM_SCHOOLS)).fillna(False).astype(bool)


def _rests_on_few(outcomes: pd.DataFrame, level: float) -> pd.Series:
    """Sums of days or sessions that one or two children may make up; rows already protected are left as they are.

    The number of children is not in the outcome table. The interval gives a floor for it: the square of value over its
    standard error is at most the number of children, and equals it where all have the same amount.
    """
    if "symbol" in outcomes:
        return pd.Series(False, index=outcomes.index)
    value, upper = (pd.to_numeric(outcomes[name]).astype("Float64") for name in ("value", "upper"))
    error = (upper - value) / special.ndtri((1 + level) / 2)
    behind = (value / error.mask(error <= 0)) ** 2
    is_sum = outcomes["unit"].str.startswith(("days per", "sessions per")) & (outcomes["status"] == "ok") & (value > 0)
    return (is_sum & ~(behind >= MINIMUM_BEHIND_A_SUM).fillna(False)).fillna(False).astype(bool)


def _outcome_symbols(outcomes: pd.DataFrame, level: float) -> pd.Series:
    """Why a row has no number: not observed, not published, or too little behind it or behind one of its arms."""
    symbol = _symbols_so_far(outcomes)
    # Without a denominator the count is a true zero: it is left to rounding, which shows it as '[low]' like 1 and 2.
    absent = ~outcomes["status"].isin(["ok", "no denominator"]) & (symbol == "")
    inapplicable = absent & (outcomes["comparability"] == "not published")
    symbol = symbol.mask(absent, NOT_AVAILABLE).mask(inapplicable, NOT_APPLICABLE)
    few = _is_few(outcomes["schools"]) | _rests_on_few(outcomes, level) | (symbol == HIDDEN)
    same_table = [outcomes[key] for key in ["authority", "trial", "period_kind", "period", "measure"]]
    has_hidden_arm = (few & (outcomes["arm"] != "all")).groupby(same_table, dropna=False).transform("any")
    hidden = few | (has_hidden_arm & (outcomes["arm"] == "all") & (symbol == ""))
    return symbol.mask(hidden & ~symbol.isin([NOT_AVAILABLE, NOT_APPLICABLE]), HIDDEN)
