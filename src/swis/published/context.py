"""An authority's published figures beside England's and its statistical neighbours', over changes of code."""

from __future__ import annotations

import pandas as pd

from swis.params import Authority
from swis.published.figures import FIGURE, NOT_AVAILABLE, PLACE, POPULATION, add_up, preferred, with_computed
from swis.sources.published_measures import measures

COLUMNS = [
    "measure", "figure", "kind", "breakdown", "area", "time_period", "value", "symbol", "unit", "release", "source",
    "areas_reporting", "areas_in_all",
]  # fmt: skip
AUTHORITY, ENGLAND, NEIGHBOURS = "authority", "England", "statistical neighbours"
SERIES = ["measure", "breakdown", "time_period", "time_identifier"]


def authority_context(published: pd.DataFrame, authority: Authority, neighbours: pd.DataFrame) -> pd.DataFrame:
    """Every comparable figure of an authority, of England and of its statistical neighbours, one row each.

    Columns: measure (name in the outcome registry where it has one), figure (name of the published figure), kind
    (count, rate, percent, score, days), breakdown, area (authority, England, statistical neighbours), time_period,
    value, symbol (why there is none), unit, release, source, areas_reporting of areas_in_all (neighbours with a
    number, of ten).

    An authority is followed over changes of code: where it is published in parts, counts are added up and rates and
    percentages made again from them; without the counts there is no figure. The neighbours' figure is the plain mean of
    the neighbours' own rates, as in the DfE's local authority interactive tool; counts have none.
    """
    comparable = published[published["measure"].isin(_needed_for_context())]
    codes = [code.old_la_code for code in authority.codes]
    of_authority = neighbours[neighbours["old_la_code"].isin(codes)]
    others = sorted(of_authority["neighbour_old_la_code"].unique())
    is_national = comparable["geographic_level"].eq("National")
    known = with_computed(comparable[comparable["area_code"].isin([*codes, *others]) | is_national])
    own = known[known["area_code"].isin(codes)]
    nearby = preferred(known[known["area_code"].isin(others)])
    england = preferred(known[known["geographic_level"].eq("National")])
    parts = [
        over_code_changes(own, authority).assign(area=AUTHORITY),
        england.assign(area=ENGLAND, source=_source(england)),
        mean_of_neighbours(nearby, of_authority),
    ]
    return _as_context(pd.concat(parts, ignore_index=True))


def _needed_for_context() -> set[str]:
    """Measures that are shown, and all the counts they are made of."""
    known = measures()
    waiting = [name for name, measure in known.items() if measure.of]
    needed = {POPULATION}
    while waiting:
        name = waiting.pop()
        if name and name not in needed:
            needed.add(name)
            waiting += [known[name].numerator, known[name].denominator, *known[name].sum_of]
    return needed


def _as_context(frame: pd.DataFrame) -> pd.DataFrame:
    known = measures()
    kept = frame[frame["measure"].isin([name for name, measure in known.items() if measure.of])]
    kinds = kept["measure"].map({name: measure.kind for name, measure in known.items()})
    outcomes = kept["measure"].map({name: measure.of for name, measure in known.items()})
    named = kept.assign(figure=kept["measure"], kind=kinds, measure=outcomes)
    order = named.sort_values(["measure", "figure", "breakdown", "area", "time_period"], kind="stable")
    whole = order.reindex(columns=COLUMNS).reset_index(drop=True)
    return whole.astype({"areas_reporting": "Int64", "areas_in_all": "Int64"})


def _source(figures: pd.DataFrame) -> pd.Series:
    """Publication and release in words, and that a figure was made from counts where it was."""
    told = figures["publication"] + ", release " + figures["release"]
    computed = figures["is_computed"].astype("boolean").fillna(False)
    return told.mask(computed, told + "; worked out from its counts")


def generations(authority: Authority) -> list[list[str]]:
    """Three-digit codes an authority has been published under, one list a generation, the newest first."""
    by_start: dict[object, list[str]] = {}
    for code in authority.codes:
        by_start.setdefault(code.valid_from, []).append(code.old_la_code)
    newest_first = [sorted(set(by_start[start])) for start in sorted(by_start, reverse=True)]  # type: ignore[type-var]
    return [codes for place, codes in enumerate(newest_first) if codes not in newest_first[:place]]


def over_code_changes(own: pd.DataFrame, authority: Authority) -> pd.DataFrame:
    """One series an authority: each figure from the generation of codes that has it, parts added up.

    `own` holds its figures under all its codes, computed ones marked. Adds area_name, release and source.
    """
    parts = [_generation(own, codes, authority.name) for codes in generations(authority)]
    whole = pd.concat(parts, ignore_index=True)
    order = whole.assign(_missing=whole["value"].isna(), _weak=whole["symbol"].isin([NOT_AVAILABLE, "not applicable"]))
    chosen = order.sort_values(["_weak", "_missing"], kind="stable").drop_duplicates(SERIES)
    return chosen.sort_index().drop(columns=["_missing", "_weak"])


def _generation(own: pd.DataFrame, codes: list[str], name: str) -> pd.DataFrame:
    figures = own[own["area_code"].isin(codes)]
    if len(codes) == 1:
        single = preferred(figures)
        return single.assign(source=_source(single), area_name=name)
    return _added_up(figures, codes, name)


def _added_up(figures: pd.DataFrame, codes: list[str], name: str) -> pd.DataFrame:
    """Parts as one area: counts added within a release, then what follows from them; else not available."""
    placed = figures.assign(area_code="+".join(codes), area_name=name)
    keys = ["publication", "release", "measure", "unit", *PLACE]
    is_count = placed["measure"].isin([name for name, measure in measures().items() if measure.kind == "count"])
    sums = add_up(placed[is_count], keys, parts_expected=len(codes)).assign(is_computed=True, value_as_published=pd.NA)
    made = with_computed(sums.reindex(columns=[*placed.columns]))
    found = preferred(made[made["area_code"].eq("+".join(codes))])
    rest = placed.drop_duplicates(FIGURE)
    unmade = rest[~pd.MultiIndex.from_frame(rest[FIGURE]).isin(pd.MultiIndex.from_frame(found[FIGURE]))]
    lost = unmade.assign(value=float("nan"), symbol=NOT_AVAILABLE, value_as_published=pd.NA)
    told = "; added up over " + " and ".join(codes)
    reason = "not published for the whole authority, and not to be made from what is published for " + " and ".join(
        codes
    )
    return pd.concat([found.assign(source=_source(found) + told), lost.assign(source=reason)], ignore_index=True)


def mean_of_neighbours(nearby: pd.DataFrame, of_authority: pd.DataFrame) -> pd.DataFrame:
    """Mean of the neighbours' rates, percentages, scores and days, with how many of them have a number.

    `nearby` holds one vintage of each neighbour's figures, `of_authority` the authority's neighbours (one row each).
    Missing, as not available, where no neighbour has a number.
    """
    rates = nearby[nearby["measure"].isin([name for name, measure in measures().items() if measure.kind != "count"])]
    if rates.empty:
        return rates.assign(area=NEIGHBOURS, source="")
    grouped = rates.groupby([*SERIES, "unit"], sort=False, dropna=False)
    means = grouped.agg(
        value=("value", "mean"), areas_reporting=("value", "count"), release=("release", _named_releases)
    ).reset_index()
    model, number = str(of_authority["model"].iloc[0]), of_authority["neighbour_old_la_code"].nunique()
    told = "mean of " + means["areas_reporting"].astype("string") + f" of {number} neighbours ({model} model)"
    symbol = pd.Series(NOT_AVAILABLE, index=means.index, dtype="string").mask(means["value"].notna())
    return means.assign(area=NEIGHBOURS, areas_in_all=number, source=told, symbol=symbol)


def _named_releases(releases: pd.Series) -> str:
    return " and ".join(sorted(releases.unique()))
