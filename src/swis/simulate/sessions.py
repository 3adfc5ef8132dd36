"""Supervision sessions planned and held by school and month, and months in which workers met to share lessons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from swis.params import Trial
from swis.simulate.calibration import numbers
from swis.simulate.days import day_of
from swis.simulate.delivery import COLUMNS
from swis.simulate.schools import Schools

SUPERVISOR = "supervising social worker"
PROGRAMME = "DSLS"


def simulate_sessions(
    schools: Schools, trials: Mapping[str, Trial], authority_number: int, rng: np.random.Generator
) -> pd.DataFrame:
    """One row a supervisor, supervised school and month of its trial's window, as text (COLUMNS; `fte` blank).

    A session is held with a chance that differs between schools and was lower in months of the pandemic. A school that
    withdrew or merged has sessions until then; August has none.
    """
    rows: list[tuple[str, str, str, int, int]] = []
    chance, supervisors = numbers()["supervision"], 0
    for name, trial in trials.items():
        members = np.flatnonzero((schools.trial == name) & schools.is_treated)
        if trial.programme != PROGRAMME or not len(members):
            continue
        log_odds = _log_odds(chance["share_held"]) + chance["between_schools"] * rng.normal(size=len(members))
        for serial, (place, own) in enumerate(zip(members.tolist(), log_odds.tolist(), strict=True)):
            number = supervisors + 1 + serial // chance["schools_per_supervisor"]
            supervisor = f"S{authority_number:02d}{number:02d}"
            for month in _months_of(trial, int(schools.withdrawn_on[place])):
                held = rng.random(chance["planned_a_month"]) < 1 / (1 + np.exp(-own - _pandemic(month)))
                rows.append((supervisor, str(schools.urn[place]), str(month), len(held), int(held.sum())))
        supervisors += 1 + (len(members) - 1) // chance["schools_per_supervisor"]
    return _as_text(rows)


def simulate_community(spells: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """One row a worker of `spells` and month of the community of practice in which they were in post, as text."""
    said = numbers()["community_of_practice"]
    parts = []
    for month in pd.period_range(str(said["first_month"]), str(said["last_month"]), freq="M"):
        first, last = month.start_time.date().isoformat(), month.end_time.date().isoformat()
        there = spells[(spells["from"] <= first) & (spells["to"] >= last)]
        attended = np.where(rng.random(len(there)) < said["share_attended"], "true", "false")
        own = {"from": first, "to": last, "fte": "", "month": str(month), "community_of_practice": attended}
        parts.append(there.assign(**own))
    return pd.concat(parts, ignore_index=True)[COLUMNS].astype(object)


def with_months(spells: pd.DataFrame, *others: pd.DataFrame) -> pd.DataFrame:
    """Spells of work first, then rows of months, as an authority would send them."""
    held = [frame for frame in (spells, *others) if len(frame)]
    return pd.concat(held, ignore_index=True) if held else spells


def sessions_summary(sessions: pd.DataFrame, trials: Mapping[str, str]) -> dict[str, Any]:
    """Sessions planned and held by trial, and shares of months attended, for the truth.

    `sessions` are rows of months as written; `trials`: trial of each school.
    """
    held = sessions[sessions["role"] == SUPERVISOR]
    counted = held[["sessions_planned", "sessions_held"]].astype(int)
    by_trial = counted.groupby(held["urn"].map(trials)).sum()
    attended = sessions.loc[sessions["community_of_practice"] != "", "community_of_practice"] == "true"
    return {
        "sessions": {
            str(name): {str(key): int(value) for key, value in row.items()} for name, row in by_trial.iterrows()
        },
        "community_of_practice": {"worker_months": len(attended), "attended": int(attended.sum())},
    }


def _months_of(trial: Trial, last_day_of_school: int) -> list[pd.Period]:
    """Months with a session in the trial's own window that begin while the school takes part."""
    without = numbers()["supervision"]["months_without"]
    months = pd.period_range(trial.own_window.first_day, trial.own_window.last_day, freq="M")
    return [
        month
        for month in months
        if month.month not in without and day_of(month.start_time.date()) <= last_day_of_school
    ]


def _pandemic(month: pd.Period) -> float:
    """Log of the ratio by which the odds of a session being held were lower in a month of the pandemic."""
    for span in numbers()["supervision"]["pandemic"]:
        if str(span["first"]) <= str(month) <= str(span["last"]):
            return float(np.log(span["odds_ratio"]))
    return 0.0


def _log_odds(share: float) -> float:
    return float(np.log(share / (1 - share)))


def _as_text(rows: list[tuple[str, str, str, int, int]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["worker", "urn", "month", "sessions_planned", "sessions_held"], dtype=object)
    months = pd.PeriodIndex(frame["month"], freq="M")
    dates = {
        "from": months.start_time.strftime("%Y-%m-%d"),
        "to": months.end_time.strftime("%Y-%m-%d"),
    }
    counts = {name: frame[name].astype(str) for name in ("sessions_planned", "sessions_held")}
    return frame.assign(role=SUPERVISOR, **dates, **counts).reindex(columns=COLUMNS, fill_value="").astype(object)
