"""Who worked where in the first trial: a social worker a school, some who leave and are replaced, a manager a team."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from swis.params import Params
from swis.simulate.calibration import numbers, shares
from swis.simulate.days import date_of, day_of
from swis.simulate.randomness import choose
from swis.simulate.schools import Schools

COLUMNS = [
    "worker", "role", "urn", "from", "to", "fte", "month", "sessions_planned", "sessions_held", "community_of_practice",
]  # fmt: skip
WORKER, MANAGER = "social worker", "team manager"
TRIAL = "swis"
MONDAY = 4
"""Day 4 of the count of days (5 January 1970) was a Monday."""


def simulate_delivery(schools: Schools, authority_number: int, rng: np.random.Generator) -> pd.DataFrame:
    """Spells of work as text (COLUMNS, the session columns blank), a manager first; empty without schools of the trial.

    A school that withdrew or merged has its worker until then, the one with a vacant post has none, and a control
    school that was later given a worker has one from that day on.
    """
    members = np.flatnonzero(schools.trial == TRIAL)
    if not len(members):
        return pd.DataFrame(columns=COLUMNS, dtype=object)
    spells = [(MANAGER, "", *post) for post in _post(*_term(rng), rng)]
    for place in members.tolist():
        first, last = _term(rng)
        posts = _post(_first_day(schools, place, first), _last_day(schools, place, last), rng)
        spells += [(WORKER, str(schools.urn[place]), *post) for post in posts if _has_worker(schools, place)]
    named = [(f"W{authority_number:02d}{serial:02d}", *spell) for serial, spell in enumerate(spells, start=1)]
    return _as_text(named)


def _has_worker(schools: Schools, place: int) -> bool:
    reason = schools.reason[place]
    return bool((schools.is_treated[place] and reason != "post vacant") or reason == "later given a worker")


def _first_day(schools: Schools, place: int, first: int) -> int:
    later = _number(said()["later_given_from"])
    return later if schools.reason[place] == "later given a worker" else first


def _last_day(schools: Schools, place: int, last: int) -> int:
    """The end of the post; a school that sent no returns kept its worker."""
    return last if schools.reason[place] == "no return" else min(last, int(schools.withdrawn_on[place]))


def _term(rng: np.random.Generator) -> tuple[int, int]:
    """The first Monday and the last day of a school's post."""
    first = rng.integers(_number(said()["first_start"]), _number(said()["last_start"]) + 1)
    extended = rng.random() < said()["share_extended"]
    return _monday(int(first)), _number(said()["ends_extended" if extended else "ends"])


def _post(first: int, last: int, rng: np.random.Generator) -> list[tuple[int, int, float]]:
    """The spells of those who held a post one after the other: first day, last day, share of full time."""
    spells = []
    while first < last:
        stays = int(rng.exponential(365.25 / said()["leaving_per_year"]))
        ends = min(_friday(first + max(stays, said()["shortest_stay_days"])), last)
        share = float(choose(*shares(said()["fte"]), 1, rng)[0])
        spells.append((first, ends, share))
        first = _monday(ends + int(rng.integers(*said()["gap_days"])))
    return spells


def _monday(number: int) -> int:
    """The day itself or the Monday after it."""
    return number + (MONDAY - number) % 7


def _friday(number: int) -> int:
    """The day itself or the Friday after it."""
    return number + (MONDAY + 4 - number) % 7


def _number(when: date) -> int:
    return day_of(when)


def said() -> dict[str, Any]:
    """What the calibration says of delivery."""
    return dict(numbers()["delivery"])


def _as_text(spells: list[tuple[str, str, str, int, int, float]]) -> pd.DataFrame:
    frame = pd.DataFrame(spells, columns=COLUMNS[:6], dtype=object)
    for name in ("from", "to"):
        frame[name] = [date_of(number).isoformat() for number in frame[name]]
    frame["fte"] = [f"{share:g}" for share in frame["fte"]]
    return frame.reindex(columns=COLUMNS, fill_value="")


def true_delivery(delivery: pd.DataFrame, slug: str) -> pd.DataFrame:
    """The spells of work as they were, for the truth: authority, worker, role, urn, from, to, fte."""
    spells = delivery[delivery["month"] == ""]
    held = spells[COLUMNS[:6]].assign(fte=spells["fte"].astype(float))
    held.insert(0, "authority", slug)
    return held


def delivery_summary(delivery: pd.DataFrame, params: Params, not_sent: list[str]) -> dict[str, Any]:
    """Schools with a worker, spells of work, full-time months by window, and who sent no record, for the truth."""
    workers = delivery[delivery["role"] == WORKER]
    first, last = (pd.to_datetime(workers[name]) for name in ("from", "to"))
    months = {}
    for name, window in params.trials[TRIAL].windows.items():
        begins, ends = pd.Timestamp(window.first_day), pd.Timestamp(window.last_day)
        days = (last.clip(upper=ends) - first.clip(lower=begins)).dt.days + 1
        months[name] = round(float((days.clip(lower=0) * workers["fte"]).sum() * 12 / 365.25), 2)
    return {
        "schools_with_a_worker": int(workers["urn"].nunique()),
        "spells": len(workers),
        "full_time_months": months,
        "not_sent": not_sent,
    }
