"""Back from cells to outcome rows: what is shown of them, and all that is made from it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.derive.periods import ACADEMIC_YEAR
from swis.disclosure.book.kinds import Kind
from swis.disclosure.book.outcomes import COUNT_KINDS, denominator_kind, mean_decimals, outcome_names
from swis.disclosure.book.shown import Shown
from swis.disclosure.intervals import interval_again
from swis.disclosure.policy import Policy
from swis.disclosure.symbols import NOT_APPLICABLE, NOT_AVAILABLE
from swis.outcomes.levels import OK
from swis.outcomes.pool import ALL
from swis.outcomes.registry import NOT_PUBLISHED, Measure, measures
from swis.params import Definitions

OUTCOME_COLUMNS = [
    "authority", "trial", "level", "arm", "period_kind", "period", "measure", "count", "denominator", "value", "lower",
    "upper", "unit", "schools", "observed_share", "comparability", "status", "symbol",
]  # fmt: skip
COUNTS = ("count", "denominator", "schools")


def protected_outcomes(outcomes: pd.DataFrame, shown: Shown, definitions: Definitions) -> pd.DataFrame:
    """Outcome rows with nothing but what may be shown (OUTCOME_COLUMNS; counts are COUNTS).

    Rows of schools and windows of an authority are left out. Counts and denominators stand as shown, missing where
    hidden; value and limits are made again from them with the policy's decimals, missing where either is hidden.
    `symbol` says why a row lacks a number: '[c]' where something of it is hidden, '[x]' and '[z]' where there is none,
    '[low]' where the count rounds to zero; '' where nothing is missing.
    """
    is_released = (outcomes["period_kind"] == ACADEMIC_YEAR) | (outcomes["authority"] == ALL)
    kept = outcomes[(outcomes["level"] != "school") & is_released].reset_index(drop=True)
    names = outcome_names(kept)
    parts = [
        _of_measure(own, names.loc[own.index], measures()[str(name)], shown, definitions)
        for name, own in kept.groupby("measure", sort=False)
    ]
    if not parts:
        return kept.assign(symbol="")[OUTCOME_COLUMNS]
    made = pd.concat(parts).reindex(kept.index)
    return made[OUTCOME_COLUMNS].astype(dict.fromkeys(COUNTS, "Float64"))


def _of_measure(
    rows: pd.DataFrame, names: pd.DataFrame, measure: Measure, shown: Shown, definitions: Definitions
) -> pd.DataFrame:
    policy = shown.policy
    is_ok = rows["status"] == OK
    count_kind: Kind = COUNT_KINDS[measure.kind]
    count = shown.number(rows["count"].where(is_ok), names["count"], count_kind)
    denominator = shown.number(rows["denominator"].where(is_ok), names["denominator"], denominator_kind(measure))
    made = rows.assign(count=count, denominator=denominator)
    if measure.kind in {"mean", "median"}:
        valued = _average(rows, made, names, measure, shown)
    else:
        valued = _ratio(rows, made, measure, policy, definitions)
    few = is_ok & (rows["schools"] < policy.minimum_schools)
    valued["schools"] = rows["schools"].astype("Float64").mask(few)
    return valued.assign(symbol=_symbols(rows, valued, measure, policy))


def _ratio(
    rows: pd.DataFrame, made: pd.DataFrame, measure: Measure, policy: Policy, definitions: Definitions
) -> pd.DataFrame:
    """Value and limits from the count and denominator as shown."""
    per = measure.per(definitions)
    base = made["denominator"].mask(made["denominator"] == 0)
    value = made["count"] / base * per
    # Limits of sums are those of the true value: moved with it, or their middle would give the true sum back.
    shift = value - rows["value"].astype("Float64")
    limits = {name: rows[name].astype("Float64") + shift for name in ("lower", "upper")}
    limits["lower"] = limits["lower"].mask((limits["lower"] < 0).fillna(False), 0.0)
    multiplier = pd.Series(per, index=rows.index)
    again = interval_again(made.assign(value=value, **limits), multiplier, definitions.interval_level)
    decimals = ratio_decimals(measure, policy)
    return made.assign(
        value=value.round(decimals),
        **{name: again[name].mask(value.isna()).round(decimals) for name in ("lower", "upper")},
    )


def ratio_decimals(measure: Measure, policy: Policy) -> int:
    """Decimals of a share or rate: whole percentages, by the policy, are of children; sessions have those of rates.

    Rates per 100 get one more than rates per 1,000, so that both have the same step.
    """
    if measure.kind == "proportion":
        return policy.percent_decimals
    return policy.rate_decimals + (measure.kind == "rate" and measure.rate_per == 100)


def _average(
    rows: pd.DataFrame, made: pd.DataFrame, names: pd.DataFrame, measure: Measure, shown: Shown
) -> pd.DataFrame:
    """A mean or median with its number of children; hidden with that, with its sum, or where too few stand behind."""
    is_ok = rows["status"] == OK
    hidden = made["denominator"].isna() | (rows["denominator"] < shown.policy.minimum_behind_an_average)
    hidden[is_ok] |= shown.is_hidden(names.loc[is_ok, "count"])
    decimals = mean_decimals(measure, shown.policy)
    exact = {
        name: rows[name].astype("Float64").mask(hidden | ~is_ok).round(decimals) for name in ("value", "lower", "upper")
    }
    if measure.kind == "mean":
        # The middle of the limits would say more of the mean than its own rounding leaves open.
        half = ((exact["upper"] - exact["lower"]) / 2).round(decimals)
        exact |= {"lower": (exact["value"] - half).round(decimals), "upper": (exact["value"] + half).round(decimals)}
    return made.assign(count=pd.Series(np.nan, index=rows.index, dtype="Float64"), **exact)


def _symbols(rows: pd.DataFrame, made: pd.DataFrame, measure: Measure, policy: Policy) -> pd.Series:
    is_ok = rows["status"] == OK
    lacks = made["denominator"].isna() | made["value"].isna()
    if measure.kind not in {"mean", "median"}:
        lacks |= made["count"].isna()
    rounds_to_zero = (made["count"] == 0).fillna(False) | (made["denominator"] == 0).fillna(False)
    low = is_ok & rounds_to_zero.astype(bool) & (policy.round_to > 1)
    symbol = pd.Series("", index=rows.index, dtype=object)
    symbol = symbol.mask(is_ok & lacks, policy.symbols.hidden).mask(low, policy.symbols.low)
    without = (rows["comparability"] == NOT_PUBLISHED) | (rows["status"] == "no denominator")
    return symbol.mask(~is_ok, NOT_AVAILABLE).mask(~is_ok & without, NOT_APPLICABLE).astype("str")
