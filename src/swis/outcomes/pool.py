"""Outcomes of several authorities as one, from their outcome tables; never silently without an authority."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from swis.outcomes.comparability import COMPARABLE, GRAVEST_FIRST, NOT_OBSERVED, PARTLY_OBSERVED
from swis.outcomes.estimates import medians, rate
from swis.outcomes.intervals import poisson_exact, wilson
from swis.outcomes.levels import EVERY_ARM, NO_DENOMINATOR, NUMBERS, OK, OUTCOME_COLUMNS
from swis.outcomes.registry import NOT_PUBLISHED, Measure, measures
from swis.params import Definitions

ALL = "all"
KEY = ["trial", "level", "arm", "period_kind", "period", "measure"]


def pool(
    frames: Iterable[pd.DataFrame], distributions: Iterable[pd.DataFrame], definitions: Definitions
) -> pd.DataFrame:
    """Outcomes of arms and of both arms together over all authorities (columns of the outcome table, authority 'all').

    Counts and denominators are sums over the authorities that were observed; one that was not leaves both arms and
    makes the row 'partly observed'. Intervals: exact for rates, Wilson for shares; for sums and averages the errors of
    the authorities combined, as in stratified sampling. `distributions` are the tables of values that medians need.
    """
    stacked = pd.concat([frame[frame["level"] != "school"] for frame in frames], ignore_index=True)
    values = pd.concat(list(distributions), ignore_index=True)
    summed = _summed(stacked)
    pooled = [
        _pooled(rows, measures()[str(name)], values, definitions)
        for name, rows in summed.groupby("measure", sort=False)
    ]
    every = pd.concat(pooled, ignore_index=True).assign(authority=ALL, urn="")
    order = {name: number for number, name in enumerate(measures())}
    every = every.assign(place=every["measure"].map(order)).astype({"authority": "string", "urn": "string"})
    ordered = every.sort_values(["trial", "level", "arm", "place", "period_kind", "period"], kind="stable")
    return ordered[OUTCOME_COLUMNS].astype(dict.fromkeys(NUMBERS, "float64")).reset_index(drop=True)


def _summed(stacked: pd.DataFrame) -> pd.DataFrame:
    used = (stacked["status"] == OK).to_numpy(bool)
    z_free = (stacked["upper"] - stacked["value"]) * stacked["denominator"]
    place = stacked["comparability"].map({word: number for number, word in enumerate(GRAVEST_FIRST)})
    frame = stacked.assign(
        count=stacked["count"].where(used, 0.0),
        denominator=stacked["denominator"].where(used, 0.0),
        squared=(z_free**2).where(used, 0.0),
        without_limits=(used & stacked["upper"].isna() & (stacked["count"] != 0)).astype(float),
        used=used.astype(float),
        place=place.where((stacked["status"] != NOT_OBSERVED).to_numpy(bool)),
        unpublished=(stacked["comparability"] == NOT_PUBLISHED).astype(float),
        missed=(stacked["status"] == NOT_OBSERVED).astype(float),
    )
    named = {
        name: (name, "sum")
        for name in ("count", "denominator", "squared", "without_limits", "schools", "used", "missed")
    }
    grouped = frame.groupby(KEY, sort=False, dropna=False)
    return grouped.agg(
        **named,
        unit=("unit", "first"),
        observed_share=("observed_share", "mean"),
        place=("place", "min"),
        unpublished=("unpublished", "min"),
    ).reset_index()


def _pooled(rows: pd.DataFrame, measure: Measure, values: pd.DataFrame, definitions: Definitions) -> pd.DataFrame:
    rows = rows.reset_index(drop=True)
    made = (
        _with_medians(rows, measure, values, definitions)
        if measure.kind == "median"
        else _valued(rows, measure, definitions)
    )
    word = made["place"].map(dict(enumerate(GRAVEST_FIRST))).fillna(NOT_OBSERVED)
    milder = word.isin([COMPARABLE, "break", "teacher assessed"])
    word = word.mask((made["missed"] > 0) & (made["used"] > 0) & milder, PARTLY_OBSERVED)
    word = word.mask(made["unpublished"] > 0, NOT_PUBLISHED)
    status = np.select(
        [
            (word == NOT_PUBLISHED).to_numpy(bool),
            (made["used"] == 0).to_numpy(bool) & (made["missed"] > 0).to_numpy(bool),
        ],
        [NOT_PUBLISHED, NOT_OBSERVED],
        np.where(made["denominator"] > 0, OK, NO_DENOMINATOR),
    )
    made.loc[np.isin(status, [NOT_PUBLISHED, NOT_OBSERVED]), NUMBERS] = np.nan
    return made.assign(comparability=word.astype("string"), status=pd.Series(status, dtype="string"))


def _valued(rows: pd.DataFrame, measure: Measure, definitions: Definitions) -> pd.DataFrame:
    per, level = measure.per(definitions), definitions.interval_level
    count, base = rows["count"].to_numpy(float), rows["denominator"].to_numpy(float)
    value = rate(count, base, per)
    if measure.kind == "rate":
        low, high = (rate(limit, base, per) for limit in poisson_exact(count, level))
    elif measure.kind == "proportion":
        low, high = (limit * per for limit in wilson(count, base, level))
    else:
        # Half-widths were made with one z each, so they combine as standard errors do.
        half = np.sqrt(rows["squared"].to_numpy(float)) / np.where(base > 0, base, np.nan)
        half = np.where((rows["without_limits"] > 0) | (half == 0), np.nan, half)
        low, high = value - half, value + half
        low = low if measure.kind == "mean" else np.maximum(low, 0.0)
    none = ~(base > 0)
    return rows.assign(value=value, lower=np.where(none, np.nan, low), upper=np.where(none, np.nan, high))


def _with_medians(rows: pd.DataFrame, measure: Measure, values: pd.DataFrame, definitions: Definitions) -> pd.DataFrame:
    own = values[values["measure"] == measure.name]
    both = [own.assign(level="arm"), own.assign(level="authority", arm=EVERY_ARM)]
    spread = pd.concat(both, ignore_index=True).astype({"arm": "string", "level": "string"})
    made = medians(spread, KEY, definitions.interval_level).astype(dict.fromkeys(KEY, "string"))
    kept = rows.drop(columns=["count", "denominator"]).merge(made, on=KEY, how="left")
    return kept.assign(**{name: kept[name].fillna(0.0) for name in ("count", "denominator")})
