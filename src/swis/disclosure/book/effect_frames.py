"""Back from cells to the results of a trial's effects: estimates with enough behind them, and the numbers shown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from swis.disclosure.book.effects import ARMS, NUMBERS, counted_rows
from swis.disclosure.book.shown import Shown
from swis.disclosure.policy import Policy
from swis.disclosure.symbols import NOT_APPLICABLE, NOT_AVAILABLE
from swis.params import Trial

ESTIMATE_NUMBERS = ("estimate", "lower", "upper", "standard_error", "degrees_of_freedom", "p_value", "p_holm")
RESULT_COUNTS = tuple(f"{what}_{arm}" for what in ("schools", *NUMBERS) for arm in ARMS)
# In full precision a mean times the number of its schools is the exact sum.
DECIMALS, LARGE = 3, 10
# Of what is larger still (an interval that the data leave open) only the leading digits are the same on every machine.
HUGE, DIGITS_OF_HUGE = 1e6, 3


def protected_results(results: pd.DataFrame, trial: Trial, shown: Shown) -> pd.DataFrame:
    """The results of one trial as shown; columns as given, `symbol` of the estimate and `counts_symbol`.

    An estimate is hidden with its limits, p-value and message where an arm has too few schools or events; where an arm
    has no school at all there is none to hide, and the message says why. Counts and
    denominators stand where their cells are shown, and never for a sensitivity analysis: `counts_symbol` is '[c]' where
    one of the row's is hidden, '[z]' where none is published.
    """
    kept = results.reset_index(drop=True)
    thin = rests_on_little(kept, shown.policy) & ~without_schools(kept)
    made = without_estimates(kept, thin, shown.policy, ESTIMATE_NUMBERS)
    numbers = {f"{what}_{arm}": pd.Series(np.nan, index=kept.index) for what in NUMBERS for arm in ARMS}
    counted = counted_rows(kept, trial)
    for (column, kind), own in counted.groupby(["column", "kind"], sort=False):
        values = shown.number(own["value"], own["name"], kind)
        numbers[str(column)].loc[own["row"].to_numpy()] = values.to_numpy(dtype=float, na_value=np.nan)
    counts_symbol = pd.Series(NOT_APPLICABLE, index=kept.index, dtype=object)
    hidden = shown.is_hidden(counted["name"]).groupby(counted["row"]).any()
    counts_symbol.loc[hidden.index] = np.where(hidden, shown.policy.symbols.hidden, "")
    few = {f"schools_{arm}": _few(kept[f"schools_{arm}"], shown.policy) for arm in ARMS}
    schools = {name: kept[name].astype("Float64").mask(is_few) for name, is_few in few.items()}
    shown_numbers = {name: held.astype("Float64") for name, held in numbers.items()}
    return made.assign(**shown_numbers, **schools, counts_symbol=counts_symbol.astype("str"))


def protected_balance(balance: pd.DataFrame, shown: Shown, numbers: Sequence[str]) -> pd.DataFrame:
    """Baseline balance as shown: means over schools where enough schools and events stand behind them, no counts."""
    kept = balance.reset_index(drop=True)
    made = without_estimates(kept, rests_on_little(kept, shown.policy), shown.policy, numbers)
    schools = {
        f"schools_{arm}": kept[f"schools_{arm}"].astype("Float64").mask(_few(kept[f"schools_{arm}"], shown.policy))
        for arm in ARMS
    }
    return made.drop(columns=[f"count_{arm}" for arm in ARMS]).assign(**schools)


def rests_on_little(frame: pd.DataFrame, policy: Policy) -> pd.Series:
    """Rows in which an arm has fewer schools, or fewer events where events are counted, than an estimate needs."""
    thin = pd.Series(False, index=frame.index)
    for arm in ARMS:
        thin |= frame[f"schools_{arm}"].astype(float) < policy.minimum_schools
        if f"count_{arm}" in frame:
            thin |= frame[f"count_{arm}"].astype(float) < policy.minimum_events_behind_an_estimate
    return thin


def without_schools(frame: pd.DataFrame) -> pd.Series:
    """Rows that have no estimate because an arm has no school."""
    none = [(frame[f"schools_{arm}"].astype(float) == 0) & frame["estimate"].isna() for arm in ARMS]
    return pd.concat(none, axis=1).any(axis=1)


def without_estimates(frame: pd.DataFrame, thin: pd.Series, policy: Policy, numbers: Sequence[str]) -> pd.DataFrame:
    """The frame with few digits, the named numbers and the message gone where they rest on little, and `symbol`."""
    held = [name for name in numbers if name in frame]
    made = few_digits(frame.assign(**{name: frame[name].mask(thin) for name in held}))
    if "message" in made:
        made["message"] = made["message"].mask(thin, "")
    untold = made[held].isna().all(axis=1)
    symbol = pd.Series("", index=frame.index, dtype=object).mask(untold, NOT_AVAILABLE)
    return made.assign(symbol=symbol.mask(thin, policy.symbols.hidden).astype("str"))


def few_digits(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with every fractional number at 3 decimals, 1 from 10 on, or 3 leading digits from a million on."""
    fractions = [name for name in frame.columns if pd.api.types.is_float_dtype(frame[name].dtype)]
    return frame.assign(**{name: _in_few_digits(frame[name]) for name in fractions})


def _in_few_digits(numbers: pd.Series) -> pd.Series:
    plain = numbers.astype("float64")
    few = plain.round(1).where(plain.abs() >= LARGE, plain.round(DECIMALS))
    huge = np.isfinite(plain) & (plain.abs() >= HUGE)
    leading = [float(f"{value:.{DIGITS_OF_HUGE - 1}e}") for value in plain[huge]]
    few[huge] = leading
    return few.astype(numbers.dtype)


def _few(schools: pd.Series, policy: Policy) -> pd.Series:
    numbers = schools.astype(float)
    return (numbers > 0) & (numbers < policy.minimum_schools)
