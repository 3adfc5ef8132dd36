"""Back from cells to the tables of delivery: numbers as shown, and shares made of these alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from swis.delivery.sessions import SESSION_KEYS
from swis.delivery.staff import KEYS as STAFF_KEYS
from swis.disclosure.book.delivery import (
    BAND_KEYS,
    BANDS,
    COMMUNITY,
    COMMUNITY_KEYS,
    SESSIONS,
    STAFF,
    STAYED,
    STAYED_OF,
    stayed_rows,
    year_before,
)
from swis.disclosure.book.frames import Columns, protected_frame
from swis.disclosure.book.names import cell_names
from swis.disclosure.book.shown import Shown
from swis.disclosure.book.views import SHOWN as SHOWN_OF_VIEWS
from swis.disclosure.book.views import protected_views
from swis.disclosure.protected import Protected
from swis.outcomes.intervals import wilson


def protect_delivery(held: Any, trials: Mapping[str, Any], shown: Shown) -> dict[str, Protected]:
    """Tables of the delivery stage as shown; what each school received never leaves.

    A number that is hidden is missing, one of them at a time: `symbol` is '[c]' where any number of the row is.
    """
    policy = shown.policy
    staff = protected_frame(held.staff, _columns(held.staff, STAFF, STAFF_KEYS), shown)
    few = (staff["schools"] > 0) & (staff["schools"] < policy.minimum_schools)
    staff = _shares(staff.assign(schools=staff["schools"].mask(few)), "months_vacant", "months_open", "vacant")
    staff = _with_interval(_shares(staff, "leavers", "workers", "left"), "leavers", "workers", "left")
    staff = staff.drop(columns="interval_level")
    sessions = _whole_percent(
        protected_frame(held.sessions, _columns(held.sessions, SESSIONS, SESSION_KEYS), shown), "held"
    )
    community = _whole_percent(
        protected_frame(held.community, _columns(held.community, COMMUNITY, COMMUNITY_KEYS), shown), "attended"
    ).drop(columns="workers")
    bands = protected_frame(held.bands, {"schools": (cell_names(held.bands, BANDS, BAND_KEYS), "schools")}, shown)
    return {
        "staff": _protected(staff, ["schools", *STAFF], policy.title),
        "sessions": _protected(sessions, list(SESSIONS), policy.title),
        "community": _protected(community, list(COMMUNITY), policy.title),
        "stayed_on": _protected(_stayed(held, shown), ["number", "of"], policy.title),
        "bands": _protected(bands, ["schools"], policy.title),
        "views": _protected(protected_views(held.views, shown), list(SHOWN_OF_VIEWS), policy.title),
        "gathered": Protected(held.gathered.reset_index(drop=True), (), policy.title),
    }


def _columns(frame: pd.DataFrame, statistics: Mapping[str, tuple[str, Any]], keys: Any) -> Columns:
    return {column: (cell_names(frame, name, list(keys)), kind) for column, (name, kind) in statistics.items()}


def _stayed(held: Any, shown: Shown) -> pd.DataFrame:
    """What of the year before was still there [trial, what, academic_year, number, of, share, lower, upper]."""
    parts = []
    for what, statistic in STAYED.items():
        rows = stayed_rows(held.stayed_on, what)
        column = "workers" if what == "workers" else "schools_with_worker"
        earlier = held.staff[STAFF_KEYS].assign(of=held.staff[column])
        before = rows.assign(later=rows["academic_year"], academic_year=rows["academic_year"].map(year_before))
        matched = before.merge(earlier, on=STAFF_KEYS, how="inner").reset_index(drop=True)
        names_of = cell_names(matched, STAYED_OF[what], STAFF_KEYS)
        matched = matched.assign(academic_year=matched["later"])
        names = cell_names(matched, statistic, STAFF_KEYS)
        parts.append(protected_frame(matched, {"number": (names, "schools"), "of": (names_of, "schools")}, shown))
    joined = pd.concat(parts, ignore_index=True)
    made = _with_interval(_shares(joined, "number", "of", "share"), "number", "of", "share")
    return made[["trial", "what", "academic_year", "number", "of", "share", "share_lower", "share_upper", "symbol"]]


def _shares(frame: pd.DataFrame, part: str, whole: str, name: str) -> pd.DataFrame:
    """With the whole percentage that one shown number is of another; missing where either is hidden."""
    top, base = frame[part].astype("Float64"), frame[whole].astype("Float64")
    return frame.assign(**{name: (100 * top / base.mask(base == 0)).round()})


def _with_interval(frame: pd.DataFrame, part: str, whole: str, name: str) -> pd.DataFrame:
    """With Wilson's limits of that percentage, made from the shown numbers."""
    top, base = (frame[column].astype("Float64").to_numpy(float, na_value=np.nan) for column in (part, whole))
    level = frame["interval_level"].iloc[0] if len(frame) else np.nan
    limits = np.round(100 * np.stack(wilson(top, np.where(base > 0, base, np.nan), level)))
    lower, upper = (pd.Series(one, index=frame.index).astype("Float64") for one in limits)
    return frame.assign(**{f"{name}_lower": lower, f"{name}_upper": upper})


def _whole_percent(frame: pd.DataFrame, behind: str) -> pd.DataFrame:
    """Shares and their limits as whole percentages, missing where the number behind them is hidden."""
    hidden = frame[behind].isna()
    return frame.assign(**{name: frame[name].round().mask(hidden) for name in ("share", "lower", "upper")})


def _protected(frame: pd.DataFrame, counts: list[str], title: str) -> Protected:
    whole = {name: frame[name].astype("Float64").round(6).astype("Int64") for name in counts}
    return Protected(frame.assign(**whole).reset_index(drop=True), tuple(counts), title)
