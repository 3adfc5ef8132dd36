"""Choosing and completing figures: one vintage a figure, and rates worked out from counts where none is printed.

All functions take and give frames with the columns of the schema `published`; `is_computed` marks a figure that
no release prints and that follows from its counts.
"""

from __future__ import annotations

import pandas as pd

from swis.published.rates import rate
from swis.sources.published_measures import PublishedMeasure, measures, names

VINTAGE = ["publication", "release"]
PLACE = ["time_period", "time_identifier", "geographic_level", "area_code", "area_name", "breakdown"]
FIGURE = ["measure", "breakdown", "geographic_level", "area_code", "time_period", "time_identifier"]
POPULATION = "children_0_to_17"
POPULATION_OF_THE_RATE = "population_of_the_rate"
NOT_AVAILABLE = "not available"
WITHHELD = ["suppressed", "low reliability", "rounds to zero"]
# When parts of a sum are missing, the sum is missing for the first of these reasons that holds
WORST_FIRST = ["not available", "low reliability", "suppressed", "not applicable", "rounds to zero"]


def with_computed(published: pd.DataFrame) -> pd.DataFrame:
    """The figures, and those that follow from counts of the same release where it prints none.

    Adds sums (assessments within 45 working days from their bands), populations of the rate (mid-year estimate of
    the year before), percentages and rates. A sum or rate with a missing part is missing for that part's reason.
    """
    known = published if "is_computed" in published else published.assign(is_computed=False)
    held = set(known["measure"].unique())
    sums = [_sums(known, measure) for measure in measures().values() if held & set(measure.sum_of)]
    known = _only_new(known, [_populations(known), *sums])
    held = set(known["measure"].unique())
    ratios = [_ratios(known, m) for m in measures().values() if m.numerator in held and m.denominator in held]
    return _only_new(known, ratios)


def _only_new(known: pd.DataFrame, parts: list[pd.DataFrame]) -> pd.DataFrame:
    """`known` and those of the computed figures that no release prints."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return known
    computed = pd.concat(filled, ignore_index=True)
    keys = [*VINTAGE, *FIGURE]
    printed = pd.MultiIndex.from_frame(known[keys])
    new = computed[~pd.MultiIndex.from_frame(computed[keys]).isin(printed)]
    return pd.concat([known, new.reindex(columns=known.columns)], ignore_index=True) if len(new) else known


def _populations(known: pd.DataFrame) -> pd.DataFrame:
    estimates = known[known["measure"].eq(POPULATION) & known["time_period"].str.len().eq(4)]
    following = (estimates["time_period"].astype("int64") + 1).astype("string")
    return estimates.assign(measure=POPULATION_OF_THE_RATE, time_period=following, is_computed=True)


def _sums(known: pd.DataFrame, measure: PublishedMeasure) -> pd.DataFrame:
    parts = known[known["measure"].isin(measure.sum_of)]
    total = add_up(parts, [*VINTAGE, *PLACE], parts_expected=len(measure.sum_of))
    return total.assign(measure=measure.name, unit=measure.unit, is_computed=True)


def add_up(parts: pd.DataFrame, keys: list[str], *, parts_expected: int) -> pd.DataFrame:
    """Sum of `value` by `keys`, columns keys, value and symbol; missing unless every expected part is a number.

    The symbol is the gravest of the parts' own, or 'not available' where a part is absent.
    """
    if parts.empty:
        return parts[keys].assign(value=pd.Series(dtype="float64"), symbol=pd.Series(dtype="string"))
    gravity = {symbol: place for place, symbol in enumerate(WORST_FIRST)}
    ranked = parts.assign(gravity=parts["symbol"].map(gravity).astype("float64"), is_number=parts["value"].notna())
    sums = ranked.groupby(keys, sort=False, dropna=False).agg(
        value=("value", "sum"), gravity=("gravity", "min"), numbers=("is_number", "sum")
    )
    is_whole = sums["numbers"].ge(parts_expected)
    reason = sums["gravity"].map(dict(enumerate(WORST_FIRST))).astype("string").fillna(NOT_AVAILABLE)
    return sums.assign(value=sums["value"].where(is_whole), symbol=reason.mask(is_whole))[
        ["value", "symbol"]
    ].reset_index()


def _ratios(known: pd.DataFrame, measure: PublishedMeasure) -> pd.DataFrame:
    keys = [*VINTAGE, *PLACE]
    above = known.loc[known["measure"].eq(measure.numerator), [*keys, "value", "symbol"]]
    below = known.loc[known["measure"].eq(measure.denominator), [*keys, "value", "symbol"]]
    both = above.merge(below.drop_duplicates(keys), on=keys, suffixes=("", "_below"))
    value = rate(both["value"], both["value_below"], measure.multiplier)
    reason = both["symbol"].fillna(both["symbol_below"]).fillna(NOT_AVAILABLE)
    computed = both[keys].assign(value=value, symbol=reason.mask(value.notna()))
    return computed.assign(measure=measure.name, unit=measure.unit, is_computed=True)


def preferred(published: pd.DataFrame) -> pd.DataFrame:
    """One vintage of each figure: a statistical release before LAIT, the latest release first.

    A figure that a release withholds (suppressed, low reliability) stays withheld, whatever the tool shows: LAIT
    prints 0 for some of them. One that is not available or applicable gives way to a number, printed or computed.
    """
    frame = published if "is_computed" in published else published.assign(is_computed=False)
    is_number = frame["value"].notna()
    is_withheld = frame["symbol"].isin(WITHHELD)
    is_computed = frame["is_computed"].astype("bool")
    tier = (
        pd.Series(2, index=frame.index)
        .mask(is_number & is_computed, 1)
        .mask((is_number | is_withheld) & ~is_computed, 0)
    )
    ranked = frame.assign(
        _tier=tier, _tool=frame["publication"].eq(names()["lait_publication"]), _year=release_year(frame["release"])
    )
    order = ranked.sort_values(["_tier", "_tool", "_year"], ascending=[True, True, False], kind="stable")
    chosen = order.drop_duplicates(FIGURE)
    return chosen.sort_index().drop(columns=["_tier", "_tool", "_year"]).reset_index(drop=True)


def release_year(releases: pd.Series) -> pd.Series:
    """Year a release is named by: 2024 for '2024', 2022 for '2021/22 Final', 2025 for 'LAIT 2025-10'; 0 where none."""
    parts = releases.astype("string").str.extract(r"(20\d\d)(/\d\d)?")
    return pd.to_numeric(parts[0]).fillna(0).astype("int64") + parts[1].notna().astype("int64")


def vintages(
    published: pd.DataFrame, measure: str, area_code: str, time_period: str, breakdown: str = "Total"
) -> pd.DataFrame:
    """Every published vintage of one figure, oldest release first: publication, release, value, symbol, unit."""
    chosen = published[
        published["measure"].eq(measure)
        & published["area_code"].eq(area_code)
        & published["time_period"].eq(time_period)
        & published["breakdown"].eq(breakdown)
    ]
    order = chosen.assign(_year=release_year(chosen["release"])).sort_values(["_year", "publication", "release"])
    return order[["publication", "release", "value", "symbol", "unit"]].reset_index(drop=True)
