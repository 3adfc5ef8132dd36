"""What was delivered at each school by year of the trial, in the quantities that a cost is counted on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import pandas as pd

from swis.derive.calendar import day_numbers
from swis.derive.observed import ROLL
from swis.derive.periods import Period
from swis.derive.person_time import SCHOOL
from swis.economics.bases import Basis
from swis.outcomes.analysis.covariates import DAYS_A_MONTH, days_worked, months_at_schools, workers_at_schools
from swis.outcomes.analysis.roster import Roster
from swis.outcomes.analysis.sessions import schools_first_supervised, sessions_at_schools
from swis.params import Trial

DELIVERED_COLUMNS = [*SCHOOL, "window", "trial_year", "basis", "quantity"]
MANAGER = "team manager"
INTERVENTION = "intervention"
Count = Callable[[Roster, pd.Timestamp, pd.Timestamp], np.ndarray]


def delivered(roster: Roster, window: Period, counts: Mapping[Basis, Count]) -> pd.DataFrame:
    """One row a school, year of the trial and basis (DELIVERED_COLUMNS) in one window, zeros included.

    Years of the trial are counted from the first day of the window, the last one to its end. Where the authority sent
    no record of delivery, every quantity is missing.
    """
    parts = [
        roster.schools[SCHOOL].assign(
            window=window.name, trial_year=year, basis=basis, quantity=count(roster, start, end)
        )
        for year, (start, end) in enumerate(trial_years(window), start=1)
        for basis, count in counts.items()
    ]
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=DELIVERED_COLUMNS)
    types = {"window": "string", "basis": "string", "trial_year": "int64", "quantity": "float64"}
    return frame.astype(types)[DELIVERED_COLUMNS]


def trial_years(window: Period) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """The years of a window as half-open spans, the first from its first day on, the last cut off at its end."""
    starts, year = [], window.start
    while year < window.end:
        starts.append(year)
        year = window.start + pd.DateOffset(years=len(starts))
    return [(start, min(end, window.end)) for start, end in zip(starts, [*starts[1:], window.end], strict=True)]


def manager_months(roster: Roster, start: pd.Timestamp, end: pd.Timestamp) -> np.ndarray:
    """Full-time months of the authority's team managers, shared over the schools as its social workers' months are.

    In a span without any month of a social worker they are shared equally over the schools of the intervention arm.
    """
    spells = roster.derived.deliveries
    own = spells[(spells["role"] == MANAGER).fillna(False)]
    months = float((own["fte"].to_numpy(float) * days_worked(roster, own, start, end)).sum()) / DAYS_A_MONTH
    of_workers = months_at_schools(roster, start, end)
    if np.isnan(of_workers).all():
        return of_workers
    is_treated = (roster.schools["arm"] == INTERVENTION).to_numpy(float)
    shares = of_workers if of_workers.sum() > 0 else is_treated
    # A trial in which the authority has no intervention school left has nobody whose cost it could be.
    return months * shares / shares.sum() if shares.any() else shares


def workers_started(roster: Roster, start: pd.Timestamp, end: pd.Timestamp) -> np.ndarray:
    """Social workers whose first day at the school falls in a half-open span, each once a school."""
    own = workers_at_schools(roster)
    first = own.groupby(["urn", "worker"], as_index=False)["from_date"].min()
    day = day_numbers(first["from_date"])
    observed = np.append(roster.derived.calendar(ROLL).within(start, end).observed, False)
    inside = first[observed[day]]
    school = pd.Index(roster.schools["urn"]).get_indexer(pd.Index(inside["urn"]))
    counts = np.bincount(school, minlength=roster.size).astype(float)
    return counts if len(roster.derived.deliveries) else np.full(roster.size, np.nan)


OF_SOCIAL_WORKERS: dict[Basis, Count] = {
    "social workers in post": months_at_schools,
    "team managers in post": manager_months,
    "social workers who started": workers_started,
}
OF_SUPERVISION: dict[Basis, Count] = {
    "supervision sessions planned": partial(sessions_at_schools, "sessions_planned"),
    "supervision sessions held": partial(sessions_at_schools, "sessions_held"),
    "supervised schools": schools_first_supervised,
}


def counts_of(trial: Trial) -> Mapping[Basis, Count]:
    """What is counted of a trial's programme: posts of social workers in schools, or sessions of supervision."""
    return OF_SOCIAL_WORKERS if trial.programme == "SWIS" else OF_SUPERVISION
