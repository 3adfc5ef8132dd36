"""Outcomes of schools, arms and authorities, all made from the same school sums."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.derive.periods import Period
from swis.outcomes.comparability import by_metadata, with_observation
from swis.outcomes.estimates import estimates, medians
from swis.outcomes.parts import SUMS
from swis.outcomes.registry import NOT_PUBLISHED, measures
from swis.params import Definitions

OUTCOME_COLUMNS = [
    "authority", "trial", "level", "urn", "arm", "period_kind", "period", "measure", "count", "denominator", "value",
    "lower", "upper", "unit", "schools", "observed_share", "comparability", "status",
]  # fmt: skip
NUMBERS = ["count", "denominator", "value", "lower", "upper"]
GROUP = ["authority", "trial", "level", "urn", "arm", "period_kind", "period", "measure"]
EVERY_ARM = "all"
OK, NO_DENOMINATOR, NOT_OBSERVED = "ok", "no denominator", "not observed"


def outcomes(
    parts: pd.DataFrame, distributions: pd.DataFrame, periods: list[Period], definitions: Definitions
) -> pd.DataFrame:
    """The outcome table (OUTCOME_COLUMNS): each school, arm and authority, period and measure, observed or not.

    A period that no received return covers has no count: it is missing, never zero.
    """
    summed = pd.concat([_at(parts, level) for level in ("school", "arm", "authority")], ignore_index=True)
    spread = pd.concat([_levelled(distributions, level) for level in ("school", "arm", "authority")], ignore_index=True)
    valued = pd.concat(
        [_valued(group, str(name), spread, definitions) for name, group in summed.groupby("measure", sort=False)],
        ignore_index=True,
    )
    stated = _stated(valued, periods)
    valued["comparability"] = with_observation(stated, valued["observed_share"], valued["is_teacher"])
    valued["status"] = _status(valued)
    unseen = valued["status"].isin([NOT_OBSERVED, NOT_PUBLISHED])
    valued.loc[unseen.to_numpy(bool), NUMBERS] = np.nan
    order = {name: number for number, name in enumerate(measures())}
    valued = valued.assign(place=valued["measure"].map(order))
    ordered = valued.sort_values(["trial", "level", "arm", "urn", "place", "period_kind", "period"], kind="stable")
    return ordered[OUTCOME_COLUMNS].astype(dict.fromkeys(NUMBERS, "float64")).reset_index(drop=True)


def _levelled(frame: pd.DataFrame, level: str) -> pd.DataFrame:
    """The rows under the names of a level: schools keep urn, arms lose it, authorities lose the arm too."""
    if level == "school":
        return frame.assign(level=level)
    arm = frame["arm"] if level == "arm" else EVERY_ARM
    return frame.assign(level=level, urn="", arm=arm).astype({"arm": "string", "urn": "string"})


def _at(parts: pd.DataFrame, level: str) -> pd.DataFrame:
    """Sums of a level; observed_share is the mean over schools with pupils, schools counts those with a denominator."""
    named = _levelled(parts, level)
    seen = named["observed_share"].fillna(0.0)
    has_pupils = named["has_pupils"].astype(float)
    counts = (seen > 0) & (named["base"] > 0)
    zeroed = named[SUMS].mul((seen > 0).astype(float), axis=0)
    weighed = zeroed.assign(
        pupils=has_pupils,
        seen=seen * has_pupils,
        plain=seen,
        rows=1.0,
        schools=counts.astype(float),
        is_teacher=named["is_teacher"].astype(float),
    )
    summed = weighed.groupby([named[name] for name in GROUP], sort=False).sum().reset_index()
    share = np.where(
        summed["pupils"] > 0, summed["seen"] / summed["pupils"].clip(lower=1), summed["plain"] / summed["rows"]
    )
    typed = summed.assign(
        observed_share=share, schools=summed["schools"].astype("int64"), is_teacher=summed["is_teacher"] > 0
    )
    return typed.drop(columns=["pupils", "seen", "plain", "rows"])


def _valued(summed: pd.DataFrame, name: str, spread: pd.DataFrame, definitions: Definitions) -> pd.DataFrame:
    measure = measures()[name]
    plain = summed.assign(unit=measure.unit_under(definitions))
    if measure.kind != "median":
        made = estimates(summed, measure.kind, measure.per(definitions), definitions.interval_level)
        return pd.concat([plain, made], axis=1)
    own = spread[spread["measure"] == name]
    made = medians(own, GROUP, definitions.interval_level).astype(dict.fromkeys(GROUP, "string"))
    joined = plain.merge(made, on=GROUP, how="left")
    return joined.assign(**{column: joined[column].fillna(0.0) for column in ("count", "denominator")})


def _stated(valued: pd.DataFrame, periods: list[Period]) -> pd.Series:
    """The metadata's word on each row's measure and period (a window is the trial's own)."""
    words = {
        (period.trial, period.name, name): by_metadata(measure, period)
        for period in periods
        for name, measure in measures().items()
    }
    trials = valued["trial"].where(valued["period_kind"] == "window", "")
    keys = zip(trials, valued["period"], valued["measure"], strict=True)
    return pd.Series([words[key] for key in keys], index=valued.index, dtype="string")


def _status(valued: pd.DataFrame) -> pd.Series:
    word = valued["comparability"]
    choices = [word == NOT_PUBLISHED, word == NOT_OBSERVED, ~(valued["denominator"] > 0)]
    conditions = [np.asarray(choice, dtype=bool) for choice in choices]
    return pd.Series(np.select(conditions, [NOT_PUBLISHED, NOT_OBSERVED, NO_DENOMINATOR], OK), dtype="string")
